//! One gate a session, which remembers what it has seen.

use crate::exchange::look::{Look, reading_of};
use sigma_core::{Runtime, TurnError, read_report};
use sigma_interop::{
    Cleared, Decision, Gate, Message, Passage, Payload, Reading, Withheld, rules::GateRules,
};
use sigma_types::{Cycle, SessionId};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Cycles that are read again of a session that was not seen before: a gate that was closed longer ago
/// and not opened since is closed for what stands now as well.
const LOOKED_BACK: u64 = 64;
/// Sessions whose gates are kept in memory; others are read again.
const MOST: usize = 1024;

#[derive(Debug)]
pub(crate) struct Gates {
    rules: GateRules,
    by_session: Mutex<BTreeMap<SessionId, Seen>>,
}

#[derive(Debug)]
struct Seen {
    gate: Gate,
    upto: Cycle,
    passage: Passage,
}

impl Gates {
    pub(crate) fn new(rules: GateRules) -> Self {
        Self {
            rules,
            by_session: Mutex::default(),
        }
    }

    /// Shows a session's gate the cycles that it has not seen, up to one.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) async fn catch_up(
        &self,
        runtime: &Runtime,
        session: &SessionId,
        upto: Cycle,
    ) -> Result<(), TurnError> {
        loop {
            let seen = self.lock().get(session).map(|seen| seen.upto);
            let from = match seen {
                Some(seen) if seen >= upto => return Ok(()),
                Some(seen) => seen.next(),
                None => Cycle(upto.0.saturating_sub(LOOKED_BACK).max(1)),
            };
            let limit = upto.since(from) as usize + 1;
            let stored = runtime.store().cycles(session, from, limit).await?;
            let mut last = from;
            for stored in &stored {
                let report = read_report(session, stored)?;
                self.see(session, report.cycle, &reading_of(&report));
                last = report.cycle;
            }
            if stored.is_empty() || last >= upto {
                // what a store does not keep cannot be seen again
                self.reach(session, upto);
                return Ok(());
            }
        }
    }

    /// Shows a session's gate how a cycle ended; one that it has seen changes nothing. Whether it follows
    /// on what was seen.
    pub(crate) fn see(&self, session: &SessionId, cycle: Cycle, reading: &Reading) -> Decision {
        let mut all = self.lock();
        let seen = self.of(&mut all, session);
        let decision = seen.gate.observe(reading);
        seen.upto = seen.upto.max(cycle);
        if decision.passage != seen.passage {
            // every turn of the gate is told, whatever the log leaves out
            tracing::warn!(
                %session, cycle = cycle.0, was = ?seen.passage, is = ?decision.passage,
                reasons = ?decision.reasons, "the gate turned"
            );
            seen.passage = decision.passage;
        }
        decision
    }

    /// Whether all but this cycle were seen.
    pub(crate) fn follows(&self, session: &SessionId, cycle: Cycle) -> bool {
        let seen = self.lock().get(session).map(|seen| seen.upto);
        seen.is_some_and(|seen| seen.next() >= cycle) || cycle.0 <= 1
    }

    /// How a session's gate stands.
    pub(crate) fn decision(&self, look: &Look) -> Decision {
        self.see(&look.session, look.cycle, &look.reading)
    }

    /// Lets a message of a session pass, or says why not.
    ///
    /// # Errors
    /// [`Withheld`].
    pub(crate) fn clear<P: Payload>(
        &self,
        session: &SessionId,
        reading: &Reading,
        message: Message<P>,
    ) -> Result<Cleared<Message<P>>, Withheld> {
        let mut all = self.lock();
        self.of(&mut all, session).gate.clear(reading, message)
    }

    fn reach(&self, session: &SessionId, cycle: Cycle) {
        let mut all = self.lock();
        let seen = self.of(&mut all, session);
        seen.upto = seen.upto.max(cycle);
    }

    fn of<'a>(&self, all: &'a mut BTreeMap<SessionId, Seen>, session: &SessionId) -> &'a mut Seen {
        while all.len() >= MOST && !all.contains_key(session) {
            all.pop_first();
        }
        all.entry(session.clone()).or_insert_with(|| Seen {
            gate: Gate::new(self.rules),
            upto: Cycle(0),
            passage: Passage::Full,
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SessionId, Seen>> {
        self.by_session
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sigma_aegida::SafetyStatus;
    use sigma_attractor::{AttractorKind, InteropPhase, Lifecycle};
    use sigma_drift::ControlPosture;
    use sigma_interop::{
        AttractorState, DriftMetrics, Header, MinimalState, Open, RuntimeId, rules::SRIP_05,
    };
    use sigma_types::{Measured, NonNegative, Timestamp, Unit};
    use uuid::Uuid;

    fn reading(di: f64) -> Reading {
        Reading {
            posture: ControlPosture::Nominal,
            lifecycle: Lifecycle::Stable,
            di_raw: Measured::Value(NonNegative::new(di).unwrap()),
            safety: SafetyStatus::Nominal,
            phase_lock: false,
        }
    }

    fn passes(gates: &Gates, session: &str, di: f64, peer: u128) -> bool {
        let session = SessionId::new(session).unwrap();
        let header = Header::new(
            RuntimeId::new(Uuid::from_u128(1)),
            RuntimeId::new(Uuid::from_u128(peer)),
            Timestamp::EPOCH,
        );
        let state = MinimalState {
            attractor_state: AttractorState {
                id: "a".parse().unwrap(),
                kind: Open::Known(AttractorKind::Symbolic),
                stability: Unit::ONE,
                phase: Open::Known(InteropPhase::Stable),
                scr: Unit::ONE,
            },
            drift_metrics: DriftMetrics {
                sdi: Unit::ZERO,
                sv: Unit::ZERO,
                pd: Unit::ZERO,
                di: Unit::new(di).unwrap(),
            },
        };
        gates
            .clear(&session, &reading(di), Message::new(header, state))
            .is_ok()
    }

    #[test]
    fn caution_halves_the_rate_of_each_peer_and_sessions_have_their_own_gates() {
        let gates = Gates::new(SRIP_05.gate);
        let turns: Vec<_> = (0..6).map(|_| passes(&gates, "s", 0.46, 2)).collect();
        assert_eq!(turns, [true, false, true, false, true, false]);
        assert!(passes(&gates, "s", 0.46, 3), "another peer's first turn");
        assert!(!passes(&gates, "s", 0.55, 2));
        assert!(!passes(&gates, "s", 0.46, 2), "closed until under 0.45");
        assert!(passes(&gates, "t", 0.1, 2));
        assert!(passes(&gates, "s", 0.44, 2));
    }
}
