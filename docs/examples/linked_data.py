"""Both JSON forms of a packet mean the same graph, held against a JSON-LD processor.

    .venv/bin/pip install pyld && .venv/bin/python docs/examples/linked_data.py

A packet as `application/ld+json` carries its context. A packet as `application/json` is read with the
context that the `Link` header of the answer points to. Nothing is fetched: the context is the file that
a server publishes at /contexts/sigma-packet-v1.jsonld.
"""

import copy
import json
import pathlib
import sys

from pyld import jsonld

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CONTEXT = json.loads((ROOT / "crates/sigma-interop/src/wire/context-v1.jsonld").read_text())
URL = "https://runtime.example/contexts/sigma-packet-v1.jsonld"
VOCABULARY = "urn:sigma-interop:v1#"


def loader(url, _options):
    if url != URL:
        raise RuntimeError(f"{url} would have been fetched")
    return {"contextUrl": None, "documentUrl": url, "document": CONTEXT, "contentType": "application/ld+json"}


jsonld.set_document_loader(loader)


def graph(document, **options):
    """The statements of a document, sorted and with one naming of its blank nodes."""
    # `safe`: nothing that the context does not know may be dropped silently
    options = {"base": "https://runtime.example/field/state", **options}
    expanded = jsonld.expand(document, options)
    return expanded, jsonld.normalize(expanded, {"algorithm": "URDNA2015", "format": "application/n-quads"})


def leaves(value):
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    if isinstance(value, list):
        return sum(map(leaves, value))
    return 1


def same(packet):
    plain = {key: value for key, value in packet.items() if key != "@context"}
    forms = [
        graph(dict({"@context": CONTEXT["@context"]}, **plain)),
        graph(dict({"@context": URL}, **plain)),
        graph(plain, expandContext=URL),
        # fields in another order are the same document
        graph(dict(reversed(plain.items())), expandContext=URL),
    ]
    assert all(form == forms[0] for form in forms), "the forms differ"
    statements = forms[0][1]
    lines = statements.strip().split("\n")
    # one statement for each field with a value, and one for each object in another
    objects = sum(line.split(" ")[2].startswith("_:") for line in lines)
    assert len(lines) - objects == leaves(plain), "a field was lost"
    assert all(f"<{VOCABULARY}" in line for line in lines), "a word has another meaning"
    return statements


def redefining(packet):
    """A context of a peer's own cannot change what a word means: the terms are protected."""
    other = {"sdi": "https://other.example/stability"}
    try:
        graph(dict({"@context": [CONTEXT["@context"], other]}, **packet))
    except jsonld.JsonLdError as error:
        chain = str(error)
        return "protected term" in chain or "redefin" in chain
    return False


def main():
    checked = 0
    for case in json.loads((ROOT / "spec-fixtures/srip-05/valid.json").read_text()):
        if case["given"]["format"] == "yaml":
            continue
        packet = json.loads(case["given"]["text"])
        packet.pop("@context", None)
        same(packet)
        checked += 1
    statements = same(packet)
    assert redefining(copy.deepcopy(packet)), "a context could redefine a word"
    print(f"{checked} packets: both forms expand to the same graph, every field is in it, no word can be redefined")
    if "--show" in sys.argv:
        print(statements, end="")


main()
