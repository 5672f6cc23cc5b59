#![doc = include_str!("../README.md")]

pub mod assemble;
pub mod cli;
pub mod exchange;
pub mod import;
pub mod interop;
pub mod measure;
pub mod report;
pub mod ris;
pub mod serve;
pub mod settings;
