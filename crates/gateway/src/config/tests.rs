//! The configuration as a whole: defaults, precedence, and all faults at once.

use std::collections::BTreeMap;

use super::load::parse;
use super::source::{Fault, Origin, env_name};

fn faults(text: &str) -> Vec<Fault> {
    parse(text, [], BTreeMap::new()).expect_err("must have faults")
}

#[test]
fn an_empty_file_is_a_whole_configuration() {
    let (config, shown) = parse("", [], BTreeMap::new()).expect("valid");
    assert_eq!(config.address.to_string(), "127.0.0.1:8080");
    assert!(shown.iter().all(|s| s.origin == Origin::Default));
}

#[test]
fn a_flag_wins_over_a_variable_and_a_variable_over_the_file() {
    let text = "[listen]\naddress = \"127.0.0.1:1\"\nworkers = 3\n[log]\nlevel = \"warn\"";
    let env = [("SESERAGI_LISTEN_ADDRESS", "127.0.0.1:2"), ("SESERAGI_LISTEN_WORKERS", "4"), ("HOME", "x")];
    let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let flags = BTreeMap::from([("listen.address".to_owned(), "127.0.0.1:3".to_owned())]);
    let (config, _) = parse(text, env, flags).expect("valid");
    assert_eq!((config.address.port(), config.workers, config.log_level.as_str()), (3, 4, "warn"));
}

#[test]
fn ten_mistakes_are_ten_faults() {
    let text = r#"
        default_model = "nobody"
        dat_dir = "typo"
        [listen]
        address = "here"
        workers = -1
        [auth]
        guests = "maybe"
        access_token_ttl_s = 1
        [cors]
        origins = ["localhost"]
        [limits]
        max_prompt_bytes = "many"
        [[models]]
        name = "a"
        runtime = "magic"
        [[models]]
        name = "a"
        runtime = "infer"
    "#;
    let found = faults(text);
    let paths: Vec<&str> = found.iter().map(|f| f.path.as_str()).collect();
    let wanted = [
        "default_model",
        "dat_dir",
        "listen.address",
        "listen.workers",
        "auth.guests",
        "auth.access_token_ttl_s",
        "cors.origins",
        "limits.max_prompt_bytes",
        "models[0].runtime",
        "models[1].name",
        "models[1].address",
    ];
    for path in wanted {
        assert!(paths.contains(&path), "{path} is missing in {paths:?}");
    }
    assert_eq!(paths.len(), wanted.len(), "{found:#?}");
    assert!(found.iter().any(|f| f.hint.contains("did you mean data_dir?")));
}

#[test]
fn a_variable_that_no_setting_asks_for_is_a_fault() {
    let env = [("SESERAGI_LISTEN_ADRESS".to_owned(), "127.0.0.1:2".to_owned())];
    let found = parse("", env, BTreeMap::new()).expect_err("must have faults");
    assert_eq!(found[0].path, "SESERAGI_LISTEN_ADRESS");
}

#[test]
fn what_is_no_toml_names_its_line() {
    assert_eq!(faults("[listen]\nworkers = = 2")[0].path, "line 2");
}

/// The documented file: with its comments taken off it must be valid and name every setting.
#[test]
fn the_documented_file_names_every_setting_with_its_default() {
    let documented = include_str!("../../../../seseragi.toml");
    let active: String = documented.lines().map(|line| uncommented(line).to_owned() + "\n").collect();
    let (_, shown) = parse(&active, [], BTreeMap::new()).expect("the documented file is valid");
    let (_, defaults) = parse("", [], BTreeMap::new()).expect("valid");
    for default in &defaults {
        let there = shown.iter().find(|s| s.path == default.path && s.origin == Origin::File);
        let there = there.unwrap_or_else(|| panic!("{} is not documented", default.path));
        assert_eq!(there.value, default.value, "{}: the documented default is another", default.path);
    }
}

/// Tables of lists have no defaults without an entry, so they are read with the fewest lines that are valid.
#[test]
fn the_documented_file_names_every_setting_of_issuers_and_clients() {
    let documented = include_str!("../../../../seseragi.toml");
    let active: String = documented.lines().map(|line| uncommented(line).to_owned() + "\n").collect();
    let fewest = "[[auth.external]]\nname = \"django\"\nhs256_secret_file = \"django.secret\"\n\
                  [[auth.clients]]\nid = \"notes\"\nredirect_uris = [\"https://notes.example/callback\"]\n";
    let (_, shown) = parse(&active, [], BTreeMap::new()).expect("the documented file is valid");
    let (_, defaults) = parse(fewest, [], BTreeMap::new()).expect("valid");
    let of_lists = |path: &str| path.starts_with("auth.external[0].") || path.starts_with("auth.clients[0].");
    let listed: Vec<_> = defaults.iter().filter(|s| of_lists(&s.path)).collect();
    assert!(listed.len() > 20, "{listed:?}");
    for default in listed {
        let there = shown.iter().find(|s| s.path == default.path && s.origin == Origin::File);
        let there = there.unwrap_or_else(|| panic!("{} is not documented", default.path));
        assert_eq!(there.value, default.value, "{}: the documented default is another", default.path);
    }
}

/// What README and the examples tell people to do with the documented file as it stands.
#[test]
fn the_documented_file_works_with_a_model_file_and_with_models_of_ones_own() {
    let documented = include_str!("../../../../seseragi.toml");
    let flags = BTreeMap::from([("model_file".to_owned(), "my.gguf".to_owned())]);
    let (config, _) = parse(documented, [], flags).expect("a model file is fine");
    assert_eq!((config.default_model.as_str(), config.models.len()), ("my", 2));
    let own = "\n[[models]]\nname = \"mine\"\nruntime = \"infer\"\naddress = \"127.0.0.1:50051\"\n";
    let (config, _) = parse(&format!("{documented}{own}"), [], BTreeMap::new()).expect("own models are fine");
    assert_eq!(config.default_model, "mine");
}

/// A setting that is commented out is `#key = value` or `#[table]`; prose has a space after the sign.
fn uncommented(line: &str) -> &str {
    line.strip_prefix('#').filter(|rest| !rest.starts_with([' ', '#'])).unwrap_or(line)
}

#[test]
fn the_name_of_a_variable_follows_its_path() {
    assert_eq!(env_name("limits.guest.streams"), "SESERAGI_LIMITS_GUEST_STREAMS");
}
