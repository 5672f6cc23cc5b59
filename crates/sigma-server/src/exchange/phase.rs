//! The phase: the last frame, frames of peers, and commands (`SRIP-08 §4`, `§5`).

use crate::exchange::{
    Exchange,
    access::Reader,
    fault::Fault,
    look::Look,
    peers::Grant,
    reading::{Chosen, Named, withheld},
    speak::{self, Accepted, Read, Shared},
};
use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use serde_json::{Value, json};
use sigma_core::{CauseId, CommandError, Commanded, PhaseAction, PhaseCommand};
use sigma_interop::{
    Cleared, CommandBody, CommandKind, CommandLog, CommandRefusal, Effect, Format, Header, Message,
    PhaseFrame, PhaseReport, RuntimeId, Sealed, SyncEvent, Verified,
};
use sigma_types::{Cycle, SessionId};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// How long a command waits for the turn under way.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn router() -> Router<Arc<Exchange>> {
    Router::new()
        .route("/phase/state", get(state))
        .route("/phase/sync", post(sync))
        .route("/phase/lock", post(lock))
        .route("/phase/recenter", post(recenter))
}

async fn state(
    State(exchange): Shared,
    Reader { asker, settled }: Reader,
    Accepted(form): Accepted,
    chosen: Chosen,
) -> Result<Response, Fault> {
    let look = exchange.look(&chosen.session).await?;
    exchange.closed(&look)?;
    let target = asker.target(exchange.us());
    let cleared = exchange.frame_of(&look, target)?;
    let sealer = exchange.sealer.clone().with_checksum(settled.checksum);
    let sealed = sealer
        .seal(cleared)
        .map_err(|error| Fault::internal(&error))?;
    let mut response = speak::sealed(&sealed, form);
    chosen.told(&mut response);
    Ok(response)
}

impl Exchange {
    fn frame_of(&self, look: &Look, target: RuntimeId) -> Result<Cleared<PhaseFrame>, Fault> {
        let phase = look.phase.as_ref().ok_or_else(unmeasured)?;
        let report = PhaseReport {
            sequence: self.round().sequence(self.clock.now()),
            frame: phase.frame(self.us()),
        };
        let message = Message::new(Header::new(self.us(), target, self.clock.now()), report);
        let cleared = self.gates.clear(&look.session, &look.reading, message);
        cleared.map_err(|why| withheld(&look.session, &why))
    }
}

pub(crate) fn unmeasured() -> Fault {
    let detail = "There is no phase before the first cycle.";
    Fault::new(StatusCode::CONFLICT, detail).because("unmeasured")
}

/// Takes a peer's frame, or its word that it synchronises.
pub(crate) async fn told(
    State(exchange): Shared,
    Accepted(form): Accepted,
    request: Request,
) -> Result<Response, Fault> {
    exchange.receives().await?;
    let body = Read::of(&exchange, request, exchange.rules.packet.bytes).await?;
    match body.message::<PhaseReport>(&exchange) {
        Ok(message) => {
            let (verified, _) = exchange.shown_by_peer(message, Grant::State).await?;
            let heard = exchange.round().hear(&exchange, &verified);
            tracing::info!(
                peer = %verified.message().header.source_runtime_id, ?heard, "a frame was heard"
            );
            exchange.keep("frame", &verified, form).await
        }
        Err(refused) => {
            let Ok(message) = body.message::<SyncEvent>(&exchange) else {
                return Err(refused);
            };
            let (verified, _) = exchange.shown_by_peer(message, Grant::State).await?;
            exchange.keep("sync", &verified, form).await
        }
    }
}

async fn sync(
    exchange: Shared,
    accepted: Accepted,
    named: Option<Named>,
    request: Request,
) -> Result<Response, Fault> {
    command(exchange, accepted, named, request, CommandKind::Sync).await
}

async fn lock(
    exchange: Shared,
    accepted: Accepted,
    named: Option<Named>,
    request: Request,
) -> Result<Response, Fault> {
    command(exchange, accepted, named, request, CommandKind::Lock).await
}

async fn recenter(
    exchange: Shared,
    accepted: Accepted,
    named: Option<Named>,
    request: Request,
) -> Result<Response, Fault> {
    command(exchange, accepted, named, request, CommandKind::Recenter).await
}

async fn command(
    State(exchange): Shared,
    Accepted(form): Accepted,
    named: Option<Named>,
    request: Request,
    kind: CommandKind,
) -> Result<Response, Fault> {
    exchange.receives().await?;
    let body = Read::of(&exchange, request, exchange.rules.packet.bytes).await?;
    let message = body.message::<CommandBody>(&exchange)?;
    let asked = message.claimed().payload.command;
    if asked != kind && asked != CommandKind::Revert {
        let detail = format!("The command is {asked:?}, and this path is for {kind:?}.");
        let fault = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, detail);
        return Err(fault.because("other_command"));
    }
    let (verified, _) = exchange.shown_by_peer(message, Grant::Control).await?;
    let sealed = verified.message().payload.session.clone();
    let chosen = exchange.signed(sealed, named).await?;
    let done = exchange.obey(&chosen.session, Signed::Peer(&verified), kind);
    let Ok(done) = timeout(PATIENCE, done).await else {
        let detail = "A turn is under way; nothing was changed. Send the command anew.";
        let fault = Fault::new(StatusCode::SERVICE_UNAVAILABLE, detail);
        return Err(fault.because("session_busy").after(2));
    };
    let mut response = speak::plain(&receipt(&done?), form)?;
    chosen.told(&mut response);
    Ok(response)
}

fn receipt(done: &Commanded) -> Value {
    let note = done.note();
    json!({
        "cause_id": note.cause_id,
        "command": note.action,
        "entered_after_cycle": note.after,
        "in_force_until_cycle": note.until,
        "reversible_until_cycle": note.reversible,
        "standing": note.standing,
        "ledger_entry": note.ledger_entry,
    })
}

/// A command whose signature was made here or verified.
#[derive(Clone, Copy)]
pub(crate) enum Signed<'a> {
    Peer(&'a Verified<sigma_interop::PhaseCommand>),
    Own(&'a Sealed<sigma_interop::PhaseCommand>),
}

impl Signed<'_> {
    fn body(self) -> CommandBody {
        match self {
            Self::Peer(command) => command.message().payload.clone(),
            Self::Own(command) => command.message().payload.clone(),
        }
    }

    fn source(self) -> RuntimeId {
        match self {
            Self::Peer(command) => command.message().header.source_runtime_id,
            Self::Own(command) => command.message().header.source_runtime_id,
        }
    }

    fn follow(self, log: &mut CommandLog, now: Cycle) -> Result<Effect, CommandRefusal> {
        match self {
            Self::Peer(command) => log.follow(command, now),
            Self::Own(command) => log.follow_own(command, now),
        }
    }

    /// As it was signed.
    fn evidence(self) -> Value {
        let bytes = match self {
            Self::Peer(command) => command.to_bytes(Format::Json),
            Self::Own(command) => command.to_bytes(Format::Json),
        };
        serde_json::from_slice(&bytes).unwrap_or_default()
    }
}

impl Exchange {
    /// Lets a signed command into a session, in the order of causes.
    pub(crate) async fn obey(
        &self,
        session: &SessionId,
        signed: Signed<'_>,
        kind: CommandKind,
    ) -> Result<Commanded, Fault> {
        // one command after another: the log and the session move together
        let turn = self.commanding(session);
        let _turn = turn.lock().await;
        let now = self.view(session, sigma_core::Session::cycle).await?;
        let mut log = self.log_of(session).await?;
        log.lapse(now);
        let effect = signed
            .follow(&mut log, now)
            .map_err(|error| out_of_order(&error))?;
        let action = match effect {
            Effect::Synchronise => PhaseAction::Sync {
                expected: self.round().mean(),
            },
            Effect::Lock { .. } => PhaseAction::Lock,
            Effect::Recenter => PhaseAction::Recenter,
            Effect::Undo { cause_id, command } if command == kind => PhaseAction::Reverse {
                cause_id: cause(cause_id)?,
            },
            _ => {
                let detail = "What is taken back is a command of another path.";
                let fault = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, detail);
                return Err(fault.because("other_command"));
            }
        };
        let rules = &self.rules.command;
        let cycles = match action {
            PhaseAction::Lock => rules.lock_cycles,
            _ => rules.reversible_cycles,
        };
        let command = PhaseCommand {
            cause_id: cause(signed.body().cause_id)?,
            action,
            cycles,
            issuer: signed.source().to_string(),
            evidence: signed.evidence(),
        };
        let done = self.runtime.command(session, command).await;
        let done = done.map_err(|error| refused(&error))?;
        self.keep_log(session, &log).await?;
        tracing::info!(
            %session, issuer = %signed.source(), cause = %signed.body().cause_id, ?kind,
            "a phase command entered"
        );
        Ok(done)
    }

    async fn log_of(&self, session: &SessionId) -> Result<CommandLog, Fault> {
        let name = session.to_string();
        let kept = self.ask(move |store| Ok(store.command_log(&name)?)).await?;
        let kept = kept.map(|text| serde_json::from_str(&text)).transpose();
        let kept = kept.map_err(|error| Fault::internal(&error))?;
        Ok(kept.unwrap_or_else(|| CommandLog::new(self.rules.command)))
    }

    async fn keep_log(&self, session: &SessionId, log: &CommandLog) -> Result<(), Fault> {
        let (name, text) = (session.to_string(), serde_json::to_string(log));
        let text = text.map_err(|error| Fault::internal(&error))?;
        self.ask(move |store| Ok(store.put_command_log(&name, &text)?))
            .await
    }
}

fn cause(id: sigma_interop::CauseId) -> Result<CauseId, Fault> {
    CauseId::new(id.to_string()).map_err(|error| Fault::internal(&error))
}

fn out_of_order(error: &CommandRefusal) -> Fault {
    let code = match error {
        CommandRefusal::OutOfOrder { .. } => "out_of_order",
        CommandRefusal::UnknownParent { .. } => "unknown_parent",
        CommandRefusal::Repeated { .. } => "cause_reused",
        CommandRefusal::NothingToRevert { .. } => "nothing_to_revert",
        CommandRefusal::NotYours { .. } => "not_yours",
        CommandRefusal::TooLate { .. } => "too_late",
        _ => "too_many_commands",
    };
    let detail = format!("The command is not followed: {error}.");
    Fault::new(StatusCode::CONFLICT, detail).because(code)
}

fn refused(error: &CommandError) -> Fault {
    let code = match error {
        CommandError::NoSession => "unknown_session",
        CommandError::CauseReused { .. } => "cause_reused",
        CommandError::UnknownCause { .. } => "nothing_to_revert",
        CommandError::NotReversible { .. } => "too_late",
        CommandError::TooMany { .. } => "too_many_commands",
        error => return Fault::internal(error),
    };
    let detail = format!("The command is not followed: {error}.");
    Fault::new(StatusCode::CONFLICT, detail).because(code)
}
