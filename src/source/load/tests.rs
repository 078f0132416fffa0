//! Sites in folders.

use super::*;

fn paths(site: &Site) -> Vec<&str> {
    site.pages
        .iter()
        .map(|id| site.sources.file(*id).path())
        .collect()
}

fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn pages_are_what_the_platform_takes_for_pages() {
    let folder = tempfile::tempdir().unwrap();
    let names = [
        "a.mdx",
        "b/c.md",
        "b/snippets/d.mdx",
        "snippets/e.mdx",
        "_snippets/f.mdx",
        "README.md",
        ".hidden/g.mdx",
        "node_modules/h.mdx",
        "drafts/i.mdx",
        "docs.json",
    ];
    for name in names {
        write(folder.path(), name, "");
    }
    write(folder.path(), ".mintignore", "drafts/\n");
    let site = load(folder.path()).unwrap();
    assert_eq!(paths(&site), ["a.mdx", "b/c.md", "b/snippets/d.mdx"]);
    assert!(site.config.is_some());
    let skipped: Vec<_> = site
        .skipped
        .iter()
        .map(|skipped| skipped.path.as_str())
        .collect();
    assert_eq!(skipped, ["README.md", "node_modules"]);
}

#[test]
fn a_page_is_read_as_a_part_of_its_site() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["docs.json", "api/a.mdx", "api/b.mdx", "snippets/c.mdx"] {
        write(folder.path(), name, "");
    }
    let site = load(&folder.path().join("api/a.mdx")).unwrap();
    assert_eq!(paths(&site), ["api/a.mdx"]);
    assert!(site.sources.find("snippets/c.mdx").is_some());
    let site = load(&folder.path().join("api")).unwrap();
    assert_eq!(site.path_below("api/a.mdx"), "a.mdx");
    assert_eq!(paths(&site), ["api/a.mdx", "api/b.mdx"]);
}

#[test]
fn the_only_site_of_a_repository_is_found_in_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let config = r#"{"navigation": {"pages": ["a"]}}"#;
    write(folder.path(), "web/docs/docs.json", config);
    // Other tools have files of that name.
    write(folder.path(), "tool/docs.json", "{}");
    for name in ["web/docs/a.mdx", "web/docs/snippets/b.mdx", "web/notes.mdx"] {
        write(folder.path(), name, "");
    }
    let site = load(folder.path()).unwrap();
    assert_eq!(paths(&site), ["a.mdx"]);
    assert_eq!(site.path_below("a.mdx"), "web/docs/a.mdx");
    assert!(site.subfolder.is_empty() && site.config.is_some());
    let [skipped] = site.skipped.as_slice() else {
        panic!("{:?}", site.skipped);
    };
    assert_eq!(skipped.path, "../notes.mdx");
    assert_eq!(skipped.reason, SkipReason::Outside);
    // Of several sites none is meant more than the others.
    write(folder.path(), "other/mint.json", config);
    let site = load(folder.path()).unwrap();
    assert!(site.config.is_none() && paths(&site).contains(&"web/docs/a.mdx"));
}

#[test]
fn only_the_files_that_were_saved_are_read_again() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["docs.json", "api/a.mdx", "api/b.mdx"] {
        write(folder.path(), name, "");
    }
    let site = load(folder.path()).unwrap();
    let root = site.root.clone();
    write(folder.path(), "api/a.mdx", "saved");
    write(folder.path(), "api/b.mdx", "saved, too");
    let again = site.reread(&[root.join("api/a.mdx"), root.join("api/gone")]);
    let again = again.unwrap();
    let texts: Vec<_> = again.sources.iter().map(|(_, file)| file.text()).collect();
    assert_eq!(texts, ["saved", "", ""]);
    let changed = again.sources.changed_since(&site.sources).unwrap();
    assert_eq!(changed, [again.sources.find("api/a.mdx").unwrap()]);
    // What may have come or gone asks for the whole site.
    write(folder.path(), "api/c.mdx", "");
    fs::remove_file(root.join("api/b.mdx")).unwrap();
    for path in ["api/c.mdx", "api/b.mdx", "api"] {
        assert!(site.reread(&[root.join(path)]).is_none(), "{path}");
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(
        load(&folder.path().join("x")),
        Err(LoadError::Missing(_))
    ));
    assert!(matches!(load(folder.path()), Err(LoadError::NoPages(_))));
    write(folder.path(), "a.txt", "");
    assert!(matches!(
        load(&folder.path().join("a.txt")),
        Err(LoadError::NotAPage(_))
    ));
}

#[test]
fn a_page_that_is_too_large_is_named_where_there_is_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let file = fs::File::create(folder.path().join("a.mdx")).unwrap();
    file.set_len(MAX_FILE_SIZE + 1).unwrap();
    let error = load(folder.path()).unwrap_err().to_string();
    assert!(error.contains("a.mdx` is larger than 16 MiB"), "{error}");
}
