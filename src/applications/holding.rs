//! Keeping a case where it stands while something is done that depends on it.

use diesel::prelude::*;

use super::acts::look_up;
use super::store::Application;
use crate::db::schema::application;
use crate::db::{Conn, Tx};
use crate::ids::ApplicationId;
use crate::problem::Problem;

/// A case that takes no step before this transaction ends, whoever asks: what is proposed or offered in it and its leaving wait for
/// each other, so that neither overlooks the other. Whoever holds a case does so before everything else that is locked.
///
/// On `SQLite` the one writer is alone already.
pub fn hold(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Application, Problem> {
    let municipality = tx.municipality();
    if let Conn::Pg(conn) = tx.conn() {
        let row = application::table
            .filter(application::municipality_id.eq(municipality))
            .filter(application::id.eq(id))
            .select(application::id)
            .for_no_key_update();
        row.load::<ApplicationId>(conn)?;
    }
    look_up(tx, id)
}
