//! Phase commands: control that enters a session between two cycles (`SRIP-08 §5`, `§8`).
//!
//! A command never touches attractors, memory or identity invariants. It holds for a few cycles, ends by
//! itself, and can be undone by its cause within two. Entering, undoing and ending each leave an
//! entry in the session's integrity ledger.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sigma_aegida::{EntryKind, LedgerEntry, SafetyStatus};
use sigma_drift::{Action, Cause, ControlPosture, Directive, Method, StabilizationPlan};
use sigma_types::{CanonicalError, Cycle, Timestamp, Unit};

use crate::directives::directive_lines;
use crate::session::{SessionError, State};
use crate::store::StoreError;

/// What is asked of a session's phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "action")]
#[non_exhaustive]
pub enum PhaseAction {
    /// Come nearer to an expected vector: where the last answer was less stable than it, the next ones are
    /// to be considered before they are given.
    Sync {
        /// A unit vector of stable, reflective and recenter membership.
        expected: [f64; 3],
    },
    /// Attractors neither form, merge nor change state.
    Lock,
    /// The next answers do not build on the last one.
    Recenter,
    /// Undo another command.
    Reverse {
        /// The command's cause.
        cause_id: CauseId,
    },
}

impl PhaseAction {
    /// The kind of the ledger entry that it leaves.
    fn kind(&self) -> EntryKind {
        let name = match self {
            Self::Sync { .. } => "phase_sync",
            Self::Lock => "phase_lock",
            Self::Recenter => "phase_recenter",
            Self::Reverse { .. } => "phase_reversed",
        };
        EntryKind::Other(name.into())
    }
}

/// Names one command. 1 to 256 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct CauseId(String);

/// A cause has no form that can be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a cause is named by 1 to 256 visible ASCII characters")]
pub struct CauseIdError;

impl CauseId {
    /// Checks and wraps a name.
    ///
    /// # Errors
    /// [`CauseIdError`].
    pub fn new(text: impl Into<String>) -> Result<Self, CauseIdError> {
        let text = text.into();
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        let fits = visible && (1..=256).contains(&text.len());
        fits.then_some(Self(text)).ok_or(CauseIdError)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CauseId {
    type Error = CauseIdError;
    fn try_from(text: String) -> Result<Self, CauseIdError> {
        Self::new(text)
    }
}

impl From<CauseId> for String {
    fn from(cause: CauseId) -> Self {
        cause.0
    }
}

impl std::fmt::Display for CauseId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A command whose sender was verified. Verifying it is the caller's part.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseCommand {
    /// Its name.
    pub cause_id: CauseId,
    /// What is asked.
    pub action: PhaseAction,
    /// For how many cycles it is to hold; [`ControlRules::longest`] at most.
    pub cycles: u64,
    /// Who asks.
    pub issuer: String,
    /// What the sender signed, for the ledger.
    pub evidence: Value,
}

/// Where a command stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Standing {
    /// It holds.
    InForce,
    /// It was undone by another command.
    Reversed,
    /// It ended by itself.
    Ended,
}

/// A command as a session keeps it and a report tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PhaseNote {
    /// The command.
    pub cause_id: CauseId,
    /// What it asks.
    #[serde(flatten)]
    pub action: PhaseAction,
    /// Who asked.
    pub issuer: String,
    /// When it entered.
    pub at: Timestamp,
    /// The last cycle before it.
    pub after: Cycle,
    /// The last cycle in which it holds.
    pub until: Cycle,
    /// The last cycle before which it can be undone.
    pub reversible: Cycle,
    /// Where it stands.
    pub standing: Standing,
    /// The last cycle before it came to stand so.
    pub since: Cycle,
    /// Its entry in the integrity ledger.
    pub ledger_entry: u64,
}

/// A command did not enter. The session is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// There is no such session.
    #[error("there is no such session")]
    NoSession,
    /// The cause stands for another command.
    #[error("the cause {cause_id} stands for another command already")]
    CauseReused {
        /// The cause.
        cause_id: CauseId,
    },
    /// What is to be undone is not known here.
    #[error("no command with the cause {cause_id} is known")]
    UnknownCause {
        /// The cause.
        cause_id: CauseId,
    },
    /// What is to be undone does not hold any more.
    #[error(
        "the command {cause_id} cannot be undone any more: it could until cycle {until}, or was undone before"
    )]
    NotReversible {
        /// The cause.
        cause_id: CauseId,
        /// The last cycle in which it could be.
        until: Cycle,
    },
    /// Too many commands hold at once.
    #[error("{most} commands hold at once; undo one, or wait until one ends")]
    TooMany {
        /// The limit.
        most: usize,
    },
    /// The vector is none.
    #[error("an expected phase is a unit vector of three numbers, none of them negative")]
    Vector,
    /// What was signed has no canonical form.
    #[error("what was signed cannot stand in the ledger")]
    Evidence(#[from] CanonicalError),
    /// The session cannot go on.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Commanded {
    /// It entered.
    Entered(PhaseNote),
    /// It had entered before.
    Repeated(PhaseNote),
}

impl Commanded {
    /// The command as the session keeps it.
    pub fn note(&self) -> &PhaseNote {
        let (Self::Entered(note) | Self::Repeated(note)) = self;
        note
    }
}

/// How long commands hold, and how many there may be (`SRIP-08 §8`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ControlRules {
    /// Cycles within which a command can be undone.
    pub reversible: u64,
    /// The most cycles that a command holds.
    pub longest: u64,
    /// Commands that may hold at once.
    pub most: usize,
    /// Commands that are remembered by their cause.
    pub remembered: usize,
    /// How far the length of a vector may be from one.
    pub unit_tolerance: f64,
}

/// Undone within two cycles, in force for eight at most, eight at once, 64 remembered.
pub const CONTROL_RULES: ControlRules = ControlRules {
    reversible: 2,
    longest: 8,
    most: 8,
    remembered: 64,
    unit_tolerance: 1e-6,
};

/// The commands of a session. Bounded.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Control {
    notes: VecDeque<PhaseNote>,
}

/// What holds in one cycle.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct InForce {
    pub(crate) locked: bool,
    pub(crate) recenter: bool,
    pub(crate) sync: Option<[f64; 3]>,
}

impl Control {
    /// What holds in a cycle.
    pub(crate) fn in_force(&self, cycle: Cycle) -> InForce {
        let mut holds = InForce::default();
        let current = |note: &&PhaseNote| note.standing == Standing::InForce && note.until >= cycle;
        for note in self.notes.iter().filter(current) {
            match note.action {
                PhaseAction::Lock => holds.locked = true,
                PhaseAction::Recenter => holds.recenter = true,
                PhaseAction::Sync { expected } => holds.sync = Some(expected),
                PhaseAction::Reverse { .. } => {}
            }
        }
        holds
    }

    /// The commands that the report of a cycle tells: those that held in it or changed just before it.
    pub(crate) fn told(&self, cycle: Cycle) -> Vec<PhaseNote> {
        let told = |note: &&PhaseNote| note.until >= cycle || note.since.next() >= cycle;
        self.notes.iter().filter(told).cloned().collect()
    }

    /// All that are remembered, the newest last.
    pub(crate) fn notes(&self) -> impl Iterator<Item = &PhaseNote> {
        self.notes.iter()
    }

    fn find(&self, cause: &CauseId) -> Option<&PhaseNote> {
        self.notes.iter().find(|note| note.cause_id == *cause)
    }
}

impl InForce {
    /// Safety as it stands with these commands.
    pub(crate) fn over(self, status: SafetyStatus) -> SafetyStatus {
        if self.recenter {
            SafetyStatus::RecenterPending
        } else if self.locked && status == SafetyStatus::Nominal {
            SafetyStatus::Locked
        } else {
            status
        }
    }

    /// What the next prompt is told, in the words of the plans.
    pub(crate) fn directives(self, vector: Option<[f64; 3]>) -> Vec<String> {
        let mut plan = StabilizationPlan::default();
        let mut ask = |directive, posture| {
            plan.actions.push(Action {
                method: Method::PostureRealignment,
                directive,
                cause: Cause::Posture { posture },
                strength: Unit::ONE,
            });
        };
        if self.recenter {
            ask(Directive::Realign, ControlPosture::Recovery);
        }
        let less_stable = |expected: [f64; 3]| vector.is_some_and(|now| now[0] < expected[0]);
        if self.sync.is_some_and(less_stable) {
            ask(Directive::Reflect, ControlPosture::Caution);
        }
        directive_lines(&plan)
    }
}

/// Lets a command into a session's state. On an error the state is to be thrown away.
pub(crate) fn enter(
    state: &mut State,
    command: PhaseCommand,
    at: Timestamp,
    rules: &ControlRules,
) -> Result<(Commanded, Vec<LedgerEntry>), CommandError> {
    if let Some(known) = state.control.find(&command.cause_id) {
        let same = known.action == command.action && known.issuer == command.issuer;
        let known = Commanded::Repeated(known.clone());
        return same
            .then_some((known, Vec::new()))
            .ok_or(CommandError::CauseReused {
                cause_id: command.cause_id,
            });
    }
    check(&command.action, rules)?;
    let now = state.cycle;
    let holding = state.control.notes.iter();
    let holding = holding.filter(|note| note.standing == Standing::InForce && note.until > now);
    let cycles = command.cycles.clamp(1, rules.longest);
    let mut until = Cycle(now.0.saturating_add(cycles));
    let mut standing = Standing::InForce;
    if let PhaseAction::Reverse { cause_id } = &command.action {
        reverse(state, cause_id)?;
        (until, standing) = (now, Standing::Ended);
    } else if holding.count() >= rules.most {
        return Err(CommandError::TooMany { most: rules.most });
    }
    let payload = json!({
        "cause_id": command.cause_id,
        "command": command.action,
        "issuer": command.issuer,
        "until": until,
        "signed": command.evidence,
    });
    let entry = state
        .kernel
        .record(now, at, command.action.kind(), payload)?;
    let note = PhaseNote {
        cause_id: command.cause_id,
        action: command.action,
        issuer: command.issuer,
        at,
        after: now,
        until,
        reversible: Cycle(now.0.saturating_add(rules.reversible)).min(until),
        standing,
        since: now,
        ledger_entry: entry.seq,
    };
    state.control.notes.push_back(note.clone());
    while state.control.notes.len() > rules.remembered {
        state.control.notes.pop_front();
    }
    state.updated_at = at;
    Ok((Commanded::Entered(note), vec![entry]))
}

fn check(action: &PhaseAction, rules: &ControlRules) -> Result<(), CommandError> {
    let PhaseAction::Sync { expected } = action else {
        return Ok(());
    };
    let norm = expected.iter().map(|x| x * x).sum::<f64>().sqrt();
    let unit = expected.iter().all(|x| *x >= 0.0) && (norm - 1.0).abs() <= rules.unit_tolerance;
    unit.then_some(()).ok_or(CommandError::Vector)
}

fn reverse(state: &mut State, cause: &CauseId) -> Result<(), CommandError> {
    let now = state.cycle;
    let mut notes = state.control.notes.iter_mut();
    let Some(note) = notes.find(|note| note.cause_id == *cause) else {
        return Err(CommandError::UnknownCause {
            cause_id: cause.clone(),
        });
    };
    if note.standing != Standing::InForce || note.until <= now || note.reversible < now {
        return Err(CommandError::NotReversible {
            cause_id: cause.clone(),
            until: note.reversible,
        });
    }
    (note.standing, note.since, note.until) = (Standing::Reversed, now, now);
    Ok(())
}

/// Ends the commands whose last cycle this was.
pub(crate) fn close(state: &mut State, cycle: Cycle, at: Timestamp) -> Vec<LedgerEntry> {
    let mut entries = Vec::new();
    for note in &mut state.control.notes {
        if note.standing != Standing::InForce || note.until > cycle {
            continue;
        }
        (note.standing, note.since) = (Standing::Ended, cycle);
        let payload = json!({"cause_id": note.cause_id, "command": note.action});
        let kind = EntryKind::Other("phase_ended".into());
        // names and finite numbers always have a canonical form
        entries.extend(state.kernel.record(cycle, at, kind, payload).ok());
    }
    entries
}
