//! A server that is asked by the operator's clients, one connection a request.

use super::{Exchange, read, secure, send, tls};
use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, header, http::request::Builder, http::response::Parts};
use std::{fmt::Display, io, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;
use url::Url;

/// No answer came.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
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
}

/// A server at a URL, up to where its routes begin.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) base: Url,
    tls: TlsConnector,
}

impl Server {
    /// # Errors
    /// [`CallError::Url`].
    pub(crate) fn new(base: &str) -> Result<Self, CallError> {
        let wrong = || CallError::Url(base.to_owned());
        let base = Url::parse(base).map_err(|_| wrong())?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(wrong());
        }
        let tls = tls(&[]).map_err(|_| wrong())?;
        Ok(Self { base, tls })
    }

    /// A path of ours as the server has it.
    pub(crate) fn target(&self, path: &str) -> String {
        format!("{}{path}", self.base.path().trim_end_matches('/'))
    }

    /// The beginning of a request.
    pub(crate) fn request(&self, method: &str, target: &str) -> Builder {
        Request::builder()
            .method(method)
            .uri(target)
            .header(header::HOST, self.base.authority())
            .header(header::CONNECTION, "close")
    }

    /// Sends a request, and waits for the head of the answer.
    ///
    /// # Errors
    /// [`CallError`].
    pub(crate) async fn begin(
        &self,
        request: Builder,
        body: Vec<u8>,
    ) -> Result<Exchange, CallError> {
        let request = request.body(Full::new(Bytes::from(body)));
        let request = request.map_err(|error| self.unanswered(&error))?;
        let failed = |source| CallError::Connect {
            url: self.base.to_string(),
            source,
        };
        let host = self.base.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let port = self.base.port_or_known_default().unwrap_or(80);
        let stream = TcpStream::connect((host, port)).await.map_err(failed)?;
        let exchange = if self.base.scheme() == "https" {
            let stream = secure(&self.tls, host, stream).await;
            send(stream.map_err(failed)?, request).await
        } else {
            send(stream, request).await
        };
        exchange.map_err(|error| self.unanswered(&error))
    }

    /// Sends a request, and reads an answer of at most `longest` bytes, whatever its status.
    ///
    /// # Errors
    /// [`CallError`].
    pub(crate) async fn ask(
        &self,
        request: Builder,
        body: Vec<u8>,
        (patience, longest): (Duration, usize),
    ) -> Result<(Parts, Bytes), CallError> {
        let answered = timeout(patience, async {
            // the connection is driven while this is held
            let exchange = self.begin(request, body).await?;
            let (head, body) = exchange.response.into_parts();
            let body = read(body, longest).await;
            Ok((head, body.map_err(|error| self.unanswered(&error))?.into()))
        });
        let answered = answered.await;
        answered.unwrap_or_else(|_| Err(self.unanswered(&"it took too long")))
    }

    pub(crate) fn unanswered(&self, why: &dyn Display) -> CallError {
        CallError::Answer {
            url: self.base.to_string(),
            why: why.to_string(),
        }
    }
}
