"""Records `ioh-01/trace.json`: one handshake as it went over the wire, between the example in Python and a
running server.

    pip install -r docs/examples/requirements.txt
    SIGMA_INTEROP_DANGEROUSLY_ALLOW_LOOPBACK=true sigma serve &
    python3 spec-fixtures/ioh-01/record.py http://127.0.0.1:8088

Keys, names and times are new each time, so the file is recorded once and not made anew by a check.
"""

import json
import pathlib
import sys

import requests

FOLDER = pathlib.Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent.parent / "docs/examples"))
import handshake  # noqa: E402


def wire(answer):
    """A request and its answer."""
    request = answer.request
    body = request.body.decode() if isinstance(request.body, bytes) else request.body
    headers = sorted([name.lower(), value] for name, value in request.headers.items())
    return {
        "request": {"method": request.method, "url": request.url, "headers": headers, "body": body},
        "answer": {"status": answer.status_code, "body": answer.json()},
    }


def case(name, requirements, title, op, given, then):
    return {
        "id": f"ioh-01/trace/{name}",
        "requirements": requirements,
        "title": title,
        "given": given,
        "when": {"op": op},
        "then": then,
    }


def signed(name, exchange, key, now):
    request = exchange["request"]
    scheme, rest = request["url"].split("://")
    authority, path = rest.split("/", 1)
    given = {
        "method": request["method"], "scheme": scheme, "authority": authority, "path": f"/{path}",
        "query": None, "headers": request["headers"], "body": request["body"], "key": key, "now": now,
    }
    title = f"{name.upper()} as another library signed it"
    return case(name, ["IOH-01-R7"], title, "ioh.signature", given, {"verified": True})


offer, answers = handshake.walk()
announce, negotiate, bind, operate, dissolve = exchanges = [wire(answer) for answer in answers]
ledger = f"{handshake.BASE}/api/public/ledger"
export = requests.get(f"{ledger}/export", timeout=60).text
runtime = requests.get(f"{ledger}/key", timeout=60).json()["keys"][0]
jwks = json.loads(handshake.DESCRIPTOR)["jwks"]
offered = negotiate["answer"]["body"]["binding_offer_hash"]
answer = {"status": 200, "content_type": "application/ld+json", "body": handshake.DESCRIPTOR.decode()}
announced = json.loads(announce["request"]["body"])
described = {name: announced[name] for name in ("schema_id", "version", "namespace_uri")}
acknowledged = {
    "ack_signature": json.loads(bind["request"]["body"])["ack_signature"],
    "binding_offer_hash": offered,
    "jwks": jwks,
}
cases = [
    case("descriptor", ["IOH-01-R3"], "The descriptor that was served", "ioh.descriptor",
         {**described, "answer": answer},
         {"resolved": True, "descriptor_digest": offer["descriptor_digest"]}),
    case("offer", ["IOH-01-R4"], "The offer that the peer rebuilt is the one that the server hashed",
         "ioh.offer", offer, {"hash": offered}),
    case("acknowledgement", ["IOH-01-R5"], "The acknowledgement as another library signed it",
         "ioh.acknowledgement", acknowledged, {"verified": True, "kid": handshake.KID}),
    signed("operate", operate, jwks["keys"][0], operate["answer"]["body"]["accepted_at"]),
    signed("dissolve", dissolve, jwks["keys"][0], dissolve["answer"]["body"]["sealed_at"]),
    case("ledger", ["IOH-01-R2", "IOH-01-R8"], "All five steps over the wire, and the ledger that they left",
         "ioh.ledger", {"exchanges": exchanges, "export": export, "key": runtime},
         {"whole": True, "size": 5}),
]
lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
(FOLDER / "trace.json").write_text(f"[\n{lines}\n]\n")
