//! Notices at start whether the keys are those with which the installation was used.

use diesel::prelude::*;

use super::Conn;
use super::schema::key_check;
use crate::clock::Instant;
use crate::each;
use crate::ids::MunicipalityId;
use crate::outbox::Bookkeeping;
use crate::problem::Problem;

/// A key of a setting, by its id, and a value that follows from it and tells nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyCheck {
    /// The setting that holds the key.
    pub setting: &'static str,
    /// The key's id; empty where the setting holds one key.
    pub id: String,
    /// What follows from the key.
    pub fingerprint: [u8; 32],
}

/// Keys to be compared with those with which the installation was used.
#[derive(Debug, Clone)]
pub struct KeyChecks(pub Vec<KeyCheck>);

impl Bookkeeping for KeyChecks {
    /// What is wrong with them.
    type Kept = Vec<String>;

    fn keep(
        &self,
        conn: &mut Conn,
        now: Instant,
        _: MunicipalityId,
    ) -> Result<Vec<String>, Problem> {
        compare_and_keep(conn, now, &self.0)
    }
}

/// The keys of a setting that something still needs.
#[derive(Debug, Clone)]
pub struct KeysInUse {
    /// The setting that holds them.
    pub setting: &'static str,
    /// Their ids.
    pub ids: Vec<String>,
}

impl Bookkeeping for KeysInUse {
    /// Those that were known and that nothing needs.
    type Kept = Vec<String>;

    fn keep(&self, conn: &mut Conn, _: Instant, _: MunicipalityId) -> Result<Vec<String>, Problem> {
        forget_others(conn, self.setting, &self.ids)
    }
}

/// What is wrong with these keys, if anything; else the installation remembers those that it did not know.
fn compare_and_keep(
    conn: &mut Conn,
    now: Instant,
    given: &[KeyCheck],
) -> Result<Vec<String>, Problem> {
    let known: Vec<(String, String, Vec<u8>)> = key_check::table
        .select((
            key_check::setting,
            key_check::key_id,
            key_check::fingerprint,
        ))
        .order((key_check::setting, key_check::key_id))
        .load(conn)?;
    let faults = faults(&known, given);
    if !faults.is_empty() {
        return Ok(faults);
    }
    for check in given {
        let is_known = known
            .iter()
            .any(|(setting, id, _)| setting == check.setting && *id == check.id);
        if !is_known {
            let row = (
                key_check::setting.eq(check.setting),
                key_check::key_id.eq(&check.id),
                key_check::fingerprint.eq(check.fingerprint.as_slice()),
                key_check::first_used_at.eq(now),
            );
            let insert = diesel::insert_into(key_check::table).values(row);
            // Another instance that starts beside this one keeps the same.
            each!(conn, c => insert.on_conflict_do_nothing().execute(c))?;
        }
    }
    Ok(Vec::new())
}

fn faults(known: &[(String, String, Vec<u8>)], given: &[KeyCheck]) -> Vec<String> {
    let fault = |(setting, id, fingerprint): &(String, String, Vec<u8>)| {
        let name = match id.as_str() {
            "" => "the key".to_owned(),
            id => format!("the key `{id}`"),
        };
        let same = given
            .iter()
            .find(|it| it.setting == setting && it.id == *id);
        match same {
            None => Some(format!(
                "{setting}: {name} is missing, and the database was used with it"
            )),
            Some(check) if check.fingerprint.as_slice() != fingerprint.as_slice() => Some(format!(
                "{setting}: {name} is another than the one with which the database was used"
            )),
            Some(_) => None,
        }
    };
    known.iter().filter_map(fault).collect()
}

/// Forgets the keys of a setting but for these: nothing is sealed or hashed with the others any more. Tells which.
fn forget_others(
    conn: &mut Conn,
    setting: &str,
    in_use: &[String],
) -> Result<Vec<String>, Problem> {
    let known: Vec<String> = key_check::table
        .filter(key_check::setting.eq(setting))
        .select(key_check::key_id)
        .order(key_check::key_id)
        .load(conn)?;
    let gone: Vec<String> = known
        .into_iter()
        .filter(|id| !in_use.contains(id))
        .collect();
    for id in &gone {
        diesel::delete(key_check::table.find((setting, id))).execute(conn)?;
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_and_a_changed_key_are_named() {
        let given = |setting, id: &str, byte| KeyCheck {
            setting,
            id: id.to_owned(),
            fingerprint: [byte; 32],
        };
        let row =
            |setting: &str, id: &str, byte| (setting.to_owned(), id.to_owned(), vec![byte; 32]);
        let known = [
            row("KEK", "2026", 1),
            row("KEK", "2027", 2),
            row("INDEX", "", 3),
        ];
        let right = [
            given("KEK", "2026", 1),
            given("KEK", "2027", 2),
            given("INDEX", "", 3),
        ];
        assert!(faults(&known, &right).is_empty());
        let wrong = [given("KEK", "2027", 9), given("INDEX", "", 9)];
        assert_eq!(
            faults(&known, &wrong),
            [
                "KEK: the key `2026` is missing, and the database was used with it",
                "KEK: the key `2027` is another than the one with which the database was used",
                "INDEX: the key is another than the one with which the database was used",
            ]
        );
    }
}
