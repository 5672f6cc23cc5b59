//! Sealing and verifying beside the primitives alone.
fn main() {}
