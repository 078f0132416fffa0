//! Expected output: `...` alone on a line stands for any lines, `[..]` for anything within a line.

/// True if the output is as expected.
pub(crate) fn matches(expected: &[String], actual: &[String]) -> bool {
    // `reachable[j]`: the expected lines so far can match the first `j` actual lines.
    let mut reachable = vec![false; actual.len() + 1];
    reachable[0] = true;
    for line in expected {
        let mut next = vec![false; actual.len() + 1];
        for at in 0..=actual.len() {
            next[at] = if is_any(line) {
                reachable[at] || (at > 0 && next[at - 1])
            } else {
                at > 0 && reachable[at - 1] && line_matches(line, &actual[at - 1])
            };
        }
        reachable = next;
    }
    reachable[actual.len()]
}

/// The actual output, with the wildcards of the expected one wherever they still fit.
///
/// Lines that match are kept as they were expected. A `...` is kept where there is still room for it.
pub(crate) fn updated(expected: &[String], actual: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut from, mut to) = (0, 0);
    for (kept, at) in alignment(expected, actual)
        .into_iter()
        .chain([(expected.len(), actual.len())])
    {
        lines.extend(replaced(&expected[from..kept], &actual[to..at]));
        lines.extend(expected.get(kept).cloned());
        (from, to) = (kept + 1, at + 1);
    }
    lines
}

/// What stands in the place of expected lines that no longer match: the actual ones.
///
/// A single `...` among them stays, with as many lines before and behind it as before.
fn replaced(expected: &[String], actual: &[String]) -> Vec<String> {
    let any = expected.iter().position(|line| is_any(line));
    let after = any.map_or(0, |any| expected.len() - any - 1);
    match any {
        Some(any) if actual.len() >= any + after => [
            &actual[..any],
            &expected[any..=any],
            &actual[actual.len() - after..],
        ]
        .concat(),
        _ => actual.to_vec(),
    }
}

/// The longest run of pairs of an expected and an actual line that match, in order.
fn alignment(expected: &[String], actual: &[String]) -> Vec<(usize, usize)> {
    let pairs = |one: usize, other: usize| {
        !is_any(&expected[one]) && line_matches(&expected[one], &actual[other])
    };
    let mut length = vec![vec![0_usize; actual.len() + 1]; expected.len() + 1];
    for one in (0..expected.len()).rev() {
        for other in (0..actual.len()).rev() {
            let skip = length[one + 1][other].max(length[one][other + 1]);
            let take = if pairs(one, other) {
                length[one + 1][other + 1] + 1
            } else {
                0
            };
            length[one][other] = skip.max(take);
        }
    }
    let (mut one, mut other, mut found) = (0, 0, Vec::new());
    while one < expected.len() && other < actual.len() {
        if pairs(one, other) && length[one][other] == length[one + 1][other + 1] + 1 {
            found.push((one, other));
            (one, other) = (one + 1, other + 1);
        } else if length[one + 1][other] >= length[one][other + 1] {
            one += 1;
        } else {
            other += 1;
        }
    }
    found
}

fn is_any(line: &str) -> bool {
    line == "..."
}

fn line_matches(pattern: &str, line: &str) -> bool {
    let mut parts = pattern.split("[..]");
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<_> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.split_terminator('|').map(str::to_owned).collect()
    }

    fn holds(expected: &str, actual: &str) -> bool {
        matches(&lines(expected), &lines(actual))
    }

    #[test]
    fn without_wildcards_all_lines_must_be_equal() {
        assert!(holds("a|b", "a|b"));
        assert!(!holds("a|b", "a"));
        assert!(!holds("a", "a|b"));
        assert!(holds("", ""));
        assert!(!holds("", "a"));
    }

    #[test]
    fn an_ellipsis_is_any_number_of_lines() {
        assert!(holds("a|...|d", "a|b|c|d"));
        assert!(holds("a|...|d", "a|d"));
        assert!(holds("...|d", "d|d|d"));
        assert!(holds("...", ""));
        assert!(!holds("a|...|d", "a|b|c"));
        assert!(!holds("a ...", "a b"));
    }

    #[test]
    fn brackets_are_anything_within_a_line() {
        assert!(holds("in [..] ms", "in 12 ms"));
        assert!(holds("[..]a[..]b", "xxaxxbxb"));
        assert!(!holds("in [..] ms", "in 12 s"));
        assert!(!holds("ab[..]ba", "aba"));
    }

    #[test]
    fn an_update_keeps_the_wildcards_that_still_fit() {
        let update =
            |expected: &str, actual: &str| updated(&lines(expected), &lines(actual)).join("|");
        assert_eq!(update("a [..]|old", "a 1|new"), "a [..]|new");
        assert_eq!(update("a|...|d|old", "a|b|c|d|new"), "a|...|d|new");
        assert_eq!(update("...|old", "x|new"), "...|new");
        assert_eq!(update("a|...|b|...|c", "x"), "x");
        assert_eq!(update("a|...", "a|b|c"), "a|...");
        assert_eq!(update("", "a|b"), "a|b");
        assert_eq!(update("a|b", ""), "");
    }
}
