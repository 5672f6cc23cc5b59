//! `sigma chat`: a dialogue in the terminal, with drift and phase in the prompt line.

mod inspect;

use crate::{
    assemble,
    cli::{
        args::Chat,
        exit::{Exit, Failure},
        replay::identity_text,
        terminal,
    },
    settings::Loaded,
};
use rustyline::{DefaultEditor, error::ReadlineError};
use sigma_core::{
    CycleReport, Identity, Runtime, Turn, TurnInput,
    model::{Delta, Model},
    read_report,
};
use sigma_types::SessionId;
use std::{
    env,
    fmt::Write as _,
    io::{self, IsTerminal as _, Write},
    path::PathBuf,
    sync::Arc,
};
use tokio::{
    runtime::{Builder, Runtime as Executor},
    sync::mpsc,
};
use uuid::Uuid;

const HELP: &str = "\
/why      why the last answer drifted or did not, and what the runtime does about it
/memory   what was recalled for the last answer, and why
/state    subject, phase, posture and safety as they stand
/quit     end
Anything else is said to the model. To begin a message with a slash, write two.";

struct Talk {
    executor: Executor,
    runtime: Runtime,
    model: Arc<dyn Model>,
    session: SessionId,
    identity: Option<Identity>,
    last: Option<Arc<CycleReport>>,
    colour: bool,
    /// Whether the dialogue is still there afterwards.
    kept: bool,
    /// How the last turn failed, where nobody is at the keyboard to see it.
    failed: Option<Exit>,
}

pub(crate) fn run(args: &Chat, loaded: &Loaded) -> Result<Exit, Failure> {
    let mut settings = loaded.settings.clone();
    args.model.apply(&mut settings.model);
    settings.store.path = match (&args.store, &args.session) {
        (Some(path), _) => path.clone(),
        // a dialogue that nobody named need not be kept
        (None, None) => assemble::MEMORY.into(),
        (None, Some(_)) => settings.store.path,
    };
    let executor = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let model = assemble::model(&settings.model)?;
    let runtime = executor.block_on(assemble::runtime(&settings))?;
    let given = args.identity.as_deref().map(identity_text).transpose()?;
    let default = Some(settings.session.identity.clone()).filter(|text| !text.is_empty());
    let name = args
        .session
        .clone()
        .unwrap_or_else(|| Uuid::now_v7().to_string());
    let mut talk = Talk {
        executor,
        runtime,
        model,
        session: SessionId::new(name)?,
        identity: given.or(default).map(Identity::new),
        last: None,
        colour: terminal::colour(),
        kept: settings.store.path != assemble::MEMORY,
        failed: None,
    };
    talk.resume()?;
    talk.greet(&mut io::stdout().lock())?;
    talk.converse()
}

impl Talk {
    /// Finds the last report of a session that goes on.
    fn resume(&mut self) -> Result<(), Failure> {
        let Self {
            executor,
            runtime,
            session,
            ..
        } = self;
        let last = executor.block_on(async {
            let Some(cycle) = runtime.view(session, sigma_core::Session::cycle).await? else {
                return Ok::<_, Failure>(None);
            };
            let stored = runtime.store().cycles(session, cycle, 1).await?;
            Ok(stored
                .first()
                .map(|stored| read_report(session, stored))
                .transpose()?)
        })?;
        self.last = last.map(Arc::new);
        Ok(())
    }

    fn greet(&self, out: &mut impl Write) -> io::Result<()> {
        let (model, session) = (self.model.name(), &self.session);
        writeln!(out, "{model} · session {session} · /help for commands")?;
        if !self.kept {
            writeln!(
                out,
                "this dialogue is not kept; begin with --session NAME to keep one"
            )?;
        }
        if let Some(last) = &self.last {
            writeln!(out, "going on after turn {}", last.cycle)?;
        }
        out.flush()
    }

    fn converse(&mut self) -> Result<Exit, Failure> {
        let mut editor = DefaultEditor::new()?;
        let history = history_file();
        if let Some(file) = &history {
            // a first time has no history
            let _ = editor.load_history(file);
        }
        loop {
            let line = match editor.readline(&self.prompt()) {
                Ok(line) => line,
                Err(ReadlineError::Interrupted) => continue,
                Err(ReadlineError::Eof) => break,
                Err(error) => return Err(error.into()),
            };
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            editor.add_history_entry(line)?;
            if let Some(file) = &history {
                save_history(&mut editor, file);
            }
            let mut out = io::stdout().lock();
            match line.strip_prefix('/') {
                Some("quit" | "exit") => break,
                Some("help") => writeln!(out, "{HELP}")?,
                Some("why") => inspect::why(&mut out, self.last.as_deref())?,
                Some("memory") => inspect::memory(&mut out, self.last.as_deref())?,
                Some("state") => inspect::state(&mut out, self.last.as_deref())?,
                Some(said) if said.starts_with('/') => self.say(&mut out, said)?,
                Some(other) => writeln!(
                    out,
                    "no command /{}; /help lists them",
                    terminal::visible(other)
                )?,
                None => self.say(&mut out, line)?,
            }
        }
        let failed = self.failed.filter(|_| !io::stdin().is_terminal());
        Ok(failed.unwrap_or(Exit::Fine))
    }

    /// `stable · DI 0.12 ›`
    fn prompt(&self) -> String {
        let Some(last) = &self.last else {
            return "› ".into();
        };
        let mut text = String::new();
        if let Some(active) = &last.active {
            let _ = write!(text, "{} · ", inspect::name(&active.lifecycle));
        }
        let _ = write!(text, "DI {:.2} ", last.drift.grounded.di_raw.get());
        format!("{}› ", terminal::quiet(&text, self.colour))
    }

    fn say(&mut self, out: &mut impl Write, text: &str) -> Result<(), Failure> {
        let mut input = TurnInput::new(self.session.clone(), text);
        input.identity.clone_from(&self.identity);
        let (sender, mut pieces) = mpsc::channel::<Delta>(64);
        let (runtime, model) = (&self.runtime, &*self.model);
        let mut column = false;
        let turn = self.executor.block_on(async {
            // a turn that is given up leaves nothing behind
            let turn = async {
                let turn = tokio::select! {
                    turn = Box::pin(runtime.turn(input, model, Some(&sender))) => Some(turn),
                    _ = tokio::signal::ctrl_c() => None,
                };
                drop(sender);
                turn
            };
            let show = async {
                while let Some(piece) = pieces.recv().await {
                    write!(out, "{}", terminal::visible(&piece.content))?;
                    out.flush()?;
                    column = true;
                }
                io::Result::Ok(())
            };
            let (turn, shown) = tokio::join!(turn, show);
            shown.map(|()| turn)
        })?;
        if column {
            writeln!(out)?;
        }
        self.failed = None;
        let Some(turn) = turn else {
            writeln!(out, "(given up; nothing of this turn was kept)")?;
            return Ok(());
        };
        match turn {
            Ok(Turn::Answered { report, .. } | Turn::Repeated { report }) => {
                self.last = Some(report);
            }
            Ok(_) => writeln!(out, "(the model asked for a tool; there are none here)")?,
            // the dialogue goes on: nothing of the turn was kept
            Err(error) => {
                let failure = Failure::from(error);
                let mend = failure.mend();
                terminal::note(&failure);
                if !mend.is_empty() {
                    terminal::note(format_args!("to mend it: {mend}"));
                }
                self.failed = Some(failure.exit());
            }
        }
        Ok(())
    }
}

fn history_file() -> Option<PathBuf> {
    let state = env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state"));
    Some(state.or_else(home)?.join("sigma").join("chat-history"))
}

/// A history that cannot be kept is no reason to stop talking.
fn save_history(editor: &mut DefaultEditor, file: &std::path::Path) {
    if let Some(folder) = file.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    let _ = editor.save_history(file);
}
