//! From files, variables and flags to a [`Config`], or to all faults at once.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::model::Config;
use super::source::{Fault, Shown, Source};

/// The file that is read if it is there and no other is named.
const DEFAULT_FILE: &str = "seseragi.toml";
/// Variables of ours that are no settings.
const OTHER_VARIABLES: [&str; 3] = ["SESERAGI_CONFIG", "SESERAGI_TOKEN", "SESERAGI_URL"];

/// A configuration that cannot be used, with everything that is wrong with it.
#[derive(Debug)]
pub struct Broken {
    file: Option<PathBuf>,
    /// What to mend; never empty.
    pub faults: Vec<Fault>,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.faults.len();
        write!(f, "the configuration has {count} {}", if count == 1 { "fault" } else { "faults" })?;
        if let Some(file) = &self.file {
            write!(f, " (file {})", file.display())?;
        }
        self.faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

impl std::error::Error for Broken {}

/// Reads and checks everything. `file`: the one that was named, if any.
///
/// # Errors
/// [`Broken`] with all faults.
pub fn load(file: Option<&Path>, flags: BTreeMap<String, String>) -> Result<(Config, Vec<Shown>), Broken> {
    let named =
        file.map(Path::to_path_buf).or_else(|| std::env::var_os("SESERAGI_CONFIG").map(PathBuf::from));
    let found = named.clone().or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.is_file()));
    let text = match &found {
        Some(path) => std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?,
        None => String::new(),
    };
    // A variable that is no UTF-8 cannot be one of ours.
    let env = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    parse(&text, env, flags).map_err(|faults| Broken { file: found, faults })
}

/// The part without files: text, variables and flags in; settings or all faults out.
pub(super) fn parse(
    text: &str,
    env: impl IntoIterator<Item = (String, String)>,
    flags: BTreeMap<String, String>,
) -> Result<(Config, Vec<Shown>), Vec<Fault>> {
    let table = text.parse::<toml::Table>().map_err(|error| vec![not_toml(&error, text)])?;
    let source = Source::new(table, env, flags);
    let config = Config::read(&source.root());
    let faults = source.faults(&OTHER_VARIABLES);
    if faults.is_empty() { Ok((config, source.shown())) } else { Err(faults) }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Broken {
    let hint = format!("cannot be read: {error}");
    Broken { file: None, faults: vec![Fault { path: path.display().to_string(), hint }] }
}

fn not_toml(error: &toml::de::Error, text: &str) -> Fault {
    let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    Fault { path: format!("line {line}"), hint: format!("is no TOML: {}", error.message()) }
}
