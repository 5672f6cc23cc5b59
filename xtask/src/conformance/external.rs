//! Another implementation, asked over its standard input and output.

use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use super::runner::{Answer, How, Subject};
use crate::spec::Case;

/// A running program that answers one line for each line.
pub(super) struct Program {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// The program could not be started.
#[derive(Debug, thiserror::Error)]
#[error("could not start `{command}`")]
pub(super) struct StartError {
    command: String,
    #[source]
    source: std::io::Error,
}

#[derive(Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    then: Option<Value>,
    #[serde(default)]
    unsupported: bool,
    #[serde(default)]
    error: Option<String>,
}

impl Program {
    /// Starts `command` through the shell.
    pub(super) fn start(command: &str) -> Result<Self, StartError> {
        let error = |source| StartError {
            command: command.to_owned(),
            source,
        };
        let shell = if cfg!(windows) {
            ["cmd", "/C"]
        } else {
            ["sh", "-c"]
        };
        let mut child = Command::new(shell[0])
            .args([shell[1], command])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(error)?;
        let gone = || error(std::io::ErrorKind::BrokenPipe.into());
        let input = child.stdin.take().ok_or_else(gone)?;
        let output = BufReader::new(child.stdout.take().ok_or_else(gone)?);
        Ok(Self {
            child,
            input,
            output,
        })
    }

    fn ask(&mut self, case: &Case) -> std::io::Result<String> {
        let question =
            json!({"id": case.id, "op": case.when.op, "given": case.given, "when": case.when});
        writeln!(self.input, "{question}")?;
        self.input.flush()?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(line)
    }
}

impl Subject for Program {
    fn answer(&mut self, case: &Case, _: How) -> Answer {
        match self.ask(case) {
            Err(error) => Answer::Failed(format!("the program is gone: {error}")),
            Ok(line) if line.is_empty() => Answer::Failed("the program ended".into()),
            Ok(line) => understand(&line, &case.id),
        }
    }
}

fn understand(line: &str, id: &str) -> Answer {
    match serde_json::from_str::<Line>(line) {
        Err(error) => Answer::Failed(format!("not an answer: {error}: {}", line.trim_end())),
        Ok(line) if line.id != id => Answer::Failed(format!("it answered {} instead", line.id)),
        Ok(Line {
            unsupported: true, ..
        }) => Answer::Unsupported,
        Ok(Line {
            error: Some(why), ..
        }) => Answer::Failed(why),
        Ok(Line {
            then: Some(then), ..
        }) => Answer::Then(then),
        Ok(_) => Answer::Failed("an answer needs `then`, `unsupported` or `error`".into()),
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Nobody is left who could be told that it would not end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_result_a_refusal_or_an_error() {
        assert_eq!(
            understand(r#"{"id":"a","then":{"x":1}}"#, "a"),
            Answer::Then(json!({"x":1}))
        );
        assert_eq!(
            understand(r#"{"id":"a","unsupported":true}"#, "a"),
            Answer::Unsupported
        );
        for line in ["", "nonsense", r#"{"id":"b","then":1}"#, r#"{"id":"a"}"#] {
            assert!(matches!(understand(line, "a"), Answer::Failed(_)), "{line}");
        }
    }
}
