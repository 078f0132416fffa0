//! What a live server did, as part of a finding.

/// What was asked of a live server and how its answer differs from the documentation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observation {
    /// Method and URL that were sent.
    pub request: String,
    /// Where in the answer, as a JSON path such as `$.user.id`.
    pub path: Option<String>,
    /// What the documentation promises.
    pub expected: Option<String>,
    /// The words of the page that promise it, cut where they are long.
    pub documented: Option<String>,
    /// What the server did.
    pub observed: Option<String>,
    /// Which of field, example, and server is the one that the other two contradict.
    pub odd: Option<Odd>,
    /// Two bodies beside each other, line by line, if it is bodies that differ.
    pub diff: Option<String>,
    /// A shell command that repeats the request, without secrets.
    pub curl: String,
    /// The request among those of its operation.
    pub tried: Tried,
}

/// Which of the requests of an operation showed a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    /// In which way it differs from the documented one, in words and without secrets.
    pub case: String,
    /// What has to be sent with it to see the same again.
    pub part: Part,
    /// What it was drawn with, if it was drawn.
    pub seed: u64,
}

/// How much of a run shows a finding again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// The request itself: its answer alone tells.
    #[default]
    Answer,
    /// What is sent about the same things: something that is kept, or looked at in another way, tells.
    State,
    /// What is drawn at random for the operation.
    Fuzz,
    /// The documented requests of all operations: what their answers have in common tells.
    Whole,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 4] = [Self::Answer, Self::State, Self::Fuzz, Self::Whole];

    /// The part of that word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == word)
    }

    /// The word used in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::State => "state",
            Self::Fuzz => "fuzz",
            Self::Whole => "whole",
        }
    }
}

/// The one of three that the other two contradict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Odd {
    /// Example and server agree.
    Field,
    /// Field and example agree.
    Server,
}

impl Odd {
    /// What the word stands for.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Field, Self::Server]
            .into_iter()
            .find(|odd| odd.as_str() == word)
    }

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Server => "server",
        }
    }
}
