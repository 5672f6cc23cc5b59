//! The architecture as data: one row a crate.

/// What one crate may do.
#[derive(Debug)]
pub(super) struct Rule {
    /// The crate's name.
    pub(super) name: &'static str,
    /// The workspace crates that it may depend on.
    pub(super) may_use: &'static [&'static str],
    /// Groups of outside crates that its default features must not pull in, directly or not.
    pub(super) banned: &'static [Ban],
    /// Whether its sources must be free of I/O, clocks, randomness and environment.
    pub(super) pure: bool,
    /// Modules of a pure crate, each behind a feature, that may do I/O all the same.
    pub(super) except: &'static [&'static str],
}

/// Outside crates that do one thing a spec crate must not.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ban {
    /// What they do.
    pub(super) what: &'static str,
    /// Their names; a trailing `*` stands for any ending.
    pub(super) crates: &'static [&'static str],
}

const ASYNC: Ban = Ban {
    what: "an async runtime",
    crates: &[
        "tokio",
        "tokio-*",
        "async-std",
        "async-executor",
        "smol",
        "mio",
        "futures-executor",
    ],
};
const HTTP: Ban = Ban {
    what: "HTTP",
    crates: &[
        "http",
        "http-*",
        "httparse",
        "hyper",
        "hyper-*",
        "h2",
        "axum",
        "axum-*",
        "tower-http",
        "reqwest",
        "ureq",
        "tungstenite",
    ],
};
const TLS: Ban = Ban {
    what: "TLS",
    crates: &[
        "rustls",
        "rustls-*",
        "native-tls",
        "openssl",
        "openssl-*",
        "ring",
        "aws-lc-*",
    ],
};
const SQL: Ban = Ban {
    what: "SQL",
    crates: &[
        "rusqlite",
        "libsqlite3-sys",
        "tokio-postgres",
        "postgres",
        "postgres-*",
        "deadpool*",
        "sqlx*",
        "diesel*",
    ],
};
const RANDOM: Ban = Ban {
    what: "randomness",
    crates: &["getrandom", "rand", "rand_core", "fastrand", "oorandom"],
};
const CLOCK: Ban = Ban {
    what: "a clock",
    crates: &["chrono", "time", "iana-time-zone", "quanta", "web-time"],
};
const WEIGHTS: Ban = Ban {
    what: "a model runtime or weights",
    crates: &[
        "safetensors",
        "tokenizers",
        "model2vec*",
        "ort",
        "candle-*",
        "matrixmultiply",
    ],
};
const FRAMEWORK: Ban = Ban {
    what: "an HTTP server",
    crates: &["axum", "axum-*", "tower-http", "actix-*", "warp"],
};

const SPEC: &[Ban] = &[ASYNC, HTTP, TLS, SQL, RANDOM, CLOCK, WEIGHTS];

/// For crates that sign: their libraries name the traits of `rand_core`, which draws nothing itself.
const SPEC_WITH_RAND_CORE: &[Ban] = &[
    ASYNC,
    HTTP,
    TLS,
    SQL,
    Ban {
        what: "randomness",
        crates: &["getrandom", "rand", "fastrand", "oorandom"],
    },
    CLOCK,
    WEIGHTS,
];

const fn spec(name: &'static str, may_use: &'static [&'static str]) -> Rule {
    Rule {
        name,
        may_use,
        banned: SPEC,
        pure: true,
        except: &[],
    }
}

/// The crates, lowest first.
pub(super) const RULES: &[Rule] = &[
    spec("sigma-types", &[]),
    Rule {
        except: &["local"],
        ..spec("sigma-text", &["sigma-types"])
    },
    spec("sigma-attractor", &["sigma-types", "sigma-text"]),
    spec(
        "sigma-drift",
        &["sigma-types", "sigma-text", "sigma-attractor"],
    ),
    spec(
        "sigma-memory",
        &[
            "sigma-types",
            "sigma-text",
            "sigma-attractor",
            "sigma-drift",
        ],
    ),
    spec(
        "sigma-aegida",
        &[
            "sigma-types",
            "sigma-text",
            "sigma-attractor",
            "sigma-drift",
            "sigma-memory",
        ],
    ),
    Rule {
        banned: SPEC_WITH_RAND_CORE,
        ..spec(
            "sigma-interop",
            &[
                "sigma-types",
                "sigma-attractor",
                "sigma-drift",
                "sigma-memory",
                "sigma-aegida",
            ],
        )
    },
    spec(
        "sigma-ris",
        &[
            "sigma-types",
            "sigma-text",
            "sigma-attractor",
            "sigma-memory",
        ],
    ),
    Rule {
        banned: SPEC_WITH_RAND_CORE,
        ..spec("kiri-ioh", &[])
    },
    Rule {
        name: "sigma-core",
        may_use: BELOW_CORE,
        banned: &[FRAMEWORK, SQL],
        pure: false,
        except: &[],
    },
    Rule {
        name: "sigma-store",
        may_use: BELOW_STORE,
        banned: &[FRAMEWORK],
        pure: false,
        except: &[],
    },
    Rule {
        name: "sigma-server",
        may_use: BELOW_SERVER,
        banned: &[],
        pure: false,
        except: &[],
    },
    Rule {
        name: "xtask",
        may_use: ALL,
        banned: &[],
        pure: false,
        except: &[],
    },
];

/// All crates but xtask, lowest first.
const ALL: &[&str] = &[
    "sigma-types",
    "sigma-text",
    "sigma-attractor",
    "sigma-drift",
    "sigma-memory",
    "sigma-aegida",
    "sigma-interop",
    "sigma-ris",
    "kiri-ioh",
    "sigma-core",
    "sigma-store",
    "sigma-server",
];

/// What the loop is made of.
const BELOW_CORE: &[&str] = ALL.split_at(8).0;
/// All that stores something.
const BELOW_STORE: &[&str] = ALL.split_at(10).0;
/// All that is served.
const BELOW_SERVER: &[&str] = ALL.split_at(11).0;

/// The row of a crate.
pub(super) fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

impl Ban {
    /// Whether an outside crate belongs to the group.
    pub(super) fn covers(&self, name: &str) -> bool {
        self.crates
            .iter()
            .any(|pattern| match pattern.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => name == *pattern,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_only_point_to_rows_above() {
        for (at, rule) in RULES.iter().enumerate() {
            for used in rule.may_use {
                let above = RULES[..at].iter().any(|row| row.name == *used);
                assert!(
                    above,
                    "{} uses {used}, which does not stand above it",
                    rule.name
                );
            }
        }
    }

    #[test]
    fn the_outer_crates_use_what_lies_below_them() {
        let used = |name: &str| rule(name).map(|rule| rule.may_use).unwrap_or_default();
        let last = |name: &str| used(name).last().copied();
        assert_eq!(last("sigma-core"), Some("sigma-ris"));
        assert_eq!(last("sigma-store"), Some("sigma-core"));
        assert_eq!(last("sigma-server"), Some("sigma-store"));
        assert_eq!(last("xtask"), Some("sigma-server"));
    }

    #[test]
    fn a_star_stands_for_any_ending() {
        assert!(ASYNC.covers("tokio") && ASYNC.covers("tokio-util") && !ASYNC.covers("tokiox"));
        assert!(SQL.covers("sqlx-core") && !SQL.covers("sql"));
    }
}
