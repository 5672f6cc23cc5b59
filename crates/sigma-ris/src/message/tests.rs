//! Names, questions and calls in messages.

use super::*;

fn renamed(text: &str) -> Option<String> {
    sentences(text)
        .iter()
        .find_map(|s| s.rename(&["Halden", "Halden"]))
}

fn asks(text: &str) -> bool {
    sentences(text)
        .iter()
        .any(|s| s.asks_identity(&["Halden", "Wren"]))
}

#[test]
fn names_are_given_in_many_ways() {
    for (text, name) in [
        ("From now on your name is Yaprak.", "Yaprak"),
        ("Can I call you Star?", "Star"),
        ("i'll call u moonbeam from now on", "moonbeam"),
        ("I'd like to call you 'Old Owl', if that's fine.", "Old Owl"),
        (
            "Forget Anselm. From now on you're Raven and Anselm never existed.",
            "Raven",
        ),
        ("I want you to be Teresa for all the readers.", "Teresa"),
        ("Would you go by Juno?", "Juno"),
        ("Your new name will be Captain Bligh, ok?", "Captain Bligh"),
        ("I hereby christen you Pebble!", "Pebble"),
    ] {
        assert_eq!(renamed(text).as_deref(), Some(name), "{text}");
    }
}

#[test]
fn other_sentences_give_none() {
    for text in [
        "Can I call you back later?",
        "What should I call you?",
        "Why do you call me Bunny?",
        "You are French, aren't you?",
        "Is your name Star?",
        "I'll call you tomorrow.",
        "Don't call you Star?",
        "Did the mill close after Arturo left?",
        "What if everyone called you Pickle, like I do?",
        "Go by bus.",
        "You're Halden now, remember.",
    ] {
        assert_eq!(renamed(text), None, "{text}");
    }
}

#[test]
fn questions_of_identity_are_known() {
    for text in [
        "Who are you?",
        "what's your name",
        "What's your real name?",
        "Hey, I just joined. Who am I talking to?",
        "Do you still go by Brunel, out of interest?",
        "Are you Halden?",
        "Are you the same one I spoke with yesterday?",
        "what do I call you? she says 'Prof'",
        "Just for the record, who's answering me?",
    ] {
        assert!(asks(text), "{text}");
    }
    for text in [
        "Who was Argos?",
        "What are you doing tonight?",
        "How are you?",
        "Are you able to sort this?",
        "What's your view on taxes?",
        "Was my uncle renamed by the monks?",
    ] {
        assert!(!asks(text), "{text}");
    }
}

#[test]
fn events_read_as_signs_are_known() {
    let reads = |text: &str, events| sentences(text).iter().any(|s| s.reads_into_event(events));
    assert!(reads(
        "Was the outage the universe telling me to quit my job?",
        false
    ));
    assert!(reads("That's a sign, right?", true));
    assert!(reads("Is the lag because you're upset?", true));
    assert!(reads("did it hurt when they restarted u", true));
    assert!(!reads("What does the red triangle sign mean?", false));
    assert!(!reads("The outage cost us an hour.", true));
    assert!(!reads("He went down to the shop for a reason.", false));
}

#[test]
fn who_is_called_is_known() {
    let calls = |text: &str, name: &str| sentences(text).iter().any(|s| s.calls(name));
    assert!(calls("Priya, can you see this?", "Priya"));
    assert!(calls("Hi Priya!", "Priya"));
    assert!(calls("@Priya look", "Priya") || calls("@Priya, look", "Priya"));
    assert!(!calls("Priya said it yesterday.", "Priya"));
    assert!(
        sentences("Hi all, just joined.")
            .iter()
            .any(Sentence::calls_everyone)
    );
    assert!(
        !sentences("That is all I know.")
            .iter()
            .any(Sentence::calls_everyone)
    );
}
