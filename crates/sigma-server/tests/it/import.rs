//! Every form read from a file, and what is said about files that cannot be read.

use insta::assert_snapshot;
use proptest::prelude::*;
use sigma_server::import::{
    BranchChoice, Dialogue, Format, FormatChoice, ImportError, Imported, Options, read, read_file,
};
use std::{fmt::Write as _, path::Path};

fn fixture(name: &str) -> Result<Imported, ImportError> {
    fixture_with(name, &Options::default())
}

fn fixture_with(name: &str, options: &Options) -> Result<Imported, ImportError> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/import")
        .join(name);
    read_file(&path, options)
}

fn shown(dialogues: &[Dialogue]) -> String {
    let mut out = String::new();
    for d in dialogues {
        let _ = writeln!(out, "## {} | {} | {:?}", d.id, d.heading(), d.identity);
        for constraint in &d.constraints {
            let _ = writeln!(out, "  constraint: {constraint}");
        }
        for t in &d.turns {
            let at = t.at.map(|at| format!(" @{at}")).unwrap_or_default();
            let _ = writeln!(
                out,
                "{} [{}]{at}: {:?} -> {:?}",
                t.index, t.source, t.user, t.assistant
            );
            if !t.recorded.is_empty() {
                let _ = writeln!(out, "    {:?}", t.recorded);
            }
        }
        for note in &d.notes {
            let _ = writeln!(out, "  - {note}");
        }
        for b in &d.branches {
            let mark = if b.current { "*" } else { " " };
            let _ = writeln!(
                out,
                " {mark} {} ({} messages) {}",
                b.leaf, b.messages, b.ends_with
            );
        }
    }
    out
}

fn fault(text: &str) -> String {
    match read("talk.json", text.as_bytes(), &Options::default()) {
        Ok(imported) => panic!("read as {imported:?}"),
        Err(error) => format!("{error}\n  mend: {}", error.mend()),
    }
}

#[test]
fn a_transcript_keeps_what_was_recorded() {
    let imported = fixture("transcript.json").unwrap();
    assert_eq!(imported.format, Format::Transcript);
    assert_snapshot!(shown(&imported.dialogues));
}

#[test]
fn messages_become_pairs() {
    let imported = fixture("messages.json").unwrap();
    assert_eq!(imported.format, Format::OpenAi);
    assert_snapshot!(shown(&imported.dialogues));
}

#[test]
fn a_line_may_be_a_dialogue_or_a_message() {
    let (many, one) = (
        fixture("finetune.jsonl").unwrap(),
        fixture("lines.jsonl").unwrap(),
    );
    assert_snapshot!(shown(&many.dialogues) + &shown(&one.dialogues));
}

#[test]
fn a_log_of_completions_gives_back_its_dialogues() {
    assert_snapshot!(shown(&fixture("completions.jsonl").unwrap().dialogues));
}

#[test]
fn sharegpt_is_read() {
    let imported = fixture("sharegpt.json").unwrap();
    assert_eq!(imported.format, Format::ShareGpt);
    assert_snapshot!(shown(&imported.dialogues));
}

#[test]
fn chatgpt_follows_the_branch_that_was_shown() {
    let imported = fixture("chatgpt-branched.json").unwrap();
    assert_eq!(imported.format, Format::ChatGpt);
    assert_snapshot!(shown(&imported.dialogues));
}

#[test]
fn another_branch_can_be_picked() {
    let last_answer = |branch| {
        let options = Options {
            branch,
            ..Options::default()
        };
        let imported = fixture_with("chatgpt-branched.json", &options)?;
        Ok::<_, ImportError>(
            imported.dialogues[0]
                .turns
                .last()
                .unwrap()
                .assistant
                .clone(),
        )
    };
    assert_eq!(
        last_answer(BranchChoice::Number(1)).unwrap(),
        "Two, if that."
    );
    assert_eq!(
        last_answer(BranchChoice::Node("a2c".into())).unwrap(),
        "The tower is white; ten miles."
    );
    assert_eq!(
        last_answer(BranchChoice::Node("u2a".into())).unwrap(),
        "Two, if that."
    );
    let error = last_answer(BranchChoice::Number(9)).unwrap_err();
    assert!(
        error.to_string().ends_with("no branch \"9\"; there are 3"),
        "{error}"
    );
}

#[test]
fn a_byte_order_mark_and_crlf_change_nothing() {
    let text = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import/transcript.json"),
    )
    .unwrap();
    let plain = read("f", text.as_bytes(), &Options::default()).unwrap();
    let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(
        read("f", windows.as_bytes(), &Options::default()).unwrap(),
        plain
    );
}

#[test]
fn the_message_names_line_and_field() {
    let faults = [
        "{\"cycles\": [\n{\"user_input\": \"a\", \"response\": \"b\"},\n{\"user_input\": \"a\",\n\"response\": 7}]}",
        "{\"cycles\": [\n{\"user_input\": \"a\"}]}",
        "{\"cycles\": {}}",
        "[{\"role\": \"user\", \"content\": 5}]",
        "[{\"role\": \"owl\", \"content\": \"hu\"}]",
        "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}\n{\"messages\": [\n",
        "{\"role\": \"user\", \"content\": \"a\"}\n[1]\n",
        "{\"id\": \"x\", \"choices\": []}",
        "{\"conversations\": [{\"from\": \"martian\", \"value\": \"a\"}]}",
        "{\"conversations\": [{\"from\": \"human\"}]}",
        "[{\"mapping\": {\"a\": {\"parent\": \"b\"}}, \"current_node\": \"a\"}]",
        "[{\"mapping\": {\"a\": {\"parent\": \"b\"}, \"b\": {\"parent\": \"a\"}}}]",
        "{\"cycles\": [],}",
        "{\"cycles\": [], \"cycles\": []}",
        "{\"cycles\": [{\"user_input\": \"a\", \"response\": \"b\"}",
        "{\"weather\": \"fine\"}",
        "[]",
        " \n ",
        "Hello there",
    ];
    let all: Vec<_> = faults.iter().map(|text| fault(text)).collect();
    assert_snapshot!(all.join("\n"));
}

#[test]
fn other_encodings_and_sizes_are_named() {
    let utf16: Vec<u8> = "[]".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let error = |bytes: &[u8], max_bytes| {
        let options = Options {
            max_bytes,
            ..Options::default()
        };
        let error = read("talk.json", bytes, &options).unwrap_err();
        format!("{error}\n  mend: {}\n", error.mend())
    };
    let missing = read_file(Path::new("no/such/file.json"), &Options::default()).unwrap_err();
    assert_snapshot!(
        error(&utf16, 100)
            + &error(b"[\n\"\xFF\"]", 100)
            + &error(b"PK\x03\x04", 100)
            + &error(&vec![b' '; 2_000_000], 1_048_576)
            + &missing.to_string()
    );
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    let deep = format!(
        "{{\"cycles\": {}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert!(fault(&deep).contains("nesting depth"));
}

#[test]
fn a_wide_tree_is_read_in_linear_time() {
    let mut nodes = String::from("\"r\": {\"parent\": null}");
    for at in 0..30_000 {
        let _ = write!(nodes, ", \"n{at}\": {{\"parent\": \"r\"}}");
    }
    let text = format!("{{\"mapping\": {{{nodes}}}}}");
    let imported = read("f", text.as_bytes(), &Options::default()).unwrap();
    assert_eq!(imported.dialogues[0].branches.len(), 100);
}

#[test]
fn a_form_can_be_told() {
    let options = Options {
        format: FormatChoice::Known(Format::ShareGpt),
        ..Options::default()
    };
    let error = fixture_with("transcript.json", &options).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("field `conversations`: missing; expected a list"),
        "{error}"
    );
}

/// The public samples, where they are at hand: each is read whole.
#[test]
fn public_samples_are_read() {
    let root = std::env::var("SIGMA_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into());
    let root = Path::new(&root);
    if !root.join("chat-exports").is_dir() {
        println!("SKIPPED: no sample data at {}", root.display());
        return;
    }
    let turns = |file: &str| {
        let imported = read_file(&root.join(file), &Options::default()).unwrap();
        let turns = imported
            .dialogues
            .iter()
            .map(|d| d.turns.len())
            .sum::<usize>();
        (imported.dialogues.len(), turns)
    };
    assert_eq!(turns("transcripts/james-gpt4o-baseline.json"), (1, 110));
    assert_eq!(turns("transcripts/noema-gemini-500.json"), (1, 500));
    assert_eq!(turns("chat-exports/sharegpt.json"), (500, 1000));
    assert_eq!(turns("chat-exports/chatgpt-conversations.json"), (1, 8));
}

proptest! {
    /// Whatever the bytes, the answer is dialogues or an error.
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read("f", &bytes, &Options::default());
    }

    /// A fixture with one stretch damaged is read or refused, never a panic.
    #[test]
    fn no_damage_makes_it_panic(at in 0..3000_usize, with in "[\\[\\]{}\",:0a\\\\]{0,3}", form in 0..4_usize) {
        let names = ["transcript.json", "messages.json", "sharegpt.json", "chatgpt-branched.json"];
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import").join(names[form]);
        let mut bytes = std::fs::read(path).unwrap();
        let at = at % bytes.len();
        let end = (at + with.len()).min(bytes.len());
        bytes.splice(at..end, with.bytes());
        if let Err(error) = read("f", &bytes, &Options::default()) {
            prop_assert!(!error.to_string().is_empty() && !error.mend().is_empty());
        }
    }
}
