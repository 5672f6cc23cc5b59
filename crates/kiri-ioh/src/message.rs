//! HTTP message signatures (RFC 9421) with content digests (RFC 9530): how a bound system shows that a
//! request is its own.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sfv::{BareItem, Dictionary, FieldType as _, InnerList, Item, List, ListEntry, Parser};
use sha2::{Digest as _, Sha256, Sha512};

use crate::{
    digest::Digest,
    ids::BindToken,
    keys::{Algorithm, PublicKey},
    moment::Moment,
};

/// The header that every message of a bound system carries (`IOH-01 §43.2`).
pub const BIND_HEADER: &str = "x-kiri-bind";

const INPUT: &str = "signature-input";
const SIGNATURE: &str = "signature";
const CONTENT_DIGEST: &str = "content-digest";

/// A request as it was received. Header names are in lower case.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The method, such as `POST`.
    pub method: &'a str,
    /// `https` or `http`: how the peer reached us.
    pub scheme: &'a str,
    /// The host, and the port where it is not the scheme's own, as the peer wrote them.
    pub authority: &'a str,
    /// The path, as it was sent.
    pub path: &'a str,
    /// What follows the question mark, where there is one.
    pub query: Option<&'a str>,
    /// Names and values, in the order of arrival.
    pub headers: &'a [(String, String)],
    /// The whole body.
    pub body: &'a [u8],
}

/// How old a signature may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// Milliseconds between `created` and now.
    pub oldest: u64,
    /// Milliseconds by which the peer's clock may be ahead.
    pub ahead: u64,
}

impl Freshness {
    /// Five minutes, and one of skew.
    pub const STANDARD: Self = Self {
        oldest: 300_000,
        ahead: 60_000,
    };
}

/// Proof that a request was signed with a binding's pinned key.
///
/// Only [`verify`] and, where a deployment has chosen so, [`Unsigned`] make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticated {
    token: BindToken,
    body: Digest,
    nonce: Option<String>,
    expires: Moment,
}

/// The deliberate choice to take requests without a signature: the token is public, so anybody can then
/// speak for a bound system. For closed networks that authenticate by other means.
#[derive(Debug, Clone, Copy)]
pub struct Unsigned(());

impl Unsigned {
    /// Makes the choice.
    #[must_use]
    pub const fn accept_that_anybody_can_speak_for_a_bound_system() -> Self {
        Self(())
    }

    /// Takes a request at its word.
    ///
    /// # Errors
    /// [`SignatureError::Token`] where it does not name a binding.
    pub fn authenticate(
        self,
        request: &Request<'_>,
        now: Moment,
    ) -> Result<Authenticated, SignatureError> {
        Ok(Authenticated {
            token: bind_token(request)?,
            body: Digest::of(request.body),
            nonce: None,
            expires: now,
        })
    }
}

/// A request is not shown to be the bound system's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The header `x-kiri-bind` is missing, there twice, or not a bind token.
    #[error("`{BIND_HEADER}` must name one binding")]
    Token,
    /// `signature-input` or `signature` is missing or malformed.
    #[error("`{INPUT}` and `{SIGNATURE}` must hold one signature of the pinned key")]
    Missing,
    /// The signature covers too little, or something that we do not compute.
    #[error(
        "it covers `@method`, the target, `{BIND_HEADER}`, `{CONTENT_DIGEST}` where there is a body, the schema \
         version where a header states it, and nothing that is not there"
    )]
    Coverage,
    /// It is too old, from the future, or expired.
    #[error("the signature is not fresh")]
    Stale,
    /// It names another algorithm than the pinned key's.
    #[error("the algorithm is not the pinned key's")]
    Algorithm,
    /// The content digest is missing or not the body's.
    #[error("`{CONTENT_DIGEST}` does not fit the body")]
    Content,
    /// It has no name of the message, where it needs one.
    #[error("on this route it carries a `nonce` of 1 to 128 characters")]
    Nonce,
    /// The signature is not the pinned key's.
    #[error("the signature does not verify")]
    Signature,
}

/// The binding that a request names. That says nothing yet about who sent it.
///
/// # Errors
/// [`SignatureError::Token`].
pub fn bind_token(request: &Request<'_>) -> Result<BindToken, SignatureError> {
    let mut values = request.values(BIND_HEADER);
    match (values.next(), values.next()) {
        (Some(value), None) => value.parse().map_err(|_| SignatureError::Token),
        _ => Err(SignatureError::Token),
    }
}

/// Verifies that a request was signed with `key`.
///
/// The signature must cover `@method`, the target (`@target-uri`, or `@authority` with `@path` and,
/// where there is a query, `@query`, or `@authority` with `@request-target`), `x-kiri-bind`, and
/// `content-digest` where there is a body, and the fields in `also`; it must carry `created` and the
/// key's `keyid`.
///
/// # Errors
/// [`SignatureError`].
pub fn verify(
    request: &Request<'_>,
    key: &PublicKey,
    also: &[&str],
    now: Moment,
    freshness: Freshness,
) -> Result<Authenticated, SignatureError> {
    check(request, key, also, now, freshness, check_content)
}

/// Verifies all that can be verified before the body is read: whose signature it is, and that it is fresh.
/// [`verify`] says whether the body is the one that was signed.
///
/// # Errors
/// [`SignatureError`].
pub fn verify_head(
    request: &Request<'_>,
    key: &PublicKey,
    also: &[&str],
    now: Moment,
    freshness: Freshness,
) -> Result<(), SignatureError> {
    check(request, key, also, now, freshness, |_| Ok(())).map(drop)
}

fn check(
    request: &Request<'_>,
    key: &PublicKey,
    also: &[&str],
    now: Moment,
    freshness: Freshness,
    content: impl FnOnce(&Request<'_>) -> Result<(), SignatureError>,
) -> Result<Authenticated, SignatureError> {
    let token = bind_token(request)?;
    let (params, signature) = request.signature_of(key.kid())?;
    check_coverage(request, &params, also)?;
    check_algorithm(&params, key)?;
    let expires = check_time(&params, now, freshness)?;
    content(request)?;
    let base = signature_base(request, &params)?;
    if !key.verifies(base.as_bytes(), &signature) {
        return Err(SignatureError::Signature);
    }
    let nonce = params.params.get("nonce").and_then(BareItem::as_string);
    Ok(Authenticated {
        token,
        body: Digest::of(request.body),
        nonce: nonce.map(|nonce| nonce.as_str().to_owned()),
        expires,
    })
}

/// The signature base (RFC 9421, section 2.5) over the components that `params` lists.
///
/// # Errors
/// [`SignatureError::Coverage`] for a component that is not there or is not computed here.
pub fn signature_base(request: &Request<'_>, params: &InnerList) -> Result<String, SignatureError> {
    let mut base = String::new();
    for item in &params.items {
        let name = component(item)?;
        let value = request.component(name).ok_or(SignatureError::Coverage)?;
        base += &format!("\"{name}\": {value}\n");
    }
    let list: List = vec![ListEntry::InnerList(params.clone())];
    let written = list.serialize().ok_or(SignatureError::Coverage)?;
    base += &format!("\"@signature-params\": {written}");
    Ok(base)
}

/// The value of `content-digest` for a body (RFC 9530), with SHA-256.
#[must_use]
pub fn content_digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)))
}

/// Signs a request with an Ed25519 key: the peer's side. Returns the values of `signature-input` and
/// `signature`. The request must already carry `x-kiri-bind`, the fields in `also` and, with a body,
/// `content-digest`.
///
/// # Errors
/// [`SignatureError`] where the key's name or the nonce cannot stand in a header, or a header is missing.
pub fn sign(
    request: &Request<'_>,
    also: &[&str],
    (kid, seed): (&str, &[u8; 32]),
    created: Moment,
    nonce: &str,
) -> Result<(String, String), SignatureError> {
    use ed25519_dalek::Signer as _;
    let mut more = String::new();
    for name in also {
        more += &format!(" \"{name}\"");
    }
    if !request.body.is_empty() {
        more += " \"content-digest\"";
    }
    let seconds = created.millis().div_euclid(1000);
    let value = format!(
        "(\"@method\" \"@target-uri\" \"{BIND_HEADER}\"{more});created={seconds};keyid=\"{kid}\";nonce=\"{nonce}\";alg=\"ed25519\""
    );
    let input: List = Parser::new(&value)
        .parse()
        .map_err(|_| SignatureError::Missing)?;
    let Some(ListEntry::InnerList(params)) = input.first() else {
        return Err(SignatureError::Missing);
    };
    let base = signature_base(request, params)?;
    let key = ed25519_dalek::SigningKey::from_bytes(seed);
    let signature = STANDARD.encode(key.sign(base.as_bytes()).to_bytes());
    Ok((format!("sig1={value}"), format!("sig1=:{signature}:")))
}

impl Authenticated {
    /// The binding that speaks.
    #[must_use]
    pub const fn token(&self) -> &BindToken {
        &self.token
    }

    /// Whether this is the body that was signed.
    #[must_use]
    pub fn covers(&self, body: &[u8]) -> bool {
        self.body == Digest::of(body)
    }

    /// What makes the request unique, where the peer put it in.
    #[must_use]
    pub fn nonce(&self) -> Option<&str> {
        self.nonce.as_deref()
    }

    /// Until when a repetition of the request would still be fresh.
    #[must_use]
    pub const fn expires(&self) -> Moment {
        self.expires
    }
}

fn component(item: &Item) -> Result<&str, SignatureError> {
    let name = item.bare_item.as_string().ok_or(SignatureError::Coverage)?;
    // Parameters such as `;sf` or `;req` ask for values that are not computed here.
    item.params
        .is_empty()
        .then_some(name.as_str())
        .ok_or(SignatureError::Coverage)
}

fn check_coverage(
    request: &Request<'_>,
    params: &InnerList,
    also: &[&str],
) -> Result<(), SignatureError> {
    let mut names = Vec::new();
    for item in &params.items {
        let name = component(item)?;
        if names.contains(&name) {
            return Err(SignatureError::Coverage);
        }
        names.push(name);
    }
    let has = |name: &str| names.contains(&name);
    let path = has("@path") && (request.query.is_none() || has("@query"));
    let target = has("@target-uri") || (has("@authority") && (path || has("@request-target")));
    let body = request.body.is_empty() || has(CONTENT_DIGEST);
    let also = also.iter().all(|name| has(name));
    let covered = has("@method") && target && has(BIND_HEADER) && body && also;
    covered.then_some(()).ok_or(SignatureError::Coverage)
}

fn check_algorithm(params: &InnerList, key: &PublicKey) -> Result<(), SignatureError> {
    let named = match params.params.get("alg") {
        None => return Ok(()),
        Some(value) => value.as_string().map(sfv::StringRef::as_str),
    };
    // RFC 9421 registers no name for secp256k1: there the pinned key alone says the algorithm.
    let fits = key.algorithm() == Algorithm::Ed25519 && named == Some("ed25519");
    fits.then_some(()).ok_or(SignatureError::Algorithm)
}

fn check_time(
    params: &InnerList,
    now: Moment,
    freshness: Freshness,
) -> Result<Moment, SignatureError> {
    let seconds = |name: &str| -> Result<Option<Moment>, SignatureError> {
        let Some(value) = params.params.get(name) else {
            return Ok(None);
        };
        let seconds = value.as_integer().ok_or(SignatureError::Stale)?;
        let millis = i64::from(seconds)
            .checked_mul(1000)
            .ok_or(SignatureError::Stale)?;
        Moment::from_millis(millis)
            .map(Some)
            .map_err(|_| SignatureError::Stale)
    };
    let created = seconds("created")?.ok_or(SignatureError::Stale)?;
    let expires = created.after(freshness.oldest);
    let expires = seconds("expires")?.map_or(expires, |stated| stated.min(expires));
    let fresh = created <= now.after(freshness.ahead) && now <= expires;
    fresh.then_some(expires).ok_or(SignatureError::Stale)
}

fn check_content(request: &Request<'_>) -> Result<(), SignatureError> {
    let Some(value) = request.field(CONTENT_DIGEST) else {
        return request
            .body
            .is_empty()
            .then_some(())
            .ok_or(SignatureError::Content);
    };
    let digests: Dictionary = Parser::new(&value)
        .parse()
        .map_err(|_| SignatureError::Content)?;
    let mut known = 0;
    for (name, entry) in &digests {
        let own: Vec<u8> = match name.as_str() {
            "sha-256" => Sha256::digest(request.body).to_vec(),
            "sha-512" => Sha512::digest(request.body).to_vec(),
            _ => continue,
        };
        let ListEntry::Item(item) = entry else {
            return Err(SignatureError::Content);
        };
        if item.bare_item.as_byte_sequence() != Some(own.as_slice()) {
            return Err(SignatureError::Content);
        }
        known += 1;
    }
    (known > 0).then_some(()).ok_or(SignatureError::Content)
}

impl Request<'_> {
    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, value)| value.trim())
    }

    /// All values of a field as one.
    fn field(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self.values(name).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// The one signature of the pinned key: what it covers, and its bytes.
    fn signature_of(&self, kid: &str) -> Result<(InnerList, Vec<u8>), SignatureError> {
        let dictionary = |name: &str| -> Result<Dictionary, SignatureError> {
            let value = self.field(name).ok_or(SignatureError::Missing)?;
            Parser::new(&value)
                .parse()
                .map_err(|_| SignatureError::Missing)
        };
        let (inputs, signatures) = (dictionary(INPUT)?, dictionary(SIGNATURE)?);
        let mut own = inputs.iter().filter_map(|(label, entry)| match entry {
            ListEntry::InnerList(params) => {
                let keyid = params.params.get("keyid")?.as_string()?;
                (keyid.as_str() == kid).then_some((label, params))
            }
            ListEntry::Item(_) => None,
        });
        let (Some((label, params)), None) = (own.next(), own.next()) else {
            return Err(SignatureError::Missing);
        };
        let Some(ListEntry::Item(signature)) = signatures.get(label) else {
            return Err(SignatureError::Missing);
        };
        let bytes = signature
            .bare_item
            .as_byte_sequence()
            .ok_or(SignatureError::Missing)?;
        Ok((params.clone(), bytes.to_vec()))
    }

    fn component(&self, name: &str) -> Option<String> {
        let query = || {
            self.query
                .map_or_else(String::new, |query| format!("?{query}"))
        };
        let path = if self.path.is_empty() { "/" } else { self.path };
        match name {
            "@method" => Some(self.method.to_owned()),
            "@scheme" => Some(self.scheme.to_ascii_lowercase()),
            "@authority" => Some(self.normal_authority()),
            "@path" => Some(path.to_owned()),
            "@query" => Some(format!("?{}", self.query.unwrap_or_default())),
            "@request-target" => Some(format!("{path}{}", query())),
            "@target-uri" => {
                let scheme = self.scheme.to_ascii_lowercase();
                Some(format!(
                    "{scheme}://{}{path}{}",
                    self.normal_authority(),
                    query()
                ))
            }
            _ if name.starts_with('@') || name.bytes().any(|b| b.is_ascii_uppercase()) => None,
            _ => self.field(name),
        }
    }

    /// Lower case, without the port that the scheme implies.
    fn normal_authority(&self) -> String {
        let authority = self.authority.to_ascii_lowercase();
        let implied = if self.scheme.eq_ignore_ascii_case("https") {
            ":443"
        } else {
            ":80"
        };
        authority
            .strip_suffix(implied)
            .map(str::to_owned)
            .unwrap_or(authority)
    }
}

#[cfg(test)]
mod tests;
