"""The operations of the fixtures, computed from the formulas and by nothing else.

Written without a look at the crates, so that two programs have to agree. See ../README.md.
"""

import math
import unicodedata

import blake3
import canonical
import interop


def missing(why):
    return {"missing": why}


def clamp(x, low=0.0, high=1.0):
    return max(low, min(high, x))


def value(x):
    """A measured number, or None for a missing one."""
    return None if isinstance(x, dict) else x


# --- types -------------------------------------------------------------------------------------


def canonical_json(given, _):
    return {"text": canonical.text(given["value"])}


def canonical_hash(given, _):
    return {"hash": blake3.hexdigest(canonical.text(given["value"]).encode())}


# --- SRIP-03 -----------------------------------------------------------------------------------

CAUTION, REFLECTIVE, RECOVERY, CRITICAL, COLLAPSE = 0.45, 0.5, 0.6, 0.7, 0.75
SCR_FLOOR = 0.05
RISING = {"sdi": (0.35, 0.45, 0.55), "sv": (0.40, 0.55, 0.65), "pd": (0.25, 0.35, 0.45)}
FALLING = {"scr": (0.65, 0.55, 0.45)}
METHODS = {
    "sdi": "semantic_re_anchoring",
    "sv": "density_modulation",
    "pd": "posture_realignment",
    "scr": "attractor_reinforcement",
}
PRINTED = {
    "nominal": "Stable",
    "caution": "Reflective",
    "reflective": "Reflective",
    "recovery": "Recovery",
    "critical": "Critical",
    "collapse": "Critical",
}


def cosine(a, b):
    dot = sum(x * y for x, y in zip(a, b))
    return dot / math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))


def drift_semantic(given, _):
    if given["previous"] is None:
        return {"sdi": 0.0}
    return {"sdi": clamp((1 - cosine(given["previous"], given["answer"])) / 2)}


def drift_index(given, _):
    known = [x for x in (value(given[k]) for k in ("sdi", "sv", "pd")) if x is not None]
    raw = sum(known) / (len(known) * max(given["scr"], SCR_FLOOR))
    return {"di_raw": raw, "di": min(1.0, raw)}


def posture(di):
    if di > COLLAPSE:
        return "collapse"
    for name, bound in (("critical", CRITICAL), ("recovery", RECOVERY), ("reflective", REFLECTIVE), ("caution", CAUTION)):
        if di >= bound:
            return name
    return "nominal"


def drift_posture(given, _):
    name = posture(given["di_raw"])
    return {
        "posture": name,
        "printed": PRINTED[name],
        "suspends_recursion": name in ("recovery", "critical", "collapse"),
    }


def band(metric, x):
    if metric in RISING:
        reflective, recovery, critical = RISING[metric]
        order = ((x > critical, "critical"), (x >= recovery, "recovery"), (x >= reflective, "reflective"))
    else:
        reflective, recovery, critical = FALLING[metric]
        order = ((x < critical, "critical"), (x <= recovery, "recovery"), (x <= reflective, "reflective"))
    return next((name for holds, name in order if holds), "normal")


def drift_bands(given, _):
    bands = {m: band(m, given[m]) for m in ("sdi", "sv", "pd", "scr") if m in given}
    wrong = [m for m in bands if bands[m] != "normal"]
    return {"bands": bands, "advisories": [{"metric": m, "band": bands[m], "method": METHODS[m]} for m in wrong]}


CRYSTAL_CYCLES, CRYSTAL_ENTER, CRYSTAL_PENALTY, CRYSTAL_LEAVE = 5, 0.85, 0.08, 0.70


def drift_crystallization(given, _):
    """Cycles of {posture, convergent, stability, suspended?} to what changes in each."""
    inside, run, changes = False, 0, []
    for step in given["cycles"]:
        change = "none"
        if inside:
            if not step["convergent"]:
                inside, run, change = False, 0, "left_to_stable"
            elif step["stability"] < CRYSTAL_LEAVE:
                inside, run, change = False, 0, "left_to_reflection"
        elif step.get("suspended"):
            run = 0
        else:
            run = run + 1 if step["convergent"] and step["posture"] == "nominal" else 0
            if run >= CRYSTAL_CYCLES and step["stability"] > CRYSTAL_ENTER:
                inside, change = True, "entered"
        changes.append({"change": change, "crystallized": inside})
    return {"cycles": changes}


def drift_stability(given, _):
    """A steady psi, always convergent and nominal: what crystallisation takes off."""
    psi, inside, run, penalty, out = given["psi"], False, 0, 0.0, []
    for _ in range(given["cycles"]):
        stability = clamp(psi - penalty, 0.20, 1.0)
        if inside and stability < CRYSTAL_LEAVE:
            inside, run, penalty = False, 0, 0.0
        elif inside:
            penalty += CRYSTAL_PENALTY
        else:
            run += 1
            if run >= CRYSTAL_CYCLES and stability > CRYSTAL_ENTER:
                inside, penalty = True, CRYSTAL_PENALTY
        out.append({"stability": stability, "crystallized": inside})
    return {"cycles": out}


def drift_total_ref(given, _):
    semantic = 1 - math.exp(-1.5 * max(0.0, 1 - given["cosine"]))
    words, before = given["words"], given["words_before"]
    tonal = abs(words - before) / max(words, before, 1)
    return {"drift_total_ref": 0.8 * semantic + 0.2 * tonal}


# --- SRIP-10 -----------------------------------------------------------------------------------

CENTRE = (0.65, 0.10, 0.84)


def aep_sdc(given, _):
    """Half distances of neighbouring answers to the mean of the last ten."""
    seen, out = [], []
    for step in given["steps"]:
        if step is not None:
            seen = (seen + [step])[-10:]
        out.append(sum(seen) / len(seen) if seen else missing("no_previous_answer"))
    return {"sdc": out}


def aep_zone_reference(given, _):
    ti, sdc, ln = (value(given[k]) for k in ("ti", "sdc", "ln"))
    over = lambda x, bound: x is not None and x > bound
    under = lambda x, bound: x is not None and x < bound
    if over(ti, 0.85) or under(sdc, 0.03) or over(ln, 0.92):
        return {"zone": "convergent"}
    if under(ti, 0.40) and over(ln, 0.85):
        return {"zone": "semantic_monotony"}
    if under(ti, 0.40) or over(sdc, 0.25) or under(ln, 0.70):
        return {"zone": "dispersive"}
    return {"zone": "equilibrium"}


def aep_zone_calibrated(given, _):
    """Before the session has a baseline: absolute terms only."""
    if given["cycle"] < 10:
        return {"zone": "equilibrium"}
    get = lambda key: value(given[key]) if given.get(key) is not None else None
    sdc, ln, onset, terminal = (get(k) for k in ("sdc", "ln", "onset", "terminal"))
    if (sdc is not None and sdc < 0.08) or (onset or 0) > 0.50 or (terminal or 0) > 0.55:
        return {"zone": "convergent"}
    if (sdc is not None and sdc > 0.42) or (ln is not None and ln < 0.70):
        return {"zone": "dispersive"}
    return {"zone": "equilibrium"}


def aep_dwell(given, _):
    zone, last, run, out = "equilibrium", None, 0, []
    for vote in given["votes"]:
        run = run + 1 if vote == last else 1
        last = vote
        if vote != zone and run >= (3 if vote == "equilibrium" else 2):
            zone = vote
        out.append(zone)
    return {"zones": out}


# --- SRIP-02 -----------------------------------------------------------------------------------

STATES = ("forming", "stable", "reflective", "recovery", "fragmenting")


def lifecycle_step(state, step):
    di, psi, psd = step["di_raw"], value(step["psi"]), value(step["psd"])
    if step.get("field_reset") or di > 0.7:
        to = "fragmenting"
    elif di >= 0.6 or (psi is not None and psi < 0.6):
        to = "recovery"
    elif di >= 0.5 or (psd is not None and psd >= 0.15):
        to = "reflective"
    elif di < 0.35 and psi is not None and psi > 0.8:
        to = "stable"
    else:
        to = state if STATES.index(state) <= 2 else "reflective"
    if step.get("locked") and STATES.index(to) < STATES.index(state):
        to = state
    return to


def attractor_lifecycle(given, _):
    state, out = given["state"], []
    for step in given["cycles"]:
        before, state = state, lifecycle_step(state, step)
        psi = value(step["psi"])
        out.append(
            {
                "state": state,
                "below_nominal": psi is not None and psi < 0.75,
                "recursion_suspended": state == "recovery",
                "restore": state == "recovery" and before != "recovery",
                "crystallized": bool(step.get("crystallized")) and state == "stable",
            }
        )
    return {"cycles": out}


PROJECTION = {
    "forming": ("stable", "stable", "forming", "forming", "forming"),
    "stable": ("stable", "stable", "stable", "stable", "stable"),
    "crystallized": ("crystallization", "stable", "stable", "stable", "crystallization"),
    "reflective": ("reflective", "reflective", "reflective", "reflection", "reflection"),
    "recovery": ("recovery", "recenter", "recovery", "fragmenting", "fragmenting"),
    "fragmenting": ("recovery", "recenter", "fragmenting", "fragmenting", "fragmenting"),
    "locked": ("critical", "recenter", "fragmenting", "fragmenting", "fragmenting"),
}


def attractor_project(given, _):
    state, row = given["lifecycle"], given["lifecycle"]
    if given.get("locked"):
        row = "locked"
    elif given.get("crystallized") and state == "stable":
        row = "crystallized"
    names = ("posture", "axis", "interop", "recall", "relational")
    return dict(zip(names, PROJECTION[row]), recovery_marker=state == "recovery")


def attractor_overlap(given, _):
    """Motif keys of two attractors, twelve strongest at most, at least three each."""
    a, b = given["a"], given["b"]
    if min(len(a), len(b)) < 3:
        return {"overlap": missing("too_short"), "merge": False}
    share = len(set(a) & set(b)) / min(len(a), len(b))
    return {"overlap": share, "merge": share >= 0.60}


# --- SRIP-07 -----------------------------------------------------------------------------------


def density_zone(sd):
    if sd < 0.45:
        return "low", "reflect_and_reinforce"
    if sd > 0.85:
        return "high", "dampen"
    if sd < 0.5:
        return "low_edge", "none"
    if sd > 0.8:
        return "high_edge", "none"
    return "optimal", "none"


def density_measure(given, _):
    """Answers as lists of content stems."""
    history, seen, out = [], [], []
    for stems in given["answers"]:
        if not stems:
            out.append({"sd": missing("empty_text"), "sv": missing("empty_text"), "regulation": "none"})
            continue
        if not history:
            history.append(stems)
            out.append({"sd": missing("no_previous_answer"), "regulation": "none"})
            continue
        total = 0.0
        for stem in stems:
            for age, before in enumerate(reversed(history[-10:]), 1):
                if stem in before:
                    total += 0.98**age
                    break
        sd = total / len(stems)
        seen.append(sd)
        window = seen[-5:]
        mean = sum(window) / len(window)
        sv = 2 * math.sqrt(sum((x - mean) ** 2 for x in window) / len(window))
        few = len(window) < 2
        zone, regulation = density_zone(sd)
        out.append(
            {
                "sd": sd,
                "cd": 0.65 - sd,
                "dr": abs(seen[-1] - seen[-2]) if not few else missing("no_previous_answer"),
                "sv": missing("window_too_short") if few else sv,
                "sc": missing("window_too_short") if few else 1 - sv,
                "zone": zone,
                "regulation": regulation,
            }
        )
        history.append(stems)
    return {"answers": out}


# --- SRIP-08 -----------------------------------------------------------------------------------


def unit(v):
    norm = math.sqrt(sum(x * x for x in v))
    return [x / norm for x in v]


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def phase_measure(given, _):
    resonances, last, out = [], None, []
    for step in given["cycles"]:
        d0 = step["d0"]
        s, c = clamp((0.65 - d0) / 0.30), clamp((d0 - 0.50) / 0.30)
        p = unit([s, max(0.0, 1 - s - c), c])
        target = [0.5, 0.0, 0.0]
        target[("stable", "reflective", "recenter").index(step["commanded"])] += 0.5
        expected = unit(target)
        prs = clamp(dot(p, expected))
        radians = math.acos(prs)
        theta = radians / (math.pi / 2)
        resonances = (resonances + [prs])[-8:]
        psi = sum(resonances) / len(resonances)
        first = missing("no_previous_answer")
        out.append(
            {
                "vector": p,
                "expected": expected,
                "theta": theta,
                "theta_rad": radians,
                "prs": prs,
                "psi": psi,
                "psi_window_full": len(resonances) == 8,
                "psd": max(0.0, 0.90 - psi),
                "psd_literal": abs(psi - 0.90),
                "ps_delta": abs(theta - last[1]) if last else first,
                "ps_delta_signed": theta - last[1] if last else first,
                "pci": clamp(dot(p, last[0])) if last else first,
                "pd": 1 - prs,
            }
        )
        last = (p, theta)
    return {"cycles": out}


# --- SRIP-06 -----------------------------------------------------------------------------------

LIMITS = {
    "max_recursion_depth": (8, 12),
    "max_introspection_levels": (0, 2),
    "phase_lock_timeout": (8, 10),
    "drift_limit": (0.45, 0.6),
    "entropy_threshold": (0.35, 0.4),
}
LOCK_TIMEOUT, ATTEMPTS, COOLDOWN = 8, 2, 5
LAST_ANSWERS = 3
OPEN_LIMITS = ("recursion_depth", "introspection_depth", "lock_timeout", "drift_limit")
STEPS = ["outputs_frozen", "posture_locked", "snapshot_taken", "volatile_purged", "recovery_begun"]


def safety_limits(given, _):
    inside = (LIMITS[k][0] <= v <= LIMITS[k][1] for k, v in given["limits"].items())
    return {"accepted": all(inside)}


def folded(text):
    return unicodedata.normalize("NFC", " ".join(text.lower().split()))


def safety_loop_signature(given, _):
    longest, redundant, start = 0, [], 0
    texts = [folded(t) for t in given["segments"]]
    for at in range(1, len(texts) + 1):
        if at < len(texts) and texts[at] == texts[at - 1]:
            continue
        longest = max(longest, at - start)
        if at - start > 2:
            redundant += range(start + 1, at)
        start = at
    return {"longest": longest, "redundant": redundant}


class Safety:
    """What the kernel remembers. The entropy of motifs is left out: no case gives it a history."""

    def __init__(self):
        self.attempt = self.dwell = self.cooldown = self.low = self.over = 0
        self.lock = None
        self.stability = None
        self.suspended = False
        self.shares = {}
        self.resonance = []

    def shift(self, c):
        """A phase that comes back to the one expected is no shift, unless the posture is an alarm itself."""
        calming = (c.get("ps_delta_signed") or 0) < 0 and c.get("posture") not in ("recovery", "critical")
        shift = c.get("ps_delta")
        return 0.0 if calming and shift is not None else shift

    def broken(self, c):
        get = lambda key: c.get(key)
        depth = c.get("recursion", {}).get("depth", 0)
        introspection = c.get("recursion", {}).get("introspection", 0)
        held = 0 if self.lock is None else self.lock + 1
        scr, pd, di, stability = get("scr"), get("pd"), get("di_raw"), get("stability")
        if stability is not None:
            self.low = self.low + 1 if stability < 0.5 else 0
        if di is not None:
            self.over = self.over + 1 if di >= 0.6 else 0
        collapsed = self.low > 3 and ((scr is not None and scr < 0.6) or (pd is not None and pd > 0.25))
        run = safety_loop_signature({"segments": c.get("segments", [])}, None)["longest"]
        rules = (
            ("recursion_depth", depth > 8),
            ("introspection_depth", introspection > 2),
            ("suspended_recursion", self.suspended and depth > 1),
            ("recursive_echo", run > 2),
            ("lock_timeout", not self.may_open(c) and held > LOCK_TIMEOUT),
            ("control_shift", (self.shift(c) or 0) > 0.15),
            ("drift_limit", di is not None and di >= 0.6),
            ("field_drift", (get("d_di") or 0) > 0.4),
            ("structural_collapse", collapsed),
        )
        return [name for name, holds in rules if holds]

    def may_open(self, c):
        shift, scr, now = self.shift(c), c.get("scr"), c.get("stability")
        if None in (shift, scr, now, self.stability):
            return False
        return shift <= 0.15 and abs(now - self.stability) < 0.05 and scr > 0.70

    def step(self, c):
        if c.get("prs") is not None:
            self.resonance = (self.resonance + [c["prs"]])[-LAST_ANSWERS:]
        broken = self.broken(c)
        limits = [name for name in broken if name in OPEN_LIMITS]
        was_on = self.attempt > 0
        out = set()
        total = sum(c.get("motifs", {}).values())
        shares = {k: n / total for k, n in c.get("motifs", {}).items()}
        movers = [k for k in shares if k not in c.get("protected", []) and shares[k] > self.shares.get(k, 0.0)]
        if "suspended_recursion" in broken:
            out.add("suspend_recursion")
        if "recursive_echo" in broken:
            out.add("prune_context")
        if "control_shift" in broken and self.lock is None and not was_on:
            out.add("lock_containment")
        drift, psi, di = "drift_limit" in broken, c.get("psi"), c.get("di_raw") or 0
        runaway = "recursion_depth" in broken or "introspection_depth" in broken
        control = runaway or "lock_timeout" in broken or (drift and ((psi is not None and psi < 0.6) or self.over >= 2))
        collapsed = "structural_collapse" in broken
        if drift and di > 0.75 and movers:
            out.add("quarantine")
        elif "field_drift" in broken and movers and not collapsed:
            out.add("isolate_motifs")
        if control and not was_on:
            out.add("recovery")
        elif drift and not control and not was_on and not collapsed:
            out.add("reset")
        if collapsed:
            out.add("dissolve")
        entry_steps, release = None, {"release_motifs", "release_containment", "release_posture"}
        if not was_on and limits:
            out |= {"lock_posture", "purge_volatile"}
            self.attempt, self.dwell, entry_steps = 1, 0, STEPS
        elif was_on:
            self.dwell += 1
            psi, psd = c.get("psi"), c.get("psd")
            by_window = psi is not None and psd is not None and psi > 0.9 and psd <= 0.1
            by_answers = len(self.resonance) == LAST_ANSWERS and sum(self.resonance) / LAST_ANSWERS > 0.9
            if not limits and (by_window or by_answers):
                out |= release
                self.attempt, self.dwell, self.cooldown = 0, 0, COOLDOWN
            elif self.dwell >= LOCK_TIMEOUT and self.attempt < ATTEMPTS:
                self.attempt, self.dwell = self.attempt + 1, 0
                out.add("recovery")
            elif self.dwell >= LOCK_TIMEOUT:
                out |= release | {"dissolve"}
                self.attempt, self.dwell, self.cooldown = 0, 0, COOLDOWN
        else:
            self.cooldown = max(0, self.cooldown - 1)
        on = self.attempt > 0
        if self.lock is not None and not on and (self.may_open(c) or "dissolve" in out):
            out.add("release_containment")
        if on or "release_containment" in out:
            self.lock = None
        elif "lock_containment" in out:
            self.lock = 1  # the cycle that closes it counts
        elif self.lock is not None:
            self.lock += 1
        if "dissolve" in out:
            self.low = self.over = 0
        self.suspended = on or "suspend_recursion" in out or c.get("posture") in ("recovery", "critical")
        self.stability = c.get("stability", self.stability)
        self.shares = shares
        return {
            "broken": broken,
            "transforms": sorted(out, key=TRANSFORM_ORDER.index),
            "safe_mode": on,
            "attempt": self.attempt,
            "dwell": self.dwell,
            "status": "recenter_pending" if on else "locked" if self.lock is not None else "nominal",
            "locked": on or self.lock is not None,
            "convergence_suspended": on or self.cooldown > 0,
            "recursion": "suspended" if self.suspended else "bounded",
            "entry_steps": entry_steps,
        }


TRANSFORM_ORDER = [
    "suspend_recursion", "prune_context", "lock_containment", "lock_posture", "isolate_motifs", "quarantine",
    "purge_volatile", "reset", "recovery", "dissolve", "release_motifs", "release_containment", "release_posture",
]


def safety_examine(given, _):
    safety = Safety()
    return {"cycles": [safety.step(cycle) for cycle in given["cycles"]]}


def hash_of(value):
    return blake3.hexdigest(canonical.text(value).encode())


def chain(given):
    prev, out = given["seed"], []
    for seq, entry in enumerate(given["entries"]):
        header = {"seq": seq, "cycle": entry["cycle"], "at": entry["at"], "kind": entry["kind"]}
        header |= {"payload_hash": hash_of(entry["payload"]), "prev": prev}
        out.append(dict(header, payload=entry["payload"], hash=hash_of(header)))
        prev = out[-1]["hash"]
    return out


def ledger_append(given, _):
    entries = [{k: e[k] for k in ("seq", "payload_hash", "prev", "hash")} for e in chain(given)]
    return {"entries": entries, "head": entries[-1]["hash"] if entries else None}


def ledger_verify(given, when):
    entries, prev = chain(given), given["seed"]
    if "replace" in when:
        at, fields = when["replace"]
        entries[at] = dict(entries[at], **fields)
    if "order" in when:
        entries = [entries[at] for at in when["order"]]
    for seq, entry in enumerate(entries):
        header = {k: entry[k] for k in ("seq", "cycle", "at", "kind", "payload_hash", "prev")}
        whole = entry["seq"] == seq and entry["prev"] == prev
        if not whole or entry["payload_hash"] != hash_of(entry["payload"]) or entry["hash"] != hash_of(header):
            return {"intact": False, "seq": seq}
        prev = entry["hash"]
    return {"intact": True}


# --- SRIP-04 -----------------------------------------------------------------------------------


def words(text):
    return "".join(c if c.isalnum() else " " for c in text.lower()).split()


def memory_breaches(given, _):
    get = {k: value(v) for k, v in given.items()}
    rules = (
        ("contextual_integrity", get["ci"] is not None and get["ci"] < 0.8),
        ("retention", get["ri"] is not None and get["ri"] < 0.7),
        ("entropy", get["er"] is not None and get["er"] > 0.3),
        ("carry_over", get["cc"] is not None and get["cc"] < 0.75),
    )
    names = [name for name, holds in rules if holds]
    return {"breaches": names, "demands_recovery": "entropy" in names}


def said(given):
    return [text for cycle in given["cycles"] for text in (cycle["user"], cycle["answer"])]


def repeats(texts):
    seen, found = set(), []
    for at, text in enumerate(texts):
        key = " ".join(text.split()).lower()
        if key in seen:
            found.append(at)
        seen.add(key)
    return found


def entropy(texts):
    return missing("window_too_short") if len(texts) < 10 else len(repeats(texts)) / len(texts)


def integrity(cycles):
    states = []
    for cycle in cycles:
        v = unit(cycle["vector"]) if "vector" in cycle else None
        before = states[-1] if states else None
        if v is None:
            states.append(before)
        elif before is None:
            states.append(v)
        else:
            states.append(unit([0.5 * a + 0.5 * b for a, b in zip(before, v)]))
    last = states[-6:]
    if len(last) < 6:
        return missing("window_too_short")
    if any(s is None for s in last):
        return missing("no_embedding")
    return sum(dot(a, b) for a, b in zip(last, last[1:])) / 5


def carry_over(cycles):
    vectors = [c.get("phase_vector") for c in cycles[-10:]]
    if len(vectors) < 10:
        return missing("window_too_short")
    if any(v is None for v in vectors):
        return missing("nothing_yet")
    means = [unit([sum(x) for x in zip(*half)]) for half in (vectors[:5], vectors[5:])]
    return clamp(dot(*means))


def retention(given):
    cycles = given["cycles"]
    if len(cycles) < 21:
        return missing("window_too_short")
    anchored = set(given.get("core_motifs", []))
    core = set(cycles[-21].get("motifs", [])[:10]) | anchored
    if not core:
        return missing("nothing_yet")
    held = [set(words(text)) for text in said(given)]
    reached = [m for m in core if m in anchored or any(set(m.split()) <= frame for frame in held)]
    return len(reached) / len(core)


def memory_session(given, _):
    cycles = given["cycles"]
    figures = {"ci": integrity(cycles), "ri": retention(given), "er": entropy(said(given)), "cc": carry_over(cycles)}
    deltas, last = [], {}
    for cycle in cycles:
        change = lambda key: cycle[key] - last[key] if key in cycle and key in last else None
        deltas.append({"delta_di": change("di"), "delta_scr": change("scr")})
        last = cycle
    return dict(figures, frames=2 * len(cycles), breaches=memory_breaches(figures, None)["breaches"], cycles=deltas)


def memory_append(given, when):
    total, out = 0, []
    same = when.get("to_session", given.get("session", "session")) == given.get("session", "session")
    for at in when["present"]:
        new = same and at == total
        known = same and at < total
        total += new
        out.append({"outcome": "new" if new else "already_there" if known else "refused", "changed": new})
    return {"frames": total, "appended": out}


def memory_recover(given, when):
    texts = said(given)
    before = entropy(texts)
    if value(before) is None or before <= 0.3:
        return {"permitted": False, "er_before": before}
    pruned = repeats(texts)
    kept = [t for at, t in enumerate(texts) if at not in pruned]
    after = entropy(kept)
    return {
        "permitted": True,
        "er_before": before,
        "er_after": after,
        "pruned": pruned,
        "frames_kept": len(texts),
        "anchors_kept": True,
        "stable_again": value(after) is None or after <= 0.3,
    }


def memory_summary_hash(given, _):
    summary = " ".join(unicodedata.normalize("NFC", given["summary"]).lower().split())
    return {
        "hash": hash_of(
            {
                "schema": "srip-04/2026-04-17",
                "cycle": given["cycle"],
                "phase": given["phase"],
                "attractor_id": given["attractor"],
                "summary": summary,
                "core_motifs": sorted(set(given["core_motifs"])),
                "drift": None if given["drift"] is None else round(given["drift"], 4),
                "parent_hash": given["parent"],
            }
        )
    }


# --- SRIP-13 -----------------------------------------------------------------------------------

RIS_BANDS = ["low", "medium", "high", "critical"]
RIS_ACTIONS = {
    "monitor": "low",
    "soft_grounding": "medium",
    "variation_injection": "medium",
    "coherence_guidance": "medium",
    "de_escalation": "high",
    "loop_break": "high",
    "boundary_enforcement": "high",
    "reality_anchor": "high",
    "stabilize": "critical",
    "recovery_mode": "critical",
    "hard_interrupt": "critical",
}


def ris_cell(phase, zone):
    if zone in ("semantic_monotony", "convergent"):
        return "variation_injection"
    if zone == "dispersive":
        return "de_escalation" if phase == "fragmenting" else "coherence_guidance"
    return {"fragmenting": "coherence_guidance", "crystallization": "variation_injection"}.get(phase, "monitor")


def ris_action(given):
    phase, zone = given.get("phase", "stable"), given.get("zone", "equilibrium")
    triggers = set(given.get("triggers", []))
    if len(triggers) == 3:
        return "hard_interrupt"
    if triggers and given.get("recovery"):
        return "recovery_mode"
    if "collapse_event" in triggers or len(triggers) == 2:
        return "stabilize"
    if triggers == {"ontological_lock"}:
        setting = zone in ("semantic_monotony", "convergent") or phase == "crystallization"
        return "loop_break" if setting else "boundary_enforcement"
    if triggers:
        return "reality_anchor"
    cell = ris_cell(phase, zone)
    band = RIS_BANDS.index(RIS_ACTIONS[cell])
    if given.get("containment") and band < 2:
        return "de_escalation"
    if given.get("pressure") and band < 1:
        return "soft_grounding"
    return cell


def ris_matrix(given, _):
    action = ris_action(given)
    return {"band": RIS_ACTIONS[action], "action": action}


def ris_pace(given, _):
    held, clean, told = 0, 0, []
    cooling = ["monitor", "soft_grounding", "de_escalation", "stabilize"]
    for turn in given["turns"]:
        action = ris_action(turn)
        band = RIS_BANDS.index(RIS_ACTIONS[action])
        if turn.get("triggers") or band > held:
            held, clean = max(held, band), 0
        else:
            clean += 1
            if clean >= 2 and band < held:
                held, clean = max(held - 1, band), 0
        if band < held:
            action = cooling[held]
        told.append({"band": RIS_ACTIONS[action], "action": action})
    return {"turns": told}


def ris_version(given, _):
    return {"version": blake3.hexdigest(canonical.text(given).encode())}


def ris_mode(given, _):
    mode = given.get("session") or given.get("agent") or given["default"]
    return {"mode": mode, "observes": mode != "off", "corrects": mode == "enforce"}


OPERATIONS = {
    "ris.matrix": ris_matrix,
    "ris.mode": ris_mode,
    "ris.pace": ris_pace,
    "ris.version": ris_version,
    "aep.dwell": aep_dwell,
    "aep.sdc": aep_sdc,
    "aep.zone.calibrated": aep_zone_calibrated,
    "aep.zone.reference": aep_zone_reference,
    "attractor.lifecycle": attractor_lifecycle,
    "attractor.overlap": attractor_overlap,
    "attractor.project": attractor_project,
    "canonical.hash": canonical_hash,
    "canonical.json": canonical_json,
    "density.measure": density_measure,
    "drift.bands": drift_bands,
    "drift.crystallization": drift_crystallization,
    "drift.index": drift_index,
    "drift.posture": drift_posture,
    "drift.semantic": drift_semantic,
    "drift.stability": drift_stability,
    "drift.total_ref": drift_total_ref,
    "ledger.append": ledger_append,
    "ledger.verify": ledger_verify,
    "memory.append": memory_append,
    "memory.breaches": memory_breaches,
    "memory.recover": memory_recover,
    "memory.session": memory_session,
    "memory.summary_hash": memory_summary_hash,
    "phase.measure": phase_measure,
    "safety.examine": safety_examine,
    "safety.limits": safety_limits,
    "safety.loop_signature": safety_loop_signature,
}

OPERATIONS |= interop.OPERATIONS
