//! Recall over long memories: `cargo run --release --example scale -- TEXT [FRAMES]...`.
//!
//! Makes dialogues of any length from the words of a text (a first-order chain over them, seeded),
//! remembers them, and prints what a recall and an append take, beside the time to read all vectors
//! once, and what the bounded search finds of what the exact one does.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::{collections::HashMap, hint::black_box, time::Instant};

use sigma_memory::{
    Field, Frame, Memory, Pil, Query, Recalled, Rules, SRIP_04, Spoken, rules::RecallRules,
};
use sigma_text::{BundledEmbedder, Embedder as _, Utterance};
use sigma_types::{SessionId, Timestamp};

const QUESTIONS: usize = 200;
const DEPTH: usize = 10;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("usage: scale TEXT [FRAMES]...")?;
    let text = std::fs::read_to_string(path)?;
    let mut sizes: Vec<usize> = args.map(|a| a.parse()).collect::<Result<_, _>>()?;
    if sizes.is_empty() {
        sizes = vec![1_000, 10_000, 100_000];
    }
    let exactly = RecallRules {
        exact: usize::MAX,
        postings: usize::MAX,
        spreading: usize::MAX,
        ..SRIP_04.recall
    };
    let exactly = Rules {
        recall: exactly,
        ..SRIP_04
    };
    println!(
        "{:>9} {:>9} {:>10} {:>10} {:>10} {:>11} {:>11} {:>9}",
        "frames", "B/frame", "p50", "p99", "exact p50", "read once", "append p50", "found"
    );
    for size in sizes {
        let mut chain = Chain::of(&text);
        let (frames, memory, append) = remember(&mut chain, size);
        let slow = Memory::load(memory.session().clone(), Pil::new(), exactly, frames, [])?.0;
        let (mut fast_times, mut slow_times, mut found) = (Vec::new(), Vec::new(), 0);
        for _ in 0..QUESTIONS {
            let question = Utterance::new(&chain.sentence(9), &BundledEmbedder::new());
            let (fast, time) = timed(|| ask(&memory, &question));
            fast_times.push(time);
            let (exact, time) = timed(|| ask(&slow, &question));
            slow_times.push(time);
            let held = |r: &&Recalled| fast.iter().any(|f| f.provenance == r.provenance);
            found += exact.iter().filter(held).count();
        }
        println!(
            "{size:9} {:9} {:>10} {:>10} {:>10} {:>11} {:>11} {:8.1}%",
            memory.footprint().bytes() / size,
            micros(at(&mut fast_times, 50)),
            micros(at(&mut fast_times, 99)),
            micros(at(&mut slow_times, 50)),
            micros(read_once(size)),
            micros(append),
            100.0 * found as f64 / (QUESTIONS * DEPTH) as f64,
        );
    }
    Ok(())
}

fn ask(memory: &Memory, question: &Utterance) -> Vec<Recalled> {
    let now = Timestamp::EPOCH;
    memory.recall(&Query::new(question, memory.cycle().next(), now).limit(DEPTH))
}

fn remember(chain: &mut Chain, size: usize) -> (Vec<Frame>, Memory, f64) {
    let embedder = BundledEmbedder::new();
    let session = SessionId::new("scale").expect("a session id");
    let mut memory = Memory::new(session, Pil::new(), SRIP_04);
    let mut frames = Vec::with_capacity(size);
    let mut times = Vec::new();
    for n in 0..size {
        let words = 6 + chain.draw(30) as usize;
        let said = Utterance::new(&chain.sentence(words), &embedder);
        let at = Timestamp::from_millis(n as i64 * 45_000).expect("a time");
        let field = Field::unmeasured(memory.cycle().next(), at);
        let frame = memory.compose(&field, embedder.info(), &[Spoken::by_user(&said)]);
        let frame = frame.expect("a frame").remove(0);
        frames.push(frame.clone());
        let (done, time) = timed(|| memory.append(frame));
        done.expect("the next frame");
        if n + 1_000 >= size {
            times.push(time);
        }
    }
    (frames, memory, at(&mut times, 50))
}

/// Seconds to read as many int8 vectors as there are frames, once.
fn read_once(frames: usize) -> f64 {
    let block: Vec<i8> = (0..frames * 256).map(|i| (i % 251) as i8).collect();
    let mut times: Vec<f64> = (0..9)
        .map(|_| {
            let sum = || -> i64 {
                block
                    .chunks(1 << 14)
                    .map(|c| c.iter().map(|x| i32::from(*x)).sum::<i32>() as i64)
                    .sum()
            };
            timed(|| black_box(sum())).1
        })
        .collect();
    at(&mut times, 50)
}

fn timed<T>(f: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let value = f();
    (value, start.elapsed().as_secs_f64())
}

fn at(times: &mut [f64], percent: usize) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

fn micros(seconds: f64) -> String {
    format!("{:.0} us", seconds * 1e6)
}

/// A first-order chain over the words of a text.
struct Chain {
    words: Vec<String>,
    after: HashMap<String, Vec<usize>>,
    state: u64,
}

impl Chain {
    fn of(text: &str) -> Self {
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphabetic())
            .filter(|w| w.len() > 1 || matches!(*w, "a" | "I"))
            .map(str::to_owned)
            .collect();
        let mut after: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, pair) in words.windows(2).enumerate() {
            after.entry(pair[0].clone()).or_default().push(at + 1);
        }
        Self {
            words,
            after,
            state: 42,
        }
    }

    fn draw(&mut self, below: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }

    fn sentence(&mut self, words: usize) -> String {
        let mut at = self.draw(self.words.len() as u64) as usize;
        let mut said = self.words[at].clone();
        for _ in 1..words {
            let next = self.after.get(&self.words[at]).map_or(0, Vec::len) as u64;
            at = if next == 0 {
                self.draw(self.words.len() as u64) as usize
            } else {
                let pick = self.draw(next) as usize;
                self.after[&self.words[at]][pick]
            };
            said.push(' ');
            said.push_str(&self.words[at]);
        }
        said.push('.');
        said
    }
}
