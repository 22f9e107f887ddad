//! `seseragi config`: what is in force, and whether it can be used.

use clap::Subcommand;

use super::Failure;
use crate::config::Shown;

/// Check and show the configuration
#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Report every fault at once; exit code 2 if there is one
    Check,
    /// Print every setting, its value and where it came from
    Show,
}

impl ConfigCommand {
    /// Faults were reported while the configuration was loaded; here it can be used.
    pub fn run(&self, shown: &[Shown]) -> Result<(), Failure> {
        match self {
            Self::Check => println!("the configuration can be used"),
            Self::Show => {
                let width = shown.iter().map(|s| s.path.len()).max().unwrap_or(0);
                shown
                    .iter()
                    .for_each(|s| println!("{:width$} = {}  ({})", s.path, quoted(&s.value), s.origin));
            }
        }
        Ok(())
    }
}

fn quoted(value: &str) -> String {
    if value.is_empty() { "\"\"".to_owned() } else { value.to_owned() }
}
