//! Entropy (ER): how much of what is kept is noise?

use sigma_types::{Measured, Missing, Unit};

use crate::{
    Memory, Noise,
    index::{Live, Mark, Probe},
};

/// Share of the retained frames that are noise (`SRIP-04 §7`; at most 0.3, else Rule 9.1).
///
/// Noise is a duplicate (or echo) of a kept frame, an orphan whose lineage does not verify, or a dead
/// frame: not recalled for `er_idle` cycles and with nothing in common with the field. Frames without
/// content words ("ok") are neither signal nor noise. In a long memory dead frames are estimated from
/// an even sample of `er_sample` frames, so that the cost of a cycle does not grow.
pub fn measure(memory: &Memory) -> Measured<Unit> {
    let rules = &memory.rules.invariants;
    let tally = &memory.tally;
    if tally.retained < rules.er_least {
        return Measured::Missing(Missing::WindowTooShort);
    }
    let noise = (tally.duplicates + tally.orphans) as f64 + dead(memory);
    Measured::Value(Unit::clamped(noise / tally.retained as f64))
}

fn dead(memory: &Memory) -> f64 {
    let Some(field) = Field::of(memory) else {
        return 0.0;
    };
    let step = memory
        .marks
        .len()
        .div_ceil(memory.rules.invariants.er_sample.max(1))
        .max(1);
    let found = memory
        .marks
        .iter()
        .step_by(step)
        .filter(|(f, mark)| field.is_dead(*f, mark))
        .count();
    (found * step) as f64
}

/// All noise among retained frames, in order.
pub(crate) fn noise(memory: &Memory) -> impl Iterator<Item = (u32, Noise)> {
    let field = Field::of(memory);
    memory.marks.iter().filter_map(move |(frame, mark)| {
        let noise = match mark.live {
            Live::Pruned => return None,
            Live::Orphan => Noise::Orphan,
            Live::Echo => Noise::Echo,
            Live::Yes if mark.duplicate_of.is_some() => Noise::Duplicate,
            Live::Yes => {
                let dead = field
                    .as_ref()
                    .is_some_and(|field| field.is_dead(frame, mark));
                return dead.then_some((frame, Noise::Dead));
            }
        };
        mark.content.then_some((frame, noise))
    })
}

/// The field that frames are held against.
struct Field<'a> {
    memory: &'a Memory,
    probe: Probe,
}

impl<'a> Field<'a> {
    fn of(memory: &'a Memory) -> Option<Self> {
        let state = memory.trail.state()?.embedding()?;
        Some(Self {
            memory,
            probe: Probe::new(state.as_slice()),
        })
    }

    fn is_dead(&self, frame: u32, mark: &Mark) -> bool {
        let rules = &self.memory.rules.invariants;
        mark.is_live()
            && mark.content
            && mark.duplicate_of.is_none()
            && self.memory.cycle().since(mark.recalled) > rules.er_idle
            && self.memory.rows.has(frame)
            && f64::from(self.memory.rows.cosine(frame, &self.probe)) < rules.er_dead
    }
}
