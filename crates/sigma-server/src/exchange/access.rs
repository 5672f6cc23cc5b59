//! Who asks: the operator, a peer that shows who it is, or anybody.

use crate::{
    exchange::{
        Exchange,
        fault::Fault,
        field::Settled,
        peers::{self, Grant, Peer},
        proof::{self, Asked, Unproven, forgotten_after},
    },
    interop::limits::subscriber,
    serve::bearer,
};
use axum::{
    extract::{ConnectInfo, FromRequestParts, OriginalUri, Request, State},
    http::{Extensions, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use sigma_interop::RuntimeId;
use sigma_types::{Hash256, Timestamp};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) enum Asker {
    /// Holds the server's key, or this runtime's own.
    Operator,
    /// A peer, as its proof shows.
    Peer(Box<Peer>),
    /// Showed nothing.
    Anybody,
}

impl Asker {
    /// Whom an answer is for.
    pub(crate) fn target(&self, us: RuntimeId) -> RuntimeId {
        match self {
            Self::Peer(peer) => peer.runtime_id,
            _ => us,
        }
    }

    /// Lets the operator pass, and a peer with a grant.
    ///
    /// # Errors
    /// What to show or to be granted.
    pub(crate) fn may(&self, grant: Grant) -> Result<(), Fault> {
        match self {
            Self::Operator => Ok(()),
            Self::Peer(peer) if peer.may(grant) => Ok(()),
            Self::Peer(peer) => Err(not_granted(peer.runtime_id, grant)),
            Self::Anybody => Err(unauthorized(
                "This is for peers and the operator. Send `Authorization: Bearer` with a signed proof \
                 (docs/exchange.md), or the server's key.",
                "proof_required",
            )),
        }
    }
}

/// Somebody who may read: the operator, or a peer with the grant `state`, or `memory`, whose handshake
/// settled on everything. It is asked for before anything of a session is looked at.
#[derive(Debug)]
pub(crate) struct Reader<const MEMORY: bool = false> {
    pub(crate) asker: Asker,
    pub(crate) settled: Settled,
}

/// Somebody who may read at least state and drift, the minimal exchange (`SRIP-05 §7`).
#[derive(Debug)]
pub(crate) struct MinimalReader {
    pub(crate) asker: Asker,
    pub(crate) settled: Settled,
}

impl FromRequestParts<Arc<Exchange>> for MinimalReader {
    type Rejection = Fault;

    async fn from_request_parts(
        parts: &mut Parts,
        exchange: &Arc<Exchange>,
    ) -> Result<Self, Fault> {
        let asker = Asker::from_request_parts(parts, exchange).await?;
        asker.may(Grant::State)?;
        let settled = Settled::with(&asker)?;
        Ok(Self { asker, settled })
    }
}

impl<const MEMORY: bool> FromRequestParts<Arc<Exchange>> for Reader<MEMORY> {
    type Rejection = Fault;

    async fn from_request_parts(
        parts: &mut Parts,
        exchange: &Arc<Exchange>,
    ) -> Result<Self, Fault> {
        let asker = Asker::from_request_parts(parts, exchange).await?;
        asker.may(if MEMORY { Grant::Memory } else { Grant::State })?;
        let settled = Settled::with(&asker)?.whole()?;
        Ok(Self { asker, settled })
    }
}

/// A peer may not do this.
pub(crate) fn not_granted(id: RuntimeId, grant: Grant) -> Fault {
    let detail = format!(
        "The peer {id} has no grant `{grant}` here; its operator gives it with `sigma peer add`."
    );
    Fault::new(StatusCode::FORBIDDEN, detail).because("not_granted")
}

/// Somebody is not known here.
pub(crate) fn unknown_peer(id: RuntimeId) -> Fault {
    let detail = format!(
        "The runtime {id} is no peer of this one. Its operator adds it with `sigma peer add`."
    );
    Fault::new(StatusCode::FORBIDDEN, detail).because("unknown_peer")
}

fn unauthorized(detail: &str, code: &str) -> Fault {
    let challenge = HeaderValue::from_static("Bearer realm=\"sigma exchange\"");
    Fault::new(StatusCode::UNAUTHORIZED, detail)
        .because(code)
        .with_header(header::WWW_AUTHENTICATE, challenge)
}

impl FromRequestParts<Arc<Exchange>> for Asker {
    type Rejection = Fault;

    async fn from_request_parts(
        parts: &mut Parts,
        exchange: &Arc<Exchange>,
    ) -> Result<Self, Fault> {
        let told = parts.headers.contains_key(header::AUTHORIZATION);
        let token = match (bearer(&parts.headers), told) {
            (Some(token), _) => token.to_owned(),
            (None, true) => {
                return Err(unauthorized(
                    "`Authorization` has to be `Bearer` and one token.",
                    "proof_malformed",
                ));
            }
            // event sources and web sockets of browsers cannot send headers
            (None, false) => match token_of_query(parts) {
                Some(token) => token,
                None => return Ok(Self::Anybody),
            },
        };
        let key = exchange.operator_key.expose();
        // comparing hashes takes the same time wherever the texts differ
        if !key.is_empty() && Hash256::of(token.as_bytes()) == Hash256::of(key.as_bytes()) {
            return Ok(Self::Operator);
        }
        let asker = exchange.proven(&token, parts).await?;
        if let Self::Peer(peer) = &asker {
            exchange
                .askers
                .count(&peer.runtime_id)
                .map_err(|seconds| Fault::too_many("from this peer", seconds))?;
        }
        Ok(asker)
    }
}

/// Lets a request pass whose address has not asked too often.
pub(crate) async fn limit(
    State(exchange): State<Arc<Exchange>>,
    request: Request,
    next: Next,
) -> Response {
    let source = source(request.extensions());
    match exchange.sources.count(&source) {
        Ok(()) => next.run(request).await,
        Err(seconds) => Fault::too_many("from this address", seconds).into_response(),
    }
}

/// Where a request comes from.
pub(crate) fn source(of: &Extensions) -> IpAddr {
    let source = of.get::<ConnectInfo<SocketAddr>>();
    source.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |info| {
        subscriber(info.0.ip())
    })
}

/// The streams' way to show a proof.
fn token_of_query(parts: &Parts) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(parts.uri.query()?.as_bytes());
    pairs.find_map(|(name, value)| (name == proof::TOKEN).then(|| value.into_owned()))
}

impl Exchange {
    /// Whom a token shows to ask for just this.
    async fn proven(self: &Arc<Self>, token: &str, parts: &Parts) -> Result<Asker, Fault> {
        let refused = |error: &dyn std::fmt::Display| {
            unauthorized(
                &format!("The proof shows nothing: {error}."),
                "proof_refused",
            )
        };
        let unproven = Unproven::read(token).map_err(|error| refused(&error))?;
        let claimed = unproven.claimed();
        let (peer, kid, key) = if claimed == self.us() {
            let (kid, key) = (self.identity.key_id().clone(), self.identity.public());
            (None, kid, key)
        } else {
            let found = self.ask(move |store| peers::find(store, claimed)).await?;
            let peer = found.ok_or_else(|| unknown_peer(claimed))?;
            let (kid, key) = (peer.key_id.clone(), peer.public_key);
            (Some(peer), kid, key)
        };
        let whole = parts.extensions.get::<OriginalUri>();
        let whole = whole.map_or(&parts.uri, |uri| &uri.0);
        let query = proof::bound(whole.query().unwrap_or_default());
        let now = self.clock.now();
        let asked = Asked {
            us: self.us(),
            method: parts.method.as_str(),
            path: whole.path(),
            query: &query,
            now,
        };
        let claims = unproven
            .verify((kid.as_str(), key.as_bytes()), asked)
            .map_err(|error| refused(&error))?;
        let fresh = self.nonces().take(
            &claims.jti,
            claimed,
            claims.iat,
            forgotten_after(&claims),
            now,
        );
        fresh.map_err(|error| refused(&error))?;
        Ok(peer.map_or(Asker::Operator, |peer| Asker::Peer(Box::new(peer))))
    }
}

/// The nonces of proofs that were shown, so that none is shown twice. Bounded: where there is no room,
/// nothing more is taken until there is.
#[derive(Debug)]
pub(crate) struct Nonces {
    /// What was made before this process began may have been shown to the one before it.
    begun: i64,
    most: usize,
    seen: BTreeMap<RuntimeId, BTreeSet<(i64, String)>>,
}

/// A nonce is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NonceError {
    #[error("it was shown before; make one for each request")]
    Seen,
    #[error("it was made before this server began; make it anew")]
    BeforeStart,
    #[error("too many proofs are remembered of this runtime; come back in a minute")]
    Full,
}

impl Nonces {
    /// An empty memory for a process that began at a time.
    pub(crate) fn new(begun: Timestamp, most: usize) -> Self {
        Self {
            begun: begun.millis().div_euclid(1000),
            most,
            seen: BTreeMap::new(),
        }
    }

    fn take(
        &mut self,
        nonce: &str,
        of: RuntimeId,
        made: i64,
        until: i64,
        now: Timestamp,
    ) -> Result<(), NonceError> {
        if made < self.begun {
            return Err(NonceError::BeforeStart);
        }
        let seen = self.seen.entry(of).or_default();
        while seen.first().is_some_and(|(until, _)| *until < now.millis()) {
            seen.pop_first();
        }
        if seen.iter().any(|(_, taken)| taken == nonce) {
            return Err(NonceError::Seen);
        }
        if seen.len() >= self.most {
            return Err(NonceError::Full);
        }
        seen.insert((until, nonce.to_owned()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000).unwrap()
    }

    #[test]
    fn a_nonce_is_taken_once_and_forgotten_when_nobody_could_show_it_again() {
        let of = |n| RuntimeId::new(Uuid::from_u128(n));
        let mut nonces = Nonces::new(at(100), 2);
        let mut take = |nonce: &str, who, made, now| {
            nonces.take(nonce, of(who), made, (made + 91) * 1000, at(now))
        };
        assert_eq!(take("a", 1, 99, 100), Err(NonceError::BeforeStart));
        assert_eq!(take("a", 1, 100, 100), Ok(()));
        assert_eq!(take("a", 1, 100, 101), Err(NonceError::Seen));
        assert_eq!(
            take("a", 2, 100, 101),
            Ok(()),
            "another runtime's is its own"
        );
        assert_eq!(take("b", 1, 110, 110), Ok(()));
        assert_eq!(take("c", 1, 110, 110), Err(NonceError::Full));
        assert_eq!(
            take("c", 1, 190, 192),
            Ok(()),
            "the first is forgotten by now"
        );
        assert_eq!(take("b", 1, 110, 192), Err(NonceError::Seen));
    }
}
