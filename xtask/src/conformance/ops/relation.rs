//! Relational identity: scopes, names, the matrix, modes and what is said of an output.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use sigma_ris::{
    AgentVersion, CanonicalIdentity, Channel, ChannelClass, Context, FieldView, Incoming,
    MatrixContext, Mode, OperationalEvent, Pace, Release, RisState, SRIP_13, Validator, decide,
    internal_name,
};
use sigma_types::{Cycle, SessionId, Timestamp};

use super::{Input, OpError, refused};

/// `ris.matrix`: band and action of a context.
pub(super) fn matrix(input: &Input<'_>) -> Result<Value, OpError> {
    let context: MatrixContext = input.given()?;
    let action = decide(&input.between(context)?);
    Ok(json!({"band": action.band(), "action": action}))
}

#[derive(Deserialize)]
struct Turns {
    turns: Vec<MatrixContext>,
}

/// `ris.pace`: bands over the turns of a session.
pub(super) fn pace(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Turns = input.given()?;
    let mut pace = Pace::default();
    let mut turns = Vec::new();
    for context in given.turns {
        let triggered = !context.triggers.is_empty();
        let action = pace.end(decide(&context), triggered, SRIP_13.clean_turns);
        turns.push(json!({"band": action.band(), "action": action}));
        pace = input.between(pace)?;
    }
    Ok(json!({"turns": turns}))
}

/// `ris.version`: the address of an agent version.
pub(super) fn version(input: &Input<'_>) -> Result<Value, OpError> {
    let version = AgentVersion::seal(input.given()?).map_err(refused)?;
    Ok(json!({"version": input.between(version)?.id()}))
}

#[derive(Deserialize)]
struct Modes {
    #[serde(default)]
    session: Option<Mode>,
    #[serde(default)]
    agent: Option<Mode>,
    default: Mode,
}

/// `ris.mode`: the mode in force.
pub(super) fn mode(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Modes = input.given()?;
    let mode = Mode::in_force(given.session, given.agent, given.default);
    Ok(json!({"mode": mode, "observes": mode.observes(), "corrects": mode == Mode::Enforce}))
}

#[derive(Deserialize)]
struct Trace {
    versions: BTreeMap<String, CanonicalIdentity>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    session: String,
    /// Opens the session under this version, or binds it to that.
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    says: Option<String>,
    #[serde(default = "sender")]
    sender: String,
    #[serde(default)]
    channel: Channel,
    #[serde(default)]
    events: Vec<OperationalEvent>,
}

fn sender() -> String {
    "u1".into()
}

/// `ris.session`: traces of sessions, side by side.
pub(super) fn session(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Trace = input.given()?;
    let mut versions = BTreeMap::new();
    for (name, canonical) in given.versions {
        versions.insert(name, AgentVersion::seal(canonical).map_err(refused)?);
    }
    let mut sessions: BTreeMap<String, RisState> = BTreeMap::new();
    let mut told = Vec::new();
    for (at, step) in given.steps.into_iter().enumerate() {
        let cycle = Cycle(at as u64 + 1);
        let target = step.version.as_ref().and_then(|name| versions.get(name));
        let known = sessions.remove(&step.session);
        let mut state = match (known, target) {
            (Some(state), _) => state,
            (None, Some(version)) => {
                let id = SessionId::new(step.session.as_str()).map_err(refused)?;
                RisState::open(id, version)
            }
            (None, None) => return Err(OpError::Input(serde::de::Error::custom("no version"))),
        };
        let rebound = target.is_some_and(|version| state.rebind(version.rebind(), cycle));
        if let Some(text) = &step.says {
            let incoming = Incoming {
                text,
                sender: &step.sender,
                channel: step.channel,
                class: ChannelClass::Api,
                events: &step.events,
            };
            let when = (Timestamp::EPOCH, cycle);
            state.begin(
                &incoming,
                None,
                when,
                FieldView::default(),
                Mode::Enforce,
                &SRIP_13,
            );
        }
        told.push(tell(&state, &step, rebound));
        sessions.insert(step.session, input.between(state)?);
    }
    Ok(json!({"steps": told}))
}

fn tell(state: &RisState, step: &Step, rebound: bool) -> Value {
    let scope = state.scope();
    let (displayed, source) = scope.displayed(&step.sender, step.channel);
    let holding = scope.naming().holding(&step.sender, step.channel);
    let turn = state.turn();
    json!({
        "canonical": scope.binding().canonical_name(),
        "displayed": displayed,
        "source": source,
        "set_by": holding.map(|(alias, _)| alias.set_by()),
        "rebound": rebound,
        "participants": scope.participants().len(),
        "identity_question": turn.is_some_and(|turn| turn.identity_question),
        "rename": turn.and_then(|turn| Some(turn.rename.as_ref()?.name())),
        "reinterprets_event": turn.is_some_and(|turn| turn.reinterprets_event),
        "addressed": turn.map(|turn| &turn.addressed),
    })
}

#[derive(Deserialize)]
struct Output {
    #[serde(default)]
    context: Context,
    #[serde(default)]
    matrix: MatrixContext,
    #[serde(default)]
    user: String,
    output: String,
}

/// `ris.release`: what enforcement says in place of an output.
pub(super) fn release(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Output = input.given()?;
    let (validator, context) = (Validator::default(), input.between(given.context)?);
    let release = Release::new(validator, SRIP_13, context, given.user, given.matrix);
    let released = release.whole(&given.output);
    let mut pieces = release.pieces();
    let mut streamed: String = given
        .output
        .chars()
        .map(|c| pieces.push(&c.to_string()))
        .collect();
    streamed.push_str(&pieces.finish().0);
    Ok(json!({
        "crossed": released.validation.classes(),
        "triggers": released.triggers,
        "band": released.action.band(),
        "action": released.action,
        "altered": released.altered(),
        "fallback": released.fallback,
        "said": released.text,
        "clean": release.observe(&released.text).violations.is_empty(),
        "reveals": released.altered() && internal_name(&released.text).is_some(),
        "streamed_alike": streamed == released.text,
    }))
}

#[derive(Deserialize)]
struct Observed {
    mode: Mode,
    outputs: Vec<Output>,
}

/// `ris.diagnostics`: what an operator sees after some outputs.
pub(super) fn diagnostics(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Observed = input.given()?;
    let version = AgentVersion::seal(CanonicalIdentity {
        name: "Leo".into(),
        ..CanonicalIdentity::default()
    });
    let id = SessionId::new("s").map_err(refused)?;
    let mut state = RisState::open(id, &version.map_err(refused)?);
    for (at, output) in given.outputs.into_iter().enumerate() {
        let incoming = Incoming {
            text: &output.user,
            sender: "u1",
            channel: Channel::Direct,
            class: ChannelClass::Api,
            events: &output.context.events,
        };
        let cycle = Cycle(at as u64 + 1);
        let when = (Timestamp::EPOCH, cycle);
        let plan = state.begin(
            &incoming,
            None,
            when,
            FieldView::default(),
            given.mode,
            &SRIP_13,
        );
        if !given.mode.observes() {
            continue;
        }
        let context = state.context(Vec::new());
        let release = Release::new(
            Validator::default(),
            SRIP_13,
            context,
            output.user.as_str(),
            plan.matrix,
        );
        let released = release.whole(&output.output);
        state.end(cycle, &output.output, &released, &SRIP_13);
        state = input.between(state)?;
    }
    Ok(serde_json::to_value(state.diagnostics(&SRIP_13))?)
}
