//! Packets in YAML: nothing panics, and what is read means the same in JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sigma_interop::{Format, SigmaPacket, Unverified, rules::SRIP_05, wire};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(value) = wire::read(bytes, Format::Yaml, &SRIP_05.packet) {
        let text = sigma_types::canonical_json(&value).expect("what was read is a value");
        let again = wire::read(&text, Format::Json, &wide()).expect("canonical JSON is read");
        assert_eq!(again, value);
    }
    let Ok(read) = Unverified::<SigmaPacket>::read(bytes, Format::Yaml, &SRIP_05) else {
        return;
    };
    for format in Format::ALL {
        let written = read.to_bytes(format);
        let again = Unverified::<SigmaPacket>::read(&written, format, &SRIP_05);
        let again = again.unwrap_or_else(|error| panic!("{format:?}: {error}"));
        assert_eq!(again.to_bytes(Format::Json), read.to_bytes(Format::Json));
    }
});

/// JSON may be longer than the YAML that it was made of.
fn wide() -> sigma_interop::rules::ReadLimits {
    let mut limits = SRIP_05.packet;
    limits.bytes *= 8;
    limits
}
