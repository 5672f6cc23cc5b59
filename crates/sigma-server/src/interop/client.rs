//! The peer's side of the handshake: five calls, and reading what the ledger says of them.

mod exchange;
mod offer;

pub use crate::interop::dial::CallError;
pub use exchange::{Answered, ClientError, Exchange, Proven};
pub use offer::{descriptor, rebuild_offer};

use crate::interop::{KeyFile, dial::Server};
use hyper::header;
use kiri_ioh::{
    ack,
    digest::Digest,
    ids::{BindToken, NegotiationId},
    json,
    keys::{KeySet, PublicKey},
    message,
    moment::Moment,
    registry::Registry,
    signal::Signal,
    wire::{
        AnnounceRequest, AnnounceResponse, BindRequest, BindResponse, DissolveRequest,
        DissolveResponse, Envelope, NegotiateRequest, NegotiateResponse, OperateResponse,
    },
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::time::Duration;

/// A server that is talked to.
#[derive(Clone)]
pub struct Client {
    server: Server,
}

/// How long an answer may take. The server asks the namespace meanwhile.
const PATIENCE: Duration = Duration::from_secs(60);
/// The longest answer that is read, in bytes.
const LONGEST: usize = 4 << 20;

type Answer<T> = Result<Answered<T>, ClientError>;

impl Client {
    /// A client of the server at this URL, up to where `/api` begins.
    ///
    /// # Errors
    /// [`ClientError::Call`].
    pub fn new(base: &str) -> Result<Self, ClientError> {
        let server = Server::new(base)?;
        Ok(Self { server })
    }

    /// ANNOUNCE (`IOH-01 §43.2`).
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn announce(&self, request: &AnnounceRequest) -> Answer<AnnounceResponse> {
        self.phase("announce", json!(request), Vec::new()).await
    }

    /// NEGOTIATE (`IOH-01 §43.2`).
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn negotiate(&self, id: &NegotiationId) -> Answer<NegotiateResponse> {
        let request = NegotiateRequest {
            negotiation_id: id.clone(),
        };
        self.phase("negotiate", json!(request), Vec::new()).await
    }

    /// BIND (`IOH-01 §43.2`): acknowledges an offer with the peer's key.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn bind(
        &self,
        id: &NegotiationId,
        offer: &Digest,
        key: &KeyFile,
    ) -> Answer<BindResponse> {
        let request = BindRequest {
            negotiation_id: id.clone(),
            ack_signature: ack::acknowledge(offer, key.kid(), key.seed()),
        };
        self.phase("bind", json!(request), Vec::new()).await
    }

    /// OPERATE (our extension): one signed message.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn operate(
        &self,
        token: &BindToken,
        envelope: &Envelope,
        key: &KeyFile,
        now: Moment,
    ) -> Answer<OperateResponse> {
        let (body, path) = (json!(envelope), handshake("operate"));
        let headers = self.signed("POST", &path, &body, token, key, now)?;
        self.phase("operate", body, headers).await
    }

    /// DISSOLVE (`IOH-01 §43.2`): ends the binding for good.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn dissolve(
        &self,
        token: &BindToken,
        reason: &str,
        key: &KeyFile,
        now: Moment,
    ) -> Answer<DissolveResponse> {
        let request = DissolveRequest {
            bind_token: token.clone(),
            reason: reason.to_owned(),
        };
        let (body, path) = (json!(request), handshake("dissolve"));
        let headers = self.signed("POST", &path, &body, token, key, now)?;
        self.phase("dissolve", body, headers).await
    }

    /// The server's registry of namespaces.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn registry(&self) -> Answer<Registry> {
        self.read("/api/public/registry").await
    }

    /// The key that signs the server's ledger.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn key(&self) -> Result<PublicKey, ClientError> {
        let set: Answered<Value> = self.read("/api/public/ledger/key").await?;
        let kid = set.answer["keys"][0]["kid"].as_str().unwrap_or_default();
        let keys = KeySet::parse(&set.answer)?;
        let key = keys.find(kid).cloned();
        key.ok_or_else(|| ClientError::Form(Box::new(set.exchange)))
    }

    /// An entry of the ledger by its name, such as `kiri:interop/bnd_…#sealed`.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn entry(&self, id: &str) -> Result<Proven, ClientError> {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("id", id)
            .finish();
        let proven = self
            .read(&format!("/api/public/ledger/proof?{query}"))
            .await?;
        Ok(proven.answer)
    }

    /// Posts a signal to the URL itself.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn signal(&self, signal: &Signal) -> Result<(), ClientError> {
        let media = vec![(
            header::CONTENT_TYPE.to_string(),
            "application/cloudevents+json".into(),
        )];
        let target = self.server.base[url::Position::BeforePath..].to_owned();
        self.send("POST", target, json!(signal), media)
            .await
            .map(drop)
    }

    async fn phase<T: DeserializeOwned>(
        &self,
        name: &str,
        body: Value,
        mut headers: Vec<(String, String)>,
    ) -> Answer<T> {
        headers.push((header::CONTENT_TYPE.to_string(), "application/json".into()));
        let target = self.server.target(&handshake(name));
        typed(self.send("POST", target, body, headers).await?)
    }

    async fn read<T: DeserializeOwned>(&self, path: &str) -> Answer<T> {
        let target = self.server.target(path);
        typed(self.send("GET", target, Value::Null, Vec::new()).await?)
    }

    /// The headers of a signed request (RFC 9421, RFC 9530).
    fn signed(
        &self,
        method: &str,
        path: &str,
        body: &Value,
        token: &BindToken,
        key: &KeyFile,
        now: Moment,
    ) -> Result<Vec<(String, String)>, ClientError> {
        let bytes = body.to_string().into_bytes();
        let mut headers = vec![
            (message::BIND_HEADER.to_owned(), token.to_string()),
            ("content-digest".to_owned(), message::content_digest(&bytes)),
        ];
        let path = self.server.target(path);
        let request = message::Request {
            method,
            scheme: self.server.base.scheme(),
            authority: self.server.base.authority(),
            path: &path,
            query: None,
            headers: &headers,
            body: &bytes,
        };
        let nonce = uuid::Uuid::now_v7().to_string();
        let (input, signature) =
            message::sign(&request, &[], (key.kid(), key.seed()), now, &nonce)?;
        headers.push(("signature-input".to_owned(), input));
        headers.push(("signature".to_owned(), signature));
        Ok(headers)
    }

    async fn send(
        &self,
        method: &'static str,
        target: String,
        sent: Value,
        headers: Vec<(String, String)>,
    ) -> Result<Exchange, ClientError> {
        let body = if sent.is_null() {
            String::new()
        } else {
            sent.to_string()
        };
        let mut request = self.server.request(method, &target);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let asked = self
            .server
            .ask(request, body.into_bytes(), (PATIENCE, LONGEST));
        let (head, body) = asked.await?;
        let text = || Value::String(String::from_utf8_lossy(&body).into_owned());
        let received = json::parse(&body).unwrap_or_else(|_| text());
        let status = head.status.as_u16();
        let exchange = Exchange {
            method,
            target,
            sent,
            status,
            received,
        };
        if (200..300).contains(&status) {
            Ok(exchange)
        } else {
            Err(ClientError::Refused(Box::new(exchange)))
        }
    }
}

fn handshake(phase: &str) -> String {
    format!("/api/public/handshake/{phase}")
}

fn typed<T: DeserializeOwned>(exchange: Exchange) -> Answer<T> {
    match serde_json::from_value(exchange.received.clone()) {
        Ok(answer) => Ok(Answered { answer, exchange }),
        Err(_) => Err(ClientError::Form(Box::new(exchange))),
    }
}
