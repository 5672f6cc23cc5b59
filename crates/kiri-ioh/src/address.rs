//! Which addresses may be asked for a descriptor: the words of a `namespace_uri`, and the numbers
//! behind its name. Whoever opens the connection must ask both.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

use crate::registry::{RESERVED, Registry};

/// How far outgoing requests are restricted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// https, port 443, public addresses.
    #[default]
    Public,
    /// For development: loopback addresses as well, on any port and over plain http. Nothing else.
    Loopback,
}

/// A `namespace_uri` that may be asked, its words considered (`IOH-01 §43.3`, `namespace_resolvable`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    url: Url,
    reach: Reach,
}

/// A `namespace_uri` may not be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// It is not an absolute address, or readers would differ about what it means.
    #[error("not an unambiguous absolute address")]
    Ambiguous,
    /// It is not https on port 443.
    #[error("only https on port 443 is asked")]
    Transport,
    /// It carries a user name or password.
    #[error("an address carries no user name and no password")]
    UserInfo,
    /// It names a special-purpose address outright.
    #[error("special-purpose addresses are not asked")]
    Special,
    /// It lies within our own namespace.
    #[error("the address is one of ours")]
    Ours,
}

impl Address {
    /// Considers the words of an address.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn parse(text: &str, reach: Reach) -> Result<Self, AddressError> {
        let url = Url::parse(text).map_err(|_| AddressError::Ambiguous)?;
        if !url.username().is_empty() || url.password().is_some() || has_user_info(text) {
            return Err(AddressError::UserInfo);
        }
        // Decimal, octal and hexadecimal hosts, dot segments, backslashes, tabs and ideographic
        // dots are all ways to say one thing and be read as another.
        let plain = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
        if !plain || url.fragment().is_some() || url.host_str().is_none_or(|h| h.ends_with('.')) {
            return Err(AddressError::Ambiguous);
        }
        if is_ours(&url) {
            return Err(AddressError::Ours);
        }
        let address = Self { url, reach };
        address.check_transport()?;
        Ok(address)
    }

    /// The host's name, or its number without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        let host = self.url.host_str().unwrap_or_default();
        host.trim_start_matches('[').trim_end_matches(']')
    }

    /// The host's number, where the address gives one.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        match self.url.host()? {
            Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
            Host::Ipv6(ip) => Some(IpAddr::V6(ip)),
            Host::Domain(_) => None,
        }
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(HTTPS)
    }

    /// Whether the connection is secured.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Host and port as they stand in the `host` header.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.url.authority()
    }

    /// Path and query, as they are asked for.
    #[must_use]
    pub fn target(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }

    /// Whether a connection to this number may be opened for this address. Ask it for the very
    /// number that is then connected to.
    #[must_use]
    pub fn may_connect(&self, ip: IpAddr) -> bool {
        let secured = self.is_https() && self.port() == HTTPS;
        match self.reach {
            Reach::Public => secured && is_public(ip),
            Reach::Loopback => is_loopback(ip) || (secured && is_public(ip)),
        }
    }

    fn check_transport(&self) -> Result<(), AddressError> {
        let number = self.ip();
        if self.reach == Reach::Loopback && number.is_some_and(is_loopback) {
            let web = matches!(self.url.scheme(), "http" | "https");
            return web.then_some(()).ok_or(AddressError::Transport);
        }
        if !self.is_https() || self.port() != HTTPS {
            return Err(AddressError::Transport);
        }
        if number.is_some_and(|ip| !self.may_connect(ip)) {
            return Err(AddressError::Special);
        }
        Ok(())
    }
}

const HTTPS: u16 = 443;

/// Whether the text has an `@` before its path, even an empty user name.
fn has_user_info(text: &str) -> bool {
    let after = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = after.split(['/', '?', '#']).next().unwrap_or_default();
    authority.contains('@')
}

/// Whether the address lies on a host that serves a reserved prefix.
fn is_ours(url: &Url) -> bool {
    let registry = Registry::reserved();
    RESERVED
        .iter()
        .filter_map(|prefix| Url::parse(registry.base(prefix)?).ok())
        .any(|base| base.host() == url.host())
}

fn is_loopback(ip: IpAddr) -> bool {
    ip.is_loopback()
}

/// Special-purpose IPv4 blocks (IANA, with multicast and the reserved block): base and prefix length.
const SPECIAL_V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 31, 196, 0], 24),
    ([192, 52, 193, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([192, 175, 48, 0], 24),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

/// Special-purpose blocks within the IPv6 addresses that are handed out at all (2000::/3).
const SPECIAL_V6: &[([u16; 3], u32)] = &[
    // protocol assignments, Teredo, benchmarking, ORCHID
    ([0x2001, 0, 0], 23),
    ([0x2001, 0xdb8, 0], 32),
    // 6to4: an IPv4 address in disguise
    ([0x2002, 0, 0], 16),
    ([0x2620, 0x4f, 0x8000], 48),
    ([0x3fff, 0, 0], 20),
];

/// Whether an address is one of the public network. IPv4 addresses that are written inside IPv6 ones
/// never are: no public name needs them.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let bits = ip.to_bits();
    !SPECIAL_V4
        .iter()
        .any(|(base, length)| (bits ^ u32::from_be_bytes(*base)) >> (u32::BITS - length) == 0)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let bits = ip.to_bits();
    let within = |[a, b, c]: [u16; 3], length: u32| {
        let base = Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0).to_bits();
        (bits ^ base) >> (u128::BITS - length) == 0
    };
    within([0x2000, 0, 0], 3)
        && !SPECIAL_V6
            .iter()
            .any(|(base, length)| within(*base, *length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tricks_with_words_are_refused() {
        use AddressError::{Ambiguous, Ours, Special, Transport, UserInfo};
        for (text, error) in [
            ("http://foo.example/ns", Transport),
            ("https://foo.example:8443/ns", Transport),
            ("https://foo.example:443/ns", Ambiguous),
            ("ftp://foo.example/ns", Transport),
            ("file:///etc/passwd", Ambiguous),
            ("gopher://foo.example/", Transport),
            ("https://user@foo.example/ns", UserInfo),
            ("https://user:pw@foo.example/ns", UserInfo),
            ("https://@foo.example/ns", UserInfo),
            ("https://foo.example@127.0.0.1/", UserInfo),
            ("https://2130706433/", Ambiguous),
            ("https://0x7f000001/", Ambiguous),
            ("https://0177.0.0.1/", Ambiguous),
            ("https://127.1/", Ambiguous),
            ("https://127.0.0.1/", Special),
            ("https://169.254.169.254/latest/meta-data", Special),
            ("https://10.0.0.1/", Special),
            ("https://[::1]/", Special),
            ("https://[::ffff:127.0.0.1]/", Ambiguous),
            ("https://[::ffff:7f00:1]/", Special),
            ("https://[::ffff:808:808]/", Special),
            ("https://[64:ff9b::7f00:1]/", Special),
            ("https://[2002:7f00:1::]/", Special),
            ("https://[fe80::1]/", Special),
            ("https://[fe80::1%25eth0]/", Ambiguous),
            ("https://foo.example./", Ambiguous),
            ("https://foo.example/a/../b", Ambiguous),
            ("https://foo.example\\@127.0.0.1/", Ambiguous),
            ("https://foo.exa\tmple/", Ambiguous),
            ("https://①②⑦.0.0.1/", Ambiguous),
            ("https://FOO.example/", Ambiguous),
            ("https://foo.example/#x", Ambiguous),
            ("https://docs.melega.ai/registry/kiri/x", Ours),
            ("https://docs.melega.ai/", Ours),
            ("", Ambiguous),
            ("/ns", Ambiguous),
            ("https://", Ambiguous),
        ] {
            let found = Address::parse(text, Reach::Public);
            assert!(found.is_err(), "{text}");
            // An address can break more than one rule; the named one is the first that is tested.
            let known = [error, Ambiguous, UserInfo];
            assert!(known.contains(&found.unwrap_err()), "{text}");
        }
        let fine = Address::parse("https://foo.example/ns?v=2", Reach::Public).unwrap();
        assert_eq!(
            (fine.host(), fine.port(), fine.target().as_str()),
            ("foo.example", 443, "/ns?v=2")
        );
        assert!(Address::parse("https://foo.example", Reach::Public).is_ok());
    }

    #[test]
    fn numbers_behind_a_name_are_vetted() {
        let address = Address::parse("https://foo.example/", Reach::Public).unwrap();
        for ip in [
            "8.8.8.8",
            "100.128.0.1",
            "172.32.0.1",
            "2606:4700::1111",
            "2a00:1450::1",
        ] {
            assert!(address.may_connect(ip.parse().unwrap()), "{ip}");
        }
        for ip in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.2",
            "169.254.169.254",
            "172.31.0.1",
            "192.0.0.8",
            "192.168.1.1",
            "198.19.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::808:808",
            "fc00::1",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:808:808::1",
            "100::1",
            "5f00::1",
            "3fff::1",
        ] {
            assert!(!address.may_connect(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn development_reaches_loopback_and_no_further() {
        let local = Address::parse("http://127.0.0.1:8080/ns", Reach::Loopback).unwrap();
        assert!(local.may_connect("127.0.0.1".parse().unwrap()));
        assert!(!local.may_connect("8.8.8.8".parse().unwrap()));
        assert!(!local.may_connect("10.0.0.1".parse().unwrap()));
        assert!(Address::parse("http://[::1]:1/", Reach::Loopback).is_ok());
        for text in [
            "http://10.0.0.1/",
            "http://foo.example/",
            "ftp://127.0.0.1/",
            "http://localhost/",
        ] {
            assert!(Address::parse(text, Reach::Loopback).is_err(), "{text}");
        }
    }
}
