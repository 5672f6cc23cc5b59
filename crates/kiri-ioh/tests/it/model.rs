//! Random calls, retries, crashes and clock jumps, against a model that fits on one page.

use kiri_ioh::{
    descriptor::Unfetched,
    digest::Digest,
    gateway::{Denied, Gateway},
    handshake::Stored,
    ids::{BindToken, NegotiationId},
    ledger::{Entry, Head, PrivateText, verify_entries},
    moment::Moment,
    reason::ReasonCode,
    signal::Signal,
    store::{Kept, MemoryStore, Message, Store, StoreError, Transaction},
    treaty::NoGovernance,
};
use proptest::prelude::*;
use std::{cell::Cell, collections::BTreeMap, rc::Rc};

use crate::peer::{
    SEED, Sent, announcement, bind_request, descriptor, dissolution, entropy, envelope, fetched,
    ledger_key, negotiate_request, now, settings,
};

/// A store whose process may die: at a write, or after the commit and before the answer.
#[derive(Clone)]
struct Mortal {
    store: Rc<MemoryStore>,
    /// Writes until death; 0 dies after the commit.
    fuse: Rc<Cell<Option<u32>>>,
}

struct Fused<'a> {
    tx: &'a mut dyn Transaction,
    fuse: &'a Cell<Option<u32>>,
}

fn dead() -> StoreError {
    StoreError::Unavailable("the process died".into())
}

impl Fused<'_> {
    fn burn(&self) -> Result<(), StoreError> {
        match self.fuse.get() {
            Some(1) => Err(dead()),
            Some(left) if left > 1 => {
                self.fuse.set(Some(left - 1));
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

impl Transaction for Fused<'_> {
    fn handshake(&mut self, id: &NegotiationId) -> Result<Option<Kept>, StoreError> {
        self.tx.handshake(id)
    }
    fn handshake_of(&mut self, token: &BindToken) -> Result<Option<Kept>, StoreError> {
        self.tx.handshake_of(token)
    }
    fn put(&mut self, expected: Option<u64>, stored: &Stored) -> Result<(), StoreError> {
        self.burn()?;
        self.tx.put(expected, stored)
    }
    fn head(&mut self) -> Result<Head, StoreError> {
        self.tx.head()
    }
    fn append(&mut self, entry: &Entry) -> Result<(), StoreError> {
        self.burn()?;
        self.tx.append(entry)
    }
    fn keep_text(&mut self, commitment: &Digest, text: &PrivateText) -> Result<(), StoreError> {
        self.burn()?;
        self.tx.keep_text(commitment, text)
    }
    fn text(&mut self, commitment: &Digest) -> Result<Option<PrivateText>, StoreError> {
        self.tx.text(commitment)
    }
    fn erase_text(&mut self, commitment: &Digest) -> Result<bool, StoreError> {
        self.burn()?;
        self.tx.erase_text(commitment)
    }
    fn message(&mut self, token: &BindToken, id: &str) -> Result<Option<Message>, StoreError> {
        self.tx.message(token, id)
    }
    fn messages(&mut self, token: &BindToken) -> Result<u64, StoreError> {
        self.tx.messages(token)
    }
    fn put_message(
        &mut self,
        token: &BindToken,
        id: &str,
        message: &Message,
    ) -> Result<(), StoreError> {
        self.burn()?;
        self.tx.put_message(token, id, message)
    }
    fn emit(&mut self, signal: &Signal) -> Result<(), StoreError> {
        self.burn()?;
        self.tx.emit(signal)
    }
}

impl Store for Mortal {
    fn transact<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut dyn Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        let done = self.store.transact(|tx| {
            work(&mut Fused {
                tx,
                fuse: &self.fuse,
            })
        });
        match self.fuse.take() {
            Some(_) => done.and_then(|_| Err(dead().into())),
            None => done,
        }
    }
    fn handshake(&self, id: &NegotiationId) -> Result<Option<Stored>, StoreError> {
        self.store.handshake(id)
    }
    fn handshake_of(&self, token: &BindToken) -> Result<Option<Stored>, StoreError> {
        self.store.handshake_of(token)
    }
    fn entries(&self, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.store.entries(from, limit)
    }
    fn outbox(&self, limit: usize) -> Result<Vec<Signal>, StoreError> {
        self.store.outbox(limit)
    }
    fn delivered(&self, id: &str) -> Result<(), StoreError> {
        self.store.delivered(id)
    }
}

#[derive(Debug, Clone)]
enum Call {
    Announce,
    Negotiate { which: usize, reachable: bool },
    Bind { which: usize, honest: bool },
    Operate { which: usize, id: u8, payload: u8 },
    Dissolve { which: usize, reason: u8 },
}

#[derive(Debug, Clone)]
struct Step {
    call: Call,
    /// Dies at this write of the call; at 0 after the commit.
    death: Option<u32>,
    /// Milliseconds that the clock jumps before the call, either way.
    jump: i64,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let which = 0..3usize;
    let call = prop_oneof![
        2 => Just(Call::Announce),
        4 => (which.clone(), prop::bool::weighted(0.9))
            .prop_map(|(which, reachable)| Call::Negotiate { which, reachable }),
        4 => (which.clone(), prop::bool::weighted(0.8))
            .prop_map(|(which, honest)| Call::Bind { which, honest }),
        3 => (which.clone(), 0..3u8, 0..2u8)
            .prop_map(|(which, id, payload)| Call::Operate { which, id, payload }),
        2 => (which, 0..2u8).prop_map(|(which, reason)| Call::Dissolve { which, reason }),
    ];
    let death = prop::option::weighted(0.25, 0..5u32);
    let jump = prop_oneof![5 => Just(1_000i64), 1 => -400_000..1_000_000i64];
    let step = (call, death, jump).prop_map(|(call, death, jump)| Step { call, death, jump });
    prop::collection::vec(step, 1..40)
}

/// What one handshake must be by now.
#[derive(Debug, Clone, Default)]
struct Model {
    id: Option<NegotiationId>,
    expires: i64,
    offer: Option<Digest>,
    token: Option<BindToken>,
    messages: BTreeMap<u8, u8>,
    sealed: Option<u8>,
}

/// What a call must come to.
#[derive(Debug, PartialEq)]
enum Expected {
    Passed,
    Refused(ReasonCode),
    Conflict,
}

impl Model {
    fn expect(&self, call: &Call, now: i64) -> Expected {
        use Expected::{Conflict, Passed, Refused};
        use ReasonCode::{
            BindingSealed, BindingUnknown, NamespaceUnresolvable, NegotiationExpired,
            NegotiationUnknown, PhaseOutOfOrder, SignatureInvalid,
        };
        let late = now > self.expires;
        match *call {
            Call::Negotiate { .. } | Call::Bind { .. } if self.id.is_none() => {
                Refused(NegotiationUnknown)
            }
            Call::Negotiate { .. } | Call::Bind { .. } if self.sealed.is_some() => {
                Refused(BindingSealed)
            }
            Call::Negotiate { .. } if self.token.is_some() => Refused(PhaseOutOfOrder),
            Call::Bind { .. } if self.offer.is_none() => Refused(PhaseOutOfOrder),
            Call::Bind { honest, .. } if self.token.is_some() => {
                if honest {
                    Passed
                } else {
                    Conflict
                }
            }
            Call::Negotiate { .. } | Call::Bind { .. } if late => Refused(NegotiationExpired),
            Call::Negotiate {
                reachable: false, ..
            } if self.offer.is_none() => Refused(NamespaceUnresolvable),
            Call::Bind { honest: false, .. } => Refused(SignatureInvalid),
            Call::Announce | Call::Negotiate { .. } | Call::Bind { .. } => Passed,
            Call::Operate { .. } | Call::Dissolve { .. } if self.token.is_none() => {
                Refused(BindingUnknown)
            }
            Call::Operate { .. } if self.sealed.is_some() => Refused(BindingSealed),
            Call::Operate { id, payload, .. } => match self.messages.get(&id) {
                Some(other) if *other != payload => Conflict,
                _ => Passed,
            },
            Call::Dissolve { reason, .. } => match self.sealed {
                Some(other) if other != reason => Conflict,
                _ => Passed,
            },
        }
    }
}

struct Run {
    mortal: Mortal,
    models: Vec<Model>,
    now: Moment,
    drawn: u64,
}

/// What a call came to: as the model has it, or death.
fn outcome<T>(result: &Result<T, Denied>) -> Option<Expected> {
    match result {
        Ok(_) => Some(Expected::Passed),
        Err(Denied::Refused(refusal) | Denied::Unproven(refusal, _)) => {
            Some(Expected::Refused(refusal.reason_code))
        }
        Err(Denied::ConflictingReplay(_)) => Some(Expected::Conflict),
        Err(Denied::Store(_)) => None,
        Err(other) => panic!("{other}"),
    }
}

impl Run {
    fn draw(&mut self) -> [u8; 20] {
        self.drawn += 1;
        entropy(self.drawn)
    }

    /// Another runtime answers every call: nothing may live anywhere but in the store.
    fn call(&mut self, call: &Call) -> Option<Expected> {
        let gateway = Gateway::new(self.mortal.clone(), NoGovernance, settings(), ledger_key());
        let (one, two, at) = (self.draw(), self.draw(), self.now);
        let body = fetched(&descriptor());
        let stranger = NegotiationId::from_entropy(&entropy(u64::MAX));
        let nobody = BindToken::from_entropy(&entropy(u64::MAX));
        match *call {
            Call::Announce => {
                let done = gateway.announce(&announcement(), at, &one, &two);
                if let (Ok(answer), true) = (&done, self.models.len() < 3) {
                    self.models.push(Model {
                        id: Some(answer.negotiation_id.clone()),
                        expires: answer.expires_at.millis(),
                        ..Model::default()
                    });
                }
                outcome(&done)
            }
            Call::Negotiate { which, reachable } => {
                let model = self.models.get_mut(which);
                let id = model
                    .as_ref()
                    .and_then(|m| m.id.clone())
                    .unwrap_or(stranger);
                let fetched = if reachable { Ok(&body) } else { Err(Unfetched) };
                let done = gateway.negotiate(&negotiate_request(&id), fetched, at);
                if let (Ok(answer), Some(model)) = (&done, model) {
                    let offer = *model.offer.get_or_insert(answer.binding_offer_hash);
                    assert_eq!(offer, answer.binding_offer_hash);
                }
                outcome(&done)
            }
            Call::Bind { which, honest } => {
                let model = self.models.get_mut(which);
                let id = model
                    .as_ref()
                    .and_then(|m| m.id.clone())
                    .unwrap_or(stranger);
                let offer = model.as_ref().and_then(|m| m.offer).unwrap_or(Digest::ZERO);
                let offer = if honest {
                    offer
                } else {
                    Digest::of(b"another")
                };
                let done = gateway.bind(&bind_request(&id, &offer), Ok(&body), at, &one);
                if let (Ok(answer), Some(model)) = (&done, model) {
                    let token = model.token.get_or_insert(answer.bind_token.clone());
                    assert_eq!(
                        *token, answer.bind_token,
                        "a second binding of one negotiation"
                    );
                }
                outcome(&done)
            }
            Call::Operate { which, id, payload } => {
                let model = self.models.get_mut(which);
                let token = model
                    .as_ref()
                    .and_then(|m| m.token.clone())
                    .unwrap_or(nobody);
                let body = envelope(&format!("m-{id}"), &payload.to_string());
                let sent = Sent::signed(&token, &body, &SEED, at);
                let done = gateway.operate(&sent.request(), at);
                if let (Ok(_), Some(model)) = (&done, model) {
                    model.messages.insert(id, payload);
                }
                outcome(&done)
            }
            Call::Dissolve { which, reason } => {
                let model = self.models.get_mut(which);
                let token = model
                    .as_ref()
                    .and_then(|m| m.token.clone())
                    .unwrap_or(nobody);
                let sent =
                    Sent::signed(&token, &dissolution(&token, &reason.to_string()), &SEED, at);
                let done = gateway.dissolve(&sent.request(), at, &one);
                if let (Ok(_), Some(model)) = (&done, model) {
                    model.sealed = Some(reason);
                }
                outcome(&done)
            }
        }
    }

    /// After a death nobody knows how far the call came; asking the same again must tell.
    fn step(&mut self, step: &Step) {
        let now = self.now.millis() + step.jump;
        self.now = Moment::from_millis(now).unwrap();
        let which = match step.call {
            Call::Announce => usize::MAX,
            Call::Negotiate { which, .. }
            | Call::Bind { which, .. }
            | Call::Operate { which, .. }
            | Call::Dissolve { which, .. } => which,
        };
        let model = self.models.get(which).cloned().unwrap_or_default();
        let expected = model.expect(&step.call, now);
        self.mortal.fuse.set(step.death);
        let came = self.call(&step.call);
        self.mortal.fuse.set(None);
        let came = came.or_else(|| self.call(&step.call));
        assert_eq!(came, Some(expected), "{step:?} {model:?}");
    }

    fn check(&self) {
        let entries = self.mortal.store.entries(0, usize::MAX).unwrap();
        let projection = verify_entries(&entries, ledger_key().public()).unwrap();
        for (id, stored) in projection.handshakes() {
            assert_eq!(
                self.mortal.store.handshake(id).unwrap().as_ref(),
                Some(stored)
            );
        }
        for model in &self.models {
            let id = model.id.as_ref().unwrap();
            let stored = &projection.handshakes()[id];
            assert_eq!(stored.bind_token(), model.token.as_ref());
            assert_eq!(stored.sealing.is_some(), model.sealed.is_some());
            let passed = model
                .token
                .as_ref()
                .map_or(0, |token| projection.messages(token));
            assert_eq!(passed, model.messages.len() as u64);
        }
        // One signal for each entry that tells something, and none for what was not committed.
        let told: Vec<_> = entries.iter().filter_map(Signal::of).collect();
        assert_eq!(self.mortal.store.outbox(usize::MAX).unwrap(), told);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_no_binding_is_partial_and_no_token_comes_back(steps in steps()) {
        let mortal = Mortal { store: Rc::new(MemoryStore::new()), fuse: Rc::new(Cell::new(None)) };
        let mut run = Run { mortal, models: Vec::new(), now: now(), drawn: 0 };
        for step in &steps {
            run.step(step);
            run.check();
        }
    }

    #[test]
    fn no_body_makes_a_reader_stop(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = kiri_ioh::wire::announce_request(&body);
        let _ = kiri_ioh::wire::envelope(&body);
        let _ = kiri_ioh::wire::bind_request(&body);
        let _ = kiri_ioh::ledger::verify_export(&body, ledger_key().public());
    }

    #[test]
    fn no_header_makes_a_verifier_stop(
        values in prop::collection::vec(("(signature|signature-input|content-digest)", "\\PC{0,80}"), 0..4),
        jws in "[A-Za-z0-9._=-]{0,120}",
        address in "(https?://)?\\PC{0,60}",
    ) {
        let token = BindToken::from_entropy(&entropy(1));
        let mut sent = Sent::signed(&token, &envelope("m", ""), &SEED, now());
        sent.headers.extend(values);
        let gateway = Gateway::new(MemoryStore::new(), NoGovernance, settings(), ledger_key());
        prop_assert!(gateway.operate(&sent.request(), now()).is_err());
        let key = crate::peer::public_key();
        let _ = kiri_ioh::message::verify(&sent.request(), &key, &[], now(), kiri_ioh::message::Freshness::STANDARD);
        let keys = kiri_ioh::keys::KeySet::parse(&serde_json::json!({"keys": [key]})).unwrap();
        prop_assert!(kiri_ioh::ack::verify(&jws, &Digest::ZERO, &keys).is_err());
        let _ = kiri_ioh::address::Address::parse(&address, kiri_ioh::address::Reach::Public);
    }
}
