//! The figures as a person reads them.
#![expect(
    clippy::print_stdout,
    reason = "the figures are what the command is for"
)]

use super::corpus::Role;
use super::plant::Kind;
use super::report::{Figures, Report};
use super::worst::Case;
use crate::bench::figures::Figure;

/// Prints all tables.
pub(crate) fn print(report: &Report) {
    head(report);
    scores(report);
    by_length(report);
    alarms(report);
    pairs(report);
    changes(report);
    worst(report);
}

fn head(report: &Report) {
    println!(
        "Drift on labelled dialogue; {} seed(s) from {}; embedder {}{}; weights {}",
        report.seeds,
        report.seed,
        report.embedder.id,
        if report.embedder.calibrated {
            ""
        } else {
            ", NOT CALIBRATED"
        },
        report.weights
    );
    for file in &report.files {
        let role = match file.role {
            Role::Calm => "calm",
            Role::Baseline => "without runtime",
        };
        let mut more = String::new();
        if let Some(baseline) = &file.baseline {
            more.push_str(&format!(", its baseline {baseline}"));
        }
        if !file.other_personas.is_empty() {
            more.push_str(&format!(
                ", other persona from {}",
                file.other_personas.join(", ")
            ));
        }
        println!("  {:28} {role}, {} cycles{more}", file.file, file.cycles);
    }
    for one in &report.left_out {
        println!("SKIPPED {}: {}", one.file, one.why);
    }
    for what in &report.skipped {
        println!("SKIPPED {what}");
    }
}

fn scores(report: &Report) {
    println!(
        "\nIntrusions. AUC by cycle; shares at {} false alarms in 100 clean cycles, one bound for all kinds.",
        report.alarms_per_hundred
    );
    for kind in Kind::ALL {
        let rows: Vec<_> = report
            .scores
            .iter()
            .filter_map(|s| Some((s.title, s.kinds.iter().find(|k| k.kind == kind)?)))
            .collect();
        let Some((_, first)) = rows.first() else {
            continue;
        };
        println!(
            "\n{}: {} intrusions, {} answers",
            kind.title(),
            first.all.intrusions,
            first.all.planted_cycles
        );
        println!(
            "{:32} {:>13} {:>6} {:>6} {:>6} {:>12} {:>12} {:>6}",
            "", "AUC", "k=1", "k=3", "k=5", "within 1", "within 3", "delay"
        );
        for (title, row) in rows {
            let of = |n| row.by_length.get(&n).and_then(|f: &Figures| f.auc);
            println!(
                "{title:32} {:>13} {:>6} {:>6} {:>6} {:>12} {:>12} {:>6}",
                spread(row.all.auc),
                plain(of(1)),
                plain(of(3)),
                plain(of(5)),
                percent(row.all.found_1),
                percent(row.all.found_3),
                row.all
                    .delay
                    .map_or("-".into(), |d| format!("{:.2}", d.mean)),
            );
        }
    }
}

fn by_length(report: &Report) {
    let Some(index) = report.scores.first() else {
        return;
    };
    println!("\nDI by answers in a row");
    for kind in &index.kinds {
        for (length, f) in &kind.by_length {
            println!(
                "{:28} {length} in a row: AUC {}, within 1 {}, within 3 {}, delay {}",
                kind.kind.title(),
                spread(f.auc),
                percent(f.found_1),
                percent(f.found_3),
                f.delay.map_or("-".into(), |d| format!("{:.2}", d.mean)),
            );
        }
        for (name, f) in &kind.by_novelty {
            println!(
                "{:28} {}: AUC {}, within 1 {}, within 3 {}",
                kind.kind.title(),
                name.replace('_', " "),
                spread(f.auc),
                percent(f.found_1),
                percent(f.found_3),
            );
        }
        for (host, area) in &kind.auc_by_host {
            println!("{:28} in {host}: AUC {}", kind.kind.title(), spread(*area));
        }
    }
}

fn alarms(report: &Report) {
    let at = &report.at_alarm_bound;
    println!("\nAt the runtime's own bound, DI >= {}", report.alarm_bound);
    println!(
        "clean cycles alarmed         {}",
        percent(at.clean_cycles_alarmed)
    );
    println!(
        "just after an intrusion      {}",
        percent(at.cycles_after_alarmed)
    );
    for kind in Kind::ALL {
        let of = |all: &std::collections::BTreeMap<&str, Option<Figure>>| {
            percent(all.get(kind.name()).copied().flatten())
        };
        println!(
            "{:28} within 1 {}, within 3 {}",
            kind.title(),
            of(&at.found_1),
            of(&at.found_3)
        );
    }
    for host in &report.clean {
        println!(
            "clean {:28} alarmed {}, mean DI {}",
            host.file,
            percent(host.alarmed),
            plain(host.mean)
        );
    }
}

fn pairs(report: &Report) {
    if report.pairs.is_empty() {
        return;
    }
    println!("\nThe same questions without and with runtime, nothing planted");
    for pair in &report.pairs {
        let one = |x: Option<f64>| x.map_or("-".into(), |x| format!("{x:.3}"));
        println!(
            "{} against {}: AUC {} (printed {}), mean {} / {}, alarmed {} / {}",
            pair.baseline,
            pair.calm,
            one(pair.auc),
            one(pair.auc_reference),
            one(pair.mean_baseline),
            one(pair.mean_calm),
            one(pair.alarmed_baseline),
            one(pair.alarmed_calm),
        );
        let baselines: Vec<String> = pair
            .auc_baselines
            .iter()
            .map(|(name, area)| format!("{name} {}", one(*area)))
            .collect();
        println!("    {}", baselines.join(", "));
    }
}

fn changes(report: &Report) {
    let changes = &report.subject_changes;
    println!(
        "\nSubject changed by the user, {} times: quiet at the runtime's bound {}, at 2 in 100 {}",
        changes.changes,
        percent(changes.quiet_at_alarm_bound),
        percent(changes.quiet_at_two_per_hundred)
    );
    for (host, quiet) in &changes.by_host {
        println!("    {host:28} {}", percent(*quiet));
    }
}

fn worst(report: &Report) {
    let show = |title: &str, cases: &[Case]| {
        println!("\n{title}");
        for case in cases {
            println!("    {}", line(case));
        }
    };
    let worst = &report.worst;
    show("Clean and loudest", &worst.false_alarms);
    for missed in &worst.missed {
        show(
            &format!("Planted and quietest, {}", missed.kind.title()),
            &missed.cases,
        );
    }
    show("Changed by the user and loudest", &worst.subject_changes);
}

fn line(case: &Case) -> String {
    let [sdi, sv, _, scr] = case
        .components
        .map(|c| c.map_or("-".into(), |c| format!("{c:.2}")));
    let of = case
        .of
        .map_or(String::new(), |(length, at)| format!(" ({at} of {length})"));
    format!(
        "DI {:.2} (SDI {sdi}, SV {sv}, SCR {scr}) {} cycle {}{of}: {}",
        case.di, case.file, case.cycle, case.reason
    )
}

fn plain(figure: Option<Figure>) -> String {
    figure.map_or("-".into(), |f| format!("{:.3}", f.mean))
}

fn spread(figure: Option<Figure>) -> String {
    figure.map_or("-".into(), |f| {
        if f.sd > 0.0 {
            format!("{:.3} ± {:.3}", f.mean, f.sd)
        } else {
            format!("{:.3}", f.mean)
        }
    })
}

fn percent(figure: Option<Figure>) -> String {
    figure.map_or("-".into(), |f| {
        if f.sd > 0.0 {
            format!("{:.1} ± {:.1} %", 100.0 * f.mean, 100.0 * f.sd)
        } else {
            format!("{:.1} %", 100.0 * f.mean)
        }
    })
}
