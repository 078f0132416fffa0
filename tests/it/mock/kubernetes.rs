//! The example for Kubernetes: what it names is there, and two mocks started as it says are one world.

use saphyr::{LoadableYamlNode as _, Yaml};

use super::redis::Redis;
use super::*;

fn manifest() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/kubernetes.yaml");
    fs::read_to_string(path).unwrap()
}

/// The value at a way of keys, such as `spec.template.0.name`.
fn at<'y>(value: &'y Yaml<'y>, way: &str) -> &'y Yaml<'y> {
    way.split('.').fold(value, |value, step| {
        let found = match step.parse::<usize>() {
            Ok(index) => value.as_sequence().and_then(|items| items.get(index)),
            Err(_) => value.as_mapping_get(step),
        };
        found.unwrap_or_else(|| panic!("{way}: no `{step}`"))
    })
}

fn text<'y>(value: &'y Yaml<'y>, way: &str) -> &'y str {
    at(value, way).as_str().unwrap_or_else(|| panic!("{way}"))
}

fn named<'y>(all: &'y [Yaml<'y>], kind: &str, name: &str) -> &'y Yaml<'y> {
    let mut found = all
        .iter()
        .filter(|it| text(it, "kind") == kind && text(it, "metadata.name") == name);
    found.next().unwrap_or_else(|| panic!("no {kind} {name}"))
}

#[test]
fn what_the_manifest_names_is_there() {
    let text_of_file = manifest();
    let all = Yaml::load_from_str(&text_of_file).unwrap();
    for name in ["redis", "mock"] {
        let (deployment, service) = (
            named(&all, "Deployment", name),
            named(&all, "Service", name),
        );
        let labels = text(deployment, "spec.template.metadata.labels.app");
        assert_eq!(text(deployment, "spec.selector.matchLabels.app"), labels);
        assert_eq!(text(service, "spec.selector.app"), labels);
        let port = text(deployment, "spec.template.spec.containers.0.ports.0.name");
        assert_eq!(text(service, "spec.ports.0.targetPort"), port);
    }
    let container = at(
        named(&all, "Deployment", "mock"),
        "spec.template.spec.containers.0",
    );
    for probe in ["livenessProbe", "readinessProbe"] {
        let port = format!("{probe}.httpGet.port");
        assert_eq!(text(container, &port), text(container, "ports.0.name"));
    }
    let secret = named(&all, "Secret", "mock");
    let help = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .args(["mock", "--help"])
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for variable in at(container, "env").as_sequence().unwrap() {
        let name = text(variable, "name");
        assert!(help.contains(&format!("[env: {name}]")), "{name}");
        assert_eq!(text(variable, "valueFrom.secretKeyRef.name"), "mock");
        let key = text(variable, "valueFrom.secretKeyRef.key");
        assert!(!text(secret, &format!("stringData.{key}")).is_empty());
    }
    let redis = named(&all, "Service", "redis");
    let port = at(redis, "spec.ports.0.port").as_integer().unwrap();
    let url = format!("redis://{}:{port}/0", text(redis, "metadata.name"));
    assert_eq!(text(secret, "stringData.state"), url);
}

#[test]
fn two_mocks_as_in_the_manifest_are_one_world() {
    let Some(mut redis) = Redis::start(&[]) else {
        return;
    };
    let text_of_file = manifest();
    let all = Yaml::load_from_str(&text_of_file).unwrap();
    let container = at(
        named(&all, "Deployment", "mock"),
        "spec.template.spec.containers.0",
    );
    let arguments = at(container, "args").as_sequence().unwrap();
    let arguments: Vec<_> = arguments.iter().map(|it| it.as_str().unwrap()).collect();
    // Other mocks of this machine listen, too, and the pages are elsewhere.
    let (start, rest) = arguments.split_at(2);
    assert_eq!(start, ["mock", "/docs"]);
    let mut rest = rest.to_vec();
    let at_port = rest.iter().position(|it| *it == "4010").unwrap();
    rest.drain(at_port - 1..=at_port);
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/mock/shop");
    let mocks = [(); 2].map(|()| {
        let mut command = command(&docs, &rest);
        command
            .env("FIELDPROOF_STATE", redis.url())
            .env("FIELDPROOF_ADMIN_TOKEN", "change-me");
        Mock::spawn(command)
    });
    let probe = |mock: &Mock, probe: &str| {
        let path = text(container, &format!("{probe}.httpGet.path"));
        mock.send("GET", path, &[], "").status
    };
    for mock in &mocks {
        let asked = (probe(mock, "livenessProbe"), probe(mock, "readinessProbe"));
        assert_eq!(asked, (200, 200));
    }
    let body = r#"{"product_id": "tea_01", "quantity": 5}"#;
    let made = mocks[0].send("POST", "/orders", &[JSON], body);
    let path = format!("/orders/{}", made.json()["id"].as_str().unwrap());
    assert_eq!(mocks[1].send("GET", &path, &[], "").status, 200);
    redis.stop();
    for mock in &mocks {
        let asked = (probe(mock, "livenessProbe"), probe(mock, "readinessProbe"));
        assert_eq!(asked, (200, 503));
    }
}
