"""A runtime that exchanges state with a server, from its published schemas and well-known libraries alone.

    python3 -m venv .venv && .venv/bin/pip install -r docs/examples/requirements.txt
    sigma peer add $(.venv/bin/python docs/examples/exchange.py id) --grant state,memory
    .venv/bin/python docs/examples/exchange.py http://127.0.0.1:8088

It settles versions, reads and verifies a packet, makes one of its own and pushes it, pushes a memory, and
reads the stream of phase frames. Its key lies in exchange.key.json, or where SIGMA_EXAMPLE_KEY says.
"""

import datetime
import json
import os
import sys
import time
import uuid
from pathlib import Path
from urllib.parse import urlencode

import jsonschema
import jwt
import requests
import rfc8785
from blake3 import blake3
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
KEY_FILE = Path(os.environ.get("SIGMA_EXAMPLE_KEY", "exchange.key.json"))

PACKET = "sigma-interop/packet/v1"
HANDSHAKE = "sigma-interop/handshake/v1"
ANSWER = "sigma-interop/handshake-answer/v1"
FRAME = "sigma-interop/phase-frame/v1"
MEMORY = "sigma-interop/memory-snapshot/v1"


class Us:
    """Our UUID and key, made at the first start."""

    def __init__(self):
        if not KEY_FILE.exists():
            with os.fdopen(os.open(KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                seed = Ed25519PrivateKey.generate().private_bytes_raw().hex()
                json.dump({"runtime_id": str(uuid.uuid4()), "seed": seed}, file)
        kept = json.loads(KEY_FILE.read_text())
        self.id, self.key_id = kept["runtime_id"], "python-1"
        self.key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept["seed"]))
        self.public = "ed25519:" + self.key.public_key().public_bytes_raw().hex()


def now():
    stamp = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
    return stamp.replace("+00:00", "Z")


def checksum(message):
    """Over the canonical JSON (RFC 8785) of all but the signature."""
    body = {name: value for name, value in message.items() if name not in ("signature", "@context")}
    return "blake3:" + blake3(rfc8785.dumps(body)).hexdigest()


def signed_text(purpose, key_id, message, check):
    header = message["header"]
    return "\n".join([
        purpose, "ed25519", key_id, header["protocol_version"], header["source_runtime_id"],
        header["target_runtime_id"], header["timestamp"], check,
    ]).encode()


def seal(us, purpose, target, payload):
    message = {
        "header": {
            "protocol_version": "1.0", "source_runtime_id": us.id, "target_runtime_id": target,
            "timestamp": now(),
        },
        "payload": payload,
    }
    check = checksum(message)
    token = us.key.sign(signed_text(purpose, us.key_id, message, check)).hex()
    message["signature"] = {"checksum": check, "integrity_token": f"ed25519:{us.key_id}:{token}"}
    return message


def verify(message, purpose, keys):
    """Whether a message is whole and of whom it says."""
    check = checksum(message)
    assert message["signature"]["checksum"] == check, "the checksum is another"
    algorithm, key_id, digits = message["signature"]["integrity_token"].split(":")
    assert algorithm == "ed25519", algorithm
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys[key_id].removeprefix("ed25519:")))
    key.verify(bytes.fromhex(digits), signed_text(purpose, key_id, message, check))
    return message["payload"]


def schema(name):
    return jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text()))


def proof(us, server, target):
    """Shows who asks: for one GET of one path and query, in this minute."""
    made = int(time.time())
    path, _, query = target.partition("?")
    claims = {
        "iss": us.id, "aud": server, "htm": "GET", "htu": path,
        "iat": made, "exp": made + 60, "jti": str(uuid.uuid4()),
    }
    if query:
        claims["htq"] = query
    headers = {"typ": "sigma-proof+jwt", "kid": us.key_id}
    return {"authorization": "Bearer " + jwt.encode(claims, us.key, algorithm="EdDSA", headers=headers)}


def manifest(us):
    return {
        "runtime_id": us.id, "protocol_versions": ["1.0"], "exchange": ["full", "minimal"],
        "endpoints": ["/field/state", "/phase/telemetry", "/runtime/handshake"],
        "serializations": ["json"], "compression": [], "checksums": ["blake3"], "tokens": ["ed25519"],
        "keys": [{"key_id": us.key_id, "public_key": us.public}],
        "limits": {"packet_bytes": 65536, "snapshot_bytes": 65536}, "emit_every": 3,
    }


def state():
    return {
        "attractor_state": {
            "id": str(uuid.uuid4()), "type": "symbolic", "stability": 0.97, "phase": "stable", "scr": 0.8,
        },
        "drift_metrics": {"sdi": 0.11, "sv": 0.07, "pd": 0.0, "di": 0.1 / 1.3},
        "memory_snapshot": {"summary_hash": "blake3:" + blake3(b"nothing yet").hexdigest(), "retention_index": 1},
        "safety_flags": {"aegida_status": "nominal", "phase_lock": False, "recenter_active": False},
    }


def memory():
    return {
        "cycle": 1,
        "memory_layer": {
            "episodic_store": [
                {"cycle_id": 1, "state_vector": [], "drift_index": 0.1, "summary": "A foreign word."},
            ],
            "semantic_map": {"concepts": {}, "embeddings": {}},
            "symbolic_motifs": {"clusters": [], "density_scores": []},
            "pil_invariants": {"identity_vector": [], "core_motifs": []},
        },
    }


def push(method, url, message):
    body = json.dumps(message)
    return requests.request(method, url, data=body, headers={"content-type": "application/json"}, timeout=30)


def events(response):
    """The events of a stream, each with its name and data."""
    event = {}
    for line in response.iter_lines(chunk_size=1, decode_unicode=True):
        if not line:
            if "data" in event:
                yield event
            event = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(":")
            event[name] = value.removeprefix(" ")


def walk(us, base):
    capabilities = requests.get(base + "/runtime/capabilities", timeout=30).json()
    schema("runtime-capabilities").validate(capabilities)
    server = capabilities["runtime_id"]
    keys = {key["key_id"]: key["public_key"] for key in capabilities["keys"]}
    print(f"1  the runtime {server} speaks {', '.join(capabilities['protocol_versions'])}")

    nonce = uuid.uuid4().hex
    asked = seal(us, HANDSHAKE, server, {"capabilities": manifest(us), "nonce": nonce})
    answered = push("POST", base + "/runtime/handshake", asked)
    reply = verify(answered.json(), ANSWER, keys)
    assert reply["nonce"] == nonce and reply["negotiation"]["outcome"] == "full", reply["negotiation"]
    assert answered.headers["x-sigma-peer"] == "known", "add me first: sigma peer add $(exchange.py id)"
    print(f"2  settled: {reply['negotiation']['outcome']} exchange")

    fetched = requests.get(base + "/field/state", headers=proof(us, server, "/field/state"), timeout=30)
    assert fetched.status_code == 200, fetched.text
    packet = fetched.json()
    schema("sigma-packet").validate(packet)
    drift = verify(packet, PACKET, keys)["drift_metrics"]
    print(f"3  a packet of session {fetched.headers['x-session-id']}, verified: drift {drift['di']}")
    packet["payload"]["drift_metrics"]["di"] = 0.999
    try:
        verify(packet, PACKET, keys)
        sys.exit("a changed packet was taken for whole")
    except (AssertionError, InvalidSignature):
        pass

    ours = seal(us, PACKET, server, state())
    schema("sigma-packet").validate(ours)
    taken = push("POST", base + "/field/state", ours)
    assert taken.status_code == 202, taken.text
    again = push("POST", base + "/field/state", ours)
    assert again.status_code == 409, "a packet is taken once"
    print(f"4  a packet of ours was taken: {taken.json()['checksum']}")

    pushed = push("PUT", base + "/memory/snapshot", seal(us, MEMORY, server, memory()))
    assert pushed.status_code == 202, pushed.text
    print(f"5  a memory of ours is {pushed.json()['received']}")

    target = "/phase/telemetry?" + urlencode({"session": fetched.headers["x-session-id"]})
    headers = proof(us, server, target)
    with requests.get(base + target, headers=headers, stream=True, timeout=30) as stream:
        assert stream.status_code == 200, stream.text
        event = next(events(stream))
    assert event["event"] == "frame", event
    frame = json.loads(event["data"])
    schema("phase-frame-sealed").validate(frame)
    phase = verify(frame, FRAME, keys)["frame"]
    print(f"6  a frame of cycle {event['id']}, verified: {phase['phase_state']}, psi {phase['psi']}")


if __name__ == "__main__":
    this = Us()
    if sys.argv[1:] == ["id"]:
        print(this.id, "--key-id", this.key_id, "--key", this.public)
    else:
        walk(this, (sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8088").rstrip("/"))
