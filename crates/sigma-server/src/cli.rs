//! The `sigma` command line.

mod args;
mod bind;
mod chat;
mod completions;
mod config_show;
mod demo;
mod exit;
mod ledger;
mod peer;
mod replay;
mod ris;
mod serve;
mod terminal;

pub use args::Cli;
pub use exit::Exit;

use crate::settings;
use args::Command;
use clap::{CommandFactory, Parser};
use exit::Failure;
use std::{ffi::OsString, io};

/// Runs the command line on `args` (the program's name first) and says how the process ends.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // help and version go to standard output and are no failure
            let failed = error.use_stderr();
            return match error.print() {
                Ok(()) if failed => Exit::Usage,
                Ok(()) => Exit::Fine,
                Err(error) => terminal::report(&Failure::from(error)),
            };
        }
    };
    match dispatch(cli) {
        Ok(exit) => exit,
        Err(failure) => terminal::report(&failure),
    }
}

fn dispatch(cli: Cli) -> Result<Exit, Failure> {
    let settings = || {
        let loaded = settings::load(cli.config.as_deref(), std::env::vars())?;
        terminal::warn_of_variables(&loaded);
        Ok::<_, Failure>(loaded)
    };
    match cli.command {
        Command::Replay(replay) => replay::run(&replay, &settings()?),
        Command::Chat(chat) => chat::run(&chat, &settings()?),
        Command::Serve(serve) => serve::run(&serve, &settings()?),
        Command::Demo(demo) => demo::run(&demo),
        Command::Bind(args) => bind::run(&args),
        Command::Ledger(args) => ledger::run(&args, &settings()?),
        Command::Ris(args) => ris::run(&args),
        Command::Peer(args) => peer::run(&args, &settings()?),
        Command::Config => config_show::run(&mut io::stdout().lock(), &settings()?),
        Command::Completions { shell } => {
            completions::run(&mut io::stdout().lock(), shell, &mut Cli::command())
        }
    }
}
