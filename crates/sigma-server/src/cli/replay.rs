//! `sigma replay`.

use crate::{
    cli::{
        args::{BranchArg, Profile, Replay},
        exit::{Exit, Failure},
        terminal,
    },
    import::{self, BranchChoice, Dialogue, Imported, Options},
    measure::{self, Replayer},
    report::{BANDS, Components, Look, Report, Row, band_of, write_page, write_table},
    settings::Loaded,
};
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};
use tokio::runtime::{Builder, Runtime as Executor};

pub(crate) fn run(args: &Replay, loaded: &Loaded) -> Result<Exit, Failure> {
    let branch = match &args.branch {
        BranchArg::List => BranchChoice::Current,
        BranchArg::One(branch) => branch.clone(),
    };
    let options = Options {
        format: args.format,
        branch,
        ..Options::default()
    };
    let imported = import::read_file(&args.file, &options)?;
    let mut out = BufWriter::new(io::stdout().lock());
    if args.dialogue.as_deref() == Some("list") {
        list_dialogues(&mut out, &imported)?;
        return Ok(Exit::Fine);
    }
    let name = args.file.display().to_string();
    let chosen = choose(&name, imported, args.dialogue.as_deref())?;
    if args.branch == BranchArg::List {
        chosen
            .iter()
            .try_for_each(|dialogue| list_branches(&mut out, dialogue))?;
        out.flush()?;
        return Ok(Exit::Fine);
    }
    let identity = args.identity.as_deref().map(identity_text).transpose()?;
    let source = args
        .embeddings
        .as_deref()
        .unwrap_or(&loaded.settings.embeddings.source);
    let executor = Builder::new_current_thread().enable_all().build()?;
    let embeddings = executor.block_on(measure::embeddings(source, &loaded.settings))?;
    let replayer = Replayer::new(embeddings);
    let mut exit = Exit::Fine;
    let many = chosen.len() > 1;
    for (at, dialogue) in chosen.iter().enumerate() {
        let report = measured(&executor, &replayer, &name, dialogue, identity.as_deref())?;
        let report = shown_as(report, args.profile);
        if args.json {
            write_lines(&mut out, &report, many.then_some(dialogue.id.as_str()))?;
        } else {
            if at > 0 {
                writeln!(out)?;
            }
            let look = Look {
                width: terminal::width(),
                colour: terminal::colour(),
                all: args.all,
            };
            write_table(&mut out, &report, look)?;
        }
        out.flush()?;
        if let Some(path) = &args.html {
            let path = if many {
                numbered(path, at + 1)
            } else {
                path.clone()
            };
            write_html(&path, &report)?;
        }
        if args
            .fail_on
            .as_deref()
            .is_some_and(|band| reaches(&report, band))
        {
            exit = Exit::Drifted;
        }
    }
    Ok(exit)
}

pub(crate) fn measured(
    executor: &Executor,
    replayer: &Replayer,
    file: &str,
    dialogue: &Dialogue,
    identity: Option<&str>,
) -> Result<Report, Failure> {
    let bar = terminal::progress(dialogue.turns.len() as u64, "replaying");
    let report = executor.block_on(replayer.replay(file, dialogue, identity, || bar.inc(1)));
    bar.finish_and_clear();
    Ok(report?)
}

/// The dialogues that were asked for; all of a file with one, and a hint when there are many.
fn choose(name: &str, imported: Imported, wanted: Option<&str>) -> Result<Vec<Dialogue>, Failure> {
    let mut dialogues = imported.dialogues;
    let count = dialogues.len();
    let Some(wanted) = wanted else {
        if count > 1 {
            terminal::note(format_args!(
                "{name} holds {count} dialogues; this is the longest. --dialogue list shows them, \
                 --dialogue all replays them all"
            ));
            // of equals the first
            let longest = (0..count).rev().max_by_key(|at| dialogues[*at].turns.len());
            return Ok(vec![dialogues.swap_remove(longest.unwrap_or_default())]);
        }
        return Ok(dialogues);
    };
    if wanted == "all" {
        return Ok(dialogues);
    }
    let by_id = || dialogues.iter().position(|dialogue| dialogue.id == wanted);
    let by_number = wanted
        .parse::<usize>()
        .ok()
        .and_then(|number| number.checked_sub(1));
    match by_number.filter(|at| *at < count).or_else(by_id) {
        Some(at) => Ok(vec![dialogues.swap_remove(at)]),
        None => Err(Failure::NoDialogue {
            file: name.into(),
            wanted: wanted.into(),
            count,
        }),
    }
}

fn list_dialogues(out: &mut impl Write, imported: &Imported) -> io::Result<()> {
    for (at, dialogue) in imported.dialogues.iter().enumerate() {
        let (turns, title) = (
            dialogue.turns.len(),
            import::excerpt(&dialogue.heading(), 70),
        );
        let branches = match dialogue.branches.len() {
            0 => String::new(),
            n => format!(", {n} branches"),
        };
        let id = import::excerpt(&dialogue.id, 40);
        let s = if turns == 1 { " " } else { "s" };
        writeln!(
            out,
            "{:>4}  {turns:>5} turn{s}{branches}  {title}  (id {id})",
            at + 1
        )?;
    }
    out.flush()
}

fn list_branches(out: &mut impl Write, dialogue: &Dialogue) -> io::Result<()> {
    writeln!(out, "{}", import::excerpt(&dialogue.heading(), 100))?;
    if dialogue.branches.is_empty() {
        return writeln!(out, "  only one branch");
    }
    for (at, branch) in dialogue.branches.iter().enumerate() {
        let mark = if branch.current { '*' } else { ' ' };
        let (leaf, messages) = (import::excerpt(&branch.leaf, 40), branch.messages);
        let ending = import::excerpt(&branch.ends_with, 60);
        writeln!(
            out,
            "{mark}{:>4}  {messages:>5} messages  {leaf}  {ending}",
            at + 1
        )?;
    }
    Ok(())
}

/// The content of the file of that name if there is one, else the text itself.
pub(crate) fn identity_text(given: &str) -> Result<String, Failure> {
    let path = Path::new(given);
    // a text with a line break is no file name, however a system may see it
    if given.contains('\n') || (!path.is_file() && !looks_like_a_file(given)) {
        return Ok(given.into());
    }
    std::fs::read_to_string(path).map_err(|source| Failure::File {
        file: path.into(),
        source,
    })
}

/// `marat.txt`, `prompts/marat`: nobody describes an assistant in one such word.
fn looks_like_a_file(given: &str) -> bool {
    let word = !given.is_empty() && !given.contains(char::is_whitespace);
    word && (given.contains(['/', '\\']) || Path::new(given).extension().is_some())
}

/// The report with the figures of a profile in the place of those that decide.
fn shown_as(mut report: Report, profile: Profile) -> Report {
    if profile == Profile::Reference {
        for row in &mut report.rows {
            let Components { di_raw, .. } = row.reference.components;
            row.drift = row.reference.components;
            row.posture = di_raw
                .value()
                .map_or(BANDS[0].0, |di| BANDS[band_of(di)].0)
                .into();
            row.explanation = String::new();
        }
        report.about.measured_with = report.about.measured_with.replace("grounded", "reference");
    }
    report
}

fn reaches(report: &Report, band: &str) -> bool {
    let least = BANDS
        .iter()
        .position(|(name, _)| *name == band)
        .unwrap_or(BANDS.len());
    let drift = |row: &Row| row.drift.di_raw.value().map_or(0, band_of);
    report.rows.iter().any(|row| drift(row) >= least)
}

fn write_lines(out: &mut impl Write, report: &Report, dialogue: Option<&str>) -> io::Result<()> {
    for row in &report.rows {
        let line = serde_json::to_string(&row.line(dialogue))?;
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// `report.html` for the second of many is `report-2.html`.
fn numbered(path: &Path, number: usize) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path
        .extension()
        .map(|e| format!(".{}", e.to_string_lossy()));
    path.with_file_name(format!("{stem}-{number}{}", extension.unwrap_or_default()))
}

pub(crate) fn write_html(path: &Path, report: &Report) -> Result<(), Failure> {
    let write = || {
        let mut out = BufWriter::new(File::create(path)?);
        write_page(&mut out, report)?;
        out.flush()
    };
    write().map_err(|source| Failure::File {
        file: path.into(),
        source,
    })?;
    terminal::note(format_args!("wrote {}", path.display()));
    Ok(())
}
