"""Answers the cases on standard input: `cargo xtask conformance --command 'python3 spec-fixtures/oracle/answer.py'`."""

import json
import sys

from operations import OPERATIONS

for line in sys.stdin:
    case = json.loads(line)
    operation = OPERATIONS.get(case["op"])
    if operation is None:
        answer = {"id": case["id"], "unsupported": True}
    else:
        try:
            then = operation(case["given"], case["when"])
            # an operation that does not know this input, such as YAML, says nothing
            answer = {"id": case["id"], **({"unsupported": True} if then is None else {"then": then})}
        except Exception as error:  # the line tells it, and the next case goes on
            answer = {"id": case["id"], "error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
