//! Phase commands (`SRIP-08 §5`, `§8`): in causal order, signed, and taken back within two cycles if
//! need be.

use serde::{Deserialize, Serialize};
use sigma_types::{Cycle, SessionId};
use std::collections::{BTreeMap, VecDeque};

use crate::{
    CauseId, Discloses, Label, Message, Misfit, RuntimeId, Sealed, Verified,
    message::{Payload, SealedPayload, order},
    rules::{CommandRules, Rules},
};

/// A phase command with its header.
pub type PhaseCommand = Message<CommandBody>;

/// What is asked for.
///
/// Exhaustive on purpose: `SRIP-08 §5` names three, and `§8` asks for the way back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CommandKind {
    /// Come nearer to the common phase.
    Sync,
    /// Hold the phase.
    Lock,
    /// Restore the centre.
    Recenter,
    /// Take a command back.
    Revert,
}

/// A command. It asks; whether the runtime follows is the matter of its own safety layer
/// (`SRIP-05 §2`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CommandBody {
    /// What is asked for.
    pub command: CommandKind,
    /// Names this command; signed as part of it.
    pub cause_id: CauseId,
    /// Counts the commands of its source, upwards.
    pub sequence: u64,
    /// The command that this one follows upon, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CauseId>,
    /// The command that `revert` takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverts: Option<CauseId>,
    /// Why, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Label>,
    /// The session that it is for, where the sender names one: what is not signed could be changed on the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
}

impl SealedPayload for CommandBody {}
impl Payload for CommandBody {
    const PURPOSE: &'static str = "sigma-interop/phase-command/v1";
    const DISCLOSES: Discloses = Discloses::Signal;
    const ORDER: &'static [&'static str] = order![
        "command", "cause_id", "sequence", "parent", "reverts", "reason", "session",
    ];

    fn check(&self, _: &Rules) -> Result<(), Misfit> {
        if (self.command == CommandKind::Revert) == self.reverts.is_some() {
            Ok(())
        } else {
            Err(Misfit::new(
                "reverts",
                "stands where the command is `revert`, and only there",
            ))
        }
    }
}

/// What a command does to the runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// The phase is to come nearer to the common one.
    Synchronise,
    /// The phase is held, at most until a cycle.
    Lock {
        /// The first cycle in which it is free again.
        until: Cycle,
    },
    /// The centre is to be restored.
    Recenter,
    /// An earlier command is taken back.
    Undo {
        /// Which one.
        cause_id: CauseId,
        /// What it had asked for.
        command: CommandKind,
    },
}

/// A command is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommandRefusal {
    /// It, or a later one of its source, came before.
    #[error("command {sequence} of this source comes after its command {last}")]
    OutOfOrder {
        /// Its number.
        sequence: u64,
        /// The last one that was followed.
        last: u64,
    },
    /// What it follows upon is not known.
    #[error("the command that it follows upon, {parent}, is not known here")]
    UnknownParent {
        /// The missing one.
        parent: CauseId,
    },
    /// Its name belongs to another command.
    #[error("{cause_id} names another command already")]
    Repeated {
        /// The name.
        cause_id: CauseId,
    },
    /// What it takes back is not known, or was taken back already.
    #[error("there is no command {reverts} to take back")]
    NothingToRevert {
        /// The missing one.
        reverts: CauseId,
    },
    /// What it takes back is another runtime's.
    #[error("{reverts} is a command of another runtime")]
    NotYours {
        /// The command.
        reverts: CauseId,
    },
    /// What it takes back is settled.
    #[error("{reverts} was followed {cycles} cycles ago and can be taken back within {within}")]
    TooLate {
        /// The command.
        reverts: CauseId,
        /// Cycles since.
        cycles: u64,
        /// Cycles allowed.
        within: u64,
    },
    /// There is no room to keep track of another command.
    #[error("too many commands are kept track of; again in the next cycle")]
    Full,
}

/// What time did to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Lapse {
    /// It can no longer be taken back.
    Settled,
    /// Its lock opened by itself.
    Opened,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Followed {
    source: RuntimeId,
    command: CommandKind,
    at: Cycle,
    settled: bool,
}

/// The commands that a runtime followed. Pure and bounded; survives a restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandLog {
    rules: CommandRules,
    followed: BTreeMap<CauseId, Followed>,
    last: BTreeMap<RuntimeId, u64>,
    causes: VecDeque<CauseId>,
}

impl CommandLog {
    /// A log without commands.
    #[must_use]
    pub const fn new(rules: CommandRules) -> Self {
        Self {
            rules,
            followed: BTreeMap::new(),
            last: BTreeMap::new(),
            causes: VecDeque::new(),
        }
    }

    /// Follows a peer's command.
    ///
    /// # Errors
    /// [`CommandRefusal`]; the log is then as it was.
    pub fn follow(
        &mut self,
        command: &Verified<PhaseCommand>,
        now: Cycle,
    ) -> Result<Effect, CommandRefusal> {
        let message = command.message();
        self.note(message.header.source_runtime_id, &message.payload, now)
    }

    /// Follows an own command, such as an operator's.
    ///
    /// # Errors
    /// As [`CommandLog::follow`].
    pub fn follow_own(
        &mut self,
        command: &Sealed<PhaseCommand>,
        now: Cycle,
    ) -> Result<Effect, CommandRefusal> {
        let message = command.message();
        self.note(message.header.source_runtime_id, &message.payload, now)
    }

    fn note(
        &mut self,
        source: RuntimeId,
        body: &CommandBody,
        now: Cycle,
    ) -> Result<Effect, CommandRefusal> {
        self.in_order(source, body)?;
        let effect = match (body.command, body.reverts) {
            (CommandKind::Sync, _) => Effect::Synchronise,
            (CommandKind::Recenter, _) => Effect::Recenter,
            (CommandKind::Lock, _) => Effect::Lock {
                until: Cycle(now.0.saturating_add(self.rules.lock_cycles)),
            },
            (CommandKind::Revert, reverts) => {
                // a revert without what it reverts is not read
                let reverts = reverts.unwrap_or(body.cause_id);
                self.undo(source, reverts, now)?
            }
        };
        if body.command != CommandKind::Revert {
            let followed = Followed {
                source,
                command: body.command,
                at: now,
                settled: false,
            };
            self.followed.insert(body.cause_id, followed);
        }
        self.last.insert(source, body.sequence);
        self.causes.push_back(body.cause_id);
        if self.causes.len() > self.rules.tracked {
            self.causes.pop_front();
        }
        Ok(effect)
    }

    fn in_order(&self, source: RuntimeId, body: &CommandBody) -> Result<(), CommandRefusal> {
        if let Some(last) = self
            .last
            .get(&source)
            .filter(|last| **last >= body.sequence)
        {
            return Err(CommandRefusal::OutOfOrder {
                sequence: body.sequence,
                last: *last,
            });
        }
        if self.causes.contains(&body.cause_id) {
            return Err(CommandRefusal::Repeated {
                cause_id: body.cause_id,
            });
        }
        if let Some(parent) = body.parent.filter(|parent| !self.causes.contains(parent)) {
            return Err(CommandRefusal::UnknownParent { parent });
        }
        let room = self.followed.len() < self.rules.tracked
            && (self.last.contains_key(&source) || self.last.len() < self.rules.sources);
        if room {
            Ok(())
        } else {
            Err(CommandRefusal::Full)
        }
    }

    fn undo(
        &mut self,
        source: RuntimeId,
        reverts: CauseId,
        now: Cycle,
    ) -> Result<Effect, CommandRefusal> {
        let Some(followed) = self.followed.get(&reverts) else {
            return Err(CommandRefusal::NothingToRevert { reverts });
        };
        if followed.source != source {
            return Err(CommandRefusal::NotYours { reverts });
        }
        let cycles = now.since(followed.at);
        if cycles > self.rules.reversible_cycles {
            return Err(CommandRefusal::TooLate {
                reverts,
                cycles,
                within: self.rules.reversible_cycles,
            });
        }
        let command = followed.command;
        self.followed.remove(&reverts);
        Ok(Effect::Undo {
            cause_id: reverts,
            command,
        })
    }

    /// Moves on to a cycle: what settled and which locks opened since.
    pub fn lapse(&mut self, now: Cycle) -> Vec<(CauseId, CommandKind, Lapse)> {
        let mut lapsed = Vec::new();
        let rules = self.rules;
        self.followed.retain(|cause, followed| {
            let age = now.since(followed.at);
            let lock = followed.command == CommandKind::Lock;
            if !followed.settled && age > rules.reversible_cycles {
                followed.settled = true;
                lapsed.push((*cause, followed.command, Lapse::Settled));
            }
            let opens = lock && age >= rules.lock_cycles;
            if opens {
                lapsed.push((*cause, followed.command, Lapse::Opened));
            }
            !opens && (lock || !followed.settled)
        });
        lapsed
    }

    /// Whether a command from outside holds the phase in a cycle.
    #[must_use]
    pub fn locks(&self, now: Cycle) -> bool {
        self.followed.values().any(|followed| {
            followed.command == CommandKind::Lock && now.since(followed.at) < self.rules.lock_cycles
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_05;
    use uuid::Uuid;

    fn id(n: u128) -> RuntimeId {
        RuntimeId::new(Uuid::from_u128(n))
    }

    fn body(command: CommandKind, source: u128, sequence: u64) -> CommandBody {
        CommandBody {
            command,
            cause_id: CauseId::derive(id(source), sequence, None),
            sequence,
            parent: None,
            reverts: None,
            reason: None,
            session: None,
        }
    }

    fn revert(of: &CommandBody, source: u128, sequence: u64) -> CommandBody {
        CommandBody {
            reverts: Some(of.cause_id),
            ..body(CommandKind::Revert, source, sequence)
        }
    }

    #[test]
    fn a_command_is_taken_back_within_two_cycles_and_not_later() {
        for (later, taken_back) in [(0, true), (2, true), (3, false)] {
            let mut log = CommandLog::new(SRIP_05.command);
            let sync = body(CommandKind::Sync, 1, 1);
            assert_eq!(log.note(id(1), &sync, Cycle(5)), Ok(Effect::Synchronise));
            let undone = log.note(id(1), &revert(&sync, 1, 2), Cycle(5 + later));
            assert_eq!(undone.is_ok(), taken_back, "{later}");
        }
    }

    #[test]
    fn nobody_takes_back_what_is_anothers_or_twice() {
        let mut log = CommandLog::new(SRIP_05.command);
        let lock = body(CommandKind::Lock, 1, 1);
        log.note(id(1), &lock, Cycle(1)).unwrap();
        assert!(log.locks(Cycle(1)));
        let foreign = log.note(id(2), &revert(&lock, 2, 1), Cycle(1));
        assert!(matches!(foreign, Err(CommandRefusal::NotYours { .. })));
        log.note(id(1), &revert(&lock, 1, 2), Cycle(1)).unwrap();
        assert!(!log.locks(Cycle(1)));
        let again = log.note(id(1), &revert(&lock, 1, 3), Cycle(1));
        assert!(matches!(again, Err(CommandRefusal::NothingToRevert { .. })));
    }

    #[test]
    fn causes_come_in_order() {
        let mut log = CommandLog::new(SRIP_05.command);
        let first = body(CommandKind::Sync, 1, 4);
        log.note(id(1), &first, Cycle(1)).unwrap();
        let late = log.note(id(1), &body(CommandKind::Sync, 1, 3), Cycle(1));
        assert_eq!(
            late,
            Err(CommandRefusal::OutOfOrder {
                sequence: 3,
                last: 4
            })
        );
        let mut orphan = body(CommandKind::Recenter, 2, 1);
        orphan.parent = Some(CauseId::derive(id(9), 9, None));
        assert!(matches!(
            log.note(id(2), &orphan, Cycle(1)),
            Err(CommandRefusal::UnknownParent { .. })
        ));
        orphan.parent = Some(first.cause_id);
        assert_eq!(log.note(id(2), &orphan, Cycle(1)), Ok(Effect::Recenter));
        let mut stolen = body(CommandKind::Sync, 3, 1);
        stolen.cause_id = first.cause_id;
        assert!(matches!(
            log.note(id(3), &stolen, Cycle(1)),
            Err(CommandRefusal::Repeated { .. })
        ));
    }

    #[test]
    fn commands_settle_and_locks_open_by_themselves() {
        let mut log = CommandLog::new(SRIP_05.command);
        let lock = body(CommandKind::Lock, 1, 1);
        let effect = log.note(id(1), &lock, Cycle(10)).unwrap();
        assert_eq!(effect, Effect::Lock { until: Cycle(18) });
        assert_eq!(log.lapse(Cycle(12)), []);
        let settled = (lock.cause_id, CommandKind::Lock, Lapse::Settled);
        assert_eq!(log.lapse(Cycle(13)), [settled]);
        assert!(log.locks(Cycle(17)) && !log.locks(Cycle(18)));
        let opened = (lock.cause_id, CommandKind::Lock, Lapse::Opened);
        assert_eq!(log.lapse(Cycle(18)), [opened]);
        assert_eq!(
            log,
            serde_json::from_str(&serde_json::to_string(&log).unwrap()).unwrap()
        );
    }
}
