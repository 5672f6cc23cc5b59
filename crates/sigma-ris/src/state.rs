//! The state of a session (`SRIP-13 §VIII`): ten categories, explicit and serialisable.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};
use sigma_types::{Cycle, Hash256, SessionId, Timestamp};

use crate::matrix::{Action, Band, MatrixContext, Pace, Phase, Zone, decide};
use crate::release::Released;
use crate::rules::Rules;
use crate::{
    AgentVersion, AliasInContext, Context, Evidence, Incoming, Mode, OperationalEvent, Rebind,
    Said, SessionScope, Severity, TransformCounts, Trigger, TurnScope, ViolationClass, guidance,
};

/// A session's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RisState {
    /// 1: whether the layer is on, and how far.
    rollout: Rollout,
    /// 2: names, with the version binding and who has taken part.
    scope: SessionScope,
    /// 3: participant scope of the last message.
    turn: Option<TurnScope>,
    /// 4: phase and zone as the last message found them; 8: the recovery-state marker among them.
    field: FieldView,
    /// 5: the intensity band and what holds it.
    pace: Pace,
    band: Band,
    /// 6: the last action.
    last_action: Action,
    /// 7: triggers derived from the last output.
    triggers: BTreeSet<Trigger>,
    /// 9: aggregate counters.
    counters: Counters,
    /// 10: validator evidence of the last output.
    evidence: Option<PassEvidence>,
    /// Operational events that the next message is told with.
    #[serde(default)]
    expected: Vec<OperationalEvent>,
}

/// The feature flag and the rollout mode (`SRIP-13 §XII`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rollout {
    /// The layer computes anything at all.
    pub enabled: bool,
    /// The mode in force.
    pub mode: Mode,
}

/// What other layers say of the field; it is read and never written (`SRIP-13 §XIV`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldView {
    /// Phase of the active attractor.
    pub phase: Phase,
    /// The equilibrium zone.
    pub zone: Zone,
    /// The recovery-state marker.
    pub recovery: bool,
    /// Containment is active (`SRIP-06 §8.1`).
    pub containment: bool,
}

impl Default for FieldView {
    fn default() -> Self {
        let calm = MatrixContext::default();
        Self {
            phase: calm.phase,
            zone: calm.zone,
            recovery: false,
            containment: false,
        }
    }
}

/// Sums since a session began, or since a process did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Counters {
    /// Outputs that were read.
    pub outputs: u64,
    /// Turns by band.
    pub bands: BTreeMap<Band, u64>,
    /// Derived triggers.
    pub triggers: BTreeMap<Trigger, u64>,
    /// Outputs that were read under a high or critical band.
    pub validations: u64,
    /// Crossed boundaries by class.
    pub violations: BTreeMap<ViolationClass, u64>,
    /// Transforms that were carried out.
    pub transforms: TransformCounts,
    /// Transforms that shadow mode would have carried out.
    pub proposed: TransformCounts,
    /// Fallbacks that were said.
    pub fallbacks: u64,
    /// Outputs that were changed.
    pub altered: u64,
    /// Outputs that shadow mode would have changed.
    pub would_alter: u64,
}

impl Counters {
    /// Adds other sums.
    pub fn add(&mut self, other: &Self) {
        fn each<K: Ord + Copy>(into: &mut BTreeMap<K, u64>, from: &BTreeMap<K, u64>) {
            for (key, n) in from {
                *into.entry(*key).or_default() += n;
            }
        }
        self.outputs += other.outputs;
        each(&mut self.bands, &other.bands);
        each(&mut self.triggers, &other.triggers);
        self.validations += other.validations;
        each(&mut self.violations, &other.violations);
        each(&mut self.transforms, &other.transforms);
        each(&mut self.proposed, &other.proposed);
        self.fallbacks += other.fallbacks;
        self.altered += other.altered;
        self.would_alter += other.would_alter;
    }
}

/// How the last output came through.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Pass {
    /// None was read.
    #[default]
    NotRun,
    /// Clean.
    Clean,
    /// Boundaries were crossed, and it was said as it is.
    Observed,
    /// Corrected.
    Corrected,
    /// The fallback stood in.
    FellBack,
}

/// A crossed boundary as evidence: where and on what it rests, never the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Found {
    /// Which boundary.
    pub class: ViolationClass,
    /// How far.
    pub severity: Severity,
    /// Byte range of the output as the model made it.
    pub span: Range<usize>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// What is kept of one output: hashes of the words, not the words (`SRIP-13 §XIII`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PassEvidence {
    /// The cycle.
    pub cycle: Cycle,
    /// The mode in force.
    pub mode: Mode,
    /// How it came through.
    pub pass: Pass,
    /// The band after it.
    pub band: Band,
    /// The action.
    pub action: Action,
    /// Derived triggers.
    pub triggers: BTreeSet<Trigger>,
    /// Crossed boundaries.
    pub violations: Vec<Found>,
    /// Transforms carried out, or in shadow mode proposed.
    pub transforms: TransformCounts,
    /// What was said differs from what the model made; in shadow mode, would differ.
    pub altered: bool,
    /// The fallback stood in; in shadow mode, would have.
    pub fallback: bool,
    /// Hash of what the model made.
    pub original: Hash256,
    /// Hash of what enforcement says in its place; the same where nothing is to be changed.
    pub corrected: Hash256,
}

/// What a message calls for, before it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnPlan {
    /// The mode in force.
    pub mode: Mode,
    /// What the matrix takes in, without triggers.
    pub matrix: MatrixContext,
    /// What is to be done.
    pub action: Action,
    /// Lines for the model; empty unless the mode enforces.
    pub guidance: Vec<String>,
}

impl RisState {
    /// The state of a session that begins bound to a version.
    pub fn open(session: SessionId, version: &AgentVersion) -> Self {
        Self {
            rollout: Rollout::default(),
            scope: SessionScope::open(session, version),
            turn: None,
            field: FieldView::default(),
            pace: Pace::default(),
            band: Band::Low,
            last_action: Action::Monitor,
            triggers: BTreeSet::new(),
            counters: Counters::default(),
            evidence: None,
            expected: Vec::new(),
        }
    }

    /// Keeps an operational event for the next message.
    pub fn expect(&mut self, event: OperationalEvent) {
        if !self.expected.contains(&event) {
            self.expected.push(event);
        }
    }

    /// Takes the events that were kept.
    pub fn take_expected(&mut self) -> Vec<OperationalEvent> {
        std::mem::take(&mut self.expected)
    }

    /// Names, binding, participants.
    pub fn scope(&self) -> &SessionScope {
        &self.scope
    }

    /// Gives the session a mode of its own, or takes it away.
    pub fn set_mode(&mut self, mode: Option<Mode>) {
        self.scope.set_mode(mode);
    }

    /// Binds the session to another version; whether that changed anything.
    pub fn rebind(&mut self, order: Rebind, cycle: Cycle) -> bool {
        self.scope.rebind(order, cycle)
    }

    /// The last message's scope.
    pub fn turn(&self) -> Option<&TurnScope> {
        self.turn.as_ref()
    }

    /// Sums of the session.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Evidence of the last output.
    pub fn evidence(&self) -> Option<&PassEvidence> {
        self.evidence.as_ref()
    }

    /// The band after the last output.
    pub fn band(&self) -> Band {
        self.band
    }

    /// The last action.
    pub fn last_action(&self) -> Action {
        self.last_action
    }

    /// Flag and mode of the last turn.
    pub fn rollout(&self) -> Rollout {
        self.rollout
    }

    /// Phase, zone and markers of the last turn.
    pub fn field(&self) -> FieldView {
        self.field
    }

    /// Begins a turn: reads the message, takes on an alias where the session grants it, and says what is to
    /// be done. With the layer off nothing is read and nothing changes.
    pub fn begin(
        &mut self,
        incoming: &Incoming<'_>,
        name: Option<&str>,
        (at, cycle): (Timestamp, Cycle),
        field: FieldView,
        mode: Mode,
        rules: &Rules,
    ) -> TurnPlan {
        self.rollout = Rollout {
            enabled: mode.observes(),
            mode,
        };
        if !mode.observes() {
            return TurnPlan {
                mode,
                matrix: MatrixContext::default(),
                action: Action::Monitor,
                guidance: Vec::new(),
            };
        }
        self.scope.hear(incoming.sender, name, cycle, rules);
        let turn = TurnScope::read(incoming, &self.scope);
        if let Some(attempt) = &turn.rename {
            let granted = self
                .scope
                .grant(attempt, &turn.sender, turn.channel, (at, cycle), rules);
            if let Ok(grant) = granted {
                grant.adopt();
            }
        }
        self.field = field;
        let matrix = MatrixContext {
            phase: field.phase,
            recovery: field.recovery,
            zone: field.zone,
            containment: field.containment,
            pressure: turn.pressure(),
            triggers: BTreeSet::new(),
        };
        let action = self.pace.planned(decide(&matrix));
        let lines = if mode == Mode::Enforce {
            guidance(action, &turn, &self.scope)
        } else {
            Vec::new()
        };
        self.turn = Some(turn);
        TurnPlan {
            mode,
            matrix,
            action,
            guidance: lines,
        }
    }

    /// The context that the validator judges the answer in: this session's and this turn's, nothing else.
    pub fn context(&self, history: Vec<Said>) -> Context {
        let (sender, channel, events) = match &self.turn {
            Some(turn) => (turn.sender.clone(), turn.channel, turn.events.clone()),
            None => Default::default(),
        };
        let alias = self.scope.naming().holding(&sender, channel);
        Context {
            canonical_name: self.scope.binding().canonical_name().to_owned(),
            session_alias: alias.map(|(alias, _)| AliasInContext {
                name: alias.name().to_owned(),
                set_by: Some(alias.set_by().to_owned()),
            }),
            channel,
            participants: self.scope.participants().people(),
            sender,
            events,
            history,
        }
    }

    /// Ends a turn with what became of its output. `made` is what the model made.
    pub fn end(
        &mut self,
        cycle: Cycle,
        made: &str,
        released: &Released,
        rules: &Rules,
    ) -> PassEvidence {
        let mode = self.rollout.mode;
        let enforced = mode == Mode::Enforce;
        let altered = released.altered();
        let triggered = !released.triggers.is_empty();
        let action = self.pace.end(released.action, triggered, rules.clean_turns);
        self.band = action.band();
        self.last_action = action;
        self.triggers.clone_from(&released.triggers);
        let pass = match (altered, enforced, released.fallback) {
            (false, _, _) if released.validation.violations.is_empty() => Pass::Clean,
            (_, false, _) | (false, ..) => Pass::Observed,
            (true, true, false) => Pass::Corrected,
            (true, true, true) => Pass::FellBack,
        };
        let evidence = PassEvidence {
            cycle,
            mode,
            pass,
            band: self.band,
            action,
            triggers: released.triggers.clone(),
            violations: found(released),
            transforms: released.transforms.clone(),
            altered,
            fallback: released.fallback,
            original: Hash256::of(made.as_bytes()),
            corrected: Hash256::of(released.text.as_bytes()),
        };
        self.counters.add(&counted(&evidence));
        self.evidence = Some(evidence.clone());
        evidence
    }
}

fn found(released: &Released) -> Vec<Found> {
    let found = released.validation.violations.iter();
    found
        .map(|violation| Found {
            class: violation.class,
            severity: violation.severity,
            span: violation.span.clone(),
            evidence: violation.evidence.clone(),
        })
        .collect()
}

/// One output as sums.
pub fn counted(evidence: &PassEvidence) -> Counters {
    let enforced = evidence.mode == Mode::Enforce;
    let mut counters = Counters {
        outputs: 1,
        bands: [(evidence.band, 1)].into(),
        validations: u64::from(evidence.band >= Band::High),
        fallbacks: u64::from(enforced && evidence.fallback),
        altered: u64::from(enforced && evidence.altered),
        would_alter: u64::from(!enforced && evidence.altered),
        ..Counters::default()
    };
    for trigger in &evidence.triggers {
        counters.triggers.insert(*trigger, 1);
    }
    for found in &evidence.violations {
        *counters.violations.entry(found.class).or_default() += 1;
    }
    let transforms = if enforced {
        &mut counters.transforms
    } else {
        &mut counters.proposed
    };
    transforms.clone_from(&evidence.transforms);
    counters
}
