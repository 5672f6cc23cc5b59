//! Packets, minimal exchanges, frames, commands, snapshots and handshakes in JSON: nothing panics, and
//! what is read reads back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sigma_interop::{
    Format, HandshakeAnswer, HandshakeRequest, MemorySnapshot, Message, MinimalExchange, Payload,
    PhaseCommand, PhaseFrame, PhaseSyncEvent, SigmaPacket, Unverified, rules::SRIP_05,
};

fn steady<P: Payload>(bytes: &[u8], format: Format, _: Option<Message<P>>) {
    let Ok(read) = Unverified::<Message<P>>::read(bytes, format, &SRIP_05) else {
        return;
    };
    for format in [Format::Json, Format::Yaml] {
        let written = read.to_bytes(format);
        let again = Unverified::<Message<P>>::read(&written, format, &SRIP_05);
        let again = again.unwrap_or_else(|error| panic!("{format:?}: {error}"));
        assert_eq!(again.to_bytes(Format::Json), read.to_bytes(Format::Json));
    }
}

fuzz_target!(|bytes: &[u8]| {
    for format in [Format::Json, Format::JsonLd] {
        steady(bytes, format, None::<SigmaPacket>);
        steady(bytes, format, None::<MinimalExchange>);
    }
    steady(bytes, Format::Json, None::<MemorySnapshot>);
    steady(bytes, Format::Json, None::<PhaseFrame>);
    steady(bytes, Format::Json, None::<PhaseSyncEvent>);
    steady(bytes, Format::Json, None::<PhaseCommand>);
    steady(bytes, Format::Json, None::<HandshakeRequest>);
    steady(bytes, Format::Json, None::<HandshakeAnswer>);
});
