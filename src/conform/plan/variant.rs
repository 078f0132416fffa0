//! In which way a request differs from the documented example, and what the docs promise about the answer.

use serde_json::Value;

use crate::model::Evidence;

use crate::conform::chain::Slot;
use crate::conform::said::permitted::Refusal;

use super::input::Input;
use super::value::Fault;

/// A part of a run that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// The documented requests as they are written.
    Examples,
    /// Other requests that the docs promise to accept.
    Positive,
    /// Requests that the docs promise to refuse.
    Negative,
    /// What a request leaves behind, and what the next one sees of it.
    State,
    /// Inputs that are drawn from the documented shapes, while the run goes on.
    Fuzz,
}

impl Phase {
    /// All but fuzz, which has to be asked for.
    pub const DEFAULT: [Self; 4] = [Self::Examples, Self::Positive, Self::Negative, Self::State];

    /// The word that names it everywhere.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Examples => "examples",
            Self::Positive => "positive",
            Self::Negative => "negative",
            Self::State => "state",
            Self::Fuzz => "fuzz",
        }
    }
}

/// In which way a request differs from the documented example.
#[derive(Clone, Debug)]
pub enum Variant {
    /// In none.
    Example,
    /// Only what is required is sent.
    Minimal,
    /// Everything that is documented is sent.
    Everything,
    /// These inputs have other documented values.
    Values(Vec<(Input, Value)>),
    /// Free texts hold letters of other scripts; nothing is promised but that the server stands it.
    OtherScripts,
    /// A cursor that no server has made; nothing is promised but that the server stands it.
    Garbled(Input),
    /// A required input is left out.
    Missing(Input),
    /// An input has a value that is documented not to be taken.
    Invalid(Input, Value, Fault, Option<Evidence>),
    /// The body is not JSON.
    BrokenBody,
    /// The body is JSON, and no object.
    OtherBody,
    /// The body is an empty object, where one member has to be sent at least.
    EmptyBody,
    /// Nothing authenticates the request.
    NoCredentials,
    /// What authenticates the request is made up.
    WrongCredentials,
    /// Other credentials than those of the run authenticate the request, of callers of that name; how the pages say that
    /// they are refused, or nothing if they may do it.
    As(String, Option<Refusal>),
    /// The id names nothing that exists.
    UnknownId(Slot),
    /// A step of a chain: the words say which.
    Step(&'static str),
}

impl Variant {
    /// The phase it belongs to.
    pub fn phase(&self) -> Phase {
        match self {
            Self::Example => Phase::Examples,
            Self::Minimal
            | Self::Everything
            | Self::Values(_)
            | Self::OtherScripts
            | Self::As(_, None)
            | Self::Garbled(_) => Phase::Positive,
            Self::Missing(_)
            | Self::Invalid(..)
            | Self::BrokenBody
            | Self::OtherBody
            | Self::EmptyBody
            | Self::NoCredentials
            | Self::WrongCredentials
            | Self::As(_, Some(_))
            | Self::UnknownId(_) => Phase::Negative,
            Self::Step(_) => Phase::State,
        }
    }

    /// True if what a create stores is to be seen in a read, and not in its answer alone.
    pub fn shows_in_reads(&self) -> bool {
        // A text that is cut somewhere is longer than this.
        let is_long = |value: &Value| value.as_str().is_some_and(|it| it.chars().count() > 200);
        match self {
            Self::Values(changes) => changes.iter().any(|(_, value)| is_long(value)),
            _ => true,
        }
    }

    /// True if the value of a slot is what the request is about: it stays as it is.
    pub fn is_about(&self, slot: &Slot) -> bool {
        let is_it = |input: &Input| slot.is_for(input);
        match self {
            Self::Missing(input) | Self::Invalid(input, ..) | Self::Garbled(input) => is_it(input),
            Self::Values(changes) => changes.iter().any(|(input, _)| is_it(input)),
            _ => false,
        }
    }

    /// True if the docs promise that the request is refused.
    pub fn is_refused(&self) -> bool {
        self.phase() == Phase::Negative
    }

    /// True if it is about who asks: nobody, somebody unknown, or somebody else.
    pub fn is_of_caller(&self) -> bool {
        matches!(
            self,
            Self::NoCredentials | Self::WrongCredentials | Self::As(..)
        )
    }

    /// How it is said of an operation: "with an unknown `id`", "without the header `X`", "(a read after the create)".
    pub fn clause(&self) -> String {
        let words = self.describe();
        match self {
            Self::Missing(_) => words,
            Self::Step(_) => format!("({words})"),
            _ => format!("with {words}"),
        }
    }

    /// How people call it.
    pub fn describe(&self) -> String {
        match self {
            Self::Example => "the documented example".to_owned(),
            Self::Minimal => "only what is required".to_owned(),
            Self::Everything => "everything that is documented".to_owned(),
            Self::Values(changes) => {
                let words = changes.iter().map(|(input, value)| {
                    let value = crate::conform::judge::start_of(&super::sample::plain(value), 40);
                    format!("{} as `{value}`", input.describe())
                });
                words.collect::<Vec<_>>().join(", ")
            }
            Self::OtherScripts => "texts in other scripts".to_owned(),
            Self::Garbled(input) => format!("{} that no answer gave", input.describe()),
            Self::Missing(input) => format!("without the {}", input.describe()),
            Self::Invalid(input, value, fault, _) => {
                let value = crate::conform::judge::start_of(&super::sample::plain(value), 40);
                format!("{} as `{value}` ({})", input.describe(), fault.describe())
            }
            Self::BrokenBody => "a body that is not JSON".to_owned(),
            Self::OtherBody => "a body that is an array".to_owned(),
            Self::EmptyBody => "an empty body".to_owned(),
            Self::NoCredentials => "no credentials".to_owned(),
            Self::WrongCredentials => "wrong credentials".to_owned(),
            Self::As(name, _) => format!("the credentials `{name}`"),
            Self::UnknownId(slot) => format!("an unknown `{}`", slot.name),
            Self::Step(words) => (*words).to_owned(),
        }
    }
}
