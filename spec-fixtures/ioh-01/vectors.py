"""Writes the cases of IOH-01 and NUR-01.

The vectors are computed here with other libraries than the crate's: `cryptography` signs, `rfc8785`
writes canonical JSON, and the Merkle tree of RFC 6962 is written out below. So a case passes only if
two programs agree.

    pip install cryptography rfc8785
    python3 spec-fixtures/ioh-01/vectors.py [--check]
"""

import base64
import hashlib
import json
import pathlib
import sys

import rfc8785
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

FOLDER = pathlib.Path(__file__).parent.parent
RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
ARROW = " \u2192 "
INVARIANTS = ["anti_absorption", "schema_versioned", "namespace_resolvable"]


def b64u(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sha(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def ed(seed):
    return ed25519.Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def ed_jwk(seed, kid):
    public = ed(seed).public_key().public_bytes(*RAW)
    return {"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": b64u(public)}


def k1(seed):
    return ec.derive_private_key(int.from_bytes(bytes([seed]) * 32, "big"), ec.SECP256K1())


def k1_jwk(seed, kid):
    point = k1(seed).public_key().public_numbers()
    x, y = (b64u(n.to_bytes(32, "big")) for n in (point.x, point.y))
    return {"kty": "EC", "crv": "secp256k1", "kid": kid, "x": x, "y": y}


def k1_sign(seed, digest):
    # deterministic (RFC 6979), so that the files are the same every time
    method = ec.ECDSA(utils.Prehashed(hashes.SHA256()), deterministic_signing=True)
    r, s = utils.decode_dss_signature(k1(seed).sign(digest, method))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def jws(header, payload, sign):
    protected = b64u(header.encode())
    signature = sign(f"{protected}.{b64u(payload.encode())}".encode())
    return f"{protected}..{b64u(signature)}"


FILES = {}


def case(file, name, requirements, title, op, given, then):
    FILES.setdefault(file, []).append({
        "id": f"{file}/{name}", "requirements": requirements, "title": title,
        "given": given, "when": {"op": op}, "then": then})


# offers

OFFER = {
    "spec": "kiri:spec/IOH-01",
    "negotiation_id": "ng_" + "a" * 32,
    "schema_id": "ext:foo/v2",
    "namespace_uri": "https://foo.example/ns",
    "version": "2.1.0",
    "contact": "ops@foo.example",
    "expires_at": "2026-11-20T10:15:00.000Z",
    "supported_translations": ["ext:foo/v2" + ARROW + "kiri:agent.v1"],
    "required_invariants": INVARIANTS,
    "registry_version": "1.0.0",
    "descriptor_digest": sha(b"{}"),
}


def offer(name, title, **changes):
    given = {**OFFER, **changes}
    canonical = rfc8785.dumps(given)
    case("ioh-01/offer", name, ["IOH-01-R4"], title, "ioh.offer", given,
         {"canonical": canonical.decode(), "hash": sha(canonical)})


offer("plain", "The offer of the document's own example")
offer("two-translations", "Translations keep their order",
      supported_translations=["ext:foo/v2" + ARROW + to for to in ("kiri:agent.v1", "kiri:memo.v1")])
offer("contact-beyond-ascii", "A contact with letters, quotes and emoji has one form",
      contact="Zo\u00eb \"ops\" \\ \U0001f6f0 <ops@foo.example>")
offer("epoch", "Times have three digits after the point", expires_at="1970-01-01T00:00:00.000Z")

# acknowledgements

HASH = sha(rfc8785.dumps(OFFER))
SET = {"keys": [ed_jwk(2, "ed"), k1_jwk(3, "ec"), {"kty": "RSA", "kid": "rsa", "n": "AQ", "e": "AQAB"}]}


def eddsa(header, payload=HASH, seed=2):
    return jws(header, payload, ed(seed).sign)


def es256k(header, payload=HASH, high=False):
    def sign(data):
        signature = k1_sign(3, hashlib.sha256(data).digest())
        n = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
        s = int.from_bytes(signature[32:], "big")
        s = max(s, n - s) if high else min(s, n - s)
        return signature[:32] + s.to_bytes(32, "big")
    return jws(header, payload, sign)


def ack(name, title, signature, kid=None):
    case("ioh-01/acknowledgement", name, ["IOH-01-R5"], title, "ioh.acknowledgement",
         {"ack_signature": signature, "binding_offer_hash": HASH, "jwks": SET},
         {"verified": kid is not None, "kid": kid})


ack("eddsa", "EdDSA over the text of the hash", eddsa('{"alg":"EdDSA","kid":"ed"}'), "ed")
ack("eddsa-spaced", "The header's spelling is the peer's", eddsa('{ "kid": "ed", "typ": "JOSE", "alg": "EdDSA" }'), "ed")
ack("es256k", "ES256K is allowed", es256k('{"alg":"ES256K","kid":"ec"}'), "ec")
ack("es256k-high-s", "The other s of a signature is the same signature",
    es256k('{"alg":"ES256K","kid":"ec"}', high=True), "ec")
ack("other-offer", "Another offer", eddsa('{"alg":"EdDSA","kid":"ed"}', sha(b"other")))
ack("other-key", "Another key under the same name", eddsa('{"alg":"EdDSA","kid":"ed"}', seed=9))
ack("unknown-kid", "A key that the descriptor does not have", eddsa('{"alg":"EdDSA","kid":"who"}'))
ack("crossed", "A key of the other algorithm", es256k('{"alg":"ES256K","kid":"ed"}'))
ack("no-kid", "No key is named", eddsa('{"alg":"EdDSA"}'))
ack("none", "The algorithm none", jws('{"alg":"none","kid":"ed"}', HASH, lambda _: b""))
ack("hmac", "An algorithm that is not allowed", eddsa('{"alg":"HS256","kid":"ed"}'))
ack("own-key", "A key that the signature brings along", eddsa('{"alg":"EdDSA","kid":"ed","jwk":{}}'))
ack("critical", "Extensions are not understood", eddsa('{"alg":"EdDSA","kid":"ed","crit":["b64"],"b64":false}'))
ack("twice", "A header with one name twice", eddsa('{"alg":"EdDSA","kid":"x","kid":"ed"}'))
ack("attached", "The payload stands in it", eddsa('{"alg":"EdDSA","kid":"ed"}').replace("..", f".{b64u(HASH.encode())}."))
ack("empty", "Nothing", "")

# signed requests

TOKEN = "bnd_" + "b" * 32
KEY = ed_jwk(2, "peer-1")


def signed(name, title, verified, components=("@method", "@target-uri", "x-kiri-bind", "content-digest"),
           params=None, seed=2, path="/api/public/handshake/operate", query=None, body="{\"a\":1}",
           after=None, now="2026-11-20T10:00:00.000Z", extra=()):
    digest = "sha-256=:" + base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() + ":"
    headers = [["x-kiri-bind", TOKEN], ["content-digest", digest], *map(list, extra)]
    values = {
        "@method": "POST", "@authority": "kiri.example", "@scheme": "https", "@path": path,
        "@query": "?" + (query or ""), "@request-target": path + (f"?{query}" if query else ""),
        "@target-uri": f"https://kiri.example{path}" + (f"?{query}" if query else ""),
        **{name: ", ".join(v for n, v in headers if n == name) for name, _ in headers},
    }
    params = params if params is not None else ';created=1795168800;keyid="peer-1";alg="ed25519"'
    inner = "(" + " ".join(f'"{c}"' for c in components) + ")" + params
    base = "".join(f'"{c}": {values[c]}\n' for c in components) + f'"@signature-params": {inner}'
    signature = base64.b64encode(ed(seed).sign(base.encode())).decode()
    headers += [["signature-input", f"sig1={inner}"], ["signature", f"sig1=:{signature}:"]]
    given = {"method": "POST", "scheme": "https", "authority": "Kiri.example:443", "path": path,
             "query": query, "headers": headers, "body": body, "key": KEY, "now": now}
    if after:
        after(given)
    case("ioh-01/signature", name, ["IOH-01-R7"], title, "ioh.signature", given, {"verified": verified})


def set_to(name, value):
    return lambda given: given.__setitem__(name, value)


signed("plain", "A signature over method, target, binding and content", True)
signed("parts", "The target in its parts", True,
       ("@method", "@authority", "@path", "@query", "x-kiri-bind", "content-digest"), query="v=1")
signed("request-target", "The target as it stands in the request line", True,
       ("content-digest", "x-kiri-bind", "@request-target", "@authority", "@method"))
signed("more", "More may be covered", True,
       ("@method", "@target-uri", "x-kiri-bind", "content-digest", "@scheme", "x-a"),
       extra=[("x-a", "1"), ("x-a", "2")])
signed("secp256k1-name", "Another algorithm is named", False,
       params=';created=1795168800;keyid="peer-1";alg="ecdsa-p256-sha256"')
signed("no-method", "The method is not covered", False, ("@target-uri", "x-kiri-bind", "content-digest"))
signed("no-target", "The target is not covered", False, ("@method", "@path", "x-kiri-bind", "content-digest"))
signed("no-query", "The query is not covered", False,
       ("@method", "@authority", "@path", "x-kiri-bind", "content-digest"), query="v=1")
signed("no-binding", "The binding is not covered", False, ("@method", "@target-uri", "content-digest"))
signed("no-content", "The content is not covered", False, ("@method", "@target-uri", "x-kiri-bind"))
signed("no-time", "It says not when", False, params=';keyid="peer-1"')
signed("no-key", "It says not whose", False, params=";created=1795168800")
signed("other-key", "It is another's", False, seed=9)
signed("old", "It is five minutes and a second old", False, now="2026-11-20T10:05:01.000Z")
signed("at-five-minutes", "It is five minutes old", True, now="2026-11-20T10:05:00.000Z")
signed("future", "It is from the future", False, now="2026-11-20T09:58:59.000Z")
signed("expired", "It says that it is over", False,
       params=';created=1795168800;expires=1795168830;keyid="peer-1"', now="2026-11-20T10:01:00.000Z")
signed("other-body", "The body was replaced", False, after=set_to("body", "{}"))
signed("other-path", "The path was replaced", False, after=set_to("path", "/api/public/handshake/dissolve"))
signed("other-method", "The method was replaced", False, after=set_to("method", "PUT"))
signed("other-host", "The host was replaced", False, after=set_to("authority", "other.example"))

# addresses

for name, title, uri, asked, more in [
    ("plain", "https, a name, a path", "https://foo.example/ns", True, {}),
    ("no-path", "A host alone", "https://foo.example", True, {}),
    ("public", "A name of a public address", "https://foo.example/ns", True, {"resolves_to": ["8.8.8.8", "2606:4700::1111"]}),
    ("http", "Not secured", "http://foo.example/ns", False, {}),
    ("port", "Another port", "https://foo.example:8443/ns", False, {}),
    ("user", "A user name", "https://user@foo.example/ns", False, {}),
    ("empty-user", "An empty user name", "https://@foo.example/ns", False, {}),
    ("disguised-host", "A host that is a user name", "https://foo.example@127.0.0.1/", False, {}),
    ("loopback", "A loopback number", "https://127.0.0.1/ns", False, {}),
    ("metadata", "A link-local number", "https://169.254.169.254/latest/meta-data", False, {}),
    ("decimal", "A number written as one", "https://2130706433/", False, {}),
    ("hexadecimal", "A number in hexadecimal", "https://0x7f.0.0.1/", False, {}),
    ("octal", "A number in octal", "https://0177.0.0.1/", False, {}),
    ("short", "A number with parts left out", "https://127.1/", False, {}),
    ("v6-loopback", "The other loopback number", "https://[::1]/", False, {}),
    ("v4-mapped", "An IPv4 number within an IPv6 one", "https://[::ffff:127.0.0.1]/", False, {}),
    ("v4-mapped-hex", "The same in hexadecimal", "https://[::ffff:7f00:1]/", False, {}),
    ("nat64", "An IPv4 number behind a translator", "https://[64:ff9b::7f00:1]/", False, {}),
    ("private-behind-name", "A name of a private address", "https://foo.example/", False, {"resolves_to": ["10.0.0.1"]}),
    ("one-private", "A name of a public and a private address", "https://foo.example/", False, {"resolves_to": ["8.8.8.8", "192.168.0.1"]}),
    ("mapped-behind-name", "A name of a mapped address", "https://foo.example/", False, {"resolves_to": ["::ffff:8.8.8.8"]}),
    ("fragment", "A fragment", "https://foo.example/ns#x", False, {}),
    ("dots", "Dot segments", "https://foo.example/a/../b", False, {}),
    ("backslash", "A backslash", "https://foo.example\\@127.0.0.1/", False, {}),
    ("ours", "An address of ours", "https://docs.melega.ai/registry/kiri/x", False, {}),
    ("development", "Loopback, where that was chosen", "http://127.0.0.1:8080/ns", True, {"loopback": True, "resolves_to": ["127.0.0.1"]}),
    ("development-private", "Private addresses stay closed", "http://10.0.0.1/", False, {"loopback": True}),
]:
    case("ioh-01/address", name, ["IOH-01-R3"], title, "ioh.address", {"uri": uri, **more}, {"asked": asked})

# descriptors

DESCRIPTOR = {"@context": "https://schema.org", "@id": "ext:foo/v2", "version": "2.1.0",
              "jwks": {"keys": [ed_jwk(2, "peer-1")]}}


def descriptor(name, title, reason=None, invariant=None, status=200, kind="application/ld+json",
               body=None, drop=(), registered=(), answer=True, **changes):
    document = {k: v for k, v in {**DESCRIPTOR, **changes}.items() if k not in drop}
    body = json.dumps(document) if body is None else body
    given = {"schema_id": "ext:foo/v2", "version": "2.1.0", "namespace_uri": "https://foo.example/ns",
             "answer": {"status": status, "content_type": kind, "body": body} if answer else None}
    if registered:
        given["registered"] = [list(registered)]
    then = {"resolved": False, "reason_code": reason, "invariant": invariant}
    if reason is None:
        then = {"resolved": True, "descriptor_digest": sha(body.encode())}
    requirements = ["IOH-01-R3", "IOH-01-R10"] if registered else ["IOH-01-R3"]
    case("ioh-01/descriptor", name, requirements, title, "ioh.descriptor", given, then)


NS = ("namespace_unresolvable", "namespace_resolvable")
SV = ("schema_version_missing", "schema_versioned")
AA = ("identifier_rewrite", "anti_absorption")
descriptor("plain", "It names schema, version and keys")
descriptor("json", "As plain JSON with a parameter", kind="Application/JSON; charset=utf-8")
descriptor("schema-json", "As a JSON Schema", kind="application/schema+json", drop=["@context", "@id"],
           **{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "ext:foo/v2"})
descriptor("silent", "Nobody answers", *NS, answer=False)
descriptor("redirect", "It is elsewhere", *NS, status=302)
descriptor("missing", "It is not there", *NS, status=404)
descriptor("html", "It is a page", *NS, kind="text/html")
descriptor("untyped", "It says not what it is", *NS, kind=None)
descriptor("list", "It is no object", *NS, body="[]")
descriptor("twice", "It has one name twice", *NS, body='{"@context":"x","version":"2.1.0","version":"2.1.0"}')
descriptor("unmarked", "It is no schema descriptor", *NS, drop=["@context"])
descriptor("other-schema", "It names another schema", *NS, **{"@id": "ext:foo/v3"})
descriptor("other-letters", "Names are compared byte for byte", *NS, **{"@id": "ext:Foo/v2"})
descriptor("two-names", "It names two schemas", *NS, **{"$id": "ext:bar/v1"})
descriptor("no-version", "It says no version", *SV, drop=["version"])
descriptor("other-version", "It says another version", *NS, version="2.1")
descriptor("no-keys", "It has no keys", *NS, drop=["jwks"])
descriptor("private-key", "It gives away a private key", *NS, jwks={"keys": [{**ed_jwk(2, "p"), "d": "AA"}]})
descriptor("redefines", "It gives one of our prefixes another meaning", *AA, **{"@context": {"kiri": "https://foo.example/"}})
descriptor("registered-elsewhere", "The prefix belongs to another base", *AA, registered=("ext", "https://ext.example/"))
descriptor("registered-here", "The prefix belongs to its base", registered=("ext", "https://foo.example/"))

# translations

for name, title, schema, found in [
    ("exact", "A row and a start, each once, in order", "ext:foo/v2", ["kiri:agent.v1", "kiri:memo.v1"]),
    ("start", "A start alone", "ext:bar/v1", ["kiri:memo.v1"]),
    ("letters", "Byte for byte", "EXT:foo/v2", []),
    ("none", "Nothing", "other:foo", []),
]:
    rows = [{"from": "ext:*", "to": "kiri:memo.v1"}, {"from": "ext:foo/v2", "to": "kiri:agent.v1"},
            {"from": "ext:foo/*", "to": "kiri:agent.v1"}]
    case("ioh-01/translations", name, ["IOH-01-R4"], title, "ioh.translations",
         {"rows": rows, "schema_id": schema}, {"supported_translations": [schema + ARROW + to for to in found]})

# treaties


def steps(*path, at="2026-11-20T10:00:00.000Z"):
    return [{"proposal_id": "p-1", "from": a, "to": b, "t_snap": at} for a, b in path]


LIFE = [("DRAFT", "SUBMITTED"), ("SUBMITTED", "REVIEW"), ("REVIEW", "VOTING"), ("VOTING", "RATIFIED")]
for name, title, path, outcomes, state in [
    ("ratified", "Through to ratification", LIFE, ["moved"] * 4, "RATIFIED"),
    ("superseded", "Amended", [*LIFE, ("RATIFIED", "SUPERSEDED")], ["moved"] * 5, "SUPERSEDED"),
    ("rejected", "Turned down", [*LIFE[:3], ("VOTING", "REJECTED"), ("REJECTED", "REVIEW")], ["moved"] * 4 + ["refused"], "REJECTED"),
    ("replayed", "A step again is nothing", [*LIFE[:2], LIFE[0]], ["moved", "moved", "replayed"], "REVIEW"),
    ("other-target", "Another step from a state that was left", [LIFE[0], ("DRAFT", "WITHDRAWN")], ["moved", "refused"], "SUBMITTED"),
    ("skipped", "A state is skipped", [("DRAFT", "VOTING"), ("DRAFT", "SUBMITTED")], ["refused", "moved"], "SUBMITTED"),
    ("withdrawn", "Taken back in review", [*LIFE[:2], ("REVIEW", "WITHDRAWN")], ["moved"] * 3, "WITHDRAWN"),
    ("too-late", "Nothing is taken back from a vote", [*LIFE[:3], ("VOTING", "WITHDRAWN")], ["moved"] * 3 + ["refused"], "VOTING"),
]:
    case("ioh-01/proposal", name, ["IOH-01-R10"], title, "ioh.proposal",
         {"proposal_id": "p-1", "binding_offer_hash": HASH, "steps": steps(*path)},
         {"outcomes": outcomes, "state": state})

CUSTODIANS = {f"c{n}": ed_jwk(n + 40, f"c{n}") for n in range(4)} | {"c4": k1_jwk(44, "c4")}
TREATY = rfc8785.dumps({"proposal_id": "p-1", "binding_offer_hash": HASH})


def custodian(n, name=None, message=TREATY):
    digest = hashlib.sha256(message).digest()
    signature = k1_sign(44, digest) if n == 4 else ed(n + 40).sign(digest)
    return {"custodian_id": name or f"c{n}", "sig_bytes": b64u(signature),
            "alg": "secp256k1" if n == 4 else "ed25519"}


for name, title, signatures, quorum, count in [
    ("three", "Three of five", [custodian(0), custodian(2), custodian(4)], True, 3),
    ("five", "All five", [custodian(n) for n in range(5)], True, 5),
    ("two", "Two of five", [custodian(0), custodian(4)], False, 2),
    ("twice", "One of them twice", [custodian(0), custodian(1), custodian(1)], False, 2),
    ("stranger", "A stranger counts nothing", [custodian(0), custodian(1), custodian(2, "c9")], False, 2),
    ("borrowed", "A borrowed name counts nothing", [custodian(0), custodian(1), custodian(2, "c3")], False, 2),
    ("other-digest", "A signature of something else", [custodian(0), custodian(1), custodian(2, None, b"x")], False, 2),
    ("nobody", "Nobody", [], False, 0),
]:
    case("ioh-01/custody", name, ["IOH-01-R10"], title, "ioh.custody",
         {"custodians": CUSTODIANS, "digest": sha(TREATY), "signatures": signatures},
         {"quorum": quorum, "signers": count})

# the ledger


def root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + root(leaves[:k]) + root(leaves[k:])).digest()


NG, AT = OFFER["negotiation_id"], "2026-11-20T10:00:00.000Z"
TERMS = {"kind": "negotiated", "binding_offer_hash": HASH,
         **{k: OFFER[k] for k in ("supported_translations", "required_invariants", "registry_version", "descriptor_digest")}}
EVENTS = [
    (None, "", {"kind": "announced", "negotiation_id": NG, "schema_id": "ext:foo/v2", "namespace_uri": "https://foo.example/ns",
                "version": "2.1.0", "contact": sha(b"salted"), "announced_at": AT, "expires_at": OFFER["expires_at"]}),
    (None, "#negotiated", TERMS),
    (TOKEN, "", {"kind": "bound", "bind_token": TOKEN, "key": {**KEY, "alg": "EdDSA"}, "ack": sha(b"ack"), "treaty": None, "bound_at": AT}),
    (TOKEN, "#message-1", {"kind": "operated", "id": "m-1", "number": 1, "schema_id": "ext:foo/v2", "version": "2.1.0", "body": sha(b"{}")}),
    (TOKEN, "#sealed", {"kind": "sealed", "reason": sha(b"salted reason"), "sealed_at": AT}),
]


def chain(events, seed=1):
    entries, last = [], "sha256:" + "0" * 64
    for seq, (token, part, payload) in enumerate(events):
        record = {"seq": seq, "entry_id": f"kiri:interop/{token or NG}{part}", "kind": payload["kind"],
                  "negotiation_id": NG, "bind_token": token, "at": AT, "actor": "ext:foo/v2",
                  "payload_hash": sha(rfc8785.dumps(payload)), "prev_hash": last}
        last = sha(rfc8785.dumps(record))
        sig = b64u(ed(seed).sign(f"kiri-ioh ledger entry v1\n{last}".encode()))
        entries.append({"payload": payload, "record": {**record, "entry_hash": last, "sig": sig}})
    return entries


def written(entries, seed=1, key=None):
    leaves = [rfc8785.dumps(entry["record"]) for entry in entries]
    last = entries[-1]["record"]["entry_hash"] if entries else "sha256:" + "0" * 64
    point = {"size": len(entries), "root": "sha256:" + root(leaves).hex(), "last": last, "at": AT}
    text = "kiri-ioh ledger checkpoint v1\n" + "\n".join(str(point[k]) for k in ("size", "root", "last", "at"))
    point["sig"] = b64u(ed(seed).sign(text.encode()))
    first = {"form": "kiri-ioh ledger export v1", "key": key or {**ed_jwk(1, "runtime-1"), "alg": "EdDSA"}}
    lines = [first, *entries, {"checkpoint": point}]
    return "".join(rfc8785.dumps(line).decode() + "\n" for line in lines)


def ledger(name, title, text, broken=None):
    then = {"whole": True, "size": text.count("\n") - 2} if broken is None else {"whole": False, "seq": broken}
    case("ioh-01/ledger", name, ["IOH-01-R8"], title, "ioh.ledger", {"export": text, "key": ed_jwk(1, "runtime-1")}, then)


WHOLE = written(chain(EVENTS))
ledger("whole", "A ledger that another program wrote", WHOLE)
ledger("empty", "A ledger without entries", written([]))
ledger("open", "A handshake that is still bound", written(chain(EVENTS[:4])))
ledger("payload", "A payload was changed", WHOLE.replace("https://foo.example/ns", "https://foo.example/nx"), 0)
ledger("record", "A record was changed", WHOLE.replace('"actor":"ext:foo/v2","at":"2026-11-20T10:00:00.000Z","bind_token":"bnd', '"actor":"ext:foo/v3","at":"2026-11-20T10:00:00.000Z","bind_token":"bnd', 1), 2)
LINES = WHOLE.splitlines(keepends=True)
ledger("dropped", "An entry was left out", "".join(LINES[:3] + LINES[4:]), 2)
ledger("swapped", "Two entries were swapped", "".join([*LINES[:4], LINES[5], LINES[4], *LINES[6:]]), 3)
ledger("cut", "The end was cut off", "".join(LINES[:5] + LINES[-1:]), 4)
ledger("no-checkpoint", "The checkpoint was cut off", "".join(LINES[:-1]), 4)
ledger("other-key", "Somebody else signed it all", written(chain(EVENTS, 7), 7), 0)
ledger("spaces", "A line is written in another form", WHOLE.replace('"payload":{"ack"', '"payload": {"ack"'), 2)
ledger("skips", "A phase is missing although every signature holds", written(chain([EVENTS[0], EVENTS[2]])), 1)
ledger("revived", "A message after the end, although every signature holds",
       written(chain([*EVENTS, (TOKEN, "#message-2", {**EVENTS[3][2], "number": 2})])), 5)
ledger("rebound", "A second binding of one negotiation", written(chain([*EVENTS[:3], EVENTS[2]])), 3)

# whole handshakes

BODY = {
    "announce": {"schema_id": "ext:foo/v2", "namespace_uri": "https://foo.example/ns", "version": "2.1.0", "contact": "ops@foo.example"},
    "negotiate": {"negotiation_id": "$negotiation"},
    "bind": {"negotiation_id": "$negotiation", "ack_signature": "$ack"},
    "operate": {"schema_id": "ext:foo/v2", "version": "2.1.0", "id": "m-1", "payload": {"n": 1}},
    "dissolve": {"bind_token": "$token", "reason": "done"},
}
OK = {
    "announce": {"status": 200, "expires_at": "2026-11-20T10:15:00.000Z"},
    "negotiate": {"status": 200, "supported_translations": OFFER["supported_translations"], "required_invariants": INVARIANTS},
    "bind": {"status": 200},
    "operate": {"status": 200, "id": "m-1", "translations": OFFER["supported_translations"], "accepted_at": AT},
    "dissolve": {"status": 200, "sealed_at": AT},
}
BROKEN = {"namespace_unresolvable": NS[1], "offer_mismatch": NS[1], "schema_version_missing": SV[1], "identifier_rewrite": AA[1]}


def no(phase, reason):
    return {"status": 422, "reason_code": reason, "phase": phase, "invariant": BROKEN.get(reason)}


def do(call, then=None, body=None, at=AT, **more):
    return ({"call": call, "at": at, "body": {**BODY[call], **(body or {})}, **more},
            {**OK[call], **(then or {})} if then is None or "status" not in then else then)


def walk(name, requirements, title, *calls, ledger=None, signals=None, **given):
    then = {"answers": [answer for _, answer in calls], "whole": True}
    if ledger is not None:
        then["ledger"] = ledger
    if signals is not None:
        then["signals"] = signals
    case("ioh-01/walk", name, requirements, title, "ioh.walk",
         {"descriptor": DESCRIPTOR, **given, "steps": [step for step, _ in calls]}, then)


A, N, B, O, D = (do(call) for call in BODY)
ALL = ["announced", "negotiated", "bound", "operated", "sealed"]
walk("five-steps", ["IOH-01-R1", "IOH-01-R2", "IOH-01-R8", "IOH-01-R9"], "The five steps", A, N, B, O, D,
     ledger=ALL, signals=["handshake.opened", "bridge.transfer"])
walk("retries", ["IOH-01-R2"], "Each step again gets the stored answer", A, N, N, B, do("bind", {"same_token": True}),
     O, do("operate", {"repeated": True}), D, D, ledger=ALL)
walk("conflicts", ["IOH-01-R2"], "Other content in the same step is a conflict", A, N, B,
     do("bind", {"status": 409, "phase": "bind"}, {"ack_signature": "x..y"}),
     O, do("operate", {"status": 409, "phase": "operate"}, {"payload": {"n": 2}}),
     D, do("dissolve", {"status": 409, "phase": "dissolve"}, {"reason": "other"}), ledger=ALL)

names = ["negotiate", "bind", "operate", "dissolve"]
def orders(rest):
    return [[]] if not rest else [[first, *tail] for first in rest for tail in orders([r for r in rest if r != first])]


for order in orders(names):
    passed, calls = 0, [A]
    for call in order:
        turn = {"negotiate": 0, "bind": 1, "operate": 2, "dissolve": 2}[call]
        if passed == turn:
            calls.append(do(call))
            passed += call != "operate"
        elif call == "negotiate":
            raise AssertionError("nothing comes before it")
        elif call == "bind":
            calls.append(do(call, no(call, "phase_out_of_order")))
        elif passed == 3:
            calls.append(do(call, no(call, "binding_sealed")))
        else:
            calls.append(do(call, no(call, "binding_unknown"), {"bind_token": "$other"} if call == "dissolve" else None))
    walk("order-" + "-".join(order), ["IOH-01-R1"], "ANNOUNCE, then " + ", ".join(map(str.upper, order)), *calls)

walk("back", ["IOH-01-R1"], "NEGOTIATE after BIND", A, N, B, do("negotiate", no("negotiate", "phase_out_of_order")))
walk("unknown", ["IOH-01-R11"], "What was never announced", do("negotiate", no("negotiate", "negotiation_unknown")),
     do("bind", no("bind", "negotiation_unknown")), do("operate", no("operate", "binding_unknown")),
     do("dissolve", no("dissolve", "binding_unknown")), ledger=[])
walk("made-up-names", ["IOH-01-R11"], "Names that cannot exist",
     do("negotiate", no("negotiate", "negotiation_unknown"), {"negotiation_id": "ng_1"}),
     do("dissolve", no("dissolve", "binding_unknown"), {"bind_token": "bnd_1"}), ledger=[])
LATE = "2026-11-20T10:15:00.001Z"
walk("expired-negotiate", ["IOH-01-R11"], "NEGOTIATE a millisecond late", A, do("negotiate", no("negotiate", "negotiation_expired"), at=LATE))
walk("expired-bind", ["IOH-01-R11"], "BIND a millisecond late", A, N, do("bind", no("bind", "negotiation_expired"), at=LATE))
walk("last-moment", ["IOH-01-R11"], "BIND at the last moment", A, N, do("bind", at="2026-11-20T10:15:00.000Z"))
walk("retry-after-expiry", ["IOH-01-R2"], "A binding outlives its negotiation", A, N, B, do("bind", {"same_token": True}, at=LATE))
walk("sealed", ["IOH-01-R6"], "A sealed binding stays sealed, and a new announcement starts again", A, N, B, D,
     do("operate", no("operate", "binding_sealed")), do("bind", no("bind", "binding_sealed")),
     do("negotiate", no("negotiate", "binding_sealed")), A, N, do("bind", {"same_token": False}), O)
walk("absorbing", ["IOH-01-R3"], "Announcing one of our schemas, or from one of our addresses",
     do("announce", no("announce", "identifier_rewrite"), {"schema_id": "kiri:agent.v1"}),
     do("announce", no("announce", "identifier_rewrite"), {"schema_id": "Swarm:x"}),
     do("announce", no("announce", "identifier_rewrite"), {"namespace_uri": "https://docs.melega.ai/registry/kiri/x"}), ledger=[], signals=[])
walk("unversioned", ["IOH-01-R3"], "No version at ANNOUNCE or in a message",
     do("announce", no("announce", "schema_version_missing"), {"version": ""}), A, N, B,
     do("operate", no("operate", "schema_version_missing"), {"version": None}))
walk("unresolvable", ["IOH-01-R3"], "The namespace cannot be asked, or does not answer",
     do("announce", no("announce", "namespace_unresolvable"), {"namespace_uri": "https://10.0.0.1/"}),
     A, do("negotiate", no("negotiate", "namespace_unresolvable"), unreachable=True), N,
     do("bind", no("bind", "namespace_unresolvable"), unreachable=True), B)
walk("changed-descriptor", ["IOH-01-R5"], "The descriptor changed between NEGOTIATE and BIND", A, N,
     do("bind", no("bind", "offer_mismatch"), descriptor={**DESCRIPTOR, "title": "new"}),
     do("bind", descriptor=DESCRIPTOR))
walk("forged", ["IOH-01-R5", "IOH-01-R7"], "Somebody else signs", A, N,
     do("bind", no("bind", "signature_invalid"), seed=9), B,
     do("operate", no("operate", "signature_invalid"), seed=9),
     do("dissolve", no("dissolve", "signature_invalid"), seed=9), O)
walk("not-agreed", ["IOH-01-R4"], "Schemas without a translation",
     do("announce", body={"schema_id": "other:x"}), do("negotiate", no("negotiate", "no_translation"), descriptor={**DESCRIPTOR, "@id": "other:x"}),
     do("announce"), do("negotiate", descriptor=DESCRIPTOR), B,
     do("operate", no("operate", "no_translation"), {"schema_id": "ext:foo/v3"}),
     do("operate", no("operate", "no_translation"), {"version": "3"}),
     do("operate", no("operate", "identifier_rewrite"), {"id": "kiri:mine"}))
walk("other-binding", ["IOH-01-R7"], "One binding cannot end another", A, N, B,
     do("dissolve", no("dissolve", "signature_invalid"), {"bind_token": "$other"}), O)
walk("treaty-without-governance", ["IOH-01-R10"], "A treaty is refused while governance is silent", A, N,
     do("bind", no("bind", "treaty_not_ratified")), treaties=["ext:foo/*"], ledger=["announced", "negotiated"])
walk("unknown-fields", ["IOH-01-R2"], "Bodies have exactly their fields",
     do("announce", {"status": 400}, {"more": 1}), A, do("negotiate", {"status": 400}, {"more": 1}), N,
     do("bind", {"status": 400}, {"more": 1}), B, do("operate", {"status": 400}, {"more": 1}),
     do("dissolve", {"status": 400}, {"more": 1}), ledger=ALL[:3])

# the registry

BASE = "https://docs.melega.ai/registry/"
PREFIXES = ["interop", "kiri", "melega", "swarm", "treasury"]
DOCUMENT = {"registry_version": "1.0.0", "namespaces": {p: f"{BASE}{p}/" for p in PREFIXES},
            "resolution_rule": "<prefix>:<path>" + ARROW + "<base_uri><path>", "descriptor_endpoint": "<base_uri>schema.jsonld"}


def registry(version="1.0.0", drop=(), **more):
    spaces = {k: v for k, v in {**DOCUMENT["namespaces"], **more}.items() if k not in drop}
    return {**DOCUMENT, "registry_version": version, "namespaces": spaces}


for name, title, id, then in [
    ("path", "A prefix that is registered", "kiri:agent.v1", {"address": BASE + "kiri/agent.v1"}),
    ("fragment", "A fragment is kept", f"interop:{TOKEN}#sealed", {"address": f"{BASE}interop/{TOKEN}#sealed"}),
    ("colon", "Only the first colon counts", "kiri:a:b", {"address": BASE + "kiri/a:b"}),
    ("opaque", "A prefix that is not registered", "ext:foo/v2", {"opaque": "ext:foo/v2"}),
    ("letters", "Byte for byte", "Kiri:agent.v1", {"opaque": "Kiri:agent.v1"}),
    ("no-prefix", "No prefix", "agent", {"opaque": "agent"}),
]:
    case("nur-01/resolve", name, ["NUR-01-R3"], title, "nur.resolve", {"id": id, "document": DOCUMENT}, then)
for name, title, document, accepted, after in [
    ("reserved", "The reserved prefixes alone", registry(), True, None),
    ("more", "One more prefix", registry("1.1.0", ext="https://ext.example/ns/"), True, registry()),
    ("removed", "A reserved prefix is missing", registry("1.1.0", drop=["swarm"]), False, registry()),
    ("moved", "A reserved prefix is elsewhere", registry("1.1.0", kiri="https://kiri.example/"), False, registry()),
    ("lookalike", "A prefix that looks like ours", registry("1.1.0", Kiri="https://kiri.example/"), False, registry()),
    ("same-version", "New contents under the same version", registry(ext="https://ext.example/"), False, registry()),
    ("lower-version", "The version falls", registry("1.0.9"), False, registry("1.1.0")),
    ("higher-digit", "1.10.0 comes after 1.9.0", registry("1.10.0"), True, registry("1.9.0")),
    ("base", "A base that does not end in a slash", registry("1.1.0", ext="https://ext.example/x"), False, None),
    ("other-rule", "Another rule of resolution", {**registry(), "resolution_rule": "<path>"}, False, None),
    ("extra", "A key that the document does not have", {**registry(), "more": 1}, False, None),
]:
    given = {"document": document} | ({"after": after} if after else {})
    case("nur-01/registry", name, ["NUR-01-R1" if after is None else "NUR-01-R2"], title, "nur.registry", given, {"accepted": accepted})


def main():
    stale = []
    for file, cases in FILES.items():
        path = FOLDER / f"{file}.json"
        text = "[\n" + ",\n".join(json.dumps(c, ensure_ascii=False) for c in cases) + "\n]\n"
        if "--check" in sys.argv:
            if not path.exists() or path.read_text() != text:
                stale.append(file)
        else:
            path.write_text(text)
    print(f"{sum(map(len, FILES.values()))} cases in {len(FILES)} files", *(f"stale: {file}" for file in stale), sep="\n")
    sys.exit(bool(stale))


main()
