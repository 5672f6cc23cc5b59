//! Signals as CloudEvents 1.0 (`IOH-01`, emitted signals). They leave after the commit, from an outbox.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    ledger::{Entry, Payload},
    moment::Moment,
};

/// Where signals come from: the interoperability gateway.
pub const SOURCE: &str = "kiri:system/interop";

/// One signal, in the JSON form of CloudEvents 1.0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// `1.0`.
    pub specversion: String,
    /// The ledger record that it tells of; with the source, unique.
    pub id: String,
    /// [`SOURCE`].
    pub source: String,
    /// `handshake.opened`, `treaty.ratified` or `bridge.transfer`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The negotiation or the binding.
    pub subject: String,
    /// When it happened.
    pub time: Moment,
    /// `application/json`.
    pub datacontenttype: String,
    /// What happened.
    pub data: Value,
}

impl Signal {
    /// What an entry tells the world: an accepted ANNOUNCE, a ratified treaty, a message that passed.
    /// Other entries tell nothing.
    #[must_use]
    pub fn of(entry: &Entry) -> Option<Self> {
        let record = &entry.record;
        let negotiation = record.negotiation_id.as_str();
        let binding = record
            .bind_token
            .as_ref()
            .map(crate::ids::BindToken::as_str);
        let (kind, subject, data) = match &entry.payload {
            Payload::Announced(opening) => (
                "handshake.opened",
                negotiation,
                json!({"negotiation_id": negotiation, "schema_id": opening.schema_id,
                       "version": opening.version, "expires_at": opening.expires_at}),
            ),
            Payload::Treaty(seal) => (
                "treaty.ratified",
                negotiation,
                json!({"negotiation_id": negotiation, "proposal_id": seal.proposal_id,
                       "binding_offer_hash": seal.binding_offer_hash}),
            ),
            Payload::Operated(delivery) => (
                "bridge.transfer",
                binding?,
                json!({"bind_token": binding, "id": delivery.id, "schema_id": delivery.schema_id,
                       "version": delivery.version, "body": delivery.body}),
            ),
            _ => return None,
        };
        Some(Self {
            specversion: "1.0".into(),
            id: record.entry_id.clone(),
            source: SOURCE.into(),
            kind: kind.into(),
            subject: subject.into(),
            time: record.at,
            datacontenttype: "application/json".into(),
            data,
        })
    }
}
