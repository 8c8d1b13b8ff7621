//! Which tenancies a caller may see.

use super::store::{self, Tenancy};
use crate::access;
use crate::auth::Role;
use crate::db::Tx;
use crate::ids::{HouseholdId, TenancyId};
use crate::problem::Problem;

/// A tenancy that the caller may see.
pub fn find(tx: &mut Tx<'_>, id: TenancyId) -> Result<Option<Tenancy>, Problem> {
    let found = store::find(tx, id)?;
    Ok(shown(tx, found.into_iter().collect())?.pop())
}

/// Those of these tenancies that the caller may see: a tenancy tells where somebody lives. Who manages the homes sees all that are
/// left then, others those of households within their sight.
pub(super) fn shown(tx: &mut Tx<'_>, mut tenancies: Vec<Tenancy>) -> Result<Vec<Tenancy>, Problem> {
    let households: Vec<HouseholdId> = tenancies.iter().map(|it| it.household_id).collect();
    let unlocatable = access::unlocatable(tx, &households)?;
    tenancies.retain(|it| !unlocatable.contains(&it.household_id));
    if !tx.caller().roles.contains(&Role::HousingManager) {
        let visible = access::visible_households(tx, &households)?;
        tenancies.retain(|it| visible.contains(&it.household_id));
    }
    Ok(tenancies)
}
