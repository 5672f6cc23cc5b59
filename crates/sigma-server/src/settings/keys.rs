//! The keys of `sigma.toml` and their environment variables.

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Section and name in the file.
    pub name: &'static str,
    /// The environment variable that overrides it.
    pub variable: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
}

const fn key(name: &'static str, variable: &'static str, about: &'static str) -> Key {
    Key {
        name,
        variable,
        about,
    }
}

/// All settings, in the order in which they are shown.
pub const KEYS: &[Key] = &[
    key(
        "model.url",
        "SIGMA_MODEL_URL",
        "OpenAI-compatible endpoint up to /v1; empty: offline",
    ),
    key("model.name", "SIGMA_MODEL_NAME", "the model to ask for"),
    key(
        "model.api_key",
        "SIGMA_MODEL_API_KEY",
        "bearer key of the endpoint (secret)",
    ),
    key(
        "model.timeout_seconds",
        "SIGMA_MODEL_TIMEOUT_SECONDS",
        "to the first byte of an answer",
    ),
    key(
        "model.retries",
        "SIGMA_MODEL_RETRIES",
        "calls after a failed first one",
    ),
    key(
        "embeddings.source",
        "SIGMA_EMBEDDINGS_SOURCE",
        "bundled, a model directory, or a URL",
    ),
    key(
        "embeddings.model",
        "SIGMA_EMBEDDINGS_MODEL",
        "the embedding model to ask a URL for",
    ),
    key(
        "embeddings.api_key",
        "SIGMA_EMBEDDINGS_API_KEY",
        "bearer key of the URL (secret)",
    ),
    key(
        "session.identity",
        "SIGMA_SESSION_IDENTITY",
        "who the assistant is, if nobody says",
    ),
    key(
        "session.prompt_tokens",
        "SIGMA_SESSION_PROMPT_TOKENS",
        "the most tokens of a prompt",
    ),
    key(
        "server.bind",
        "SIGMA_SERVER_BIND",
        "address and port to listen on",
    ),
    key(
        "server.body_limit",
        "SIGMA_SERVER_BODY_LIMIT",
        "the most bytes of a request",
    ),
    key(
        "server.loaded_sessions",
        "SIGMA_SERVER_LOADED_SESSIONS",
        "sessions in memory at once",
    ),
    key(
        "server.requests",
        "SIGMA_SERVER_REQUESTS",
        "requests at once",
    ),
    key(
        "server.api_key",
        "SIGMA_SERVER_API_KEY",
        "bearer key callers must send (secret)",
    ),
    key("store.path", "SIGMA_STORE_PATH", "SQLite file, or memory"),
    key(
        "ris.mode",
        "SIGMA_RIS_MODE",
        "relational identity: off, shadow (only observed) or enforce",
    ),
    key(
        "interop.ledger",
        "SIGMA_INTEROP_LEDGER",
        "SQLite file of the interop ledger, or off; empty: beside the sessions",
    ),
    key(
        "interop.key",
        "SIGMA_INTEROP_KEY",
        "file of the ledger's signing key; empty: beside the ledger",
    ),
    key(
        "interop.public_url",
        "SIGMA_INTEROP_PUBLIC_URL",
        "scheme and host by which peers reach this server; empty: http and what they say",
    ),
    key(
        "interop.translations",
        "SIGMA_INTEROP_TRANSLATIONS",
        "schemas of peers that are understood, and as what",
    ),
    key(
        "interop.registry",
        "SIGMA_INTEROP_REGISTRY",
        "file with a NUR-01 registry; empty: the reserved prefixes",
    ),
    key(
        "interop.reserved_prefixes",
        "SIGMA_INTEROP_RESERVED_PREFIXES",
        "more prefixes that no peer may take",
    ),
    key(
        "interop.reserved_hosts",
        "SIGMA_INTEROP_RESERVED_HOSTS",
        "more hosts on which no peer may have its namespace",
    ),
    key(
        "interop.treaties",
        "SIGMA_INTEROP_TREATIES",
        "schemas whose binding is a treaty",
    ),
    key(
        "interop.governance",
        "SIGMA_INTEROP_GOVERNANCE",
        "file with custodians and ratified proposals; empty: treaties are refused",
    ),
    key(
        "interop.negotiation_minutes",
        "SIGMA_INTEROP_NEGOTIATION_MINUTES",
        "from ANNOUNCE to the last moment of BIND",
    ),
    key(
        "interop.requests_per_minute",
        "SIGMA_INTEROP_REQUESTS_PER_MINUTE",
        "from one address; 0: any number",
    ),
    key(
        "interop.fetches_per_minute",
        "SIGMA_INTEROP_FETCHES_PER_MINUTE",
        "of descriptors from one host; 0: any number",
    ),
    key(
        "interop.signals_url",
        "SIGMA_INTEROP_SIGNALS_URL",
        "where signals are posted as CloudEvents; empty: only logged",
    ),
    key(
        "interop.dangerously_allow_loopback",
        "SIGMA_INTEROP_DANGEROUSLY_ALLOW_LOOPBACK",
        "lets peers have this machine asked over http; for development only",
    ),
    key(
        "exchange.store",
        "SIGMA_EXCHANGE_STORE",
        "SQLite file of the peers; off: no exchange; empty: beside the sessions",
    ),
    key(
        "exchange.key",
        "SIGMA_EXCHANGE_KEY",
        "file of this runtime's key; empty: beside the store",
    ),
    key(
        "exchange.federate_cycles",
        "SIGMA_EXCHANGE_FEDERATE_CYCLES",
        "cycles between two frames to the peers; 0: never",
    ),
    key(
        "exchange.snapshot_bytes",
        "SIGMA_EXCHANGE_SNAPSHOT_BYTES",
        "the most bytes of a memory snapshot",
    ),
    key(
        "exchange.peer_requests_per_minute",
        "SIGMA_EXCHANGE_PEER_REQUESTS_PER_MINUTE",
        "from one peer; 0: any number",
    ),
    key(
        "exchange.requests_per_minute",
        "SIGMA_EXCHANGE_REQUESTS_PER_MINUTE",
        "from one address; 0: any number",
    ),
    key(
        "exchange.listeners",
        "SIGMA_EXCHANGE_LISTENERS",
        "listeners to telemetry at once",
    ),
    key(
        "exchange.kept_events",
        "SIGMA_EXCHANGE_KEPT_EVENTS",
        "events of a session that a returning listener finds",
    ),
    key(
        "exchange.heartbeat_seconds",
        "SIGMA_EXCHANGE_HEARTBEAT_SECONDS",
        "between two signs of life on a quiet stream",
    ),
    key(
        "exchange.stalled_seconds",
        "SIGMA_EXCHANGE_STALLED_SECONDS",
        "after which a listener that takes nothing is let go",
    ),
    key(
        "exchange.dangerously_allow_loopback",
        "SIGMA_EXCHANGE_DANGEROUSLY_ALLOW_LOOPBACK",
        "lets peers be on this machine, over http; for development only",
    ),
];

/// Variables of ours that are no settings.
pub(crate) const OTHER_VARIABLES: &[&str] = &[
    "SIGMA_CONFIG",
    "SIGMA_DATA",
    "SIGMA_LOG",
    "SIGMA_NODE_MODULES",
    "SIGMA_PYTHON",
];

/// The known key most like `given`, if one is like it at all.
pub(crate) fn nearest(given: &str) -> Option<&'static str> {
    let likeness = |key: &Key| strsim::jaro_winkler(key.name, given);
    let best = KEYS
        .iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(best) > 0.8).then_some(best.name)
}
