//! In which of three forms an answer is given and a body is read: JSON, JSON-LD, YAML (`SRIP-05 §4`).

use crate::exchange::fault::Fault;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use mediatype::{MediaType, MediaTypeList, Name, ReadParams as _};
use sigma_interop::Format;

/// Names that YAML went by before RFC 9512.
const OLD_YAML: [&str; 3] = ["application/x-yaml", "text/yaml", "text/x-yaml"];

const LISTED: &str = "application/json, application/ld+json, application/yaml";

/// How well a range fits: nothing, `*/*`, `application/*`, the type itself.
type Fit = u8;

/// The form that the asker likes best; of two equals the first of JSON, JSON-LD, YAML.
pub(crate) fn accepted(headers: &HeaderMap) -> Result<Format, Fault> {
    let mut asked = String::new();
    for value in headers.get_all(header::ACCEPT) {
        let value = value.to_str().map_err(|_| unacceptable())?;
        asked += if asked.is_empty() { "" } else { "," };
        asked += value;
    }
    if asked.trim().is_empty() {
        return Ok(Format::Json);
    }
    let mut ranges = Vec::new();
    for range in MediaTypeList::new(&asked) {
        let range = range.map_err(|_| unacceptable())?;
        ranges.push((range.clone(), quality(&range)));
    }
    let mut best: Option<(Format, u16)> = None;
    for form in Format::ALL {
        let liked = liking(&ranges, form);
        if liked > 0 && best.is_none_or(|(_, most)| liked > most) {
            best = Some((form, liked));
        }
    }
    best.map(|(form, _)| form).ok_or_else(unacceptable)
}

/// The form of a body.
pub(crate) fn of_body(headers: &HeaderMap) -> Result<Format, Fault> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(unsupported(
            "The request names no content type, or several.",
        ));
    };
    let text = value.to_str().unwrap_or_default();
    let media =
        MediaType::parse(text).map_err(|_| unsupported(&format!("{text:?} is no media type.")))?;
    let utf8 = |charset: &str| charset.eq_ignore_ascii_case("utf-8");
    let charset = media.get_param(mediatype::names::CHARSET);
    if charset.is_some_and(|charset| !utf8(&charset.unquoted_str())) {
        return Err(unsupported("The text has to be UTF-8."));
    }
    let essence = media.essence().to_string().to_ascii_lowercase();
    let known = Format::ALL
        .into_iter()
        .find(|form| form.media_type() == essence);
    match known {
        Some(form) => Ok(form),
        None if OLD_YAML.contains(&essence.as_str()) => Ok(Format::Yaml),
        None => Err(unsupported(&format!("{essence} is not read here."))),
    }
}

/// What of the ranges that fit best says of a form, in thousandths.
fn liking(ranges: &[(MediaType<'_>, u16)], form: Format) -> u16 {
    let fits = ranges
        .iter()
        .filter_map(|(range, q)| Some((fit(range, form)?, *q)));
    // of equally close ranges the kinder one
    fits.max().map_or(0, |(_, q)| q)
}

fn fit(range: &MediaType<'_>, form: Format) -> Option<Fit> {
    let essence = range.essence().to_string().to_ascii_lowercase();
    let old = form == Format::Yaml && OLD_YAML.contains(&essence.as_str());
    match essence.as_str() {
        "*/*" => Some(1),
        "application/*" => Some(2),
        "text/*" if form == Format::Yaml => Some(2),
        other => (other == form.media_type() || old).then_some(3),
    }
}

/// The weight of a range in thousandths (RFC 9110, section 12.4.2); one that cannot be read is none.
fn quality(range: &MediaType<'_>) -> u16 {
    let Some(q) = range.get_param(Name::new_unchecked("q")) else {
        return 1000;
    };
    let q: f64 = q.unquoted_str().parse().unwrap_or(0.0);
    if (0.0..=1.0).contains(&q) {
        (q * 1000.0).round() as u16
    } else {
        0
    }
}

fn unacceptable() -> Fault {
    let detail = format!("None of the accepted forms is spoken here. Accept one of: {LISTED}.");
    Fault::new(StatusCode::NOT_ACCEPTABLE, detail)
}

fn unsupported(why: &str) -> Fault {
    let detail = format!("{why} Send one of: {LISTED}.");
    let fault = Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail);
    fault.with_header(header::ACCEPT, HeaderValue::from_static(LISTED))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted_for(value: &str) -> Result<Format, StatusCode> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, value.parse().unwrap());
        accepted(&headers).map_err(|fault| fault.status())
    }

    #[test]
    fn the_form_that_is_liked_best_is_given() {
        let cases = [
            ("", Format::Json),
            ("*/*", Format::Json),
            ("application/*", Format::Json),
            ("application/ld+json", Format::JsonLd),
            ("application/yaml", Format::Yaml),
            ("text/yaml", Format::Yaml),
            ("application/json;q=0.5, application/yaml", Format::Yaml),
            (
                "application/json;q=0.5, application/ld+json;q=0.501",
                Format::JsonLd,
            ),
            ("*/*, application/json;q=0", Format::JsonLd),
            ("text/html, application/xhtml+xml, */*;q=0.1", Format::Json),
            ("APPLICATION/LD+JSON", Format::JsonLd),
            ("application/json; charset=utf-8", Format::Json),
        ];
        for (value, form) in cases {
            assert_eq!(accepted_for(value), Ok(form), "{value}");
        }
    }

    #[test]
    fn what_is_not_spoken_is_refused() {
        let cases = [
            "text/html",
            "application/json;q=0",
            "application/json;q=nonsense",
            "application/json;q=2",
            "*/*;q=0",
            "json",
        ];
        for value in cases {
            assert_eq!(
                accepted_for(value),
                Err(StatusCode::NOT_ACCEPTABLE),
                "{value}"
            );
        }
    }

    #[test]
    fn a_body_says_what_it_is() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
            of_body(&headers).map_err(|fault| fault.status())
        };
        assert_eq!(of("application/json"), Ok(Format::Json));
        assert_eq!(of("Application/LD+JSON; profile=\"x\""), Ok(Format::JsonLd));
        assert_eq!(of("application/yaml; charset=UTF-8"), Ok(Format::Yaml));
        assert_eq!(of("application/x-yaml"), Ok(Format::Yaml));
        for wrong in ["text/plain", "application/json; charset=latin1", "x", ""] {
            assert_eq!(
                of(wrong),
                Err(StatusCode::UNSUPPORTED_MEDIA_TYPE),
                "{wrong}"
            );
        }
        let none = of_body(&HeaderMap::new());
        assert!(none.is_err());
    }
}
