//! Diagnostics for authorised callers (`SRIP-13 §XIII`): eleven categories, without a word of prompts,
//! policies or the dialogue.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sigma_types::{Cycle, SessionId};

use crate::rules::Rules;
use crate::{
    Action, AliasChange, Band, Channel, FieldView, Mode, NameSource, Pass, RisState,
    TransformCounts, Trigger, TurnScope, VersionId, ViolationClass,
};

/// A session's relational state for operators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Diagnostics {
    /// The session.
    pub session: SessionId,
    /// 1: band and action after the last output.
    pub current: BandAction,
    /// 2: the mode in force, where it comes from, and the version of the document.
    pub rollout: RolloutNote,
    /// 3: names.
    pub naming: NamingNote,
    /// 4: participant scope of the last message.
    pub participant_scope: Option<ParticipantNote>,
    /// 5: phase, zone and markers.
    pub matrix_context: FieldView,
    /// 6: derived triggers.
    pub triggers: BTreeMap<Trigger, u64>,
    /// 7: outputs read under a high or critical band.
    pub validations: u64,
    /// 8: crossed boundaries by class.
    pub violations: BTreeMap<ViolationClass, u64>,
    /// 9: transforms by kind: carried out, and in shadow mode proposed.
    pub transforms: TransformNote,
    /// 10: fallbacks.
    pub fallbacks: u64,
    /// 11: how the last output came through.
    pub last_pass: PassNote,
}

/// Band and action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BandAction {
    /// The band.
    pub band: Band,
    /// The action.
    pub action: Action,
}

/// The mode and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RolloutNote {
    /// The layer computes anything at all.
    pub enabled: bool,
    /// The mode in force.
    pub mode: Mode,
    /// The session's own mode, if it has one.
    pub session_mode: Option<Mode>,
    /// The version of the document.
    pub spec_version: String,
}

/// Names (`SRIP-13 §VIII.1`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NamingNote {
    /// The bound version.
    pub version: VersionId,
    /// The first cycle under it.
    pub bound_since: Cycle,
    /// The version before, if the session was rebound.
    pub version_before: Option<VersionId>,
    /// Its canonical name.
    pub canonical: String,
    /// The name that the last sender sees.
    pub displayed: String,
    /// Where that comes from.
    pub source: NameSource,
    /// The session's alias.
    pub alias: Option<String>,
    /// Aliases that hold for one participant each.
    pub participant_aliases: BTreeMap<String, String>,
    /// The last change of an alias.
    pub last_change: Option<AliasChange>,
}

/// Participant scope (`SRIP-13 §VIII.2`), without the name that a message asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ParticipantNote {
    /// The last message's scope.
    #[serde(flatten)]
    pub turn: TurnScope,
    /// How many have taken part.
    pub participants: usize,
}

/// Transforms by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransformNote {
    /// Carried out.
    pub done: TransformCounts,
    /// Proposed in shadow mode.
    pub proposed: TransformCounts,
    /// Outputs that were changed.
    pub altered: u64,
    /// Outputs that shadow mode would have changed.
    pub would_alter: u64,
}

/// How the last output came through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PassNote {
    /// How.
    pub pass: Pass,
    /// In which cycle.
    pub cycle: Option<Cycle>,
    /// All of it.
    pub evidence: Option<crate::PassEvidence>,
}

impl RisState {
    /// What an operator may see.
    pub fn diagnostics(&self, rules: &Rules) -> Diagnostics {
        let scope = self.scope();
        let (sender, channel) = self.turn().map_or(("", Channel::Direct), |turn| {
            (turn.sender.as_str(), turn.channel)
        });
        let (displayed, source) = scope.displayed(sender, channel);
        let naming = scope.naming();
        let counters = self.counters();
        let evidence = self.evidence();
        Diagnostics {
            session: scope.session().clone(),
            current: BandAction {
                band: self.band(),
                action: self.last_action(),
            },
            rollout: RolloutNote {
                enabled: self.rollout().enabled,
                mode: self.rollout().mode,
                session_mode: scope.mode(),
                spec_version: rules.revision.spec_version().into(),
            },
            naming: NamingNote {
                version: scope.binding().version(),
                bound_since: scope.binding().since(),
                version_before: scope.binding().before(),
                canonical: scope.binding().canonical_name().into(),
                displayed: displayed.into(),
                source,
                alias: naming.alias().map(|alias| alias.name().into()),
                participant_aliases: naming
                    .bound()
                    .iter()
                    .map(|(id, alias)| (id.clone(), alias.name().into()))
                    .collect(),
                last_change: naming.last_change().cloned(),
            },
            participant_scope: self.turn().map(|turn| ParticipantNote {
                turn: turn.clone(),
                participants: scope.participants().len(),
            }),
            matrix_context: self.field(),
            triggers: counters.triggers.clone(),
            validations: counters.validations,
            violations: counters.violations.clone(),
            transforms: TransformNote {
                done: counters.transforms.clone(),
                proposed: counters.proposed.clone(),
                altered: counters.altered,
                would_alter: counters.would_alter,
            },
            fallbacks: counters.fallbacks,
            last_pass: PassNote {
                pass: evidence.map_or(Pass::NotRun, |evidence| evidence.pass),
                cycle: evidence.map(|evidence| evidence.cycle),
                evidence: evidence.cloned(),
            },
        }
    }
}
