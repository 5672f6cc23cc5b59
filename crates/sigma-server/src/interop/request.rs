//! A request as it was signed: method, target, headers and body as they came.

use crate::interop::Origin;
use axum::http::{Method, Uri, header, request::Parts};
use bytes::Bytes;
use kiri_ioh::message;

/// A request, for [`message::verify`].
#[derive(Debug)]
pub(crate) struct Received {
    method: Method,
    origin: Origin,
    uri: Uri,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Received {
    /// `uri` is the whole target, whatever router the request is in; `public` is how peers reach us,
    /// where it is not what the request says.
    pub(crate) fn new(parts: &Parts, uri: &Uri, public: Option<&Origin>, body: Bytes) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let host = parts.headers.get(header::HOST);
        let origin = public.cloned().unwrap_or_else(|| Origin {
            scheme: "http".into(),
            authority: host.map_or(String::new(), |host| text(host.as_bytes())),
        });
        let headers = parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())));
        Self {
            method: parts.method.clone(),
            origin,
            uri: uri.clone(),
            headers: headers.collect(),
            body,
        }
    }

    pub(crate) fn view(&self) -> message::Request<'_> {
        message::Request {
            method: self.method.as_str(),
            scheme: &self.origin.scheme,
            authority: &self.origin.authority,
            path: self.uri.path(),
            query: self.uri.query(),
            headers: &self.headers,
            body: &self.body,
        }
    }
}
