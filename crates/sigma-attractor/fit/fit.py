#!/usr/bin/env python3
"""Fits the weights of the subject models (needs numpy, scipy and scikit-learn).

    python3 fit.py splice DATA_DIR SPLICED.json
    cargo run --release -p sigma-attractor --example inputs -- INPUTS.jsonl \
        DATA_DIR/topic-shift/{tiage-train,tiage-dev,dialseg711-dev,superdialseg-dev}.json SPLICED.json
    python3 fit.py fit INPUTS.jsonl ../src/subject
    python3 fit.py seeds INPUTS.jsonl

`splice` strings together beginnings of dialogues that have nothing to do with one another, so that
the models see changes of subject outside the domains of the labelled sets. `fit` prints scores in
five-fold cross-validation by dialogue and with one corpus left out at a time, and writes the weights fitted on
all. `seeds` prints the same for five ways to cut the folds, and writes nothing. Seeded: the same inputs give the
same weights.
"""
import json, random, re, sys
from collections import Counter
from pathlib import Path

LABELLED = ["tiage-train", "tiage-dev", "dialseg711-dev", "superdialseg-dev"]
# weight of a row by the corpus it is from: the seven dialogues of DialSeg711 would drown
WEIGHT = {"tiage": 1.0, "dialseg711": 4.0, "superdialseg": 1.0, "splice": 0.3}
FOLDS, C_PAST, C_WIDE, C_NARROW, WIDE = 5, 0.05, 0.015, 0.02, 0.6
# as in the rules
THRESHOLD, LATE_THRESHOLD = 0.36, 0.38
# a run of words counts when it is common enough and not of one corpus alone
MIN_COUNT, MIN_CORPORA, KEEP = 8, 2, 0.06
LATE_SLOTS = 3
# as in `hindsight.rs`: inputs at the end, and the odds where nothing was before
ODDS, COHESION, USUAL_ODDS = 5, 12, -1.5


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


def fit(dump, out, seeds=(0,)):
    """Prints cross-validated and leave-one-corpus-out scores; writes weights fitted on all to `out`, if given."""
    data = Data(dump)
    for seed in seeds:
        folds = data.folds(seed)
        parts = [folds == k for k in range(FOLDS)]
        data.report(f"five folds, seed {seed}", *data.held_out(parts, MIN_CORPORA))
    of = data.rows(lambda d: "superdialseg" if data.corpus(d) == "splice" else data.corpus(d))
    parts = [of == name for name in ("tiage", "dialseg711", "superdialseg")]
    # two corpora are left to learn from, or one: a run of words may be of one alone
    data.report("one corpus left out", *data.held_out(parts, 1))
    if out:
        data.write(out, seeds[0])


class Data:
    def __init__(self, dump):
        import numpy as np
        self.dialogues = [json.loads(line) for line in dump.open()]
        at = 0
        for d in self.dialogues:
            d["at"], d["n"] = at, len(d["starts"]) - 1
            at += d["n"]
        self.weight = self.rows(lambda d: WEIGHT[self.corpus(d)])
        self.y = np.concatenate([np.array(d["starts"][1:], int) for d in self.dialogues])
        self.x = np.concatenate([np.array(d["past"][1:]) for d in self.dialogues])
        self.width = self.x.shape[1]
        self.wording = self.width - 1  # the last input is the wording itself
        self.x[:, self.wording] = 0.0
        self.grams = [g for d in self.dialogues for g in d["grams"][1:]]
        some = next(v for d in self.dialogues for v in d["late"] if v)
        self.wide = len(some) - ODDS - COHESION
        self.h, self.known = np.zeros((len(self.y), len(some))), np.zeros(len(self.y), bool)
        for d in self.dialogues:
            for t, inputs in enumerate(d["late"]):
                if inputs and t >= LATE_SLOTS:
                    self.h[d["at"] + t - LATE_SLOTS] = inputs
                    self.known[d["at"] + t - LATE_SLOTS] = True
        words = [slot * self.width + self.wording for slot in range(LATE_SLOTS)]
        self.narrow = np.r_[self.wide:len(some), words]

    def corpus(self, d):
        return d["set"].split("-")[0] if d["set"] in LABELLED else "splice"

    def rows(self, f):
        import numpy as np
        return np.concatenate([np.full(d["n"], f(d)) for d in self.dialogues])

    def folds(self, seed):
        import numpy as np
        rng, fold = np.random.RandomState(seed), {}
        for name in sorted({d["set"] for d in self.dialogues}):
            of = [d["at"] for d in self.dialogues if d["set"] == name]
            part = np.arange(len(of)) % FOLDS
            rng.shuffle(part)
            fold.update(zip(of, part))
        return self.rows(lambda d: fold[d["at"]])

    def logistic(self, a, train, c):
        from sklearn.linear_model import LogisticRegression
        model = LogisticRegression(C=c, max_iter=300, tol=1e-3)
        return model.fit(a[train], self.y[train], sample_weight=self.weight[train])

    def matrix(self, vocabulary):
        import numpy as np
        from scipy.sparse import csr_matrix
        index = {a: i for i, a in enumerate(vocabulary)}
        cells = [(r, index[a]) for r, g in enumerate(self.grams) for a in g if a in index]
        r, c = zip(*cells) if cells else ((), ())
        return csr_matrix((np.ones(len(r)), (r, c)), shape=(len(self.grams), len(index)))

    def common(self, train, min_corpora):
        """The runs of words that are common enough in what is learnt from."""
        count, where = Counter(), {}
        for d in self.dialogues:
            if not train[d["at"]]:
                continue
            for g in d["grams"][1:]:
                for a in g:
                    count[a] += 1
                    if self.corpus(d) != "splice":
                        where.setdefault(a, set()).add(self.corpus(d))
        return sorted(a for a, n in count.items() if n >= MIN_COUNT and len(where.get(a, ())) >= min_corpora)

    def past(self, train, vocabulary):
        """Weights of the dense inputs and of the runs of words."""
        from scipy.sparse import csr_matrix, hstack
        m = self.matrix(vocabulary)
        mu, sd = self.x[train].mean(0), self.x[train].std(0) + 1e-6
        model = self.logistic(hstack([csr_matrix((self.x - mu) / sd), m]).tocsr(), train, C_PAST)
        dense, words = model.coef_[0][:self.width] / sd, model.coef_[0][self.width:]
        return mu, dense, model.intercept_[0], words, m

    def pruned(self, train, min_corpora):
        """Fits twice: the second time with the runs of words that matter."""
        words = self.common(train, min_corpora)
        kept = [a for a, v in zip(words, self.past(train, words)[3]) if abs(v) >= KEEP]
        return kept, self.past(train, kept)

    def late(self, h, train):
        """A wide model of all that was seen and a narrow one of odds and cohesion, mixed into one."""
        import numpy as np
        mu, sd = h[train].mean(0), h[train].std(0) + 1e-6
        z, weights, bias = (h - mu) / sd, np.zeros(h.shape[1]), 0.0
        for columns, c, share in ((np.arange(self.wide), C_WIDE, WIDE), (self.narrow, C_NARROW, 1 - WIDE)):
            model = self.logistic(z[:, columns], train, c)
            weights[columns] += share * model.coef_[0] / sd[columns]
            bias += share * model.intercept_[0]
        return mu, weights, bias

    def unseen(self, parts, min_corpora):
        """Log-odds and wording scores of each part by models that have not seen it."""
        import numpy as np
        odds, words = np.zeros(len(self.y)), np.zeros(len(self.y))
        for test in parts:
            mu, dense, bias, weights, m = self.pruned(~test, min_corpora)[1]
            words[test] = (m @ weights)[test]
            odds[test] = bias + (self.x[test] - mu) @ dense + words[test]
        return odds, words

    def retold(self, odds, words):
        """The inputs of hindsight with what models say that have not seen the dialogue."""
        import numpy as np
        h = self.h.copy()
        for d in self.dialogues:
            z = np.concatenate([[USUAL_ODDS], odds[d["at"]:d["at"] + d["n"]]])
            for t in range(1, d["n"] - LATE_SLOTS + 2):
                r = d["at"] + t - 1
                h[r, self.wide:self.wide + ODDS] = z[t], z[t + 1], z[t + 2], max(z[t + 1], z[t + 2]), z[t - 1]
                for slot in range(LATE_SLOTS):
                    h[r, slot * self.width + self.wording] = words[r + slot]
        return h

    def held_out(self, parts, min_corpora):
        odds, words = self.unseen(parts, min_corpora)
        h, late = self.retold(odds, words), odds.copy()
        for test in parts:
            mu, weights, bias = self.late(h, ~test & self.known)
            rows = test & self.known
            late[rows] = bias + (h[rows] - mu) @ weights
        return odds, late

    def report(self, name, odds, late):
        import numpy as np
        for mode, z, threshold in (("past only", odds, THRESHOLD), ("two of hindsight", late, LATE_THRESHOLD)):
            print(f"{name}, {mode}")
            cut = np.log(threshold / (1 - threshold))
            for s in LABELLED:
                f = np.mean([figures(d["starts"], [0] + list((z[d["at"]:d["at"] + d["n"]] >= cut).astype(int)))
                             for d in self.dialogues if d["set"] == s], axis=0)
                score = 0.5 * f[2] + 0.25 * (1 - f[0]) + 0.25 * (1 - f[1])
                print(f"  {s:<18} Pk {f[0]:.3f}  WD {f[1]:.3f}  F1 {f[2]:.3f}  Score {score:.3f}")
            sys.stdout.flush()

    def write(self, out, seed):
        import numpy as np
        folds, everything = self.folds(seed), np.ones(len(self.y), bool)
        h = self.retold(*self.unseen([folds == k for k in range(FOLDS)], MIN_CORPORA))
        h_mu, h_dense, h_bias = self.late(h, self.known)
        kept, (mu, dense, bias, words, _) = self.pruned(everything, MIN_CORPORA)
        dense[self.wording], mu[self.wording] = 1.0, 0.0
        table = [(a, v) for a, v in sorted(zip(kept, words), key=lambda kv: kv[0].encode()) if abs(v) >= 0.01]
        print(f"{len(table)} runs of words")
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
    paths = [Path(path) for path in sys.argv[2:]]
    if sys.argv[1] == "seeds":
        fit(*paths, None, range(5))
    else:
        {"splice": splice, "fit": fit}[sys.argv[1]](*paths)
