//! Several runtimes as one field (`SRIP-08 §6`): frames, their mean, who deviates, and what is due.

use serde::{Deserialize, Serialize};
use sigma_types::{Cycle, Unit};
use std::{collections::BTreeMap, f64::consts::FRAC_PI_2};

use crate::{
    CauseId, Discloses, Message, PhaseFrame, RuntimeId, Verified,
    message::{Payload, SealedPayload, order},
    rules::FederationRules,
};

/// A sync event with its header.
pub type PhaseSyncEvent = Message<SyncEvent>;

/// A runtime says that it deviates from the mean and synchronises (`SRIP-08 §6`). It tells no state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SyncEvent {
    /// The cause, signed as part of the event (`SRIP-08 §8`).
    pub cause_id: CauseId,
    /// The cycle of the runtime in which the deviation was seen first.
    pub since: Cycle,
    /// The cycle of the runtime in which it answers.
    pub cycle: Cycle,
    /// Misalignment with the mean, as a share of a right angle.
    pub deviation: Unit,
    /// How many runtimes the mean was formed of.
    pub of: u32,
}

impl SealedPayload for SyncEvent {}
impl Payload for SyncEvent {
    const PURPOSE: &'static str = "sigma-interop/sync-event/v1";
    const DISCLOSES: Discloses = Discloses::Signal;
    const BROADCAST: bool = true;
    const ORDER: &'static [&'static str] = order!["cause_id", "since", "cycle", "deviation", "of"];
}

/// The mean phase of several runtimes (`SRIP-08 §6`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Aggregate {
    /// Mean of the phase vectors, of length one.
    pub mean: [f64; 3],
    /// Angle of each runtime with it, as a share of a right angle.
    pub misalignment: BTreeMap<RuntimeId, Unit>,
}

impl Aggregate {
    /// Forms the mean; none of no vectors. Vectors have length one and no negative parts.
    #[must_use]
    pub fn of(vectors: &BTreeMap<RuntimeId, [f64; 3]>) -> Option<Self> {
        let mut mean = [0.0; 3];
        for vector in vectors.values() {
            for (sum, part) in mean.iter_mut().zip(vector) {
                *sum += part;
            }
        }
        let length = mean.iter().map(|x| x * x).sum::<f64>().sqrt();
        if !(length.is_normal() && length > 0.0) {
            return None;
        }
        let mean = mean.map(|x| x / length);
        let misalignment = vectors
            .iter()
            .map(|(id, vector)| (*id, misalignment(vector, &mean)))
            .collect();
        Some(Self { mean, misalignment })
    }
}

/// The angle between two vectors of length one, as a share of a right angle (`SRIP-08 §3.2`).
#[must_use]
pub fn misalignment(a: &[f64; 3], b: &[f64; 3]) -> Unit {
    let cosine: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    Unit::clamped(cosine.clamp(-1.0, 1.0).acos() / FRAC_PI_2)
}

/// The loop of one runtime in a federation. Bounded by the number of peers; survives a restart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Federation {
    rules: FederationRules,
    me: RuntimeId,
    peers: BTreeMap<RuntimeId, Heard>,
    episode: Option<Episode>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Heard {
    /// Milliseconds of its time, then its number: a runtime that starts anew counts from one again.
    order: (i64, u64),
    vector: [f64; 3],
    /// The own cycle in which it was heard.
    at: Cycle,
}

/// A deviation that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Episode {
    since: Cycle,
    answered: bool,
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HeardAs {
    /// It is the newest of its runtime.
    Newest,
    /// A later one of its runtime came before it.
    Late,
    /// It names another runtime than its header does.
    Foreign,
    /// There is no room for another peer.
    NoRoom,
}

/// What one cycle asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Due {
    /// Whether a frame is to be sent.
    pub emit: bool,
    /// The mean, where a peer was heard within the window.
    pub aggregate: Option<Aggregate>,
    /// The sync event to send, once for each deviation.
    pub sync: Option<SyncEvent>,
    /// The last cycle in which the sync event may come, while it was not confirmed as sent.
    pub sync_until: Option<Cycle>,
}

impl Federation {
    /// A loop that heard nobody yet.
    #[must_use]
    pub const fn new(rules: FederationRules, me: RuntimeId) -> Self {
        Self {
            rules,
            me,
            peers: BTreeMap::new(),
            episode: None,
        }
    }

    /// Hears a frame in an own cycle.
    pub fn hear(&mut self, frame: &Verified<PhaseFrame>, now: Cycle) -> HeardAs {
        let message = frame.message();
        let source = message.header.source_runtime_id;
        let report = &message.payload;
        self.note(
            source,
            RuntimeId::new(report.frame.runtime_id),
            (message.header.timestamp.at().millis(), report.sequence),
            report.frame.phase_vector,
            now,
        )
    }

    fn note(
        &mut self,
        source: RuntimeId,
        named: RuntimeId,
        order: (i64, u64),
        vector: [f64; 3],
        at: Cycle,
    ) -> HeardAs {
        if named != source || source == self.me {
            return HeardAs::Foreign;
        }
        self.forget_stale(at);
        match self.peers.get(&source) {
            Some(heard) if heard.order >= order => return HeardAs::Late,
            None if self.peers.len() >= self.rules.peers => return HeardAs::NoRoom,
            _ => {}
        }
        self.peers.insert(source, Heard { order, vector, at });
        HeardAs::Newest
    }

    /// Peers that were not heard within the window give up their room.
    fn forget_stale(&mut self, now: Cycle) {
        if self.peers.len() >= self.rules.peers {
            let window = self.rules.window;
            self.peers.retain(|_, heard| now.since(heard.at) <= window);
        }
    }

    /// Moves on by one cycle: what is to be sent, and how the own phase stands to the mean.
    ///
    /// The sync event is due from the first cycle of a deviation on and is given in each cycle until
    /// [`Federation::answered`] is called, at most until the window has passed.
    pub fn step(&mut self, now: Cycle, own: [f64; 3]) -> Due {
        let window = self.rules.window;
        let mut vectors: BTreeMap<_, _> = self
            .peers
            .iter()
            .filter(|(_, heard)| now.since(heard.at) <= window)
            .map(|(id, heard)| (*id, heard.vector))
            .collect();
        let emit = now.0.is_multiple_of(self.rules.emit_every.max(1));
        let alone = vectors.is_empty();
        vectors.insert(self.me, own);
        let aggregate = (!alone).then(|| Aggregate::of(&vectors)).flatten();
        let deviation = aggregate
            .as_ref()
            .and_then(|aggregate| aggregate.misalignment.get(&self.me))
            .copied()
            .filter(|angle| angle.get() >= self.rules.deviation);
        let Some(deviation) = deviation else {
            self.episode = None;
            return Due {
                emit,
                aggregate,
                sync: None,
                sync_until: None,
            };
        };
        let episode = *self.episode.get_or_insert(Episode {
            since: now,
            answered: false,
        });
        let open = !episode.answered && now.since(episode.since) <= window;
        let event = SyncEvent {
            cause_id: CauseId::derive(self.me, episode.since.0, None),
            since: episode.since,
            cycle: now,
            deviation,
            of: vectors.len() as u32,
        };
        Due {
            emit,
            aggregate,
            sync: open.then_some(event),
            sync_until: open.then_some(Cycle(episode.since.0.saturating_add(window))),
        }
    }

    /// The sync event was sent: it is not due again while this deviation goes on.
    pub const fn answered(&mut self) {
        if let Some(episode) = &mut self.episode {
            episode.answered = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_05;
    use uuid::Uuid;

    const STABLE: [f64; 3] = [1.0, 0.0, 0.0];
    const RECENTER: [f64; 3] = [0.0, 0.0, 1.0];

    fn id(n: u128) -> RuntimeId {
        RuntimeId::new(Uuid::from_u128(n))
    }

    fn at(angle: f64) -> [f64; 3] {
        let radians = angle * FRAC_PI_2;
        [radians.cos(), 0.0, radians.sin()]
    }

    #[test]
    fn the_mean_of_two_right_angles_lies_half_way() {
        let vectors = BTreeMap::from([(id(1), STABLE), (id(2), RECENTER)]);
        let aggregate = Aggregate::of(&vectors).unwrap();
        for angle in aggregate.misalignment.values() {
            assert!((angle.get() - 0.5).abs() < 1e-12);
        }
        assert_eq!(Aggregate::of(&BTreeMap::new()), None);
    }

    #[test]
    fn a_deviation_of_the_limit_is_one_and_less_is_none() {
        // two runtimes deviate from their mean by half of the angle between them
        for (between, deviates) in [(0.299_999, false), (0.300_001, true)] {
            let mut loop_ = Federation::new(SRIP_05.federation, id(1));
            assert_eq!(
                loop_.note(id(2), id(2), (0, 1), at(between), Cycle(1)),
                HeardAs::Newest
            );
            assert_eq!(
                loop_.step(Cycle(1), STABLE).sync.is_some(),
                deviates,
                "{between}"
            );
        }
    }

    #[test]
    fn the_event_is_due_within_the_window_and_once() {
        let mut loop_ = Federation::new(SRIP_05.federation, id(1));
        let mut due = Vec::new();
        for cycle in 1..=6 {
            loop_.note(id(2), id(2), (0, cycle), RECENTER, Cycle(cycle));
            due.push(loop_.step(Cycle(cycle), STABLE).sync.is_some());
        }
        assert_eq!(
            due,
            [true, true, true, true, false, false],
            "three cycles after the first"
        );
        loop_.step(Cycle(7), RECENTER);
        assert!(
            loop_.step(Cycle(8), STABLE).sync.is_some(),
            "a new deviation"
        );
        loop_.answered();
        assert!(loop_.step(Cycle(9), STABLE).sync.is_none());
    }

    #[test]
    fn frames_are_sent_every_few_cycles_and_stale_ones_do_not_count() {
        let mut loop_ = Federation::new(SRIP_05.federation, id(1));
        let emits: Vec<u64> = (1..=9)
            .filter(|n| loop_.step(Cycle(*n), STABLE).emit)
            .collect();
        assert_eq!(emits, [3, 6, 9]);
        loop_.note(id(2), id(2), (0, 1), RECENTER, Cycle(10));
        assert!(loop_.step(Cycle(13), STABLE).aggregate.is_some());
        assert!(loop_.step(Cycle(14), STABLE).aggregate.is_none());
    }

    #[test]
    fn nobody_speaks_for_another_and_nothing_goes_back() {
        let mut loop_ = Federation::new(
            FederationRules {
                peers: 1,
                ..SRIP_05.federation
            },
            id(1),
        );
        assert_eq!(
            loop_.note(id(2), id(3), (0, 1), STABLE, Cycle(1)),
            HeardAs::Foreign
        );
        assert_eq!(
            loop_.note(id(1), id(1), (0, 1), STABLE, Cycle(1)),
            HeardAs::Foreign
        );
        assert_eq!(
            loop_.note(id(2), id(2), (0, 5), STABLE, Cycle(1)),
            HeardAs::Newest
        );
        assert_eq!(
            loop_.note(id(2), id(2), (0, 5), RECENTER, Cycle(1)),
            HeardAs::Late
        );
        assert_eq!(
            loop_.note(id(3), id(3), (0, 1), STABLE, Cycle(2)),
            HeardAs::NoRoom
        );
        assert_eq!(
            loop_.note(id(3), id(3), (0, 1), STABLE, Cycle(5)),
            HeardAs::Newest
        );
    }
}
