//! Names of findings.

use super::*;

fn id() -> Id {
    Id {
        operation: 31_u64.pow(4) - 1,
        part: Part::State,
        case: 7,
        finding: 1234,
        seed: 0,
    }
}

#[test]
fn the_name_of_what_was_drawn_tells_the_seed() {
    for seed in [1, 31, 4711, u64::MAX] {
        let part = Part::Fuzz;
        let id = Id { part, seed, ..id() };
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id), "{text}");
        assert_eq!(id.seed(), Some(seed));
        let plain: Id = text.get(..14).and_then(|it| it.parse().ok()).unwrap();
        assert!(plain.is_same(id));
        let (start, end) = text.split_at(text.len() - 1);
        let other = if end == "z" { "y" } else { "z" };
        assert!(format!("{start}{other}").parse::<Id>().is_err());
    }
}

#[test]
fn a_name_is_read_as_it_was_written() {
    for part in Part::ALL {
        let id = Id { part, ..id() };
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(
            id.to_string().to_uppercase().replace('-', "").parse(),
            Ok(id)
        );
    }
}

#[test]
fn no_single_slip_makes_another_name() {
    let letters: Vec<char> = plain(&id().to_string()).chars().collect();
    for slip in slips(&letters) {
        let is_as_long = slip.len() == letters.len();
        let is_other = slip.chars().ne(letters.iter().copied());
        if is_as_long && is_other {
            assert!(slip.parse::<Id>().is_err(), "{slip}");
        }
    }
}

#[test]
fn what_is_no_name_is_refused() {
    for text in [
        "",
        "-",
        "0",
        "0000-0000-0000-0000",
        "äöüß-äöüß-äöüß",
        "7k2m",
    ] {
        assert!(text.parse::<Id>().is_err(), "{text}");
    }
}
