//! In which of three forms an answer is given and a body is read: JSON, JSON-LD, YAML (`SRIP-05 §4`).

use crate::exchange::fault::Fault;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use mediatype::{MediaType, MediaTypeList, Name, ReadParams as _};

/// A form in which state is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    JsonLd,
    Yaml,
}

/// The forms in order of preference, with their media types.
const FORMS: [(Form, &str); 3] = [
    (Form::Json, "application/json"),
    (Form::JsonLd, "application/ld+json"),
    (Form::Yaml, "application/yaml"),
];

/// Names that YAML went by before RFC 9512.
const OLD_YAML: [&str; 3] = ["application/x-yaml", "text/yaml", "text/x-yaml"];

const LISTED: &str = "application/json, application/ld+json, application/yaml";

/// How well a range fits: nothing, `*/*`, `application/*`, the type itself.
type Fit = u8;

impl Form {
    /// The media type.
    pub(crate) fn media(self) -> &'static str {
        FORMS
            .iter()
            .find(|(form, _)| *form == self)
            .map_or("application/json", |(_, media)| media)
    }

    /// The form that the asker likes best; of two equals the first of JSON, JSON-LD, YAML.
    pub(crate) fn accepted(headers: &HeaderMap) -> Result<Self, Fault> {
        let mut asked = String::new();
        for value in headers.get_all(header::ACCEPT) {
            let value = value.to_str().map_err(|_| unacceptable())?;
            asked += if asked.is_empty() { "" } else { "," };
            asked += value;
        }
        if asked.trim().is_empty() {
            return Ok(Self::Json);
        }
        let mut ranges = Vec::new();
        for range in MediaTypeList::new(&asked) {
            let range = range.map_err(|_| unacceptable())?;
            ranges.push((range.clone(), quality(&range)));
        }
        let mut best: Option<(Self, u16)> = None;
        for (form, media) in FORMS {
            let liked = liking(&ranges, form, media);
            if liked > 0 && best.is_none_or(|(_, most)| liked > most) {
                best = Some((form, liked));
            }
        }
        best.map(|(form, _)| form).ok_or_else(unacceptable)
    }

    /// The form of a body.
    pub(crate) fn of_body(headers: &HeaderMap) -> Result<Self, Fault> {
        let mut values = headers.get_all(header::CONTENT_TYPE).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(unsupported("The request names no content type, or several."));
        };
        let text = value.to_str().unwrap_or_default();
        let media = MediaType::parse(text)
            .map_err(|_| unsupported(&format!("{text:?} is no media type.")))?;
        let utf8 = |charset: &str| charset.eq_ignore_ascii_case("utf-8");
        let charset = media.get_param(mediatype::names::CHARSET);
        if charset.is_some_and(|charset| !utf8(&charset.unquoted_str())) {
            return Err(unsupported("The text has to be UTF-8."));
        }
        let essence = media.essence().to_string().to_ascii_lowercase();
        let known = FORMS.iter().find(|(_, media)| *media == essence);
        match known {
            Some((form, _)) => Ok(*form),
            None if OLD_YAML.contains(&essence.as_str()) => Ok(Self::Yaml),
            None => Err(unsupported(&format!("{essence} is not read here."))),
        }
    }
}

/// What of the ranges that fit best says of a form, in thousandths.
fn liking(ranges: &[(MediaType<'_>, u16)], form: Form, media: &str) -> u16 {
    let fits = ranges
        .iter()
        .filter_map(|(range, q)| Some((fit(range, form, media)?, *q)));
    // of equally close ranges the kinder one
    fits.max().map_or(0, |(_, q)| q)
}

fn fit(range: &MediaType<'_>, form: Form, media: &str) -> Option<Fit> {
    let essence = range.essence().to_string().to_ascii_lowercase();
    let old = form == Form::Yaml && OLD_YAML.contains(&essence.as_str());
    match essence.as_str() {
        "*/*" => Some(1),
        "application/*" => Some(2),
        "text/*" if form == Form::Yaml => Some(2),
        other => (other == media || old).then_some(3),
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

    fn accepted(value: &str) -> Result<Form, StatusCode> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, value.parse().unwrap());
        Form::accepted(&headers).map_err(|fault| fault.status())
    }

    #[test]
    fn the_form_that_is_liked_best_is_given() {
        let cases = [
            ("", Form::Json),
            ("*/*", Form::Json),
            ("application/*", Form::Json),
            ("application/ld+json", Form::JsonLd),
            ("application/yaml", Form::Yaml),
            ("text/yaml", Form::Yaml),
            ("application/json;q=0.5, application/yaml", Form::Yaml),
            ("application/json;q=0.5, application/ld+json;q=0.501", Form::JsonLd),
            ("*/*, application/json;q=0", Form::JsonLd),
            ("text/html, application/xhtml+xml, */*;q=0.1", Form::Json),
            ("APPLICATION/LD+JSON", Form::JsonLd),
            ("application/json; charset=utf-8", Form::Json),
        ];
        for (value, form) in cases {
            assert_eq!(accepted(value), Ok(form), "{value}");
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
            assert_eq!(accepted(value), Err(StatusCode::NOT_ACCEPTABLE), "{value}");
        }
    }

    #[test]
    fn a_body_says_what_it_is() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
            Form::of_body(&headers).map_err(|fault| fault.status())
        };
        assert_eq!(of("application/json"), Ok(Form::Json));
        assert_eq!(of("Application/LD+JSON; profile=\"x\""), Ok(Form::JsonLd));
        assert_eq!(of("application/yaml; charset=UTF-8"), Ok(Form::Yaml));
        assert_eq!(of("application/x-yaml"), Ok(Form::Yaml));
        for wrong in ["text/plain", "application/json; charset=latin1", "x", ""] {
            assert_eq!(of(wrong), Err(StatusCode::UNSUPPORTED_MEDIA_TYPE), "{wrong}");
        }
        let none = Form::of_body(&HeaderMap::new());
        assert!(none.is_err());
    }
}
