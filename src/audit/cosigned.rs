//! The table of cosignatures: what witnesses said of the log's checkpoints, and when.

use diesel::prelude::*;

use super::cosignature::WitnessKey;
use super::note::Note;
use super::tree::SealedHead;
use crate::clock::Instant;
use crate::db::Conn;
use crate::db::schema::audit_cosignature;
use crate::each;
use crate::ids::MunicipalityId;
use crate::problem::Problem;

/// A witness's cosignature of a checkpoint that the log published.
#[derive(Debug, Clone)]
pub struct Cosignature {
    pub(super) size: u64,
    pub(super) witness: String,
    pub(super) cosigned_at: Instant,
    pub(super) line: String,
}

impl Cosignature {
    /// The cosignature that stands in a note of this size, if this witness made one that holds.
    pub(super) fn find(note: &Note, size: u64, witness: &WitnessKey) -> Option<Self> {
        let (cosigned_at, line) = witness.find_line(note)?;
        Some(Self {
            size,
            witness: witness.short(),
            cosigned_at,
            line,
        })
    }
}

/// Keeps a cosignature; one that is kept already is left as it is.
pub fn keep_cosignature(
    conn: &mut Conn,
    now: Instant,
    municipality: MunicipalityId,
    given: &Cosignature,
) -> Result<(), Problem> {
    use audit_cosignature::dsl;
    let size = given.size.cast_signed();
    let key = (municipality, size, &given.witness, given.cosigned_at);
    let there: i64 = dsl::audit_cosignature.find(key).count().get_result(conn)?;
    if there > 0 {
        return Ok(());
    }
    let row = (
        dsl::municipality_id.eq(municipality),
        dsl::size.eq(size),
        dsl::witness.eq(&given.witness),
        dsl::cosigned_at.eq(given.cosigned_at),
        dsl::line.eq(&given.line),
        dsl::kept_at.eq(now),
    );
    each!(conn, c => diesel::insert_into(dsl::audit_cosignature).values(row).execute(c))?;
    Ok(())
}

/// The largest size that the witness cosigned, and when it was kept last.
pub(super) fn find_last_of(
    conn: &mut Conn,
    municipality: MunicipalityId,
    witness: &WitnessKey,
) -> Result<Option<(u64, Instant)>, Problem> {
    use audit_cosignature::dsl;
    let last: Option<(i64, Instant)> = dsl::audit_cosignature
        .filter(dsl::municipality_id.eq(municipality))
        .filter(dsl::witness.eq(witness.short()))
        .order((dsl::size.desc(), dsl::kept_at.desc()))
        .select((dsl::size, dsl::kept_at))
        .first(conn)
        .optional()?;
    Ok(last.map(|(size, kept_at)| (size.cast_unsigned(), kept_at)))
}

/// The size of the last checkpoint that any witness cosigned.
pub(super) fn find_last_size(
    conn: &mut Conn,
    municipality: MunicipalityId,
) -> Result<Option<u64>, Problem> {
    use audit_cosignature::dsl;
    let last: Option<i64> = dsl::audit_cosignature
        .filter(dsl::municipality_id.eq(municipality))
        .order(dsl::size.desc())
        .select(dsl::size)
        .first(conn)
        .optional()?;
    Ok(last.map(i64::cast_unsigned))
}

/// A published checkpoint with the last cosignature of each witness under it.
pub(super) fn note_of(
    conn: &mut Conn,
    municipality: MunicipalityId,
    sealed: &SealedHead,
) -> Result<Note, Problem> {
    use audit_cosignature::dsl;
    let lines: Vec<(String, String)> = dsl::audit_cosignature
        .filter(dsl::municipality_id.eq(municipality))
        .filter(dsl::size.eq(sealed.head.size.cast_signed()))
        .order((dsl::witness, dsl::cosigned_at.desc()))
        .select((dsl::witness, dsl::line))
        .load(conn)?;
    let mut note = Note::parse(&sealed.note).map_err(kept_badly)?;
    let mut last = None;
    for (witness, line) in lines {
        if last.as_ref() != Some(&witness) {
            note.add(&line).map_err(kept_badly)?;
            last = Some(witness);
        }
    }
    Ok(note)
}

fn kept_badly(fault: impl std::fmt::Display) -> Problem {
    Problem::internal(fault.to_string())
}
