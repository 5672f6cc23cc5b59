//! The decoder of event streams: nothing panics, pieces make no difference, and what it gives is bounded.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sigma_interop::{EventDecoder, rules::StreamRules};

const RULES: StreamRules = StreamRules { event_bytes: 256 };

fuzz_target!(|bytes: &[u8]| {
    let Some((size, stream)) = bytes.split_first() else {
        return;
    };
    let mut whole = EventDecoder::new(RULES);
    let all = whole.push(stream);
    let mut pieces = EventDecoder::new(RULES);
    let mut given = Vec::new();
    let mut fault = None;
    for piece in stream.chunks(usize::from(*size).max(1)) {
        match pieces.push(piece) {
            Ok(events) => given.extend(events),
            Err(error) => {
                fault = Some(error);
                break;
            }
        }
    }
    match (all, fault) {
        (Ok(all), None) => assert_eq!(all, given),
        (Err(whole), Some(piecewise)) => assert_eq!(whole, piecewise),
        (whole, piecewise) => panic!("{whole:?} and {piecewise:?}"),
    }
    for event in &given {
        assert!(event.data.len() + event.name.len() <= RULES.event_bytes + 7);
        let mut decoder = EventDecoder::new(RULES);
        let again = decoder.push(event.to_text().as_bytes());
        if let Ok(again) = again {
            assert_eq!(again.len(), 1);
            assert_eq!((&again[0].data, &again[0].name), (&event.data, &event.name));
        }
    }
});
