//! Operations that another server answers: pages of two hosts that have the same path cannot both be behind one URL.

use std::collections::{BTreeMap, BTreeSet};

use crate::conform::target::Target;
use crate::model::endpoint::split_server;
use crate::model::{Api, Operation};

/// The operations that are documented for another host than the one that the URL stands for, and that host.
///
/// Hosts stand for each other, such as a sandbox for the real one, unless two pages give the same method and path to
/// different ones. Then the URL stands for the host that it names, or else for the one with the most operations.
pub(super) fn elsewhere(
    api: &Api,
    target: &Target,
    only: Option<&[usize]>,
) -> Vec<(usize, String)> {
    let operations = api.operations.iter().enumerate();
    let chosen: Vec<_> = operations
        .filter(|(index, _)| only.is_none_or(|only| only.contains(index)))
        .map(|(index, operation)| (index, operation, hosts(operation)))
        .filter(|(.., hosts)| !hosts.is_empty())
        .collect();
    let mut by_route: BTreeMap<String, Vec<&BTreeSet<String>>> = BTreeMap::new();
    for (_, operation, hosts) in &chosen {
        by_route.entry(route(operation)).or_default().push(hosts);
    }
    let rivals: BTreeSet<&String> = by_route
        .values()
        .filter(|all| is_of_several(all))
        .flat_map(|all| all.iter().copied().flatten())
        .collect();
    // The more operations, the surer; of two with as many, the one that comes first.
    let weight = |host: &String| {
        let of_host = chosen.iter().filter(|(.., hosts)| hosts.contains(host));
        let first = of_host.clone().map(|(index, ..)| *index).next();
        (of_host.count(), std::cmp::Reverse(first))
    };
    let named = rivals.iter().find(|host| names(target, host));
    let most = rivals.iter().max_by_key(|host| weight(host));
    let Some(own) = named.or(most) else {
        return Vec::new();
    };
    let others = chosen.iter().filter(|(.., hosts)| {
        !hosts.contains(*own) && hosts.iter().any(|host| rivals.contains(host))
    });
    others
        .filter_map(|(index, _, hosts)| Some((*index, hosts.first()?.clone())))
        .collect()
}

/// The documented hosts; none if one of them is a variable.
fn hosts(operation: &Operation) -> BTreeSet<String> {
    let servers = operation.servers.iter();
    let hosts: Option<BTreeSet<String>> = servers
        .map(|server| {
            let origin = split_server(&server.value).0?;
            let host = origin.split_once("://")?.1;
            let is_open = host.contains(['{', '<', '$', ':']);
            (!is_open).then(|| host.to_owned())
        })
        .collect();
    hosts.unwrap_or_default()
}

/// The method and the path, whatever its parameters are called.
fn route(operation: &Operation) -> String {
    let path = operation.joined_path();
    let parts = path.split('/');
    let parts: Vec<_> = parts
        .map(|part| if part.contains('{') { "{}" } else { part })
        .collect();
    format!("{} {}", operation.endpoint.value.method, parts.join("/"))
}

/// True if no host answers all of them.
fn is_of_several(all: &[&BTreeSet<String>]) -> bool {
    let (Some(first), rest) = (all.first(), all.get(1..).unwrap_or_default()) else {
        return false;
    };
    !first
        .iter()
        .any(|host| rest.iter().all(|it| it.contains(host)))
}

/// True if the URL is one of that host, or below its name: `http://localhost:4010/api.example.com`.
fn names(target: &Target, host: &str) -> bool {
    let origin = target.origin.split_once("://").map_or("", |(_, host)| host);
    let path = target.path.as_deref().unwrap_or_default();
    origin.eq_ignore_ascii_case(host) || path.split('/').any(|part| part.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::tests::documentation;

    /// The operations that the URL does not stand for.
    fn left_out(url: &str, only: Option<&[usize]>) -> Vec<String> {
        let pages = [
            "GET https://pay.example.com/v1/bills",
            "POST https://pay.example.com/v1/bills",
            "GET https://coins.example.com/v1/bills",
            "GET https://coins.example.com/v1/wallets",
            "GET https://files.example.com/v1/files",
        ];
        let pages = pages.map(|api| format!("---\napi: {api}\n---\n\nText.\n"));
        let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
        let (_, documentation) = documentation("", &pages);
        let target = Target::parse(url).expect("the URL is one");
        let all = elsewhere(&documentation.api, &target, only);
        let name = |index: usize| documentation.api.operations[index].name();
        let all = all
            .iter()
            .map(|(index, host)| format!("{} {host}", name(*index)));
        all.collect()
    }

    #[test]
    fn one_url_stands_for_one_of_two_hosts_with_the_same_path() {
        let coins = [
            "GET /v1/bills coins.example.com",
            "GET /v1/wallets coins.example.com",
        ];
        assert_eq!(left_out("http://127.0.0.1:4010", None), coins);
        let pay = [
            "GET /v1/bills pay.example.com",
            "POST /v1/bills pay.example.com",
        ];
        assert_eq!(left_out("https://coins.example.com", None), pay);
        assert_eq!(
            left_out("http://127.0.0.1:4010/coins.example.com", None),
            pay
        );
    }

    #[test]
    fn hosts_without_the_same_path_stand_for_each_other() {
        assert_eq!(left_out("http://127.0.0.1:4010", Some(&[0, 1, 4])), [""; 0]);
    }
}
