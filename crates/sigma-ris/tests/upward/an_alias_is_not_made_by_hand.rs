//! Aliases are granted by a session.
#![allow(dead_code)]
use sigma_ris::Alias;

fn renamed(alias: Alias) -> Alias {
    Alias { name: "Star".into(), ..alias }
}

fn main() {}
