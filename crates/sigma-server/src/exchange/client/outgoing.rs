//! Frames to peers. An address is resolved once and every number behind it looked at, as with descriptors.

use crate::interop::fetch::{FetchError, FetchLimits, Fetcher, SystemResolver};
use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, StatusCode, header};
use kiri_ioh::address::{Address, AddressError, Reach};
use std::sync::Arc;

/// The longest receipt that is read, in bytes.
const LONGEST: usize = 16 * 1024;

/// Sends to peers.
#[derive(Debug)]
pub(crate) struct Outgoing {
    fetcher: Fetcher,
    reach: Reach,
}

/// A message did not arrive.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutgoingError {
    #[error("the peer's address: {0}")]
    Address(#[from] AddressError),
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("no request can be made of it: {0}")]
    Request(#[from] hyper::http::Error),
}

impl Outgoing {
    pub(crate) fn new(loopback: bool) -> Result<Self, String> {
        let limits = FetchLimits {
            size: LONGEST,
            ..FetchLimits::STANDARD
        };
        let resolver = Arc::new(SystemResolver::default());
        Ok(Self {
            fetcher: Fetcher::new(resolver, limits, &[])?,
            reach: if loopback {
                Reach::Loopback
            } else {
                Reach::Public
            },
        })
    }

    /// Posts JSON to a path below a peer's address.
    pub(crate) async fn post(
        &self,
        base: &str,
        path: &str,
        body: Vec<u8>,
    ) -> Result<StatusCode, OutgoingError> {
        let address = Address::parse(&format!("{}{path}", base.trim_end_matches('/')), self.reach)?;
        let request = Request::post(address.target())
            .header(header::HOST, address.authority())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .header(
                header::USER_AGENT,
                concat!("sigma/", env!("CARGO_PKG_VERSION")),
            )
            .header(header::CONNECTION, "close")
            .body(Full::new(Bytes::from(body)))?;
        Ok(self.fetcher.status_of(&address, request).await?)
    }
}
