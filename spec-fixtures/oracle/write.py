"""Writes the case files: `python3 spec-fixtures/oracle/write.py [--check]`.

What a case expects comes from operations.py. Where a case states its outcome by hand, the two have
to agree, or nothing is written.
"""

import json
import pathlib
import sys

import cases
import interop_cases  # noqa: F401 (adds its cases to those of cases)
from operations import OPERATIONS

FOLDER = pathlib.Path(__file__).resolve().parent.parent


def agree(stated, computed):
    if isinstance(stated, dict) and isinstance(computed, dict):
        return all(k in computed and agree(v, computed[k]) for k, v in stated.items())
    if isinstance(stated, list) and isinstance(computed, list):
        return len(stated) == len(computed) and all(map(agree, stated, computed))
    if isinstance(stated, (int, float)) and isinstance(computed, (int, float)):
        return abs(stated - computed) <= 1e-9
    return stated == computed


def finished(file, case):
    operation = OPERATIONS.get(case["when"]["op"])
    computed = operation and operation(case["given"], case["when"])
    if computed is not None:
        stated = case["then"]
        if stated is not None and not agree(stated, computed):
            sys.exit(f"{file}/{case['id']}: {stated} stated, {computed} computed")
        if case["only"]:
            computed = {key: computed[key] for key in case["only"]}
        case = dict(case, then=computed if stated is None else stated)
    elif case["then"] is None:
        sys.exit(f"{file}/{case['id']}: nothing states what {case['when']['op']} gives")
    case = dict(case, id=f"{file}/{case['id']}")
    return {k: v for k, v in case.items() if k == "then" or (v is not None and k != "only")}


def rounded(x):
    """Twelve decimals say all that a tolerance of 1e-9 can tell."""
    if isinstance(x, float):
        return round(x, 12)
    if isinstance(x, dict):
        return {k: rounded(v) for k, v in x.items()}
    if isinstance(x, list):
        return [rounded(v) for v in x]
    return x


def main():
    stale = 0
    for file, listed in cases.FILES.items():
        done = [finished(file, case) for case in listed]
        for case in done:
            case["then"] = rounded(case["then"])
        lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in done)
        path, text = FOLDER / f"{file}.json", f"[\n{lines}\n]\n"
        if path.exists() and path.read_text() == text:
            continue
        stale += 1
        if "--check" in sys.argv:
            print(f"{path} is stale")
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            print(f"wrote {path}: {len(done)} cases")
    if "--check" in sys.argv and stale:
        sys.exit(1)


main()
