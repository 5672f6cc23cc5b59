//! The peer's side of the handshake: five calls, and reading what the ledger says of them.

use crate::interop::{KeyFile, dial};
use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, header};
use kiri_ioh::{
    ack,
    digest::Digest,
    ids::{BindToken, NegotiationId},
    json::{self, JsonError},
    keys::{KeyError, KeySet, PublicKey},
    ledger::{Checkpoint, Entry, InclusionError, InclusionProof},
    message::{self, SignatureError},
    moment::Moment,
    offer::{BindingOffer, SPEC},
    registry::Registry,
    signal::Signal,
    wire::{
        AnnounceRequest, AnnounceResponse, BindRequest, BindResponse, DissolveRequest,
        DissolveResponse, Envelope, NegotiateRequest, NegotiateResponse, OperateResponse,
    },
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::{io, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;
use url::Url;

/// A server that is talked to.
#[derive(Clone)]
pub struct Client {
    base: Url,
    tls: TlsConnector,
}

/// One request and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path and query.
    pub target: String,
    /// The body that was sent; null for none.
    pub sent: Value,
    /// The status that came back.
    pub status: u16,
    /// The body that came back; a text where it was not JSON.
    pub received: Value,
}

/// An answer and how it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered<T> {
    /// The answer.
    pub answer: T,
    /// How it came.
    pub exchange: Exchange,
}

/// A call came to nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// Not the address of a server.
    #[error("{0:?} is not a URL with a host, such as http://127.0.0.1:8088")]
    Url(String),
    /// No connection.
    #[error("{url}: {source}")]
    Connect {
        /// The server.
        url: String,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// No answer, or half of one.
    #[error("{url}: no whole answer: {why}")]
    Answer {
        /// The server.
        url: String,
        /// Why not.
        why: String,
    },
    /// The server refuses.
    #[error("{}", refusal(.0))]
    Refused(Box<Exchange>),
    /// The answer has another form than the document says.
    #[error("the answer to {} {} has not the form that the document says", .0.method, .0.target)]
    Form(Box<Exchange>),
    /// A request cannot be signed.
    #[error("the request cannot be signed: {0}")]
    Sign(#[from] SignatureError),
    /// The key cannot be one.
    #[error("the peer's key: {0}")]
    Key(#[from] KeyError),
    /// Something has no canonical form.
    #[error(transparent)]
    Json(#[from] JsonError),
}

fn refusal(exchange: &Exchange) -> String {
    let text = |name: &str| exchange.received.get(name).and_then(Value::as_str);
    let reason = text("reason_code").map_or(String::new(), |code| format!(" {code}"));
    let detail = text("detail").unwrap_or_default();
    format!(
        "{} {} was answered with {}{reason}: {detail}",
        exchange.method, exchange.target, exchange.status
    )
}

/// One entry of a ledger, and that it stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proven {
    /// The entry.
    pub entry: Entry,
    /// Its way to the root.
    pub proof: InclusionProof,
    /// What the server states about its ledger.
    pub checkpoint: Checkpoint,
}

impl Proven {
    /// Whether the entry stands in the ledger that the server states.
    ///
    /// # Errors
    /// [`InclusionError`].
    pub fn verify(&self, key: &PublicKey) -> Result<(), InclusionError> {
        self.proof.verify(&self.entry.record, &self.checkpoint, key)
    }
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
    /// [`ClientError::Url`].
    pub fn new(base: &str) -> Result<Self, ClientError> {
        let wrong = || ClientError::Url(base.to_owned());
        let base = Url::parse(base).map_err(|_| wrong())?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(wrong());
        }
        let tls = dial::tls(&[]).map_err(|_| wrong())?;
        Ok(Self { base, tls })
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
        let target = self.base[url::Position::BeforePath..].to_owned();
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
        let target = self.target(&handshake(name));
        typed(self.send("POST", target, body, headers).await?)
    }

    async fn read<T: DeserializeOwned>(&self, path: &str) -> Answer<T> {
        let target = self.target(path);
        typed(self.send("GET", target, Value::Null, Vec::new()).await?)
    }

    fn target(&self, path: &str) -> String {
        format!("{}{path}", self.base.path().trim_end_matches('/'))
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
        let path = self.target(path);
        let request = message::Request {
            method,
            scheme: self.base.scheme(),
            authority: self.base.authority(),
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
        let mut request = Request::builder()
            .method(method)
            .uri(&target)
            .header(header::HOST, self.base.authority())
            .header(header::CONNECTION, "close");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| self.unanswered(&error))?;
        let answered = timeout(PATIENCE, self.exchange(request)).await;
        let (status, received) =
            answered.unwrap_or_else(|_| Err(self.unanswered(&"it took too long")))?;
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

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<(u16, Value), ClientError> {
        let failed = |source| ClientError::Connect {
            url: self.base.to_string(),
            source,
        };
        let host = self.base.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let port = self.base.port_or_known_default().unwrap_or(80);
        let stream = TcpStream::connect((host, port)).await.map_err(failed)?;
        let exchange = if self.base.scheme() == "https" {
            let stream = dial::secure(&self.tls, host, stream).await;
            dial::send(stream.map_err(failed)?, request).await
        } else {
            dial::send(stream, request).await
        };
        let exchange = exchange.map_err(|error| self.unanswered(&error))?;
        let status = exchange.response.status().as_u16();
        let body = dial::read(exchange.response.into_body(), LONGEST).await;
        let body = body.map_err(|error| self.unanswered(&error))?;
        let text = || Value::String(String::from_utf8_lossy(&body).into_owned());
        Ok((status, json::parse(&body).unwrap_or_else(|_| text())))
    }

    fn unanswered(&self, why: &dyn std::fmt::Display) -> ClientError {
        ClientError::Answer {
            url: self.base.to_string(),
            why: why.to_string(),
        }
    }
}

/// The offer as the peer knows it, to be compared with `binding_offer_hash` before it is signed
/// (`IOH-01 §43.2`, NEGOTIATE).
///
/// # Errors
/// [`JsonError`] where a part has no canonical form.
pub fn rebuild_offer(
    announced: &AnnounceRequest,
    opened: &AnnounceResponse,
    offered: &NegotiateResponse,
    registry: &Registry,
    descriptor: &[u8],
) -> Result<Digest, JsonError> {
    BindingOffer {
        spec: SPEC.into(),
        negotiation_id: opened.negotiation_id.clone(),
        schema_id: announced.schema_id.clone(),
        namespace_uri: announced.namespace_uri.clone(),
        version: announced.version.clone(),
        contact: announced.contact.clone(),
        expires_at: opened.expires_at,
        supported_translations: offered.supported_translations.clone(),
        required_invariants: offered.required_invariants.clone(),
        registry_version: registry.version(),
        descriptor_digest: Digest::of(descriptor),
    }
    .hash()
}

/// The descriptor that a peer with this key serves for its schema.
///
/// # Errors
/// [`KeyError`] for a key that cannot be one.
pub fn descriptor(announced: &AnnounceRequest, key: &KeyFile) -> Result<Value, KeyError> {
    Ok(json!({
        "@context": "https://schema.org",
        "@id": announced.schema_id,
        "version": announced.version,
        "jwks": {"keys": [key.public()?]},
    }))
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
