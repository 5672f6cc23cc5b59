//! The `sigma` command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    sigma_server::cli::run(std::env::args_os()).into()
}
