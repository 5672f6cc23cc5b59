//! `sigma completions`.

use crate::cli::exit::{Exit, Failure};
use clap_complete::Shell;
use std::io::Write;

pub(crate) fn run(
    out: &mut impl Write,
    shell: Shell,
    command: &mut clap::Command,
) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, command, "sigma", &mut script);
    out.write_all(&script)?;
    Ok(Exit::Fine)
}
