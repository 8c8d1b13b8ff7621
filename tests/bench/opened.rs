//! The database of a service, opened beside it with the same keys.

use std::time::Duration;

use rettbolig::config::{self, Secrets};
use rettbolig::db::Db;
use rettbolig::outward::Guard;

use crate::process::Environment;

/// The keys and secrets that these settings name.
pub(crate) fn secrets(environment: &Environment) -> Secrets {
    let setting = |name: &str| find_in(environment, name);
    Secrets::read(&setting).unwrap()
}

/// The database that these settings name.
pub(crate) fn open(environment: &Environment) -> Db {
    let secrets = secrets(environment);
    let guard = Guard::new(Vec::new(), Duration::from_secs(1));
    let kit = config::kit(secrets.keys, secrets.index_key, guard, true);
    let target = find_in(environment, "DATABASE_URL").unwrap();
    Db::open(&target.parse().unwrap(), 1, kit).unwrap()
}

fn find_in(environment: &Environment, name: &str) -> Option<String> {
    let found = environment.iter().find(|it| it.0 == name);
    found.map(|it| it.1.clone())
}
