//! The operator's side of the exchange: signed requests, and what comes back.

use super::error::{ClientError, refused};
use crate::{
    exchange::{
        Identity, peers,
        proof::{self, Claims},
    },
    interop::dial::{self, Server},
};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::{HeaderMap, StatusCode, header, http::request::Builder};
use sigma_interop::{
    Capabilities, Event, EventDecoder, Format, Handshake, HandshakeAnswer, Header, Keyring,
    Message, Nonce, Payload, PeerKey, ReplayCache, RuntimeId, Sealed, Unverified, Verified,
    Verifier, rules::SRIP_05,
};
use sigma_types::Timestamp;
use std::time::Duration;
use uuid::Uuid;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(90);
/// The longest answer that is read, in bytes.
const LONGEST: usize = 16 << 20;

/// A runtime that is talked to.
#[derive(Clone)]
pub struct Client {
    server: Server,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Client {
    /// A client of the server at this URL, up to where its routes begin.
    ///
    /// # Errors
    /// [`ClientError::Call`].
    pub fn new(base: &str) -> Result<Self, ClientError> {
        let server = Server::new(base)?;
        Ok(Self { server })
    }

    /// The address.
    pub fn url(&self) -> &str {
        self.server.base.as_str().trim_end_matches('/')
    }

    /// The manifest that anybody may read.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn capabilities(&self) -> Result<Capabilities, ClientError> {
        let answer = self
            .send("GET", "/runtime/capabilities", None, None)
            .await?;
        let read = Capabilities::read(&answer.body, Format::Json, &SRIP_05);
        Ok(read?)
    }

    /// Settles versions. The answer is verified with the key in the manifest that it brings; whose key
    /// that is, is for the operator to say.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn handshake(
        &self,
        own: &Identity,
        ours: Capabilities,
        now: Timestamp,
    ) -> Result<Verified<HandshakeAnswer>, ClientError> {
        let theirs = self.capabilities().await?;
        let nonce = Nonce::new(*Uuid::now_v7().as_bytes());
        let header = Header::new(own.runtime_id(), theirs.runtime_id, now);
        let payload = Handshake {
            capabilities: ours,
            nonce,
        };
        let sealed = own.sealer().seal_stateless(Message::new(header, payload))?;
        let answered = self.push("POST", "/runtime/handshake", &sealed).await;
        let body = match answered {
            Ok(answer) => answer.body,
            // a rejection is an answer too
            Err(ClientError::Refused { body, .. }) if body.get("signature").is_some() => {
                body.to_string().into()
            }
            Err(error) => return Err(error),
        };
        let mut ring = Keyring::new();
        for key in &theirs.keys {
            let public = PeerKey::Ed25519(key.public_key);
            ring.trust(theirs.runtime_id, key.key_id.clone(), public);
        }
        let verified: Verified<HandshakeAnswer> = verified(own.runtime_id(), &ring, &body, now)?;
        let reply = &verified.message().payload;
        if reply.nonce != nonce {
            return Err(ClientError::Foreign("it repeats another nonce"));
        }
        if verified.message().header.source_runtime_id != theirs.runtime_id {
            return Err(ClientError::Foreign("it comes from another runtime"));
        }
        Ok(verified)
    }

    /// Sends a sealed message.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn push<P: Payload>(
        &self,
        method: &'static str,
        target: &str,
        message: &Sealed<Message<P>>,
    ) -> Result<Answer, ClientError> {
        self.push_bytes(method, target, message.to_bytes(Format::Json))
            .await
    }

    /// Sends a sealed message that is written as JSON already.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn push_bytes(
        &self,
        method: &'static str,
        target: &str,
        message: Vec<u8>,
    ) -> Result<Answer, ClientError> {
        self.send(method, target, None, Some(message)).await
    }

    /// Reads something that peers may read, with a proof.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn fetch(
        &self,
        own: &Identity,
        peer: RuntimeId,
        target: &str,
        now: Timestamp,
    ) -> Result<Answer, ClientError> {
        let token = self.token(own, peer, target, now)?;
        self.send("GET", target, Some(token), None).await
    }

    /// Listens to telemetry until `hear` has heard enough.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn listen(
        &self,
        own: &Identity,
        peer: RuntimeId,
        target: &str,
        now: Timestamp,
        mut hear: impl FnMut(&Event) -> bool,
    ) -> Result<(), ClientError> {
        let token = self.token(own, peer, target, now)?;
        let request = self.request("GET", target, Some(token), false);
        let exchange = self.server.begin(request, Vec::new()).await?;
        let (head, mut body) = exchange.response.into_parts();
        if !head.status.is_success() {
            let body = dial::read(body, LONGEST).await;
            let body = body.map_err(|error| self.server.unanswered(&error))?;
            return Err(refused("GET", target, head.status, &body));
        }
        let mut decoder = EventDecoder::new(SRIP_05.stream);
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| self.server.unanswered(&error))?;
            let Ok(piece) = frame.into_data() else {
                continue;
            };
            let events = decoder.push(&piece);
            for event in events.map_err(|error| self.server.unanswered(&error))? {
                if hear(&event) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Sends whatever is to be sent, and takes whatever comes back.
    pub(crate) async fn raw(
        &self,
        method: &str,
        target: &str,
        headers: Vec<(String, String)>,
        body: Option<Vec<u8>>,
    ) -> Result<Answer, ClientError> {
        let target = self.server.target(target);
        let mut request = self.server.request(method, &target);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let asked = self
            .server
            .ask(request, body.unwrap_or_default(), (PATIENCE, LONGEST));
        let (head, body) = asked.await?;
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body,
        })
    }

    pub(crate) fn token(
        &self,
        own: &Identity,
        peer: RuntimeId,
        target: &str,
        now: Timestamp,
    ) -> Result<String, ClientError> {
        Ok(proof::token(
            own,
            peer,
            "GET",
            &self.server.target(target),
            now,
        )?)
    }

    async fn send(
        &self,
        method: &'static str,
        target: &str,
        token: Option<String>,
        body: Option<Vec<u8>>,
    ) -> Result<Answer, ClientError> {
        let request = self.request(method, target, token, body.is_some());
        let asked = self
            .server
            .ask(request, body.unwrap_or_default(), (PATIENCE, LONGEST));
        let (head, body) = asked.await?;
        if head.status.is_success() {
            Ok(Answer {
                status: head.status,
                headers: head.headers,
                body,
            })
        } else {
            Err(refused(method, target, head.status, &body))
        }
    }

    fn request(&self, method: &str, target: &str, token: Option<String>, json: bool) -> Builder {
        let mut request = self.server.request(method, &self.server.target(target));
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if json {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        request
    }
}

/// Reads and verifies a message for us.
///
/// # Errors
/// [`ClientError`].
fn verified<P: Payload>(
    us: RuntimeId,
    ring: &Keyring,
    body: &[u8],
    now: Timestamp,
) -> Result<Verified<Message<P>>, ClientError> {
    let message = Unverified::<Message<P>>::read(body, Format::Json, &SRIP_05)?;
    let mut fresh = ReplayCache::new(SRIP_05.replay);
    Ok(Verifier::new(us, ring, SRIP_05.clock).verify(message, now, &mut fresh)?)
}

impl Answer {
    /// Whether it holds state and drift only.
    pub fn is_minimal(&self) -> bool {
        let exchange = self.headers.get("x-sigma-exchange");
        exchange.is_some_and(|exchange| exchange == "minimal")
    }

    /// The message in it, verified with a peer's key.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn verified<P: Payload>(
        &self,
        us: RuntimeId,
        peer: &peers::Peer,
        now: Timestamp,
    ) -> Result<Verified<Message<P>>, ClientError> {
        let ring = peers::ring(peer.runtime_id, peer.key_id.clone(), peer.public_key);
        verified(us, &ring, &self.body, now)
    }
}

impl Claims {
    /// The claims of a request that is made now.
    pub(crate) fn now(
        own: &Identity,
        peer: RuntimeId,
        method: &str,
        target: &str,
        now: Timestamp,
    ) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query = proof::bound(query);
        let seconds = now.millis().div_euclid(1000);
        Self {
            iss: own.runtime_id(),
            aud: peer,
            htm: method.to_owned(),
            htu: path.to_owned(),
            htq: (!query.is_empty()).then_some(query),
            iat: seconds,
            exp: seconds + proof::LIFETIME,
            jti: Uuid::now_v7().to_string(),
        }
    }
}
