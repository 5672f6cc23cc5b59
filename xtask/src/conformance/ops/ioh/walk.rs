//! Whole handshakes, step by step, as a peer and a store see them.

use kiri_ioh::{
    ack,
    descriptor::{Fetched, Unfetched},
    digest::Digest,
    gateway::{Denied, Gateway, Settings},
    ids::{BindToken, Entropy, NegotiationId},
    ledger::{LedgerKey, export, verify_export},
    message::{self, Request},
    moment::Moment,
    store::{MemoryStore, Store as _},
    translation::{Row, Translations},
    treaty::{NoGovernance, TreatyPolicy},
    wire::{self, BindRequest},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{Input, OpError, refused};

/// The peer's signing seed and key name in every walk.
const PEER: ([u8; 32], &str) = ([2; 32], "peer-1");
const RUNTIME: ([u8; 32], &str) = ([1; 32], "runtime-1");

#[derive(Deserialize)]
struct Given {
    steps: Vec<Step>,
    #[serde(default)]
    treaties: TreatyPolicy,
    /// The descriptor that the namespace serves; a step may change it.
    descriptor: Value,
}

/// One call. `$negotiation`, `$offer` and `$token` stand for what was answered last, `$other` for a token
/// that nobody was given.
#[derive(Deserialize)]
struct Step {
    call: String,
    at: Moment,
    #[serde(default)]
    body: Value,
    #[serde(default)]
    descriptor: Option<Value>,
    #[serde(default)]
    unreachable: bool,
    /// Signs with this seed byte instead of the peer's.
    #[serde(default)]
    seed: Option<u8>,
}

struct Walk {
    gateway: Gateway<MemoryStore, NoGovernance>,
    negotiation: NegotiationId,
    offer: Digest,
    token: BindToken,
    drawn: u64,
}

pub(in super::super) fn walk(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Given = input.given()?;
    let mapped = "kiri:agent.v1".parse().map_err(refused)?;
    let rows = vec![Row {
        from: "ext:*".into(),
        to: mapped,
    }];
    let settings = Settings {
        translations: Translations::new(rows),
        treaties: given.treaties,
        ..Settings::default()
    };
    let key = LedgerKey::from_seed(RUNTIME.1, &RUNTIME.0).map_err(refused)?;
    let mut walk = Walk {
        gateway: Gateway::new(MemoryStore::new(), NoGovernance, settings, key),
        negotiation: NegotiationId::from_entropy(&[0xee; 20]),
        offer: Digest::ZERO,
        token: BindToken::from_entropy(&[0xee; 20]),
        drawn: 0,
    };
    let mut descriptor = given.descriptor;
    let mut answers = Vec::new();
    for step in &given.steps {
        if let Some(changed) = &step.descriptor {
            descriptor = changed.clone();
        }
        answers.push(match walk.step(step, &descriptor) {
            Ok(passed) => passed,
            Err(denied) => outcome(&denied)?,
        });
    }
    let entries = walk
        .gateway
        .store()
        .entries(0, usize::MAX)
        .map_err(refused)?;
    let kinds: Vec<_> = entries.iter().map(|entry| entry.record.kind).collect();
    let signals = walk.gateway.store().outbox(usize::MAX).map_err(refused)?;
    let signals: Vec<_> = signals.into_iter().map(|signal| signal.kind).collect();
    let file = export(&entries, walk.gateway.key(), Moment::EPOCH).map_err(refused)?;
    let whole = verify_export(&file, walk.gateway.key().public()).is_ok();
    Ok(json!({"answers": answers, "ledger": kinds, "signals": signals, "whole": whole}))
}

fn outcome(denied: &Denied) -> Result<Value, OpError> {
    Ok(match denied {
        Denied::Refused(refusal) | Denied::Unproven(refusal, _) => {
            json!({"status": 422, "reason_code": refusal.reason_code,
            "phase": refusal.phase, "invariant": refusal.invariant})
        }
        Denied::ConflictingReplay(phase) => json!({"status": 409, "phase": phase}),
        Denied::Body(_) => json!({"status": 400}),
        _ => return Err(OpError::Refused("the store failed".into())),
    })
}

impl Walk {
    fn draw(&mut self) -> Entropy {
        self.drawn += 1;
        let mut bytes = [0; 20];
        bytes[..8].copy_from_slice(&self.drawn.to_be_bytes());
        bytes
    }

    fn step(&mut self, step: &Step, descriptor: &Value) -> Result<Value, Denied> {
        let body = self.fill(&step.body).into_bytes();
        let fetched = Fetched {
            status: 200,
            content_type: Some("application/ld+json".into()),
            body: descriptor.to_string().into_bytes(),
        };
        let fetched = if step.unreachable {
            Err(Unfetched)
        } else {
            Ok(&fetched)
        };
        let (one, two, at) = (self.draw(), self.draw(), step.at);
        let answer = match step.call.as_str() {
            "announce" => {
                let request = wire::announce_request(&body)?;
                let answer = self.gateway.announce(&request, at, &one, &two)?;
                self.negotiation = answer.negotiation_id.clone();
                json!({"expires_at": answer.expires_at})
            }
            "negotiate" => {
                let request = wire::negotiate_request(&body)?;
                let answer = self.gateway.negotiate(&request, fetched, at)?;
                self.offer = answer.binding_offer_hash;
                json!({"supported_translations": answer.supported_translations,
                       "required_invariants": answer.required_invariants})
            }
            "bind" => {
                let request = wire::bind_request(&body)?;
                let seed = [step.seed.unwrap_or(PEER.0[0]); 32];
                let ack_signature = match request.ack_signature.as_str() {
                    "$ack" => ack::acknowledge(&self.offer, PEER.1, &seed),
                    other => other.to_owned(),
                };
                let request = BindRequest {
                    ack_signature,
                    ..request
                };
                let token = self.gateway.bind(&request, fetched, at, &one)?.bind_token;
                let again = token == self.token;
                self.token = token;
                json!({"same_token": again})
            }
            call => return self.signed(call, step, &body, &two),
        };
        Ok(passed(answer))
    }

    /// OPERATE and DISSOLVE, signed at the moment of the call.
    fn signed(
        &self,
        call: &str,
        step: &Step,
        body: &[u8],
        salt: &Entropy,
    ) -> Result<Value, Denied> {
        let mut headers = vec![
            (message::BIND_HEADER.to_owned(), self.token.to_string()),
            ("content-digest".to_owned(), message::content_digest(body)),
        ];
        let path = format!("/api/public/handshake/{call}");
        let seed = [step.seed.unwrap_or(PEER.0[0]); 32];
        let signed = message::sign(
            &request(&path, &headers, body),
            &[],
            (PEER.1, &seed),
            step.at,
            "n",
        );
        if let Ok((input, signature)) = signed {
            headers.push(("signature-input".to_owned(), input));
            headers.push(("signature".to_owned(), signature));
        }
        let answer = if call == "dissolve" {
            let answer = self
                .gateway
                .dissolve(&request(&path, &headers, body), step.at, salt)?;
            json!({"sealed_at": answer.sealed_at})
        } else {
            let accepted = self
                .gateway
                .operate(&request(&path, &headers, body), step.at)?;
            json!({"id": accepted.response.id, "translations": accepted.response.translations,
                   "accepted_at": accepted.response.accepted_at, "repeated": accepted.repeated})
        };
        Ok(passed(answer))
    }

    fn fill(&self, body: &Value) -> String {
        let other = BindToken::from_entropy(&[0xdd; 20]);
        body.to_string()
            .replace("$negotiation", self.negotiation.as_str())
            .replace("$token", self.token.as_str())
            .replace("$other", other.as_str())
    }
}

fn request<'a>(path: &'a str, headers: &'a [(String, String)], body: &'a [u8]) -> Request<'a> {
    Request {
        method: "POST",
        scheme: "https",
        authority: "kiri.example",
        path,
        query: None,
        headers,
        body,
    }
}

fn passed(mut answer: Value) -> Value {
    answer["status"] = json!(200);
    answer
}
