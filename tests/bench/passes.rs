//! Access tokens of those who work in the demonstration's municipality, without the time that signing in takes.

use std::time::Duration;

use rettbolig::auth::{Cost, Passwords, SignIn, Tokens};
use rettbolig::config::{self, Secrets};
use rettbolig::db::Db;
use rettbolig::outward::Guard;

use crate::process::Environment;

/// One for each of these, in their order.
pub(crate) async fn passes<const COUNT: usize>(
    environment: &Environment,
    usernames: [&str; COUNT],
) -> [String; COUNT] {
    let setting = |name: &str| {
        let found = environment.iter().find(|it| it.0 == name);
        found.map(|it| it.1.clone())
    };
    let target = setting("DATABASE_URL").unwrap().parse().unwrap();
    let secrets = Secrets::read(&setting).unwrap();
    let guard = Guard::new(Vec::new(), Duration::from_secs(1));
    let kit = config::kit(secrets.keys, secrets.index_key, guard, true);
    let db = Db::open(&target, 1, kit).unwrap();
    let tokens = Tokens::new("https://rettbolig.local".to_owned(), &secrets.signing_key);
    let cheap = Cost {
        memory_kib: 8,
        passes: 1,
    };
    let passwords = Passwords::new(secrets.pepper, cheap).unwrap();
    let door = SignIn::new(tokens.unwrap(), passwords);
    let mut passes = Vec::new();
    for username in usernames {
        let pass = door.vouch_for(&db, username, true).await.unwrap();
        passes.push(pass.access);
    }
    db.close();
    passes.try_into().unwrap()
}
