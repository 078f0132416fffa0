//! Running a command line of a document.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A command that runs longer than this is ended; no command of a document waits for anything.
const DEADLINE: Duration = Duration::from_mins(1);

/// Runs `line` in `folder`; gives the lines of its output, standard output first, and `[exit N]` if N is not 0.
pub(crate) fn run(line: &str, folder: &Path) -> Result<Vec<String>, String> {
    let child = spawn(line, folder)?;
    let (output, code) = finish(child).map_err(|problem| format!("`{line}`: {problem}"))?;
    let folder = folder.display().to_string();
    let mut lines: Vec<_> = output
        .lines()
        .map(|line| line.replace(&folder, "[DIR]"))
        .collect();
    if code != Some(0) {
        lines.push(code.map_or("[ended by a signal]".to_owned(), |code| {
            format!("[exit {code}]")
        }));
    }
    Ok(lines)
}

/// Starts `line` in `folder`.
pub(crate) fn spawn(line: &str, folder: &Path) -> Result<Child, String> {
    let words = words(line)?;
    let program = words
        .iter()
        .position(|word| assignment(word).is_none())
        .unwrap_or(words.len());
    let (environment, command) = words.split_at(program);
    let Some(("fieldproof", arguments)) = command
        .split_first()
        .map(|(name, rest)| (name.as_str(), rest))
    else {
        return Err(format!(
            "`{line}`: only `fieldproof` and `curl` can be run here"
        ));
    };
    Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .args(arguments)
        .env_clear()
        .envs([("NO_COLOR", "1"), ("LANG", "C")])
        .envs(environment.iter().filter_map(|word| assignment(word)))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("`{line}`: {error}"))
}

/// Reads both streams to their ends, and waits for the exit code.
fn finish(mut child: Child) -> Result<(String, Option<i32>), String> {
    let out = collect(child.stdout.take());
    let err = collect(child.stderr.take());
    let (Ok(mut output), Ok(errors)) = (out.recv_timeout(DEADLINE), err.recv_timeout(DEADLINE))
    else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(format!(
            "still running after {} seconds",
            DEADLINE.as_secs()
        ));
    };
    if !output.is_empty() && !output.ends_with('\n') {
        output.push('\n');
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    Ok((output + &errors, status.code()))
}

fn collect(stream: Option<impl Read + Send + 'static>) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            let _ = stream.read_to_end(&mut bytes);
        }
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}

/// `NAME=value`, if the word is one.
fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || it == '_');
    is_name.then_some((name, value))
}

/// The words of a command line, with quotes and backslashes as in a shell.
fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => word.get_or_insert_default().extend(characters.next()),
            (None, ' ') => words.extend(word.take()),
            (None, '|' | '>' | '<' | '&' | ';' | '$' | '*') => {
                return Err(format!(
                    "`{line}`: there is no shell here, quote the `{character}`"
                ));
            }
            _ => word.get_or_insert_default().push(character),
        }
    }
    if quote.is_some() {
        return Err(format!("`{line}`: a quote is not closed"));
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_in_a_shell() {
        let split = |line| words(line).unwrap().join("|");
        assert_eq!(split("a  b"), "a|b");
        assert_eq!(split(r#"a 'b "c' "d 'e\"" f\ g"#), r#"a|b "c|d 'e"|f g"#);
        assert_eq!(split("a '' x''y"), "a||xy");
    }

    #[test]
    fn what_only_a_shell_can_do_is_refused() {
        assert!(words("fieldproof check | less").is_err());
        assert!(words("fieldproof 'check").is_err());
        assert!(run("ls", Path::new(".")).is_err());
        assert!(run("A=1", Path::new(".")).is_err());
    }
}
