//! What an appeal says, sealed under the applicant's key.

use secrecy::ExposeSecret as _;

use super::model::Words;
use super::store::Appeal;
use crate::applications::{self, Application};
use crate::crypto::Context;
use crate::db::Tx;
use crate::ids::AppealId;
use crate::people;
use crate::problem::Problem;

/// Where the words stand: they open nowhere else.
fn place(tx: &Tx<'_>, appeal: AppealId) -> Context {
    Context {
        municipality: tx.municipality().uuid(),
        table: "appeal",
        column: "sealed",
        row: appeal.uuid(),
    }
}

pub(super) fn seal(
    tx: &mut Tx<'_>,
    case: &Application,
    appeal: AppealId,
    words: &Words,
) -> Result<String, Problem> {
    let text = serde_json::to_string(words);
    let text = text.map_err(|_| Problem::internal("an appeal cannot be written as JSON"))?;
    let place = place(tx, appeal);
    people::seal_text(tx, case.applicant_id, place, &text)
}

/// What was said in an appeal that was loaded before. Whoever shows it records that.
pub fn open(tx: &mut Tx<'_>, of: &Appeal) -> Result<Words, Problem> {
    let applicant = applications::applicant_of(tx, of.application_id)?;
    let place = place(tx, of.id);
    let text = people::open_text(tx, applicant, place, &of.sealed)?;
    serde_json::from_str(text.expose_secret())
        .map_err(|_| Problem::internal("the sealed words of an appeal are not JSON"))
}
