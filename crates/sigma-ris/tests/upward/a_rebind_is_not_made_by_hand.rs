//! An order to rebind comes from a sealed version only.
#![allow(dead_code)]
use sigma_ris::Rebind;

fn renamed(order: Rebind) -> Rebind {
    Rebind { name: "Star".into(), ..order }
}

fn main() {}
