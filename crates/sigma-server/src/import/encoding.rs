//! From bytes to text: UTF-8, with or without a byte order mark, and clear words about the rest.

use crate::import::error::{ImportError, TextFault};

/// The text of `bytes` without a byte order mark.
pub(crate) fn text<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, ImportError> {
    let fault = |line, fault| ImportError::NotText {
        file: name.into(),
        line,
        fault,
    };
    if let Some(utf16) = utf16(bytes) {
        return Err(fault(1, utf16));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(fault(1, TextFault::Zip));
    }
    if bytes.starts_with(b"\x1F\x8B") {
        return Err(fault(1, TextFault::Gzip));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        fault(1 + before.matches('\n').count(), TextFault::NotUtf8)
    })?;
    if text.trim().is_empty() {
        return Err(ImportError::Empty { file: name.into() });
    }
    Ok(text)
}

/// UTF-16 by its mark, or by the zero bytes that JSON's ASCII punctuation gets in it.
fn utf16(bytes: &[u8]) -> Option<TextFault> {
    match bytes {
        [0xFF, 0xFE, ..] => Some(TextFault::Utf16LittleEndian),
        [0xFE, 0xFF, ..] => Some(TextFault::Utf16BigEndian),
        [a, 0, _, 0, ..] if *a != 0 => Some(TextFault::Utf16LittleEndian),
        [0, a, 0, _, ..] if *a != 0 => Some(TextFault::Utf16BigEndian),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault_of(bytes: &[u8]) -> (usize, TextFault) {
        match text("f", bytes) {
            Err(ImportError::NotText { line, fault, .. }) => (line, fault),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_byte_order_mark_is_taken_off() {
        assert_eq!(text("f", b"\xEF\xBB\xBF[]").unwrap(), "[]");
    }

    #[test]
    fn what_is_not_utf8_is_named() {
        let encode = |big: bool| -> Vec<u8> {
            let both = |u: u16| {
                if big {
                    u.to_be_bytes()
                } else {
                    u.to_le_bytes()
                }
            };
            "[\"é\"]".encode_utf16().flat_map(both).collect()
        };
        assert_eq!(fault_of(&encode(false)).1, TextFault::Utf16LittleEndian);
        assert_eq!(fault_of(&encode(true)).1, TextFault::Utf16BigEndian);
        assert_eq!(fault_of(b"\xFF\xFE[\0").1, TextFault::Utf16LittleEndian);
        assert_eq!(fault_of(b"PK\x03\x04zip").1, TextFault::Zip);
        assert_eq!(fault_of(b"[\r\n\"caf\xE9\"]"), (2, TextFault::NotUtf8));
        assert!(matches!(
            text("f", b" \r\n\t"),
            Err(ImportError::Empty { .. })
        ));
    }
}
