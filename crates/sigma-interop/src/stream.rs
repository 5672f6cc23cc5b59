//! The event stream that phase frames arrive in (`SRIP-05 §4`): server-sent events, taken in as bytes
//! come, within a bound.

use std::{mem, str};

use crate::rules::StreamRules;

/// One event of a stream, as the HTML standard dispatches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// `event`; `message` where none was named.
    pub name: String,
    /// The last `id` seen, to resume from (`Last-Event-ID`); empty where there was none.
    pub id: String,
    /// `data`, its lines joined.
    pub data: String,
}

/// A stream is not one of events, or goes beyond the bound. It cannot be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// An event is longer than allowed.
    #[error("an event has more than {max} bytes")]
    TooLarge {
        /// Bytes taken.
        max: usize,
    },
    /// The stream is not UTF-8.
    #[error("the stream is not UTF-8")]
    NotText,
    /// The stream was at fault before.
    #[error("the stream was given up")]
    GivenUp,
}

/// Takes in a stream of server-sent events piece by piece. The pieces may end anywhere.
///
/// ```
/// use sigma_interop::{EventDecoder, rules::SRIP_05};
/// let mut decoder = EventDecoder::new(SRIP_05.stream);
/// assert!(decoder.push(b": heartbeat\n\nid: 7\nevent: pha").unwrap().is_empty());
/// let events = decoder.push(b"se\ndata: {}\n\n").unwrap();
/// assert_eq!((events[0].id.as_str(), events[0].name.as_str()), ("7", "phase"));
/// ```
#[derive(Debug, Clone)]
pub struct EventDecoder {
    rules: StreamRules,
    line: Vec<u8>,
    begun: bool,
    after_return: bool,
    given_up: bool,
    name: String,
    id: String,
    data: String,
    has_data: bool,
    /// Bytes of the event so far.
    taken: usize,
}

impl EventDecoder {
    /// A decoder at the beginning of a stream.
    #[must_use]
    pub const fn new(rules: StreamRules) -> Self {
        Self {
            rules,
            line: Vec::new(),
            begun: false,
            after_return: false,
            given_up: false,
            name: String::new(),
            id: String::new(),
            data: String::new(),
            has_data: false,
            taken: 0,
        }
    }

    /// Where to resume from: the last `id` seen.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        &self.id
    }

    /// Takes in a piece and gives the events that it completes.
    ///
    /// # Errors
    /// [`StreamError`]; the stream is then given up.
    pub fn push(&mut self, piece: &[u8]) -> Result<Vec<Event>, StreamError> {
        if self.given_up {
            return Err(StreamError::GivenUp);
        }
        let mut events = Vec::new();
        for &byte in piece {
            if let Err(error) = self.byte(byte, &mut events) {
                self.given_up = true;
                return Err(error);
            }
        }
        Ok(events)
    }

    /// Lines end with a carriage return, a line feed, or one after the other.
    fn byte(&mut self, byte: u8, events: &mut Vec<Event>) -> Result<(), StreamError> {
        let after_return = mem::take(&mut self.after_return);
        match byte {
            b'\n' if after_return => Ok(()),
            b'\n' | b'\r' => {
                self.after_return = byte == b'\r';
                events.extend(self.end_of_line()?);
                Ok(())
            }
            _ => {
                self.taken += 1;
                if self.taken > self.rules.event_bytes {
                    let max = self.rules.event_bytes;
                    return Err(StreamError::TooLarge { max });
                }
                self.line.push(byte);
                Ok(())
            }
        }
    }

    fn end_of_line(&mut self) -> Result<Option<Event>, StreamError> {
        let line = mem::take(&mut self.line);
        let text = str::from_utf8(&line).map_err(|_| StreamError::NotText)?;
        let text = match text.strip_prefix('\u{feff}') {
            Some(rest) if !self.begun => rest,
            _ => text,
        };
        self.begun = true;
        if text.is_empty() {
            return Ok(self.dispatch());
        }
        let (field, value) = text.split_once(':').unwrap_or((text, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
                self.has_data = true;
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            // a comment is no part of an event, and a stream may live of them for hours
            "" => self.taken -= line.len(),
            _ => {}
        }
        Ok(None)
    }

    fn dispatch(&mut self) -> Option<Event> {
        self.taken = 0;
        let name = mem::take(&mut self.name);
        let mut data = mem::take(&mut self.data);
        if !mem::take(&mut self.has_data) {
            return None;
        }
        data.pop();
        Some(Event {
            name: if name.is_empty() {
                "message".to_owned()
            } else {
                name
            },
            id: self.id.clone(),
            data,
        })
    }
}

impl Event {
    /// Writes the event as a server sends it. Line breaks of the data become lines; of name and id they
    /// are left out.
    #[must_use]
    pub fn to_text(&self) -> String {
        let plain = |text: &str| text.replace(['\n', '\r'], "");
        let mut text = String::with_capacity(self.data.len() + 64);
        if !self.id.is_empty() {
            // an id with a NUL in it would be passed over
            let id = plain(&self.id).replace('\0', "");
            text.push_str(&format!("id: {id}\n"));
        }
        if self.name != "message" {
            text.push_str(&format!("event: {}\n", plain(&self.name)));
        }
        let data = self.data.replace("\r\n", "\n").replace('\r', "\n");
        for line in data.split('\n') {
            text.push_str(&format!("data: {line}\n"));
        }
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_05;
    use proptest::prelude::*;

    fn all(bytes: &[u8], piece: usize) -> Result<Vec<Event>, StreamError> {
        let mut decoder = EventDecoder::new(SRIP_05.stream);
        let mut events = Vec::new();
        for piece in bytes.chunks(piece.max(1)) {
            events.extend(decoder.push(piece)?);
        }
        Ok(events)
    }

    #[test]
    fn a_name_with_a_nul_is_read_back_as_it_was_written() {
        let event = Event {
            name: "\u{5cf}\0hase".into(),
            id: "7\0".into(),
            data: "{\0}".into(),
        };
        let mut decoder = EventDecoder::new(SRIP_05.stream);
        let read = decoder.push(event.to_text().as_bytes()).unwrap();
        let id = "7".into();
        assert_eq!(read, [Event { id, ..event }]);
    }

    #[test]
    fn the_cases_of_the_standard_are_read() {
        let text = "\u{feff}: comment\r\rdata: YHOO\ndata:+2\ndata: 10\r\n\nid: 1\ndata:  second\n\nid\ndata\n\ndata\ndata\n\ndata: unfinished";
        let events = all(text.as_bytes(), 3).unwrap();
        let data: Vec<&str> = events.iter().map(|event| event.data.as_str()).collect();
        assert_eq!(data, ["YHOO\n+2\n10", " second", "", "\n"]);
        assert_eq!((events[1].id.as_str(), events[2].id.as_str()), ("1", ""));
    }

    #[test]
    fn an_endless_event_and_what_is_no_text_end_the_stream() {
        let mut decoder = EventDecoder::new(StreamRules { event_bytes: 16 });
        for _ in 0..100 {
            decoder.push(b": heartbeat..\n").unwrap();
        }
        assert_eq!(
            decoder.push(&[b'x'; 17]),
            Err(StreamError::TooLarge { max: 16 })
        );
        assert_eq!(decoder.push(b"\n"), Err(StreamError::GivenUp));
        assert_eq!(all(b"data: \xff\n", 9), Err(StreamError::NotText));
    }

    proptest! {
        #[test]
        fn pieces_make_no_difference(text in "(data|id|event|:|x)?(: ?)?[a-z\u{e4}\r\n]{0,12}(\n\n|\r\r|\r\n\r\n)?{0,5}", piece in 1usize..9) {
            prop_assert_eq!(all(text.as_bytes(), piece), all(text.as_bytes(), usize::MAX));
        }

        #[test]
        fn what_is_written_is_read(name in "[a-z]{1,8}", id in "[0-9]{0,4}", data in "[ -~\u{e4}\n]{0,40}") {
            let event = Event { name, id, data };
            prop_assert_eq!(all(event.to_text().as_bytes(), 7).unwrap(), vec![event]);
        }
    }
}
