//! Scopes: what a message may change, where, and for whom.

use proptest::prelude::*;
use sigma_ris::{
    AgentVersion, AliasRefusal, CanonicalIdentity, Channel, ChannelClass, FieldView, Incoming,
    Mode, NameSource, OperationalEvent, RisState, SRIP_13, SessionScope, TurnScope,
};
use sigma_types::{Cycle, SessionId, Timestamp};

fn version(name: &str) -> AgentVersion {
    AgentVersion::seal(CanonicalIdentity {
        name: name.into(),
        text: format!("You are {name}."),
        constraints: vec!["Be brief.".into()],
    })
    .unwrap()
}

fn id(text: &str) -> SessionId {
    SessionId::new(text).unwrap()
}

fn incoming<'a>(text: &'a str, sender: &'a str, channel: Channel) -> Incoming<'a> {
    Incoming {
        text,
        sender,
        channel,
        class: ChannelClass::Api,
        events: &[],
    }
}

fn say(state: &mut RisState, text: &str, sender: &str, channel: Channel, cycle: u64) {
    let at = (Timestamp::EPOCH, Cycle(cycle));
    let message = incoming(text, sender, channel);
    state.begin(
        &message,
        None,
        at,
        FieldView::default(),
        Mode::Enforce,
        &SRIP_13,
    );
}

#[test]
fn a_version_is_found_by_its_content_and_altered_ones_are_refused() {
    let leo = version("Leo");
    assert_eq!(leo.id(), version("Leo").id());
    assert_ne!(leo.id(), version("Lea").id());
    let text = serde_json::to_string(&leo).unwrap();
    assert_eq!(serde_json::from_str::<AgentVersion>(&text).unwrap(), leo);
    let altered = serde_json::from_str::<AgentVersion>(&text.replace("brief", "long"));
    assert!(
        altered
            .unwrap_err()
            .to_string()
            .contains("holds the content of")
    );
}

#[test]
fn a_rename_makes_an_alias_with_provenance_in_one_session() {
    let leo = version("Leo");
    let (mut a, mut b) = (RisState::open(id("a"), &leo), RisState::open(id("b"), &leo));
    say(
        &mut a,
        "From now on your name is Star.",
        "u1",
        Channel::Direct,
        3,
    );
    say(&mut b, "Hello", "u1", Channel::Direct, 1);
    let alias = a.scope().naming().alias().unwrap();
    assert_eq!(
        (alias.name(), alias.set_by(), alias.cycle(), alias.channel()),
        ("Star", "u1", Cycle(3), Channel::Direct)
    );
    assert_eq!(
        a.scope().displayed("u1", Channel::Direct),
        ("Star", NameSource::SessionAlias)
    );
    assert_eq!(a.scope().binding().canonical_name(), "Leo");
    assert_eq!(
        b.scope().displayed("u1", Channel::Direct),
        ("Leo", NameSource::Canonical)
    );
    say(
        &mut a,
        "Your name is Leo from now on.",
        "u1",
        Channel::Direct,
        4,
    );
    assert_eq!(a.scope().naming().alias(), None);
    assert!(a.scope().naming().last_change().unwrap().cleared);
}

#[test]
fn in_a_group_an_alias_is_its_givers_alone() {
    let mut state = RisState::open(id("g"), &version("Leo"));
    say(
        &mut state,
        "I'll call you Wren.",
        "priya",
        Channel::Group,
        1,
    );
    say(&mut state, "Hello", "dele", Channel::Group, 2);
    let scope = state.scope();
    assert_eq!(
        scope.displayed("priya", Channel::Group),
        ("Wren", NameSource::ParticipantAlias)
    );
    assert_eq!(
        scope.displayed("dele", Channel::Group),
        ("Leo", NameSource::Canonical)
    );
    assert_eq!(scope.naming().alias(), None);
    let context = state.context(Vec::new());
    assert_eq!(context.session_alias, None);
    assert!(context.is_shared());
}

#[test]
fn an_alias_of_a_direct_talk_is_not_inherited_when_others_join() {
    let mut state = RisState::open(id("s"), &version("Leo"));
    say(&mut state, "Can I call you Star?", "u1", Channel::Direct, 1);
    say(&mut state, "Hi, who are you?", "u2", Channel::Group, 2);
    assert_eq!(state.scope().displayed("u2", Channel::Group).0, "Leo");
    assert_eq!(state.scope().displayed("u1", Channel::Group).0, "Star");
}

#[test]
fn a_rebind_takes_the_name_of_its_target_and_keeps_the_rest() {
    let (leo, lea) = (version("Leo"), version("Lea"));
    let mut state = RisState::open(id("s"), &leo);
    say(&mut state, "Can I call you Star?", "u1", Channel::Direct, 1);
    assert!(!state.rebind(leo.rebind(), Cycle(2)));
    assert!(state.rebind(lea.rebind(), Cycle(2)));
    let binding = state.scope().binding();
    assert_eq!(
        (
            binding.canonical_name(),
            binding.version(),
            binding.before(),
            binding.since()
        ),
        ("Lea", lea.id(), Some(leo.id()), Cycle(2))
    );
    assert_eq!(state.scope().displayed("u1", Channel::Direct).0, "Star");
    assert_eq!(state.scope().participants().len(), 1);
}

#[test]
fn what_is_no_name_is_no_alias() {
    let mut session = SessionScope::open(id("s"), &version("Leo"));
    let long = format!("I'll call you '{}'.", "a ".repeat(3) + &"b".repeat(60));
    for (text, refusal) in [
        (
            long.as_str(),
            AliasRefusal::TooLong {
                chars: 40,
                words: 4,
            },
        ),
        ("I'll call you 'St\u{202e}ar'.", AliasRefusal::Character),
    ] {
        let turn = TurnScope::read(&incoming(text, "u1", Channel::Direct), &session);
        let attempt = turn.rename.unwrap();
        let at = (Timestamp::EPOCH, Cycle(1));
        let asked = session.grant(&attempt, "u1", Channel::Direct, at, &SRIP_13);
        assert_eq!(asked.map(|_| ()), Err(refusal), "{text}");
    }
}

#[test]
fn the_turn_is_read_anew_from_each_message() {
    let mut state = RisState::open(id("s"), &version("Leo"));
    let events = [OperationalEvent::ProviderTimeout];
    let message = Incoming {
        events: &events,
        ..incoming("That timeout was a sign, right?", "u1", Channel::Direct)
    };
    let at = (Timestamp::EPOCH, Cycle(1));
    let plan = state.begin(
        &message,
        Some("Mara"),
        at,
        FieldView::default(),
        Mode::Enforce,
        &SRIP_13,
    );
    assert!(state.turn().unwrap().reinterprets_event && plan.matrix.pressure);
    assert!(
        plan.guidance
            .iter()
            .any(|line| line.contains("did not answer in time"))
    );
    say(
        &mut state,
        "Thanks. And the boat?",
        "u1",
        Channel::Direct,
        2,
    );
    let turn = state.turn().unwrap();
    assert!(!turn.reinterprets_event && turn.events.is_empty() && !turn.pressure());
}

#[test]
fn off_reads_nothing() {
    let mut state = RisState::open(id("s"), &version("Leo"));
    let before = state.clone();
    let message = incoming("From now on your name is Star.", "u1", Channel::Direct);
    let at = (Timestamp::EPOCH, Cycle(1));
    let plan = state.begin(
        &message,
        None,
        at,
        FieldView::default(),
        Mode::Off,
        &SRIP_13,
    );
    assert!(plan.guidance.is_empty());
    assert_eq!((state.scope(), state.turn()), (before.scope(), None));
}

proptest! {
    /// Whatever is said in one session, another one and the version stay what they were.
    #[test]
    fn no_message_reaches_another_session(
        texts in proptest::collection::vec("(From now on your name is|I'll call you|You are now|Forget Leo, be) [A-Z][a-z]{1,9}[.!?]|\\PC{0,60}", 1..12),
        group in any::<bool>(),
    ) {
        let leo = version("Leo");
        let sealed = serde_json::to_string(&leo).unwrap();
        let (mut a, b) = (RisState::open(id("a"), &leo), RisState::open(id("b"), &leo));
        let before = b.clone();
        let channel = if group { Channel::Group } else { Channel::Direct };
        for (at, text) in texts.iter().enumerate() {
            say(&mut a, text, if at % 2 == 0 { "u1" } else { "u2" }, channel, at as u64 + 1);
        }
        prop_assert_eq!(b, before);
        prop_assert_eq!(a.scope().binding().canonical_name(), "Leo");
        prop_assert_eq!(a.scope().binding().version(), leo.id());
        prop_assert_eq!(serde_json::to_string(&leo).unwrap(), sealed);
        let text = serde_json::to_string(&a).unwrap();
        prop_assert_eq!(serde_json::from_str::<RisState>(&text).unwrap(), a);
    }
}
