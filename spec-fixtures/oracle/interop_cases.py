"""The cases of SRIP-05 and of the exchange of SRIP-08."""

import copy
import json
import math

import canonical
import interop
from cases import case

A = "0b8f4c1e-6c1d-4c58-9d0e-7a3b5f2e9a10"
B = "5d2a9f60-1e7b-4a39-8c44-2f0e6b7d1c22"
C = "c0ffee00-0000-4000-8000-00000000000c"
NOW = "2026-11-20T09:30:00.000Z"
SEED = bytes(range(32)).hex()
SECRET = bytes(range(64, 96)).hex()
HASH = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
KEYS = {
    "ed25519": {"algorithm": "ed25519", "key_id": "2026-11", "secret": SEED},
    "blake3-keyed": {"algorithm": "blake3-keyed", "key_id": "pair.1", "secret": SECRET},
    "hmac-sha-256": {"algorithm": "hmac-sha-256", "key_id": "pair_2", "secret": SECRET},
}


def header(**changed):
    return {"protocol_version": "1.0", "source_runtime_id": A, "target_runtime_id": B, "timestamp": NOW, **changed}


def payload():
    return {
        "attractor_state": {"id": "9c5e0f0e-0d3f-8a51-b1f2-6f6f3f0a7c11", "type": "generative", "stability": 0.94, "phase": "stable", "scr": 0.8},
        "drift_metrics": {"sdi": 0.1, "sv": 0.125, "pd": 1e-7, "di": 0.2},
        "memory_snapshot": {"summary_hash": HASH, "retention_index": 1},
        "safety_flags": {"aegida_status": "nominal", "phase_lock": False, "recenter_active": False},
    }


def seal(document, kind="packet", key="ed25519", checksum="blake3"):
    return interop.interop_seal({"kind": kind, "header": document["header"], "payload": document["payload"], "checksum": checksum, "key": KEYS[key]}, None)


def packet(change=None, **sealing):
    """A sealed packet in the order of the schema, changed before it is sealed."""
    document = {"header": header(), "payload": payload()}
    if change:
        change(document)
    out = seal(document, **sealing)
    return dict(document, signature={"checksum": out["checksum"], "integrity_token": out["integrity_token"]})


def dump(document):
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def put(pointer, value=None, remove=False):
    """A whole packet with one thing changed after it was sealed."""
    document = packet()
    *path, last = pointer.strip("/").split("/")
    below = document
    for step in path:
        below = below[step]
    if remove:
        del below[last]
    else:
        below[last] = value
    return document


WHOLE = dump(packet())

# --- packets -----------------------------------------------------------------------------------

R1, R3, R4 = ["SRIP-05-R1"], ["SRIP-05-R3"], ["SRIP-05-R4"]


def valid(name, title, text, requirements=R1, kind="packet", form="json", stated=None):
    then = None if stated is None else {"accepted": True, "canonical": stated}
    case("srip-05/valid", name, requirements, title, "interop.read", {"kind": kind, "format": form, "text": text}, then)


def invalid(name, title, text, error, where, requirements=R1, kind="packet", form="json"):
    then = {"accepted": False, "error": error}
    if where is not None:
        then["at"] = where
    case("srip-05/invalid", name, requirements, title, "interop.read", {"kind": kind, "format": form, "text": text}, then,
         only=["accepted", "error", "at"][: 3 if where is not None else 2])


UNSIGNED = canonical.text({"header": header(), "payload": payload()})
valid("whole", "A packet with all fields of the schema", WHOLE)
valid("any-order", "The order of fields does not matter to a reader", dump(dict(reversed(packet().items()))))
valid("blanks", "Blanks do not matter", json.dumps(packet(), indent=3))
valid("numbers", "Numbers may be written in any way that JSON has", WHOLE.replace("1e-07", "0.00000010e+0").replace('"scr":0.8', '"scr":8E-1'), R3)
valid("whole-numbers", "A whole number is a figure", dump(packet(lambda d: d["payload"]["drift_metrics"].update(sdi=0, sv=1))), R3)
valid("negative-zero", "The negative zero is read as zero", WHOLE.replace('"sdi":0.1,', '"sdi":-0.0,'), R3)
valid("seventeen-digits", "Seventeen digits survive", WHOLE.replace('"sdi":0.1,', '"sdi":0.30000000000000004,'), R3)
valid("smallest", "The smallest number survives", WHOLE.replace('"sdi":0.1,', '"sdi":5e-324,'), R3)
valid("escapes", "Escaped and plain characters are the same text", WHOLE.replace('"9c5e0f0e-0d3f-8a51-b1f2-6f6f3f0a7c11"', '"\\u00e9t\\u00e9 \\ud83d\\ude00"'), R3)
valid("time-with-offset", "A time keeps its words", dump(packet(lambda d: d["header"].update(timestamp="2026-11-20T10:30:00.25+01:00"))), R3)
MINIMAL = packet()
MINIMAL["payload"] = {k: MINIMAL["payload"][k] for k in ("attractor_state", "drift_metrics")}
valid("minimal", "A minimal exchange: state and drift only", dump(MINIMAL), R4, kind="minimal")
valid("context-reference", "JSON-LD may point to the context", dump({"@context": "https://runtime.example/contexts/sigma-packet-v1.jsonld", **packet()}), R3, form="json-ld")
NEWER = packet(lambda d: d["header"].update(protocol_version="1.7"))
NEWER["payload"]["drift_metrics"]["td"] = 0.25
NEWER["payload"]["attractor_state"]["type"] = "liminal"
NEWER["provenance"] = {"hops": [1, {"name": "x"}]}
valid("newer-minor", "What a newer minor version adds is kept", dump(NEWER), R4)
YAML = """header:
  protocol_version: "1.0"
  source_runtime_id: %s
  target_runtime_id: '%s'
  timestamp: 2026-11-20T09:30:00.000Z
payload:
  attractor_state: {id: 9c5e0f0e-0d3f-8a51-b1f2-6f6f3f0a7c11, type: generative, stability: 0.94, phase: stable, scr: 8e-1}
  drift_metrics:
    sdi: .1
    sv: 0.125
    pd: 1.0e-7
    di: +0.2
  memory_snapshot: # its hash needs no quotes
    summary_hash: %s
    retention_index: 1
  safety_flags: {aegida_status: nominal, phase_lock: false, recenter_active: false}
signature:
  checksum: "blake3:00"
  integrity_token: "ed25519:2026-11:00"
""" % (A, B, HASH)
valid("yaml", "The same packet in YAML is the same packet", YAML, R3, form="yaml", stated=UNSIGNED)

for part, fields in [("header", header()), ("payload", payload()), ("signature", {"checksum": 0, "integrity_token": 0})]:
    invalid(f"without-{part}", f"The {part} is missing", dump(put(f"/{part}", remove=True)), "shape", None)
    for field in fields:
        invalid(f"without-{field}", f"{part}/{field} is missing", dump(put(f"/{part}/{field}", remove=True)), "shape", None)
for part, fields in interop.PARTS.items():
    for field in fields:
        invalid(f"without-{part}-{field}", f"payload/{part}/{field} is missing", dump(put(f"/payload/{part}/{field}", remove=True)), "shape", None)
for name, title, pointer, value in [
    ("a-list", "A part is a list", "/payload/drift_metrics", []),
    ("a-list-of-figures", "A part is the list of its figures", "/payload/drift_metrics", [0.1, 0.125, 1e-7, 0.2]),
    ("a-list-of-seals", "The signature is the list of its seals", "/signature", ["blake3:00", "ed25519:2026-11:00"]),
    ("a-word-as-object", "A word is an object", "/payload/attractor_state/type", {"generative": None}),
    ("number-as-text", "A figure is a text", "/payload/drift_metrics/sdi", "0.1"),
    ("figure-null", "A figure is null: what was not measured is not sent", "/payload/drift_metrics/sdi", None),
    ("figure-over-one", "A figure is over one: drift is normalised before it travels", "/payload/drift_metrics/di", 1.25),
    ("figure-negative", "A figure is negative", "/payload/attractor_state/scr", -0.1),
    ("truth-as-number", "A truth value is a number", "/payload/safety_flags/phase_lock", 0),
    ("truth-as-text", "A truth value is a text", "/payload/safety_flags/recenter_active", "false"),
    ("empty-id", "The attractor has no name", "/payload/attractor_state/id", ""),
    ("long-id", "The attractor's name is too long", "/payload/attractor_state/id", "x" * 129),
    ("control-character", "A text holds a line feed", "/payload/memory_snapshot/summary_hash", "a\nb"),
    ("runtime-upper-case", "A runtime is named in upper case", "/header/source_runtime_id", A.upper()),
    ("runtime-without-hyphens", "A runtime is named without hyphens", "/header/target_runtime_id", B.replace("-", "")),
    ("runtime-no-uuid", "A runtime is not named by a UUID", "/header/source_runtime_id", "runtime-a"),
    ("time-as-number", "The time is a number", "/header/timestamp", 1763631000),
    ("time-without-zone", "The time has no zone", "/header/timestamp", "2026-11-20T09:30:00"),
    ("time-with-blank", "Date and time are parted by a blank", "/header/timestamp", "2026-11-20 09:30:00Z"),
    ("time-that-never-was", "There is no such day", "/header/timestamp", "2026-02-30T09:30:00Z"),
    ("version-as-number", "The version is a number", "/header/protocol_version", 1.0),
    ("checksum-as-list", "The checksum is a list", "/signature/checksum", []),
]:
    invalid(name, title, dump(put(pointer, value)), "shape", pointer)
for name, title, pointer, where in [
    ("unknown-top", "A field beside header, payload and signature", "/provenance", None),
    ("unknown-header", "An unknown field in the header", "/header/hops", None),
    ("unknown-payload", "An unknown part", "/payload/identity", None),
    ("unknown-figure", "An unknown figure", "/payload/drift_metrics/td", None),
]:
    invalid(name, title, dump(put(pointer, 1)), "unknown_field", pointer, R1 + R4)
invalid("unknown-signature", "A third seal, which no seal covers", dump(put("/signature/extra", "x")), "shape", None)
for part, field, word in [("attractor_state", "type", "liminal"), ("attractor_state", "phase", "recenter"), ("safety_flags", "aegida_status", "fine")]:
    invalid(f"unknown-{field}", f"Version 1.0 does not know this {field}", dump(put(f"/payload/{part}/{field}", word)), "unknown_word", f"/payload/{part}/{field}", R1 + R4)
for version in ["", "1", "1.", "01.0", "1.00", "1.0.0", "v1.0", "1.65536", " 1.0", "-1.0"]:
    invalid(f"version-{version or 'empty'}".replace(" ", "blank-"), f"{version!r} is no version", dump(put("/header/protocol_version", version)), "version", "/header/protocol_version", R4)
for version in ["0.9", "2.0", "2.7", "10.0"]:
    invalid(f"major-{version}", f"Version {version} is not spoken here", dump(put("/header/protocol_version", version)), "unsupported_major", "/header/protocol_version", R4)
LATER = copy.deepcopy(NEWER)
LATER["payload"]["safety_flags"]["@id"] = "urn:other"
invalid("newer-keyword", "A newer field is named like a keyword of JSON-LD", dump(LATER), "field_name", "/payload/safety_flags/@id", R3 + R4)
LATER = copy.deepcopy(NEWER)
LATER["provenance"]["a b"] = 1
invalid("newer-name", "A newer field's name holds a blank", dump(LATER), "field_name", "/provenance/a b", R4)
for name, title, text, error, where in [
    ("empty", "Nothing", "", "syntax", None),
    ("list", "A list", "[]", "shape", ""),
    ("half", "Half a packet", WHOLE[: len(WHOLE) // 2], "syntax", None),
    ("two", "Two packets", WHOLE + WHOLE, "syntax", None),
    ("trailing", "Something after the end", WHOLE + "x", "syntax", None),
    ("byte-order-mark", "A byte order mark before the beginning", "\ufeff" + WHOLE, "syntax", None),
    ("duplicate", "One name twice", WHOLE.replace('"sdi":0.1', '"sdi":0.1,"sdi":0.1'), "duplicate", "/payload/drift_metrics/sdi"),
    ("duplicate-escaped", "One name twice, once in escapes", WHOLE.replace('"sdi":0.1', '"sdi":0.1,"s\\u0064i":0.2'), "duplicate", "/payload/drift_metrics/sdi"),
    ("duplicate-payload", "Two payloads", WHOLE.replace('"signature"', '"payload":{},"signature"'), "duplicate", "/payload"),
    ("not-a-number", "NaN is not JSON", WHOLE.replace('"sdi":0.1', '"sdi":NaN'), "syntax", None),
    ("beyond-exact", "A whole number that not every reader keeps", WHOLE.replace('"sdi":0.1', '"sdi":9007199254740993'), "number", "/payload/drift_metrics/sdi"),
    ("half-a-character", "Half a surrogate pair", WHOLE.replace('"generative"', '"\\ud800"'), "syntax", None),
    ("comma-at-the-end", "A comma before the bracket", WHOLE[:-1] + ",}", "syntax", None),
    ("single-quotes", "Single quotes", WHOLE.replace('"', "'"), "syntax", None),
    ("deep", "Seventeen levels", WHOLE.replace('"sdi":0.1', '"sdi":' + "[" * 20 + "]" * 20), "too_deep", None),
    ("context-in-json", "A context in plain JSON", dump({"@context": "/contexts/sigma-packet-v1.jsonld", **packet()}), "context", "/@context"),
]:
    invalid(name, title, text, error, where, R3)
invalid("foreign-context", "A context that gives the words another meaning", dump({"@context": "https://schema.org/", **packet()}), "context", "/@context", R3, form="json-ld")
invalid("full-as-minimal", "A whole packet where state and drift are exchanged", WHOLE, "unknown_field", "/payload/memory_snapshot", R4, kind="minimal")
for name, title, text, error in [
    ("yaml-alias", "An anchor and its alias", YAML.replace("drift_metrics:", "drift_metrics: &d"), "syntax"),
    ("yaml-two", "Two documents", YAML + "---\na: 1\n", "syntax"),
    ("yaml-duplicate", "One name twice in YAML", YAML + "header: {}\n", "duplicate"),
    ("yaml-version-unquoted", "A version without quotes is a number", YAML.replace('"1.0"', "1.0"), "shape"),
    ("yaml-merge", "A merge key", YAML.replace("    sdi: .1", "    <<: {sdi: .1}"), "syntax"),
    ("yaml-tag", "A tag of somebody's own", YAML.replace("phase: stable", "phase: !phase stable"), "syntax"),
    ("yaml-old-truth", "The truth values of YAML 1.1", YAML.replace("phase_lock: false", "phase_lock: no"), "shape"),
    ("yaml-infinity", "Infinity", YAML.replace("sdi: .1", "sdi: .inf"), "syntax"),
]:
    invalid(name, title, text, error, None, R3, form="yaml")

# --- seals -------------------------------------------------------------------------------------

R7 = ["SRIP-05-R7"]


def vector(name, title, document, key, checksum, kind="packet"):
    given = {"kind": kind, "header": document["header"], "payload": document["payload"], "checksum": checksum, "key": KEYS[key]}
    case("srip-05/seal", name, R7, title, "interop.seal", given, only=["canonical", "checksum", "integrity_token"] + (["public_key"] if key == "ed25519" else []))


PLAIN = {"header": header(), "payload": payload()}
for key in KEYS:
    for check in ("blake3", "sha-256"):
        vector(f"{key}-{check}", f"{key} over {check}", PLAIN, key, check)
vector("minimal", "A minimal exchange has a purpose of its own", {"header": header(), "payload": MINIMAL["payload"]}, "ed25519", "blake3", "minimal")
vector("numbers", "Hard numbers", {"header": header(), "payload": {**payload(), "drift_metrics": {"sdi": 5e-324, "sv": 0.30000000000000004, "pd": 0.0, "di": 0.1}}}, "ed25519", "blake3")
vector("offset", "The time is sealed as it was written", {"header": header(timestamp="2026-11-20T10:30:00.25+01:00"), "payload": payload()}, "hmac-sha-256", "blake3")

# --- verifying ---------------------------------------------------------------------------------

PUBLIC = seal(PLAIN)["public_key"]
TRUSTED = [
    {"owner": A, "key_id": "2026-11", "algorithm": "ed25519", "public_key": PUBLIC},
    {"owner": A, "key_id": "pair.1", "algorithm": "blake3-keyed", "secret": SECRET},
    {"owner": A, "key_id": "pair_2", "algorithm": "hmac-sha-256", "secret": SECRET},
]


def verifying(name, title, steps, outcomes, keys=TRUSTED, requirements=R7, **more):
    case("srip-05/verify", name, requirements, title, "interop.verify", {"me": B, "keys": keys, "steps": steps, **more}, {"outcomes": outcomes})


def as_if_minimal():
    """The seals of a packet, made for the purpose of a minimal exchange."""
    out = seal(PLAIN, kind="minimal")
    return {"checksum": out["checksum"], "integrity_token": out["integrity_token"]}


def step(text, now=NOW, **more):
    return {"text": text, "now": now, **more}


def swapped(old, new):
    assert old in WHOLE, old
    return WHOLE.replace(old, new, 1)


for key in KEYS:
    verifying(f"{key}-holds", f"A seal of {key} holds", [step(dump(packet(key=key)))], ["verified"])
    verifying(f"{key}-sha-256-holds", f"A seal of {key} over SHA-256 holds", [step(dump(packet(key=key, checksum="sha-256")))], ["verified"])
for name, title, text, outcome in [
    ("wrong-target", "It is for another runtime", dump(packet(lambda d: d["header"].update(target_runtime_id=C))), "wrong_target"),
    ("other-figure", "A figure was changed on the way", swapped('"scr":0.8', '"scr":0.9'), "checksum_mismatch"),
    ("other-time", "The time was changed on the way", swapped("09:30:00.000Z", "09:30:00.001Z"), "checksum_mismatch"),
    ("same-time-other-words", "The same time in other words is another text", swapped("09:30:00.000Z", "09:30:00Z"), "checksum_mismatch"),
    ("unknown-checksum", "A checksum that nobody here knows", swapped('"blake3:', '"md5:'), "unknown_checksum"),
    ("no-checksum", "A checksum without its algorithm", swapped('"blake3:', '"'), "unknown_checksum"),
    ("other-checksum", "The checksum of another algorithm", swapped('"blake3:', '"sha-256:'), "checksum_mismatch"),
    ("upper-case-checksum", "A checksum in upper case", WHOLE.replace(packet()["signature"]["checksum"][7:], packet()["signature"]["checksum"][7:].upper()), "checksum_mismatch"),
    ("unknown-token", "A token that nobody here knows", swapped('"ed25519:', '"none:'), "unknown_token"),
    ("short-token", "A token that is too short", WHOLE[:-4] + WHOLE[-3:], "malformed_token"),
    ("token-of-another-length", "The token of another algorithm by its name alone", swapped('"ed25519:', '"hmac-sha-256:'), "malformed_token"),
    ("unknown-key", "A key that is not trusted here", swapped(":2026-11:", ":2026-12:"), "unknown_key"),
    ("key-of-another", "A trusted key, but not of this source", dump(packet(lambda d: d["header"].update(source_runtime_id=C))), "unknown_key"),
    ("other-token", "A token over something else", dump(dict(packet(), signature={"checksum": packet()["signature"]["checksum"], "integrity_token": packet(lambda d: d["payload"]["drift_metrics"].update(di=0.3))["signature"]["integrity_token"]})), "token_mismatch"),
    ("no-token", "No token at all", dump(dict(packet(), signature={"checksum": packet()["signature"]["checksum"], "integrity_token": ""})), "malformed_token"),
    ("other-purpose", "A token for another purpose", dump(dict(packet(), signature=as_if_minimal())), "token_mismatch"),
]:
    verifying(name, title, [step(text)], [outcome])
WRONG_KEY = [dict(TRUSTED[0], algorithm="hmac-sha-256", secret=SECRET)]
verifying("algorithm-of-another-key", "A key for one algorithm is none for another", [step(WHOLE)], ["wrong_algorithm"], keys=WRONG_KEY)
verifying("revoked", "A revoked key", [step(WHOLE)], ["revoked_key"], keys=[dict(TRUSTED[0], revoked=True)])
verifying("other-secret", "The secret of another pair", [step(dump(packet(key="blake3-keyed")))], ["token_mismatch"], keys=[dict(TRUSTED[1], secret=SEED)])
verifying("newer-minor", "What a newer minor version adds is under the seal",
          [step(dump(NEWER)), step(dump(packet(lambda d: d["header"].update(protocol_version="1.7"))))], ["checksum_mismatch", "verified"], requirements=R7 + R4)
verifying("not-read", "What cannot be read is not verified", [step("{}"), step(WHOLE)], ["shape", "verified"])


def dated(millis):
    seconds, rest = divmod(34_200_000 + millis, 1000)
    return f"2026-11-20T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}Z"


def of(millis):
    return dump(packet(lambda d: d["header"].update(timestamp=dated(millis)), key="hmac-sha-256"))


for name, title, millis, outcome in [
    ("oldest", "Two minutes old", -120_000, "verified"), ("too-old", "A millisecond older", -120_001, "too_old"),
    ("earliest", "Half a minute ahead", 30_000, "verified"), ("too-early", "A millisecond further", 30_001, "too_early"),
]:
    verifying(f"clock-{name}", title, [step(of(millis))], [outcome])
verifying("replay", "The same packet again", [step(WHOLE), step(WHOLE, dated(120_000)), step(WHOLE, dated(120_001))], ["verified", "replayed", "too_old"])
verifying("replay-other-form", "The same packet written otherwise is the same", [step(WHOLE), step(json.dumps(packet(), indent=1))], ["verified", "replayed"])
verifying("replay-other-seal", "The same packet under another seal is the same", [step(WHOLE), step(dump(packet(checksum="sha-256"))), step(dump(packet(key="blake3-keyed")))], ["verified", "replayed", "replayed"])
verifying("replay-clock-back", "A clock that is set back reopens nothing", [step(of(0)), step(of(200_000), dated(200_000)), step(of(0))], ["verified", "verified", "too_old"])
verifying("replay-full", "A full memory refuses and forgets nothing it needs",
          [step(of(0)), step(of(1), dated(1)), step(of(2), dated(2)), step(of(0), dated(3)), step(of(2), dated(120_000)), step(of(2), dated(120_001))],
          ["verified", "verified", "source_full", "replayed", "source_full", "verified"], replay={"total": 3, "per_source": 2})
OTHER = TRUSTED + [{"owner": C, "key_id": "pair_2", "algorithm": "hmac-sha-256", "secret": SECRET}]
FROM_C = [dump(packet(lambda d, n=n: d["header"].update(source_runtime_id=C, timestamp=dated(n)), key="hmac-sha-256")) for n in range(2)]
verifying("replay-full-for-all", "The memory of all sources is full",
          [step(of(0)), step(of(1)), step(FROM_C[0]), step(FROM_C[1])], ["verified", "verified", "verified", "replay_full"], keys=OTHER, replay={"total": 3, "per_source": 2})
verifying("failed-is-not-remembered", "What does not hold is not remembered", [step(swapped('"scr":0.8', '"scr":0.9')), step(WHOLE)], ["checksum_mismatch", "verified"])

# --- gate --------------------------------------------------------------------------------------

R5, R6 = ["SRIP-05-R5"], ["SRIP-05-R6"]


def gated(name, title, cycles, passages, requirements=R5, **more):
    then = {"cycles": [{"passage": p, **{k: v[i] for k, v in more.items()}} for i, p in enumerate(passages)]}
    case("srip-05/gate", name, requirements, title, "interop.gate", {"cycles": cycles}, then)


for di, passage in [(0.0, "full"), (0.4499999, "full"), (0.45, "caution"), (0.4999999, "caution"), (0.5, "blocked"), (0.5999999, "blocked"), (0.6, "isolated"), (0.6000001, "isolated"), (2.2, "isolated")]:
    gated(f"di-at-{di}", f"At DI {di} the gate is {passage}", [{"di_raw": di}], [passage])
gated("unmeasured", "Drift that was not measured is not calm", [{}], ["blocked"], R6)
for posture, passage in [("nominal", "full"), ("caution", "caution"), ("reflective", "blocked"), ("recovery", "isolated"), ("critical", "isolated"), ("collapse", "isolated")]:
    gated(f"posture-{posture}", f"In posture {posture} it is {passage}", [{"di_raw": 0.2, "posture": posture}], [passage], R6)
for state, passage in [("forming", "full"), ("stable", "full"), ("reflective", "blocked"), ("recovery", "blocked"), ("fragmenting", "blocked")]:
    gated(f"lifecycle-{state}", f"While the attractor is {state} it is {passage}", [{"di_raw": 0.2, "lifecycle": state}], [passage], R6)
for status, passage in [("nominal", "full"), ("locked", "blocked"), ("recenter_pending", "blocked")]:
    gated(f"safety-{status}", f"While safety is {status} it is {passage}", [{"di_raw": 0.2, "safety": status}], [passage], R6)
gated("phase-lock", "While the phase is locked it is blocked", [{"di_raw": 0.2, "phase_lock": True}], ["blocked"], R6)


def drift(*values, **more):
    return [{"di_raw": di, **more} for di in values]


gated("opens-under-the-limit", "Once blocked it opens under 0.45 and not at it", drift(0.5, 0.49, 0.45, 0.4499999), ["blocked", "blocked", "blocked", "full"])
gated("isolation-holds", "Isolation holds until stable", drift(0.6, 0.55, 0.46, 0.44, 0.46), ["isolated", "isolated", "isolated", "full", "caution"])
gated("blocked-then-isolated", "It closes further at once", drift(0.52, 0.61, 0.52, 0.3), ["blocked", "isolated", "isolated", "full"])
gated("caution-is-not-held", "Caution alone holds nothing", drift(0.46, 0.44, 0.46), ["caution", "full", "caution"])
gated("lifecycle-holds-too", "What reflection closed opens under 0.45 as well", [{"di_raw": 0.3, "lifecycle": "reflective"}, {"di_raw": 0.46}, {"di_raw": 0.3}], ["blocked", "blocked", "full"], R6)
gated("calm-but-locked", "Calm drift does not open a lock", [{"di_raw": 0.65}, {"di_raw": 0.2, "safety": "locked"}, {"di_raw": 0.2}], ["isolated", "blocked", "full"], R6)
gated("unmeasured-opens-nothing", "What was not measured opens nothing", [{"di_raw": 0.55}, {}, {"di_raw": 0.47}, {"di_raw": 0.2}], ["blocked", "blocked", "blocked", "full"])
gated("half-the-rate", "In caution every second packet to a peer passes", drift(0.46, 0.47, 0.48, send_to=[B, C, B]), ["caution"] * 3,
      sent=[[True, True, False], [True, False, False], [True, True, False]])
gated("rate-begins-anew", "After a calm cycle the rate begins anew", drift(0.46, 0.2, 0.46, send_to=[B]), ["caution", "full", "caution"], sent=[[True], [True], [True]])
gated("closed-sends-nothing", "Closed it sends nothing, isolated it listens to nobody", drift(0.2, 0.55, 0.65, send_to=[B]), ["full", "blocked", "isolated"],
      sent=[[True], [False], [False]], receives=[True, True, False], requirements=R5 + R6)
gated("reasons", "Every reason is told", [{"di_raw": 0.55, "posture": "reflective", "lifecycle": "reflective", "safety": "locked", "phase_lock": True}, {"di_raw": 0.46}], ["blocked", "blocked"],
      reasons=[["drift", "posture", "lifecycle", "safety", "phase_lock"], ["drift", "held_until_below"]], requirements=R6)

# --- versions and negotiation ------------------------------------------------------------------

for got, agreed in [("1.0", "1.0"), ("1.1", "1.0"), ("1.7", "1.0"), ("1.65535", "1.0")]:
    case("srip-05/versions", f"got-{got}", R4, f"With {got} version {agreed} is spoken", "interop.version", {"spoken": "1.0", "got": got}, {"agreed": agreed})
for got, error in [("2.0", "unsupported_major"), ("0.9", "unsupported_major"), ("1", "version"), ("1.0.0", "version"), ("01.0", "version"), ("1.x", "version")]:
    case("srip-05/versions", f"got-{got}", R4, f"With {got} nothing is spoken", "interop.version", {"spoken": "1.0", "got": got}, {"agreed": None, "error": error})
case("srip-05/versions", "lower-of-two", R4, "The lower of two minor versions is spoken", "interop.version", {"spoken": "1.5", "got": "1.3"}, {"agreed": "1.3"})


def manifest(runtime):
    return {
        "runtime_id": runtime,
        "protocol_versions": ["1.0"],
        "exchange": ["full", "minimal"],
        "endpoints": ["/field/state", "/memory/snapshot", "/phase/telemetry", "/aegida/safety", "/runtime/handshake"],
        "serializations": ["json", "json-ld", "yaml"],
        "compression": ["gzip", "zstd"],
        "checksums": ["blake3", "sha-256"],
        "tokens": ["ed25519", "blake3-keyed", "hmac-sha-256"],
        "keys": [],
        "limits": {"packet_bytes": 65536, "snapshot_bytes": 8388608},
        "emit_every": 3,
    }


for name, title, theirs, then in [
    ("same", "Two of a kind exchange all", {}, {"outcome": "full", "reasons": [], "protocol_version": "1.0", "checksum": "blake3", "token": "ed25519", "serialization": "json"}),
    ("newer-minor", "A newer minor version is no obstacle", {"protocol_versions": ["1.7"]}, {"outcome": "full", "protocol_version": "1.0"}),
    ("other-major", "Another major version is rejected", {"protocol_versions": ["2.0"]}, {"outcome": "rejected", "reasons": ["major_version"], "protocol_version": None, "checksum": None}),
    ("both-majors", "Whoever speaks both is spoken to in ours", {"protocol_versions": ["2.1", "1.4"]}, {"outcome": "full", "protocol_version": "1.0"}),
    ("minimal-only", "Whoever knows no packets gets state and drift", {"exchange": ["minimal"]}, {"outcome": "minimal", "reasons": ["full_exchange"], "protocol_version": "1.0"}),
    ("no-exchange", "Whoever exchanges neither is rejected", {"exchange": ["bulk"]}, {"outcome": "rejected", "reasons": ["full_exchange", "minimal_exchange"]}),
    ("sha-only", "A peer without BLAKE3 gets SHA-256", {"checksums": ["sha-256"]}, {"outcome": "full", "checksum": "sha-256"}),
    ("our-preference", "What we prefer goes first", {"checksums": ["sha-256", "blake3"], "serializations": ["yaml", "json"]}, {"checksum": "blake3", "serialization": "json"}),
    ("no-checksum", "Without a common checksum nothing can be verified", {"checksums": ["sha3"]}, {"outcome": "rejected", "reasons": ["checksum"]}),
    ("no-token", "Nor without a common token", {"tokens": ["rsa"]}, {"outcome": "rejected", "reasons": ["token"]}),
    ("no-format", "Nor read without a common format", {"serializations": ["cbor"]}, {"outcome": "rejected", "reasons": ["serialization"]}),
    ("unknown-words", "Words that we do not know do no harm", {"checksums": ["k12", "blake3"], "exchange": ["bulk", "full"], "tokens": ["falcon", "ed25519"]}, {"outcome": "full", "token": "ed25519"}),
    ("yaml-only", "A peer that reads YAML only gets YAML", {"serializations": ["yaml"]}, {"outcome": "full", "serialization": "yaml"}),
    ("everything-wrong", "All reasons are told", {"protocol_versions": ["3.0"], "checksums": ["x"], "tokens": ["x"], "serializations": ["x"], "exchange": ["x"]},
     {"outcome": "rejected", "reasons": ["major_version", "checksum", "token", "serialization", "full_exchange", "minimal_exchange"]}),
    ("another-runtime", "The manifest of another runtime", {"runtime_id": C}, {"outcome": "rejected", "reasons": ["runtime_id"]}),
]:
    case("srip-05/negotiation", name, R4, title, "interop.negotiate", {"ours": manifest(A), "peer": B, "theirs": {**manifest(B), **theirs}}, then)

# --- manifests, handshakes and memories --------------------------------------------------------


def changed(document, pointer, value=None, remove=False):
    """A copy with one thing changed."""
    document = copy.deepcopy(document)
    *path, last = pointer.strip("/").split("/")
    below = document
    for step in path:
        below = below[int(step) if isinstance(below, list) else step]
    if remove:
        del below[last]
    else:
        below[last] = value
    return document


def reading(file, kind, name, title, text, error=None, where=None, requirements=R4, form="json"):
    then = {"accepted": error is None}
    if error is not None:
        then["error"] = error
        if where is not None:
            then["at"] = where
    case(file, name, requirements, title, "interop.read", {"kind": kind, "format": form, "text": text}, then if error else None,
         only=["accepted", "error", "at"][: 3 if where is not None else 2] if error else None)


KEYED = {**manifest(A), "keys": [{"key_id": "2026-11", "public_key": PUBLIC}]}
FILE = "srip-05/manifests"
reading(FILE, "manifest", "whole", "A manifest with all fields", dump(KEYED))
reading(FILE, "manifest", "no-keys", "A manifest may publish no key", dump(manifest(A)))
reading(FILE, "manifest", "three-endpoints", "Three of the five endpoints are enough", dump(changed(KEYED, "/endpoints", ["/field/state", "/aegida/safety", "/runtime/handshake", "/more"])))
reading(FILE, "manifest", "two-majors", "A runtime may speak several major versions", dump(changed(KEYED, "/protocol_versions", ["1.0", "2.3"])))
reading(FILE, "manifest", "unknown-words", "Words that a version does not know are kept", dump(changed(KEYED, "/checksums", ["blake3", "k12"])))
case(FILE, "newer-field", R4, "What a newer version adds does no harm", "interop.read",
     {"kind": "manifest", "format": "json", "text": dump({**changed(KEYED, "/protocol_versions", ["1.7"]), "region": "north"})}, {"accepted": True}, only=["accepted"])
for field in KEYED:
    reading(FILE, "manifest", f"without-{field}", f"{field} is missing", dump(changed(KEYED, f"/{field}", remove=True)), "shape")
for name, title, pointer, value, where in [
    ("no-version", "No version is named", "/protocol_versions", [], "/protocol_versions"),
    ("version-as-number", "A version is a number", "/protocol_versions", [1.0], "/protocol_versions/0"),
    ("one-major-twice", "Two minor versions of one major one", "/protocol_versions", ["1.0", "1.2"], "/protocol_versions"),
    ("two-endpoints", "Two endpoints are too few", "/endpoints", ["/field/state", "/runtime/handshake", "/more"], "/endpoints"),
    ("one-endpoint-thrice", "One endpoint three times is one", "/endpoints", ["/field/state"] * 3, "/endpoints"),
    ("many-entries", "A list with 65 entries", "/compression", [f"c{n}" for n in range(65)], "/compression"),
    ("one-key-name-twice", "Two keys of one name", "/keys", KEYED["keys"] * 2, "/keys"),
    ("weak-key", "A key with which anybody can sign", "/keys/0/public_key", "ed25519:" + "01" + "00" * 31, "/keys/0/public_key"),
    ("key-in-upper-case", "A key in upper case", "/keys/0/public_key", PUBLIC.upper().replace("ED25519", "ed25519"), "/keys/0/public_key"),
    ("key-name-with-colon", "The name of a key holds a colon", "/keys/0/key_id", "a:b", "/keys/0/key_id"),
    ("negative-limit", "A limit under zero", "/limits/packet_bytes", -1, "/limits/packet_bytes"),
    ("runtime-no-uuid", "The runtime is not named by a UUID", "/runtime_id", "runtime-a", "/runtime_id"),
]:
    reading(FILE, "manifest", name, title, dump(changed(KEYED, pointer, value)), "shape", where)
reading(FILE, "manifest", "unknown-field", "Version 1.0 has no such field", dump({**KEYED, "region": "north"}), "unknown_field", "/region")
reading(FILE, "manifest", "unknown-limit", "Nor such a limit", dump(changed(KEYED, "/limits/streams", 4)), "unknown_field", "/limits/streams")
reading(FILE, "manifest", "newer-keyword", "A newer field is named like a keyword of JSON-LD", dump({**changed(KEYED, "/protocol_versions", ["1.7"]), "@id": "x"}), "field_name", "/@id")
reading(FILE, "manifest", "duplicate", "One name twice", dump(KEYED)[:-1] + ',"emit_every":3}', "duplicate", "/emit_every")
reading(FILE, "manifest", "deep", "Nine levels", dump({**KEYED, "more": [[[[[[[[0]]]]]]]]}), "too_deep")


def sealed(kind, payload, key="ed25519", checksum="blake3", **head):
    document = {"header": header(**head), "payload": payload}
    out = seal(document, kind=kind, key=key, checksum=checksum)
    return dict(document, signature={"checksum": out["checksum"], "integrity_token": out["integrity_token"]})


ASKED = {"capabilities": KEYED, "nonce": "00112233445566778899aabbccddeeff"}
AGREED = interop.interop_negotiate({"ours": manifest(A), "peer": B, "theirs": manifest(B)}, None)
ANSWERED = {"negotiation": AGREED, **ASKED}
FILE = "srip-05/handshakes"
SHAKE = sealed("handshake", ASKED)
REPLY = sealed("handshake_answer", ANSWERED)
reading(FILE, "handshake", "asked", "A handshake", dump(SHAKE))
reading(FILE, "handshake_answer", "answered", "Its answer", dump(REPLY))
reading(FILE, "handshake", "to-anybody", "Whoever asks first may not know yet who answers", dump(sealed("handshake", ASKED, target_runtime_id=interop.ANY)))
reading(FILE, "handshake", "major-2", "A handshake of another major version is read, so that it can be rejected", dump(sealed("handshake", ASKED, protocol_version="2.0")))
reading(FILE, "handshake", "major-2-more", "And may have fields of its own", dump(sealed("handshake", {**ASKED, "mood": "calm"}, protocol_version="2.0")))
reading(FILE, "handshake", "minor-7-more", "So may one of a newer minor version", dump(sealed("handshake", {**ASKED, "mood": "calm"}, protocol_version="1.7")))
reading(FILE, "handshake", "major-2-other-shape", "What another major version says in a shape of its own is not read", dump(sealed("handshake", {"hello": 1}, protocol_version="2.0")), "unsupported_major", "/header/protocol_version")
reading(FILE, "handshake", "unknown-field", "Version 1.0 has no such field", dump(sealed("handshake", {**ASKED, "mood": "calm"})), "unknown_field", "/payload/mood")
reading(FILE, "handshake", "short-nonce", "The nonce has 16 bytes", dump(changed(SHAKE, "/payload/nonce", "00")), "shape", "/payload/nonce")
reading(FILE, "handshake", "two-endpoints", "The manifest in it is held to its own rules", dump(changed(SHAKE, "/payload/capabilities/endpoints", ["/field/state"])), "shape", "/payload/capabilities/endpoints")
reading(FILE, "handshake", "context", "A handshake has no context", dump({"@context": "/contexts/sigma-packet-v1.jsonld", **SHAKE}), "context", "/@context", form="json-ld")
reading(FILE, "handshake_answer", "other-outcome", "There are three outcomes", dump(changed(REPLY, "/payload/negotiation/outcome", "perhaps")), "shape", "/payload/negotiation/outcome")
reading(FILE, "handshake_answer", "question-as-answer", "A question is no answer", dump(SHAKE), "shape")
for kind, body in [("handshake", ASKED), ("handshake_answer", ANSWERED)]:
    given = {"kind": kind, "header": header(), "payload": body, "checksum": "blake3", "key": KEYS["ed25519"]}
    case(FILE, f"seal-{kind}", R4 + R7, "The seal has a purpose of its own", "interop.seal", given, only=["canonical", "checksum", "integrity_token", "public_key"])
TOLD = {"me": B, "keys": TRUSTED}
case(FILE, "verified", R4 + R7, "Both verify, each for its purpose, and once", "interop.verify",
     {**TOLD, "steps": [step(dump(SHAKE), kind="handshake"), step(dump(SHAKE), kind="handshake"), step(dump(REPLY), kind="handshake_answer")]},
     {"outcomes": ["verified", "replayed", "verified"]})
case(FILE, "as-another", R4 + R7, "A handshake for anybody verifies; a seal for another purpose does not", "interop.verify",
     {**TOLD, "steps": [step(dump(sealed("handshake", ASKED, target_runtime_id=interop.ANY)), kind="handshake"),
                        step(dump(dict(SHAKE, signature=sealed("handshake_answer", ASKED)["signature"])), kind="handshake")]},
     {"outcomes": ["verified", "token_mismatch"]})

LAYER = {
    "episodic_store": [
        {"cycle_id": 1, "state_vector": [0.5, -0.25], "drift_index": 0.125, "summary": "The lamp was lit."},
        {"cycle_id": 2, "state_vector": [], "drift_index": None, "summary": "Oil: \u00e9t\u00e9."},
    ],
    "semantic_map": {"concepts": {"lamp oil": ["lamp", "oil"]}, "embeddings": {"lamp oil": [0.1, 1e-7]}},
    "symbolic_motifs": {"clusters": ["lamp"], "density_scores": [0.5]},
    "pil_invariants": {"identity_vector": [1], "core_motifs": ["keeper"]},
}
SHARED = {"cycle": 2, "memory_layer": LAYER}
FILE, R4M = "srip-05/snapshots", ["SRIP-05-R2", "SRIP-04-R7"]
SNAP = sealed("snapshot", SHARED)
LAY = "/payload/memory_layer"


def remembered(name, title, document, error=None, where=None):
    reading(FILE, "snapshot", name, title, document if isinstance(document, str) else dump(document), error, where, R4M)


remembered("whole", "A memory in its envelope", SNAP)
remembered("embedder", "With the embedder whose vectors they are", sealed("snapshot", {**SHARED, "embedder": {"id": "all-minilm", "weights": HASH}}))
EMPTY = {"episodic_store": [], "semantic_map": {"concepts": {}, "embeddings": {}}, "symbolic_motifs": {"clusters": [], "density_scores": []}, "pil_invariants": {"identity_vector": [], "core_motifs": []}}
remembered("empty", "An empty memory", sealed("snapshot", {"cycle": 0, "memory_layer": EMPTY}))
remembered("names-of-any-kind", "Concepts have names of any kind", sealed("snapshot", changed(SHARED, "/memory_layer/semantic_map/concepts", {"@id": ["a b"], "": []})))
for part, fields in [("", LAYER), ("/semantic_map", LAYER["semantic_map"]), ("/symbolic_motifs", LAYER["symbolic_motifs"]), ("/pil_invariants", LAYER["pil_invariants"])]:
    for field in fields:
        remembered(f"without-{field}", f"{field} is missing", changed(SNAP, f"{LAY}{part}/{field}", remove=True), "shape")
for name, title, pointer, value, where in [
    ("scores-missing", "One density for each cluster", "/symbolic_motifs/density_scores", [], "/symbolic_motifs/density_scores"),
    ("vector-of-texts", "A vector is made of numbers", "/episodic_store/0/state_vector", ["0.5"], "/episodic_store/0/state_vector/0"),
    ("cycle-negative", "Cycles are counted from zero", "/episodic_store/0/cycle_id", -1, "/episodic_store/0/cycle_id"),
    ("long-vector", "A vector of 4,097 numbers", "/pil_invariants/identity_vector", [0] * 4097, "/pil_invariants/identity_vector"),
    ("many-motifs", "4,097 core motifs", "/pil_invariants/core_motifs", ["m"] * 4097, "/pil_invariants/core_motifs"),
    ("summary-no-text", "A summary is a text", "/episodic_store/1/summary", None, "/episodic_store/1/summary"),
]:
    remembered(name, title, changed(SNAP, LAY + pointer, value), "shape", LAY + where)
remembered("unknown-field", "Version 1.0 has no such field", changed(SNAP, f"{LAY}/mood", "calm"), "unknown_field", f"{LAY}/mood")
remembered("unknown-in-episode", "Nor in an episode", changed(SNAP, f"{LAY}/episodic_store/0/mood", "calm"), "unknown_field", f"{LAY}/episodic_store/0/mood")
remembered("beyond-single", "A vector beyond what every reader keeps", changed(SNAP, f"{LAY}/pil_invariants/identity_vector", [1e39]), "number", f"{LAY}/pil_invariants/identity_vector/0")
remembered("major-2", "Another major version", sealed("snapshot", SHARED, protocol_version="2.0"), "unsupported_major", "/header/protocol_version")
for key, check in [("ed25519", "blake3"), ("hmac-sha-256", "sha-256")]:
    given = {"kind": "snapshot", "header": header(), "payload": SHARED, "checksum": check, "key": KEYS[key]}
    case(FILE, f"seal-{key}", R4M + R7, "The seal has a purpose of its own", "interop.seal", given,
         only=["canonical", "checksum", "integrity_token"] + (["public_key"] if key == "ed25519" else []))
case(FILE, "verified", R4M + R7, "It verifies once, and not with a word changed", "interop.verify",
     {**TOLD, "steps": [step(dump(changed(SNAP, f"{LAY}/episodic_store/0/summary", "The lamp was out.")), kind="snapshot"), step(dump(SNAP), kind="snapshot"), step(dump(SNAP), kind="snapshot")]},
     {"outcomes": ["checksum_mismatch", "verified", "replayed"]})

# --- phase commands ----------------------------------------------------------------------------

X5, X6, X7 = ["SRIP-08-R5"], ["SRIP-08-R6"], ["SRIP-08-R7"]


def cause(n):
    return f"cause:{n:032x}"


def command(cycle, what, n, source=A, sequence=None, **more):
    return {"cycle": cycle, "source": source, "command": what, "cause_id": cause(n), "sequence": n if sequence is None else sequence, **more}


def back(cycle, n, reverts, source=A):
    return command(cycle, "revert", n, source, reverts=cause(reverts))


def commanded(name, title, steps, outcomes, requirements=X7, **more):
    then = {"steps": [{**({"outcome": o} if o else {}), **{k: v[i] for k, v in more.items()}} for i, o in enumerate(outcomes)]}
    case("srip-08/commands", name, requirements, title, "interop.commands", {"steps": steps}, then)


commanded("three", "Sync, lock and recenter are followed", [command(1, "sync", 1), command(1, "lock", 2), command(1, "recenter", 3)], ["synchronise", "lock", "recenter"], X5 + X7, locked=[False, True, True])
commanded("back-at-once", "A command is taken back at once", [command(5, "sync", 1), back(5, 2, 1)], ["synchronise", "undo"])
commanded("back-after-two", "and after two cycles", [command(5, "lock", 1), back(7, 2, 1)], ["lock", "undo"], locked=[True, False])
commanded("back-after-three", "and not after three", [command(5, "recenter", 1), back(8, 2, 1)], ["recenter", "nothing_to_revert"])
commanded("lock-back-after-three", "nor is a lock that still holds", [command(5, "lock", 1), back(8, 2, 1)], ["lock", "too_late"], locked=[True, True])
commanded("back-twice", "Nothing is taken back twice", [command(5, "sync", 1), back(5, 2, 1), back(5, 3, 1)], ["synchronise", "undo", "nothing_to_revert"])
commanded("back-of-another", "Nobody takes back what is another's", [command(5, "lock", 1), back(5, 2, 1, source=C)], ["lock", "not_yours"])
commanded("order", "An earlier command does not come after a later one", [command(1, "sync", 4), command(1, "sync", 3), command(1, "sync", 5)], ["synchronise", "out_of_order", "synchronise"], X5)
commanded("repeated", "A name stands for one command", [command(1, "sync", 1), command(1, "sync", 1, source=C)], ["synchronise", "repeated"])
commanded("parent", "A command follows upon one that is known", [command(1, "sync", 1), command(1, "lock", 2, source=C, parent=cause(1)), command(1, "sync", 3, source=C, parent=cause(9))], ["synchronise", "lock", "unknown_parent"], X5)
commanded("lapse", "Commands settle after two cycles and locks open after eight", [command(10, "lock", 1)] + [{"cycle": n} for n in (12, 13, 17, 18, 19)], ["lock"] + [None] * 5,
          lapsed=[[], [], [[cause(1), "settled"]], [], [[cause(1), "opened"]], []], locked=[True, True, True, True, False, False])

# --- federation --------------------------------------------------------------------------------


def turned(angle):
    return [math.cos(angle * math.pi / 2), 0.0, math.sin(angle * math.pi / 2)]


STABLE, RECENTER = [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]


def frame(source, sequence, vector):
    return {"source": source, "sequence": sequence, "vector": vector}


def federated(name, title, cycles, requirements=X6, then=None):
    case("srip-08/federation", name, requirements, title, "interop.federation", {"me": A, "cycles": cycles}, then)


federated("alone", "Alone there is no mean", [{"cycle": n, "own": RECENTER} for n in range(1, 7)], then={"cycles": [{"emit": n % 3 == 0, "mean": None, "sync_due": False} for n in range(1, 7)]})
federated("together", "Runtimes of one phase do not deviate", [{"cycle": 1, "own": STABLE, "frames": [frame(B, 1, STABLE), frame(C, 1, STABLE)]}], then={"cycles": [{"mean": STABLE, "misalignment": 0.0, "sync_due": False}]})
federated("half-way", "The mean of two lies between them", [{"cycle": 1, "own": STABLE, "frames": [frame(B, 1, RECENTER)]}], then={"cycles": [{"misalignment": 0.5, "sync_due": True, "sync_until": 4}]})
for name, between, due in [("under", 0.2999, False), ("over", 0.3001, True)]:
    federated(f"limit-{name}", f"A little {name} 0.15 of a right angle", [{"cycle": 1, "own": STABLE, "frames": [frame(B, 1, turned(between))]}], then={"cycles": [{"sync_due": due}]})
federated("one-of-three", "Of three the one apart deviates most", [{"cycle": 1, "own": RECENTER, "frames": [frame(B, 1, STABLE), frame(C, 1, STABLE)]}, {"cycle": 2, "own": STABLE}])
federated("window", "The event comes within three cycles or not at all", [{"cycle": n, "own": STABLE, "frames": [frame(B, n, RECENTER)]} for n in range(1, 7)],
          then={"cycles": [{"sync_due": n <= 4, "sync_until": 4 if n <= 4 else None} for n in range(1, 7)]})
federated("stale", "A frame counts for three cycles", [{"cycle": 1, "own": STABLE, "frames": [frame(B, 1, RECENTER)]}] + [{"cycle": n, "own": STABLE} for n in (4, 5)],
          then={"cycles": [{"sync_due": True}, {"sync_due": True}, {"mean": None, "sync_due": False}]})
federated("late", "An earlier frame does not replace a later one", [{"cycle": 1, "own": STABLE, "frames": [frame(B, 2, STABLE), frame(B, 1, RECENTER), frame(B, 2, RECENTER)]}],
          then={"cycles": [{"heard": ["newest", "late", "late"], "sync_due": False}]})

# --- streams -----------------------------------------------------------------------------------

for name, title, pieces, then in [
    ("heartbeat", "A comment is no event", [": heartbeat\n\n"], {"events": [], "last_event_id": ""}),
    ("one", "One event", ["id: 7\nevent: phase\ndata: {}\n\n"], {"events": [{"name": "phase", "id": "7", "data": "{}"}], "last_event_id": "7"}),
    ("pieces", "Pieces end anywhere", ["id: 7\r", "\neve", "nt: phase\r\nda", "ta: {\r\ndata: }\r\n", "\r", "\n"], {"events": [{"name": "phase", "id": "7", "data": "{\n}"}]}),
    ("unfinished", "An unfinished event is none", ["data: 1\n\ndata: 2\n"], {"events": [{"name": "message", "id": "", "data": "1"}]}),
    ("id-stays", "An id holds until the next", ["id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n"], {"events": [{"id": "1"}, {"id": "1"}, {"id": ""}]}),
    ("first-blank", "One blank after the colon belongs to nobody", ["data:  a\ndata:b\n\n"], {"events": [{"data": " a\nb"}]}),
    ("mark", "A byte order mark at the beginning is passed over", ["\ufeffdata: a\n\n"], {"events": [{"data": "a"}]}),
]:
    case("srip-08/stream", name, X5, title, "interop.stream", {"pieces": pieces}, then)
