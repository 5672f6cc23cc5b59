//! How a command ends, and what is said when it fails.

use crate::{
    assemble::AssemblyError,
    exchange::{
        IdentityError, OpenExchangeError, client::ClientError as PeerClientError, peers::PeerError,
    },
    import::ImportError,
    interop::{
        KeyFileError, OpenInteropError,
        client::{CallError, ClientError},
    },
    measure::{EmbeddingsError, ReplayError},
    settings::SettingsError,
};
use rustyline::error::ReadlineError;
use sigma_core::{TurnError, store::StoreError};
use sigma_types::IdError;
use std::{io, path::PathBuf, process::ExitCode};

/// How the process ends. The numbers are those of `sysexits.h` where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exit {
    /// All went well.
    Fine,
    /// The drift that `--fail-on` asks about was found.
    Drifted,
    /// The command line is wrong.
    Usage,
    /// The input cannot be read as a dialogue.
    Data,
    /// The input is not there.
    NoInput,
    /// An endpoint cannot be reached or refuses.
    Unavailable,
    /// An error of ours.
    Internal,
    /// Reading or writing failed.
    InputOutput,
    /// The settings are wrong.
    Settings,
}

impl Exit {
    /// The number.
    pub const fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Drifted => 1,
            Self::Usage => 2,
            Self::Data => 65,
            Self::NoInput => 66,
            Self::Unavailable => 69,
            Self::Internal => 70,
            Self::InputOutput => 74,
            Self::Settings => 78,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Replay(#[from] ReplayError),
    #[error(transparent)]
    Embeddings(#[from] EmbeddingsError),
    /// Output that nobody reads any more is no failure; see [`Failure::exit`].
    #[error("writing failed: {0}")]
    Output(#[from] io::Error),
    #[error("{file}: {source}")]
    Check {
        file: String,
        source: Box<crate::ris::CheckError>,
    },
    #[error("{}: {source}", file.display())]
    File { file: PathBuf, source: io::Error },
    #[error("cannot listen on {address}: {source}")]
    Bind { address: String, source: io::Error },
    #[error(transparent)]
    Assembly(#[from] AssemblyError),
    #[error(transparent)]
    Turn(#[from] TurnError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("--session: {0}")]
    SessionId(#[from] IdError),
    #[error("the line could not be read: {0}")]
    Line(#[from] ReadlineError),
    #[error(transparent)]
    Interop(#[from] OpenInteropError),
    #[error(transparent)]
    Exchange(#[from] OpenExchangeError),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(transparent)]
    Peers(#[from] PeerError),
    #[error(transparent)]
    PeerClient(#[from] PeerClientError),
    /// The gate kept back what was to be sent.
    #[error("{0}")]
    KeptBack(String),
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A ledger is not whole, or its server says what is not so.
    #[error("{what}: {why}")]
    Broken { what: String, why: String },
    #[error("{}: not an exported ledger", .0.display())]
    NoLedger(PathBuf),
    /// Something on the command line does not fit.
    #[error("{0}")]
    Asked(String),
    #[error("the interop ledger: {0}")]
    Ledger(String),
    #[error("{file}: no dialogue {wanted:?}; it holds {count}")]
    NoDialogue {
        file: String,
        wanted: String,
        count: usize,
    },
}

impl Failure {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Import(ImportError::Read { source, .. }) | Self::File { source, .. } => {
                match source.kind() {
                    io::ErrorKind::NotFound => Exit::NoInput,
                    _ => Exit::InputOutput,
                }
            }
            Self::Check { source, .. } => Exit::from(&**source),
            Self::Import(_) | Self::Broken { .. } | Self::NoLedger(_) => Exit::Data,
            Self::Output(source) if source.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
            Self::Output(_)
            | Self::Ledger(_)
            | Self::KeyFile(_)
            | Self::Peers(_)
            | Self::Identity(_)
            | Self::Exchange(OpenExchangeError::Store(_) | OpenExchangeError::Identity(_))
            | Self::Assembly(AssemblyError::Store(_))
            | Self::Interop(OpenInteropError::Ledger(_) | OpenInteropError::Unread(_))
            | Self::Store(_)
            | Self::Line(_) => Exit::InputOutput,
            Self::NoDialogue { .. }
            | Self::SessionId(_)
            | Self::Asked(_)
            | Self::PeerClient(PeerClientError::Call(CallError::Url(_)))
            | Self::Client(ClientError::Call(CallError::Url(_))) => Exit::Usage,
            Self::Embeddings(error) | Self::Assembly(AssemblyError::Embeddings(error)) => {
                of_embeddings(error)
            }
            Self::Settings(_) | Self::Assembly(_) | Self::Interop(_) | Self::Exchange(_) => {
                Exit::Settings
            }
            Self::Bind { .. } | Self::Client(_) | Self::PeerClient(_) | Self::KeptBack(_) => {
                Exit::Unavailable
            }
            Self::Replay(ReplayError::Turn { source, .. }) => of_turn(source),
            Self::Turn(error) => of_turn(error),
            Self::Replay(_) => Exit::Internal,
        }
    }

    /// What the reader can do about it; empty if nothing comes to mind.
    pub(crate) fn mend(&self) -> String {
        match self {
            Self::Import(error) => error.mend(),
            Self::Settings(SettingsError::UnknownKey { .. }) => {
                "`sigma config` shows every key that exists".into()
            }
            Self::Settings(_) => "correct it there; `sigma config` shows what is in force".into(),
            Self::Check { .. } => {
                "a case is one JSON object a line: {\"id\": …, \"context\": {…}, \"user\": …, \"output\": …}".into()
            }
            Self::File { .. } => "check the path and that you may write there".into(),
            Self::Embeddings(error) | Self::Assembly(AssemblyError::Embeddings(error)) => {
                mend_embeddings(error).into()
            }
            Self::Assembly(AssemblyError::NoModel { .. }) => {
                "name it with --name, in sigma.toml ([model] name) or SIGMA_MODEL_NAME".into()
            }
            Self::Assembly(AssemblyError::Endpoint(_)) => {
                "give the URL up to the version: http://localhost:11434/v1".into()
            }
            Self::Assembly(_) | Self::Store(_) => {
                "check the path and that you may write there, or use --store memory".into()
            }
            Self::Bind { .. } => "choose another address with --bind".into(),
            Self::Turn(TurnError::Prompt(_)) => {
                "shorten it, or raise session.prompt_tokens in sigma.toml (SIGMA_SESSION_PROMPT_TOKENS)".into()
            }
            Self::Turn(TurnError::Model(_)) => {
                "check that the endpoint runs and knows the model".into()
            }
            Self::Interop(OpenInteropError::Unread(_)) => {
                "`sigma ledger verify` names what is damaged".into()
            }
            Self::Interop(OpenInteropError::Ledger(_)) => {
                "check the path and that you may write there, or set interop.ledger".into()
            }
            Self::Interop(OpenInteropError::Value { .. } | OpenInteropError::File { .. })
            | Self::Exchange(OpenExchangeError::Value { .. }) => {
                "correct it there; `sigma config` shows what is in force".into()
            }
            Self::PeerClient(PeerClientError::Refused { reason_code, .. }) => {
                mend_peer(reason_code.as_deref()).into()
            }
            Self::PeerClient(PeerClientError::Call(CallError::Connect { .. }))
            | Self::Client(ClientError::Call(CallError::Connect { .. })) => {
                "check that the server runs there".into()
            }
            Self::Client(ClientError::Refused(exchange)) => mend_refused(&exchange.received).into(),
            Self::Broken { .. } => {
                "keep the file as it is, and compare it with an export or a backup".into()
            }
            Self::NoLedger(_) => {
                "give what `sigma ledger export` wrote, or the SQLite file of a server's ledger"
                    .into()
            }
            Self::Interop(_)
            | Self::Exchange(_)
            | Self::Identity(_)
            | Self::Peers(_)
            | Self::PeerClient(_)
            | Self::KeptBack(_)
            | Self::KeyFile(_)
            | Self::Client(_)
            | Self::Asked(_)
            | Self::Ledger(_)
            | Self::Output(_)
            | Self::Replay(_)
            | Self::Turn(_)
            | Self::SessionId(_)
            | Self::Line(_) => String::new(),
            Self::NoDialogue { .. } => "list them with `--dialogue list`".into(),
        }
    }
}

fn mend_peer(reason: Option<&str>) -> &'static str {
    match reason {
        Some("unknown_peer") => {
            "its operator adds this runtime: `sigma peer handshake YOUR-URL --trust`, or `sigma peer add` with what \
             `sigma peer id` prints here"
        }
        Some("not_granted") => "its operator gives the grant with `sigma peer add … --grant`",
        Some("handshake_required" | "handshake_rejected") => "`sigma peer handshake URL` first",
        Some("gate_closed" | "reduced_rate" | "session_busy") => "ask again in a moment",
        _ => "",
    }
}

fn mend_refused(problem: &serde_json::Value) -> &'static str {
    match problem
        .get("reason_code")
        .and_then(serde_json::Value::as_str)
    {
        Some("namespace_unresolvable") => {
            "serve the descriptor over https on port 443 of a public address (`--descriptor` prints it); \
             for a server on this machine, turn interop.dangerously_allow_loopback on"
        }
        Some("no_translation") => "add the schema to interop.translations of the server",
        Some("signature_invalid") => "use the key whose public half stands in the descriptor",
        Some("treaty_not_ratified") => {
            "have the offer ratified in the server's interop.governance file"
        }
        _ => "",
    }
}

fn of_embeddings(error: &EmbeddingsError) -> Exit {
    match error {
        EmbeddingsError::Unknown { .. } => Exit::Usage,
        EmbeddingsError::NoModel { .. } => Exit::Settings,
        EmbeddingsError::Directory { .. } => Exit::NoInput,
        EmbeddingsError::Endpoint { .. } => Exit::Unavailable,
    }
}

fn mend_embeddings(error: &EmbeddingsError) -> &'static str {
    match error {
        EmbeddingsError::Unknown { .. } => {
            "use `bundled`, a directory that exists, or a URL up to /v1"
        }
        EmbeddingsError::Directory { .. } => {
            "the directory needs model.safetensors, tokenizer.json and config.json of a model2vec \
             or BERT sentence model"
        }
        EmbeddingsError::NoModel { .. } => {
            "name it in sigma.toml ([embeddings] model) or SIGMA_EMBEDDINGS_MODEL"
        }
        EmbeddingsError::Endpoint { .. } => {
            "check that the endpoint runs and knows the model, or use the bundled one"
        }
    }
}

fn of_turn(error: &TurnError) -> Exit {
    match error {
        TurnError::Embedding(_) | TurnError::Model(_) => Exit::Unavailable,
        TurnError::EmptyMessage | TurnError::EmptyAnswer | TurnError::Prompt(_) => Exit::Data,
        TurnError::Store(_) => Exit::InputOutput,
        _ => Exit::Internal,
    }
}
