//! The kinds of changes.

use crate::diagnostic::{Rule, Severity};

macro_rules! changes {
    ($($constant:ident $name:literal $severity:ident $summary:literal)*) => {
        $(pub(super) static $constant: Rule = Rule {
            name: $name,
            severity: Severity::$severity,
            summary: $summary,
        };)*

        /// Every kind of change, by name.
        pub fn rules() -> Vec<&'static Rule> {
            let mut rules = vec![$(&$constant),*];
            rules.sort_by_key(|rule| rule.name);
            rules
        }
    };
}

changes! {
    REMOVED_OPERATION "removed-operation" Error "an operation is no longer documented"
    ADDED_OPERATION "added-operation" Info "an operation is new"
    DEPRECATED_OPERATION "deprecated-operation" Info "an operation is now deprecated"
    CHANGED_SERVER "changed-server" Warning "the base URL of an operation is another"
    CHANGED_AUTHENTICATION "changed-authentication" Error "requests are authenticated in another way"
    CHANGED_MEDIA_TYPE "changed-media-type" Error "the body of requests has another media type"
    REMOVED_INPUT "removed-input" Warning "something that requests could hold is no longer documented"
    ADDED_INPUT "added-input" Info "requests can hold something more"
    ADDED_REQUIREMENT "added-requirement" Error "requests must hold what they could leave out"
    DROPPED_REQUIREMENT "dropped-requirement" Info "requests can leave out what they had to hold"
    CHANGED_DEFAULT "changed-default" Warning "what requests leave out has another value"
    REMOVED_STATUS "removed-status" Warning "a status is no longer documented"
    ADDED_STATUS "added-status" Info "a status is new"
    REMOVED_OUTPUT "removed-output" Error "something that responses held is no longer documented"
    ADDED_OUTPUT "added-output" Info "responses hold something more"
    WEAKER_PROMISE "weaker-promise" Warning "responses can leave out what they always held"
    STRONGER_PROMISE "stronger-promise" Info "responses always hold what they could leave out"
    CHANGED_TYPE "changed-type" Error "a value is of another type"
    CHANGED_NULL "changed-null" Error "a value can be null, or no longer"
    CHANGED_VALUES "changed-values" Error "the values that something can have are others"
    CHANGED_BOUNDS "changed-bounds" Error "a number or a length has other bounds"
}
