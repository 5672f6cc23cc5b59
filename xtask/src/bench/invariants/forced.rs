//! A recovery that is forced at the middle of a dialogue: the invariants before, at, and after it,
//! beside the same dialogue without it. The frames said later are the recorded ones.

use serde::Serialize;
use sigma_memory::{Frame, Invariants, Lifecycle, Memory, Pil, RecoveryPermit, SRIP_04};
use sigma_types::{SessionId, Timestamp};

use super::{replay::SESSION, values};

/// Cycles after the recovery at which the invariants are told.
const AFTER: [u64; 2] = [5, 20];
/// Cycles before the recovery at which its snapshot was taken.
const SNAPSHOT: u64 = 5;

/// What the recovery did.
#[derive(Debug, Serialize)]
pub(super) struct Forced {
    /// The cycle after which it took place.
    pub(super) cycle: u64,
    pub(super) frames: usize,
    pub(super) pruned: usize,
    pub(super) points: Vec<Point>,
}

/// CI, RI, ER and CC at one moment; null where one cannot be measured.
#[derive(Debug, Serialize)]
pub(super) struct Point {
    pub(super) when: String,
    pub(super) with: [Option<f64>; 4],
    pub(super) without: [Option<f64>; 4],
}

impl Point {
    fn new(when: String, with: &Invariants, without: &Invariants) -> Self {
        Self {
            when,
            with: values(with),
            without: values(without),
        }
    }
}

/// Forces a recovery; `None` where the dialogue is too short to look 20 cycles ahead.
pub(super) fn force(frames: &[Frame]) -> Result<Option<Forced>, Box<dyn std::error::Error>> {
    let cycles = frames.last().map_or(0, |frame| frame.cycle.0);
    let middle = cycles / 2;
    if middle <= SNAPSHOT || middle + AFTER[1] > cycles {
        return Ok(None);
    }
    let upto = |cycle: u64| frames.partition_point(|frame| frame.cycle.0 <= cycle);
    let mut plain = Memory::new(SessionId::new(SESSION)?, Pil::new(), SRIP_04);
    append(&mut plain, &frames[..upto(middle - SNAPSHOT)])?;
    let snapshot = plain.snapshot(Timestamp::EPOCH);
    append(&mut plain, &frames[upto(middle - SNAPSHOT)..upto(middle)])?;
    let mut forced = plain.clone();
    let permit = RecoveryPermit::by_lifecycle(&forced, Lifecycle::Recovery)
        .ok_or("a recovery phase permits no recovery")?;
    let plan = forced.plan_recovery(permit, snapshot, Timestamp::EPOCH)?;
    let recovery = forced.recover(plan)?;
    let mut points = vec![
        Point::new("before".to_owned(), &recovery.before, &recovery.before),
        Point::new("at".to_owned(), &recovery.after, &recovery.before),
    ];
    let mut from = middle;
    for after in AFTER {
        let more = &frames[upto(from)..upto(middle + after)];
        append(&mut plain, more)?;
        append(&mut forced, more)?;
        from = middle + after;
        let when = format!("{after} cycles after");
        points.push(Point::new(when, &forced.invariants(), &plain.invariants()));
    }
    Ok(Some(Forced {
        cycle: middle,
        frames: upto(middle),
        pruned: recovery.pruned.len(),
        points,
    }))
}

fn append(memory: &mut Memory, frames: &[Frame]) -> Result<(), sigma_memory::AppendError> {
    frames
        .iter()
        .try_for_each(|frame| memory.append(frame.clone()).map(|_| ()))
}
