//! `sigma peer`.

use crate::exchange::peers::Grant;
use clap::{Args, Subcommand, ValueEnum};
use sigma_interop::{CauseId, KeyId, PublicKey, RuntimeId};
use std::path::PathBuf;

const PEER_HELP: &str = "\
Two runtimes get to know each other; each operator says so:
  a$ sigma peer handshake https://b.example --trust
  b$ sigma peer handshake https://a.example --trust

Examples:
  sigma peer id                                # what another operator needs to add this runtime
  sigma peer add UUID --key-id ID --key ed25519:… --url https://b.example --grant state,memory
  sigma peer list
  sigma peer fetch 0b8f state                  # verified with the key that is known
  sigma peer fetch 0b8f telemetry --count 5
  sigma peer send 0b8f --session s1
  sigma peer command 0b8f lock
  sigma peer token UUID '/phase/telemetry?session=s1'   # for curl or a browser: one request in a minute
  sigma peer quarantine                        # memory that peers pushed";

#[derive(Debug, Args)]
#[command(after_help = PEER_HELP)]
pub(crate) struct Peer {
    /// The session store, if not the one of the settings; peers are kept beside it
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) store: Option<String>,
    #[command(subcommand)]
    pub(crate) what: PeerCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PeerCommand {
    /// Print this runtime's UUID and key
    Id,
    /// Trust a runtime and its key
    Add {
        /// Its UUID
        id: RuntimeId,
        /// The name of its key
        #[arg(long, value_name = "ID")]
        key_id: KeyId,
        /// Its public key: ed25519: and 64 hexadecimal digits
        #[arg(long, value_name = "KEY")]
        key: PublicKey,
        /// Where it is reached; without it frames are never sent to it
        #[arg(long, value_name = "URL")]
        url: Option<String>,
        /// What it may do
        #[arg(
            long,
            value_name = "GRANT,…",
            value_delimiter = ',',
            default_value = "state"
        )]
        grant: Vec<Grant>,
    },
    /// List the runtimes that are trusted, and what came from them
    List,
    /// Trust a runtime no longer, and forget what came from it
    Remove {
        /// Its UUID, or how it begins
        peer: String,
    },
    /// Settle versions with the runtime at a URL
    Handshake {
        /// Where it is
        url: String,
        /// Trust the key that it shows
        #[arg(long)]
        trust: bool,
        /// The key that it has to show
        #[arg(long, value_name = "KEY")]
        expect: Option<PublicKey>,
        /// What it may do
        #[arg(
            long,
            value_name = "GRANT,…",
            value_delimiter = ',',
            default_value = "state"
        )]
        grant: Vec<Grant>,
    },
    /// Send the state of a session of this runtime, if its gate lets it pass
    Send {
        /// The peer's UUID, or how it begins
        peer: String,
        /// The session; else the one that changed last
        #[arg(long, value_name = "ID")]
        session: Option<String>,
        /// Send the memory snapshot instead
        #[arg(long)]
        memory: bool,
    },
    /// Read something of a peer, and verify it
    Fetch {
        /// The peer's UUID, or how it begins
        peer: String,
        /// What to read
        #[arg(value_enum, default_value_t = Fetched::State)]
        what: Fetched,
        /// The peer's session; else the one it chooses
        #[arg(long, value_name = "ID")]
        session: Option<String>,
        /// Events of telemetry to wait for
        #[arg(long, value_name = "N", default_value_t = 1)]
        count: usize,
    },
    /// Ask a peer's phase to synchronise, lock or recenter, or take such a command back
    Command {
        /// The peer's UUID, or how it begins
        peer: String,
        /// What is asked
        #[arg(value_enum)]
        what: Asked,
        /// Take back the command with this cause
        #[arg(long, value_name = "CAUSE")]
        revert: Option<CauseId>,
        /// The peer's session; else the one it chooses
        #[arg(long, value_name = "ID")]
        session: Option<String>,
    },
    /// Send the recorded requests of spec-fixtures/traces to a runtime, and compare what comes back
    Check {
        /// Where it is; steps for peers are skipped where it does not know this runtime
        url: String,
        /// Another trace
        #[arg(long, value_name = "FILE")]
        trace: Option<PathBuf>,
    },
    /// Print a proof for one GET of a runtime in the next minute
    Token {
        /// The runtime that is asked: a UUID, or how a peer's begins; self for this one
        runtime: String,
        /// The path with its query, such as /field/state?session=s1; the proof is for just that
        path: String,
    },
    /// List the memory that peers pushed, or print one
    Quarantine {
        /// Its number in the list
        place: Option<i64>,
    },
}

/// What can be read of a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Fetched {
    /// The sealed packet
    State,
    /// The last phase frame
    Phase,
    /// The memory snapshot
    Memory,
    /// Safety and the fail-safe envelope
    Safety,
    /// Frames as they come
    Telemetry,
}

/// What can be asked of a peer's phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Asked {
    /// Come nearer to the common phase
    Sync,
    /// Hold the phase
    Lock,
    /// Restore the centre
    Recenter,
}
