//! What recall and append cost over long memories, beside the time to read the vectors once.
//!
//! The dialogues are made, seeded: words of the bundled vocabulary, drawn by Zipf's law, a few dozen of
//! them at a time belonging to the subject at hand, and the subject changing every few frames.

use std::hint::black_box;
use std::time::Instant;

use serde::Serialize;
use serde_json::{Value, json};
use sigma_memory::{Field, Memory, Pil, Query, Recalled, SRIP_04, Spoken};
use sigma_text::{BundledEmbedder, Embedder as _, Utterance};
use sigma_types::{SessionId, Timestamp};

use crate::root::workspace;

/// Questions asked at each size.
const QUESTIONS: usize = 200;
/// Items asked for.
const DEPTH: usize = 10;
/// Frames whose commit is timed before each point, and the size that they are compared with.
const WINDOW: usize = 1_000;
/// Components of a vector of the bundled model.
const DIMENSIONS: usize = 256;

/// Figures at one size; times are microseconds.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Point {
    frames: usize,
    recall_p50_us: f64,
    recall_p99_us: f64,
    /// Every frame compared, no candidates chosen.
    exact_p50_us: f64,
    exact_p99_us: f64,
    /// The vectors read once from memory, eight bits a component: the physical limit of an exact scan.
    read_once_us: f64,
    /// Share of the exact items that the bounded search finds, `0..=1`.
    found: f64,
    bytes_per_frame: f64,
    vector_bytes_per_frame: f64,
    append_p50_us: f64,
    append_p99_us: f64,
    /// Compose and append.
    commit_p50_us: f64,
    /// `commit_p50_us` beside that at 1,000 frames.
    commit_ratio: f64,
}

/// Fills one memory up to the largest size and measures at each on the way.
pub(super) fn measure(sizes: &[usize]) -> Result<Vec<Point>, Box<dyn std::error::Error>> {
    let mut sizes = sizes.to_vec();
    sizes.sort_unstable();
    sizes.dedup();
    if sizes.first().is_none_or(|least| *least < WINDOW) {
        return Err(format!("--frames: the least size that can be measured is {WINDOW}").into());
    }
    let mut talk = Talk::new()?;
    let mut memory = Memory::new(SessionId::new("scale")?, Pil::new(), SRIP_04);
    let base = commit(&mut memory, &mut talk, WINDOW)?.commit;
    let mut points = Vec::new();
    for size in sizes {
        let last = if size > memory.len() {
            let before = size - memory.len();
            commit(&mut memory, &mut talk, before.saturating_sub(WINDOW))?;
            commit(&mut memory, &mut talk, before.min(WINDOW))?
        } else {
            Commit {
                append: vec![0.0],
                commit: base.clone(),
            }
        };
        points.push(point(&memory, &mut talk, last, &base)?);
    }
    Ok(points)
}

struct Commit {
    append: Vec<f64>,
    commit: Vec<f64>,
}

fn commit(
    memory: &mut Memory,
    talk: &mut Talk,
    frames: usize,
) -> Result<Commit, Box<dyn std::error::Error>> {
    let embedder = BundledEmbedder::new();
    let mut times = Commit {
        append: Vec::new(),
        commit: Vec::new(),
    };
    for _ in 0..frames {
        let said = Utterance::new(&talk.utterance(), &embedder);
        let at = Timestamp::from_millis(memory.len() as i64 * 45_000)?;
        let field = Field::unmeasured(memory.cycle().next(), at);
        let spoken = [Spoken::by_user(&said)];
        let (made, composing) = timed(|| memory.compose(&field, embedder.info(), &spoken));
        let made = made?;
        let (done, appending) = timed(|| {
            made.into_iter()
                .try_for_each(|f| memory.append(f).map(|_| ()))
        });
        done?;
        times.append.push(appending);
        times.commit.push(composing + appending);
    }
    Ok(times)
}

fn point(
    memory: &Memory,
    talk: &mut Talk,
    mut last: Commit,
    base: &[f64],
) -> Result<Point, Box<dyn std::error::Error>> {
    let (mut times, mut exact_times, mut found, mut wanted) = (Vec::new(), Vec::new(), 0, 0);
    for _ in 0..QUESTIONS {
        let question = Utterance::new(&talk.question(), &BundledEmbedder::new());
        let at = Timestamp::from_millis(memory.len() as i64 * 45_000)?;
        let query = Query::new(&question, memory.cycle().next(), at).limit(DEPTH);
        let (fast, time) = timed(|| memory.recall(&query));
        times.push(time);
        let (exact, time) = timed(|| memory.recall(&query.exhaustive()));
        exact_times.push(time);
        let held = |r: &&Recalled| fast.iter().any(|f| f.provenance == r.provenance);
        found += exact.iter().filter(held).count();
        wanted += exact.len();
    }
    let footprint = memory.footprint();
    let per_frame = |bytes: usize| bytes as f64 / memory.len() as f64;
    let commit_p50_us = at(&mut last.commit, 50);
    Ok(Point {
        frames: memory.len(),
        recall_p50_us: at(&mut times, 50),
        recall_p99_us: at(&mut times, 99),
        exact_p50_us: at(&mut exact_times, 50),
        exact_p99_us: at(&mut exact_times, 99),
        read_once_us: read_once(memory.len()),
        found: found as f64 / wanted.max(1) as f64,
        bytes_per_frame: per_frame(footprint.bytes()),
        vector_bytes_per_frame: per_frame(footprint.vectors),
        append_p50_us: at(&mut last.append, 50),
        append_p99_us: at(&mut last.append, 99),
        commit_p50_us,
        commit_ratio: commit_p50_us / at(&mut base.to_vec(), 50),
    })
}

/// Microseconds to read as many vectors as there are frames, once: the least of nine passes.
fn read_once(frames: usize) -> f64 {
    let block: Vec<i8> = (0..frames * DIMENSIONS).map(|i| (i % 251) as i8).collect();
    let pass = || -> i64 {
        let (words, _) = block.as_chunks::<64>();
        let mut sums = [0_i16; 64];
        for word in words {
            for lane in 0..64 {
                sums[lane] = sums[lane].wrapping_add(i16::from(word[lane]));
            }
        }
        sums.iter().map(|s| i64::from(*s)).sum()
    };
    (0..9)
        .map(|_| timed(|| black_box(pass())).1)
        .fold(f64::MAX, f64::min)
}

fn timed<T>(f: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let value = f();
    (value, start.elapsed().as_secs_f64() * 1e6)
}

fn at(times: &mut [f64], percent: usize) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    let last = times.len().saturating_sub(1);
    times
        .get((times.len() * percent / 100).min(last))
        .map_or(f64::NAN, |t| (t * 10.0).round() / 10.0)
}

/// Talk without end, the same for the same seed.
pub(super) struct Talk {
    words: Vec<String>,
    subject: Vec<usize>,
    left: usize,
    /// Some of what was said: questions ask about it.
    said: Vec<String>,
    state: u64,
}

/// Where whole words begin in the bundled vocabulary, which is sorted by frequency.
const FIRST_WORD: usize = 1_996;
/// Words that belong to one subject.
const SUBJECT: usize = 40;

impl Talk {
    pub(super) fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let path = workspace().join("crates/sigma-text/model/vocab.txt");
        let vocabulary = std::fs::read_to_string(&path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let words: Vec<String> = vocabulary
            .lines()
            .skip(FIRST_WORD)
            .filter(|w| w.chars().all(|c| c.is_ascii_lowercase()))
            .map(str::to_owned)
            .collect();
        if words.is_empty() {
            return Err(format!("{} holds no words", path.display()).into());
        }
        Ok(Self {
            words,
            subject: Vec::new(),
            left: 0,
            said: Vec::new(),
            state: 42,
        })
    }

    /// splitmix64: uniform bits.
    fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.draw() % n as u64) as usize
    }

    /// A rank by Zipf's law: its logarithm is uniform.
    fn rank(&mut self) -> usize {
        let share = (self.draw() >> 11) as f64 / (1_u64 << 53) as f64;
        let rank = (self.words.len() as f64).powf(share) as usize;
        rank.min(self.words.len()) - 1
    }

    fn word(&mut self) -> &str {
        let word = if self.below(3) == 0 {
            let at = self.below(SUBJECT);
            self.subject[at]
        } else {
            self.rank()
        };
        &self.words[word]
    }

    pub(super) fn utterance(&mut self) -> String {
        if self.left == 0 {
            self.left = 4 + self.below(12);
            self.subject = (0..SUBJECT).map(|_| self.below(self.words.len())).collect();
        }
        self.left -= 1;
        let mut text = String::new();
        for _ in 0..6 + self.below(30) {
            text.push_str(self.word());
            text.push(' ');
        }
        if self.below(REMEMBERED) == 0 {
            self.said.push(text.clone());
        }
        text
    }

    /// A third of the words of something said, with a few others.
    pub(super) fn question(&mut self) -> String {
        let about = self.below(self.said.len());
        let about = self.said[about].clone();
        let mut text = String::new();
        for (at, word) in about.split(' ').enumerate() {
            if at % 3 == 1 {
                text.push_str(word);
                text.push(' ');
            }
        }
        for _ in 0..3 {
            let rank = self.rank();
            text.push_str(&self.words[rank]);
            text.push(' ');
        }
        text + "?"
    }
}

/// One in so many utterances is asked about.
const REMEMBERED: usize = 7;

/// `{name, points: [...]}`; each point has the members of the table.
pub(super) fn json(points: &[Point]) -> Value {
    json!({ "name": "memory-scale", "points": points })
}

#[expect(
    clippy::print_stdout,
    reason = "the figures are what the command is for"
)]
pub(super) fn print(points: &[Point]) {
    println!(
        "{:>9} {:>11} {:>11} {:>11} {:>11} {:>11} {:>7} {:>8} {:>8} {:>11} {:>11} {:>6}",
        "frames",
        "p50",
        "p99",
        "exact p50",
        "exact p99",
        "read once",
        "found",
        "B/frame",
        "vectors",
        "append p50",
        "commit p50",
        "ratio"
    );
    for p in points {
        println!(
            "{:9} {:>8.0} us {:>8.0} us {:>8.0} us {:>8.0} us {:>8.0} us {:>6.1}% {:>8.0} {:>8.0} {:>8.1} us {:>8.1} us {:>5.2}x",
            p.frames,
            p.recall_p50_us,
            p.recall_p99_us,
            p.exact_p50_us,
            p.exact_p99_us,
            p.read_once_us,
            100.0 * p.found,
            p.bytes_per_frame,
            p.vector_bytes_per_frame,
            p.append_p50_us,
            p.commit_p50_us,
            p.commit_ratio
        );
    }
}
