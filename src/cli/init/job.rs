//! The CI jobs that `init` proposes.

use std::path::Path;

use clap::ValueEnum;

/// A CI system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Ci {
    /// GitHub Actions
    Github,
    /// GitLab CI
    Gitlab,
    /// No job
    None,
}

/// What a job does.
pub(super) struct Job {
    /// The root of the docs, from the root of the repository.
    pub(super) docs: String,
    /// The file of known findings, from there, if the settings do not name it.
    pub(super) baseline: Option<String>,
    /// The branch that other work starts from.
    pub(super) branch: String,
}

/// The branch that a clone knows as the one to start from, else the one that is checked out, if it has a usual name.
pub(super) fn branch(repository: &Path) -> String {
    let head = |file: &str, before: &str| {
        let text = std::fs::read_to_string(repository.join(".git").join(file)).ok()?;
        Some(text.trim().strip_prefix(before)?.to_owned())
    };
    let usual = |name: &String| matches!(name.as_str(), "main" | "master");
    head("refs/remotes/origin/HEAD", "ref: refs/remotes/origin/")
        .or_else(|| head("HEAD", "ref: refs/heads/").filter(usual))
        .unwrap_or_else(|| "main".to_owned())
}

impl Job {
    /// The path of a file in the docs, from the root of the repository.
    pub(super) fn in_docs(&self, name: &str) -> String {
        match self.docs.as_str() {
            "." => name.to_owned(),
            docs => format!("{docs}/{name}"),
        }
    }

    /// The command of the job, with what the CI system adds.
    fn command(&self, more: &str) -> String {
        let docs = quoted(&self.docs);
        let baseline = self.baseline.as_deref().map(quoted);
        let baseline = baseline.map_or(String::new(), |file| format!(" --baseline {file}"));
        format!("{FOLDER}/bin/fieldproof check {docs}{baseline}{more}")
    }
}

/// A word for a shell, in quotes if it needs them.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "._-/".contains(c);
    if word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

impl Ci {
    /// The system that a repository shows; GitHub if it shows none.
    pub(super) fn of(repository: Option<&Path>) -> Self {
        let Some(folder) = repository else {
            return Self::None;
        };
        let is_gitlab = folder.join(".gitlab-ci.yml").exists();
        if is_gitlab && !folder.join(".github").exists() {
            Self::Gitlab
        } else {
            Self::Github
        }
    }

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Github => "GitHub Actions",
            Self::Gitlab => "GitLab CI",
            Self::None => "no CI system",
        }
    }

    /// The file of the job, from the root of the repository, and its text.
    pub(super) fn file(self, job: &Job) -> Option<(&'static str, String)> {
        match self {
            Self::Github => Some((".github/workflows/fieldproof.yml", github(job))),
            Self::Gitlab => Some((".gitlab/fieldproof.yml", gitlab(job))),
            Self::None => None,
        }
    }

    /// What is left to do by hand.
    pub(super) fn more(self) -> Option<&'static str> {
        let by_hand =
            "add this to .gitlab-ci.yml:\n\n    include:\n      - local: .gitlab/fieldproof.yml";
        (self == Self::Gitlab).then_some(by_hand)
    }
}

/// The version that jobs install: this one.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where jobs install it, and what they keep for the next one: installing what is there already does nothing.
const FOLDER: &str = ".fieldproof";

/// The command that installs.
fn install() -> String {
    format!("cargo install --locked --root {FOLDER} --version {VERSION} fieldproof")
}

fn github(job: &Job) -> String {
    let command = job.command(" --format github --report markdown=\"$GITHUB_STEP_SUMMARY\"");
    let install = install();
    // Every name is a string between these quotes: `2.0` is a number without them.
    let branch = match job.branch.as_str() {
        plain @ ("main" | "master") => plain.to_owned(),
        other => format!("'{}'", other.replace('\'', "''")),
    };
    format!(
        "# Checks whether the API pages agree with themselves; findings are shown at their lines.\n\
         name: fieldproof\n\
         \n\
         on:\n  pull_request:\n  push:\n    branches: [{branch}]\n\
         \n\
         permissions:\n  contents: read\n\
         \n\
         jobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n      \
         - uses: actions/checkout@v4\n      \
         - uses: actions/cache@v4\n        with:\n          path: {FOLDER}\n          \
         key: fieldproof-{VERSION}-${{{{ runner.os }}}}\n      \
         - run: {install}\n      \
         - run: {command}\n"
    )
}

fn gitlab(job: &Job) -> String {
    let command = job.command(" --report gitlab=fieldproof.json");
    let install = install();
    format!(
        "# Checks whether the API pages agree with themselves; findings are shown in the merge request.\n\
         fieldproof:\n  image: rust:1\n  \
         cache:\n    key: fieldproof-{VERSION}\n    paths:\n      - {FOLDER}\n  \
         script:\n    \
         - {install}\n    \
         - {command}\n  \
         artifacts:\n    when: always\n    reports:\n      codequality: fieldproof.json\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branch_of(files: &[(&str, &str)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(".git").join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        branch(folder.path())
    }

    #[test]
    fn pushes_to_the_branch_that_work_starts_from_are_checked() {
        let origin = (
            "refs/remotes/origin/HEAD",
            "ref: refs/remotes/origin/release/2.0\n",
        );
        assert_eq!(
            branch_of(&[origin, ("HEAD", "ref: refs/heads/master\n")]),
            "release/2.0"
        );
        assert_eq!(branch_of(&[("HEAD", "ref: refs/heads/master\n")]), "master");
        assert_eq!(branch_of(&[("HEAD", "ref: refs/heads/topic\n")]), "main");
        assert_eq!(branch_of(&[]), "main");
    }
}
