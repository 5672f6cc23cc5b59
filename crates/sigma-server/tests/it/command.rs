//! The command line as people use it.

use assert_cmd::Command;
use insta::assert_snapshot;
use std::path::{Path, PathBuf};

fn sigma() -> Command {
    let mut command = Command::cargo_bin("sigma").unwrap();
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SIGMA_")) {
        command.env_remove(name);
    }
    command
        .env("COLUMNS", "100")
        .current_dir(std::env::temp_dir());
    command
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/import")
        .join(name)
}

/// Exit code, standard output and standard error, with the fixtures' folder left out.
fn outcome(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| {
        let folder = fixture("").display().to_string();
        String::from_utf8_lossy(bytes).replace(&folder, "")
    };
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    format!(
        "exit {}\n--- out\n{out}--- err\n{err}",
        output.status.code().unwrap()
    )
}

#[test]
fn help_is_there_for_every_command() {
    let commands = [
        "",
        "replay",
        "chat",
        "serve",
        "demo",
        "bind",
        "ledger",
        "ris",
        "ris check",
        "config",
        "completions",
    ];
    let all = commands.map(|name| {
        let mut command = sigma();
        command.args(name.split_whitespace()).arg("--help");
        format!("$ sigma {name} --help\n{}", outcome(&mut command))
    });
    assert_snapshot!(all.join("\n"));
}

#[test]
fn a_broken_file_is_told_with_line_field_and_mend() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("talk.json");
    std::fs::write(
        &file,
        "{\"cycles\": [\n{\"user_input\": \"a\", \"response\": 7}]}",
    )
    .unwrap();
    let told = outcome(
        sigma()
            .arg("replay")
            .arg("talk.json")
            .current_dir(folder.path()),
    );
    assert_snapshot!(told);
}

#[test]
fn other_failures_have_their_own_exit_codes() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("sigma.toml"), "[modle]\nurl = \"x\"\n").unwrap();
    let transcript = fixture("transcript.json");
    let all = [
        outcome(sigma().args(["replay", "no-such-file.json"])),
        outcome(sigma().args(["replay", "--fail-on", "often", "x.json"])),
        outcome(
            sigma()
                .arg("replay")
                .arg(&transcript)
                .args(["--dialogue", "7"]),
        ),
        outcome(
            sigma()
                .arg("replay")
                .arg(&transcript)
                .args(["--embeddings", "warm"]),
        ),
        outcome(sigma().arg("config").current_dir(folder.path())),
        outcome(
            sigma()
                .args(["chat", "--model", "http://localhost:1/v1"])
                .write_stdin(""),
        ),
        outcome(sigma().args(["chat", "--session", "a b"]).write_stdin("")),
    ];
    assert_snapshot!(all.join("\n"));
}

#[test]
fn a_replay_writes_a_table_lines_and_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    let file = fixture("messages.json");
    let told = outcome(sigma().arg("replay").arg(&file).arg("--html").arg(&page));
    assert!(told.starts_with("exit 0"), "{told}");
    assert!(
        std::fs::read_to_string(page)
            .unwrap()
            .contains("Is the lamp lit?")
    );
    let output = sigma()
        .arg("replay")
        .arg(&file)
        .arg("--json")
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let cycles: Vec<_> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["cycle"].clone())
        .collect();
    assert_eq!(cycles, [1, 2]);
}

#[test]
fn a_replay_gives_the_same_bytes_every_time() {
    let run = || {
        sigma()
            .arg("replay")
            .arg(fixture("transcript.json"))
            .arg("--json")
            .output()
            .unwrap()
    };
    assert_eq!(run().stdout, run().stdout);
}

#[test]
fn many_dialogues_and_branches_can_be_listed_and_chosen() {
    let many = fixture("sharegpt.json");
    let branched = fixture("chatgpt-branched.json");
    let all = [
        outcome(
            sigma()
                .arg("replay")
                .arg(&many)
                .args(["--dialogue", "list"]),
        ),
        outcome(
            sigma()
                .arg("replay")
                .arg(&branched)
                .args(["--branch", "list"]),
        ),
    ];
    assert_snapshot!(all.join("\n"));
    let output = sigma()
        .arg("replay")
        .arg(&many)
        .args(["--dialogue", "all", "--json"])
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    assert_eq!(lines.matches("\"dialogue\":\"a\"").count(), 1);
    assert_eq!(lines.matches("\"dialogue\":\"b\"").count(), 2);
}

#[test]
fn the_identity_may_be_a_text_or_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("who.txt");
    std::fs::write(&file, "You are Bob, a pilot.").unwrap();
    let page = folder.path().join("page.html");
    for identity in [file.to_str().unwrap(), "You are Bob, a pilot."] {
        let mut command = sigma();
        command
            .arg("replay")
            .arg(fixture("messages.json"))
            .args(["--identity", identity]);
        command.arg("--html").arg(&page).assert().success();
        assert!(
            std::fs::read_to_string(&page)
                .unwrap()
                .contains("You are Bob, a pilot.")
        );
    }
}

#[test]
fn standard_input_is_read() {
    let text = std::fs::read(fixture("lines.jsonl")).unwrap();
    let told = outcome(sigma().args(["replay", "-", "--json"]).write_stdin(text));
    assert!(told.contains("\"cycle\":2"), "{told}");
}

#[test]
fn the_demo_runs_anywhere_and_leaves_two_pages() {
    let folder = tempfile::tempdir().unwrap();
    let told = outcome(sigma().args(["demo", "--out"]).arg(folder.path()));
    assert!(told.starts_with("exit 0"), "{told}");
    for name in ["harbour", "migration"] {
        let page = folder.path().join(format!("sigma-demo-{name}.html"));
        assert!(std::fs::metadata(page).unwrap().len() > 100_000);
    }
}

#[test]
fn a_chat_answers_from_memory_and_explains_itself() {
    let state = tempfile::tempdir().unwrap();
    // enough talk in between that the first turn is no longer at hand and has to be recalled
    let talk: Vec<String> = (1..=9)
        .map(|n| format!("Note {n}: bread, rope and paint."))
        .collect();
    let asked = "Where is the wick?\n/why\n/memory\n/state\n/nonsense\n/quit\n";
    let said = format!(
        "The wick is in the blue cupboard.\n{}\n{asked}",
        talk.join("\n")
    );
    let mut command = sigma();
    command
        .arg("chat")
        .env("XDG_STATE_HOME", state.path())
        .write_stdin(said);
    let told = outcome(&mut command);
    assert!(told.starts_with("exit 0"), "{told}");
    for part in [
        "blue cupboard",
        "posture",
        "because of",
        "no command /nonsense",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn a_named_session_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut told = String::new();
    for said in ["The cat is called Brine.\n", "What is the cat called?\n"] {
        let mut command = sigma();
        command
            .args(["chat", "--session", "diary", "--store", "kept.db"])
            .current_dir(folder.path());
        told = outcome(
            command
                .env("XDG_STATE_HOME", folder.path())
                .write_stdin(said),
        );
    }
    assert!(
        told.contains("going on after turn 1") && told.contains("Brine"),
        "{told}"
    );
}

#[test]
fn completions_are_written_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let told = outcome(sigma().args(["completions", shell]));
        assert!(
            told.starts_with("exit 0") && told.contains("replay"),
            "{shell}"
        );
    }
}

#[test]
fn a_pasted_log_longer_than_any_prompt_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pasted.json");
    let pasted = "error at line 7 of the harbour log; ".repeat(2000);
    let turns = serde_json::json!({"cycles": [
        {"user_input": "Hello, harbour desk.", "response": "Good morning."},
        {"user_input": pasted, "response": "The harbour log fails at line 7."},
    ]});
    std::fs::write(&file, turns.to_string()).unwrap();
    let told = outcome(sigma().arg("replay").arg(&file));
    assert!(
        told.starts_with("exit 0") && told.contains("2 cycles"),
        "{told}"
    );
}

#[test]
fn an_identity_file_that_is_not_there_is_no_identity() {
    let told = outcome(
        sigma()
            .arg("replay")
            .arg(fixture("messages.json"))
            .args(["--identity", "nobody-wrote-this.txt"]),
    );
    assert!(told.starts_with("exit 66"), "{told}");
}

#[test]
fn the_demo_makes_the_folder_that_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let told = outcome(
        sigma()
            .args(["demo", "--out", "a/b"])
            .current_dir(folder.path()),
    );
    assert!(told.starts_with("exit 0"), "{told}");
    assert!(folder.path().join("a/b/sigma-demo-harbour.html").is_file());
}

#[test]
fn a_chat_without_keyboard_ends_as_its_last_turn_did() {
    let state = tempfile::tempdir().unwrap();
    let told = outcome(
        sigma()
            .args(["chat", "--model", "http://127.0.0.1:1/v1", "--name", "x"])
            .env("XDG_STATE_HOME", state.path())
            .write_stdin("hello\n"),
    );
    assert!(told.starts_with("exit 69"), "{told}");
    assert!(
        told.contains("to mend it: check that the endpoint runs"),
        "{told}"
    );
    assert!(told.contains("this dialogue is not kept"), "{told}");
}
