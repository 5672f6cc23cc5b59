//! Settings that keep somebody out: a value that could never match would let everybody in, so it is refused.

use crate::interop::{client::Client, open::OpenInteropError};
use kiri_ioh::{
    ids::{SchemaId, is_prefix},
    treaty::TreatyPolicy,
};
use url::Host;

type Checked<T> = Result<T, OpenInteropError>;

pub(crate) fn value(key: &'static str, value: &str, wanted: &'static str) -> OpenInteropError {
    OpenInteropError::Value {
        key,
        value: value.to_owned(),
        wanted,
    }
}

/// Which schemas are treaties.
pub(crate) fn treaties(rows: &[String]) -> Checked<TreatyPolicy> {
    let wanted = "a schema such as `ext:foo/v2`, or the start of some such as `ext:*`";
    match rows.iter().find(|row| !is_treaty(row)) {
        Some(row) => Err(value("treaties", row, wanted)),
        None => Ok(TreatyPolicy::new(rows.to_vec())),
    }
}

fn is_treaty(row: &str) -> bool {
    // what separates or quotes elsewhere is a list that was not written as one
    let foreign =
        |c: char| matches!(c, ';' | ',' | '"' | '\'' | '[' | ']' | '*') || c.is_whitespace();
    match row.strip_suffix('*') {
        _ if row.trim_end_matches('*').contains(foreign) => false,
        None => row.parse::<SchemaId>().is_ok(),
        Some("") => true,
        Some(start) if start.contains(':') => format!("{start}x").parse::<SchemaId>().is_ok(),
        Some(start) => is_prefix(start),
    }
}

/// Prefixes that no peer may take.
pub(crate) fn prefixes(rows: &[String]) -> Checked<Vec<String>> {
    let wanted = "a prefix without its colon, such as `acme`";
    match rows.iter().find(|row| !is_prefix(row)) {
        Some(row) => Err(value("reserved_prefixes", row, wanted)),
        None => Ok(rows.to_vec()),
    }
}

/// Hosts on which no peer may have its namespace, each as it stands in an address.
pub(crate) fn hosts(rows: &[String]) -> Checked<Vec<String>> {
    let wanted = "a host without scheme, port or `*`, such as `runtime.example` or `[2001:db8::1]`";
    let host = |row: &String| {
        let plain = !row.contains('*') && !row.ends_with('.');
        let host = Host::parse(row).ok().filter(|_| plain);
        host.map(|host| host.to_string())
            .ok_or_else(|| value("reserved_hosts", row, wanted))
    };
    rows.iter().map(host).collect()
}

/// How long a negotiation lives, in milliseconds.
pub(crate) fn lifetime(minutes: u64) -> Checked<u64> {
    match minutes {
        0 => Err(value(
            "negotiation_minutes",
            "0",
            "at least 1: nothing could be bound",
        )),
        minutes => Ok(minutes.saturating_mul(60_000)),
    }
}

/// Who takes the signals, where anybody does.
///
/// # Errors
/// [`OpenInteropError::Value`] for what is no URL of http or https.
pub fn receiver(url: &str) -> Checked<Option<Client>> {
    let wanted = "a URL such as https://events.example/signals";
    match url {
        "" => Ok(None),
        url => Client::new(url)
            .map(Some)
            .map_err(|_| value("signals_url", url, wanted)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(row: &str) -> Vec<String> {
        vec![row.to_owned()]
    }

    fn said<T>(checked: Checked<T>) -> String {
        checked
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn a_treaty_that_could_never_match_is_refused() {
        for row in [
            "[\"ext:foo/v2\"]",
            "a;b",
            "ext:foo/v2;ext:bar/v1",
            "ext",
            "",
            ":x",
            "ext:",
            "ext:*/v2",
            "e xt:*",
            "ext:f **",
            "**",
            "[*",
        ] {
            let said = said(treaties(&list(row)));
            assert!(
                said.contains("`interop.treaties`") && said.contains("ext:*"),
                "{row}: {said}"
            );
        }
        for row in ["ext:foo/v2", "ext:foo*", "ext:*", "ext*", "*"] {
            let id: SchemaId = "ext:foo/v2".parse().unwrap();
            assert!(treaties(&list(row)).unwrap().asks_for(&id), "{row}");
        }
    }

    #[test]
    fn letters_do_not_lead_round_a_treaty() {
        for (row, id) in [("EXT:foo/v2", "ext:foo/v2"), ("ext:foo/*", "Ext:Foo/v2")] {
            let id: SchemaId = id.parse().unwrap();
            assert!(treaties(&list(row)).unwrap().asks_for(&id), "{row}");
        }
    }

    #[test]
    fn a_prefix_that_protects_nothing_is_refused() {
        for row in ["ext:", "[\"ext\"]", "", "ext*", "1x"] {
            assert!(
                said(prefixes(&list(row))).contains("`interop.reserved_prefixes`"),
                "{row}"
            );
        }
        assert_eq!(prefixes(&list("acme")).unwrap(), ["acme"]);
    }

    #[test]
    fn a_host_that_protects_nothing_is_refused() {
        for row in [
            "127.0.0.1:8080",
            "https://127.0.0.1",
            "",
            "[\"a.example\"]",
            "*.example",
            "a.example.",
            "a.example/x",
        ] {
            assert!(
                said(hosts(&list(row))).contains("`interop.reserved_hosts`"),
                "{row}"
            );
        }
        assert_eq!(
            hosts(&list("Runtime.EXAMPLE")).unwrap(),
            ["runtime.example"]
        );
        assert_eq!(hosts(&list("127.1")).unwrap(), ["127.0.0.1"]);
        assert_eq!(hosts(&list("[2001:DB8::1]")).unwrap(), ["[2001:db8::1]"]);
    }

    #[test]
    fn no_time_and_no_receiver_are_refused() {
        assert!(said(lifetime(0)).contains("`interop.negotiation_minutes`"));
        assert_eq!(lifetime(2).unwrap(), 120_000);
        for url in ["events.example", "ftp://events.example/", "http://"] {
            assert!(
                said(receiver(url)).contains("`interop.signals_url`"),
                "{url}"
            );
        }
        assert!(receiver("").unwrap().is_none());
        assert!(receiver("https://events.example/x").unwrap().is_some());
    }
}
