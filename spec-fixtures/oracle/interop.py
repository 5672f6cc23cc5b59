"""The exchange between runtimes, written from spec-fixtures/README.md."""

import hashlib
import hmac
import json
import math
import re
from datetime import datetime, timedelta, timezone

import blake3
import canonical
import ed25519

MAX_BYTES, MAX_DEPTH, MAX_NODES, EXACT = 65536, 16, 2048, 2**53 - 1
MAX_AGE, MAX_AHEAD = 120_000, 30_000
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
VERSION = re.compile(r"(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\Z")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)\Z", re.ASCII)
KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
FIELD = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
CONTEXT_PATH = "/contexts/sigma-packet-v1.jsonld"
ANY = "00000000-0000-0000-0000-000000000000"
KINDS = ("reflective", "generative", "adversarial", "synthetic", "symbolic")
PHASES = ("forming", "stable", "reflective", "recovery", "fragmenting")
SAFETY = ("nominal", "locked", "recenter_pending")
PURPOSES = {
    "packet": "sigma-interop/packet/v1",
    "minimal": "sigma-interop/minimal/v1",
    "snapshot": "sigma-interop/memory-snapshot/v1",
    "handshake": "sigma-interop/handshake/v1",
    "handshake_answer": "sigma-interop/handshake-answer/v1",
}
# bytes, levels and values of documents that are not as small as a packet
LIMITS = {"snapshot": (8 * 2**20, 16, 1_000_000), "manifest": (65536, 8, 1024)}


class Refused(Exception):
    def __init__(self, error, at=""):
        super().__init__(error)
        self.error, self.at = error, at


# --- reading -----------------------------------------------------------------------------------


class Pairs(list):
    """An object as its pairs, so that a name that stands twice is seen."""


def parse(text, limits=(MAX_BYTES, MAX_DEPTH, MAX_NODES)):
    max_bytes, max_depth, max_nodes = limits
    if len(text.encode("utf-8", "surrogatepass")) > max_bytes:
        raise Refused("too_large")
    if text.lstrip(" \t\r\n").startswith("\ufeff"):
        raise Refused("syntax")

    def constant(_):
        raise Refused("syntax")

    try:
        tree = json.loads(text, object_pairs_hook=Pairs, parse_constant=constant)
    except RecursionError:
        raise Refused("too_deep") from None
    except ValueError:
        raise Refused("syntax") from None
    count = [0]

    def walk(value, at, depth):
        count[0] += 1
        if count[0] > max_nodes:
            raise Refused("too_many")
        if isinstance(value, (list, Pairs)) and depth >= max_depth:
            raise Refused("too_deep", at)
        if isinstance(value, Pairs):
            out = {}
            for name, below in value:
                path = f"{at}/{name.replace('~', '~0').replace('/', '~1')}"
                if name in out:
                    raise Refused("duplicate", path)
                out[name] = walk(below, path, depth + 1)
            return out
        if isinstance(value, list):
            return [walk(below, f"{at}/{i}", depth + 1) for i, below in enumerate(value)]
        if isinstance(value, str) and any(0xD800 <= ord(c) < 0xE000 for c in value):
            raise Refused("syntax")
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return value
        if not math.isfinite(value) or (value == int(value) and abs(value) > EXACT):
            raise Refused("number", at)
        return int(value) if value == int(value) else value

    return walk(tree, "", 0)


def shape(value, at, fields):
    """Each field is there and is what its test says; answers nothing."""
    if not isinstance(value, dict):
        raise Refused("shape", at)
    for name, test in fields.items():
        if name not in value or not test(value[name]):
            raise Refused("shape", f"{at}/{name}")


def text(value):
    return isinstance(value, str)


def label(value):
    return text(value) and 1 <= len(value.encode()) <= 128 and not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in value)


def unit(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


def truth(value):
    return isinstance(value, bool)


def moment(value):
    return text(value) and MOMENT.match(value) is not None and millis(value) is not None


def millis(value):
    """Milliseconds since 1970, to the nearest; None where the calendar has no such time."""
    seconds, fraction, offset = re.match(r"(.{19})(\.\d+)?(.*)", value).groups()
    try:
        at = datetime.strptime(seconds, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    except ValueError:
        return None
    if offset != "Z":
        hours, minutes = int(offset[1:3]), int(offset[4:6])
        if hours > 23 or minutes > 59:
            return None
        shift = timedelta(hours=hours, minutes=minutes)
        at = at - shift if offset[0] == "+" else at + shift
    whole = (at - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)
    nanos = int((fraction or ".0")[1:].ljust(9, "0"))
    return whole + (nanos + 500_000) // 1_000_000


HEADER = {
    "protocol_version": text,
    "source_runtime_id": lambda v: text(v) and UUID.match(v),
    "target_runtime_id": lambda v: text(v) and UUID.match(v),
    "timestamp": moment,
}
PARTS = {
    "attractor_state": {"id": label, "type": label, "stability": unit, "phase": label, "scr": unit},
    "drift_metrics": {"sdi": unit, "sv": unit, "pd": unit, "di": unit},
    "memory_snapshot": {"summary_hash": label, "retention_index": unit},
    "safety_flags": {"aegida_status": label, "phase_lock": truth, "recenter_active": truth},
}
WORDS = [("attractor_state", "type", KINDS), ("attractor_state", "phase", PHASES), ("safety_flags", "aegida_status", SAFETY)]
PAYLOADS = {"packet": list(PARTS), "minimal": ["attractor_state", "drift_metrics"]}


def named(value, at):
    if isinstance(value, dict):
        for name in value:
            if not FIELD.match(name):
                raise Refused("field_name", f"{at}/{name}")
            named(value[name], f"{at}/{name}")
    if isinstance(value, list):
        for i, item in enumerate(value):
            named(item, f"{at}/{i}")


def unknown(value, known, at, newer):
    for name in sorted(value):
        path = f"{at}/{name}"
        if name in known:
            if isinstance(known[name], dict):
                unknown(value[name], known[name], path, newer)
        elif not newer:
            raise Refused("unknown_field", path)
        elif not FIELD.match(name):
            raise Refused("field_name", path)
        else:
            named(value[name], path)


# --- other documents ---------------------------------------------------------------------------


class Many(list):
    """A list of any length of what its one entry says."""


class Names(dict):
    """An object with names of any kind, each with what its one entry says."""


def count(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**64


def figure(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def matches(pattern):
    return lambda value: text(value) and re.match(pattern, value, re.ASCII) is not None


def version(value):
    return text(value) and VERSION.match(value) is not None and all(int(n) <= 65535 for n in value.split("."))


def maybe(test):
    """A field that may be left out."""
    test = (lambda inner: lambda value: value is None or inner(value))(test)
    test.may_be_left_out = True
    return test


def runtime(value):
    return text(value) and UUID.match(value) is not None


def key_name(value):
    return text(value) and KEY_ID.match(value) is not None


def public_key(value):
    return matches(r"ed25519:[0-9a-f]{64}\Z")(value) and ed25519.is_public(bytes.fromhex(value[8:]))


MANIFEST = {
    "runtime_id": runtime,
    "protocol_versions": Many([version]),
    "exchange": Many([label]),
    "endpoints": Many([label]),
    "serializations": Many([label]),
    "compression": Many([label]),
    "checksums": Many([label]),
    "tokens": Many([label]),
    "keys": Many([{"key_id": key_name, "public_key": public_key}]),
    "limits": {"packet_bytes": count, "snapshot_bytes": count},
    "emit_every": count,
}
NONCE = matches(r"[0-9a-f]{32}\Z")
WORD = Many([text])
VECTOR = Many([figure])
OTHERS = {
    "snapshot": {
        "cycle": count,
        "memory_layer": {
            "episodic_store": Many([{"cycle_id": count, "state_vector": VECTOR, "drift_index": maybe(figure), "summary": text}]),
            "semantic_map": {"concepts": Names({"": WORD}), "embeddings": Names({"": VECTOR})},
            "symbolic_motifs": {"clusters": WORD, "density_scores": VECTOR},
            "pil_invariants": {"identity_vector": VECTOR, "core_motifs": WORD},
        },
    },
    "handshake": {"capabilities": MANIFEST, "nonce": NONCE},
    "handshake_answer": {
        "negotiation": {
            "outcome": lambda v: v in ("full", "minimal", "rejected"),
            "reasons": Many([lambda v: v in ("major_version", "checksum", "token", "serialization", "full_exchange", "minimal_exchange", "runtime_id")]),
            "protocol_version": maybe(version),
            "checksum": maybe(lambda v: v in ("blake3", "sha-256")),
            "token": maybe(lambda v: v in LENGTHS),
            "serialization": maybe(lambda v: v in ("json", "json-ld", "yaml")),
        },
        "capabilities": MANIFEST,
        "nonce": NONCE,
    },
}
SERVED = ("/field/state", "/memory/snapshot", "/phase/telemetry", "/aegida/safety", "/runtime/handshake")


def conform(value, wanted, at):
    """The value is of the wanted shape, however many fields it has beside."""
    if isinstance(wanted, Many):
        if not isinstance(value, list):
            raise Refused("shape", at)
        for i, item in enumerate(value):
            conform(item, wanted[0], f"{at}/{i}")
    elif isinstance(wanted, dict):
        if not isinstance(value, dict):
            raise Refused("shape", at)
        for name, test in (((name, wanted[""]) for name in value) if isinstance(wanted, Names) else wanted.items()):
            if name in value:
                conform(value[name], test, f"{at}/{name}")
            elif not getattr(test, "may_be_left_out", False):
                raise Refused("shape", at)
    elif not wanted(value):
        raise Refused("shape", at)


def beside(value, wanted, at, newer):
    """No field beside those that are wanted, unless the version is newer."""
    if isinstance(wanted, Many):
        for i, item in enumerate(value):
            beside(item, wanted[0], f"{at}/{i}", newer)
    elif isinstance(wanted, Names):
        for name, item in value.items():
            beside(item, wanted[""], f"{at}/{name}", newer)
    elif isinstance(wanted, dict):
        for name in sorted(value):
            if name in wanted:
                beside(value[name], wanted[name], f"{at}/{name}", newer)
            elif not newer:
                raise Refused("unknown_field", f"{at}/{name}")
            elif not FIELD.match(name):
                raise Refused("field_name", f"{at}/{name}")
            else:
                named(value[name], f"{at}/{name}")


def check_manifest(manifest, at):
    """What the shape cannot say of a manifest."""
    least = {"compression": 0, "keys": 0}
    for name in ("protocol_versions", "exchange", "endpoints", "serializations", "compression", "checksums", "tokens", "keys"):
        if not least.get(name, 1) <= len(manifest[name]) <= 64:
            raise Refused("shape", f"{at}/{name}")
    majors = [written.split(".")[0] for written in manifest["protocol_versions"]]
    if len(set(majors)) != len(majors):
        raise Refused("shape", f"{at}/protocol_versions")
    names = [key["key_id"] for key in manifest["keys"]]
    if len(set(names)) != len(names):
        raise Refused("shape", f"{at}/keys")
    if len(set(manifest["endpoints"]) & set(SERVED)) < 3:
        raise Refused("shape", f"{at}/endpoints")


def check_layer(layer, at):
    """What the shape cannot say of a memory."""
    store, names, motifs = layer["episodic_store"], layer["semantic_map"], layer["symbolic_motifs"]
    pil = layer["pil_invariants"]

    def few(place, items, most=4096):
        if len(items) > most:
            raise Refused("shape", f"{at}/{place}")

    few("episodic_store", store)
    for episode in store:
        few("episodic_store/state_vector", episode["state_vector"])
        few("episodic_store/summary", episode["summary"].encode(), 65536)
    for part in ("concepts", "embeddings"):
        few(f"semantic_map/{part}", names[part])
        for items in names[part].values():
            few(f"semantic_map/{part}", items)
    few("symbolic_motifs/clusters", motifs["clusters"])
    if len(motifs["clusters"]) != len(motifs["density_scores"]):
        raise Refused("shape", f"{at}/symbolic_motifs/density_scores")
    vectors = [episode["state_vector"] for episode in store] + list(names["embeddings"].values()) + [pil["identity_vector"]]
    # half a step over the greatest number of single precision
    if any(abs(x) >= 2.0**128 - 2.0**103 for vector in vectors for x in vector):
        raise Refused("shape", at)
    few("pil_invariants/identity_vector", pil["identity_vector"])
    few("pil_invariants/core_motifs", pil["core_motifs"])


def read_manifest(words):
    manifest = parse(words, LIMITS["manifest"])
    conform(manifest, MANIFEST, "")
    numbers = [tuple(map(int, written.split("."))) for written in manifest["protocol_versions"]]
    beside(manifest, MANIFEST, "", max(numbers, default=(1, 0)) > (1, 0))
    check_manifest(manifest, "")
    return manifest


def read_other(kind, document, major, minor):
    wanted = {"header": dict(HEADER), "payload": OTHERS[kind]}
    if kind == "snapshot" and "embedder" in document.get("payload", {}):
        tag = {"id": text, "weights": matches(r"[0-9a-f]{64}\Z")}
        wanted["payload"] = dict(OTHERS[kind], embedder=tag)
    try:
        conform(document, wanted, "")
    except Refused:
        # a stranger's form may well not be ours
        if major != 1:
            raise Refused("unsupported_major", "/header/protocol_version") from None
        raise
    beside(document, wanted, "", (major, minor) > (1, 0))
    if kind == "snapshot":
        check_layer(document["payload"]["memory_layer"], "/payload/memory_layer")
    else:
        check_manifest(document["payload"]["capabilities"], "/payload/capabilities")


def read(kind, form, words):
    document = parse(words, LIMITS.get(kind, (MAX_BYTES, MAX_DEPTH, MAX_NODES)))
    if not isinstance(document, dict):
        raise Refused("shape")
    if "@context" in document:
        context = document.pop("@context")
        path = context if text(context) else None
        if path and re.match(r"https?://", path):
            path = "/" + path.split("//", 1)[1].partition("/")[2]
        if form != "json-ld" or path != CONTEXT_PATH or kind in OTHERS:
            raise Refused("context", "/@context")
    if not isinstance(document.get("header"), dict):
        raise Refused("shape", "/header" if "header" not in document else "/header/protocol_version")
    written = document["header"].get("protocol_version")
    if not text(written):
        raise Refused("shape", "/header/protocol_version")
    if not VERSION.match(written) or any(int(n) > 65535 for n in written.split(".")):
        raise Refused("version", "/header/protocol_version")
    if "signature" not in document:
        raise Refused("shape", "/signature")
    signature = document.pop("signature")
    if not isinstance(signature, dict):
        raise Refused("shape", "/signature")
    for name in ("checksum", "integrity_token"):
        if name not in signature:
            raise Refused("shape", "/signature")
        if not text(signature[name]):
            raise Refused("shape", f"/signature/{name}")
    for name in signature:
        if name not in ("checksum", "integrity_token"):
            raise Refused("shape", f"/signature/{name}")
    major, minor = map(int, written.split("."))
    if major != 1 and kind not in ("handshake", "handshake_answer"):
        raise Refused("unsupported_major", "/header/protocol_version")
    if kind in OTHERS:
        read_other(kind, document, major, minor)
        return document, signature
    shape(document["header"], "/header", HEADER)
    if "payload" not in document:
        raise Refused("shape", "")
    parts = {name: PARTS[name] for name in PAYLOADS[kind]}
    shape(document["payload"], "/payload", {name: lambda v: isinstance(v, dict) for name in parts})
    for name, fields in parts.items():
        shape(document["payload"][name], f"/payload/{name}", fields)
    for part, field, known in WORDS:
        if minor == 0 and part in parts and document["payload"][part][field] not in known:
            raise Refused("unknown_word", f"/payload/{part}/{field}")
    unknown(document, {"header": HEADER, "payload": parts}, "", minor > 0)
    return document, signature


def interop_read(given, _):
    if given["format"] == "yaml":
        return None
    try:
        if given["kind"] == "manifest":
            document = read_manifest(given["text"])
        else:
            document, _signature = read(given["kind"], given["format"], given["text"])
    except Refused as refused:
        return {"accepted": False, "error": refused.error, "at": refused.at}
    return {"accepted": True, "canonical": canonical.text(document)}


# --- sealing -----------------------------------------------------------------------------------


def checksum(name, data):
    digest = blake3.hexdigest(data) if name == "blake3" else hashlib.sha256(data).hexdigest()
    return f"{name}:{digest}"


def signed(purpose, algorithm, key_id, header, check):
    lines = [purpose, algorithm, key_id, header["protocol_version"], header["source_runtime_id"],
             header["target_runtime_id"], header["timestamp"], check]
    return "\n".join(lines).encode()


def mac(algorithm, secret, message):
    if algorithm == "blake3-keyed":
        return blake3.keyed(secret, message)
    return hmac.new(secret, message, hashlib.sha256).digest()


def interop_seal(given, _):
    key, secret = given["key"], bytes.fromhex(given["key"]["secret"])
    document = {"header": given["header"], "payload": given["payload"]}
    check = checksum(given["checksum"], canonical.text(document).encode())
    message = signed(PURPOSES[given["kind"]], key["algorithm"], key["key_id"], given["header"], check)
    if key["algorithm"] == "ed25519":
        token, public = ed25519.sign(secret, message), "ed25519:" + ed25519.public(secret).hex()
    else:
        token, public = mac(key["algorithm"], secret, message), None
    out = {
        "canonical": canonical.text(document),
        "signed": message.decode(),
        "checksum": check,
        "integrity_token": f"{key['algorithm']}:{key['key_id']}:{token.hex()}",
    }
    return dict(out, public_key=public) if public else out


LENGTHS = {"ed25519": 128, "blake3-keyed": 64, "hmac-sha-256": 64}


class Replays:
    def __init__(self, total, per_source):
        self.total, self.per_source, self.latest, self.seen = total, per_source, -math.inf, {}

    def advance(self, now):
        self.latest = max(self.latest, now)
        self.seen = {k: until for k, until in self.seen.items() if until >= self.latest}
        return self.latest

    def remember(self, source, identity, until):
        if (source, identity) in self.seen:
            raise Refused("replayed")
        if sum(of == source for of, _ in self.seen) >= self.per_source:
            raise Refused("source_full")
        if len(self.seen) >= self.total:
            raise Refused("replay_full")
        self.seen[source, identity] = until


def verify(me, keys, step, replays):
    kind = step.get("kind", "packet")
    document, signature = read(kind, step.get("format", "json"), step["text"])
    header, now = document["header"], replays.advance(millis(step["now"]))
    # whoever asks first may not know yet who answers
    if header["target_runtime_id"] != me and (kind, header["target_runtime_id"]) != ("handshake", ANY):
        raise Refused("wrong_target")
    at = millis(header["timestamp"])
    if at + MAX_AGE < now:
        raise Refused("too_old")
    if at - MAX_AHEAD > now:
        raise Refused("too_early")
    name = signature["checksum"].partition(":")[0]
    if ":" not in signature["checksum"] or name not in ("blake3", "sha-256"):
        raise Refused("unknown_checksum")
    algorithm, colon, rest = signature["integrity_token"].partition(":")
    if not colon:
        raise Refused("malformed_token")
    if algorithm not in LENGTHS:
        raise Refused("unknown_token")
    key_id, colon, digits = rest.partition(":")
    if not colon or not KEY_ID.match(key_id) or not re.match(r"[0-9a-f]{%d}\Z" % LENGTHS[algorithm], digits):
        raise Refused("malformed_token")
    source = header["source_runtime_id"]
    key = next((k for k in keys if k["owner"] == source and k["key_id"] == key_id), None)
    if key is None:
        raise Refused("unknown_key")
    if key.get("revoked"):
        raise Refused("revoked_key")
    if key["algorithm"] != algorithm:
        raise Refused("wrong_algorithm")
    data = canonical.text(document).encode()
    if checksum(name, data) != signature["checksum"]:
        raise Refused("checksum_mismatch")
    message = signed(PURPOSES[kind], algorithm, key_id, header, signature["checksum"])
    token = bytes.fromhex(digits)
    if algorithm == "ed25519":
        holds = ed25519.verify(bytes.fromhex(key["public_key"].partition(":")[2]), message, token)
    else:
        holds = mac(algorithm, bytes.fromhex(key["secret"]), message) == token
    if not holds:
        raise Refused("token_mismatch")
    replays.remember(source, (PURPOSES[kind], blake3.hexdigest(data)), at + MAX_AGE)


def interop_verify(given, _):
    limits = given.get("replay", {"total": 65536, "per_source": 8192})
    replays, outcomes = Replays(limits["total"], limits["per_source"]), []
    for step in given["steps"]:
        try:
            verify(given["me"], given["keys"], step, replays)
            outcomes.append("verified")
        except Refused as refused:
            outcomes.append(refused.error)
    return {"outcomes": outcomes}


# --- gate --------------------------------------------------------------------------------------

PASSAGES = ["full", "caution", "blocked", "isolated"]
POSTURES = {"nominal": 0, "caution": 1, "reflective": 2, "recovery": 3, "critical": 3, "collapse": 3}


def table(reading):
    found = []
    di = reading.get("di_raw")
    if di is None:
        found.append((2, "drift_unmeasured"))
    else:
        level = 3 if di >= 0.6 else 2 if di >= 0.5 else 1 if di >= 0.45 else 0
        found.append((level, "drift"))
    found.append((POSTURES[reading.get("posture", "nominal")], "posture"))
    found.append((0 if reading.get("lifecycle", "stable") in ("forming", "stable") else 2, "lifecycle"))
    found.append((0 if reading.get("safety", "nominal") == "nominal" else 2, "safety"))
    found.append((2 if reading.get("phase_lock") else 0, "phase_lock"))
    return max(level for level, _ in found), [why for level, why in found if level]


def interop_gate(given, _):
    held, turns, cycles = 0, {}, []
    for reading in given["cycles"]:
        level, reasons = table(reading)
        calm = reading.get("di_raw") is not None and reading["di_raw"] < 0.45
        if level >= 2:
            held = level if calm else max(held, level)
        elif calm:
            held = 0
        if held > level:
            level, reasons = held, reasons + ["held_until_below"]
        if level != 1:
            turns = {}
        sent = []
        for peer in reading.get("send_to", []):
            turn = turns.get(peer, 0)
            if level == 1:
                turns[peer] = (turn + 1) % 2
            sent.append(level == 0 or (level == 1 and turn == 0))
        cycles.append({"passage": PASSAGES[level], "reasons": reasons, "sent": sent, "receives": level < 3})
    return {"cycles": cycles}


# --- versions and manifests --------------------------------------------------------------------


def interop_version(given, _):
    ours, theirs = given["spoken"], given["got"]
    if not VERSION.match(theirs) or any(int(n) > 65535 for n in theirs.split(".")):
        return {"agreed": None, "error": "version"}
    a, b = tuple(map(int, ours.split("."))), tuple(map(int, theirs.split(".")))
    if a[0] != b[0]:
        return {"agreed": None, "error": "unsupported_major"}
    return {"agreed": ".".join(map(str, min(a, b)))}


KNOWN = {
    "checksums": ("blake3", "sha-256"),
    "tokens": ("ed25519", "blake3-keyed", "hmac-sha-256"),
    "serializations": ("json", "json-ld", "yaml"),
}


def interop_negotiate(given, _):
    ours, theirs = given["ours"], given["theirs"]

    def common(name):
        return next((w for w in ours[name] if w in theirs[name] and w in KNOWN[name]), None)

    pairs = [(a, b) for a in ours["protocol_versions"] for b in theirs["protocol_versions"] if a.split(".")[0] == b.split(".")[0]]
    numbers = [min(tuple(map(int, a.split("."))), tuple(map(int, b.split(".")))) for a, b in pairs]
    version = ".".join(map(str, max(numbers))) if numbers else None
    check, token, form = common("checksums"), common("tokens"), common("serializations")
    reasons = []
    if theirs["runtime_id"] != given["peer"]:
        reasons.append("runtime_id")
    for what, why in ((version, "major_version"), (check, "checksum"), (token, "token"), (form, "serialization")):
        if what is None:
            reasons.append(why)
    outcome = "rejected" if reasons else "full"
    both = [w for w in ours["exchange"] if w in theirs["exchange"]]
    if "full" not in both:
        reasons.append("full_exchange")
        outcome = "minimal" if outcome == "full" else outcome
        if "minimal" not in both:
            reasons.append("minimal_exchange")
            outcome = "rejected"
    if outcome == "rejected":
        version = check = token = form = None
    return {"outcome": outcome, "reasons": reasons, "protocol_version": version, "checksum": check, "token": token, "serialization": form}


# --- phase commands and federation -------------------------------------------------------------


def interop_commands(given, _):
    followed, last, causes, told = {}, {}, [], []
    for step in given["steps"]:
        now = step["cycle"]
        lapsed = []
        for cause in sorted(followed):
            source, command, at, settled = followed[cause]
            age = now - at
            if not settled and age > 2:
                lapsed.append([cause, "settled"])
                settled = True
            opens = command == "lock" and age >= 8
            if opens:
                lapsed.append([cause, "opened"])
            followed[cause] = None if opens or (settled and command != "lock") else (source, command, at, settled)
        followed = {k: v for k, v in followed.items() if v}
        out = {"lapsed": lapsed}
        if "command" in step:
            out["outcome"] = command_outcome(step, now, followed, last, causes)
        out["locked"] = any(c == "lock" and now - at < 8 for _, c, at, _ in followed.values())
        told.append(out)
    return {"steps": told}


def command_outcome(step, now, followed, last, causes):
    source, cause = step["source"], step["cause_id"]
    if last.get(source, -1) >= step["sequence"]:
        return "out_of_order"
    if cause in causes:
        return "repeated"
    if step.get("parent") is not None and step["parent"] not in causes:
        return "unknown_parent"
    outcome = {"sync": "synchronise", "lock": "lock", "recenter": "recenter"}.get(step["command"], "undo")
    if step["command"] == "revert":
        found = followed.get(step["reverts"])
        if found is None:
            return "nothing_to_revert"
        if found[0] != source:
            return "not_yours"
        if now - found[2] > 2:
            return "too_late"
        del followed[step["reverts"]]
    else:
        followed[cause] = (source, step["command"], now, False)
    last[source] = step["sequence"]
    causes.append(cause)
    return outcome


def interop_federation(given, _):
    me, peers, since, told = given["me"], {}, None, []
    for step in given["cycles"]:
        now = step["cycle"]
        heard = []
        for frame in step.get("frames", []):
            source = frame["source"]
            if source in peers and peers[source][0] >= frame["sequence"]:
                heard.append("late")
                continue
            peers[source] = (frame["sequence"], frame["vector"], now)
            heard.append("newest")
        vectors = {k: v for k, (_, v, at) in peers.items() if now - at <= 3}
        mean = angle = None
        if vectors:
            vectors[me] = step["own"]
            sums = [math.fsum(v[i] for v in vectors.values()) for i in range(3)]
            length = math.sqrt(sum(x * x for x in sums))
            mean = [x / length for x in sums]
            cosine = sum(a * b for a, b in zip(step["own"], mean))
            angle = math.acos(max(-1.0, min(1.0, cosine))) / (math.pi / 2)
        if angle is None or angle < 0.15:
            since = None
        elif since is None:
            since = now
        due = since is not None and now - since <= 3
        told.append({"heard": heard, "emit": now % 3 == 0, "mean": mean, "misalignment": angle, "sync_due": due, "sync_until": since + 3 if due else None})
    return {"cycles": told}


# --- streams -----------------------------------------------------------------------------------


def interop_stream(given, _):
    body = "".join(given["pieces"])
    body = body[1:] if body.startswith("\ufeff") else body
    lines = re.split(r"\r\n|\r|\n", body)[:-1]
    events, name, last, data = [], "", "", None
    for line in lines:
        if line == "":
            if data is not None:
                events.append({"name": name or "message", "id": last, "data": "\n".join(data)})
            name, data = "", None
            continue
        field, _, rest = line.partition(":")
        rest = rest[1:] if rest.startswith(" ") else rest
        if field == "event":
            name = rest
        elif field == "data":
            data = (data or []) + [rest]
        elif field == "id" and "\0" not in rest:
            last = rest
    return {"events": events, "last_event_id": last}


OPERATIONS = {
    "interop.commands": interop_commands,
    "interop.federation": interop_federation,
    "interop.gate": interop_gate,
    "interop.negotiate": interop_negotiate,
    "interop.read": interop_read,
    "interop.seal": interop_seal,
    "interop.stream": interop_stream,
    "interop.verify": interop_verify,
    "interop.version": interop_version,
}
