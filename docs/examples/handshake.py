"""An outside system that binds to a server: the five steps of IOH-01, with well-known libraries.

    python3 -m venv .venv && .venv/bin/pip install -r docs/examples/requirements.txt
    SIGMA_INTEROP_DANGEROUSLY_ALLOW_LOOPBACK=true sigma serve &
    .venv/bin/python docs/examples/handshake.py http://127.0.0.1:8088

It serves its own descriptor on loopback, which a server asks only where that dangerous setting is on. On
the public network, publish the same JSON over https and leave the setting alone.
"""

import base64
import hashlib
import json
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer

import jwt
import requests
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPSignatureKeyResolver,
    algorithms,
)

BASE = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8088"
SCHEMA, VERSION, KID = "ext:foo/v2", "2.1.0", "foo-1"
KEY = Ed25519PrivateKey.generate()


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


# The descriptor: who we are, in which version, and by which key we sign.
DESCRIPTOR = json.dumps({
    "@context": "https://schema.org",
    "@id": SCHEMA,
    "version": VERSION,
    "jwks": {"keys": [{
        "kty": "OKP", "crv": "Ed25519", "kid": KID, "alg": "EdDSA",
        "x": base64url(KEY.public_key().public_bytes_raw()),
    }]},
}).encode()


class Namespace(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("content-type", "application/ld+json")
        self.send_header("content-length", str(len(DESCRIPTOR)))
        self.end_headers()
        self.wfile.write(DESCRIPTOR)

    def log_message(self, *_):
        pass


def serve_namespace():
    server = HTTPServer(("127.0.0.1", 0), Namespace)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/ns"


class OwnKey(HTTPSignatureKeyResolver):
    def resolve_private_key(self, key_id):
        return KEY

    def resolve_public_key(self, key_id):
        return KEY.public_key()


SIGNER = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=OwnKey())


# Everything that went over the wire, in its order.
EXCHANGES = []


def show(step, sent, answer):
    EXCHANGES.append(answer)
    print(f"{step}\n  sent     {json.dumps(sent)}\n  received {answer.status_code} {answer.text}")
    if not answer.ok:
        sys.exit(f"{step} was refused")
    return answer.json()


def call(phase, body):
    """A phase before the binding: plain JSON."""
    answer = requests.post(f"{BASE}/api/public/handshake/{phase}", json=body, timeout=60)
    return show(phase.upper(), body, answer)


def signed(phase, token, body):
    """A phase of a bound system: RFC 9421 over method, target, token and the body's RFC 9530 digest, which
    the library adds."""
    request = requests.Request("POST", f"{BASE}/api/public/handshake/{phase}", json=body).prepare()
    request.headers["x-kiri-bind"] = token
    SIGNER.sign(
        request,
        key_id=KID,
        nonce=uuid.uuid4().hex,
        body=request.body,
        covered_component_ids=("@method", "@target-uri", "x-kiri-bind", "content-digest"),
    )
    with requests.Session() as session:
        return show(phase.upper(), body, session.send(request, timeout=60))


def ledger_key():
    key = requests.get(f"{BASE}/api/public/ledger/key", timeout=60).json()["keys"][0]
    x = base64.urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4))
    return Ed25519PublicKey.from_public_bytes(x)


def check_ledger():
    """Every entry by its hash, its place in the chain and its signature: SHA-256 and Ed25519 are enough."""
    key, before, lines = ledger_key(), "sha256:" + "0" * 64, []
    export = requests.get(f"{BASE}/api/public/ledger/export", timeout=60).text
    for line in export.splitlines()[1:-1]:
        entry = json.loads(line)
        record = dict(entry["record"])
        own, signature = record.pop("entry_hash"), record.pop("sig")
        assert record["prev_hash"] == before, "the chain is broken"
        assert record["payload_hash"] == digest_of(entry["payload"]), "a payload was changed"
        assert own == digest_of(record), "a record was changed"
        signature = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        key.verify(signature, f"kiri-ioh ledger entry v1\n{own}".encode())
        before = own
        lines.append(record["entry_id"])
    return lines


def digest_of(value):
    return "sha256:" + hashlib.sha256(rfc8785.dumps(value)).hexdigest()


def walk():
    announced = {
        "schema_id": SCHEMA,
        "namespace_uri": serve_namespace(),
        "version": VERSION,
        "contact": "ops@foo.example",
    }
    opened = call("announce", announced)
    offered = call("negotiate", {"negotiation_id": opened["negotiation_id"]})

    # What we are about to sign is what we were told: the offer is rebuilt from its parts.
    registry = requests.get(f"{BASE}/api/public/registry", timeout=60).json()
    offer = {
        "spec": "kiri:spec/IOH-01",
        "negotiation_id": opened["negotiation_id"],
        **announced,
        "expires_at": opened["expires_at"],
        "supported_translations": offered["supported_translations"],
        "required_invariants": offered["required_invariants"],
        "registry_version": registry["registry_version"],
        "descriptor_digest": "sha256:" + hashlib.sha256(DESCRIPTOR).hexdigest(),
    }
    if digest_of(offer) != offered["binding_offer_hash"]:
        sys.exit("the server hashed another offer; nothing was signed")

    attached = jwt.api_jws.encode(
        offered["binding_offer_hash"].encode(), KEY, algorithm="EdDSA", headers={"kid": KID}
    )
    header, _, signature = attached.split(".")
    acknowledged = {
        "negotiation_id": opened["negotiation_id"],
        "ack_signature": f"{header}..{signature}",
    }
    bound = call("bind", acknowledged)
    token = bound["bind_token"]
    message = {"schema_id": SCHEMA, "version": VERSION, "id": "m-1", "payload": {"hello": "there"}}
    accepted = signed("operate", token, message)
    sealed = signed("dissolve", token, {"bind_token": token, "reason": "the example is over"})

    entries = check_ledger()
    for entry in (bound["ledger_entry"], accepted["ledger_entry"], sealed["ledger_entry"]):
        assert entry in entries, f"{entry} is not in the ledger"
    print(f"the ledger holds {len(entries)} entries and is whole; {token} is sealed for good")
    return offer, EXCHANGES


if __name__ == "__main__":
    walk()
