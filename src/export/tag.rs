//! `tags`: the groups that readers see operations in, and that generators make files and classes of.
//!
//! An operation has those of its OpenAPI file, else the group of the navigation in which its first page stands, else
//! the folder of that page, where folders tell operations apart.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::model::Operation;

use super::Exporter;
use super::path::Placed;

/// The tags of each operation.
pub(super) fn all(exporter: &Exporter<'_>, placed: &[Placed<'_>]) -> Vec<Vec<String>> {
    let folders: HashSet<_> = placed
        .iter()
        .map(|placed| folder(exporter, placed.operation))
        .collect();
    let tags = placed.iter().map(|Placed { operation, .. }| {
        if !operation.tags.is_empty() {
            return operation.tags.clone();
        }
        let folder = || folder(exporter, operation).filter(|_| folders.len() > 1);
        let tag = group(exporter, operation).or_else(|| folder().map(words));
        tag.into_iter().collect()
    });
    tags.collect()
}

/// The list of all tags, in the order of the operations.
pub(super) fn listed(tags: &[Vec<String>]) -> Option<Value> {
    let mut seen = HashSet::new();
    let names = tags.iter().flatten().filter(|name| seen.insert(*name));
    let objects: Vec<_> = names.map(|name| json!({"name": name})).collect();
    (!objects.is_empty()).then(|| json!(objects))
}

/// The group of the navigation in which the first page of the operation stands.
fn group(exporter: &Exporter<'_>, operation: &Operation) -> Option<String> {
    let mut groups = operation.pages.iter().filter_map(|page| {
        let path = exporter.sources.file(*page).path();
        let (name, _) = path.rsplit_once('.')?;
        exporter.options.groups.get(name)
    });
    groups.next().cloned()
}

/// The name of the folder in which the first page of the operation stands.
fn folder<'e>(exporter: &Exporter<'e>, operation: &Operation) -> Option<&'e str> {
    let path = exporter.sources.file(*operation.pages.first()?).path();
    let (folders, _) = path.rsplit_once('/')?;
    folders.rsplit('/').next()
}

/// The name of a folder as people write names: `payment-methods` as `Payment methods`.
fn words(folder: &str) -> String {
    let mut letters = folder.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let name: String = first.chain(letters).collect();
    name.replace(['-', '_'], " ")
}
