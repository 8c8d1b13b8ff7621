//! The chain of each case: how many entries it has, and the hash of the last.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::canonical::Hash;
use super::store::stored_hash;
use crate::db::schema::audit_chain;
use crate::db::{Conn, Prepared};
use crate::each;
use crate::ids::{ApplicationId, MunicipalityId};
use crate::problem::Problem;

/// Rows that are read at once when all are.
const AT_ONCE: i64 = 10_000;

/// The chains behind this one in the order of their cases, with their lengths and heads: the next of them, none at the end.
pub(super) fn after(
    conn: &mut Conn,
    municipality: MunicipalityId,
    case: ApplicationId,
) -> Result<Vec<(ApplicationId, u64, Hash)>, Problem> {
    let rows: Vec<(ApplicationId, i64, Vec<u8>)> = audit_chain::table
        .filter(audit_chain::municipality_id.eq(municipality))
        .filter(audit_chain::case_id.gt(case))
        .order(audit_chain::case_id)
        .limit(AT_ONCE)
        .select((audit_chain::case_id, audit_chain::length, audit_chain::head))
        .load(conn)?;
    rows.into_iter()
        .map(|(case, length, head)| Ok((case, length.cast_unsigned(), stored_hash(&head)?)))
        .collect()
}

/// The chains that a transaction continues: each is read once and kept once, however many entries it gets.
pub(super) struct Chains {
    municipality: MunicipalityId,
    taken: BTreeMap<ApplicationId, Chain>,
}

/// A case's chain.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Chain {
    /// How many entries it has.
    pub(super) length: i64,
    /// The hash of the last.
    pub(super) head: Option<Hash>,
    /// Whether the table has it already.
    pub(super) is_kept: bool,
}

impl Chains {
    pub(super) const fn of(municipality: MunicipalityId) -> Self {
        Self {
            municipality,
            taken: BTreeMap::new(),
        }
    }

    /// The chain of a case, which on `PostgreSQL` others that continue it now wait for.
    pub(super) fn take(&mut self, conn: &mut Conn, case: ApplicationId) -> Result<Chain, Problem> {
        if let Some(chain) = self.taken.get(&case) {
            return Ok(*chain);
        }
        let mine = audit_chain::table
            .find((self.municipality, case))
            .select((audit_chain::length, audit_chain::head));
        let found: Option<(i64, Vec<u8>)> = match conn {
            Conn::Pg(conn) => mine.for_update().first(conn),
            Conn::Sqlite(conn) => mine.first(conn),
        }
        .optional()?;
        let chain = match found {
            Some((length, head)) => Chain {
                length,
                head: Some(stored_hash(&head)?),
                is_kept: true,
            },
            None => Chain::default(),
        };
        self.taken.insert(case, chain);
        Ok(chain)
    }

    /// Adds an entry with this hash to the chain of a case.
    pub(super) fn add(&mut self, case: ApplicationId, hash: Hash) {
        let chain = self.taken.entry(case).or_default();
        chain.length += 1;
        chain.head = Some(hash);
    }

    /// Keeps what they have become.
    pub(super) fn keep(self, conn: &mut Conn) -> Result<(), Problem> {
        for (case, chain) in self.taken {
            let Some(head) = chain.head.map(|head| head.0.to_vec()) else {
                continue;
            };
            let now = (
                audit_chain::length.eq(chain.length),
                audit_chain::head.eq(head),
            );
            if chain.is_kept {
                let mine = audit_chain::table.find((self.municipality, case));
                let longer = diesel::update(mine).set(now);
                let longer = Prepared(longer.returning(audit_chain::length));
                let _: Vec<i64> = each!(conn, c => longer.load(c))?;
            } else {
                let first = (
                    audit_chain::municipality_id.eq(self.municipality),
                    audit_chain::case_id.eq(case),
                    now,
                );
                let insert = diesel::insert_into(audit_chain::table).values(first);
                each!(conn, c => insert.execute(c))?;
            }
        }
        Ok(())
    }
}
