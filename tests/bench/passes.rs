//! Access tokens of those who work in the demonstration's municipality, without the time that signing in takes.

use rettbolig::auth::{Cost, Passwords, SignIn, Tokens};

use crate::opened;
use crate::process::Environment;

/// One for each of these, in their order.
pub(crate) async fn passes<const COUNT: usize>(
    environment: &Environment,
    usernames: [&str; COUNT],
) -> [String; COUNT] {
    let (db, secrets) = (opened::open(environment), opened::secrets(environment));
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
