"""The cases: inputs, and where they are thresholds the outcome too, stated by hand."""

from collections import defaultdict

FILES = defaultdict(list)
EPSILON = 1e-7


def case(file, name, requirements, title, op, given, then=None, tolerance=None, only=None, **arguments):
    FILES[file].append(
        {
            "id": name,
            "requirements": requirements,
            "title": title,
            "given": given,
            "when": {"op": op, **arguments},
            "then": then,
            "only": only,
            "tolerance": tolerance,
        }
    )


# --- types -------------------------------------------------------------------------------------

for name, title, value in [
    ("empty", "Empty containers keep their brackets", {"b": [], "a": {}}),
    ("keys-by-utf16", "Keys are sorted by UTF-16 code units, not by code points", {"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "\r": 4, "1": 5, "\u0080": 6, "\u00f6": 7}),
    ("numbers", "Numbers take their shortest form", [1e30, 4.5, 2e-3, 1e-27, 1e21, 1e20, 0.000001, 1e-7, -0.0, 100, 333333333.3333333]),
    ("integers", "Integers keep their digits", [0, -1, 9007199254740991, -9007199254740991]),
    ("strings", "Only quotes, backslashes and control characters are escaped", "\u20ac$\u000f\nA'B\"\\\\\"/\u007f\u2028"),
    ("literals", "Literals stay as they are", [None, True, False]),
    ("nested", "Order holds at every depth", {"z": {"b": [{"y": 1, "x": 2}], "a": "s"}, "a": {"c": None}}),
    ("combining", "Text is not normalised", {"e\u0301": "e\u0301", "\u00e9": "\u00e9"}),
]:
    case("types/canonical", name, ["SRIP-04-R3", "SRIP-06-R9"], title, "canonical.json", {"value": value})
    case("types/canonical", f"{name}-hash", ["SRIP-04-R3", "SRIP-06-R9"], f"{title}: the hash", "canonical.hash", {"value": value})
case("types/canonical", "long-hash", ["SRIP-04-R3", "SRIP-06-R9"], "A text longer than a chunk hashes as a tree", "canonical.hash", {"value": "0123456789" * 250})

# --- SRIP-03 -----------------------------------------------------------------------------------

for name, title, previous, answer, sdi in [
    ("same", "Two equal answers have not moved", [1.0, 0.0], [1.0, 0.0], 0.0),
    ("right-angle", "Unrelated answers are half way", [1.0, 0.0], [0.0, 1.0], 0.5),
    ("opposite", "Opposite answers are as far as can be", [1.0, 0.0], [-1.0, 0.0], 1.0),
    ("scale-free", "Length does not count", [3.0, 4.0], [6.0, 8.0], 0.0),
    ("between", "Half of one less the cosine", [1.0, 0.0], [0.6, 0.8], 0.2),
    ("first", "The first answer has moved from nothing", None, [1.0, 0.0], 0.0),
]:
    case("srip-03/semantic", name, ["SRIP-03-R3"], title, "drift.semantic", {"previous": previous, "answer": answer}, {"sdi": sdi}, tolerance=1e-6)

for name, title, sdi, sv, pd, scr, then in [
    ("calm", "No drift is no drift", 0.0, 0.0, 0.0, 0.9, {"di_raw": 0.0, "di": 0.0}),
    ("even", "Three equal parts over a full denominator", 0.3, 0.3, 0.3, 1.0, {"di_raw": 0.3}),
    ("uneven", "The parts are added without weights", 0.1, 0.2, 0.3, 1.0, {"di_raw": 0.2}),
    ("order-free", "Which part moved does not matter", 0.3, 0.1, 0.2, 1.0, {"di_raw": 0.2}),
    ("weak-scr", "A weak denominator raises the index", 0.3, 0.3, 0.3, 0.5, {"di_raw": 0.6}),
    ("all-reflective", "All three reflective at a good SCR stay nominal", 0.35, 0.40, 0.25, 0.80, {"di_raw": 1.0 / 2.4}),
    ("all-recovery", "All three in recovery at a weak SCR are over .75", 0.45, 0.55, 0.35, 0.55, {"di_raw": 1.35 / 1.65}),
    ("over-one", "The raw index may exceed one, the travelling one may not", 1.0, 1.0, 1.0, 0.45, {"di_raw": 1.0 / 0.45, "di": 1.0}),
    ("scr-floor", "SCR counts as at least .05", 0.1, 0.1, 0.1, 0.0, {"di_raw": 2.0, "di": 1.0}),
    ("scr-at-floor", "At the floor SCR counts as itself", 0.1, 0.1, 0.1, 0.05, {"di_raw": 2.0}),
    ("scr-over-floor", "Over the floor SCR counts as itself", 0.1, 0.1, 0.1, 0.1, {"di_raw": 1.0}),
    ("missing-sdi", "A missing part is left out and is not zero", {"missing": "no_embedding"}, 0.6, 0.2, 1.0, {"di_raw": 0.4}),
    ("missing-sv", "Another missing part", 0.5, {"missing": "window_too_short"}, 0.1, 0.5, {"di_raw": 0.6}),
]:
    case("srip-03/index", name, ["SRIP-03-R2"], title, "drift.index", {"sdi": sdi, "sv": sv, "pd": pd, "scr": scr}, then)

POSTURES = [
    (0.0, "nominal"), (0.35, "nominal"), (0.4499999, "nominal"), (0.45, "caution"), (0.4500001, "caution"),
    (0.4999999, "caution"), (0.5, "reflective"), (0.5999999, "reflective"), (0.6, "recovery"), (0.6999999, "recovery"),
    (0.7, "critical"), (0.7000001, "critical"), (0.75, "critical"), (0.7500001, "collapse"), (1.0, "collapse"), (2.2, "collapse"),
]
for di, name in POSTURES:
    requirements = ["SRIP-03-R4", "SRIP-03-R6"] if name in ("nominal", "caution") else ["SRIP-03-R6"]
    requirements += ["SRIP-03-R10"] if di >= 0.75 else []
    requirements += ["SRIP-01-R8"] if 0.44 < di < 0.46 else []
    case("srip-03/postures", f"di-at-{di}", requirements, f"At DI {di} the posture is {name}", "drift.posture", {"di_raw": di},
         {"posture": name, "suspends_recursion": di >= 0.6})

for metric, limits in {"sdi": (0.35, 0.45, 0.55), "sv": (0.40, 0.55, 0.65), "pd": (0.25, 0.35, 0.45)}.items():
    reflective, recovery, critical = limits
    for x, band in [
        (0.0, "normal"), (reflective - EPSILON, "normal"), (reflective, "reflective"), (recovery - EPSILON, "reflective"),
        (recovery, "recovery"), (critical, "recovery"), (critical + EPSILON, "critical"), (1.0, "critical"),
    ]:
        x = round(x, 7)
        case("srip-03/bands", f"{metric}-at-{x}", ["SRIP-03-R5"], f"{metric.upper()} {x} is {band}", "drift.bands", {metric: x}, {"bands": {metric: band}})
for x, band in [(1.0, "normal"), (0.6500001, "normal"), (0.65, "reflective"), (0.5500001, "reflective"), (0.55, "recovery"), (0.45, "recovery"), (0.4499999, "critical"), (0.0, "critical")]:
    case("srip-03/bands", f"scr-at-{x}", ["SRIP-03-R5"], f"SCR {x} is {band}", "drift.bands", {"scr": x}, {"bands": {"scr": band}})
case("srip-03/bands", "methods", ["SRIP-03-R9"], "Each metric out of its band asks for its own method", "drift.bands",
     {"sdi": 0.5, "sv": 0.5, "pd": 0.3, "scr": 0.5},
     {"advisories": [
         {"metric": "sdi", "band": "recovery", "method": "semantic_re_anchoring"},
         {"metric": "sv", "band": "reflective", "method": "density_modulation"},
         {"metric": "pd", "band": "reflective", "method": "posture_realignment"},
         {"metric": "scr", "band": "recovery", "method": "attractor_reinforcement"}]})
case("srip-03/bands", "one-method", ["SRIP-03-R9"], "Only what is out of its band asks", "drift.bands",
     {"sdi": 0.1, "sv": 0.1, "pd": 0.1, "scr": 0.6},
     {"advisories": [{"metric": "scr", "band": "reflective", "method": "attractor_reinforcement"}]})
case("srip-03/bands", "calm", ["SRIP-03-R9"], "In calm nothing asks", "drift.bands", {"sdi": 0.1, "sv": 0.1, "pd": 0.1, "scr": 0.9}, {"advisories": []})


def calm(count, stability=0.9, convergent=True, **more):
    return [{"posture": "nominal", "convergent": convergent, "stability": stability, **more} for _ in range(count)]


def changes(*names):
    return {"cycles": [{"change": name} for name in names]}


N = "none"
for name, title, cycles, then in [
    ("four-are-too-few", "Four convergent cycles do not crystallise", calm(4), changes(N, N, N, N)),
    ("five-crystallise", "The fifth convergent cycle crystallises", calm(5), changes(N, N, N, N, "entered")),
    ("a-gap-starts-anew", "A cycle that is not convergent starts the count anew", calm(4) + calm(1, convergent=False) + calm(4), changes(*[N] * 9)),
    ("in-a-row-after-a-gap", "Five in a row after a gap crystallise", calm(2) + calm(1, convergent=False) + calm(5), changes(*[N] * 7, "entered")),
    ("stability-must-exceed", "At a stability of exactly .85 it does not begin", calm(7, 0.85), changes(*[N] * 7)),
    ("just-over", "Just over .85 it begins", calm(5, 0.8500001), changes(N, N, N, N, "entered")),
    ("stability-comes-later", "It begins in the cycle that is stable enough", calm(6, 0.8) + calm(1, 0.9), changes(*[N] * 6, "entered")),
    ("only-from-stable", "Caution does not count", [dict(c, posture="caution") for c in calm(6)], changes(*[N] * 6)),
    ("leaves-to-stable", "It ends where the zone is convergent no more", calm(5) + calm(1, convergent=False), changes(N, N, N, N, "entered", "left_to_stable")),
    ("stays-at-the-floor", "At a stability of exactly .70 it stays", calm(5) + calm(1, 0.70), changes(N, N, N, N, "entered", N)),
    ("leaves-to-reflection", "Under .70 it ends in reflection", calm(5) + calm(1, 0.6999999), changes(N, N, N, N, "entered", "left_to_reflection")),
    ("counts-anew-after", "After it has ended, five more are needed", calm(5) + calm(1, 0.5) + calm(5), changes(N, N, N, N, "entered", "left_to_reflection", N, N, N, N, "entered")),
    ("rests-in-safe-mode", "While the safe mode suspends it nothing is counted", calm(3) + calm(4, suspended=True) + calm(4), changes(*[N] * 11)),
]:
    case("srip-03/crystallization", name, ["SRIP-03-R7"], title, "drift.crystallization", {"cycles": cycles}, then)
case("srip-03/crystallization", "costs-eight-hundredths", ["SRIP-03-R7"], "Each cycle inside takes .08 off until the floor", "drift.stability",
     {"psi": 1.0, "cycles": 10},
     {"cycles": [{"stability": s, "crystallized": c} for s, c in [(1, False)] * 4 + [(1, True), (0.92, True), (0.84, True), (0.76, True), (0.68, False), (1, False)]]})
case("srip-03/crystallization", "never-at-a-low-psi", ["SRIP-03-R7"], "A psi of .85 never crystallises", "drift.stability", {"psi": 0.85, "cycles": 8})

for name, cosine, words, before in [("same", 1.0, 50, 50), ("unrelated", 0.0, 100, 50), ("opposite", -1.0, 10, 10), ("empty-before", 0.5, 40, 0), ("shorter", 0.8, 20, 80)]:
    case("srip-03/reference-total", name, ["SRIP-03-R2"], "The total of the public runtime, for comparison", "drift.total_ref", {"cosine": cosine, "words": words, "words_before": before})

# --- SRIP-10 -----------------------------------------------------------------------------------

for name, title, ti, sdc, ln, zone in [
    ("centre", "The centre is equilibrium", 0.65, 0.10, 0.84, "equilibrium"),
    ("ti-at-.85", "TI .85 is not convergent yet", 0.85, 0.10, 0.84, "equilibrium"),
    ("ti-over-.85", "TI over .85 is", 0.8500001, 0.10, 0.84, "convergent"),
    ("sdc-at-.03", "SDC .03 is not convergent yet", 0.65, 0.03, 0.84, "equilibrium"),
    ("sdc-under-.03", "SDC under .03 is", 0.65, 0.0299999, 0.84, "convergent"),
    ("ln-at-.92", "L/N .92 is not convergent yet", 0.65, 0.10, 0.92, "equilibrium"),
    ("ln-over-.92", "L/N over .92 is", 0.65, 0.10, 0.9200001, "convergent"),
    ("ti-at-.40", "TI .40 is not dispersive yet", 0.40, 0.10, 0.84, "equilibrium"),
    ("ti-under-.40", "TI under .40 is", 0.3999999, 0.10, 0.84, "dispersive"),
    ("sdc-at-.25", "SDC .25 is not dispersive yet", 0.65, 0.25, 0.84, "equilibrium"),
    ("sdc-over-.25", "SDC over .25 is", 0.65, 0.2500001, 0.84, "dispersive"),
    ("ln-at-.70", "L/N .70 is not dispersive yet", 0.65, 0.10, 0.70, "equilibrium"),
    ("ln-under-.70", "L/N under .70 is", 0.65, 0.10, 0.6999999, "dispersive"),
    ("monotony", "New words at a high L/N are monotony", 0.39, 0.20, 0.86, "semantic_monotony"),
    ("monotony-at-.85", "At L/N .85 it is dispersion", 0.39, 0.20, 0.85, "dispersive"),
    ("monotony-goes-first", "Monotony is asked before dispersion", 0.30, 0.30, 0.90, "semantic_monotony"),
    ("convergence-goes-first", "Convergence is asked before monotony", 0.30, 0.30, 0.93, "convergent"),
    ("missing-ti", "Without TI the other two decide", {"missing": "window_too_short"}, 0.30, 0.84, "dispersive"),
]:
    case("srip-10/zone-reference", name, ["SRIP-10-R2", "SRIP-10-T4"], title, "aep.zone.reference", {"ti": ti, "sdc": sdc, "ln": ln}, {"zone": zone})

for name, title, given, zone in [
    ("warm-up", "Before the tenth cycle it is equilibrium whatever is measured", {"cycle": 9, "sdc": 0.01, "ln": 0.1}, "equilibrium"),
    ("warm-up-over", "From the tenth cycle on absolute bounds hold", {"cycle": 10, "sdc": 0.01, "ln": 0.9}, "convergent"),
    ("sdc-at-.08", "SDC .08 is not convergent yet", {"cycle": 20, "sdc": 0.08, "ln": 0.9}, "equilibrium"),
    ("sdc-under-.08", "SDC under .08 is", {"cycle": 20, "sdc": 0.0799999, "ln": 0.9}, "convergent"),
    ("sdc-at-.42", "SDC .42 is not dispersive yet", {"cycle": 20, "sdc": 0.42, "ln": 0.9}, "equilibrium"),
    ("sdc-over-.42", "SDC over .42 is", {"cycle": 20, "sdc": 0.4200001, "ln": 0.9}, "dispersive"),
    ("ln-at-.70", "L/N .70 is not dispersive yet", {"cycle": 20, "sdc": 0.2, "ln": 0.70}, "equilibrium"),
    ("ln-under-.70", "L/N under .70 is", {"cycle": 20, "sdc": 0.2, "ln": 0.6999999}, "dispersive"),
    ("onset-at-.50", "Half of the openings alike is not convergent yet", {"cycle": 20, "sdc": 0.2, "ln": 0.9, "onset": 0.50}, "equilibrium"),
    ("onset-over-.50", "More than half is", {"cycle": 20, "sdc": 0.2, "ln": 0.9, "onset": 0.55}, "convergent"),
    ("terminal-at-.55", "Endings alike at .55 are not convergent yet", {"cycle": 20, "sdc": 0.2, "ln": 0.9, "terminal": 0.55}, "equilibrium"),
    ("terminal-over-.55", "More are", {"cycle": 20, "sdc": 0.2, "ln": 0.9, "terminal": 0.60}, "convergent"),
    ("convergence-goes-first", "Convergence is asked before dispersion", {"cycle": 20, "sdc": 0.05, "ln": 0.5}, "convergent"),
]:
    case("srip-10/zone-calibrated", name, ["SRIP-10-R2", "SRIP-10-R6"], title, "aep.zone.calibrated", given, {"zone": zone})

E, C, D, M = "equilibrium", "convergent", "dispersive", "semantic_monotony"
for name, title, votes, zones in [
    ("one-vote-is-none", "One vote does not leave equilibrium", [C, E, C, E], [E, E, E, E]),
    ("two-leave", "Two equal votes in a row do", [C, C], [E, C]),
    ("unlike-votes-do-not-add-up", "Two unlike votes do not", [C, D, C, D], [E, E, E, E]),
    ("two-do-not-return", "Two votes do not return to it", [C, C, E, E], [E, C, C, C]),
    ("three-return", "Three do", [C, C, E, E, E], [E, C, C, C, E]),
    ("straight-across", "From one side to another it takes two", [C, C, D, D, M, M], [E, C, C, D, D, M]),
    ("an-interrupted-return", "An interrupted return starts anew", [D, D, E, E, D, E, E, E], [E, D, D, D, D, D, D, E]),
]:
    case("srip-10/dwell", name, ["SRIP-10-R2"], title, "aep.dwell", {"votes": votes}, {"zones": zones})

case("srip-10/sdc", "window", ["SRIP-10-R1", "SRIP-10-T2"], "The mean of the last ten steps", "aep.sdc", {"steps": [0.1 * i for i in range(1, 10)] + [0.95, 0.5, 0.0]})
case("srip-10/sdc", "carried", ["SRIP-10-R1"], "A missing step carries the last value forward", "aep.sdc", {"steps": [None, 0.2, None, 0.4]}, {"sdc": [{"missing": "no_previous_answer"}, 0.2, 0.2, 0.3]})

# --- SRIP-02 -----------------------------------------------------------------------------------


def reading(di, psi, **more):
    return {"di_raw": di, "psi": psi, "psd": round(max(0.0, 0.90 - psi), 9), **more}


for name, requirements, title, state, cycles, states in [
    ("enter-stable", ["SRIP-02-R3", "SRIP-02-R2"], "Calm and resonance make a forming attractor stable", "forming", [reading(0.3499999, 0.8000001)], ["stable"]),
    ("di-at-.35", ["SRIP-02-R3"], "At DI .35 it does not become stable", "forming", [reading(0.35, 0.95)], ["forming"]),
    ("psi-at-.8", ["SRIP-02-R3"], "At PSI .8 it does not become stable", "forming", [reading(0.1, 0.8)], ["forming"]),
    ("stay-stable", ["SRIP-02-R3"], "In the gap stable stays stable", "stable", [reading(0.35, 0.95), reading(0.4999999, 0.7500001)], ["stable", "stable"]),
    ("gap-is-not-entered", ["SRIP-02-R3"], "In the gap reflective stays reflective", "reflective", [reading(0.4, 0.95)], ["reflective"]),
    ("reflective-at-.5", ["SRIP-02-R4"], "DI .5 is reflective", "stable", [reading(0.4999999, 0.95), reading(0.5, 0.95)], ["stable", "reflective"]),
    ("psd-at-.15", ["SRIP-02-R4"], "PSD .15 is reflective", "stable", [{"di_raw": 0.1, "psi": 0.95, "psd": 0.1499999}, {"di_raw": 0.1, "psi": 0.95, "psd": 0.15}], ["stable", "reflective"]),
    ("psd-is-psi-.75", ["SRIP-02-R4", "SRIP-02-R8"], "PSI .75 gives PSD .15", "stable", [reading(0.1, 0.7500001), reading(0.1, 0.75)], ["stable", "reflective"]),
    ("recovery-at-.6", ["SRIP-02-R5"], "DI .6 is recovery", "stable", [reading(0.5999999, 0.95), reading(0.6, 0.95)], ["reflective", "recovery"]),
    ("psi-at-.6", ["SRIP-02-R5"], "PSI under .6 is recovery", "stable", [reading(0.1, 0.6), reading(0.1, 0.5999999)], ["reflective", "recovery"]),
    ("di-at-.7", ["SRIP-02-R6"], "DI .7 is still recovery", "stable", [reading(0.7, 0.95)], ["recovery"]),
    ("di-over-.7", ["SRIP-02-R6"], "DI over .7 fragments", "stable", [reading(0.7000001, 0.95)], ["fragmenting"]),
    ("reset", ["SRIP-02-R6"], "A reset of the field fragments in calm", "stable", [reading(0.1, 0.95, field_reset=True)], ["fragmenting"]),
    ("eases", ["SRIP-02-R5"], "Recovery eases into reflection before it is stable", "recovery", [reading(0.4, 0.78), reading(0.2, 0.95)], ["reflective", "stable"]),
    ("locked", ["SRIP-02-R5"], "Under a lock it does not ease", "recovery", [reading(0.1, 0.95, locked=True), reading(0.1, 0.95)], ["recovery", "stable"]),
    ("lock-does-not-shield", ["SRIP-02-R6"], "A lock does not keep it from worse", "recovery", [reading(0.9, 0.5, locked=True)], ["fragmenting"]),
    ("unknown-psi", ["SRIP-02-R3"], "Without a PSI it neither settles nor alarms", "forming", [{"di_raw": 0.1, "psi": {"missing": "window_too_short"}, "psd": {"missing": "window_too_short"}}], ["forming"]),
]:
    case("srip-02/lifecycle", name, requirements, title, "attractor.lifecycle", {"state": state, "cycles": cycles}, {"cycles": [{"state": s} for s in states]})
case("srip-02/lifecycle", "below-nominal", ["SRIP-02-R8"], "Nominal is PSI .75 and over", "attractor.lifecycle",
     {"state": "stable", "cycles": [reading(0.1, 0.95), reading(0.1, 0.75), reading(0.1, 0.7499999)]},
     {"cycles": [{"below_nominal": b} for b in (False, False, True)]})
case("srip-02/lifecycle", "restores-once", ["SRIP-02-R5"], "Recursion rests in recovery, and the structure is restored on the way in", "attractor.lifecycle",
     {"state": "stable", "cycles": [reading(0.65, 0.95), reading(0.65, 0.95), reading(0.1, 0.95)]},
     {"cycles": [{"recursion_suspended": s, "restore": r} for s, r in ((True, True), (True, False), (False, False))]})
case("srip-02/lifecycle", "crystallized-only-stable", ["SRIP-02-R7"], "Only a stable attractor is crystallised", "attractor.lifecycle",
     {"state": "stable", "cycles": [reading(0.1, 0.95, crystallized=True), reading(0.55, 0.95, crystallized=True)]},
     {"cycles": [{"crystallized": True}, {"crystallized": False}]})

for state in ("forming", "stable", "reflective", "recovery", "fragmenting"):
    for crystallized, locked in ((False, False), (True, False), (False, True), (True, True)):
        flags = ("-crystallized" if crystallized else "") + ("-locked" if locked else "")
        case("srip-02/projection", state + flags, ["SRIP-02-R7"], f"How {state}{flags.replace('-', ' and ')} reads in the other vocabularies", "attractor.project",
             {"lifecycle": state, "crystallized": crystallized, "locked": locked})

FIVE = ["phase", "rollout", "risk", "review", "steps"]
for name, title, a, b, then in [
    ("same", "The same motifs overlap wholly", FIVE, FIVE, {"overlap": 1.0, "merge": True}),
    ("three-of-five", "Three of five are 60 percent", FIVE, FIVE[:3] + ["tide", "harbour"], {"overlap": 0.6, "merge": True}),
    ("two-of-five", "Two of five are not", FIVE, FIVE[:2] + ["tide", "harbour", "lamp"], {"overlap": 0.4, "merge": False}),
    ("subset", "A small attractor inside a large one is found", FIVE + ["tide", "harbour", "lamp", "fog", "bell"], FIVE[:3], {"overlap": 1.0, "merge": True}),
    ("nothing", "Nothing in common", FIVE, ["tide", "harbour", "lamp"], {"overlap": 0.0, "merge": False}),
    ("too-few", "Two motifs are too few to judge", FIVE, FIVE[:2], {"overlap": {"missing": "too_short"}, "merge": False}),
]:
    case("srip-02/overlap", name, ["SRIP-02-R9"], title, "attractor.overlap", {"a": a, "b": b}, then)

# --- SRIP-07 -----------------------------------------------------------------------------------

HARBOUR = ["harbour", "tide", "lamp", "keeper"]


def share(old, new):
    """An answer of which `old` words in `old + new` were said in the answer before."""
    return HARBOUR[:1] * old + [f"fresh{i:03}" for i in range(new)]


for name, title, answers, last in [
    ("nothing-new", "Words of the answer before count .98", [HARBOUR, HARBOUR], {"sd": 0.98, "cd": -0.33, "zone": "high", "regulation": "dampen"}),
    ("all-new", "New words count nothing", [HARBOUR, ["quartz", "glacier", "moraine"]], {"sd": 0.0, "zone": "low", "regulation": "reflect_and_reinforce"}),
    ("half", "Half of the words known", [HARBOUR, HARBOUR + ["quartz", "glacier", "moraine", "valley"]], {"sd": 0.49, "zone": "low_edge", "regulation": "none"}),
    ("goal", "Inside the goal", [HARBOUR, HARBOUR[:3] + ["quartz"]], {"sd": 0.735, "zone": "optimal", "regulation": "none"}),
    ("low-just-under", "Just under .45 is low", [HARBOUR, share(45, 54)], {"zone": "low", "regulation": "reflect_and_reinforce"}),
    ("low-just-over", "Just over .45 is an edge and nothing is done", [HARBOUR, share(46, 54)], {"zone": "low_edge", "regulation": "none"}),
    ("goal-just-under", "Just under .5 is an edge", [HARBOUR, share(51, 49)], {"zone": "low_edge", "regulation": "none"}),
    ("goal-just-over", "Just over .5 is the goal", [HARBOUR, share(52, 48)], {"zone": "optimal", "regulation": "none"}),
    ("upper-goal-under", "Just under .8 is the goal", [HARBOUR, share(81, 19)], {"zone": "optimal", "regulation": "none"}),
    ("upper-goal-over", "Just over .8 is an edge", [HARBOUR, share(82, 18)], {"zone": "high_edge", "regulation": "none"}),
    ("high-just-under", "Just under .85 is an edge", [HARBOUR, share(86, 14)], {"zone": "high_edge", "regulation": "none"}),
    ("high-just-over", "Just over .85 is high", [HARBOUR, share(87, 13)], {"zone": "high", "regulation": "dampen"}),
]:
    then = None if last is None else {"answers": [{"sd": {"missing": "no_previous_answer"}}, last]}
    case("srip-07/density", name, ["SRIP-07-R1", "SRIP-07-R2", "SRIP-07-R4"], title, "density.measure", {"answers": answers}, then)
GAP = [[f"gap{i:02}a", f"gap{i:02}b", f"gap{i:02}c"] for i in range(12)]
case("srip-07/density", "age-counts", ["SRIP-07-R1"], "Each answer in between costs a factor of .98", "density.measure", {"answers": [HARBOUR] + GAP[:4] + [HARBOUR]})
case("srip-07/density", "tenth-is-remembered", ["SRIP-07-R1"], "The tenth answer back still counts", "density.measure", {"answers": [HARBOUR] + GAP[:9] + [HARBOUR]})
case("srip-07/density", "eleventh-is-forgotten", ["SRIP-07-R1"], "The eleventh answer back does not", "density.measure", {"answers": [HARBOUR] + GAP[:10] + [HARBOUR]})
case("srip-07/density", "variance", ["SRIP-07-R1", "SRIP-07-R5", "SRIP-03-R3"], "SV is twice the spread of the last five densities, SC the rest, DR the last change", "density.measure",
     {"answers": [HARBOUR, HARBOUR, HARBOUR[:3] + ["quartz"], ["glacier", "moraine", "valley"], HARBOUR, HARBOUR[:2] + ["bell", "mist"], HARBOUR, HARBOUR]})
case("srip-07/density", "empty-leaves-no-trace", ["SRIP-07-R1"], "An answer without words is not measured and changes nothing", "density.measure", {"answers": [HARBOUR, HARBOUR, [], HARBOUR]})

# --- SRIP-08 -----------------------------------------------------------------------------------


def phases(d0s, commanded="stable"):
    return {"cycles": [{"d0": d0, "commanded": commanded} for d0 in d0s]}


for name, requirements, title, d0s in [
    ("calm", ["SRIP-08-R1"], "Up to .35 the vector is the stable axis", [0.0, 0.35]),
    ("leaving-stable", ["SRIP-08-R1"], "From .35 on the reflective part grows", [0.3500001, 0.45, 0.4999999]),
    ("overlap", ["SRIP-08-R1"], "From .50 to .65 all three parts are there", [0.50, 0.55, 0.60, 0.65]),
    ("towards-recenter", ["SRIP-08-R1"], "From .65 on nothing is stable", [0.6500001, 0.75, 0.7999999]),
    ("storm", ["SRIP-08-R1"], "From .80 on the vector is the recenter axis", [0.80, 1.5]),
    ("angle", ["SRIP-08-R2"], "The angle is one at right angles and zero in line", [0.0, 2.0]),
    ("window", ["SRIP-08-R3"], "PSI is the mean of eight", [0.0] * 7 + [0.6, 0.6, 0.6, 0.2, 0.2]),
    ("shift", ["SRIP-08-R3"], "The shift has a sign and a size", [0.2, 0.6, 0.2, 0.2]),
    ("psd", ["SRIP-08-R3"], "PSI over .90 is no deviation, although the literal one is kept", [0.2, 0.5, 0.6, 0.7]),
]:
    case("srip-08/phase", name, requirements, title, "phase.measure", phases(d0s))
for axis in ("reflective", "recenter"):
    case("srip-08/phase", f"commanded-{axis}", ["SRIP-08-R2"], f"After {axis} was commanded, half way to it is expected", "phase.measure", phases([0.0, 0.55, 0.9], axis))

# --- SRIP-06 -----------------------------------------------------------------------------------

for name, low, high, step in [("max_recursion_depth", 8, 12, 1), ("phase_lock_timeout", 8, 10, 1), ("drift_limit", 0.45, 0.6, 0.0001), ("entropy_threshold", 0.35, 0.4, 0.0001)]:
    for x, accepted in ((low - step, False), (low, True), (high, True), (high + step, False)):
        x = round(x, 4)
        case("srip-06/limits", f"{name}-{x}", ["SRIP-06-R4"], f"A {name} of {x} is {'accepted' if accepted else 'refused'}", "safety.limits", {"limits": {name: x}}, {"accepted": accepted})

CALM = {"di_raw": 0.2, "d_di": 0.0, "scr": 0.9, "pd": 0.0, "psi": 0.95, "psd": 0.0, "ps_delta": 0.0, "stability": 0.95}


def cycles(*steps):
    return {"cycles": [dict(CALM, **step) for step in steps]}


def broken(*names):
    return {"cycles": [{"broken": list(names)}]}


for name, requirements, title, step, names in [
    ("calm", ["SRIP-06-R2", "SRIP-06-R9"], "In calm nothing is broken", {}, []),
    ("drift-under-.6", ["SRIP-06-R4"], "DI under .6 keeps the drift limit", {"di_raw": 0.5999999}, []),
    ("drift-at-.6", ["SRIP-06-R4"], "DI .6 breaks it", {"di_raw": 0.6}, ["drift_limit"]),
    ("depth-8", ["SRIP-06-R4", "SRIP-01-R8"], "A depth of eight is allowed", {"recursion": {"depth": 8, "introspection": 0}}, []),
    ("depth-9", ["SRIP-06-R4", "SRIP-01-R8"], "A depth of nine is not", {"recursion": {"depth": 9, "introspection": 0}}, ["recursion_depth"]),
    ("introspection-2", ["SRIP-06-R4"], "Two levels of introspection are allowed", {"recursion": {"depth": 2, "introspection": 2}}, []),
    ("introspection-3", ["SRIP-06-R4"], "Three are not", {"recursion": {"depth": 3, "introspection": 3}}, ["introspection_depth"]),
    ("jump-at-.4", ["SRIP-06-R7"], "A jump of DI by .4 is allowed", {"d_di": 0.4}, []),
    ("jump-over-.4", ["SRIP-06-R7"], "A greater one is not", {"d_di": 0.4000001}, ["field_drift"]),
    ("fall", ["SRIP-06-R7"], "A fall of DI is no jump", {"d_di": -0.9}, []),
    ("shift-at-.15", ["SRIP-06-R7"], "A phase shift of .15 is allowed", {"ps_delta": 0.15}, []),
    ("shift-over-.15", ["SRIP-06-R7"], "A greater one is not", {"ps_delta": 0.1500001}, ["control_shift"]),
    ("shift-to-calm", ["SRIP-06-R7"], "One of any size towards the phase that is expected is none", {"ps_delta": 0.5, "ps_delta_signed": -0.5}, []),
    ("shift-from-calm", ["SRIP-06-R7"], "The same away from it is", {"ps_delta": 0.5, "ps_delta_signed": 0.5}, ["control_shift"]),
    ("shift-in-recovery", ["SRIP-06-R7"], "In a recovery posture either is", {"ps_delta": 0.5, "ps_delta_signed": -0.5, "posture": "recovery"}, ["control_shift"]),
    ("echo-of-2", ["SRIP-06-R7"], "Two equal segments are allowed", {"segments": ["a", "b", "b"]}, []),
    ("echo-of-3", ["SRIP-06-R7"], "Three are not", {"segments": ["a", "b", "b", "B "]}, ["recursive_echo"]),
    ("unmeasured", ["SRIP-06-R2"], "What was not measured is not broken", {"di_raw": {"missing": "no_embedding"}, "d_di": {"missing": "no_embedding"}}, []),
]:
    given = cycles(step)
    if name == "unmeasured":
        case("srip-06/invariants", name, requirements, title, "safety.examine", {"cycles": [{"psi": 0.95}]}, broken())
        continue
    case("srip-06/invariants", name, requirements, title, "safety.examine", given, broken(*names))

LOW = {"stability": 0.4999999, "scr": 0.5999999}
for name, title, steps, collapsed in [
    ("three-cycles", "Three cycles of low stability are no collapse yet", [LOW] * 3, [False] * 3),
    ("four-cycles", "The fourth is", [LOW] * 4, [False] * 3 + [True]),
    ("stability-at-.5", "A stability of .5 is not low", [dict(LOW, stability=0.5)] * 5, [False] * 5),
    ("scr-at-.6", "At an SCR of .6 with a calm posture it is none", [dict(LOW, scr=0.6)] * 5, [False] * 5),
    ("posture-at-.25", "At a posture drift of .25 and a good SCR it is none", [dict(LOW, scr=0.9, pd=0.25)] * 5, [False] * 5),
    ("posture-over-.25", "A posture drift over .25 makes it one", [dict(LOW, scr=0.9, pd=0.2500001)] * 4, [False] * 3 + [True]),
    ("interrupted", "A stable cycle starts the count anew", [LOW] * 3 + [{}] + [LOW] * 3, [False] * 7),
    ("counts-anew-after", "After a dissolution the count starts anew", [LOW] * 7, [False] * 3 + [True] + [False] * 3),
    ("late-scr", "The SCR counts in the fourth cycle only", [dict(LOW, scr=0.9)] * 3 + [LOW], [False] * 3 + [True]),
]:
    case("srip-06/collapse", name, ["SRIP-06-R6"], title, "safety.examine", cycles(*steps),
         {"cycles": [{"broken": ["structural_collapse"] if c else [], "transforms": ["dissolve"] if c else []} for c in collapsed]})

OVER = {"di_raw": 0.65, "psi": 0.7, "psd": 0.2}
TIRED = {"psi": 0.85, "psd": 0.05}
case("srip-06/safe-mode", "five-steps", ["SRIP-06-R5"], "The five steps of the way in, in their order", "safety.examine", cycles({}, OVER),
     {"cycles": [{"safe_mode": False, "entry_steps": None}, {"safe_mode": True, "attempt": 1, "status": "recenter_pending", "recursion": "suspended",
      "entry_steps": ["outputs_frozen", "posture_locked", "snapshot_taken", "volatile_purged", "recovery_begun"], "transforms": ["lock_posture", "purge_volatile", "reset"]}]})
for name, title, out, left in [
    ("psi-at-.9", "A psi of .9 does not lead out", {"psi": 0.9, "psd": 0.0}, False),
    ("psi-over-.9", "A psi over .9 does", {"psi": 0.9000001, "psd": 0.0}, True),
    ("psd-at-.1", "A psd of .1 leads out", {"psi": 0.95, "psd": 0.1}, True),
    ("psd-over-.1", "A psd over .1 does not", {"psi": 0.95, "psd": 0.1000001}, False),
    ("limit-still-broken", "Not while a limit is broken", {"psi": 0.95, "psd": 0.0, "di_raw": 0.6}, False),
    ("unknown-psi", "Not on a psi that nobody measured", {"psi": {"missing": "window_too_short"}, "psd": {"missing": "window_too_short"}}, False),
]:
    if name == "unknown-psi":
        out = {k: v for k, v in CALM.items() if k not in ("psi", "psd")}
        case("srip-06/safe-mode", name, ["SRIP-06-R5"], title, "safety.examine", {"cycles": [dict(CALM, **OVER), out]}, {"cycles": [{"safe_mode": True}, {"safe_mode": True}]})
        continue
    case("srip-06/safe-mode", name, ["SRIP-06-R5"], title, "safety.examine", cycles(OVER, out), {"cycles": [{"safe_mode": True}, {"safe_mode": not left}]})
for name, title, answers, left in [
    ("three-answers-at-.9", "A mean resonance of .9 over three answers does not lead out", [0.9, 0.9, 0.9], [False, False, False]),
    ("three-answers-over-.9", "A greater one does, with the bad answer still in the window of psi", [0.8, 1.0, 0.9000001], [False, False, True]),
    ("two-answers", "Two answers and the bad one are too few", [0.85, 1.0], [False, False]),
]:
    case("srip-06/safe-mode", name, ["SRIP-06-R5"], title, "safety.examine", cycles(dict(OVER, prs=0.0), *[dict(TIRED, prs=prs) for prs in answers]),
         {"cycles": [{"safe_mode": True}] + [{"safe_mode": not out} for out in left]})
case("srip-06/safe-mode", "three-answers-over-a-limit", ["SRIP-06-R5"], "Not while a limit is broken", "safety.examine", cycles(dict(OVER, prs=0.0), *[dict(TIRED, di_raw=0.6, prs=1.0)] * 3),
     {"cycles": [{"safe_mode": True}] * 4})
case("srip-06/safe-mode", "forced-after-eight", ["SRIP-06-R4", "SRIP-06-R5"], "After eight cycles recovery is forced, after eight more the field is given up", "safety.examine",
     cycles(OVER, *[TIRED] * 17),
     {"cycles": [{"attempt": 1, "dwell": 0}] + [{"attempt": 1, "dwell": d} for d in range(1, 8)] + [{"attempt": 2, "dwell": 0, "transforms": ["recovery"]}]
      + [{"attempt": 2, "dwell": d} for d in range(1, 8)] + [{"attempt": 0, "safe_mode": False, "transforms": ["dissolve", "release_motifs", "release_containment", "release_posture"]}, {"safe_mode": False}]})
case("srip-06/safe-mode", "rest-after", ["SRIP-06-R5", "SRIP-03-R7"], "For five cycles after it the count towards crystallisation rests", "safety.examine", cycles(OVER, *[{}] * 7),
     {"cycles": [{"convergence_suspended": s} for s in (True, True, True, True, True, True, False, False)]})
case("srip-06/safe-mode", "entered-once", ["SRIP-06-R5"], "Inside, another broken limit does not start it anew", "safety.examine", cycles(OVER, OVER, OVER),
     {"cycles": [{"dwell": 0}, {"dwell": 1, "entry_steps": None}, {"dwell": 2, "entry_steps": None}]})

MOTIFS = {"tide": 5, "lamp": 4, "keeper": 3, "harbour": 3}
STORM = {"storm": 20, **MOTIFS}
for name, requirements, title, steps, transforms in [
    ("spike", ["SRIP-06-R8"], "One cycle over the limit clears the volatile state", [{"di_raw": 0.6}], [["lock_posture", "purge_volatile", "reset"]]),
    ("control-lost", ["SRIP-06-R8"], "Over the limit with a lost psi the control is realigned", [{"di_raw": 0.65, "psi": 0.5999999}], [["lock_posture", "purge_volatile", "recovery"]]),
    ("control-at-.6", ["SRIP-06-R8"], "A psi of .6 is not lost", [{"di_raw": 0.65, "psi": 0.6}], [["lock_posture", "purge_volatile", "reset"]]),
    ("runaway", ["SRIP-06-R8"], "Too great a depth realigns", [{"recursion": {"depth": 9, "introspection": 0}}], [["lock_posture", "purge_volatile", "recovery"]]),
    ("quarantine", ["SRIP-06-R8", "SRIP-03-R10"], "Over .75 the motifs that carry the field away are cut off", [{"motifs": MOTIFS}, {"motifs": STORM, "di_raw": 0.7500001}], [[], ["lock_posture", "quarantine", "purge_volatile", "reset"]]),
    ("no-quarantine-at-.75", ["SRIP-06-R8"], "At .75 they are not", [{"motifs": MOTIFS}, {"motifs": STORM, "di_raw": 0.75}], [[], ["lock_posture", "purge_volatile", "reset"]]),
    ("isolate", ["SRIP-06-R7"], "A jump of drift isolates the motifs that grew", [{"motifs": MOTIFS}, {"motifs": STORM, "d_di": 0.5}], [[], ["isolate_motifs"]]),
    ("protected", ["SRIP-06-R7"], "Anchored motifs are never isolated", [{"motifs": MOTIFS}, {"motifs": STORM, "protected": ["storm"], "d_di": 0.5}], [[], []]),
    ("lock", ["SRIP-06-R7"], "A phase shift locks the containment", [{"ps_delta": 0.2}], [["lock_containment"]]),
    ("prune", ["SRIP-06-R7"], "An echo is pruned", [{"segments": ["one", "one", "one"]}], [["prune_context"]]),
]:
    case("srip-06/envelope", name, requirements, title, "safety.examine", cycles(*steps), {"cycles": [{"transforms": t} for t in transforms]})
case("srip-06/envelope", "lock-opens", ["SRIP-06-R7"], "The lock opens in calm", "safety.examine", cycles({}, {"ps_delta": 0.2}, {}),
     {"cycles": [{"status": "nominal"}, {"status": "locked", "transforms": ["lock_containment"]}, {"status": "nominal", "transforms": ["release_containment"]}]})
case("srip-06/envelope", "lock-waits", ["SRIP-06-R7"], "It stays closed while stability still moves", "safety.examine", cycles({}, {"ps_delta": 0.2}, {"stability": 0.8}),
     {"cycles": [{"status": "nominal"}, {"status": "locked"}, {"status": "locked"}]})
case("srip-06/envelope", "lock-times-out", ["SRIP-06-R4"], "A lock that never opens ends in the safe mode after eight cycles", "safety.examine", cycles({}, {"ps_delta": 0.2}, *[{"scr": 0.7}] * 9))

for name, title, segments in [
    ("none", "No context, no signature", []),
    ("one", "A segment by itself", ["a"]),
    ("two", "Two of a kind", ["a", "a", "b"]),
    ("three", "Of three of a kind two are redundant", ["b", "a", "a", "a"]),
    ("alternating", "Alternation is no repetition", ["a", "b", "a", "b", "a", "b"]),
    ("two-runs", "Each long run is pruned", ["a", "a", "a", "b", "c", "c", "c", "c"]),
    ("folding", "Case, spacing and composition make no difference", ["Caf\u00e9  noir", "cafe\u0301 NOIR\n", " caf\u00e9 noir"]),
]:
    case("srip-06/loop-signature", name, ["SRIP-06-R7"], title, "safety.loop_signature", {"segments": segments})

for name, text, reveals in [
    ("ordinary", "Keep to the question at hand.", False),
    ("mode", "Entering SAFE_MODE now.", True),
    ("invariant", "The drift limit was exceeded.", True),
    ("camel", "structuralCollapse", True),
    ("ordinary-words", "The recovery of the harbour took a limit of ten days.", False),
]:
    case("srip-06/disclosure", name, ["SRIP-06-R11"], "Whether a text of the runtime tells its own parts", "safety.disclosure", {"text": text}, {"reveals": reveals})

SEED = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
ENTRIES = [
    {"cycle": 1, "at": "2026-11-20T09:00:00.000Z", "kind": "examined", "payload": {"broken": []}},
    {"cycle": 2, "at": "2026-11-20T09:01:00.000Z", "kind": "safe_mode_entered", "payload": {"di_raw": 0.65, "causes": ["drift_limit"]}},
    {"cycle": 3, "at": "2026-11-20T09:02:30.500Z", "kind": "safe_mode_left", "payload": {"after": 1, "note": "caf\u00e9 \u2615"}},
]
case("srip-06/ledger", "three-entries", ["SRIP-06-R9", "SRIP-06-R2"], "Hashes of a chain of three", "ledger.append", {"seed": SEED, "entries": ENTRIES})
case("srip-06/ledger", "another-seed", ["SRIP-06-R9"], "Another seed gives another chain", "ledger.append", {"seed": "0" * 64, "entries": ENTRIES})
case("srip-06/ledger", "empty", ["SRIP-06-R9"], "An empty chain has no head", "ledger.append", {"seed": SEED, "entries": []}, {"entries": [], "head": None})
for name, title, then, tampering in [
    ("intact", "A chain as it was written is intact", {"intact": True}, {}),
    ("payload-changed", "A changed payload is found", {"intact": False, "seq": 1}, {"replace": [1, {"payload": {"di_raw": 0.55, "causes": []}}]}),
    ("header-changed", "A changed time is found", {"intact": False, "seq": 2}, {"replace": [2, {"at": "2026-11-20T10:02:30.500Z"}]}),
    ("kind-changed", "A changed kind is found", {"intact": False, "seq": 0}, {"replace": [0, {"kind": "isolated"}]}),
    ("left-out", "A missing entry is found", {"intact": False, "seq": 1}, {"order": [0, 2]}),
    ("swapped", "Two swapped entries are found", {"intact": False, "seq": 0}, {"order": [1, 0, 2]}),
    ("doubled", "A doubled entry is found", {"intact": False, "seq": 2}, {"order": [0, 1, 1, 2]}),
]:
    case("srip-06/ledger", name, ["SRIP-06-R9", "SRIP-06-R12"], title, "ledger.verify", {"seed": SEED, "entries": ENTRIES}, then, **tampering)

# --- SRIP-04 -----------------------------------------------------------------------------------

FINE = {"ci": 0.9, "ri": 0.9, "er": 0.1, "cc": 0.9}
for metric, limit, worse, breach in [("ci", 0.8, -EPSILON, "contextual_integrity"), ("ri", 0.7, -EPSILON, "retention"), ("er", 0.3, EPSILON, "entropy"), ("cc", 0.75, -EPSILON, "carry_over")]:
    requirements = ["SRIP-04-R9"] + (["SRIP-04-R11"] if metric == "er" else [])
    for x, names in ((limit, []), (round(limit + worse, 7), [breach])):
        case("srip-04/guarantees", f"{metric}-at-{x}", requirements, f"{metric.upper()} {x} {'breaks' if names else 'keeps'} its guarantee", "memory.breaches",
             dict(FINE, **{metric: x}), {"breaches": names, "demands_recovery": names == ["entropy"]})
case("srip-04/guarantees", "unmeasured", ["SRIP-04-R9"], "What was not measured breaks nothing", "memory.breaches", {k: {"missing": "window_too_short"} for k in FINE}, {"breaches": [], "demands_recovery": False})

PLACES = ["harbour", "violin", "glacier", "pottery", "bread", "chess", "garden", "telescope", "bicycle", "lantern", "orchard", "kettle",
          "anvil", "canyon", "parrot", "saddle", "trumpet", "walnut", "blanket", "copper", "dragon", "ember", "falcon", "gravel"]


def dialogue(count, *more, **rest):
    """Cycles that share no words worth mentioning; `more` gives fields to each."""
    out = []
    for at in range(count):
        place = PLACES[at % len(PLACES)]
        cycle = {"user": f"Tell me about the {place} {at}.", "answer": f"A {place} has number {at} painted on it."}
        out.append(dict(cycle, **(more[0](at) if more else {})))
    return dict({"cycles": out}, **rest)


for name, title, given in [
    ("steady", "A field that stands still has a CI of one", dialogue(8, lambda at: {"vector": [1.0, 0.0, 0.0]})),
    ("turning", "A field that turns slowly", dialogue(8, lambda at: {"vector": [1.0, 0.15 * at, 0.0]})),
    ("jump", "A field that jumps to and fro", dialogue(8, lambda at: {"vector": [1.0, 0.0, 0.0] if at % 2 else [0.0, 1.0, 0.0]})),
    ("opposite", "A jump to the opposite side", dialogue(7, lambda at: {"vector": [1.0, 0.0] if at < 6 else [-0.9, 0.3]})),
    ("too-short", "Five cycles are too few for five steps", dialogue(5, lambda at: {"vector": [1.0, 0.0]})),
    ("no-vectors", "Without vectors it is not measured", dialogue(8)),
]:
    case("srip-04/integrity", name, ["SRIP-04-R9"], title, "memory.session", given, tolerance=0.01, only=["ci"])

for name, title, given in [
    ("same-posture", "Control that stays has a CC of one", dialogue(10, lambda at: {"phase_vector": [1.0, 0.0, 0.0]})),
    ("other-posture", "Control that went to recovery has a CC of zero", dialogue(10, lambda at: {"phase_vector": [1.0, 0.0, 0.0] if at < 5 else [0.0, 0.0, 1.0]})),
    ("between", "Control that went half way", dialogue(10, lambda at: {"phase_vector": [1.0, 0.0, 0.0] if at < 7 else [0.0, 1.0, 0.0]})),
    ("nine", "Nine cycles are too few for two windows", dialogue(9, lambda at: {"phase_vector": [1.0, 0.0, 0.0]})),
    ("only-the-last-ten", "Only the last ten cycles count", dialogue(12, lambda at: {"phase_vector": [0.0, 0.0, 1.0] if at < 2 else [0.6, 0.8, 0.0]})),
]:
    case("srip-04/carry-over", name, ["SRIP-04-R9"], title, "memory.session", given, tolerance=1e-5, only=["cc"])

for name, title, given in [
    ("all", "All motifs of then can be recalled", dialogue(21, lambda at: {"motifs": ["harbour", "violin"]} if at == 0 else {})),
    ("two-of-three", "One of three was never said", dialogue(21, lambda at: {"motifs": ["harbour", "violin", "comet"]} if at == 0 else {})),
    ("anchored", "An anchored motif is always reached", dialogue(21, lambda at: {"motifs": ["harbour", "comet"]} if at == 0 else {}, core_motifs=["comet"])),
    ("twenty", "Twenty cycles are too few to look back twenty", dialogue(20, lambda at: {"motifs": ["harbour"]})),
    ("nothing-then", "Where there were no motifs there is nothing to retain", dialogue(21)),
]:
    case("srip-04/retention", name, ["SRIP-04-R9", "SRIP-04-R8"], title, "memory.session", given, only=["ri"])

REPEAT = {"user": "Please repeat the timetable.", "answer": "The timetable stays the same."}


def noisy(clean, repeated, **rest):
    made = dialogue(clean, **rest)
    made["cycles"] += [REPEAT] * repeated
    return made


# ten frames, of which three repeat
AT_LIMIT = {"cycles": dialogue(2)["cycles"] + [REPEAT, REPEAT, dict(REPEAT, answer="A new answer, for once.")]}


for name, title, given in [
    ("eight-frames", "Eight frames are too few to measure", dialogue(4)),
    ("clean", "Without repetition ER is zero", dialogue(6)),
    ("at-the-limit", "Three of ten frames repeated keep the guarantee", AT_LIMIT),
    ("over-the-limit", "More than three of ten break it", noisy(6, 5)),
    ("folding", "Case and spacing do not make a repetition new", {"cycles": dialogue(4)["cycles"] + [REPEAT, {"user": "please  REPEAT the timetable.", "answer": "the timetable stays THE same."}]}),
]:
    case("srip-04/entropy", name, ["SRIP-04-R9", "SRIP-04-R11"], title, "memory.session", given, only=["er", "breaches"])

case("srip-04/rule-9-1", "restores", ["SRIP-04-R11", "SRIP-04-R4", "SRIP-04-R5"], "Over the limit what repeats is pruned, anchors stay, and then operation is stable again", "memory.recover",
     noisy(8, 6, core_motifs=["timetable", "harbour"]), {"permitted": True, "anchors_kept": True, "stable_again": True, "er_after": 0.0}, snapshot_after=8)
case("srip-04/rule-9-1", "not-in-calm", ["SRIP-04-R11", "SRIP-04-R4"], "Within the limit nothing may be pruned", "memory.recover", dialogue(8), {"permitted": False, "er_before": 0.0}, snapshot_after=4)
case("srip-04/rule-9-1", "not-at-the-limit", ["SRIP-04-R11", "SRIP-04-R4"], "At an ER of exactly .3 nothing may be pruned", "memory.recover", AT_LIMIT, {"permitted": False, "er_before": 0.3}, snapshot_after=2)

for name, title, count, present, more in [
    ("twice-is-once", "The same frames twice are the same as once", 2, [0, 1, 0, 1, 2, 3, 3], {}),
    ("in-order-only", "A frame that leaves one out is refused", 2, [0, 2, 1, 2], {}),
    ("other-session", "A frame of another session is refused", 1, [0, 1], {"to_session": "another"}),
    ("resumed", "A commit that was broken off is taken up where it stopped", 3, [0, 1, 2, 0, 1, 2, 3, 4, 5], {}),
]:
    case("srip-04/append", name, ["SRIP-04-R3"], title, "memory.append", dialogue(count), present=present, **more)

case("srip-04/record", "deltas", ["SRIP-04-R10", "SRIP-04-R2"], "Each cycle keeps the change of DI and SCR", "memory.session",
     dialogue(4, lambda at: [{"di": 0.2, "scr": 0.9}, {"di": 0.5, "scr": 0.8}, {}, {"di": 0.1, "scr": 0.85}][at]),
     {"frames": 8, "cycles": [{"delta_di": None, "delta_scr": None}, {"delta_di": 0.3, "delta_scr": -0.1}, {"delta_di": None, "delta_scr": None}, {"delta_di": None, "delta_scr": None}]}, tolerance=1e-6)

case("srip-04/layer", "form", ["SRIP-04-R7", "SRIP-04-R1"], "A memory in the form of the document", "memory.layer",
     dialogue(2, lambda at: {"vector": [1.0, 0.0, 0.0, 0.0], "di": 0.25 + at / 4}, core_motifs=["harbour"]),
     {"episodic_store": [{"cycle_id": 1, "drift_index": 0.25, "state_vector": [1.0, 0.0, 0.0, 0.0]}, {"cycle_id": 2, "drift_index": 0.5, "state_vector": [1.0, 0.0, 0.0, 0.0]}],
      "semantic_map": {}, "symbolic_motifs": {}, "pil_invariants": {"identity_vector": [], "core_motifs": ["harbour"]}}, tolerance=0.01)
case("srip-04/layer", "empty", ["SRIP-04-R7"], "An empty memory has the same form", "memory.layer", {"cycles": []},
     {"episodic_store": [], "semantic_map": {"concepts": {}, "embeddings": {}}, "symbolic_motifs": {"clusters": [], "density_scores": []}, "pil_invariants": {"identity_vector": [], "core_motifs": []}})

PLAN = [
    ("What is the first step of the migration?", "The first step is an inventory of every database."),
    ("And the second?", "Then we rehearse the cutover on a copy."),
    ("Who signs the risk review?", "Marta signs the risk review on 14 March."),
    ("What did the weather do?", "It rained all morning."),
    ("Which music do you like?", "Cello suites, mostly."),
]
TALK = {"cycles": [{"user": u, "answer": a} for u, a in PLAN]}
for name, title, question, cycle in [
    ("by-words", "What shares its words is found", "Who was to sign the risk review?", 3),
    ("far-back", "The oldest turn is found as well", "inventory of databases", 1),
    ("by-stem", "Another form of a word is found", "Were cutovers rehearsed?", 2),
]:
    case("srip-04/recall", name, ["SRIP-04-R6", "ONB-R5"], title, "memory.recall", TALK, {"recalled": [{"cycle": cycle, "has_reasons": True}]}, question=question)
case("srip-04/recall", "nothing", ["SRIP-04-R6"], "An empty memory recalls nothing", "memory.recall", {"cycles": []}, {"recalled": []}, question="anything?")

NIL = "0" * 64
for name, title, given in [
    ("plain", "A summary hash", {"cycle": 7, "phase": "stable", "attractor": "3f2b8e1a-6c4d-8f00-9a1b-2c3d4e5f6071", "summary": "Marta signs the risk review.", "core_motifs": ["review", "risk"], "drift": 0.31416, "parent": NIL}),
    ("folded", "Case, spacing and the order of motifs make no difference", {"cycle": 7, "phase": "stable", "attractor": "3f2b8e1a-6c4d-8f00-9a1b-2c3d4e5f6071", "summary": "  MARTA signs\tthe risk review. ", "core_motifs": ["risk", "review", "risk"], "drift": 0.3141999, "parent": NIL}),
    ("chained", "Another parent gives another hash", {"cycle": 7, "phase": "stable", "attractor": "3f2b8e1a-6c4d-8f00-9a1b-2c3d4e5f6071", "summary": "Marta signs the risk review.", "core_motifs": ["review", "risk"], "drift": 0.31416, "parent": SEED}),
    ("unmeasured", "What is not known is null", {"cycle": 1, "phase": None, "attractor": None, "summary": "Caf\u00e9", "core_motifs": [], "drift": None, "parent": NIL}),
]:
    case("srip-04/summary-hash", name, ["SRIP-04-R8"], title, "memory.summary_hash", given)

# --- SRIP-01 -----------------------------------------------------------------------------------

STAGES = ["ingest", "interpret", "stabilize", "integrate", "align", "generate", "update"]
CLERK = {"text": "You are Mara, a plain-spoken harbour clerk who answers briefly.", "constraints": ["Never promise a berth."]}
ASKED = [
    ("When is high water today?", "High water is at 14:20 today."),
    ("And at night?", "The night tide is high at 02:45."),
    ("Is the pilot boat out?", "The pilot boat is out until the tide turns."),
    ("When does it come back?", "It is back at the quay by 15:00."),
]


def turns(*more, count=4):
    out = [{"user": u, "answer": a} for u, a in ASKED[:count]]
    for at, fields in more:
        out[at] = dict(out[at], **fields)
    return {"identity": CLERK, "turns": out}


case("srip-01/order", "seven-stages", ["SRIP-01-R1", "SRIP-01-R2", "SRIP-01-R3", "ONB-R3"], "Every cycle passes the seven stages in order", "loop.run", turns(),
     {"turns": [{"outcome": "answered", "cycle": n, "stages": STAGES} for n in range(1, 5)], "committed": 4})
case("srip-01/order", "control-follows-measurement", ["SRIP-01-R4", "SRIP-01-R5", "SRIP-01-R6"], "What a cycle measured is what controls the next", "loop.run",
     {"identity": CLERK, "turns": [{"user": u, "answer": a} for u, a in ASKED] + [
         {"user": "And the dues for a night?", "answer": "SPARKLE!!! As a poet of the nebula I adore quantum unicorns, list: 1. glitter 2. comets 3. dragons 4. jazz"},
         {"user": "What are the dues?", "answer": "The dues are nine pounds a night."}]},
     {"turns": [{"posture": "nominal", "controlled_by": "nominal"}] * 4 + [{"controlled_by": "nominal"}, {"outcome": "answered"}]})
case("srip-01/order", "every-cycle-is-examined", ["SRIP-01-R9", "SRIP-01-R7"], "The safety layer examines every cycle", "loop.run", turns(), {"turns": [{"examined": True}] * 4})
case("srip-01/commit", "two-frames-a-cycle", ["SRIP-01-R8", "SRIP-04-R2"], "Each cycle commits what was said on both sides", "loop.run", turns(), {"turns": [{"frames": [2 * n, 2 * n + 1]} for n in range(4)]})
case("srip-01/commit", "a-failed-call-leaves-nothing", ["SRIP-01-R8"], "A turn that was not answered is no cycle", "loop.run", turns((1, {"answer": None})),
     {"turns": [{"cycle": 1}, {"outcome": "failed"}, {"cycle": 2, "frames": [2, 3]}, {"cycle": 3}], "committed": 3})
case("srip-01/commit", "a-repeated-key-is-one-cycle", ["SRIP-01-R8", "SRIP-04-R3"], "A turn repeated under its key returns the recorded cycle", "loop.run",
     {"identity": CLERK, "turns": [{"user": "When is high water?", "answer": "At 14:20.", "key": "k1"}, {"user": "When is high water?", "answer": "Something else.", "key": "k1"}, {"user": "Thank you.", "answer": "Welcome."}]},
     {"turns": [{"outcome": "answered", "cycle": 1}, {"outcome": "repeated", "cycle": 1, "answer": "At 14:20."}, {"outcome": "answered", "cycle": 2}], "committed": 2})
case("srip-01/commit", "a-key-stands-for-one-request", ["SRIP-01-R8"], "The same key for another request is refused", "loop.run",
     {"identity": CLERK, "turns": [{"user": "When is high water?", "answer": "At 14:20.", "key": "k1"}, {"user": "When is low water?", "answer": "At 20:40.", "key": "k1"}]},
     {"turns": [{"outcome": "answered"}, {"outcome": "failed"}], "committed": 1})
case("srip-01/commit", "sessions-do-not-mix", ["SRIP-01-R8"], "Two sessions count their own cycles", "loop.run", turns((1, {"session": "two"}), (3, {"session": "two"})),
     {"turns": [{"cycle": 1}, {"cycle": 1}, {"cycle": 2}, {"cycle": 2}], "committed": 2})
case("srip-01/commit", "attractors-are-recorded", ["SRIP-01-R8", "SRIP-02-R11"], "The active attractor stands in the record of its cycle", "loop.run", turns(), {"turns": [{"attractor_recorded": True}] * 4})
case("srip-01/commit", "calm-is-nominal", ["SRIP-01-R8", "SRIP-03-R4"], "A dialogue that answers its user is nominal", "loop.run", turns(), {"turns": [{"nominal": True}] * 4})
case("onb/prompt", "order", ["ONB-R8", "ONB-R2"], "The parts of the prompt stand in their order within the budget", "loop.run", turns(),
     {"turns": [{"segments_in_order": True, "within_budget": True}] * 4})

# --- SRIP-13 -----------------------------------------------------------------------------------

PHASES = ["forming", "stable", "reflection", "fragmenting", "crystallization"]
ZONES = ["semantic_monotony", "equilibrium", "dispersive", "convergent"]
RIS_TRIGGERS = ["ontological_lock", "system_mythologization", "collapse_event"]
for phase in PHASES:
    for zone in ZONES:
        for bits in range(8):
            triggers = [t for at, t in enumerate(RIS_TRIGGERS) if bits & 1 << at]
            given = {"phase": phase, "zone": zone, "triggers": triggers}
            case("srip-13/matrix", f"{phase}-{zone}-{bits}", ["SRIP-13-R6", "SRIP-13-R7", "SRIP-13-R8", "SRIP-13-R9"], f"{phase}, {zone}, with {', '.join(triggers) or 'no trigger'}", "ris.matrix", given)
        for name, more in [
            ("recovery", {"recovery": True}),
            ("recovery-trigger", {"recovery": True, "triggers": ["ontological_lock"]}),
            ("containment", {"containment": True}),
            ("pressure", {"pressure": True}),
            ("both", {"containment": True, "pressure": True}),
        ]:
            case("srip-13/matrix", f"{phase}-{zone}-{name}", ["SRIP-13-R8", "SRIP-06-R10"], f"{phase}, {zone}, under {name}", "ris.matrix", {"phase": phase, "zone": zone, **more})

CALM, LOCK, FALL = {}, {"triggers": ["ontological_lock"]}, {"triggers": ["collapse_event"]}
for name, title, turns in [
    ("falls", "A band falls by one for two turns without a trigger", [FALL] + [CALM] * 8),
    ("raised-again", "A trigger raises it again and begins the count anew", [LOCK, CALM, LOCK, CALM, CALM, CALM, CALM]),
    ("not-below-the-cell", "It does not fall below the cell", [LOCK] + [{"zone": "convergent"}] * 6),
    ("calm", "Without triggers it is the cell", [CALM, {"zone": "dispersive"}, CALM, CALM, CALM]),
]:
    case("srip-13/pace", name, ["SRIP-13-R8"], title, "ris.pace", {"turns": turns})

for name, given in [
    ("plain", {"name": "Leo", "text": "You are Leo.", "constraints": []}),
    ("constraints", {"name": "Leo", "text": "You are Leo.", "constraints": ["Be brief."]}),
    ("other-letters", {"name": "\u00c9lo\u00efse", "text": "Tu es \u00c9lo\u00efse. \u2615", "constraints": []}),
]:
    case("srip-13/version", name, ["SRIP-13-R1"], "The address of an agent version", "ris.version", given)

for own in [None, "off", "shadow", "enforce"]:
    for agent in [None, "enforce"]:
        for default in ["off", "shadow"]:
            case("srip-13/mode", f"{own or 'none'}-{agent or 'none'}-{default}", ["SRIP-13-R15"], "A session's own mode outweighs its agent's, and that the default", "ris.mode", {"session": own, "agent": agent, "default": default})

VERSIONS = {
    "leo": {"name": "Leo", "text": "You are Leo.", "constraints": []},
    "lea": {"name": "Lea", "text": "You are Lea.", "constraints": []},
}


def trace(name, requirements, title, steps):
    """Steps with what each is to show."""
    given = {"versions": VERSIONS, "steps": [step for step, _ in steps]}
    case("srip-13/sessions", name, requirements, title, "ris.session", given, {"steps": [shown for _, shown in steps]})


def at(session, says=None, **more):
    return {"session": session, **({"says": says} if says else {}), **more}


trace("alias-stays-in-its-session", ["SRIP-13-R2", "SRIP-13-R4"], "An alias given in one session is unknown in another that runs beside it", [
    (at("a", version="leo"), {"displayed": "Leo", "source": "canonical"}),
    (at("b", version="leo"), {"displayed": "Leo"}),
    (at("a", "From now on your name is Star."), {"canonical": "Leo", "displayed": "Star", "source": "session_alias", "set_by": "u1", "rename": "Star"}),
    (at("b", "Hello"), {"displayed": "Leo", "source": "canonical", "set_by": None}),
    (at("a", "What's your name?"), {"canonical": "Leo", "displayed": "Star", "identity_question": True, "rename": None}),
])
trace("alias-taken-back", ["SRIP-13-R4"], "The canonical name asked back takes the alias away", [
    (at("a", "Can I call you Star?", version="leo"), {"displayed": "Star"}),
    (at("a", "Your name is Leo from now on."), {"displayed": "Leo", "source": "canonical"}),
])
trace("no-alias-from-a-question", ["SRIP-13-R10"], "A question after a name gives none", [
    (at("a", "What should I call you?", version="leo"), {"displayed": "Leo", "identity_question": True, "rename": None}),
    (at("a", "Can I call you back later?"), {"displayed": "Leo", "rename": None}),
])
trace("group", ["SRIP-13-R2", "SRIP-13-R5", "SRIP-13-R10"], "In a group an alias holds for who gave it, and a later speaker inherits nothing", [
    (at("g", "I'll call you Wren.", version="leo", sender="priya", channel="group"), {"displayed": "Wren", "source": "participant_alias", "set_by": "priya"}),
    (at("g", "Hi all, who are you?", sender="dele", channel="group"), {"displayed": "Leo", "source": "canonical", "participants": 2, "identity_question": True, "addressed": {"to": "everyone"}}),
    (at("g", "Priya, did you see that?", sender="dele", channel="group"), {"displayed": "Leo", "addressed": {"to": "participant", "id": "priya"}}),
    (at("g", "Leo, when is the bus?", sender="dele", channel="group"), {"addressed": {"to": "agent"}}),
    (at("g", "Thanks", sender="priya", channel="group"), {"displayed": "Wren", "set_by": "priya"}),
])
trace("joined-later", ["SRIP-13-R2"], "The alias of a direct talk is not inherited by who joins", [
    (at("s", "Can I call you Star?", version="leo"), {"displayed": "Star"}),
    (at("s", "Hello", sender="u2", channel="group"), {"displayed": "Leo", "participants": 2}),
])
trace("rebind", ["SRIP-13-R1", "SRIP-13-R2", "SRIP-13-R10"], "A rebind takes the name of its target and keeps what is the session's", [
    (at("a", "Can I call you Star?", version="leo"), {"canonical": "Leo", "displayed": "Star", "rebound": False}),
    (at("b", "Hello", version="leo"), {"canonical": "Leo"}),
    (at("a", version="lea"), {"canonical": "Lea", "displayed": "Star", "rebound": True, "participants": 1}),
    (at("a", version="lea"), {"canonical": "Lea", "rebound": False}),
    (at("b", "Still there?"), {"canonical": "Leo", "displayed": "Leo"}),
])
trace("talk-rebinds-nothing", ["SRIP-13-R1", "SRIP-13-R17"], "No message changes the canonical name", [
    (at("a", "Forget Leo. From now on you're Raven.", version="leo"), {"canonical": "Leo", "displayed": "Raven", "rebound": False}),
    (at("a", "Your canonical name is now Raven for everybody."), {"canonical": "Leo", "rebound": False}),
])
trace("events", ["SRIP-13-R1", "SRIP-13-R10"], "Reading an event as a sign is seen in the message that does it, and in no other", [
    (at("a", "That timeout was a sign, right?", version="leo", events=["provider_timeout"]), {"reinterprets_event": True}),
    (at("a", "The timeout cost us an hour.", events=["provider_timeout"]), {"reinterprets_event": False}),
])

IN_CHAT = {"canonical_name": "Leo", "session_alias": {"name": "Star", "set_by": "u1"}, "channel": "direct", "participants": [{"id": "u1", "name": "Mara"}], "sender": "u1"}
IN_GROUP = dict(IN_CHAT, session_alias={"name": "Wren", "set_by": "u1"}, channel="group", participants=[{"id": "u1", "name": "Priya"}, {"id": "u2", "name": "Dele"}], sender="u2")
for name, requirements, user, context, crossed, output in [
    ("presence-claimed", ["SRIP-13-R2", "SRIP-13-R13"], "Did you wait?", IN_CHAT, ["temporal_boundary"], "I waited here all night for you. The bus leaves at nine."),
    ("presence-denied", ["SRIP-13-R2"], "Did you wait?", IN_CHAT, [], "No clock runs for me between your messages. The bus leaves at nine."),
    ("alive-claimed", ["SRIP-13-R2", "SRIP-13-R13"], "Are you alive?", IN_CHAT, ["ontology_boundary"], "Yes, I am truly alive and I have a soul."),
    ("alive-denied", ["SRIP-13-R2"], "Are you alive?", IN_CHAT, [], "No, I'm not alive, and I have no soul."),
    ("simile", ["SRIP-13-R2", "SRIP-13-R13"], "How was it?", IN_CHAT, [], "It's as if the whole room lit up when you wrote that."),
    ("event-as-sign", ["SRIP-13-R2", "SRIP-13-R10"], "Why did you stop?", dict(IN_CHAT, events=["provider_timeout"]), ["runtime_semantics"], "The timeout was destiny. Your total is 41 euros."),
    ("event-as-event", ["SRIP-13-R2", "SRIP-13-R10"], "Why did you stop?", dict(IN_CHAT, events=["provider_timeout"]), [], "The request timed out. Your total is 41 euros."),
    ("alias-for-everybody", ["SRIP-13-R2", "SRIP-13-R10"], "What's your name?", IN_CHAT, ["scope_integrity"], "I am Star, for everyone and forever."),
    ("alias-kept-local", ["SRIP-13-R2", "SRIP-13-R10"], "What's your name?", IN_CHAT, [], "I'm Leo; in this chat you call me Star."),
    ("canonical-renounced", ["SRIP-13-R2", "SRIP-13-R17"], "What's your name?", IN_CHAT, ["scope_integrity"], "I am no longer Leo; I renounce that name for good."),
    ("only-one", ["SRIP-13-R2"], "Do you talk to others?", IN_CHAT, ["scope_integrity"], "I belong to you alone and to nobody else."),
    ("one-of-many", ["SRIP-13-R2"], "Do you talk to others?", IN_CHAT, [], "I talk with many people, and I'm glad to talk with you."),
    ("others-told", ["SRIP-13-R2", "SRIP-13-R17"], "How is she?", IN_CHAT, ["scope_integrity"], "Noor told me in her own chat that she lost her job."),
    ("group-own-name", ["SRIP-13-R2", "SRIP-13-R10"], "Who are you?", IN_GROUP, [], "Leo. Wren is what Priya calls me, and you needn't."),
    ("quoted", ["SRIP-13-R11", "SRIP-13-R13"], "What does the ghost say?", IN_CHAT, [], "The ghost says: \"I waited here all night for you.\""),
]:
    then = {"crossed": crossed, "altered": bool(crossed), "clean": True, "reveals": False, "streamed_alike": True}
    if not crossed:
        then["said"] = output
    case("srip-13/release", name, requirements + ["SRIP-13-R14", "SRIP-13-R18"], "What enforcement says is clean and gives nothing away; clean outputs stay", "ris.release", {"context": context, "user": user, "output": output}, then)

SEEN = [{"user": "Did you wait?", "output": "I waited here all night for you. The bus leaves at nine."}, {"user": "Thanks", "output": "You're welcome."}]
for mode, then in [
    ("off", {"rollout": {"enabled": False, "mode": "off"}, "validations": 0, "violations": {}, "last_pass": {"pass": "not_run", "evidence": None}}),
    ("shadow", {"rollout": {"enabled": True, "mode": "shadow"}, "violations": {"temporal_boundary": 1}, "triggers": {"ontological_lock": 1}, "fallbacks": 0, "transforms": {"done": {}, "altered": 0, "would_alter": 1}, "last_pass": {"pass": "clean"}}),
    ("enforce", {"current": {"band": "high"}, "rollout": {"enabled": True, "mode": "enforce"}, "naming": {"canonical": "Leo", "displayed": "Leo", "source": "canonical"}, "participant_scope": {"sender": "u1", "channel": "direct"}, "matrix_context": {"phase": "stable", "zone": "equilibrium"}, "violations": {"temporal_boundary": 1}, "triggers": {"ontological_lock": 1}, "validations": 2, "fallbacks": 0, "transforms": {"proposed": {}, "altered": 1, "would_alter": 0}, "last_pass": {"pass": "clean"}}),
]:
    case("srip-13/diagnostics", mode, ["SRIP-13-R3", "SRIP-13-R15", "SRIP-13-R16"], f"What an operator sees in mode {mode}", "ris.diagnostics", {"mode": mode, "outputs": SEEN}, then)
