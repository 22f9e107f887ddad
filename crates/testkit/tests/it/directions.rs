//! Which crate may use which, read from cargo itself.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// What each crate may use of ours, in what it ships.
const ALLOWED: &[(&str, &[&str])] = &[
    ("proto", &[]),
    ("guard", &[]),
    ("net", &[]),
    ("flow", &["guard"]),
    ("runtimes", &["flow", "net", "proto"]),
    ("bridge", &["guard", "flow", "net", "proto"]),
    ("client", &["proto", "net"]),
    ("gateway", &["proto", "guard", "flow", "net", "runtimes", "bridge", "client"]),
    ("testkit", &["guard", "flow", "net", "proto"]),
    // A tool beside the program: it measures from outside.
    ("bench-load", &[]),
];

/// What a crate must not use of others, because it would turn into something else.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("proto", &["tokio", "hyper"]),
    ("guard", &["hyper", "http", "axum", "tonic", "reqwest"]),
    ("flow", &["hyper", "http", "h2", "prost", "tonic", "serde_json"]),
    ("net", &["prost", "tonic", "jsonwebtoken"]),
    ("runtimes", &["axum", "jsonwebtoken", "clap"]),
    ("bridge", &["clap", "toml", "candle-core", "candle-nn", "reqwest"]),
];

struct Use {
    name: String,
    for_tests: bool,
}

/// Every crate of the workspace, without its prefix, and what it names in its manifest.
fn workspace() -> BTreeMap<String, Vec<Use>> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let asked = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    let metadata: Value = serde_json::from_slice(&asked.stdout).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    packages.iter().map(|package| (short(&package["name"]), uses(package))).collect()
}

fn uses(package: &Value) -> Vec<Use> {
    let all = package["dependencies"].as_array().expect("a list of dependencies");
    all.iter().map(|one| Use { name: short(&one["name"]), for_tests: one["kind"] == "dev" }).collect()
}

fn short(name: &Value) -> String {
    let name = name.as_str().expect("a name");
    name.strip_prefix("seseragi-").unwrap_or(name).to_owned()
}

#[test]
fn crates_use_only_what_their_row_of_the_design_lists() {
    let workspace = workspace();
    let ours: BTreeSet<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    for (name, uses) in &workspace {
        let row = ALLOWED.iter().find(|(row, _)| row == name);
        let (_, allowed) = row.unwrap_or_else(|| panic!("{name} has no row: add it to the design first"));
        let shipped = uses.iter().filter(|one| !one.for_tests && ours.contains(one.name.as_str()));
        for one in shipped {
            assert!(allowed.contains(&one.name.as_str()), "{name} must not use {}", one.name);
        }
    }
    assert!(workspace.len() == ALLOWED.len(), "a crate of the design is missing");
}

#[test]
fn nothing_ships_the_testkit() {
    for (name, uses) in workspace() {
        assert!(!uses.iter().any(|one| one.name == "testkit" && !one.for_tests), "{name} ships the testkit");
    }
}

#[test]
fn crates_do_not_turn_into_something_else() {
    let workspace = workspace();
    for (name, forbidden) in FORBIDDEN {
        for one in workspace[*name].iter().filter(|one| !one.for_tests) {
            assert!(!forbidden.contains(&one.name.as_str()), "{name} must not use {}", one.name);
        }
    }
}
