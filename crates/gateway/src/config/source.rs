//! Where settings come from: flags, then `SESERAGI_*` variables, then the file. All faults are collected.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use toml::{Table, Value};

/// The beginning of all our environment variables.
pub const ENV_PREFIX: &str = "SESERAGI_";

/// One thing to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The setting, such as `listen.address` or `models[1].name`.
    pub path: String,
    /// What is wrong and what to write instead.
    pub hint: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.hint)
    }
}

/// The raw settings of all origins, and what came of reading them.
#[derive(Debug, Default)]
pub struct Source {
    table: Table,
    env: BTreeMap<String, String>,
    flags: BTreeMap<String, String>,
    used_env: RefCell<BTreeSet<String>>,
    faults: RefCell<Vec<Fault>>,
    shown: RefCell<Vec<Shown>>,
}

/// One effective setting, for `config show`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The setting.
    pub path: String,
    /// Its value; secrets are never read into it.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a setting came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The file.
    File,
    /// An environment variable.
    Env,
    /// A flag.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Env => "environment",
            Self::Flag => "flag",
        })
    }
}

impl Source {
    /// Settings of the three origins. `env` may hold foreign variables: only ours are looked at. Flags are keyed
    /// by the path of their setting.
    #[must_use]
    pub fn new(
        table: Table,
        env: impl IntoIterator<Item = (String, String)>,
        flags: BTreeMap<String, String>,
    ) -> Self {
        let env = env.into_iter().filter(|(name, _)| name.starts_with(ENV_PREFIX)).collect();
        Self { table, env, flags, ..Self::default() }
    }

    /// The whole document.
    pub fn root(&self) -> Section<'_> {
        Section { source: self, path: String::new(), table: Some(&self.table), known: RefCell::default() }
    }

    /// Notes a fault.
    pub fn fault(&self, path: &str, hint: impl Into<String>) {
        self.faults.borrow_mut().push(Fault { path: path.to_owned(), hint: hint.into() });
    }

    /// All faults, after everything was read. A variable of ours that no setting asked for is one, too, unless
    /// it is in `other`.
    pub fn faults(&self, other: &[&str]) -> Vec<Fault> {
        let used = self.used_env.borrow();
        for name in self.env.keys().filter(|name| !used.contains(*name) && !other.contains(&name.as_str())) {
            self.fault(name, "there is no setting for this variable; `seseragi config show` lists all");
        }
        let mut faults = self.faults.borrow().clone();
        faults.dedup();
        faults
    }

    /// All effective settings, in the order in which they were read.
    pub fn shown(&self) -> Vec<Shown> {
        self.shown.borrow().clone()
    }
}

/// One table of the document.
#[derive(Debug)]
pub struct Section<'a> {
    source: &'a Source,
    path: String,
    table: Option<&'a Table>,
    known: RefCell<BTreeSet<String>>,
}

impl<'a> Section<'a> {
    /// The full path of a key.
    pub fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Notes a fault of a key.
    pub fn fault(&self, key: &str, hint: impl Into<String>) {
        self.source.fault(&self.path_of(key), hint);
    }

    /// A text.
    pub fn text(&self, key: &str, default: &str) -> String {
        self.read(key, default.to_owned(), |value| match value {
            Value::String(text) => Ok(text),
            _ => Err("write a text in quotes".to_owned()),
        })
    }

    /// A whole number in a range. A number in quotes counts, because variables and flags are texts.
    pub fn number(&self, key: &str, default: u64, range: RangeInclusive<u64>) -> u64 {
        let hint = format!("write a whole number from {} to {}", range.start(), range.end());
        self.read(key, default, |value| {
            let number = match value {
                Value::Integer(number) => u64::try_from(number).ok(),
                Value::String(text) => text.trim().parse().ok(),
                _ => None,
            };
            number.filter(|n| range.contains(n)).ok_or_else(|| hint.clone())
        })
    }

    /// A truth. `"true"` in quotes counts, because variables and flags are texts.
    pub fn truth(&self, key: &str, default: bool) -> bool {
        self.read(key, default, |value| match value {
            Value::Boolean(truth) => Ok(truth),
            Value::String(text) if text == "true" => Ok(true),
            Value::String(text) if text == "false" => Ok(false),
            _ => Err("write true or false".to_owned()),
        })
    }

    /// The path of a file, `None` if it is the empty text. A URL in its place is refused without being quoted: it may
    /// hold a password.
    pub fn file(&self, key: &str) -> Option<PathBuf> {
        let path = self.read(key, String::new(), |value| match value {
            Value::String(text) if !text.contains("://") => Ok(text),
            Value::String(_) => Err("name a file that holds it".to_owned()),
            _ => Err("write the path of a file in quotes".to_owned()),
        });
        Some(path).filter(|path| !path.is_empty()).map(PathBuf::from)
    }

    /// One of several words.
    pub fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> T {
        let (default, first) = choices[0];
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let text = self.read(key, default.to_owned(), |value| match value {
            Value::String(text) if words.contains(&text.as_str()) => Ok(text),
            _ => Err(format!("write one of {}", words.join(", "))),
        });
        choices.iter().find(|(word, _)| *word == text).map_or(first, |(_, choice)| *choice)
    }

    /// A list of texts; in variables and flags separated by commas.
    pub fn texts(&self, key: &str, default: &[&str]) -> Vec<String> {
        let default = Texts(default.iter().map(|&text| text.to_owned()).collect());
        let listed = self.read(key, default, |value| {
            Texts::of(value).ok_or_else(|| "write a list of texts, such as [\"a\", \"b\"]".to_owned())
        });
        listed.0
    }

    /// A table within this one.
    pub fn section(&self, key: &str) -> Self {
        self.known.borrow_mut().insert(key.to_owned());
        let table = self.table.and_then(|table| table.get(key)).and_then(|value| {
            if !value.is_table() {
                self.fault(key, format!("is a table: write [{}]", self.path_of(key)));
            }
            value.as_table()
        });
        Self { source: self.source, path: self.path_of(key), table, known: RefCell::default() }
    }

    /// The tables of a list, such as `[[models]]`.
    pub fn sections(&self, key: &str) -> Vec<Self> {
        self.known.borrow_mut().insert(key.to_owned());
        let Some(value) = self.table.and_then(|table| table.get(key)) else { return Vec::new() };
        let tables = value.as_array().filter(|all| all.iter().all(Value::is_table));
        if tables.is_none() {
            self.fault(key, format!("is a list of tables: write [[{}]]", self.path_of(key)));
        }
        let numbered = tables.into_iter().flatten().enumerate();
        let section = |(i, value): (usize, &'a Value)| Self {
            source: self.source,
            path: format!("{}[{i}]", self.path_of(key)),
            table: value.as_table(),
            known: RefCell::default(),
        };
        numbered.map(section).collect()
    }

    /// A table of free keys with texts, numbers and truths.
    pub fn values(&self, key: &str) -> Table {
        self.known.borrow_mut().insert(key.to_owned());
        let value = self.table.and_then(|table| table.get(key));
        if value.is_some_and(|value| !value.is_table()) {
            self.fault(key, "write a table, such as { name = \"value\" }");
        }
        value.and_then(Value::as_table).cloned().unwrap_or_default()
    }

    /// Ends the reading of this table: every key that nobody asked for is a fault.
    pub fn done(&self) {
        let known = self.known.borrow();
        for key in self.table.into_iter().flat_map(Table::keys).filter(|key| !known.contains(*key)) {
            let near = known.iter().min_by_key(|k| distance(k, key)).filter(|k| distance(k, key) <= 3);
            let hint = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
            self.fault(key, format!("there is no such setting{hint}"));
        }
    }

    /// Reads a setting from the strongest origin that has it; falls back to the default on a fault.
    fn read<T: fmt::Display + Clone>(
        &self,
        key: &str,
        default: T,
        parse: impl Fn(Value) -> Result<T, String>,
    ) -> T {
        self.known.borrow_mut().insert(key.to_owned());
        let path = self.path_of(key);
        let (value, origin) = match self.raw(key, &path) {
            Some((raw, origin)) => match parse(raw) {
                Ok(value) => (value, origin),
                Err(hint) => {
                    let from =
                        if origin == Origin::File { String::new() } else { format!(" (from a {origin})") };
                    self.source.fault(&path, format!("{hint}{from}"));
                    (default, Origin::Default)
                }
            },
            None => (default, Origin::Default),
        };
        self.source.shown.borrow_mut().push(Shown { path, value: value.to_string(), origin });
        value
    }

    fn raw(&self, key: &str, path: &str) -> Option<(Value, Origin)> {
        let name = env_name(path);
        let text = |text: &String| Value::String(text.clone());
        let from_env = self.source.env.get(&name);
        self.source.used_env.borrow_mut().insert(name);
        let from_flag = self.source.flags.get(path);
        from_flag
            .map(|flag| (text(flag), Origin::Flag))
            .or_else(|| from_env.map(|env| (text(env), Origin::Env)))
            .or_else(|| self.table?.get(key).map(|value| (value.clone(), Origin::File)))
    }
}

/// A list of texts, shown as TOML writes it.
#[derive(Clone)]
struct Texts(Vec<String>);

impl Texts {
    fn of(value: Value) -> Option<Self> {
        match value {
            Value::String(text) => {
                let parts = text.split(',').map(str::trim).filter(|t| !t.is_empty());
                Some(Self(parts.map(str::to_owned).collect()))
            }
            Value::Array(all) => {
                all.into_iter().map(|v| v.as_str().map(str::to_owned)).collect::<Option<_>>().map(Self)
            }
            _ => None,
        }
    }
}

impl fmt::Display for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// The variable of a setting: `listen.address` is `SESERAGI_LISTEN_ADDRESS`.
#[must_use]
pub fn env_name(path: &str) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("{ENV_PREFIX}{}", path.chars().map(word).collect::<String>())
}

/// How many letters must change to get from one word to the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
