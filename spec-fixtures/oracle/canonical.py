"""Canonical JSON (RFC 8785) for values as `json.loads` gives them."""

import json
from decimal import Decimal


def number(x):
    """A number as ECMAScript writes it."""
    if isinstance(x, int) and abs(x) < 2**53:
        return str(x)
    x = float(x)
    if x == 0:
        return "0"
    sign = "-" if x < 0 else ""
    _, digits, exponent = Decimal(repr(abs(x))).as_tuple()
    digits = "".join(map(str, digits)).rstrip("0") or "0"
    exponent += len("".join(map(str, Decimal(repr(abs(x))).as_tuple().digits))) - len(digits)
    point = len(digits) + exponent
    if 0 < point <= 21:
        if len(digits) <= point:
            return sign + digits + "0" * (point - len(digits))
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    mantissa = digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{sign}{mantissa}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def text(value):
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, list):
        return "[" + ",".join(map(text, value)) + "]"
    keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
    return "{" + ",".join(f"{_string(key)}:{text(value[key])}" for key in keys) + "}"


def _string(value):
    out = ['"']
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    for c in value:
        out.append(short.get(c) or (f"\\u{ord(c):04x}" if ord(c) < 32 else c))
    out.append('"')
    return "".join(out)
