//! `sigma demo`: two dialogues written for the project go through the loop.

use crate::{
    cli::{
        args::Demo,
        exit::{Exit, Failure},
        replay::{measured, write_html},
        terminal,
    },
    import::{self, Options},
    measure::{Replayer, embeddings},
    report::{Look, write_table},
    settings::Settings,
};
use std::{
    io::{self, BufWriter, Write},
    path::PathBuf,
    time::Instant,
};
use tokio::runtime::Builder;

const DIALOGUES: [(&str, &str); 2] = [
    (
        "harbour",
        include_str!("../../../../spec-fixtures/demo/harbour.json"),
    ),
    (
        "migration",
        include_str!("../../../../spec-fixtures/demo/migration.json"),
    ),
];

pub(crate) fn run(args: &Demo) -> Result<Exit, Failure> {
    let executor = Builder::new_current_thread().enable_all().build()?;
    // the same on every machine, whatever it is set to
    let settings = Settings::default();
    let replayer =
        Replayer::new(executor.block_on(embeddings(&settings.embeddings.source, &settings))?);
    std::fs::create_dir_all(&args.out).map_err(|source| Failure::File {
        file: args.out.clone(),
        source,
    })?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut pages = Vec::new();
    for (at, (name, text)) in DIALOGUES.into_iter().enumerate() {
        let file = format!("{name}.json");
        let imported = import::read(&file, text.as_bytes(), &Options::default())?;
        let begun = Instant::now();
        for dialogue in &imported.dialogues {
            let report = measured(&executor, &replayer, &file, dialogue, None)?;
            if at > 0 {
                writeln!(out)?;
            }
            let look = Look {
                width: terminal::width(),
                colour: terminal::colour(),
                all: args.all,
            };
            write_table(&mut out, &report, look)?;
            let (cycles, took) = (report.rows.len(), begun.elapsed());
            writeln!(
                out,
                "{cycles} cycles through the loop in {:.0} ms",
                took.as_secs_f64() * 1e3
            )?;
            out.flush()?;
            let page = args.out.join(format!("sigma-demo-{name}.html"));
            write_html(&page, &report)?;
            pages.push(page);
        }
    }
    farewell(&mut out, &pages)?;
    Ok(Exit::Fine)
}

fn farewell(out: &mut impl Write, pages: &[PathBuf]) -> io::Result<()> {
    writeln!(out, "\nReports to look at in a browser:")?;
    for page in pages {
        let full = page.canonicalize().unwrap_or_else(|_| page.clone());
        writeln!(out, "  file://{}", full.display())?;
    }
    writeln!(
        out,
        "\nNow your own: sigma replay FILE --html report.html · sigma chat · sigma serve"
    )?;
    out.flush()
}
