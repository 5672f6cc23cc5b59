"""BLAKE3, plain and keyed, from its public specification. Slow, short, and nobody else's code."""

IV = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
ORDER = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
CHUNK_START, CHUNK_END, PARENT, ROOT, KEYED = 1, 2, 4, 8, 16
MASK = 0xFFFFFFFF


def _rotate(x, n):
    return ((x >> n) | (x << (32 - n))) & MASK


def _mix(s, a, b, c, d, x, y):
    s[a] = (s[a] + s[b] + x) & MASK
    s[d] = _rotate(s[d] ^ s[a], 16)
    s[c] = (s[c] + s[d]) & MASK
    s[b] = _rotate(s[b] ^ s[c], 12)
    s[a] = (s[a] + s[b] + y) & MASK
    s[d] = _rotate(s[d] ^ s[a], 8)
    s[c] = (s[c] + s[d]) & MASK
    s[b] = _rotate(s[b] ^ s[c], 7)


def _compress(chaining, words, counter, length, flags):
    s = list(chaining) + list(IV[:4]) + [counter & MASK, counter >> 32, length, flags]
    m = list(words)
    for turn in range(7):
        for i, (a, b, c, d) in enumerate(((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15))):
            _mix(s, a, b, c, d, m[2 * i], m[2 * i + 1])
        for i, (a, b, c, d) in enumerate(((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))):
            _mix(s, a, b, c, d, m[8 + 2 * i], m[9 + 2 * i])
        if turn < 6:
            m = [m[i] for i in ORDER]
    return [s[i] ^ s[i + 8] for i in range(8)]


def _words(block):
    block = block.ljust(64, b"\0")
    return [int.from_bytes(block[i : i + 4], "little") for i in range(0, 64, 4)]


def _chunk(data, counter, root, key, mode):
    blocks = [data[i : i + 64] for i in range(0, len(data), 64)] or [b""]
    chaining = key
    for i, block in enumerate(blocks):
        last = i == len(blocks) - 1
        flags = (CHUNK_START if i == 0 else 0) | (CHUNK_END if last else 0)
        flags |= (ROOT if root and last else 0) | mode
        chaining = _compress(chaining, _words(block), counter, len(block), flags)
    return chaining


def _tree(data, counter, root, key=IV, mode=0):
    if len(data) <= 1024:
        return _chunk(data, counter, root, key, mode)
    left = 1024
    while left * 2 < len(data):
        left *= 2
    words = _tree(data[:left], counter, False, key, mode) + _tree(data[left:], counter + left // 1024, False, key, mode)
    return _compress(key, words, 0, 64, PARENT | (ROOT if root else 0) | mode)


def hexdigest(data):
    """The 64 hexadecimal digits of the hash of some bytes."""
    return b"".join(w.to_bytes(4, "little") for w in _tree(data, 0, True)).hex()


def keyed(key, data):
    """The 32 bytes of the keyed hash of some bytes; the key has 32 bytes."""
    words = tuple(_words(key)[:8])
    return b"".join(w.to_bytes(4, "little") for w in _tree(data, 0, True, words, KEYED))


# The vector that everybody knows: the hash of nothing.
assert hexdigest(b"") == "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
