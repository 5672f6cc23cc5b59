//! Bodies as they were before compression, never beyond a limit.

use crate::exchange::fault::Fault;
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use std::io::{self, Read};
use tokio::task::spawn_blocking;
use zstd::stream::read::Decoder as ZstdDecoder;

/// What a zstd stream may ask for as its window: 8 MiB, as RFC 8878 recommends.
const ZSTD_WINDOW_LOG: u32 = 23;

const SPOKEN: &str = "gzip, zstd";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Plain,
    Gzip,
    Zstd,
}

/// Reads a body to its end and undoes its compression; both the bytes sent and what becomes of them may
/// be `limit` at most.
pub(crate) async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Fault> {
    let coding = coding(headers)?;
    // a body that says how long it is need not be read to be refused
    let stated = headers.get(header::CONTENT_LENGTH);
    let stated = stated.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if stated.is_some_and(|stated| stated > limit as u64) {
        return Err(too_long(limit));
    }
    let sent = Limited::new(body, limit).collect().await;
    let sent = sent
        .map_err(|error| {
            if error.is::<LengthLimitError>() {
                too_long(limit)
            } else {
                Fault::new(
                    StatusCode::BAD_REQUEST,
                    "The body could not be read to its end.",
                )
            }
        })?
        .to_bytes();
    if coding == Coding::Plain {
        return Ok(sent);
    }
    spawn_blocking(move || undone(coding, &sent, limit))
        .await
        .map_err(|error| Fault::internal(&error))?
}

fn coding(headers: &HeaderMap) -> Result<Coding, Fault> {
    let mut values = headers.get_all(header::CONTENT_ENCODING).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Ok(Coding::Plain),
        (Some(value), None) => value.as_bytes().to_ascii_lowercase(),
        (Some(_), Some(_)) => return Err(unspoken()),
    };
    match value.as_slice() {
        b"identity" => Ok(Coding::Plain),
        b"gzip" | b"x-gzip" => Ok(Coding::Gzip),
        b"zstd" => Ok(Coding::Zstd),
        _ => Err(unspoken()),
    }
}

fn undone(coding: Coding, sent: &[u8], limit: usize) -> Result<Bytes, Fault> {
    let mut plain = Vec::new();
    let read = match coding {
        Coding::Plain => return Ok(Bytes::copy_from_slice(sent)),
        Coding::Gzip => bounded(MultiGzDecoder::new(sent), limit, &mut plain),
        Coding::Zstd => ZstdDecoder::with_buffer(sent).and_then(|mut decoder| {
            decoder.window_log_max(ZSTD_WINDOW_LOG)?;
            bounded(decoder, limit, &mut plain)
        }),
    };
    match read {
        Ok(()) if plain.len() <= limit => Ok(plain.into()),
        Ok(()) => Err(too_long(limit)),
        Err(_) => Err(Fault::new(
            StatusCode::BAD_REQUEST,
            "The body is not whole in the encoding that `content-encoding` names.",
        )),
    }
}

fn bounded(from: impl Read, limit: usize, plain: &mut Vec<u8>) -> io::Result<()> {
    from.take(limit as u64 + 1).read_to_end(plain).map(drop)
}

fn too_long(limit: usize) -> Fault {
    let detail = format!("The body is longer than {limit} bytes.");
    Fault::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
}

fn unspoken() -> Fault {
    let detail =
        format!("The body's encoding is not read here. Send it plain or in one of: {SPOKEN}.");
    let fault = Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail);
    fault.with_header(header::ACCEPT_ENCODING, HeaderValue::from_static(SPOKEN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write as _;

    const LIMIT: usize = 10_000;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    async fn of(encoding: &str, sent: Vec<u8>) -> Result<Bytes, StatusCode> {
        let mut headers = HeaderMap::new();
        for one in encoding.split('|').filter(|one| !one.is_empty()) {
            headers.append(header::CONTENT_ENCODING, one.parse().unwrap());
        }
        let read = read(&headers, Body::from(sent), LIMIT).await;
        read.map_err(|fault| fault.status())
    }

    #[tokio::test]
    async fn what_was_compressed_is_undone() {
        let plain = b"phase phase phase".to_vec();
        let zstd = zstd::encode_all(plain.as_slice(), 3).unwrap();
        let twice = [gzip(&plain[..5]), gzip(&plain[5..])].concat();
        for (encoding, sent) in [
            ("", plain.clone()),
            ("identity", plain.clone()),
            ("GZIP", gzip(&plain)),
            ("x-gzip", twice),
            ("zstd", zstd),
        ] {
            assert_eq!(of(encoding, sent).await.unwrap(), plain, "{encoding}");
        }
    }

    #[tokio::test]
    async fn what_would_grow_beyond_the_limit_is_refused() {
        let large = vec![0; 50 << 20];
        let zstd = zstd::encode_all(large.as_slice(), 3).unwrap();
        for (encoding, sent) in [
            ("gzip", gzip(&large)),
            ("zstd", zstd),
            ("", vec![0; LIMIT + 1]),
        ] {
            let status = of(encoding, sent).await.unwrap_err();
            assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{encoding}");
        }
        assert!(of("", vec![0; LIMIT]).await.is_ok());
    }

    #[tokio::test]
    async fn a_bad_encoding_is_refused() {
        let plain = b"phase".to_vec();
        let mut cut = gzip(&plain);
        cut.truncate(cut.len() - 3);
        let trailing = [gzip(&plain), b"more".to_vec()].concat();
        let zstd = zstd::encode_all(plain.as_slice(), 3).unwrap();
        for (encoding, sent, status) in [
            ("gzip", plain.clone(), 400),
            ("gzip", cut, 400),
            ("gzip", trailing, 400),
            ("zstd", gzip(&plain), 400),
            ("zstd", zstd[..zstd.len() - 2].to_vec(), 400),
            ("br", plain.clone(), 415),
            ("gzip, gzip", gzip(&gzip(&plain)), 415),
            ("gzip|gzip", gzip(&plain), 415),
        ] {
            let got = of(encoding, sent).await.unwrap_err();
            assert_eq!(got.as_u16(), status, "{encoding}");
        }
    }
}
