//! Relational identity in the loop (`SRIP-13`): what a turn is read as, what the model is told, and what
//! of its answer is said.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError, RwLock};

use futures_util::future::join;
use serde::{Deserialize, Serialize};
use sigma_attractor::project;
use sigma_memory::{Memory, Recalled};
use sigma_ris::{
    AgentVersion, CanonicalIdentity, Channel, ChannelClass, Context, Counters, FieldView, Incoming,
    Mode, OperationalEvent, PassEvidence, Phase, Release, Released, RisState, Role, Rules, Said,
    TurnPlan, TurnScope, Validator, VersionId, Zone,
};
use sigma_types::{Cycle, Speaker, Timestamp};
use tokio::sync::mpsc;

use crate::clock::Clock;
use crate::model::{Delta, DeltaSender, ModelAnswer, ModelError};
use crate::session::State;
use crate::store::{self, OperationalKind};

/// Who speaks to the assistant, and where (`SRIP-13 §VIII.2`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Speaking {
    /// The name used in talk; else the participant's id.
    pub name: Option<String>,
    /// Who can read along.
    pub channel: Channel,
    /// What carries the talk.
    pub class: ChannelClass,
}

/// The participant where the caller names none.
pub(crate) const NOBODY: &str = "user";

/// What relational stabilization did in a cycle (`SRIP-13 §XIII`): for the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RelationNote {
    /// The document.
    pub spec_version: String,
    /// The message as it was read.
    pub turn: TurnScope,
    /// What was to be done before the answer was there.
    pub planned: sigma_ris::Action,
    /// Lines of guidance that stood in the prompt.
    pub guidance: usize,
    /// What was found in the answer and what became of it.
    pub evidence: PassEvidence,
    /// What enforcement would have said, in shadow mode and where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<String>,
    /// Microseconds from the model's first piece to the first piece that was said, in a stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_wait_micros: Option<u64>,
}

/// Modes of a process, and its sums.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    modes: RwLock<Modes>,
    counters: Mutex<Counters>,
    pub(crate) validator: Validator,
    pub(crate) rules: Rules,
}

/// The modes that are not a session's own (`SRIP-13 §XII`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Modes {
    /// Where neither session nor agent has one.
    pub default: Mode,
    /// By agent version.
    pub agents: BTreeMap<VersionId, Mode>,
}

impl Default for Modes {
    /// Off: a library computes nothing that nobody asked for.
    fn default() -> Self {
        Self {
            default: Mode::Off,
            agents: BTreeMap::new(),
        }
    }
}

impl Relations {
    pub(crate) fn new(default: Mode) -> Self {
        Self {
            modes: RwLock::new(Modes {
                default,
                ..Modes::default()
            }),
            ..Self::default()
        }
    }

    pub(crate) fn modes(&self) -> Modes {
        self.modes
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Modes)) {
        change(&mut self.modes.write().unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn count(&self, evidence: &PassEvidence) {
        let mut all = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        all.add(&sigma_ris::counted(evidence));
    }

    pub(crate) fn counters(&self) -> Counters {
        self.counters
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether a session is looked at: it is once it has a state of its own, or where some mode asks for it.
    pub(crate) fn looks_at(&self, state: &State) -> bool {
        let modes = self.modes.read().unwrap_or_else(PoisonError::into_inner);
        state.ris.is_some()
            || modes.default.observes()
            || modes.agents.values().any(|mode| mode.observes())
    }

    fn in_force(&self, session: Option<Mode>, version: VersionId) -> Mode {
        let modes = self.modes.read().unwrap_or_else(PoisonError::into_inner);
        Mode::in_force(session, modes.agents.get(&version).copied(), modes.default)
    }
}

/// A message on its way in.
pub(crate) struct Arriving<'a> {
    pub(crate) text: &'a str,
    pub(crate) participant: Option<&'a str>,
    pub(crate) speaking: &'a Speaking,
    pub(crate) events: &'a [OperationalEvent],
    pub(crate) at: Timestamp,
    pub(crate) cycle: Cycle,
}

/// A turn as it was read.
#[derive(Debug, Clone)]
pub(crate) struct Opened {
    pub(crate) plan: TurnPlan,
    pub(crate) turn: TurnScope,
    /// What the answer is released under.
    pub(crate) release: Release,
}

/// An answer as it came out.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    /// What the model made.
    pub(crate) made: String,
    pub(crate) released: Released,
    pub(crate) first_wait_micros: Option<u64>,
}

/// Begins a turn in a session's state. `None` while the layer is off.
pub(crate) fn begin(
    state: &mut State,
    relations: &Relations,
    arriving: &Arriving<'_>,
) -> Option<Opened> {
    if !relations.looks_at(state) {
        return None;
    }
    let version = version_of(state)?;
    let own = state.ris.as_ref().and_then(|ris| ris.scope().mode());
    let mode = relations.in_force(own, version.id());
    if !mode.observes() && state.ris.is_none() {
        return None;
    }
    let rules = &relations.rules;
    let field = field_view(state);
    let session = state.session.clone();
    let ris = state
        .ris
        .get_or_insert_with(|| RisState::open(session, &version));
    let mut events = ris.take_expected();
    events.extend_from_slice(arriving.events);
    if ris.rebind(version.rebind(), arriving.cycle) {
        events.push(OperationalEvent::VersionRebind);
    }
    events.sort_unstable();
    events.dedup();
    let incoming = Incoming {
        text: arriving.text,
        sender: arriving.participant.unwrap_or(NOBODY),
        channel: arriving.speaking.channel,
        class: arriving.speaking.class,
        events: &events,
    };
    let name = arriving.speaking.name.as_deref();
    let plan = ris.begin(
        &incoming,
        name,
        (arriving.at, arriving.cycle),
        field,
        mode,
        rules,
    );
    if !mode.observes() {
        return None;
    }
    let turn = ris.turn()?.clone();
    let context: Context = ris.context(history(&state.recent));
    let release = Release::new(
        relations.validator,
        *rules,
        context,
        arriving.text,
        plan.matrix.clone(),
    );
    Some(Opened {
        plan,
        turn,
        release,
    })
}

/// Gives a session a mode of its own, or takes it away.
pub(crate) fn set_mode(state: &mut State, mode: Option<Mode>) {
    if state.ris.is_none()
        && let Some(version) = version_of(state)
    {
        state.ris = Some(RisState::open(state.session.clone(), &version));
    }
    if let Some(ris) = &mut state.ris {
        ris.set_mode(mode);
    }
}

/// The version that the session's identity makes.
fn version_of(state: &State) -> Option<AgentVersion> {
    let name = state
        .monitor
        .anchors()
        .identity()
        .and_then(|identity| identity.name.clone());
    AgentVersion::seal(CanonicalIdentity {
        name: name.unwrap_or_default(),
        text: state.identity.text.clone(),
        constraints: state.identity.constraints.clone(),
    })
    .ok()
}

/// What the other layers say of the field; they are only read (`SRIP-13 §XIV`).
fn field_view(state: &State) -> FieldView {
    let active = state.registry.active();
    let seen = active.map(|a| project(a.lifecycle_state, a.crystallized, a.locked));
    let zone = state
        .last
        .as_ref()
        .and_then(|last| last.aep.as_ref())
        .map(|aep| zone(aep.zone));
    FieldView {
        phase: seen.map_or(Phase::Forming, |seen| seen.relational),
        zone: zone.unwrap_or_default(),
        recovery: seen.is_some_and(|seen| seen.recovery_marker),
        containment: state.containment.locked
            || state.containment.convergence_suspended
            || state.kernel.status() != sigma_aegida::SafetyStatus::Nominal,
    }
}

fn zone(zone: sigma_drift::Zone) -> Zone {
    match zone {
        sigma_drift::Zone::Convergent => Zone::Convergent,
        sigma_drift::Zone::SemanticMonotony => Zone::SemanticMonotony,
        sigma_drift::Zone::Dispersive => Zone::Dispersive,
        _ => Zone::Equilibrium,
    }
}

fn history<'a>(recent: impl IntoIterator<Item = &'a crate::prompt::Exchange>) -> Vec<Said> {
    let said = recent.into_iter().flat_map(|turn| {
        [
            Said {
                role: Role::User,
                sender: turn.participant.clone(),
                text: turn.user.clone(),
            },
            Said {
                role: Role::Assistant,
                sender: None,
                text: turn.assistant.clone(),
            },
        ]
    });
    said.filter(|said| !said.text.is_empty()).collect()
}

/// Whether an item may be recalled for the one who speaks (`SRIP-13 §XIV`): where several take part, what
/// somebody said of themselves, and what was answered to them, comes back for them alone.
pub(crate) fn may_recall(item: &Recalled, memory: &Memory, turn: &TurnScope) -> bool {
    if !turn.group_sensitive {
        return true;
    }
    let Some((participant, asked)) = memory.said_by_user(item.provenance.cycle) else {
        return true;
    };
    if participant.unwrap_or(NOBODY) == turn.sender {
        return true;
    }
    let personal = sigma_ris::is_personal(asked);
    match item.provenance.speaker {
        Speaker::User => !personal,
        Speaker::Assistant => !personal && !sigma_ris::addresses_somebody(&item.text),
    }
}

/// What is said of an answer that came as a whole.
pub(crate) fn whole(opened: Option<&Opened>, answer: &mut ModelAnswer) -> Option<Outgoing> {
    let opened = opened?;
    let made = answer.text.clone();
    let released = opened.release.whole(&made);
    if opened.plan.mode == Mode::Enforce {
        answer.text.clone_from(&released.text);
    }
    Some(Outgoing {
        made,
        released,
        first_wait_micros: None,
    })
}

/// Lets an answer out in pieces while it is being made, each read before it is said.
pub(crate) async fn in_pieces(
    opened: &Opened,
    clock: &dyn Clock,
    deltas: &DeltaSender,
    ask: impl AsyncFnOnce(&DeltaSender) -> Result<ModelAnswer, crate::runtime::TurnError>,
) -> Result<(ModelAnswer, Outgoing), crate::runtime::TurnError> {
    let mut releaser = opened.release.pieces();
    let (sender, mut pieces) = mpsc::channel::<Delta>(WAITING);
    let asked = async move {
        let answer = ask(&sender).await;
        drop(sender);
        answer
    };
    let mut wait = Wait::default();
    let mut fed = String::new();
    let pumped = async {
        while let Some(piece) = pieces.recv().await {
            wait.heard(clock);
            fed.push_str(&piece.content);
            let content = releaser.push(&piece.content);
            if content.is_empty() && piece.extra.is_empty() {
                continue;
            }
            wait.spoke(clock, &content);
            let delta = Delta {
                content,
                extra: piece.extra,
            };
            if deltas.send(delta).await.is_err() {
                // the model hears of it by its own channel
                pieces.close();
                return Err(ModelError::Cancelled);
            }
        }
        Ok(())
    };
    let (answer, pumped) = join(asked, pumped).await;
    let mut answer = answer?;
    pumped?;
    // a model that had the answer all at once sent no pieces
    let rest = answer.text.strip_prefix(fed.as_str()).unwrap_or_default();
    let mut content = releaser.push(rest);
    let (last, released) = releaser.finish();
    content.push_str(&last);
    if !content.is_empty() {
        wait.heard(clock);
        wait.spoke(clock, &content);
        let delta = Delta {
            content,
            ..Delta::default()
        };
        deltas
            .send(delta)
            .await
            .map_err(|_| ModelError::Cancelled)?;
    }
    let made = std::mem::replace(&mut answer.text, released.text.clone());
    Ok((
        answer,
        Outgoing {
            made,
            released,
            first_wait_micros: wait.micros,
        },
    ))
}

/// Pieces that may wait to be read.
const WAITING: usize = 64;

/// Takes the time from the model's first piece to the first one that is said.
#[derive(Default)]
struct Wait {
    since: Option<std::time::Duration>,
    micros: Option<u64>,
}

impl Wait {
    fn heard(&mut self, clock: &dyn Clock) {
        self.since.get_or_insert_with(|| clock.ticks());
    }

    fn spoke(&mut self, clock: &dyn Clock, content: &str) {
        if content.is_empty() || self.micros.is_some() {
            return;
        }
        let since = self.since.unwrap_or_default();
        let passed = clock.ticks().saturating_sub(since);
        self.micros = Some(u64::try_from(passed.as_micros()).unwrap_or(u64::MAX));
    }
}

/// Stored events of a session as this layer knows them. A turn after a failed one repeats its call.
pub(crate) fn events_after(
    stored: &[store::OperationalEvent],
    after: Cycle,
) -> Vec<OperationalEvent> {
    let mut events = Vec::new();
    for event in stored.iter().filter(|event| event.after == after) {
        match event.kind {
            OperationalKind::ProviderError => {
                events.extend([OperationalEvent::ProviderError, OperationalEvent::Retry]);
            }
            OperationalKind::ProviderTimeout => {
                events.extend([OperationalEvent::ProviderTimeout, OperationalEvent::Retry]);
            }
            OperationalKind::BlockedReply => events.push(OperationalEvent::BlockedReply),
            OperationalKind::Retry => events.push(OperationalEvent::Retry),
            OperationalKind::Restart => events.push(OperationalEvent::Restart),
            OperationalKind::Cancelled => {}
        }
    }
    events
}
