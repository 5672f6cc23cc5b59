//! What may leave, and when (`SRIP-05 §6`, `§8`): nothing leaves without passing here.

use serde::{Deserialize, Serialize};
use sigma_aegida::SafetyStatus;
use sigma_attractor::{InteropPhase, Lifecycle, project};
use sigma_drift::ControlPosture;
use sigma_types::{Measured, Missing, NonNegative, Unit};
use std::collections::BTreeMap;

use crate::{Discloses, Message, Payload, RuntimeId, rules::GateRules};

/// How the runtime stands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Its control posture.
    pub posture: ControlPosture,
    /// The state of the attractor that holds the dialogue.
    pub lifecycle: Lifecycle,
    /// Composite drift, unclamped: it decides.
    pub di_raw: Measured<NonNegative>,
    /// The safety layer's word.
    pub safety: SafetyStatus,
    /// Whether the phase is locked.
    pub phase_lock: bool,
}

/// What may pass, from the freest to the most closed.
///
/// Exhaustive on purpose: the table of the gate is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Passage {
    /// Everything.
    Full,
    /// State at a reduced rate.
    Caution,
    /// No state.
    Blocked,
    /// Nothing, in neither direction, but handshakes.
    Isolated,
}

impl Passage {
    /// Whether messages of peers are taken.
    #[must_use]
    pub const fn receives(self) -> bool {
        !matches!(self, Self::Isolated)
    }
}

/// Why the gate stands as it does.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "reason", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// Drift has reached a limit of the table.
    Drift {
        /// Composite drift, unclamped.
        di_raw: NonNegative,
        /// The limit.
        limit: f64,
    },
    /// Drift could not be measured, and unknown is not calm.
    DriftUnmeasured {
        /// Why.
        why: Missing,
    },
    /// It was closed before, and drift is not under the limit that opens it.
    HeldUntilBelow {
        /// The limit.
        limit: f64,
    },
    /// The posture corrects or restores (`SRIP-05 §8`).
    Posture {
        /// Which one.
        #[cfg_attr(feature = "schema", schemars(with = "String"))]
        posture: ControlPosture,
    },
    /// The attractor reflects, recovers or fragments (`SRIP-05 §8`).
    Lifecycle {
        /// Which one.
        lifecycle: Lifecycle,
    },
    /// The safety layer holds a lock or restores the centre.
    Safety {
        /// Its word.
        status: SafetyStatus,
    },
    /// The phase is locked.
    PhaseLock,
    /// In caution it is another message's turn.
    ReducedRate {
        /// One of so many passes.
        one_in: u32,
    },
    /// The message does not say what is so.
    Misstated {
        /// What it misstates.
        what: Misstated,
    },
}

/// What a message claims and the reading denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Misstated {
    /// `di`.
    Di,
    /// `phase`.
    Phase,
    /// `aegida_status`.
    Safety,
    /// `phase_lock`.
    PhaseLock,
}

/// What a message claims about the runtime.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Claims {
    /// Composite drift.
    pub di: Option<Unit>,
    /// The phase word.
    pub phase: Option<InteropPhase>,
    /// The safety word.
    pub safety: Option<SafetyStatus>,
    /// The phase lock.
    pub phase_lock: Option<bool>,
}

/// How the gate stands, and why. Written to the log and told to the asker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decision {
    /// What may pass.
    pub passage: Passage,
    /// Why it is no freer; empty where everything passes.
    pub reasons: Vec<Reason>,
}

/// The gate of one runtime. Its state is small and survives a restart.
///
/// ```
/// use sigma_interop::{Gate, Passage, Reading, rules::SRIP_05};
/// use sigma_aegida::SafetyStatus;
/// use sigma_attractor::Lifecycle;
/// use sigma_drift::ControlPosture;
/// use sigma_types::{Measured, NonNegative};
///
/// let mut gate = Gate::new(SRIP_05.gate);
/// let reading = |di| Reading {
///     posture: ControlPosture::Nominal,
///     lifecycle: Lifecycle::Stable,
///     di_raw: Measured::Value(NonNegative::new(di).unwrap()),
///     safety: SafetyStatus::Nominal,
///     phase_lock: false,
/// };
/// assert_eq!(gate.observe(&reading(0.2)).passage, Passage::Full);
/// assert_eq!(gate.observe(&reading(0.55)).passage, Passage::Blocked);
/// assert_eq!(gate.observe(&reading(0.46)).passage, Passage::Blocked, "held until under 0.45");
/// assert_eq!(gate.observe(&reading(0.44)).passage, Passage::Full);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    rules: GateRules,
    held: Passage,
    turns: BTreeMap<RuntimeId, u32>,
}

/// Proof that the gate let a message pass. Only [`Gate`] makes one, and a
/// [`Sealer`](crate::seal::Sealer) asks for one.
#[derive(Debug)]
pub struct Cleared<M>(M);

impl<M> Cleared<M> {
    /// The message.
    #[must_use]
    pub const fn message(&self) -> &M {
        &self.0
    }

    pub(crate) fn into_message(self) -> M {
        self.0
    }
}

/// A message stays here. The decision says why.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("the gate is {:?}: {:?}", .decision.passage, .decision.reasons)]
pub struct Withheld {
    /// Why.
    pub decision: Decision,
}

impl Gate {
    /// An open gate.
    #[must_use]
    pub const fn new(rules: GateRules) -> Self {
        Self {
            rules,
            held: Passage::Full,
            turns: BTreeMap::new(),
        }
    }

    /// Looks at how the runtime stands. To be called after each cycle; calling it again with the same
    /// reading changes nothing.
    pub fn observe(&mut self, reading: &Reading) -> Decision {
        let mut decision = self.table(reading);
        let di = reading.di_raw.value().map(NonNegative::get);
        let calm = di.is_some_and(|di| di < self.rules.caution);
        if decision.passage >= Passage::Blocked {
            self.held = if calm {
                decision.passage
            } else {
                self.held.max(decision.passage)
            };
        } else if calm {
            self.held = Passage::Full;
        }
        if self.held > decision.passage {
            decision.passage = self.held;
            decision.reasons.push(Reason::HeldUntilBelow {
                limit: self.rules.caution,
            });
        }
        if decision.passage != Passage::Caution {
            self.turns.clear();
        }
        decision
    }

    /// Lets a message pass, or says why not (`SRIP-05 §8`: inspected before dispatch). In caution each
    /// call is one peer's turn.
    ///
    /// # Errors
    /// [`Withheld`].
    pub fn clear<P: Payload>(
        &mut self,
        reading: &Reading,
        message: Message<P>,
    ) -> Result<Cleared<Message<P>>, Withheld> {
        let mut decision = self.observe(reading);
        let passes = match (P::DISCLOSES, decision.passage) {
            (Discloses::Nothing, _) => return Ok(Cleared(message)),
            (Discloses::Signal, passage) => passage != Passage::Isolated,
            (Discloses::State, Passage::Full) => true,
            (Discloses::State, Passage::Caution) => {
                let its_turn = self.its_turn(message.header.target_runtime_id);
                if !its_turn {
                    decision.reasons.push(Reason::ReducedRate {
                        one_in: self.rules.caution_one_in,
                    });
                }
                its_turn
            }
            (Discloses::State, Passage::Blocked | Passage::Isolated) => false,
        };
        let misstated = misstated(reading, message.payload.claims());
        if passes && misstated.is_none() {
            return Ok(Cleared(message));
        }
        decision
            .reasons
            .extend(misstated.map(|what| Reason::Misstated { what }));
        Err(Withheld { decision })
    }

    /// The table, without memory.
    fn table(&self, reading: &Reading) -> Decision {
        let mut decision = Decision {
            passage: Passage::Full,
            reasons: Vec::new(),
        };
        let mut because = |passage: Passage, reason| {
            decision.passage = decision.passage.max(passage);
            decision.reasons.push(reason);
        };
        match reading.di_raw {
            Measured::Missing(why) => because(Passage::Blocked, Reason::DriftUnmeasured { why }),
            Measured::Value(di_raw) => {
                let steps = [
                    (Passage::Isolated, self.rules.isolate),
                    (Passage::Blocked, self.rules.block),
                    (Passage::Caution, self.rules.caution),
                ];
                if let Some((passage, limit)) =
                    steps.into_iter().find(|(_, limit)| di_raw.get() >= *limit)
                {
                    because(passage, Reason::Drift { di_raw, limit });
                }
            }
        }
        let posture = match reading.posture {
            ControlPosture::Nominal => Passage::Full,
            ControlPosture::Caution => Passage::Caution,
            ControlPosture::Reflective => Passage::Blocked,
            _ => Passage::Isolated,
        };
        if posture > Passage::Full {
            because(
                posture,
                Reason::Posture {
                    posture: reading.posture,
                },
            );
        }
        if !matches!(reading.lifecycle, Lifecycle::Forming | Lifecycle::Stable) {
            because(
                Passage::Blocked,
                Reason::Lifecycle {
                    lifecycle: reading.lifecycle,
                },
            );
        }
        if reading.safety != SafetyStatus::Nominal {
            because(
                Passage::Blocked,
                Reason::Safety {
                    status: reading.safety,
                },
            );
        }
        if reading.phase_lock {
            because(Passage::Blocked, Reason::PhaseLock);
        }
        decision
    }

    /// In caution the first message to a peer passes, and then one in so many.
    fn its_turn(&mut self, target: RuntimeId) -> bool {
        if !self.turns.contains_key(&target) && self.turns.len() >= self.rules.links {
            return false;
        }
        let turn = self.turns.entry(target).or_default();
        let passes = *turn == 0;
        *turn = (*turn + 1) % self.rules.caution_one_in.max(1);
        passes
    }
}

fn misstated(reading: &Reading, claims: Claims) -> Option<Misstated> {
    let di = reading.di_raw.value().map(NonNegative::to_unit);
    let phase = project(reading.lifecycle, false, false).interop;
    let differs = [
        (
            claims.di.is_some_and(|claim| Some(claim) != di),
            Misstated::Di,
        ),
        (
            claims.phase.is_some_and(|claim| claim != phase),
            Misstated::Phase,
        ),
        (
            claims.safety.is_some_and(|claim| claim != reading.safety),
            Misstated::Safety,
        ),
        (
            claims
                .phase_lock
                .is_some_and(|claim| claim != reading.phase_lock),
            Misstated::PhaseLock,
        ),
    ];
    differs
        .into_iter()
        .find_map(|(differs, what)| differs.then_some(what))
}
