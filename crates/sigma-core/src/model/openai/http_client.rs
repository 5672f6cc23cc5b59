//! One HTTP endpoint: POST with a key, time limits, and a patient repeat of what failed early.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use serde_json::Value;
use tokio::time::{sleep, timeout};

use super::{ModelError, OpenAiConfig, ProtocolFault};

/// A base URL cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// Not a URL with a host.
    #[error("{0:?} is not a URL with a host; write for example http://localhost:11434/v1")]
    NotAUrl(String),
    /// Another scheme than `http` or `https`.
    #[error("the URL must begin with http:// or https://, not {0:?}")]
    Scheme(String),
    /// A user name or password in the URL: keys belong into the key setting.
    #[error("the URL must not carry a user name or password; set the API key instead")]
    UserInfo,
    /// The key has characters that no header can carry.
    #[error("the API key holds characters that an HTTP header cannot carry")]
    Key,
}

/// A body of at most [`LIMIT`] bytes, and how long to wait for each part of it.
pub(super) struct Reply {
    pub(super) body: Limited<Incoming>,
    pub(super) idle: Duration,
}

/// Longest answer that is read.
pub(super) const LIMIT: usize = 16 * 1024 * 1024;
const ERROR_LIMIT: usize = 64 * 1024;

#[derive(Debug, Clone)]
pub(super) struct Endpoint {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    base: String,
    origin: String,
    config: OpenAiConfig,
}

impl Endpoint {
    pub(super) fn new(config: OpenAiConfig) -> Result<Self, EndpointError> {
        let base = config.base_url.trim_end_matches('/').to_owned();
        let uri: Uri = base
            .parse()
            .map_err(|_| EndpointError::NotAUrl(base.clone()))?;
        let scheme = uri
            .scheme_str()
            .ok_or_else(|| EndpointError::NotAUrl(base.clone()))?;
        if !matches!(scheme, "http" | "https") {
            return Err(EndpointError::Scheme(scheme.to_owned()));
        }
        let authority = uri
            .authority()
            .ok_or_else(|| EndpointError::NotAUrl(base.clone()))?;
        if authority.as_str().contains('@') {
            return Err(EndpointError::UserInfo);
        }
        let origin = format!("{scheme}://{authority}");
        let key = config.api_key.as_ref().map_or("", |key| key.expose());
        if header::HeaderValue::from_str(key).is_err() {
            return Err(EndpointError::Key);
        }
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .build();
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(60))
            .build(connector);
        Ok(Self {
            client,
            base,
            origin,
            config,
        })
    }

    /// Posts JSON and returns the body of a successful answer.
    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Reply, ModelError> {
        let body = Bytes::from(body.to_string());
        let mut wait = self.config.retry.first_wait;
        for left in (0..=self.config.retry.attempts).rev() {
            match self.post_once(path, body.clone()).await {
                Err(error) if left > 0 && worth_repeating(&error) => {
                    let pause = asked_pause(&error).unwrap_or(wait);
                    if pause > self.config.retry.longest_wait {
                        return Err(error);
                    }
                    tracing::warn!(path, left, ?pause, %error, "model call failed, repeating");
                    sleep(pause).await;
                    wait = (wait * 2).min(self.config.retry.longest_wait);
                }
                other => return other,
            }
        }
        unreachable!("the last round returns")
    }

    async fn post_once(&self, path: &str, body: Bytes) -> Result<Reply, ModelError> {
        let request = self.request(path, body)?;
        let patience = self.config.first_byte;
        let response = timeout(patience, self.client.request(request))
            .await
            .map_err(|_| ModelError::Timeout(patience))?
            .map_err(|error| self.unreachable(error))?;
        let (parts, body) = response.into_parts();
        if parts.status == StatusCode::OK {
            return Ok(Reply {
                body: Limited::new(body, LIMIT),
                idle: self.config.idle,
            });
        }
        Err(upstream(parts.status, &parts.headers, body, self.config.idle).await)
    }

    fn request(&self, path: &str, body: Bytes) -> Result<Request<Full<Bytes>>, ModelError> {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(format!("{}/{path}", self.base))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json, text/event-stream");
        if let Some(key) = &self.config.api_key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", key.expose()));
        }
        request
            .body(Full::new(body))
            .map_err(|error| self.unreachable(error))
    }

    fn unreachable(
        &self,
        error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> ModelError {
        ModelError::Unreachable {
            endpoint: self.origin.clone(),
            source: error.into(),
        }
    }
}

fn worth_repeating(error: &ModelError) -> bool {
    match error {
        ModelError::Unreachable { .. } => true,
        ModelError::Upstream { status, .. } => matches!(status, 429 | 500 | 502 | 503 | 504),
        _ => false,
    }
}

fn asked_pause(error: &ModelError) -> Option<Duration> {
    match error {
        ModelError::Upstream { retry_after, .. } => *retry_after,
        _ => None,
    }
}

async fn upstream(
    status: StatusCode,
    headers: &HeaderMap,
    body: Incoming,
    patience: Duration,
) -> ModelError {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let retry_after = text(header::RETRY_AFTER)
        .and_then(|v| v.trim().parse().ok())
        .map(Duration::from_secs);
    let content_type = text(header::CONTENT_TYPE).map(str::to_owned);
    let read = timeout(patience, Limited::new(body, ERROR_LIMIT).collect()).await;
    let body = match read {
        Ok(Ok(body)) => String::from_utf8_lossy(&body.to_bytes()).into_owned(),
        _ => String::new(),
    };
    ModelError::Upstream {
        status: status.as_u16(),
        body,
        content_type,
        retry_after,
    }
}

impl Reply {
    /// The whole body.
    pub(super) async fn bytes(self) -> Result<Bytes, ModelError> {
        let idle = self.idle;
        let collected = timeout(idle, self.body.collect())
            .await
            .map_err(|_| ModelError::Timeout(idle))?
            .map_err(|error| ModelError::Protocol(fault_of(error.as_ref())))?;
        Ok(collected.to_bytes())
    }
}

/// Which fault a body that could not be read shows.
pub(super) fn fault_of(error: &(dyn std::error::Error + 'static)) -> ProtocolFault {
    if error.is::<http_body_util::LengthLimitError>() {
        ProtocolFault::TooLarge
    } else {
        ProtocolFault::BrokenStream
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(url: &str) -> Result<Endpoint, EndpointError> {
        Endpoint::new(OpenAiConfig::new(url, "m"))
    }

    #[test]
    fn a_base_url_is_checked_before_any_call() {
        assert!(endpoint("http://localhost:8080/v1/").is_ok());
        assert!(matches!(
            endpoint("localhost"),
            Err(EndpointError::NotAUrl(_))
        ));
        assert!(matches!(
            endpoint("ftp://x/v1"),
            Err(EndpointError::Scheme(_))
        ));
        assert!(matches!(
            endpoint("https://u:p@x/v1"),
            Err(EndpointError::UserInfo)
        ));
    }
}
