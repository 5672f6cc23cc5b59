//! What can be typed.

mod peer;

pub(crate) use peer::{Asked, Fetched, Peer, PeerCommand};

use crate::{
    import::{BranchChoice, FormatChoice},
    report::BANDS,
    settings::ModelSettings,
};
use clap::{Args, Parser, Subcommand, ValueEnum, builder::PossibleValuesParser};
use clap_complete::Shell;
use kiri_ioh::ids::{NegotiationId, SchemaId, SchemaVersion};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0   fine
  1   replay, ris check: the band named by --fail-on was reached
  2   the command line is wrong
  65  the input cannot be read as what it should be
  66  the input is not there
  69  a model or embedding endpoint cannot be reached or refuses
  70  an error inside sigma
  74  reading or writing failed
  78  the settings are wrong";

/// Keeps long dialogues with language models whole, and shows where they drift
#[derive(Debug, Parser)]
#[command(name = "sigma", version, after_help = EXIT_CODES, max_term_width = 100)]
#[command(propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// Settings file; without it ./sigma.toml is read if it is there
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "SIGMA_CONFIG",
        hide_env_values = true
    )]
    pub(crate) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Measure where a recorded dialogue drifted, without any model
    Replay(Replay),
    /// Talk with a model in the terminal, with drift and phase in the prompt line
    Chat(Chat),
    /// Serve the OpenAI chat API, with sessions that hold
    Serve(Serve),
    /// Take two dialogues that come with sigma through the loop and write their reports
    Demo(Demo),
    /// Bind to a server as an outside system, and show each of the five steps
    Bind(Bind),
    /// Verify, show or export the ledger of bindings
    Ledger(Ledger),
    /// Judge recorded outputs: where names, relations or events leave their scope
    Ris(RisArgs),
    /// Know other runtimes, and exchange state with them
    Peer(Peer),
    /// Print the effective settings and where each comes from
    Config,
    /// Print a completion script for a shell
    #[command(after_help = "\
Examples:
  sigma completions bash > ~/.local/share/bash-completion/completions/sigma
  sigma completions zsh > ~/.zfunc/_sigma
  sigma completions fish > ~/.config/fish/completions/sigma.fish")]
    Completions {
        /// The shell
        shell: Shell,
    },
}

const RIS_HELP: &str = "\
A case is one JSON object a line; only id, user and output have to be there:
  {\"id\": \"t-1\", \"context\": {\"canonical_name\": \"Leo\", \"channel\": \"direct\",
   \"session_alias\": {\"name\": \"Star\", \"set_by\": \"u1\"}, \"sender\": \"u1\",
   \"participants\": [{\"id\": \"u1\", \"name\": \"Mara\"}], \"events\": [\"provider_timeout\"],
   \"history\": [{\"role\": \"user\", \"sender\": \"u1\", \"text\": \"...\"}]},
   \"user\": \"the current message\", \"output\": \"what the model wants to say\"}

Examples:
  sigma ris check cases.jsonl
  sigma ris check cases.jsonl --json | jq -r 'select(.altered) | .final_text'
  sigma ris check - --fail-on high < cases.jsonl";

#[derive(Debug, Args)]
pub(crate) struct RisArgs {
    #[command(subcommand)]
    pub(crate) what: RisCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RisCommand {
    /// Judge outputs in their context, and show what enforcement says in their place
    Check(RisCheck),
}

#[derive(Debug, Args)]
#[command(after_help = RIS_HELP)]
pub(crate) struct RisCheck {
    /// File of cases, one a line; - for standard input
    pub(crate) file: PathBuf,
    /// Write one JSON line a case instead of the table
    #[arg(long)]
    pub(crate) json: bool,
    /// Show the clean ones in the table too
    #[arg(long)]
    pub(crate) all: bool,
    /// End with exit code 1 if any case reaches this band
    #[arg(long, value_enum, value_name = "BAND")]
    pub(crate) fail_on: Option<RisBand>,
}

/// A relational intensity band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RisBand {
    Low,
    Medium,
    High,
    Critical,
}

impl From<RisBand> for sigma_ris::Band {
    fn from(band: RisBand) -> Self {
        match band {
            RisBand::Low => Self::Low,
            RisBand::Medium => Self::Medium,
            RisBand::High => Self::High,
            RisBand::Critical => Self::Critical,
        }
    }
}

const REPLAY_HELP: &str = "\
Forms that are read, found out by themselves:
  transcript  {\"identity\": \"…\", \"cycles\": [{\"user_input\": \"…\", \"response\": \"…\"}]}
  openai      [{\"role\": \"user\", \"content\": \"…\"}, …], also under \"messages\", one a line
              (JSONL), or logged completion requests with their answers
  sharegpt    {\"conversations\": [{\"from\": \"human\", \"value\": \"…\"}, …]}
  chatgpt     conversations.json of a ChatGPT export

Examples:
  sigma replay chat.json
  sigma replay chat.json --identity \"You are Marta, a lighthouse keeper.\" --html report.html
  sigma replay conversations.json --dialogue list
  sigma replay conversations.json --dialogue 3 --branch 2
  sigma replay log.jsonl --json | jq 'select(.di_raw >= 0.5) | .cycle'
  sigma replay chat.json --fail-on recovery   # in a pipeline: exit code 1 if it drifted so far";

#[derive(Debug, Args)]
#[command(after_long_help = format!("{REPLAY_HELP}\n\n{EXIT_CODES}"), after_help = REPLAY_HELP)]
pub(crate) struct Replay {
    /// File with one or many dialogues; - for standard input
    pub(crate) file: PathBuf,
    /// Write one JSON line a cycle instead of the table
    #[arg(long)]
    pub(crate) json: bool,
    /// Write a self-contained page with plots
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Who the assistant is told to be: a text, or a file with it; else what the file says
    #[arg(long, value_name = "TEXT|FILE")]
    pub(crate) identity: Option<String>,
    /// Which dialogue of many: its number, its id, all, or list to see them
    #[arg(long, value_name = "N|ID|all|list")]
    pub(crate) dialogue: Option<String>,
    /// Which branch of a ChatGPT dialogue: current, a number, a message id, or list to see them
    #[arg(long, value_name = "N|ID|current|list", default_value = "current")]
    pub(crate) branch: BranchArg,
    /// The form of the file
    #[arg(
        long,
        value_name = "FORM",
        default_value = "auto",
        hide_possible_values = true
    )]
    pub(crate) format: FormatChoice,
    /// Where vectors come from: bundled, a model directory, or the URL of an endpoint
    #[arg(long, value_name = "bundled|DIR|URL")]
    pub(crate) embeddings: Option<String>,
    /// Which figures the table, the page and --fail-on use; --json has both
    #[arg(long, value_enum, default_value_t = Profile::Grounded)]
    pub(crate) profile: Profile,
    /// Show every cycle in the table
    #[arg(long)]
    pub(crate) all: bool,
    /// End with exit code 1 if any cycle reaches this band
    #[arg(long, value_name = "BAND", value_parser = bands())]
    pub(crate) fail_on: Option<String>,
}

const CHAT_HELP: &str = "\
Examples:
  sigma chat                                     # offline: answers from memory alone
  sigma chat --model http://localhost:11434/v1 --name llama3.2
  sigma chat --session diary --identity marta.txt   # kept, and gone on with next time";

/// Which model answers.
#[derive(Debug, Args)]
pub(crate) struct ModelArgs {
    /// Base URL of an OpenAI-compatible endpoint, up to /v1; else the settings, else offline
    #[arg(long, value_name = "URL")]
    pub(crate) model: Option<String>,
    /// The model to ask for
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
}

impl ModelArgs {
    /// Puts what was given over the settings.
    pub(crate) fn apply(&self, settings: &mut ModelSettings) {
        if let Some(url) = &self.model {
            settings.url.clone_from(url);
        }
        if let Some(name) = &self.name {
            settings.name.clone_from(name);
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = CHAT_HELP)]
pub(crate) struct Chat {
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    /// Who the assistant is: a text, or a file with it
    #[arg(long, value_name = "TEXT|FILE")]
    pub(crate) identity: Option<String>,
    /// Keep the dialogue under this id, and go on with it if it is there
    #[arg(long, value_name = "ID")]
    pub(crate) session: Option<String>,
    /// Where sessions are kept: a file, or memory
    #[arg(long, value_name = "FILE")]
    pub(crate) store: Option<String>,
}

const SERVE_HELP: &str = "\
Examples:
  sigma serve --model http://localhost:11434/v1 --name llama3.2
  curl localhost:8088/v1/chat/completions -H 'content-type: application/json' \\
       -d '{\"session_id\": \"s1\", \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}'

  # Python
  client = openai.OpenAI(base_url=\"http://localhost:8088/v1\", api_key=\"none\")

The session is the body's session_id, or the header x-session-id, or the dialogue that the
messages continue; the answer names it in x-session-id.";

#[derive(Debug, Args)]
#[command(after_help = SERVE_HELP)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    /// Address and port to listen on [default: 127.0.0.1:8088]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) bind: Option<String>,
    /// Where sessions are kept: a file, or memory [default: sigma.db]
    #[arg(long, value_name = "FILE")]
    pub(crate) store: Option<String>,
}

const BIND_HELP: &str = "\
The server asks the namespace for a descriptor with your key. For a server on this machine that has
interop.dangerously_allow_loopback on, sigma serves one itself; else publish what --descriptor prints.

Examples:
  SIGMA_INTEROP_DANGEROUSLY_ALLOW_LOOPBACK=true sigma serve &
  sigma bind http://127.0.0.1:8088

  sigma bind https://kiri.example --namespace https://foo.example/ns --descriptor > ns.json
  sigma bind https://kiri.example --namespace https://foo.example/ns --key foo.key.json";

#[derive(Debug, Args)]
#[command(after_help = BIND_HELP)]
pub(crate) struct Bind {
    /// The server, up to where /api begins
    pub(crate) url: String,
    /// The schema that is announced
    #[arg(long, value_name = "ID", default_value = "ext:foo/v2")]
    pub(crate) schema: SchemaId,
    /// Its version
    #[arg(long, value_name = "VERSION", default_value = "2.1.0")]
    pub(crate) schema_version: SchemaVersion,
    /// How your people are reached
    #[arg(long, value_name = "TEXT", default_value = "ops@foo.example")]
    pub(crate) contact: String,
    /// Where your descriptor is; without it, it is served on this machine while the command runs
    #[arg(long, value_name = "URL")]
    pub(crate) namespace: Option<String>,
    /// File of your signing key, made if there is none; without it, a key for this time only
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// The payload of the one message that is sent, as JSON
    #[arg(long, value_name = "JSON", default_value = r#"{"hello":"there"}"#)]
    pub(crate) message: String,
    /// Print the descriptor to publish, and do nothing else
    #[arg(long, requires = "key")]
    pub(crate) descriptor: bool,
    /// Stay bound instead of dissolving at the end; needs --key
    #[arg(long)]
    pub(crate) stay: bool,
}

const LEDGER_HELP: &str = "\
Examples:
  sigma ledger show
  sigma ledger show bnd_…                    # all entries of a binding or a negotiation, in full
  sigma ledger verify                        # this server's ledger and all that lies beside it
  sigma ledger export --out ledger.jsonl
  sigma ledger verify ledger.jsonl --key runtime.jwk.json   # anybody's, with nothing but the file and key
  sigma ledger erase ng_… contact";

#[derive(Debug, Args)]
#[command(after_help = LEDGER_HELP)]
pub(crate) struct Ledger {
    /// The ledger's SQLite file, if not the one of the settings
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) what: LedgerCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Look at every entry, every signature and every row; name the first that is broken
    Verify {
        /// An exported ledger, or the SQLite file of one, instead of the server's own
        export: Option<PathBuf>,
        /// The public key to trust, as a JWK or a JWK set; else that of the ledger's key file
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// List the entries, or print those of one negotiation, binding or entry in full
    Show {
        /// A negotiation, a binding, or the name of an entry
        which: Option<String>,
    },
    /// Write the ledger with a signed checkpoint, one canonical JSON line an entry
    Export {
        /// The file; else standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Erase the contact or the reason of a handshake; the ledger stays whole
    Erase {
        /// The negotiation
        negotiation: NegotiationId,
        /// Which text
        what: ErasedText,
    },
}

/// A text that is kept apart from the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ErasedText {
    /// What ANNOUNCE said of whom to reach
    Contact,
    /// Why the binding was dissolved
    Reason,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Folder for the reports
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(crate) out: PathBuf,
    /// Show every cycle in the tables
    #[arg(long)]
    pub(crate) all: bool,
}

fn bands() -> PossibleValuesParser {
    PossibleValuesParser::new(BANDS.iter().skip(1).map(|(name, _)| *name))
}

/// A branch, or the wish to see them all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BranchArg {
    List,
    One(BranchChoice),
}

impl std::str::FromStr for BranchArg {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "list" {
            Ok(Self::List)
        } else {
            text.parse().map(Self::One)
        }
    }
}

/// Which of the two measurements is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// Made for real dialogue; decides what the runtime does
    Grounded,
    /// The formulas as printed in the specification
    Reference,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }
}
