//! Files that this tool writes and that are committed.

use std::path::PathBuf;

use crate::{
    Outcome, Verdict,
    root::{self, FileError},
};

/// A file and what should be in it.
pub(crate) struct Generated {
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// What should be in it.
    pub(crate) text: String,
}

/// Writes the files and removes stray ones, or with `check` only tells which are stale or stray and
/// the `command` that mends it.
#[expect(
    clippy::print_stdout,
    reason = "what was written is this command's output"
)]
pub(crate) fn put(
    files: &[Generated],
    stray: impl IntoIterator<Item = PathBuf>,
    check: bool,
    command: &str,
) -> Outcome {
    let mut stale = 0;
    for file in files {
        if is_current(file)? {
            continue;
        }
        stale += 1;
        if check {
            println!("{} is stale: run `{command}`", file.path.display());
        } else {
            root::write(&file.path, &file.text)?;
            println!("wrote {}", file.path.display());
        }
    }
    for path in stray {
        stale += 1;
        if check {
            println!("{} is made by nothing: run `{command}`", path.display());
        } else {
            root::remove(&path)?;
            println!("removed {}", path.display());
        }
    }
    if stale == 0 {
        println!("{} generated files are up to date", files.len());
    }
    Ok(if check && stale > 0 {
        Verdict::Broken
    } else {
        Verdict::Holds
    })
}

fn is_current(file: &Generated) -> Result<bool, FileError> {
    Ok(file.path.exists() && root::read(&file.path)?.replace("\r\n", "\n") == file.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_finds_what_is_stale_and_writing_mends_it() {
        let folder = tempfile::tempdir().unwrap();
        let files = [Generated {
            path: folder.path().join("a/b.md"),
            text: "new\n".into(),
        }];
        assert_eq!(put(&files, [], true, "x").unwrap(), Verdict::Broken);
        assert!(!files[0].path.exists());
        assert_eq!(put(&files, [], false, "x").unwrap(), Verdict::Holds);
        assert_eq!(put(&files, [], true, "x").unwrap(), Verdict::Holds);
    }

    #[test]
    fn a_stray_file_is_found_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let stray = folder.path().join("old.json");
        std::fs::write(&stray, "{}").unwrap();
        assert_eq!(
            put(&[], [stray.clone()], true, "x").unwrap(),
            Verdict::Broken
        );
        assert_eq!(
            put(&[], [stray.clone()], false, "x").unwrap(),
            Verdict::Holds
        );
        assert!(!stray.exists());
    }
}
