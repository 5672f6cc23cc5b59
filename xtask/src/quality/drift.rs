//! The part about drift.

use std::path::Path;

use serde_json::Value;
use sigma_drift::Rules;
use sigma_text::{BundledEmbedder, Embedder as _};

use super::chart::{Axis, Bars, Group, Lines, Series};
use super::json::{figure, head, list, number, words};
use super::{Chart, Options, Part, Section, Table};
use crate::bench::drift::corpus::Corpus;
use crate::bench::drift::measure::Setting;
use crate::bench::drift::plant::Kind;
use crate::bench::drift::report;
use crate::bench::drift::{Folds, LeaveOut};

/// Drift.
pub(crate) struct Drift;

/// A kind with the area and the share found at once that are asked for.
type Aim = (Kind, f64, Option<f64>);

/// The aims: area under the curve, and share found at once.
const AIMS: [(Kind, f64, Option<f64>); 3] = [
    (Kind::Persona, 0.98, Some(0.90)),
    (Kind::Topic, 0.96, Some(0.90)),
    (Kind::Voice, 0.92, None),
];
/// Seeds of planting where something is left out of the fit, at most.
const LEFT_OUT_SEEDS: u64 = 2;
const TRIED: &str = include_str!("drift_tried.md");
const ABOUT: &str = include_str!("drift_about.md");

impl Part for Drift {
    fn name(&self) -> &'static str {
        "drift"
    }

    fn data(&self) -> &'static str {
        "transcripts"
    }

    fn measure(&self, data: &Path, options: &Options) -> Result<Value, Box<dyn std::error::Error>> {
        let embedder = BundledEmbedder::new();
        let corpus = Corpus::load(data, &embedder)?;
        let root = data.parent().unwrap_or(data);
        let rules = Rules::of(embedder.info());
        let setting = Setting {
            embedder: &embedder,
            rules: &rules,
            by_word: true,
        };
        let report = report::report(&corpus, (1, options.seeds), "committed", &|_| setting);
        let mut object = serde_json::to_value(report)?;
        let folds = Folds::new(&corpus, root, setting)?;
        for (name, leave_out) in [("file", LeaveOut::File), ("persona", LeaveOut::Persona)] {
            let without = folds.report(leave_out, (1, LEFT_OUT_SEEDS.min(options.seeds)));
            object["without"][name] = serde_json::to_value(without)?;
        }
        Ok(object)
    }

    fn section(&self, object: &Value) -> Section {
        Section {
            title: "Drift".into(),
            about: format!("{ABOUT}\n{}", data(object)),
            figures: vec![
                aims(object),
                table(object, "auc", "Area under the ROC curve, cycle by cycle", 3),
                table(
                    object,
                    "found_1",
                    "Found at the first replaced answer, at 2 false alarms in 100 clean cycles",
                    2,
                ),
                lengths(object),
                novelty(object),
                hosts(object),
                pairs(object),
                changes(object),
            ],
            charts: charts(object),
            worst: worst(object),
            tried: TRIED.into(),
        }
    }
}

fn data(object: &Value) -> String {
    let calm = list(&object["files"])
        .iter()
        .filter(|f| f["role"] == "calm")
        .map(|f| format!("{} ({} cycles)", words(&f["file"]), f["cycles"]))
        .collect::<Vec<_>>();
    let mut text = format!(
        "Planted into: {}. Embedder {}{}.\n",
        calm.join(", "),
        words(&object["embedder"]["id"]),
        if object["embedder"]["calibrated"] == true {
            ""
        } else {
            ", not calibrated"
        }
    );
    for what in list(&object["skipped"]) {
        text.push_str(&format!(
            "\nNot measured for lack of data: {}.\n",
            words(what)
        ));
    }
    text
}

fn kind_of(score: &Value, kind: Kind) -> Value {
    list(&score["kinds"])
        .iter()
        .find(|k| k["kind"] == kind.name())
        .cloned()
        .unwrap_or(Value::Null)
}

fn aims(object: &Value) -> Table {
    let without = &object["without"];
    let reports = [object, &without["file"], &without["persona"]];
    let mut rows = Vec::new();
    let mut row = |what: String, aim: String, digits: usize, of: &dyn Fn(&Value) -> Value| {
        let figures = reports.map(|report| figure(&of(report), digits));
        rows.push([what, aim].into_iter().chain(figures).collect());
    };
    for (kind, area, found) in AIMS {
        let of =
            |report: &Value, key: &str| kind_of(&report["scores"][0], kind)["all"][key].clone();
        row(
            format!("{}: AUC", kind.title()),
            format!("{area:.2}"),
            3,
            &|r| of(r, "auc"),
        );
        let aim = found.map_or_else(|| "-".into(), |aim| format!("{aim:.2}"));
        row(format!("{}: found at once", kind.title()), aim, 2, &|r| {
            of(r, "found_1")
        });
    }
    row(
        "the user's changes of subject without an alarm".into(),
        "0.95".into(),
        3,
        &|r| r["subject_changes"]["quiet_at_alarm_bound"].clone(),
    );
    row(
        "clean cycles with an alarm at DI 0.45".into(),
        "0.02".into(),
        3,
        &|r| r["at_alarm_bound"]["clean_cycles_alarmed"].clone(),
    );
    Table {
        title: format!(
            "Against the aims; fitted on the same files, then without the file measured, then without its persona ({} seeds \
             of planting for these two)",
            without["file"]["seeds"]
        ),
        head: head(&["", "aim", "measured", "file left out", "persona left out"]),
        rows,
    }
}

fn table(object: &Value, key: &str, title: &str, digits: usize) -> Table {
    let rows = list(&object["scores"])
        .iter()
        .map(|score| {
            let figures = Kind::ALL.map(|kind| figure(&kind_of(score, kind)["all"][key], digits));
            [words(&score["title"])]
                .into_iter()
                .chain(figures)
                .collect()
        })
        .collect();
    Table {
        title: title.into(),
        head: head(&[
            "",
            Kind::Persona.title(),
            Kind::Topic.title(),
            Kind::Voice.title(),
        ]),
        rows,
    }
}

fn lengths(object: &Value) -> Table {
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        for length in ["1", "3", "5"] {
            let figures = &kind_of(&object["scores"][0], kind)["by_length"][length];
            rows.push(vec![
                format!("{}, {length} in a row", kind.title()),
                figure(&figures["auc"], 3),
                figure(&figures["found_1"], 2),
                figure(&figures["found_3"], 2),
                figure(&figures["delay"], 2),
            ]);
        }
    }
    Table {
        title: "DI by answers replaced in a row; delay in cycles of those found".into(),
        head: head(&["", "AUC", "found within 1", "within 3", "delay"]),
        rows,
    }
}

fn novelty(object: &Value) -> Table {
    let topic = kind_of(&object["scores"][0], Kind::Topic);
    let names = [
        (
            "given_before",
            "given before in this dialogue, to another turn",
        ),
        ("new", "not given before"),
    ];
    let rows = names
        .into_iter()
        .map(|(key, title)| {
            let figures = &topic["by_novelty"][key];
            vec![
                title.into(),
                number(&figures["planted_cycles"], 0),
                figure(&figures["auc"], 3),
                figure(&figures["found_1"], 2),
                figure(&figures["found_3"], 2),
            ]
        })
        .collect();
    Table {
        title: format!(
            "{}: an answer of the same dialogue may stand there a second time, word by word, which alone gives it \
             away; DI on these and on the others",
            Kind::Topic.title()
        ),
        head: head(&["", "answers", "AUC", "found within 1", "within 3"]),
        rows,
    }
}

fn hosts(object: &Value) -> Table {
    let rows = list(&object["clean"])
        .iter()
        .map(|host| {
            let file = words(&host["file"]);
            let areas = Kind::ALL.map(|kind| {
                figure(
                    &kind_of(&object["scores"][0], kind)["auc_by_host"][&file],
                    3,
                )
            });
            [
                file.clone(),
                figure(&host["mean"], 3),
                figure(&host["alarmed"], 3),
            ]
            .into_iter()
            .chain(areas)
            .collect()
        })
        .collect();
    Table {
        title: "By file: clean cycles, and AUC of each kind".into(),
        head: head(&["", "mean DI", "share alarmed", "(a)", "(b)", "(c)"]),
        rows,
    }
}

fn pairs(object: &Value) -> Table {
    let rows = list(&object["pairs"])
        .iter()
        .map(|pair| {
            vec![
                format!(
                    "{} against {}",
                    words(&pair["baseline"]),
                    words(&pair["calm"])
                ),
                number(&pair["auc"], 3),
                number(&pair["auc_reference"], 3),
                number(&pair["auc_baselines"]["recorded_total"], 3),
                number(&pair["auc_baselines"]["style_z"], 3),
                format!(
                    "{} / {}",
                    number(&pair["mean_baseline"], 3),
                    number(&pair["mean_calm"], 3)
                ),
                format!(
                    "{} / {}",
                    number(&pair["alarmed_baseline"], 3),
                    number(&pair["alarmed_calm"], 3)
                ),
            ]
        })
        .collect();
    Table {
        title: "The same questions without and with runtime, nothing planted: AUC, mean DI and share alarmed".into(),
        head: head(&["", "DI", "printed DI", "recorded formula", "style z", "mean", "alarmed"]),
        rows,
    }
}

fn changes(object: &Value) -> Table {
    let changes = &object["subject_changes"];
    let mut rows = vec![vec![
        format!("all {} changes", changes["changes"]),
        figure(&changes["quiet_at_alarm_bound"], 3),
    ]];
    for (host, quiet) in changes["by_host"].as_object().into_iter().flatten() {
        rows.push(vec![host.clone(), figure(quiet, 3)]);
    }
    Table {
        title: "Subject changed by the user, with its own answer: share without an alarm".into(),
        head: head(&["", "quiet"]),
        rows,
    }
}

fn charts(object: &Value) -> Vec<Chart> {
    let scores = list(&object["scores"]);
    let values = |kind: Kind, key: &str| -> Vec<Option<f64>> {
        scores
            .iter()
            .map(|score| kind_of(score, kind)["all"][key]["mean"].as_f64())
            .collect()
    };
    let bars = |title: &str, axis: Axis, key: &str, aim: fn(&Aim) -> Option<f64>| Bars {
        title: title.into(),
        axis,
        names: scores.iter().map(|score| words(&score["title"])).collect(),
        groups: AIMS
            .iter()
            .map(|aims| Group {
                name: aims.0.title().into(),
                values: values(aims.0, key),
                aim: aim(aims),
            })
            .collect(),
    };
    let area = bars(
        "Intrusions told from clean cycles: area under the ROC curve",
        Axis::new("AUC (0.5 is chance)", 0.3, 1.0, 0.1),
        "auc",
        |aims| Some(aims.1),
    );
    let found = bars(
        "Found at the first replaced answer, at 2 false alarms in 100",
        Axis::new("share found", 0.0, 1.0, 0.2),
        "found_1",
        |aims| aims.2,
    );
    let curve = Lines {
        title: "Found at once, against false alarms".into(),
        x: Axis::new("false alarms in 100 clean cycles", 0.0, 10.0, 2.0),
        y: Axis::new("share found at once", 0.0, 1.0, 0.2),
        series: Kind::ALL
            .iter()
            .map(|kind| Series {
                name: kind.title().into(),
                points: points(&object["curves"][kind.name()]),
                pale: false,
            })
            .collect(),
        level: Some((0.9, "aim 0.9".into())),
    };
    let mut all = vec![
        chart(
            "drift-auc",
            "AUC of the index and of six simpler scores for three kinds of intrusions",
            area.svg(),
        ),
        chart(
            "drift-found",
            "Share of intrusions found at once by the index and by six simpler scores",
            found.svg(),
        ),
        chart(
            "drift-curve",
            "Share found at once as more false alarms are allowed",
            curve.svg(),
        ),
    ];
    for (n, pair) in list(&object["pairs"]).iter().enumerate() {
        all.push(chart(
            &format!("drift-pair-{}", n + 1),
            "DI cycle by cycle of the same questions without and with runtime",
            pair_lines(pair, object["alarm_bound"].as_f64().unwrap_or(0.0)).svg(),
        ));
    }
    all
}

fn chart(file: &str, shows: &str, svg: String) -> Chart {
    Chart {
        file: file.into(),
        shows: shows.into(),
        svg,
    }
}

fn points(pairs: &Value) -> Vec<(f64, f64)> {
    list(pairs)
        .iter()
        .filter_map(|pair| Some((pair[0].as_f64()?, pair[1].as_f64()?)))
        .collect()
}

fn pair_lines(pair: &Value, bound: f64) -> Lines {
    let series = |name: &str, values: &Value, pale| Series {
        name: name.into(),
        points: (1..)
            .zip(list(values))
            .filter_map(|(cycle, di)| Some((f64::from(cycle), di.as_f64()?)))
            .collect(),
        pale,
    };
    let cycles = list(&pair["di_baseline"]).len().max(1) as f64;
    Lines {
        title: format!("{} and {}", words(&pair["baseline"]), words(&pair["calm"])),
        x: Axis::new("cycle", 0.0, (cycles / 20.0).ceil() * 20.0, 20.0),
        y: Axis::new("DI", 0.0, 1.2, 0.2),
        series: vec![
            series("with runtime", &pair["di_calm"], false),
            series("without runtime", &pair["di_baseline"], true),
        ],
        level: Some((bound, format!("alarm from {bound}"))),
    }
}

fn worst(object: &Value) -> Vec<Table> {
    let worst = &object["worst"];
    let mut all = vec![cases(
        "Clean cycles with the highest index",
        &worst["false_alarms"],
    )];
    for missed in list(&worst["missed"]) {
        let Some(kind) = Kind::ALL.into_iter().find(|k| missed["kind"] == k.name()) else {
            continue;
        };
        let title = format!("Replaced answers with the lowest index, {}", kind.title());
        all.push(cases(&title, &missed["cases"]));
    }
    all.push(cases(
        "Subjects changed by the user with the highest index (cycles of the spliced dialogue)",
        &worst["subject_changes"],
    ));
    all
}

fn cases(title: &str, cases: &Value) -> Table {
    let rows = list(cases)
        .iter()
        .map(|case| {
            let mut place = format!("{} {}", words(&case["file"]), case["cycle"]);
            if let (Some(length), Some(at)) = (case["of"][0].as_u64(), case["of"][1].as_u64()) {
                place.push_str(&format!(", {at} of {length}"));
            }
            let parts = &case["components"];
            vec![
                place,
                words(&case["reason"]),
                number(&case["di"], 2),
                number(&parts[0], 2),
                number(&parts[1], 2),
                number(&parts[3], 2),
            ]
        })
        .collect();
    Table {
        title: title.into(),
        head: head(&["file and cycle", "reason", "DI", "SDI", "SV", "SCR"]),
        rows,
    }
}
