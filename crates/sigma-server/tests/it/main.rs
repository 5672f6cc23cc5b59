//! Integration tests of the importers, the reports and the command line.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod command;
mod exchange;
mod import;
mod interop;
mod relation;
mod report;
mod serve;
