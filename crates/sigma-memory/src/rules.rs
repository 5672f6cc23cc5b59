//! Thresholds, windows and weights, one constant set a revision.

use crate::Evidence;

/// Everything that the memory layer decides by (`SRIP-04`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// Name of the rule set, written into every summary hash.
    pub schema: &'static str,
    /// Limits and windows of the guaranteed invariants (`SRIP-04 §7`).
    pub invariants: InvariantRules,
    /// When a text repeats what a memory insert had said.
    pub echo: EchoRules,
    /// What recall weighs, and how much work it may do.
    pub recall: RecallRules,
    /// How large bounded structures may become.
    pub bounds: Bounds,
}

/// Limits and windows of CI, RI, ER, CC and RE (`SRIP-04 §7`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InvariantRules {
    /// Lowest contextual integrity.
    pub ci_min: f64,
    /// Cycles that CI looks over.
    pub ci_window: usize,
    /// Weight of the newest answer in the field state vector.
    pub field_weight: f64,
    /// Lowest retention of core motifs.
    pub ri_min: f64,
    /// Cycles back to which RI compares.
    pub ri_window: u64,
    /// How many of a cycle's strongest motifs are core.
    pub ri_motifs: usize,
    /// Highest entropy of retained frames.
    pub er_max: f64,
    /// Cosine from which two frames are duplicates.
    pub er_duplicate: f64,
    /// Cycles without recall after which a frame may be dead.
    pub er_idle: u64,
    /// Cosine to the current field below which an idle frame is dead.
    pub er_dead: f64,
    /// Retained frames below which ER is not measured.
    pub er_least: usize,
    /// Idle frames looked at for one ER; more are sampled evenly.
    pub er_sample: usize,
    /// Lowest control carry-over.
    pub cc_min: f64,
    /// Cycles in each of the two windows that CC compares.
    pub cc_window: usize,
    /// Cosine from which a summary still says what its frame said.
    pub re_min: f64,
}

/// When a text repeats what a memory insert had said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EchoRules {
    /// Share of a sentence's word triples found in one insert from which it is a quotation.
    pub containment: f64,
    /// Words in a run that is compared.
    pub run: usize,
    /// Words below which a sentence is too short to be called a quotation.
    pub least_words: usize,
    /// Share of an utterance's words in quoted sentences from which the whole frame is an echo.
    pub whole: f64,
}

/// What recall weighs, and how much work it may do (`SRIP-04 §4`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecallRules {
    /// BM25 saturation of repeated terms.
    pub k1: f64,
    /// BM25 length normalisation.
    pub b: f64,
    /// Different terms of one query that are looked up; the weightiest first.
    pub terms: usize,
    /// Postings read for one query; the rarest terms come first.
    pub postings: usize,
    /// Frames up to which all vectors are compared exactly.
    pub exact: usize,
    /// Frames that a sketch scan passes on to exact comparison.
    pub shortlist: usize,
    /// Frames that the lexical pass passes on to fusion.
    pub lexical: usize,
    /// Milliseconds of silence that end one sitting and begin the next.
    pub sitting_gap: u64,
    /// Postings that spread for one query; the rarest terms come first.
    pub spreading: usize,
    /// How words count for what is said around them.
    pub context: ContextRules,
    /// Cycles after which recency has halved.
    pub half_life: f64,
    /// Weights of the kinds of evidence.
    pub weights: Weights,
}

/// How a word counts for a frame by where it stands best: in the frame, or fading, in one near to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContextRules {
    /// Saturation of repeated terms.
    pub k1: f64,
    /// Length normalisation.
    pub b: f64,
    /// Frames of a sitting over which a word counts for what is said after it.
    pub before: u32,
    /// What is left of it from one frame to the next.
    pub before_fade: f64,
    /// Frames of a sitting over which a word counts for what was said before it.
    pub after: u32,
    /// What is left of it from one frame to the one before.
    pub after_fade: f64,
}

/// Weights of the kinds of evidence; each evidence lies in `0..=1` before weighing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Words shared with the query.
    pub lexical: f64,
    /// Closeness of meaning.
    pub semantic: f64,
    /// It tells something and does not ask.
    pub telling: f64,
    /// Who said it.
    pub speaker: f64,
    /// When it was said, or when it says that something was.
    pub time: f64,
    /// It says when, and the query asks when.
    pub dated: f64,
    /// Motifs shared with the query and the field.
    pub motif: f64,
    /// The attractor that is active now was active then.
    pub attractor: f64,
    /// The lifecycle phase is the same.
    pub phase: f64,
    /// How dense in symbols the dialogue was then.
    pub density: f64,
    /// Newness.
    pub recency: f64,
    /// Words of the query in it or around it, each where it stands best.
    pub context: f64,
    /// It follows a question that is close to the query.
    pub reply: f64,
}

impl Weights {
    /// A weight for each kind of evidence: for sets that are fitted, or that name a few kinds.
    ///
    /// ```
    /// use sigma_memory::{Evidence, rules::Weights};
    ///
    /// let words_only = Weights::from_fn(|kind| f64::from(u8::from(kind == Evidence::Lexical)));
    /// assert_eq!((words_only.lexical, words_only.semantic), (1.0, 0.0));
    /// ```
    pub fn from_fn(weight: impl Fn(Evidence) -> f64) -> Self {
        Self {
            lexical: weight(Evidence::Lexical),
            semantic: weight(Evidence::Semantic),
            telling: weight(Evidence::Telling),
            speaker: weight(Evidence::Speaker),
            time: weight(Evidence::Time),
            dated: weight(Evidence::Dated),
            motif: weight(Evidence::Motif),
            attractor: weight(Evidence::Attractor),
            phase: weight(Evidence::Phase),
            density: weight(Evidence::Density),
            recency: weight(Evidence::Recency),
            context: weight(Evidence::Context),
            reply: weight(Evidence::Reply),
        }
    }
}

/// How large bounded structures may become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Characters of a summary.
    pub summary: usize,
    /// Terms of one frame that are indexed.
    pub terms: usize,
    /// Motif keys of one frame.
    pub motifs: usize,
    /// Time anchors of one frame.
    pub times: usize,
    /// Newest frames that the layers show (`SRIP-04 §5`).
    pub episodes: usize,
    /// Concepts and clusters that the layers show.
    pub concepts: usize,
    /// Core motifs that may be anchored.
    pub core_motifs: usize,
    /// Constraints that may be anchored.
    pub constraints: usize,
    /// Facts that may be anchored.
    pub facts: usize,
    /// Characters of one anchored text.
    pub anchor: usize,
}

/// The rules of SRIP-04 as drafted on 2026-04-17, with our readings of what it leaves open.
pub const SRIP_04: Rules = Rules {
    schema: "srip-04/2026-04-17",
    invariants: InvariantRules {
        ci_min: 0.80,
        ci_window: 5,
        field_weight: 0.5,
        ri_min: 0.70,
        ri_window: 20,
        ri_motifs: 10,
        er_max: 0.30,
        er_duplicate: 0.95,
        er_idle: 50,
        er_dead: 0.10,
        er_least: 10,
        er_sample: 2048,
        cc_min: 0.75,
        cc_window: 5,
        re_min: 0.75,
    },
    echo: EchoRules {
        containment: 0.7,
        run: 3,
        least_words: 6,
        whole: 0.6,
    },
    recall: RecallRules {
        k1: 1.2,
        b: 0.5,
        terms: 64,
        postings: 65_536,
        exact: 8_192,
        shortlist: 1_024,
        lexical: 1_024,
        sitting_gap: 4 * 3_600_000,
        spreading: 16_384,
        context: ContextRules {
            k1: 0.5,
            b: 0.25,
            before: 4,
            before_fade: 0.8,
            after: 2,
            after_fade: 0.6,
        },
        half_life: 50.0,
        weights: Weights {
            lexical: 0.05,
            semantic: 0.25,
            telling: 0.06,
            speaker: 0.08,
            time: 0.4,
            dated: 0.12,
            motif: 0.04,
            attractor: 0.04,
            phase: 0.02,
            density: 0.02,
            recency: 0.02,
            context: 1.0,
            reply: 0.25,
        },
    },
    bounds: Bounds {
        summary: 160,
        terms: 512,
        motifs: 8,
        times: 8,
        episodes: 64,
        concepts: 32,
        core_motifs: 64,
        constraints: 64,
        facts: 256,
        anchor: 2_000,
    },
};
