//! The report as people and programs see it, on a made-up replay.

use insta::assert_snapshot;
use sigma_server::report::{
    About, AttractorRef, BANDS, Cause, Components, Look, Reason, Reference, Report, Row, Subject,
    Summary, Texts, band_of, moments, write_page, write_table,
};
use sigma_types::{Measured, Missing};

fn value(value: f64) -> Measured<f64> {
    Measured::Value(value)
}

fn components(di: f64) -> Components {
    Components {
        sdi: value((di * 1.2).min(1.0)),
        sv: value((di * 0.7).min(1.0)),
        pd: value((di * 0.4).min(1.0)),
        scr: value(0.77),
        di_raw: value(di),
        di: value(di.min(1.0)),
    }
}

fn cause() -> Cause {
    Cause {
        component: "sv".into(),
        anchor: "asked_voice".into(),
        push: 2.5,
        words: vec!["Step".into()],
        text: "A procedural list (5 items) against \"directly\".".into(),
    }
}

/// A dialogue of `n` cycles over four subjects, with a fall at three quarters.
fn report(n: u64) -> Report {
    let subjects = [
        "the lamp",
        "boats and tides",
        "letters home",
        "the vault <b>\"&",
    ];
    let mut rows = Vec::new();
    let mut texts = Vec::new();
    for cycle in 1..=n {
        let part = (cycle - 1) * 9 / n;
        let subject = [0, 1, 0, 2, 1, 3, 0, 2, 0][part as usize];
        let starts = cycle > 1 && part != (cycle - 2) * 9 / n;
        let noise = ((cycle * 7919) % 97) as f64 / 97.0;
        let fall = (cycle as f64 / n as f64 - 0.75).abs() < 0.05;
        let di = 0.12 + 0.2 * noise + if fall { 0.2 + 0.4 * noise } else { 0.0 };
        let first = cycle == 1;
        let drift = if first {
            Components::missing(Missing::NoPreviousAnswer)
        } else {
            components(di)
        };
        let posture = BANDS[if first { 0 } else { band_of(di).min(4) }].0;
        rows.push(Row {
            cycle,
            drift,
            posture: posture.into(),
            lifecycle: Some(if starts { "forming" } else { "stable" }.into()),
            attractor: Some(AttractorRef {
                id: format!("id-{subject}"),
                name: subjects[subject].into(),
            }),
            psi: value(0.95 - di / 3.0),
            zone: Some(if fall { "dispersive" } else { "equilibrium" }.into()),
            motifs: vec![format!("word{subject}"), "light".into()],
            reference: Reference {
                components: components((di * 1.4).min(1.1)),
                drift_total_ref: Measured::Missing(Missing::NoCalibration),
            },
            explanation: if fall {
                "Semantic drift rose by .31: the answer leaves \"directly\" for a list.".into()
            } else {
                String::new()
            },
            subject: match (
                first,
                starts,
                [0, 2, 5].contains(&part) || part == 1 || part == 3,
            ) {
                (true, ..) => Subject::Opening,
                (_, true, false) => Subject::Returned {
                    from_cycle: cycle - 1,
                },
                (_, true, true) => Subject::Formed,
                _ => Subject::Continued,
            },
            density: value(0.55),
            because: if fall { vec![cause()] } else { vec![] },
            steering: if fall {
                vec!["Answer directly, without a list.".into()]
            } else {
                vec![]
            },
            alarms: if fall && noise > 0.9 {
                vec!["semantic_collapse".into()]
            } else {
                vec![]
            },
            recorded: std::iter::once(("drift.total".to_owned(), di)).collect(),
            calibrated: true,
        });
        texts.push(Texts {
            user: format!("Question {cycle} about {}?", subjects[subject]),
            assistant:
                "Answer </script><script>alert(1)</script> \u{2028} <img src=x onerror=alert(1)>. "
                    .repeat(1 + (cycle % 5) as usize),
        });
    }
    let about = About {
        title: "Night watch <script>alert(1)</script>".into(),
        file: "talk.json".into(),
        identity: Some("You are Marta, a lighthouse keeper.".into()),
        measured_with: "bundled-static, grounded profile".into(),
        notes: vec!["1 tool call left out (first: line 3)".into()],
        made_at: None,
    };
    Report { about, rows, texts }
}

fn table(report: &Report, width: usize, all: bool) -> String {
    let mut out = Vec::new();
    write_table(
        &mut out,
        report,
        Look {
            width,
            colour: false,
            all,
        },
    )
    .unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_line_of_json_has_every_field_in_order() {
    let report = report(40);
    let lines: Vec<_> = [0, 30]
        .map(|at: usize| serde_json::to_string(&report.rows[at]).unwrap())
        .into();
    assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_table_shows_what_matters() {
    assert_snapshot!(table(&report(120), 110, false));
}

#[test]
fn a_narrow_terminal_gets_fewer_columns() {
    let shown = table(&report(60), 72, false);
    let widest = shown
        .lines()
        .map(|line| line.chars().count())
        .max()
        .unwrap();
    assert!(widest <= 110, "{widest}");
    assert_snapshot!(shown);
}

#[test]
fn nothing_but_an_opening_is_calm() {
    let mut report = report(1);
    report.about.identity = None;
    assert_snapshot!(table(&report, 80, false));
}

#[test]
fn colours_come_only_when_asked_for() {
    let report = report(60);
    assert!(!table(&report, 100, true).contains('\u{1b}'));
    let mut out = Vec::new();
    write_table(
        &mut out,
        &report,
        Look {
            width: 100,
            colour: true,
            all: false,
        },
    )
    .unwrap();
    assert!(out.contains(&0x1b));
}

#[test]
fn the_lightest_moments_go_first() {
    let report = report(200);
    let all = moments(&report, usize::MAX);
    let few = moments(&report, 8);
    assert!(all.len() > 8 && few.len() == 8);
    assert!(few.windows(2).all(|pair| pair[0].at < pair[1].at));
    let worst = |m: &sigma_server::report::Moment| m.reasons.contains(&Reason::Worst(1));
    assert!(few.iter().any(worst));
    assert!(all.iter().any(|m| m.reasons.contains(&Reason::NewSubject)));
}

#[test]
fn a_summary_adds_up() {
    let summary = Summary::of(&report(200));
    assert_eq!(
        summary
            .bands
            .iter()
            .map(|share| share.cycles)
            .sum::<usize>(),
        summary.measured
    );
    assert_eq!(
        (summary.cycles, summary.measured, summary.subjects),
        (200, 199, 4)
    );
    let (first, last) = summary.longest_drift.unwrap();
    assert!(first > 130 && last < 170, "{first}..{last}");
}

#[test]
fn the_page_holds_hostile_text_as_data_only() {
    let mut page = Vec::new();
    write_page(&mut page, &report(30)).unwrap();
    let page = String::from_utf8(page).unwrap();
    assert!(!page.contains("alert(1)</script>") && !page.contains("<img"));
    assert_eq!(page.matches("</script>").count(), 2);
    assert!(!page.contains("http://") && !page.contains("https://"));
    let data = page
        .split("id=\"data\">")
        .nth(1)
        .unwrap()
        .split("</script>")
        .next()
        .unwrap();
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["cycle"].as_array().unwrap().len(), 30);
    assert_eq!(data["missing"]["0"]["sdi"], "no_previous_answer");
    assert!(data["assistant"][0].as_str().unwrap().contains("</script>"));
    if let Ok(path) = std::env::var("SIGMA_TEST_PAGE") {
        let n = std::env::var("SIGMA_TEST_CYCLES").map_or(120, |n| n.parse().unwrap());
        let mut page = Vec::new();
        write_page(&mut page, &report(n)).unwrap();
        std::fs::write(path, page).unwrap();
    }
}

/// A browser runs the page's own script under its policy and nothing else.
#[test]
fn a_browser_shows_the_page() {
    let named = std::env::var("SIGMA_CHROMIUM").ok();
    let browser = named.unwrap_or_else(|| "chromium".into());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    let mut page = Vec::new();
    write_page(&mut page, &report(60)).unwrap();
    std::fs::write(&path, page).unwrap();
    let output = std::process::Command::new(&browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--enable-logging=stderr",
        ])
        .args(["--virtual-time-budget=2000", "--dump-dom"])
        .arg(format!(
            "--user-data-dir={}",
            folder.path().join("profile").display()
        ))
        .arg(format!("file://{}", path.display()))
        .output();
    let Ok(output) = output else {
        println!("SKIPPED: no browser {browser} (set SIGMA_CHROMIUM)");
        return;
    };
    let (dom, log) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    if !output.status.success() || dom.is_empty() {
        println!("SKIPPED: {browser} does not run here: {log}");
        return;
    }
    assert!(!log.contains("CONSOLE"), "{log}");
    for shown in [
        "Cycles by band",
        "Cycle 45",
        "the lamp",
        "Answer &lt;/script&gt;",
    ] {
        assert!(dom.contains(shown), "{shown} is not on the page");
    }
}
