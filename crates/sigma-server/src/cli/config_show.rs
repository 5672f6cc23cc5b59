//! `sigma config`.

use crate::{
    cli::exit::{Exit, Failure},
    settings::Loaded,
};
use std::io::Write;

pub(crate) fn run(out: &mut impl Write, loaded: &Loaded) -> Result<Exit, Failure> {
    write!(out, "{}", loaded.describe())?;
    Ok(Exit::Fine)
}
