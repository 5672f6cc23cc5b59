//! The memory invariants over recorded dialogues: `cargo run --release --example invariants -- FILE...`.
//!
//! Replays transcripts (`{identity, cycles: [{user_input, response}]}`) into memory, prints CI, RI and
//! ER over the cycles, and what a recovery that is forced at the end changes. CC needs the phase
//! vectors of a drift monitor, which stands above this crate.
#![allow(clippy::print_stdout)]

use serde_json::Value;
use sigma_attractor::{Registry, Turn};
use sigma_memory::{Field, Lifecycle, Memory, Pil, RecoveryPermit, SRIP_04, Spoken};
use sigma_text::{BundledEmbedder, Embedder as _, Utterance};
use sigma_types::{Hash256, Measured, SessionId, Speaker, Timestamp, Unit};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!(
        "{:30} {:>7}  CI min/mean <lim   RI min/mean <lim   ER max/last >lim",
        "", "cycles"
    );
    for path in std::env::args().skip(1) {
        let transcript: Value = serde_json::from_slice(&std::fs::read(&path)?)?;
        let name = path.rsplit('/').next().unwrap_or(&path);
        let (memory, seen) = replay(&transcript)?;
        println!(
            "{name:30} {:7}  {}  {}  {}",
            memory.cycle().0,
            seen[0],
            seen[1],
            seen[2]
        );
        force(memory)?;
    }
    Ok(())
}

fn replay(transcript: &Value) -> Result<(Memory, [Span; 3]), Box<dyn std::error::Error>> {
    let embedder = BundledEmbedder::new();
    let mut memory = Memory::new(SessionId::new("replay")?, Pil::new(), SRIP_04);
    let mut registry = Registry::new(Hash256::of(b"replay"), sigma_attractor::rules::SRIP_2026_04);
    let limits = SRIP_04.invariants;
    let mut seen = [
        Span::new(limits.ci_min, false),
        Span::new(limits.ri_min, false),
        Span::new(limits.er_max, true),
    ];
    for cycle in transcript["cycles"].as_array().into_iter().flatten() {
        let text = |key: &str| cycle[key].as_str().unwrap_or_default();
        let user = Utterance::new(text("user_input"), &embedder);
        let answer = Utterance::new(text("response"), &embedder);
        let next = memory.cycle().next();
        let at = Timestamp::from_millis(1_764_547_200_000 + next.0.cast_signed() * 60_000)?;
        for (speaker, utterance) in [(Speaker::User, &user), (Speaker::Assistant, &answer)] {
            registry.take_up(&Turn {
                cycle: next,
                at,
                speaker,
                utterance,
            });
        }
        let motifs = registry
            .motifs(limits.ri_motifs)
            .into_iter()
            .map(|m| m.key)
            .collect();
        let field = Field {
            motifs,
            ..Field::unmeasured(next, at)
        };
        let said = [Spoken::by_user(&user), Spoken::by_model(&answer, [])];
        for frame in memory.compose(&field, embedder.info(), &said)? {
            memory.append(frame)?;
        }
        let now = memory.invariants();
        for (span, value) in seen.iter_mut().zip([now.ci, now.ri, now.er]) {
            span.add(value);
        }
    }
    Ok((memory, seen))
}

fn force(mut memory: Memory) -> Result<(), Box<dyn std::error::Error>> {
    let Some(permit) = RecoveryPermit::by_lifecycle(&memory, Lifecycle::Recovery) else {
        return Ok(());
    };
    let snapshot = memory.snapshot(Timestamp::EPOCH);
    let plan = memory.plan_recovery(permit, snapshot, Timestamp::EPOCH)?;
    let recovery = memory.recover(plan)?;
    let count = |noise| recovery.pruned.iter().filter(|p| p.noise == noise).count();
    println!(
        "    forced recovery prunes {} of {} ({} duplicates, {} dead), ER {} -> {}, RI {} -> {}",
        recovery.pruned.len(),
        memory.len(),
        count(sigma_memory::Noise::Duplicate),
        count(sigma_memory::Noise::Dead),
        show(recovery.before.er),
        show(recovery.after.er),
        show(recovery.before.ri),
        show(recovery.after.ri),
    );
    Ok(())
}

fn show(value: Measured<Unit>) -> String {
    value
        .value()
        .map_or_else(|| "-".to_owned(), |u| format!("{:.2}", u.get()))
}

struct Span {
    limit: f64,
    over: bool,
    worst: Option<f64>,
    sum: f64,
    last: f64,
    measured: usize,
    broken: usize,
}

impl Span {
    fn new(limit: f64, over: bool) -> Self {
        Self {
            limit,
            over,
            worst: None,
            sum: 0.0,
            last: 0.0,
            measured: 0,
            broken: 0,
        }
    }

    fn add(&mut self, value: Measured<Unit>) {
        let Some(value) = value.value().map(Unit::get) else {
            return;
        };
        let worse = if self.over { f64::max } else { f64::min };
        self.worst = Some(self.worst.map_or(value, |w| worse(w, value)));
        self.sum += value;
        self.last = value;
        self.measured += 1;
        self.broken += usize::from(if self.over {
            value > self.limit
        } else {
            value < self.limit
        });
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let second = if self.over {
            self.last
        } else {
            self.sum / self.measured.max(1) as f64
        };
        write!(
            f,
            "{:6.2} {second:5.2} {:4}",
            self.worst.unwrap_or(f64::NAN),
            self.broken
        )
    }
}
