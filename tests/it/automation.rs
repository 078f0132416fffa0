//! What other programs run of us: the action, the hook, the jobs that `init` writes, and the package for npm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use saphyr::{LoadableYamlNode as _, Yaml};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A page that contradicts itself.
const PAGE: &str = "---\ntitle: Get a book\napi: GET https://api.example.com/books/{id}\n---\n\n\
    <ParamField path=\"id\" type=\"string\" required>The id.</ParamField>\n\
    <ResponseField name=\"pages\" type=\"integer\" required>The pages.</ResponseField>\n\
    <ResponseExample>\n```json\n{\"pages\": \"12\"}\n```\n</ResponseExample>\n";

/// A folder `docs` with one page, under git.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("docs")).unwrap();
    fs::write(
        folder.path().join("docs/docs.json"),
        "{\"name\": \"Books\"}",
    )
    .unwrap();
    fs::write(folder.path().join("docs/get.mdx"), PAGE).unwrap();
    for arguments in [
        &["init", "-q"][..],
        &["add", "."],
        &["commit", "-qm", "Begin"],
    ] {
        let identity = [
            "-c",
            "user.name=Writer",
            "-c",
            "user.email=writer@example.com",
        ];
        let mut git = Command::new("git");
        let git = git
            .args(identity)
            .args(arguments)
            .current_dir(folder.path());
        assert!(git.status().unwrap().success());
    }
    folder
}

/// A script for `bash`, with the binary under test first in `PATH`.
fn bash(script: &str, folder: &Path) -> Command {
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_fieldproof"));
    let mut path = binary.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut command = Command::new("bash");
    // As GitHub starts `shell: bash`.
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
    command.current_dir(folder).env("PATH", path);
    command
}

fn yaml(text: &str) -> Yaml<'_> {
    Yaml::load_from_str(text).unwrap().remove(0)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

mod action {
    use super::*;

    /// How the step of the action that runs fieldproof ended, its output, and the two files that GitHub reads.
    struct Step {
        code: Option<i32>,
        output: String,
        summary: String,
        variables: String,
    }

    fn run(folder: &Path, inputs: &[(&str, &str)]) -> Step {
        let action = fs::read_to_string(Path::new(ROOT).join("action.yml")).unwrap();
        let action = yaml(&action);
        let steps = action["runs"]["steps"].as_vec().unwrap();
        let is_run =
            |step: &&Yaml<'_>| step.as_mapping_get("id").and_then(Yaml::as_str) == Some("run");
        let step = steps.iter().find(is_run).unwrap();
        let github = tempfile::tempdir().unwrap();
        let (summary, variables) = (github.path().join("summary"), github.path().join("output"));
        let mut command = bash(step["run"].as_str().unwrap(), folder);
        command.env("GITHUB_STEP_SUMMARY", &summary);
        command.env("GITHUB_OUTPUT", &variables);
        for (name, expression) in step["env"].as_mapping().unwrap() {
            let (name, expression) = (name.as_str().unwrap(), expression.as_str().unwrap());
            let input = name.to_lowercase();
            assert!(
                expression.contains(&format!("inputs.{input}")),
                "{expression}"
            );
            let default = &action["inputs"][input.as_str()]["default"];
            let given = inputs.iter().find(|(name, _)| *name == input);
            command.env(
                name,
                given.map_or(default.as_str().unwrap(), |(_, value)| value),
            );
        }
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().unwrap();
        Step {
            code: status.code(),
            output: text(&stdout) + &text(&stderr),
            summary: fs::read_to_string(summary).unwrap_or_default(),
            variables: fs::read_to_string(variables).unwrap_or_default(),
        }
    }

    #[test]
    fn check_annotates_summarises_and_fails() {
        let folder = repository();
        let step = run(folder.path(), &[("docs", "docs"), ("sarif", "found.sarif")]);
        assert_eq!(step.code, Some(1), "{}", step.output);
        assert!(
            step.output
                .starts_with("::error file=docs/get.mdx,line=10,"),
            "{}",
            step.output
        );
        assert!(step.summary.contains("example-type"), "{}", step.summary);
        assert_eq!(step.variables, "exit-code=1\n");
        let sarif = fs::read_to_string(folder.path().join("found.sarif")).unwrap();
        assert!(sarif.contains("\"ruleId\": \"example-type\""), "{sarif}");
    }

    #[test]
    fn further_arguments_are_passed_on() {
        let folder = repository();
        let arguments = ("arguments", "--ignore example-type --fail-on warning");
        let step = run(folder.path(), &[("docs", "docs"), arguments]);
        assert_eq!(step.code, Some(0), "{}", step.output);
    }

    /// Runs the steps that look for the binary and install it, with a `cargo` that writes down what it is asked.
    struct Install {
        temporary: tempfile::TempDir,
        /// What stands in `PATH` beside the system's own programs.
        programs: tempfile::TempDir,
    }

    impl Install {
        fn new() -> Self {
            let install = Self {
                temporary: tempfile::tempdir().unwrap(),
                programs: tempfile::tempdir().unwrap(),
            };
            let cargo = "#!/bin/sh\necho \"$*\" >> \"$RUNNER_TEMP/asked\"\n\
                mkdir -p \"$RUNNER_TEMP/fieldproof/bin\"\n\
                printf '#!/bin/sh\\necho fieldproof 7.0.0\\n' > \"$RUNNER_TEMP/fieldproof/bin/fieldproof\"\n\
                chmod +x \"$RUNNER_TEMP/fieldproof/bin/fieldproof\"\n";
            install.program("cargo", cargo);
            install
        }

        fn program(&self, name: &str, text: &str) {
            use std::os::unix::fs::PermissionsExt as _;
            let path = self.programs.path().join(name);
            fs::write(&path, text).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }

        /// The key of the build, or nothing if none is needed, and what `cargo` was asked so far.
        fn run(&self, version: &str, source: &Path) -> (Option<String>, String) {
            let action = fs::read_to_string(Path::new(ROOT).join("action.yml")).unwrap();
            let action = yaml(&action);
            let steps = action["runs"]["steps"].as_vec().unwrap();
            let script = |id: &str| {
                let named =
                    |step: &&Yaml<'_>| step.as_mapping_get("id").and_then(Yaml::as_str) == Some(id);
                steps.iter().find(named).unwrap()["run"].as_str().unwrap()
            };
            let path = self.programs.path().to_str().unwrap();
            let temporary = self.temporary.path();
            let output = temporary.join("output");
            fs::write(&output, "").unwrap();
            let start = |id: &str| {
                let mut command = bash(script(id), source);
                command.env("PATH", format!("{path}:/usr/local/bin:/usr/bin:/bin"));
                command.env("VERSION", version).env("SOURCE", source);
                command.env("RUNNER_TEMP", temporary);
                command.env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64");
                command.env("GITHUB_OUTPUT", &output);
                command.env("GITHUB_PATH", temporary.join("path"));
                let output = command.output().unwrap();
                assert!(output.status.success(), "{}", text(&output.stderr));
            };
            start("build");
            let found = fs::read_to_string(&output).unwrap();
            let key = found.strip_prefix("key=").map(|key| key.trim().to_owned());
            if key.is_some() {
                start("install");
                let path = fs::read_to_string(temporary.join("path")).unwrap();
                let binaries = temporary.join("fieldproof/bin");
                assert!(
                    path.ends_with(&format!("{}\n", binaries.display())),
                    "{path}"
                );
            }
            let asked = fs::read_to_string(temporary.join("asked")).unwrap_or_default();
            (key, asked)
        }
    }

    /// The parts of a source that the key of a build depends on.
    fn source() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Cargo.lock"), "lock").unwrap();
        for name in ["src", "docs"] {
            fs::create_dir(folder.path().join(name)).unwrap();
            fs::write(folder.path().join(name).join("a b"), name).unwrap();
        }
        folder
    }

    #[test]
    fn the_source_is_built_once_and_again_when_it_changes() {
        let (install, source) = (Install::new(), source());
        let (first, asked) = install.run("", source.path());
        let root = install.temporary.path().join("fieldproof");
        let expected = format!(
            "install --locked --root {} --path {}\n",
            root.display(),
            source.path().display()
        );
        assert_eq!(asked, expected);
        let (again, asked) = install.run("", source.path());
        assert_eq!(asked, expected);
        assert!(first.as_ref().unwrap().starts_with("fieldproof-Linux-X64-"));
        assert_eq!(first, again);
        fs::write(source.path().join("src/a b"), "changed").unwrap();
        assert_ne!(install.run("", source.path()).0, first);
    }

    #[test]
    fn a_version_is_installed_unless_it_is_there() {
        let (install, source) = (Install::new(), source());
        install.program("fieldproof", "#!/bin/sh\necho fieldproof 7.0.0\n");
        assert_eq!(install.run("", source.path()), (None, String::new()));
        assert_eq!(install.run("7.0.0", source.path()), (None, String::new()));
        let (key, asked) = install.run("7.1.0", source.path());
        assert_eq!(key.unwrap(), "fieldproof-Linux-X64-7.1.0");
        assert!(asked.ends_with(" --version 7.1.0 fieldproof\n"), "{asked}");
    }

    #[test]
    fn an_input_is_never_a_part_of_the_script() {
        let folder = repository();
        let step = run(folder.path(), &[("docs", "docs; touch ran; $(touch ran)")]);
        assert_eq!(step.code, Some(2), "{}", step.output);
        assert!(!folder.path().join("ran").exists());
    }

    #[test]
    fn diff_compares_with_a_revision() {
        let folder = repository();
        let page = PAGE.replace("name=\"pages\"", "name=\"leaves\"");
        fs::write(folder.path().join("docs/get.mdx"), page).unwrap();
        let step = run(
            folder.path(),
            &[("command", "diff"), ("docs", "docs"), ("against", "HEAD")],
        );
        assert_eq!(step.code, Some(1), "{}", step.output);
        assert!(step.summary.contains("pages"), "{}", step.summary);
    }

    #[test]
    fn test_says_when_the_server_is_not_there() {
        let folder = repository();
        let url = ("url", "http://127.0.0.1:1");
        let variables = ("arguments", "--var id=7");
        let step = run(
            folder.path(),
            &[("command", "test"), ("docs", "docs"), url, variables],
        );
        assert_eq!(step.code, Some(3), "{}", step.output);
        assert_eq!(step.variables, "exit-code=3\n");
    }

    #[test]
    fn what_is_missing_or_unknown_is_said() {
        let folder = repository();
        for inputs in [[("command", "diff")], [("command", "deploy")]] {
            let step = run(folder.path(), &inputs);
            assert_eq!(step.code, Some(2), "{}", step.output);
            assert!(
                step.output.starts_with("::error title=fieldproof::"),
                "{}",
                step.output
            );
        }
    }
}

#[test]
fn the_hook_checks_the_site_of_the_repository() {
    let hooks = fs::read_to_string(Path::new(ROOT).join(".pre-commit-hooks.yaml")).unwrap();
    let hooks = yaml(&hooks);
    let hook = &hooks[0];
    let files = regex::Regex::new(hook["files"].as_str().unwrap()).unwrap();
    for path in [
        "docs/a.mdx",
        "a.md",
        "docs/docs.json",
        "mint.json",
        "fieldproof.toml",
    ] {
        assert!(files.is_match(path), "{path}");
    }
    assert!(!files.is_match("src/main.rs") && !files.is_match("docs/other.json"));
    let folder = repository();
    let output = bash(hook["entry"].as_str().unwrap(), folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("docs/get.mdx:10"));
}

/// The commands of a job that `init` wrote, without the one that installs: that has put the binary there already.
fn commands(steps: &Yaml<'_>, folder: &Path) -> Vec<String> {
    let run = |step: &Yaml<'_>| {
        step.as_str()
            .or_else(|| step.as_mapping_get("run")?.as_str())
            .map(str::to_owned)
    };
    let commands = steps.as_vec().unwrap().iter().filter_map(run);
    let (install, rest) = commands.partition::<Vec<_>, _>(|it| it.starts_with("cargo install "));
    assert_eq!(install.len(), 1);
    assert!(install[0].contains(" --root .fieldproof "), "{install:?}");
    let installed = folder.join(".fieldproof/bin");
    fs::create_dir_all(&installed).unwrap();
    std::os::unix::fs::symlink(
        env!("CARGO_BIN_EXE_fieldproof"),
        installed.join("fieldproof"),
    )
    .unwrap();
    rest
}

#[test]
fn the_job_for_github_passes_today_and_fails_for_what_is_new() {
    let folder = repository();
    assert!(
        bash("fieldproof init docs --yes", folder.path())
            .output()
            .unwrap()
            .status
            .success()
    );
    let job = fs::read_to_string(folder.path().join(".github/workflows/fieldproof.yml")).unwrap();
    let job = yaml(&job);
    let commands = commands(&job["jobs"]["check"]["steps"], folder.path());
    let run = || {
        let mut command = bash(&commands.join("\n"), folder.path());
        let command = command.env("GITHUB_STEP_SUMMARY", folder.path().join("summary"));
        command.output().unwrap()
    };
    assert_eq!(run().status.code(), Some(0));
    let more = PAGE.replace("books", "magazines");
    fs::write(folder.path().join("docs/more.mdx"), more).unwrap();
    let output = run();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).starts_with("::error file=docs/more.mdx,"));
}

#[test]
fn the_job_for_gitlab_writes_its_report() {
    let folder = repository();
    let init = "fieldproof init docs --ci gitlab --yes";
    assert!(bash(init, folder.path()).output().unwrap().status.success());
    let job = fs::read_to_string(folder.path().join(".gitlab/fieldproof.yml")).unwrap();
    let job = yaml(&job);
    let job = &job["fieldproof"];
    let commands = commands(&job["script"], folder.path());
    let output = bash(&commands.join("\n"), folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let report = job["artifacts"]["reports"]["codequality"].as_str().unwrap();
    assert!(folder.path().join(report).exists());
}

/// The package for npm, with the binary under test as that of this platform; nothing if there is no Node.js.
#[expect(clippy::print_stdout, reason = "what is not tried is said")]
fn npm_package(with_binary: bool) -> Option<tempfile::TempDir> {
    let mut node = Command::new("node");
    let node = node.args(["-p", "process.platform + '-' + process.arch"]);
    let Ok(output) = node.output() else {
        println!("there is no `node` here, so the package for npm is not tried");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("node_modules/fieldproof/bin");
    fs::create_dir_all(&package).unwrap();
    let chooser = Path::new(ROOT).join("npm/fieldproof/bin/fieldproof.js");
    fs::copy(chooser, package.join("fieldproof.js")).unwrap();
    if with_binary {
        let platform = text(&output.stdout);
        let scope = folder
            .path()
            .join("node_modules/@fieldproof")
            .join(platform.trim());
        fs::create_dir_all(&scope).unwrap();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_fieldproof"), scope.join("fieldproof"))
            .unwrap();
    }
    Some(folder)
}

#[test]
fn the_package_for_npm_starts_the_binary_of_the_platform() {
    let Some(package) = npm_package(true) else {
        return;
    };
    let folder = repository();
    let script = package
        .path()
        .join("node_modules/fieldproof/bin/fieldproof.js");
    let output = Command::new("node")
        .arg(script)
        .args(["check", "docs", "--format", "concise"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).starts_with("docs/get.mdx:10:"));
}

#[test]
fn the_package_for_npm_says_what_to_do_without_a_binary() {
    let Some(package) = npm_package(false) else {
        return;
    };
    let script = package
        .path()
        .join("node_modules/fieldproof/bin/fieldproof.js");
    let output = Command::new("node")
        .arg(script)
        .arg("--version")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("there is no binary for"));
}

#[test]
fn the_package_for_npm_is_published_behind_those_that_it_needs() {
    use std::os::unix::fs::PermissionsExt as _;
    let workflow = fs::read_to_string(Path::new(ROOT).join(".github/workflows/release.yml"));
    let workflow = workflow.unwrap();
    let workflow = yaml(&workflow);
    let steps = workflow["jobs"]["publish"]["steps"].as_vec().unwrap();
    let publish = steps
        .iter()
        .filter_map(|step| step.as_mapping_get("run")?.as_str())
        .find(|script| script.contains("npm publish"))
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("packages/fieldproof")).unwrap();
    for name in ["fieldproof-1.0.0", "fieldproof-linux-x64-1.0.0"] {
        let path = format!("packages/{name}.tgz");
        fs::write(folder.path().join(path), "").unwrap();
    }
    let npm = folder.path().join("npm");
    fs::write(&npm, "#!/bin/sh\necho \"$4\"\n").unwrap();
    fs::set_permissions(&npm, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = bash(publish, folder.path());
    command.env("PATH", format!("{}:/usr/bin:/bin", folder.path().display()));
    let output = command.output().unwrap();
    assert_eq!(
        text(&output.stdout),
        "./packages/fieldproof-linux-x64-1.0.0.tgz\n./packages/fieldproof-1.0.0.tgz\n"
    );
}

#[test]
fn the_package_for_npm_is_of_the_version_of_the_crate() {
    let manifest = fs::read_to_string(Path::new(ROOT).join("npm/fieldproof/package.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    for (name, version) in manifest["optionalDependencies"].as_object().unwrap() {
        assert_eq!(version, env!("CARGO_PKG_VERSION"), "{name}");
    }
}
