//! Which session a request is about, and how it stands.

use crate::exchange::{Exchange, fault::Fault, look::Look};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderName, HeaderValue, StatusCode, request::Parts},
    response::Response,
};
use sigma_core::TurnError;
use sigma_interop::{Decision, Withheld};
use sigma_types::SessionId;
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// How long a look waits for the turn under way.
const PATIENCE: Duration = Duration::from_secs(2);
/// Seconds after which a busy session is worth another look.
const BUSY_SECONDS: u64 = 2;

const SESSION: HeaderName = HeaderName::from_static("x-session-id");
/// How a session was chosen that was named.
const NAMED: &str = "named";
const CHOSEN: HeaderName = HeaderName::from_static("x-sigma-session-chosen");

/// The session that a request is about.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    pub(crate) session: SessionId,
    how: &'static str,
}

impl Chosen {
    /// Says in an answer which session it is about, and why that one.
    pub(crate) fn told(&self, response: &mut Response) {
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::try_from(self.session.as_str()) {
            headers.insert(SESSION, value);
        }
        headers.insert(CHOSEN, HeaderValue::from_static(self.how));
    }
}

impl FromRequestParts<Arc<Exchange>> for Chosen {
    type Rejection = Fault;

    async fn from_request_parts(
        parts: &mut Parts,
        exchange: &Arc<Exchange>,
    ) -> Result<Self, Fault> {
        match Named::of(parts)? {
            Some(Named(session)) => Ok(Self {
                session,
                how: NAMED,
            }),
            None => exchange.newest().await,
        }
    }
}

/// The session that `?session=` names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named(pub(crate) SessionId);

impl Named {
    fn of(parts: &Parts) -> Result<Option<Self>, Fault> {
        let query = parts.uri.query().unwrap_or_default();
        let mut named = url::form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| name == "session")
            .map(|(_, value)| value.into_owned());
        let Some(text) = named.next() else {
            return Ok(None);
        };
        if named.next().is_some() {
            return Err(bad_session("`session` stands twice"));
        }
        let session = SessionId::new(text).map_err(|error| bad_session(&error.to_string()))?;
        Ok(Some(Self(session)))
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Named {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Fault> {
        Self::of(parts)
    }
}

fn bad_session(why: &str) -> Fault {
    let detail = format!("`?session=` names no session: {why}.");
    Fault::new(StatusCode::BAD_REQUEST, detail).because("bad_session")
}

impl Exchange {
    /// The only session, or the one that changed last.
    pub(crate) async fn newest(&self) -> Result<Chosen, Fault> {
        let sessions = self.runtime.store().sessions(2).await;
        let mut sessions = sessions
            .map_err(|error| Fault::internal(&error))?
            .into_iter();
        let first = sessions.next().ok_or_else(|| {
            Fault::new(
                StatusCode::NOT_FOUND,
                "This runtime holds no session yet; a first turn under /v1 begins one.",
            )
            .because("no_session")
        })?;
        let how = match sessions.next() {
            Some(_) => "most-recent",
            None => "only",
        };
        Ok(Chosen {
            session: first.session,
            how,
        })
    }

    /// The session that a command is for: the one that its seal names, or the newest. A query alone binds
    /// nobody.
    pub(crate) async fn signed(
        &self,
        sealed: Option<SessionId>,
        asked: Option<Named>,
    ) -> Result<Chosen, Fault> {
        let sealed = sealed.map(Named);
        if asked.is_some() && asked != sealed {
            let detail = "`?session=` names another session than the command that was signed; name it in its \
                          `session`.";
            let fault = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, detail);
            return Err(fault.because("other_session"));
        }
        match sealed {
            Some(Named(session)) => Ok(Chosen {
                session,
                how: NAMED,
            }),
            None => self.newest().await,
        }
    }

    /// A session that is named, or the newest.
    pub(crate) async fn named(&self, session: Option<&SessionId>) -> Result<SessionId, Fault> {
        match session {
            Some(session) => Ok(session.clone()),
            None => Ok(self.newest().await?.session),
        }
    }

    /// How a session stands.
    pub(crate) async fn look(&self, session: &SessionId) -> Result<Look, Fault> {
        Ok(self.look_with(session, |_| ()).await?.0)
    }

    /// How a session stands, with more of the same moment.
    pub(crate) async fn look_with<T>(
        &self,
        session: &SessionId,
        more: impl FnOnce(&sigma_core::Session) -> T,
    ) -> Result<(Look, T), Fault> {
        let seen = self.view(session, |session| (Look::at(session), more(session)));
        let (look, more) = seen.await?;
        let caught_up = self.gates.catch_up(&self.runtime, session, look.cycle);
        caught_up.await.map_err(|error| failed(&error))?;
        Ok((look, more))
    }

    /// Looks at a session under its lock.
    pub(crate) async fn view<T>(
        &self,
        session: &SessionId,
        look: impl FnOnce(&sigma_core::Session) -> T,
    ) -> Result<T, Fault> {
        let view = self.runtime.view(session, look);
        let Ok(view) = timeout(PATIENCE, view).await else {
            let detail =
                format!("A turn of the session {session} is under way; come back in a moment.");
            return Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, detail)
                .because("session_busy")
                .after(BUSY_SECONDS));
        };
        view.map_err(|error| failed(&error))?.ok_or_else(|| {
            let detail = format!("There is no session {session} here.");
            Fault::new(StatusCode::NOT_FOUND, detail).because("unknown_session")
        })
    }
}

pub(crate) fn failed(error: &TurnError) -> Fault {
    match error {
        TurnError::Session(sigma_core::SessionError::OtherEmbedder { .. }) => {
            Fault::new(StatusCode::CONFLICT, format!("{error}.")).because("other_embedder")
        }
        error => Fault::internal(error),
    }
}

/// What is told when the gate keeps something back (`SRIP-05 §8`): the decision, with its reasons.
pub(crate) fn withheld(session: &SessionId, withheld: &Withheld) -> Fault {
    closed(session, &withheld.decision)
}

pub(crate) fn closed(session: &SessionId, decision: &Decision) -> Fault {
    let passage = passage_name(decision);
    let reduced = decision
        .reasons
        .iter()
        .any(|reason| matches!(reason, sigma_interop::Reason::ReducedRate { .. }));
    let (status, detail) = if reduced {
        (
            StatusCode::TOO_MANY_REQUESTS,
            "The field is in caution: one request of two is answered. Ask again.".to_owned(),
        )
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("The gate is {passage}: no state leaves until the field is stable again."),
        )
    };
    tracing::info!(%session, passage, reasons = ?decision.reasons, "the gate kept state back");
    Fault::new(status, detail)
        .because(if reduced {
            "reduced_rate"
        } else {
            "gate_closed"
        })
        .with("decision", decision)
        .after(if reduced { 1 } else { BUSY_SECONDS })
}

pub(crate) fn passage_name(decision: &Decision) -> &'static str {
    match decision.passage {
        sigma_interop::Passage::Full => "open",
        sigma_interop::Passage::Caution => "in caution",
        sigma_interop::Passage::Blocked => "closed",
        sigma_interop::Passage::Isolated => "isolated",
    }
}
