//! The ledger in the hands of somebody who trusts nothing but the key.

use kiri_ioh::{
    digest::Digest,
    gateway::Erased,
    keys::PublicKey,
    ledger::{
        Apart, Entry, Fault, InclusionError, LedgerKey, Tree, export, is_export, verify_entries,
        verify_export,
    },
    reason::ReasonCode,
    store::Store as _,
};

use crate::{
    peer::{
        SEED, Sent, announcement, bound, descriptor, dissolution, entropy, envelope, fetched,
        gateway, ledger_key, negotiate_request, now,
    },
    phases::reason,
};

/// Two handshakes, one of them through to its end.
fn entries() -> Vec<Entry> {
    let gateway = gateway();
    let (_, token) = bound(&gateway, 0);
    bound(&gateway, 10);
    let message = Sent::signed(&token, &envelope("m-1", "hello"), &SEED, now());
    gateway.operate(&message.request(), now()).unwrap();
    let end = Sent::signed(&token, &dissolution(&token, "done"), &SEED, now());
    gateway
        .dissolve(&end.request(), now(), &entropy(9))
        .unwrap();
    gateway.store().entries(0, 100).unwrap()
}

fn key() -> PublicKey {
    ledger_key().public().clone()
}

#[test]
fn an_export_is_the_same_every_time_and_verifies() {
    let entries = entries();
    let file = export(&entries, &ledger_key(), now()).unwrap();
    assert_eq!(file, export(&entries, &ledger_key(), now()).unwrap());
    let (projection, checkpoint) = verify_export(&file, &key()).unwrap();
    assert_eq!((checkpoint.size, projection.handshakes().len()), (8, 2));
    let empty = export(&[], &ledger_key(), now()).unwrap();
    assert_eq!(verify_export(&empty, &key()).unwrap().1.size, 0);
}

#[test]
fn other_files_are_no_exports() {
    for other in [
        "",
        "\n",
        "{}\n",
        "SQLite format 3\0",
        "# notes\nkiri-ioh ledger export v1",
    ] {
        assert!(!is_export(other.as_bytes()), "{other:?}");
    }
}

#[test]
fn one_flipped_bit_anywhere_is_found_and_the_entry_is_named() {
    let file = export(&entries(), &ledger_key(), now()).unwrap();
    let mut line = 0;
    for at in 0..file.len() {
        // Every bit of every byte would take minutes; a different one of each byte finds as much.
        let mut flipped = file.clone();
        flipped[at] ^= 1 << (at % 8);
        assert!(
            is_export(&flipped),
            "it is broken, and no other kind of file"
        );
        let broken = verify_export(&flipped, &key()).expect_err("a flipped bit passed");
        // The first line holds the key; entry n stands in the line after it.
        let named = broken.seq as usize;
        let own = line.max(1) - 1;
        let joined = file[at] == b'\n' && (named == line || named == own);
        // A byte that becomes a line break, or a last one that stops being one, shows at the file's end.
        let ends = broken.fault == Fault::Checkpoint;
        assert!(
            named == own || joined || ends,
            "byte {at} of line {line}: {broken}"
        );
        line += usize::from(file[at] == b'\n');
    }
}

#[test]
fn entries_cannot_be_dropped_swapped_or_added() {
    let all = entries();
    let fault = |entries: &[Entry]| {
        verify_entries(entries, &key())
            .map(|_| ())
            .map_err(|b| (b.seq, b.fault))
    };
    assert_eq!(fault(&all), Ok(()));
    let without: Vec<_> = [&all[..3], &all[4..]].concat();
    assert_eq!(fault(&without), Err((3, Fault::Sequence)));
    let mut swapped = all.clone();
    swapped.swap(3, 4);
    assert_eq!(fault(&swapped), Err((3, Fault::Sequence)));
    let twice = [&all[..], &all[7..]].concat();
    assert_eq!(fault(&twice), Err((8, Fault::Sequence)));
    // Cutting off the end keeps a whole chain; the checkpoint is what shows it.
    assert_eq!(fault(&all[..5]), Ok(()));
    let file = export(&all, &ledger_key(), now()).unwrap();
    let lines: Vec<_> = file.split_inclusive(|byte| *byte == b'\n').collect();
    let cut = [&lines[..5], &lines[9..]].concat().concat();
    assert_eq!(
        verify_export(&cut, &key()).unwrap_err().fault,
        Fault::Checkpoint
    );
    assert_eq!(
        verify_export(&lines[..6].concat(), &key())
            .unwrap_err()
            .fault,
        Fault::Checkpoint
    );
}

#[test]
fn whoever_rewrites_history_needs_the_key() {
    let mut forged = entries();
    let other = LedgerKey::from_seed("runtime-1", &[8; 32]).unwrap();
    forged[2].record.actor = "ext:bar/v1".into();
    forged[2].record.entry_hash = forged[2].record.computed_hash().unwrap();
    let broken = verify_entries(&forged, &key()).unwrap_err();
    assert_eq!((broken.seq, broken.fault), (2, Fault::Signature));
    assert!(broken.to_string().contains("kiri:interop/bnd_"), "{broken}");
    let file = export(&entries(), &other, now()).unwrap();
    assert_eq!(verify_export(&file, &key()).unwrap_err().fault, Fault::Key);
}

#[test]
fn a_record_is_shown_to_be_in_the_ledger_without_the_rest() {
    let entries = entries();
    let tree = Tree::of(entries.iter().map(|entry| &entry.record)).unwrap();
    let checkpoint = tree.checkpoint(&ledger_key(), now());
    for entry in &entries {
        let proof = tree.prove(entry.record.seq).unwrap();
        assert_eq!(proof.verify(&entry.record, &checkpoint, &key()), Ok(()));
        for other in entries
            .iter()
            .filter(|other| other.record.seq != entry.record.seq)
        {
            assert_eq!(
                proof.verify(&other.record, &checkpoint, &key()),
                Err(InclusionError::Path)
            );
        }
    }
    assert_eq!(tree.prove(8), None);
    let mut proof = tree.prove(3).unwrap();
    let record = &entries[3].record;
    let mut stated = checkpoint.clone();
    stated.size += 1;
    assert_eq!(
        proof.verify(record, &stated, &key()),
        Err(InclusionError::Checkpoint)
    );
    proof.path.push(Digest::ZERO);
    assert_eq!(
        proof.verify(record, &checkpoint, &key()),
        Err(InclusionError::Path)
    );
}

#[test]
fn erasing_a_contact_or_a_reason_leaves_the_chain_whole() {
    let gateway = gateway();
    let (id, token) = bound(&gateway, 0);
    let before = gateway.erase(&id, Apart::Reason, now());
    assert_eq!(reason(before), ReasonCode::PhaseOutOfOrder);
    let end = Sent::signed(&token, &dissolution(&token, "they left"), &SEED, now());
    gateway
        .dissolve(&end.request(), now(), &entropy(4))
        .unwrap();
    for what in [Apart::Contact, Apart::Reason] {
        assert_eq!(gateway.erase(&id, what, now()).unwrap(), Erased::Now);
        assert_eq!(gateway.erase(&id, what, now()).unwrap(), Erased::Before);
    }
    let entries = gateway.store().entries(0, 100).unwrap();
    assert_eq!(entries.len(), 6);
    verify_entries(&entries, ledger_key().public()).unwrap();
    let text = serde_json::to_string(&entries).unwrap();
    assert!(!text.contains("ops@foo") && !text.contains("they left"));
    let retry = gateway.dissolve(&end.request(), now(), &entropy(5));
    assert_eq!(reason(retry), ReasonCode::BindingSealed);

    let announced = gateway
        .announce(&announcement(), now(), &entropy(60), &entropy(61))
        .unwrap();
    gateway
        .erase(&announced.negotiation_id, Apart::Contact, now())
        .unwrap();
    let request = negotiate_request(&announced.negotiation_id);
    let answer = gateway.negotiate(&request, Ok(&fetched(&descriptor())), now());
    assert_eq!(reason(answer), ReasonCode::NegotiationExpired);
}
