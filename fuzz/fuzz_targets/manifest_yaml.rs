//! Capability manifests in YAML: nothing panics, what is read is written and read back, and any two of
//! them can be held against each other.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sigma_interop::{Capabilities, Format, negotiate, rules::SRIP_05};

fuzz_target!(|bytes: &[u8]| {
    let Ok(theirs) = Capabilities::read(bytes, Format::Yaml, &SRIP_05) else {
        return;
    };
    let again = Capabilities::read(&theirs.to_bytes(Format::Yaml), Format::Yaml, &SRIP_05);
    assert_eq!(again.expect("what was written is read"), theirs);
    let ours = Capabilities::of_this_crate(theirs.runtime_id, Vec::new(), &SRIP_05);
    let one = negotiate(&ours, theirs.runtime_id, &theirs);
    let other = negotiate(&theirs, ours.runtime_id, &ours);
    assert_eq!(one.outcome, other.outcome);
    assert_eq!(one.protocol_version, other.protocol_version);
});
