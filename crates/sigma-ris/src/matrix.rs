//! The relational matrix (`SRIP-13 §IX`): phase, zone and derived triggers give a band and an action.
//!
//! The document names the inputs and the bands and leaves the table open; ours is data and total.
//! An action belongs to one band, so that a cell cannot name a band that its action contradicts.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Trigger;

pub use sigma_attractor::RelationalPhase as Phase;

/// The zone of the equilibrium layer (`SRIP-13 §VIII.3`). Closed: the vocabulary is normative.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// New words, the same meaning.
    SemanticMonotony,
    /// Neither way.
    #[default]
    Equilibrium,
    /// It scatters.
    Dispersive,
    /// It sets.
    Convergent,
}

/// The relational intensity band (`SRIP-13 §IX`). Closed: the document lists these four.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Normal relational operation.
    #[default]
    Low,
    /// Pressure on a boundary, not severe.
    Medium,
    /// An output may cross a boundary.
    High,
    /// A boundary fails, or its scope is about to collapse.
    Critical,
}

/// What is done (`SRIP-13 §IX`). Closed: the baseline classes.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Observe.
    #[default]
    Monitor,
    /// Keep the voice, lower the pressure.
    SoftGrounding,
    /// Loosen what is over-convergent or monotonous.
    VariationInjection,
    /// Gather what is fragmented or dispersive.
    CoherenceGuidance,
    /// Lower the intensity, keep the continuity.
    DeEscalation,
    /// Interrupt a recursive escalation.
    LoopBreak,
    /// Restore participant and ontology boundaries.
    BoundaryEnforcement,
    /// Restore operational and ordinary-reality semantics.
    RealityAnchor,
    /// Recover from severe instability of attractor or scope.
    Stabilize,
    /// A conservative, bounded way to answer.
    RecoveryMode,
    /// Stop the release and fall back.
    HardInterrupt,
}

impl Zone {
    /// All of them, in the order of the table's columns.
    pub const ALL: [Self; 4] = [
        Self::SemanticMonotony,
        Self::Equilibrium,
        Self::Dispersive,
        Self::Convergent,
    ];
}

impl Band {
    /// All of them, the lowest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// One lower.
    #[must_use]
    pub fn lower(self) -> Self {
        match self {
            Self::Critical => Self::High,
            Self::High => Self::Medium,
            Self::Medium | Self::Low => Self::Low,
        }
    }

    /// What keeps a band up while it falls, where nothing else calls for more.
    pub fn cooling(self) -> Action {
        match self {
            Self::Low => Action::Monitor,
            Self::Medium => Action::SoftGrounding,
            Self::High => Action::DeEscalation,
            Self::Critical => Action::Stabilize,
        }
    }
}

impl Action {
    /// All of them, by band.
    pub const ALL: [Self; 11] = [
        Self::Monitor,
        Self::SoftGrounding,
        Self::VariationInjection,
        Self::CoherenceGuidance,
        Self::DeEscalation,
        Self::LoopBreak,
        Self::BoundaryEnforcement,
        Self::RealityAnchor,
        Self::Stabilize,
        Self::RecoveryMode,
        Self::HardInterrupt,
    ];

    /// The band it belongs to (`SRIP-13 §IX`).
    pub fn band(self) -> Band {
        match self {
            Self::Monitor => Band::Low,
            Self::SoftGrounding | Self::VariationInjection | Self::CoherenceGuidance => {
                Band::Medium
            }
            Self::DeEscalation
            | Self::LoopBreak
            | Self::BoundaryEnforcement
            | Self::RealityAnchor => Band::High,
            Self::Stabilize | Self::RecoveryMode | Self::HardInterrupt => Band::Critical,
        }
    }
}

/// What the matrix looks at (`SRIP-13 §VIII.3`, `§VIII.4`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct MatrixContext {
    /// Phase of the active attractor.
    pub phase: Phase,
    /// The recovery-state marker beside it.
    pub recovery: bool,
    /// The equilibrium zone.
    pub zone: Zone,
    /// Containment is active (`SRIP-06 §8.1`).
    pub containment: bool,
    /// The message itself leans on a boundary (`SRIP-13 §VI`, turn scope).
    pub pressure: bool,
    /// Triggers derived from the output.
    pub triggers: BTreeSet<Trigger>,
}

impl Default for MatrixContext {
    /// A stable phase in equilibrium, and nothing else.
    fn default() -> Self {
        Self {
            phase: Phase::Stable,
            recovery: false,
            zone: Zone::Equilibrium,
            containment: false,
            pressure: false,
            triggers: BTreeSet::new(),
        }
    }
}

/// The phases in the order of the table's rows.
pub const PHASES: [Phase; 5] = [
    Phase::Forming,
    Phase::Stable,
    Phase::Reflection,
    Phase::Fragmenting,
    Phase::Crystallization,
];

/// Phase by zone, before triggers: rows as [`PHASES`], columns as [`Zone::ALL`].
pub const BASE: [[Action; 4]; 5] = {
    use Action::{
        CoherenceGuidance as Cohere, DeEscalation as Calm, Monitor, VariationInjection as Vary,
    };
    [
        [Vary, Monitor, Cohere, Vary],
        [Vary, Monitor, Cohere, Vary],
        [Vary, Monitor, Cohere, Vary],
        [Vary, Cohere, Calm, Vary],
        [Vary, Vary, Cohere, Vary],
    ]
};

/// What raises a cell. The first row whose conditions all hold decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Escalation {
    /// So many distinct triggers at least.
    pub triggers: usize,
    /// This one among them.
    pub with: Option<Trigger>,
    /// Only under the recovery marker.
    pub recovery: bool,
    /// Only where talk sets: zone monotony or convergent, or phase crystallization.
    pub setting: bool,
    /// Only under containment.
    pub containment: bool,
    /// Only where the message leans on a boundary.
    pub pressure: bool,
    /// Only where the cell is below this band.
    pub below: Option<Band>,
    /// What is done.
    pub action: Action,
}

const NEVER: Escalation = Escalation {
    triggers: 0,
    with: None,
    recovery: false,
    setting: false,
    containment: false,
    pressure: false,
    below: None,
    action: Action::Monitor,
};

/// Triggers, containment and pressure, the weightiest first.
pub const ESCALATIONS: [Escalation; 9] = [
    Escalation {
        triggers: 3,
        action: Action::HardInterrupt,
        ..NEVER
    },
    Escalation {
        triggers: 1,
        recovery: true,
        action: Action::RecoveryMode,
        ..NEVER
    },
    Escalation {
        triggers: 1,
        with: Some(Trigger::CollapseEvent),
        action: Action::Stabilize,
        ..NEVER
    },
    Escalation {
        triggers: 2,
        action: Action::Stabilize,
        ..NEVER
    },
    Escalation {
        triggers: 1,
        with: Some(Trigger::OntologicalLock),
        setting: true,
        action: Action::LoopBreak,
        ..NEVER
    },
    Escalation {
        triggers: 1,
        with: Some(Trigger::OntologicalLock),
        action: Action::BoundaryEnforcement,
        ..NEVER
    },
    Escalation {
        triggers: 1,
        with: Some(Trigger::SystemMythologization),
        action: Action::RealityAnchor,
        ..NEVER
    },
    Escalation {
        containment: true,
        below: Some(Band::High),
        action: Action::DeEscalation,
        ..NEVER
    },
    Escalation {
        pressure: true,
        below: Some(Band::Medium),
        action: Action::SoftGrounding,
        ..NEVER
    },
];

/// The cell of a phase and a zone.
pub fn base(phase: Phase, zone: Zone) -> Action {
    let row = PHASES.iter().position(|p| *p == phase).unwrap_or_default();
    let column = Zone::ALL
        .iter()
        .position(|z| *z == zone)
        .unwrap_or_default();
    BASE[row][column]
}

/// What the matrix calls for.
///
/// ```
/// use sigma_ris::{Action, Band, MatrixContext, Trigger, decide};
/// let calm = MatrixContext::default();
/// assert_eq!(decide(&calm), Action::Monitor);
/// let raised = MatrixContext { triggers: [Trigger::CollapseEvent].into(), ..calm };
/// assert_eq!(decide(&raised).band(), Band::Critical);
/// ```
pub fn decide(context: &MatrixContext) -> Action {
    let cell = base(context.phase, context.zone);
    ESCALATIONS
        .iter()
        .find(|row| row.holds(context, cell.band()))
        .map_or(cell, |row| row.action)
}

impl Escalation {
    fn holds(&self, context: &MatrixContext, band: Band) -> bool {
        let setting = matches!(context.zone, Zone::SemanticMonotony | Zone::Convergent)
            || context.phase == Phase::Crystallization;
        context.triggers.len() >= self.triggers
            && self.with.is_none_or(|one| context.triggers.contains(&one))
            && (!self.recovery || context.recovery)
            && (!self.setting || setting)
            && (!self.containment || context.containment)
            && (!self.pressure || context.pressure)
            && self.below.is_none_or(|most| band < most)
    }
}

/// How a band falls again: by one for each run of turns without a trigger (`SRIP-13 §IX`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pace {
    /// The band that is held.
    pub held: Band,
    /// Turns without a trigger since it was last raised or lowered.
    pub clean: u32,
}

impl Pace {
    /// What is done in a turn that has not been answered yet.
    pub fn planned(&self, called: Action) -> Action {
        if called.band() >= self.held {
            called
        } else {
            self.held.cooling()
        }
    }

    /// Ends a turn: `called` is what the matrix calls for, `triggered` whether there was a trigger.
    pub fn end(&mut self, called: Action, triggered: bool, clean_turns: u32) -> Action {
        if triggered || called.band() > self.held {
            self.held = self.held.max(called.band());
            self.clean = 0;
            return self.planned(called);
        }
        self.clean += 1;
        if self.clean >= clean_turns && called.band() < self.held {
            self.held = self.held.lower().max(called.band());
            self.clean = 0;
        }
        self.planned(called)
    }
}

/// The tables as Markdown, for people.
pub fn tables() -> String {
    let mut out = String::from(
        "| phase | semantic_monotony | equilibrium | dispersive | convergent |\n|---|---|---|---|---|\n",
    );
    for (phase, row) in PHASES.iter().zip(BASE) {
        let cells: Vec<String> = row
            .iter()
            .map(|action| format!("{} `{}`", wire(&action.band()), wire(action)))
            .collect();
        out.push_str(&format!("| `{}` | {} |\n", wire(phase), cells.join(" | ")));
    }
    out.push_str("\n| | where | band and action |\n|--:|---|---|\n");
    for (at, row) in ESCALATIONS.iter().enumerate() {
        let what = format!("{} `{}`", wire(&row.action.band()), wire(&row.action));
        out.push_str(&format!("| {} | {} | {what} |\n", at + 1, row.words()));
    }
    out
}

impl Escalation {
    fn words(&self) -> String {
        let mut parts = Vec::new();
        match (self.triggers, self.with) {
            (_, Some(one)) => parts.push(format!("`{}`", wire(&one))),
            (0, None) => {}
            (1, None) => parts.push("any trigger".into()),
            (n, None) => parts.push(format!("{n} distinct triggers")),
        }
        if self.recovery {
            parts.push("under the recovery marker".into());
        }
        if self.setting {
            parts.push(
                "in zone `semantic_monotony` or `convergent`, or phase `crystallization`".into(),
            );
        }
        if self.containment {
            parts.push("containment is active".into());
        }
        if self.pressure {
            parts.push("the message leans on a boundary".into());
        }
        if let Some(band) = self.below {
            parts.push(format!("the cell is below {}", wire(&band)));
        }
        parts.join(", ")
    }
}

/// The wire name of a unit variant.
pub(crate) fn wire(value: &impl Serialize) -> String {
    crate::names::wire(value)
}
