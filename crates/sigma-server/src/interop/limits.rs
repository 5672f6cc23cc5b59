//! How often one source may ask, and how often one host is asked.

use crate::interop::{Interop, fault::Fault};
use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    state::keyed::HashMapStateStore,
};
use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    sync::Arc,
};

/// So many a minute for each key; any number where there is no limit.
pub(crate) struct PerMinute<K: Clone + Hash + Eq> {
    limiter: Option<RateLimiter<K, HashMapStateStore<K>, DefaultClock>>,
}

/// Keys that are remembered before those at rest are forgotten.
const REMEMBERED: usize = 10_000;

impl<K: Clone + Hash + Eq> PerMinute<K> {
    /// At most `most` a minute, all of them at once if need be; 0 for no limit.
    pub(crate) fn new(most: u32) -> Self {
        let quota = NonZeroU32::new(most).map(Quota::per_minute);
        Self {
            limiter: quota.map(RateLimiter::hashmap),
        }
    }

    /// Counts one.
    ///
    /// # Errors
    /// The seconds until there is room again.
    pub(crate) fn count(&self, key: &K) -> Result<(), u64> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        if limiter.len() > REMEMBERED {
            limiter.retain_recent();
        }
        limiter.check_key(key).map_err(|later| {
            let wait = later.wait_time_from(DefaultClock::default().now());
            wait.as_secs() + 1
        })
    }
}

/// Lets a request pass whose source has not asked too often.
pub(crate) async fn check(
    State(interop): State<Arc<Interop>>,
    request: Request,
    next: Next,
) -> Response {
    let source = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let source = source.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |info| {
        subscriber(info.0.ip())
    });
    match interop.sources.count(&source) {
        Ok(()) => next.run(request).await,
        Err(seconds) => Fault::too_many("from this address", seconds).into_response(),
    }
}

/// One subscriber has one IPv4 address, or 2^64 IPv6 ones.
pub(crate) fn subscriber(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => {
            let network = ip.to_bits() & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_own_room() {
        let limit = PerMinute::new(2);
        assert_eq!(limit.count(&"a"), Ok(()));
        assert_eq!(limit.count(&"a"), Ok(()));
        assert!(limit.count(&"a").is_err_and(|seconds| seconds > 0));
        assert_eq!(limit.count(&"b"), Ok(()));
        let none = PerMinute::new(0);
        assert!((0..1000).all(|_| none.count(&"a").is_ok()));
    }

    #[test]
    fn a_subscriber_is_one_source() {
        let of = |text: &str| subscriber(text.parse().unwrap());
        assert_eq!(of("2a00:1::1"), of("2a00:1::ffff"));
        assert_ne!(of("2a00:1::1"), of("2a00:1:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
