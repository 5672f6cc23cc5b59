#!/usr/bin/env python3
"""Fits the weights of the subject models (needs numpy, scipy and scikit-learn).

    python3 fit.py splice DATA_DIR SPLICED.json
    cargo run --release -p sigma-attractor --example inputs -- INPUTS.jsonl \
        DATA_DIR/topic-shift/{tiage-train,tiage-dev,dialseg711-dev,superdialseg-dev}.json SPLICED.json
    python3 fit.py fit INPUTS.jsonl ../src/subject

`splice` strings together beginnings of dialogues that have nothing to do with one another, so that
the models see changes of subject outside the domains of the labelled sets. `fit` prints scores in
five-fold cross-validation by dialogue (the figures to trust) and writes the weights fitted on all.
Seeded: the same inputs give the same weights.
"""
import json, random, re, sys
from collections import Counter
from pathlib import Path

LABELLED = ["tiage-train", "tiage-dev", "dialseg711-dev", "superdialseg-dev"]
# weight of a row by the corpus it is from: the seven dialogues of DialSeg711 would drown
WEIGHT = {"tiage": 1.0, "dialseg711": 4.0, "superdialseg": 1.0, "splice": 0.3}
FOLDS, C_PAST, C_LATE = 5, 0.05, 0.015
# a run of words counts when it is common enough and not of one corpus alone
MIN_COUNT, MIN_CORPORA, KEEP = 8, 2, 0.06
LATE_SLOTS = 3


def splice(data, out, seed=1, each=150):
    rng = random.Random(seed)
    labelled = [(d["utterances"], d["starts_topic"])
                for d in json.loads((data / "topic-shift/superdialseg-dev.json").read_text())]
    open_ended = []
    for chat in json.loads((data / "chat-exports/sharegpt.json").read_text()):
        said = []
        for m in chat.get("conversations", []):
            start = " ".join(re.findall(r"[^.!?\n]+[.!?\n]*", m.get("value") or "")[:3])[:300]
            said.append(("user:" if m.get("from") in ("human", "user") else "agent:") + start)
        if len(said) >= 2:
            open_ended.append((said, [0] * len(said)))
    dialogues = []
    for pool in (labelled, open_ended):
        for _ in range(each):
            said, starts = [], []
            for part in range(rng.randint(3, 5)):
                u, s = rng.choice(pool)
                n = rng.randint(2, 8)
                u, s = u[:n], s[:n]
                inner = next((i for i in range(1, len(s)) if s[i]), len(s))
                u = u[:max(inner, 2)]
                starts += [int(part > 0)] + [0] * (len(u) - 1)
                said += u
            dialogues.append({"dial_id": len(dialogues), "utterances": said, "starts_topic": starts})
    out.write_text(json.dumps(dialogues))


def figures(truth, found):
    n, segments = len(truth), 1 + sum(truth[1:])
    k = max(2, round(n / segments / 2))
    pairs = [(sum(truth[i + 1:i + k + 1]), sum(found[i + 1:i + k + 1])) for i in range(n - k)]
    w = max(len(pairs), 1)
    pk = sum((a > 0) != (b > 0) for a, b in pairs) / w
    wd = sum(a != b for a, b in pairs) / w
    hits = sum(a and b for a, b in zip(truth[1:], found[1:]))
    both = sum(truth[1:]) + sum(found[1:])
    return pk, wd, 2 * hits / both if both else 0.0


def fit(dump, out):
    import numpy as np
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    dialogues = [json.loads(line) for line in dump.open()]
    corpus = lambda d: d["set"].split("-")[0] if d["set"] in LABELLED else "splice"
    at = 0
    for d in dialogues:
        d["at"], d["n"] = at, len(d["starts"]) - 1
        at += d["n"]
    rng = np.random.RandomState(0)
    folds = np.arange(len(dialogues)) % FOLDS
    for name in {d["set"] for d in dialogues} and sorted({d["set"] for d in dialogues}):
        of = [i for i, d in enumerate(dialogues) if d["set"] == name]
        part = np.arange(len(of)) % FOLDS
        rng.shuffle(part)
        folds[of] = part
    rows = lambda f: np.concatenate([np.full(d["n"], f(d, i)) for i, d in enumerate(dialogues)])
    fold = rows(lambda d, i: folds[i])
    weight = rows(lambda d, i: WEIGHT[corpus(d)])
    y = np.concatenate([np.array(d["starts"][1:], int) for d in dialogues])
    x = np.concatenate([np.array(d["past"][1:]) for d in dialogues])
    wording = x.shape[1] - 1  # the last input is the wording itself
    x[:, wording] = 0.0

    grams = [g for d in dialogues for g in d["grams"][1:]]
    count, where = Counter(), {}
    for d in dialogues:
        for g in d["grams"][1:]:
            for a in g:
                count[a] += 1
                if corpus(d) != "splice":
                    where.setdefault(a, set()).add(corpus(d))

    def matrix(vocabulary):
        index = {a: i for i, a in enumerate(vocabulary)}
        cells = [(r, index[a]) for r, g in enumerate(grams) for a in g if a in index]
        r, c = zip(*cells)
        return csr_matrix((np.ones(len(r)), (r, c)), shape=(len(grams), len(index)))

    def logistic(a, train, c):
        model = LogisticRegression(C=c, max_iter=300, tol=1e-3)
        return model.fit(a[train], y[train], sample_weight=weight[train])

    def past(train, vocabulary):
        """Weights of the dense inputs and of the runs of words."""
        m = matrix(vocabulary)
        mu, sd = x[train].mean(0), x[train].std(0) + 1e-6
        model = logistic(hstack([csr_matrix((x - mu) / sd), m]).tocsr(), train, C_PAST)
        dense, words = model.coef_[0][:x.shape[1]] / sd, model.coef_[0][x.shape[1]:]
        return mu, dense, model.intercept_[0], words, m

    def pruned(train):
        """Fits twice: the second time with the runs of words that matter."""
        all_words = sorted(a for a, n in count.items()
                           if n >= MIN_COUNT and len(where.get(a, ())) >= MIN_CORPORA)
        words = past(train, all_words)[3]
        kept = [a for a, v in zip(all_words, words) if abs(v) >= KEEP]
        return kept, past(train, kept)

    def report(name, p):
        best = None
        for threshold in np.arange(0.30, 0.50, 0.02):
            scores = {}
            for s in LABELLED:
                f = np.mean([figures(d["starts"], [0] + list((p[d["at"]:d["at"] + d["n"]] >= threshold).astype(int)))
                             for d in dialogues if d["set"] == s], axis=0)
                scores[s] = (0.5 * f[2] + 0.25 * (1 - f[0]) + 0.25 * (1 - f[1]), *f)
            total = (0.5 * scores["tiage-train"][0] + 0.5 * scores["tiage-dev"][0]
                     + scores["dialseg711-dev"][0] + scores["superdialseg-dev"][0]) / 3
            if best is None or total > best[0]:
                best = (total, threshold, scores)
        print(f"{name}: threshold {best[1]:.2f}, mean score {best[0]:.4f}")
        for s, (score, pk, wd, f1) in best[2].items():
            print(f"  {s:<18} Pk {pk:.3f}  WD {wd:.3f}  F1 {f1:.3f}  Score {score:.3f}")
        sys.stdout.flush()
        return best[1]

    sigmoid = lambda z: 1 / (1 + np.exp(-z))
    p, unseen = np.zeros(len(y)), np.zeros(len(y))
    for k in range(FOLDS):
        kept, (mu, dense, bias, words, m) = pruned(fold != k)
        test = fold == k
        unseen[test] = (m @ words)[test]
        p[test] = sigmoid(bias + (x[test] - mu) @ dense + unseen[test])
    threshold = report("past only", p)

    # hindsight is fitted on wording scores of models that had not seen the dialogue
    width, blocks = x.shape[1], len(next(v for d in dialogues for v in d["late"] if v)) - LATE_SLOTS * x.shape[1]
    h, known = np.zeros((len(y), LATE_SLOTS * width + blocks)), np.zeros(len(y), bool)
    for d in dialogues:
        for t, inputs in enumerate(d["late"]):
            r = d["at"] + t - LATE_SLOTS
            if inputs and t >= LATE_SLOTS:
                h[r], known[r] = inputs, True
                for slot in range(LATE_SLOTS):
                    h[r, slot * width + wording] = unseen[r + slot]

    def late(train):
        mu, sd = h[train].mean(0), h[train].std(0) + 1e-6
        model = logistic((h - mu) / sd, train, C_LATE)
        return mu, model.coef_[0] / sd, model.intercept_[0]

    q = p.copy()
    for k in range(FOLDS):
        mu, dense, bias = late((fold != k) & known)
        test = (fold == k) & known
        q[test] = sigmoid(bias + (h[test] - mu) @ dense)
    late_threshold = report("two of hindsight", q)

    kept, (mu, dense, bias, words, _) = pruned(fold >= 0)
    dense[wording], mu[wording] = 1.0, 0.0
    h_mu, h_dense, h_bias = late(known)
    table = [(a, v) for a, v in sorted(zip(kept, words), key=lambda kv: kv[0].encode()) if abs(v) >= 0.01]
    print(f"{len(table)} runs of words; thresholds {threshold:.2f} and {late_threshold:.2f}")
    write_table(out / "wording_table.rs", table)
    write_model(out / "weights_2026_11.rs", (bias, dense, mu), (h_bias, h_dense, h_mu))


def write_table(path, table):
    cells = [f"({json.dumps(a)}, {v:.2f})" for a, v in table]
    path.write_text(
        "//! Weights of runs of words, written by `fit/fit.py`; see the weights beside it.\n\n"
        "#[rustfmt::skip]\n"
        f"pub(crate) static TABLE: [(&str, f64); {len(cells)}] = [\n{wrapped(cells)}];\n")


def write_model(path, past, late):
    def model(name, kind, size, bias, weights, usual):
        return (f"#[rustfmt::skip]\npub(crate) static {name}: Model<{kind}> = Model {{\n"
                f"    bias: {bias:.4f},\n"
                f"    weights: [\n{wrapped([f'{v:.4f}' for v in weights], 8)}    ],\n"
                f"    usual: [\n{wrapped([f'{v:.4f}' for v in usual], 8)}    ],\n}};\n")
    path.write_text(
        "//! Weights fitted in November 2026, written by `fit/fit.py`.\n//!\n"
        "//! Data: TIAGE train and dev (MIT), DialSeg711 dev (7 dialogues), SuperDialseg dev (300 dialogues,\n"
        "//! MIT), and 300 dialogues spliced from SuperDialseg dev and ShareGPT (Apache-2.0). Vectors:\n"
        "//! `minilm-static-256-int8`. Thresholds are in the rules.\n\n"
        "use super::{Evidence, HINDSIGHT_INPUTS, model::Model};\n\n"
        + model("PAST", "{ Evidence::COUNT }", "", *past) + "\n"
        + model("HINDSIGHT", "HINDSIGHT_INPUTS", "", *late))


def wrapped(cells, indent=4):
    lines, line = [], " " * indent
    for cell in cells:
        if len(line) + len(cell) + 2 > 100:
            lines.append(line.rstrip())
            line = " " * indent
        line += cell + ", "
    return "\n".join(lines + [line.rstrip()]) + "\n"


if __name__ == "__main__":
    {"splice": splice, "fit": fit}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
