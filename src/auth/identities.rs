//! Whom the digests stand for by which employees, and those to whom they are too close, are known as persons.
//!
//! A digest alone could not be reckoned anew when another index key takes over. So the national id is kept beside it, sealed under the
//! key-encryption key, and opened only then; it goes when nobody is known by it any more.

use std::collections::BTreeMap;

use diesel::prelude::*;
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use crate::crypto::{self, BlindIndex, Context};
use crate::db::Tx;
use crate::db::schema::{declared_relation, known_identity, user_account};
use crate::each;
use crate::national_id::NationalId;
use crate::problem::Problem;

type Row = (Vec<u8>, String);

/// The digest by which somebody is known from now on.
pub fn known_as(tx: &mut Tx<'_>, national_id: &NationalId) -> Result<BlindIndex, Problem> {
    let digest = digest_of(tx, national_id.expose_digits());
    keep(tx, &digest, national_id.expose_digits())?;
    Ok(digest)
}

/// Whether two digests stand for the same person though one index key made the one and another key the other.
pub(crate) fn are_same(tx: &mut Tx<'_>, one: &[u8], other: &[u8]) -> Result<bool, Problem> {
    if one == other {
        return Ok(true);
    }
    let key = tx.kit().index_key.of_municipality(tx.municipality().uuid());
    if !key.is_changing() {
        return Ok(false);
    }
    let (one, other) = (find(tx, one)?, find(tx, other)?);
    let digits = |found: Option<SecretString>| found.map(|it| it.expose_secret().to_owned());
    let (one, other) = (digits(one), digits(other));
    Ok(one.is_some() && one == other)
}

/// Reckons all digests of the municipality anew by the index key that is first, and forgets those by which nobody is known; tells how many
/// there are. All in this transaction: no two employees are ever known by different keys for having been met at different times.
pub fn reindex_identities(tx: &mut Tx<'_>) -> Result<usize, Problem> {
    let municipality = tx.municipality();
    let rows = all(tx)?;
    let mut in_use = BTreeMap::new();
    for (digest, sealed) in rows {
        let opened = open(tx, &digest, &sealed)?;
        let anew = digest_of(tx, opened.expose_secret()).as_bytes().to_vec();
        let accounts = diesel::update(user_account::table)
            .filter(user_account::municipality_id.eq(municipality))
            .filter(user_account::person_index.eq(&digest))
            .set(user_account::person_index.eq(&anew))
            .execute(tx.conn())?;
        let relations = diesel::update(declared_relation::table)
            .filter(declared_relation::municipality_id.eq(municipality))
            .filter(declared_relation::person_index.eq(&digest))
            .filter(declared_relation::ended_at.is_null())
            .set(declared_relation::person_index.eq(&anew))
            .execute(tx.conn())?;
        diesel::delete(known_identity::table.find((municipality, &digest))).execute(tx.conn())?;
        if accounts + relations > 0 {
            in_use.insert(anew, opened);
        }
    }
    for opened in in_use.values() {
        let digest = digest_of(tx, opened.expose_secret());
        keep(tx, &digest, opened.expose_secret())?;
    }
    Ok(in_use.len())
}

/// Seals anew, with the key in use, what an older key-encryption key seals; tells how many.
pub fn rewrap_identities(tx: &mut Tx<'_>, limit: i64) -> Result<usize, Problem> {
    let municipality = tx.municipality();
    let current = format!("{}%", crypto::prefix_of_active(&tx.kit().keys));
    let old: Vec<Row> = known_identity::table
        .filter(known_identity::municipality_id.eq(municipality))
        .filter(known_identity::sealed.not_like(current))
        .limit(limit)
        .select((known_identity::digest, known_identity::sealed))
        .load(tx.conn())?;
    for (digest, sealed) in &old {
        let opened = open(tx, digest, sealed)?;
        let anew = seal(tx, digest, opened.expose_secret())?;
        diesel::update(known_identity::table.find((municipality, digest)))
            .filter(known_identity::sealed.eq(sealed))
            .set(known_identity::sealed.eq(anew))
            .execute(tx.conn())?;
    }
    Ok(old.len())
}

fn digest_of(tx: &Tx<'_>, digits: &str) -> BlindIndex {
    let key = tx.kit().index_key.of_municipality(tx.municipality().uuid());
    key.national_id(digits)
}

fn keep(tx: &mut Tx<'_>, digest: &BlindIndex, digits: &str) -> Result<(), Problem> {
    let sealed = seal(tx, digest.as_bytes(), digits)?;
    let insert = diesel::insert_into(known_identity::table).values((
        known_identity::municipality_id.eq(tx.municipality()),
        known_identity::digest.eq(digest.as_bytes().to_vec()),
        known_identity::sealed.eq(sealed),
    ));
    each!(tx.conn(), c => insert.on_conflict_do_nothing().execute(c))?;
    Ok(())
}

fn all(tx: &mut Tx<'_>) -> Result<Vec<Row>, Problem> {
    let municipality = tx.municipality();
    Ok(known_identity::table
        .filter(known_identity::municipality_id.eq(municipality))
        .select((known_identity::digest, known_identity::sealed))
        .load(tx.conn())?)
}

fn find(tx: &mut Tx<'_>, digest: &[u8]) -> Result<Option<SecretString>, Problem> {
    let key = (tx.municipality(), digest);
    let sealed: Option<String> = known_identity::table
        .find(key)
        .select(known_identity::sealed)
        .first(tx.conn())
        .optional()?;
    sealed.map(|sealed| open(tx, digest, &sealed)).transpose()
}

fn seal(tx: &Tx<'_>, digest: &[u8], digits: &str) -> Result<String, Problem> {
    crypto::seal_for_house(&tx.kit().keys, place(tx, digest), digits)
        .map_err(|fault| Problem::internal(fault.code()))
}

fn open(tx: &Tx<'_>, digest: &[u8], sealed: &str) -> Result<SecretString, Problem> {
    crypto::open_for_house(&tx.kit().keys, place(tx, digest), sealed)
        .map_err(|fault| Problem::internal(fault.code()))
}

/// The row has no id but its digest, of which half tells it from every other.
fn place(tx: &Tx<'_>, digest: &[u8]) -> Context {
    let half = digest
        .get(..16)
        .and_then(|half| Uuid::from_slice(half).ok());
    Context {
        municipality: tx.municipality().uuid(),
        table: "known_identity",
        column: "sealed",
        row: half.unwrap_or_default(),
    }
}
