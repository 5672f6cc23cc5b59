//! Fetching descriptors without being led astray (`IOH-01 §43.3`, `namespace_resolvable`).
//!
//! Whoever announces a namespace chooses which address this server asks. So a name is resolved once,
//! every number behind it is looked at, and the connection goes to a number that was looked at; no
//! redirect is followed, no proxy asked, and time and size are bounded.

use crate::interop::dial::{self, Unread};
use async_trait::async_trait;
use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http_body_util::Full;
use hyper::{HeaderMap, Request, StatusCode, header};
use kiri_ioh::{
    address::Address,
    descriptor::{Fetched, LARGEST},
};
use std::{
    io::{self, Read},
    net::{IpAddr, SocketAddr, ToSocketAddrs as _},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::Semaphore,
    task::spawn_blocking,
    time::timeout,
};
use tokio_rustls::{TlsConnector, rustls::pki_types::CertificateDer};

/// Asks a namespace for its descriptor.
#[async_trait]
pub trait Namespaces: Send + Sync {
    /// What the namespace answers to one GET.
    ///
    /// # Errors
    /// [`FetchError`] where there is no answer that may be looked at.
    async fn fetch(&self, address: &Address) -> Result<Fetched, FetchError>;
}

/// Finds the numbers behind a name.
#[async_trait]
pub trait Resolve: Send + Sync {
    /// All of them.
    ///
    /// # Errors
    /// What the system says.
    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>>;
}

/// The resolver of the machine.
///
/// A lookup cannot be called off: one that was given up goes on in its thread. So there are few at once,
/// and slow names cannot take all threads.
#[derive(Debug, Clone)]
pub struct SystemResolver {
    lookups: Arc<Semaphore>,
}

/// Lookups at once.
const LOOKUPS: usize = 16;

impl Default for SystemResolver {
    fn default() -> Self {
        Self {
            lookups: Arc::new(Semaphore::new(LOOKUPS)),
        }
    }
}

#[async_trait]
impl Resolve for SystemResolver {
    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let permit = Arc::clone(&self.lookups).acquire_owned().await;
        let permit = permit.map_err(io::Error::other)?;
        let host = host.to_owned();
        let lookup = spawn_blocking(move || {
            let found = (host.as_str(), port)
                .to_socket_addrs()
                .map(Iterator::collect);
            drop(permit);
            found
        });
        lookup.await.map_err(io::Error::other)?
    }
}

/// How much a namespace may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchLimits {
    /// For everything from the name to the last byte.
    pub time: Duration,
    /// Bytes of the descriptor, as sent and decompressed.
    pub size: usize,
    /// Namespaces that are asked at once.
    pub at_once: usize,
}

impl FetchLimits {
    /// Five seconds, 256 KiB, 32 at once.
    pub const STANDARD: Self = Self {
        time: Duration::from_secs(5),
        size: LARGEST,
        at_once: 32,
    };
}

/// No answer that may be looked at. Peers are not told which of these it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The name has no number.
    #[error("the name does not resolve: {0}")]
    Name(#[source] io::Error),
    /// A number behind the name is one that is never asked.
    #[error("{0} is not an address of the public network")]
    Special(IpAddr),
    /// No connection.
    #[error("no connection: {0}")]
    Connect(#[source] io::Error),
    /// Not HTTP, or broken off.
    #[error("the namespace does not speak HTTP: {0}")]
    Http(#[from] hyper::Error),
    /// Another status than 200, redirects among them.
    #[error("the namespace answered {0}")]
    Status(StatusCode),
    /// Compressed in a way that was not asked for.
    #[error("the descriptor is neither plain nor whole gzip")]
    Encoding,
    /// Larger than [`FetchLimits::size`].
    #[error("the descriptor is larger than {0} bytes")]
    TooLarge(usize),
    /// Too many other namespaces are being asked.
    #[error("too many namespaces are asked at once")]
    Busy,
    /// Slower than [`FetchLimits::time`].
    #[error("the namespace took longer than {0:?}")]
    TooSlow(Duration),
}

/// Fetches over real connections.
pub struct Fetcher {
    resolver: Arc<dyn Resolve>,
    tls: TlsConnector,
    limits: FetchLimits,
    permits: Semaphore,
}

impl std::fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fetcher({:?})", self.limits)
    }
}

impl Fetcher {
    /// A fetcher that trusts the authorities that browsers trust, and `also` these (DER).
    ///
    /// # Errors
    /// A certificate in `also` is none.
    pub fn new(
        resolver: Arc<dyn Resolve>,
        limits: FetchLimits,
        also: &[Vec<u8>],
    ) -> Result<Self, String> {
        let also: Vec<_> = also.iter().cloned().map(CertificateDer::from).collect();
        Ok(Self {
            resolver,
            tls: dial::tls(&also)?,
            limits,
            permits: Semaphore::new(limits.at_once.max(1)),
        })
    }

    async fn attempt(&self, address: &Address) -> Result<Fetched, FetchError> {
        let stream = connect(&self.vetted(address).await?).await?;
        if !address.is_https() {
            return self.ask(address, stream).await;
        }
        let stream = dial::secure(&self.tls, address.host(), stream).await;
        self.ask(address, stream.map_err(FetchError::Connect)?)
            .await
    }

    /// Sends a request to an address, and reads its answer to the end for the status alone.
    ///
    /// # Errors
    /// [`FetchError`] where there is no answer that may be looked at.
    pub(crate) async fn status_of(
        &self,
        address: &Address,
        request: Request<Full<Bytes>>,
    ) -> Result<StatusCode, FetchError> {
        let Ok(Ok(_permit)) = timeout(LONGEST_QUEUE, self.permits.acquire()).await else {
            return Err(FetchError::Busy);
        };
        let sent = async {
            let stream = connect(&self.vetted(address).await?).await?;
            let exchange = if address.is_https() {
                let stream = dial::secure(&self.tls, address.host(), stream).await;
                dial::send(stream.map_err(FetchError::Connect)?, request).await?
            } else {
                dial::send(stream, request).await?
            };
            let status = exchange.response.status();
            let read = dial::read(exchange.response.into_body(), self.limits.size).await;
            read.map(|_| status).map_err(unread)
        };
        let time = self.limits.time;
        timeout(time, sent)
            .await
            .unwrap_or(Err(FetchError::TooSlow(time)))
    }

    /// The numbers to connect to. One that may not be asked refuses the name as a whole: public names
    /// have no other.
    async fn vetted(&self, address: &Address) -> Result<Vec<SocketAddr>, FetchError> {
        let found = match address.ip() {
            Some(ip) => vec![SocketAddr::new(ip, address.port())],
            None => self
                .resolver
                .resolve(address.host(), address.port())
                .await
                .map_err(FetchError::Name)?,
        };
        let special = found.iter().find(|found| !address.may_connect(found.ip()));
        special.map_or(Ok(found.clone()), |found| {
            Err(FetchError::Special(found.ip()))
        })
    }

    async fn ask<S>(&self, address: &Address, stream: S) -> Result<Fetched, FetchError>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let exchange = dial::send(stream, request(address)?).await?;
        let (head, body) = exchange.response.into_parts();
        if head.status != StatusCode::OK {
            return Err(FetchError::Status(head.status));
        }
        let limit = self.limits.size;
        let body = dial::read(body, limit).await.map_err(unread)?;
        let content_type = head.headers.get(header::CONTENT_TYPE);
        Ok(Fetched {
            status: head.status.as_u16(),
            content_type: content_type
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
            body: plain(&head.headers, body, limit)?,
        })
    }
}

#[async_trait]
impl Namespaces for Fetcher {
    async fn fetch(&self, address: &Address) -> Result<Fetched, FetchError> {
        let Ok(Ok(_permit)) = timeout(LONGEST_QUEUE, self.permits.acquire()).await else {
            return Err(FetchError::Busy);
        };
        let time = self.limits.time;
        timeout(time, self.attempt(address))
            .await
            .unwrap_or(Err(FetchError::TooSlow(time)))
    }
}

fn unread(error: Unread) -> FetchError {
    match error {
        Unread::TooLarge(limit) => FetchError::TooLarge(limit),
        Unread::Broken(error) => FetchError::Http(error),
    }
}

/// How long a fetch waits for others to end.
const LONGEST_QUEUE: Duration = Duration::from_secs(30);

/// The first of the numbers that answers.
async fn connect(numbers: &[SocketAddr]) -> Result<TcpStream, FetchError> {
    let mut last = io::Error::other("the name has no number");
    for number in numbers.iter().take(MOST_NUMBERS) {
        match TcpStream::connect(number).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(FetchError::Connect(last))
}

const MOST_NUMBERS: usize = 4;

fn request(address: &Address) -> Result<Request<Full<Bytes>>, FetchError> {
    Request::get(address.target())
        .header(header::HOST, address.authority())
        .header(
            header::ACCEPT,
            "application/ld+json, application/schema+json, application/json",
        )
        .header(header::ACCEPT_ENCODING, "gzip")
        .header(
            header::USER_AGENT,
            concat!("sigma/", env!("CARGO_PKG_VERSION")),
        )
        .header(header::CONNECTION, "close")
        .body(Full::default())
        .map_err(|error| FetchError::Connect(io::Error::other(error)))
}

/// Undoes gzip, never beyond `limit` bytes.
fn plain(headers: &HeaderMap, body: Vec<u8>, limit: usize) -> Result<Vec<u8>, FetchError> {
    let mut encodings = headers.get_all(header::CONTENT_ENCODING).iter();
    let encoding = match (encodings.next(), encodings.next()) {
        (None, _) => return Ok(body),
        (Some(value), None) => value.as_bytes().to_ascii_lowercase(),
        (Some(_), Some(_)) => return Err(FetchError::Encoding),
    };
    match encoding.as_slice() {
        b"identity" => Ok(body),
        b"gzip" | b"x-gzip" => {
            let mut plain = Vec::new();
            let mut bounded = MultiGzDecoder::new(body.as_slice()).take(limit as u64 + 1);
            bounded
                .read_to_end(&mut plain)
                .map_err(|_| FetchError::Encoding)?;
            if plain.len() > limit {
                return Err(FetchError::TooLarge(limit));
            }
            Ok(plain)
        }
        _ => Err(FetchError::Encoding),
    }
}
