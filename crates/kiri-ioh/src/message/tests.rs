use super::*;

const SEED: [u8; 32] = [5; 32];
const NOW: &str = "2026-11-20T10:00:00Z";

fn key() -> PublicKey {
    let public = ed25519_dalek::SigningKey::from_bytes(&SEED).verifying_key();
    PublicKey::ed25519("k", public.as_bytes()).unwrap()
}

fn now() -> Moment {
    NOW.parse().unwrap()
}

struct Sent {
    method: String,
    authority: String,
    path: String,
    query: Option<String>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Sent {
    fn signed() -> Self {
        let mut sent = Self {
            method: "POST".into(),
            authority: "Kiri.example:443".into(),
            path: "/api/x".into(),
            query: Some("a=1".into()),
            headers: vec![
                (
                    BIND_HEADER.into(),
                    BindToken::from_entropy(&[1; 20]).to_string(),
                ),
                (CONTENT_DIGEST.into(), content_digest(b"{}")),
            ],
            body: b"{}".to_vec(),
        };
        let (input, signature) = sign(&sent.request(), &[], ("k", &SEED), now(), "n1").unwrap();
        sent.headers.push((INPUT.into(), input));
        sent.headers.push((SIGNATURE.into(), signature));
        sent
    }

    fn request(&self) -> Request<'_> {
        Request {
            method: &self.method,
            scheme: "https",
            authority: &self.authority,
            path: &self.path,
            query: self.query.as_deref(),
            headers: &self.headers,
            body: &self.body,
        }
    }

    fn header(&mut self, name: &str) -> &mut String {
        &mut self.headers.iter_mut().find(|(n, _)| n == name).unwrap().1
    }

    fn verify(&self) -> Result<Authenticated, SignatureError> {
        verify(&self.request(), &key(), &[], now(), Freshness::STANDARD)
    }
}

#[test]
fn a_signed_request_is_the_bound_systems() {
    let sent = Sent::signed();
    let proof = sent.verify().unwrap();
    assert_eq!(
        (proof.token().to_string(), proof.nonce()),
        (sent.headers[0].1.clone(), Some("n1"))
    );
    assert!(proof.covers(b"{}") && !proof.covers(b"[]"));
    assert_eq!(proof.expires(), now().after(300_000));
}

#[test]
fn whatever_is_changed_on_the_way_shows() {
    let broken = |change: fn(&mut Sent)| {
        let mut sent = Sent::signed();
        change(&mut sent);
        sent.verify().unwrap_err()
    };
    use SignatureError::{Algorithm, Content, Coverage, Missing, Signature, Stale, Token};
    assert_eq!(broken(|s| s.method = "PUT".into()), Signature);
    assert_eq!(broken(|s| s.path = "/api/y".into()), Signature);
    assert_eq!(broken(|s| s.query = None), Signature);
    assert_eq!(broken(|s| s.authority = "other.example".into()), Signature);
    assert_eq!(broken(|s| s.body = b"[]".to_vec()), Content);
    assert_eq!(
        broken(|s| *s.header(CONTENT_DIGEST) = content_digest(b"[]")),
        Content
    );
    assert_eq!(
        broken(|s| *s.header(CONTENT_DIGEST) = "md5=:AAAA:".into()),
        Content
    );
    let other = |s: &mut Sent| *s.header(BIND_HEADER) = BindToken::from_entropy(&[2; 20]).into();
    assert_eq!(broken(other), Signature);
    assert_eq!(broken(|s| *s.header(BIND_HEADER) = "bnd_x".into()), Token);
    assert_eq!(broken(|s| s.headers.push(s.headers[0].clone())), Token);
    let edit = |s: &mut Sent, from: &str, to: &str| {
        let value = s.header(INPUT).replace(from, to);
        assert_ne!(value, *s.header(INPUT));
        *s.header(INPUT) = value;
    };
    let mut with = Sent::signed();
    for (from, to, error) in [
        ("\"@method\" ", "", Coverage),
        ("\"@target-uri\"", "\"@authority\"", Coverage),
        ("\"@target-uri\"", "\"@authority\" \"@path\"", Coverage),
        (" \"x-kiri-bind\"", "", Coverage),
        (" \"content-digest\"", "", Coverage),
        ("\"@method\"", "\"@method\";req", Coverage),
        ("\"@method\"", "\"@method\" \"@method\"", Coverage),
        ("\"@method\"", "\"@method\" \"x-absent\"", Coverage),
        ("alg=\"ed25519\"", "alg=\"hmac-sha256\"", Algorithm),
        ("keyid=\"k\"", "keyid=\"z\"", Missing),
        ("sig1=", "sig2=", Missing),
        ("n1", "n2", Signature),
        ("created=", "made=", Stale),
    ] {
        edit(&mut with, from, to);
        assert_eq!(with.verify(), Err(error), "{from} {to}");
        with = Sent::signed();
    }
}

#[test]
fn a_signature_ages() {
    let sent = Sent::signed();
    let at = |moment: Moment| verify(&sent.request(), &key(), &[], moment, Freshness::STANDARD);
    assert!(at(now().after(300_000)).is_ok());
    assert_eq!(at(now().after(300_001)), Err(SignatureError::Stale));
    let early = Moment::from_millis(now().millis() - 60_001).unwrap();
    assert_eq!(at(early), Err(SignatureError::Stale));
}

/// RFC 9421, appendix B.2.6: Ed25519 over its test request.
#[test]
fn the_documents_own_example_verifies() {
    let headers = [
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("content-type", "application/json"),
        ("content-length", "18"),
    ];
    let headers: Vec<_> = headers.map(|(n, v)| (n.to_owned(), v.to_owned())).into();
    let request = Request {
        method: "POST",
        scheme: "https",
        authority: "example.com",
        path: "/foo",
        query: Some("param=Value&Pet=dog"),
        headers: &headers,
        body: b"{\"hello\": \"world\"}",
    };
    let input = "(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\");created=1618884473;keyid=\"test-key-ed25519\"";
    let list: List = Parser::new(input).parse().unwrap();
    let ListEntry::InnerList(params) = &list[0] else {
        panic!()
    };
    let base = signature_base(&request, params).unwrap();
    let key: PublicKey = serde_json::from_value(serde_json::json!({
        "kty": "OKP", "crv": "Ed25519", "kid": "test-key-ed25519",
        "x": "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"
    }))
    .unwrap();
    let signature =
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==";
    assert!(key.verifies(base.as_bytes(), &STANDARD.decode(signature).unwrap()));
}
