//! The fuzz targets, without a fuzzer: on what was found and kept below `tests/fuzz`, and on what becomes of that when
//! parts of it change places. `docs/contributing.md` says how to draw more.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::Index;

use crate::hostile;

/// The targets as the fuzzer runs them.
#[path = "../../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "the fuzzer names them from outside")]
pub(crate) mod targets;

const CASES: u32 = 16;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The inputs that are kept for a target, by their paths.
fn kept(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = root().join("tests/fuzz").join(target);
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap();
        (path, bytes)
    };
    paths.into_iter().map(read).collect()
}

#[expect(clippy::print_stdout, reason = "shown where it fails only")]
#[test]
fn what_was_found_holds() {
    for (target, _) in targets::TARGETS {
        let kept = kept(target);
        assert!(!kept.is_empty(), "nothing is kept for {target}");
        for (path, bytes) in kept {
            println!("{}", path.display());
            targets::run(target, &bytes);
        }
    }
}

#[expect(clippy::print_stdout, reason = "shown where it fails only")]
#[test]
fn what_was_found_holds_in_pieces() {
    for (target, hold) in targets::TARGETS {
        let texts: Vec<_> = kept(target)
            .iter()
            .map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
            .collect();
        let cut = (
            any::<Index>(),
            any::<Index>(),
            any::<Index>(),
            0..40_usize,
            0..40_usize,
        );
        let cuts = prop::collection::vec(cut, 1..4);
        let inputs = (any::<Index>(), cuts).prop_map(|(first, cuts)| {
            let mut text = first.get(&texts).clone();
            for (at, other, from, out, into) in cuts {
                let place = around(&text, at.index(text.len() + 1), out);
                let other = other.get(&texts);
                let piece = around(other, from.index(other.len() + 1), into);
                text.replace_range(place, &other[piece]);
            }
            text
        });
        println!("{target}");
        hostile::hold(&inputs, CASES, |text| {
            hold(&text);
            Ok(())
        });
    }
}

/// `length` bytes from `start` on, or a little less: both ends are boundaries of characters.
fn around(text: &str, start: usize, length: usize) -> std::ops::Range<usize> {
    let boundary = |at: usize| {
        let mut places = (0..=at.min(text.len())).rev();
        places.find(|at| text.is_char_boundary(*at)).unwrap_or(0)
    };
    boundary(start)..boundary(start + length)
}

#[test]
fn every_target_can_be_run_by_the_fuzzer() {
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    let mut files: Vec<_> = fs::read_dir(root().join("fuzz/fuzz_targets"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let names: Vec<_> = files
        .iter()
        .filter_map(|it| it.file_stem()?.to_str())
        .collect();
    let targets: Vec<_> = targets::TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, targets);
    for (file, name) in files.iter().zip(names) {
        let text = fs::read_to_string(file).unwrap();
        assert!(text.contains(&format!("run(\"{name}\", data)")), "{text}");
        let entry = format!("name = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"\n");
        assert!(manifest.contains(&entry), "{name}");
    }
}
