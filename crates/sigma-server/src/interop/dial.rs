//! One HTTP/1.1 exchange over one connection, closed afterwards.

mod server;

pub use server::CallError;
pub(crate) use server::Server;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    task::JoinSet,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, InvalidDnsNameError, ServerName},
    },
};

/// The most bytes that the head of an answer may have.
const LONGEST_HEAD: usize = 64 * 1024;

/// Why a body was not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unread {
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    #[error("the answer broke off: {0}")]
    Broken(#[from] hyper::Error),
}

/// TLS that trusts the authorities that browsers trust, and these.
pub(crate) fn tls(also: &[CertificateDer<'static>]) -> Result<TlsConnector, String> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    for certificate in also {
        let added = roots.add(certificate.clone());
        added.map_err(|error| error.to_string())?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Secures a connection to a host, whose certificate must be its own.
pub(crate) async fn secure(
    connector: &TlsConnector,
    host: &str,
    stream: TcpStream,
) -> std::io::Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|error: InvalidDnsNameError| std::io::Error::other(error))?;
    connector.connect(name, stream).await
}

/// A connection that is driven while this is held.
pub(crate) struct Exchange {
    pub(crate) response: Response<Incoming>,
    _driven: JoinSet<()>,
}

/// Sends a request and waits for the head of the answer. Redirects are not followed.
pub(crate) async fn send<S>(
    stream: S,
    request: Request<Full<Bytes>>,
) -> Result<Exchange, hyper::Error>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(LONGEST_HEAD)
        .handshake(TokioIo::new(stream))
        .await?;
    let mut driven = JoinSet::new();
    driven.spawn(async move { drop(connection.await) });
    let response = sender.send_request(request).await?;
    Ok(Exchange {
        response,
        _driven: driven,
    })
}

/// Reads a body of at most `limit` bytes.
pub(crate) async fn read(mut body: Incoming, limit: usize) -> Result<Vec<u8>, Unread> {
    let mut read = Vec::new();
    while let Some(frame) = body.frame().await {
        if let Ok(piece) = frame?.into_data() {
            if read.len() + piece.len() > limit {
                return Err(Unread::TooLarge(limit));
            }
            read.extend_from_slice(&piece);
        }
    }
    Ok(read)
}
