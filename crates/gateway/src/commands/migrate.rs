//! `seseragi migrate`: the database brought up to date.

use super::Failure;
use crate::config::Config;
use crate::trust;

/// Does it and says what was done.
pub fn run(config: &Config) -> Result<(), Failure> {
    let store = trust::store(config)?;
    let place = store.place();
    match store.schema_versions() {
        (0, now) => println!("{place}: made, with the schema of version {now}"),
        (found, now) if found < now => {
            println!("{place}: brought from version {found} to version {now} of the schema")
        }
        (_, now) => println!("{place}: up to date, version {now} of the schema"),
    }
    Ok(())
}
