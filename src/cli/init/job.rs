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
    /// The file of known findings, from there.
    pub(super) baseline: Option<String>,
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
        format!("fieldproof check {docs}{baseline}{more}")
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

fn github(job: &Job) -> String {
    let command = job.command(" --format github --report markdown=\"$GITHUB_STEP_SUMMARY\"");
    format!(
        "# Checks whether the API pages agree with themselves; findings are shown at their lines.\n\
         name: fieldproof\n\
         \n\
         on:\n  pull_request:\n  push:\n    branches: [main]\n\
         \n\
         permissions:\n  contents: read\n\
         \n\
         jobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n      \
         - uses: actions/checkout@v4\n      \
         - run: cargo install --locked --version {VERSION} fieldproof\n      \
         - run: {command}\n"
    )
}

fn gitlab(job: &Job) -> String {
    let command = job.command(" --report gitlab=fieldproof.json");
    format!(
        "# Checks whether the API pages agree with themselves; findings are shown in the merge request.\n\
         fieldproof:\n  image: rust:1\n  script:\n    \
         - cargo install --locked --version {VERSION} fieldproof\n    \
         - {command}\n  \
         artifacts:\n    when: always\n    reports:\n      codequality: fieldproof.json\n"
    )
}
