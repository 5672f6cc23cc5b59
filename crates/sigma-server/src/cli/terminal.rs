//! What stands between the commands and the terminal.

use crate::{
    cli::exit::{Exit, Failure},
    settings::Loaded,
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    env,
    fmt::Display,
    io::{self, IsTerminal, Write},
};
use tracing_subscriber::filter::{EnvFilter, LevelFilter};

/// Columns when nobody says.
const DEFAULT_WIDTH: usize = 100;
/// The widest that is still read with pleasure.
const WIDEST: usize = 160;
/// Work with fewer steps shows no progress bar.
const LONG: u64 = 200;

/// Says on standard error what went wrong and how to mend it.
pub(crate) fn report(failure: &Failure) -> Exit {
    let exit = failure.exit();
    if exit != Exit::Fine {
        let mut out = io::stderr().lock();
        // when even this cannot be written, the exit code must do
        let _ = writeln!(out, "sigma: {}", visible(&failure.to_string()));
        let mend = failure.mend();
        if !mend.is_empty() {
            let _ = writeln!(out, "  to mend it: {}", visible(&mend));
        }
    }
    exit
}

/// Says something beside the output.
pub(crate) fn note(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "sigma: {}", visible(&text.to_string()));
}

pub(crate) fn warn_of_variables(loaded: &Loaded) {
    for name in &loaded.unknown_variables {
        note(format_args!(
            "{name} is no setting and was ignored; `sigma config` shows them all"
        ));
    }
}

/// Text that does not ask for attention.
pub(crate) fn quiet(text: &str, colour: bool) -> String {
    if colour {
        format!("\u{1b}[2m{text}\u{1b}[0m")
    } else {
        text.into()
    }
}

/// Sends the log to standard error; `SIGMA_LOG` chooses what, warnings if it says nothing.
pub(crate) fn log() {
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::WARN.into());
    let filter = filter.with_env_var("SIGMA_LOG").from_env_lossy();
    let log = tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_env_filter(filter);
    // a second call in one process keeps the first log
    let _ = log.with_ansi(io::stderr().is_terminal()).try_init();
}

/// Columns to fill: those of the terminal, within reason.
pub(crate) fn width() -> usize {
    let told = env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    let of_terminal = || {
        console::Term::stdout()
            .size_checked()
            .map(|(_, columns)| columns.into())
    };
    told.or_else(of_terminal)
        .unwrap_or(DEFAULT_WIDTH)
        .clamp(40, WIDEST)
}

/// Whether colours are wanted: on a terminal, unless `NO_COLOR` says no.
pub(crate) fn colour() -> bool {
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    !refused && !dumb && io::stdout().is_terminal()
}

/// A progress bar on standard error for long work on a terminal, otherwise a hidden one.
pub(crate) fn progress(steps: u64, what: &'static str) -> ProgressBar {
    if steps < LONG || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::stderr_with_hz(12));
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(what);
    bar
}

/// Text without characters that would command the terminal; line breaks and tabs stay.
pub(crate) fn visible(text: &str) -> String {
    let keep = |c: char| !c.is_control() || c == '\n' || c == '\t';
    text.chars()
        .map(|c| if keep(c) { c } else { '\u{fffd}' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_commands_the_terminal() {
        assert_eq!(visible("a\u{1b}[2Jb\n\u{9b}c"), "a\u{fffd}[2Jb\n\u{fffd}c");
    }
}
