//! A server, a peer and its namespace, all on loopback.

use axum::{Router, http::header, routing::get};
use kiri_ioh::{
    address::Reach,
    gateway::{self, Gateway},
    ids::{BindToken, NegotiationId},
    ledger::LedgerKey,
    moment::Moment,
    translation::{Row, Translations},
    wire::{AnnounceRequest, Envelope},
};
use serde_json::{Value, json};
use sigma_core::clock::{Clock as _, SystemClock};
use sigma_server::interop::{
    self, FileGovernance, Interop, KeyFile, Options,
    client::{self, Client},
    fetch::{FetchLimits, Fetcher, SystemResolver},
};
use sigma_store::SqliteLedger;
use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// Limits that no busy machine meets.
pub(super) const GENEROUS: FetchLimits = FetchLimits {
    time: Duration::from_secs(120),
    ..FetchLimits::STANDARD
};

pub(super) fn now() -> Moment {
    Moment::from_millis(SystemClock::default().now().millis()).unwrap()
}

pub(super) fn ledger_key() -> LedgerKey {
    LedgerKey::from_seed("runtime-1", &[1; 32]).unwrap()
}

pub(super) fn settings() -> gateway::Settings {
    let rows = vec![Row {
        from: "ext:*".into(),
        to: "kiri:agent.v1".parse().unwrap(),
    }];
    gateway::Settings {
        translations: Translations::new(rows),
        reach: Reach::Loopback,
        ..gateway::Settings::default()
    }
}

/// A gateway over a file of its own.
pub(super) struct World {
    pub(super) folder: TempDir,
    pub(super) interop: Arc<Interop>,
}

impl World {
    pub(super) fn new(options: Options) -> Self {
        Self::governed(options, settings(), FileGovernance::none())
    }

    pub(super) fn governed(
        options: Options,
        settings: gateway::Settings,
        governance: FileGovernance,
    ) -> Self {
        let folder = TempDir::new().unwrap();
        let store = SqliteLedger::open(folder.path().join("interop.db")).unwrap();
        let gateway = Gateway::new(store, governance, settings, ledger_key());
        let fetcher = Fetcher::new(Arc::new(SystemResolver::default()), GENEROUS, &[]).unwrap();
        let clock = Arc::new(SystemClock::default());
        let options = Options {
            guarded_body: 1 << 20,
            ..options
        };
        let interop = Arc::new(Interop::new(gateway, Arc::new(fetcher), clock, options));
        Self { folder, interop }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("interop.db")
    }

    /// The routes of the handshake on a socket.
    pub(super) async fn serve(&self) -> String {
        serve(interop::router(&self.interop)).await
    }
}

/// Serves routes on a free port of loopback, until the test's runtime ends.
pub(super) async fn serve(routes: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = routes.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    format!("http://{address}")
}

/// A peer whose namespace is served.
pub(super) struct Peer {
    pub(super) key: KeyFile,
    pub(super) announcement: AnnounceRequest,
}

impl Peer {
    pub(super) async fn new() -> Self {
        let key = KeyFile::draw("peer").unwrap();
        let mut announcement = announcement("http://127.0.0.1:1/ns");
        let descriptor = client::descriptor(&announcement, &key).unwrap().to_string();
        let media = [(header::CONTENT_TYPE, "application/ld+json")];
        let routes = Router::new().route("/ns", get(async move || (media, descriptor)));
        announcement.namespace_uri = format!("{}/ns", serve(routes).await);
        Self { key, announcement }
    }

    /// Walks up to NEGOTIATE.
    pub(super) async fn negotiated(
        &self,
        client: &Client,
    ) -> (NegotiationId, kiri_ioh::digest::Digest) {
        let opened = client.announce(&self.announcement).await.unwrap().answer;
        let offered = client
            .negotiate(&opened.negotiation_id)
            .await
            .unwrap()
            .answer;
        (opened.negotiation_id, offered.binding_offer_hash)
    }

    /// Walks up to BIND.
    pub(super) async fn bound(&self, client: &Client) -> BindToken {
        let (id, offer) = self.negotiated(client).await;
        client
            .bind(&id, &offer, &self.key)
            .await
            .unwrap()
            .answer
            .bind_token
    }
}

pub(super) fn announcement(uri: &str) -> AnnounceRequest {
    AnnounceRequest {
        schema_id: "ext:foo/v2".parse().unwrap(),
        namespace_uri: uri.into(),
        version: "2.1.0".parse().unwrap(),
        contact: "ops@foo.example".into(),
    }
}

pub(super) fn envelope(id: &str) -> Envelope {
    Envelope {
        schema_id: "ext:foo/v2".parse().unwrap(),
        version: "2.1.0".parse().unwrap(),
        id: id.into(),
        payload: json!({"hello": id}),
    }
}

/// One raw request, for what no client would send: status, headers and body of the answer.
pub(super) struct Raw {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Value,
}

impl Raw {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

pub(super) async fn raw(
    url: &str,
    method: &str,
    path: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> Raw {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let authority = url.strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(authority).await.unwrap();
    let mut head =
        format!("{method} {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("content-length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    // a server that refuses early may have closed its side
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let text = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    Raw {
        status: head.split(' ').nth(1).unwrap_or("0").parse().unwrap_or(0),
        head: head.to_owned(),
        body: serde_json::from_str(body).unwrap_or(Value::String(body.to_owned())),
    }
}

pub(super) fn json_type() -> (String, String) {
    ("content-type".into(), "application/json".into())
}
