//! Compares what a home was registered as with what the cadastre ("Matrikkelen") knows, and reports where they differ: which of the two is
//! right is for whoever manages the stock to find out. Of the home nothing is changed but the day on which the two agreed.
//!
//! Registering and taking a file in ask nobody, so that they go on while the cadastre is down; what was never compared is found by
//! `GET /dwellings?cadastreUnchecked=true`.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::details::Details;
use super::dwelling::{Description, Dwelling};
use super::store;
use crate::audit::Entry;
use crate::auth::Caller;
use crate::cadastral::CadastralId;
use crate::clock::Instant;
use crate::codes;
use crate::db::Tx;
use crate::http::{Call, Kernel, Nothing, Shown};
use crate::ids::DwellingId;
use crate::problem::{NOT_FOUND, Problem};
use crate::registers::{RegisterFault, Unit};

codes! {
    /// What the cadastre says of a home as it is registered here.
    pub enum CadastreResult {
        /// The same.
        Agrees = "AGREES",
        /// Something else; the differences are listed.
        Differs = "DIFFERS",
        /// The property has no such unit ("bruksenhet").
        NoSuchUnit = "NO_SUCH_UNIT",
        /// There is no such property.
        NoSuchProperty = "NO_SUCH_PROPERTY",
    }
}

/// Something that the cadastre knows otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CadastreDifference)]
pub(super) struct Difference {
    /// The field, as the home names it.
    field: &'static str,
    /// What is registered here.
    registered: String,
    /// What stands in the cadastre.
    cadastre: String,
}

/// What came of comparing.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CadastreChecked {
    dwelling_id: DwellingId,
    checked_at: Instant,
    result: CadastreResult,
    differences: Vec<Difference>,
}

/// Asks the cadastre about the home of the call. When it does not answer, the answer says to go on by hand.
pub(super) async fn check(
    kernel: Arc<Kernel>,
    caller: Arc<Caller>,
    call: Arc<Call>,
    _: Nothing,
) -> Result<Shown<CadastreChecked>, Problem> {
    let id: DwellingId = call.id()?;
    let find = move |tx: &mut Tx<'_>| {
        store::find_dwelling(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))
    };
    let home: Dwelling = kernel.db.read(&caller, find).await?;
    let property: CadastralId = home
        .description
        .cadastral_id
        .parse()
        .map_err(|_| Problem::internal("a kept cadastral id cannot be read"))?;
    let cadastre = kernel.registers.cadastre()?;
    let units = match cadastre.units(&property, &caller.correlation).await {
        Err(RegisterFault::Unknown) => None,
        units => Some(units?),
    };
    let (result, differences) = compared(&home.description, units.as_deref());
    let fields: Vec<&str> = differences.iter().map(|it| it.field).collect();
    let note = move |tx: &mut Tx<'_>| {
        keep_day(tx, &home, result)?;
        let entry = Entry::change("dwelling.cadastre_checked").about(id);
        tx.record(
            entry
                .fact("result", result.code())
                .fact("fields", fields.clone()),
        );
        Ok(tx.now())
    };
    let checked_at = kernel.db.write(&caller, note).await?;
    Ok(Shown::plain(CadastreChecked {
        dwelling_id: id,
        checked_at,
        result,
        differences,
    }))
}

/// Keeps the day on which the two agreed, or that they do so no longer; of a home that somebody changed meanwhile nothing.
fn keep_day(tx: &mut Tx<'_>, home: &Dwelling, result: CadastreResult) -> Result<(), Problem> {
    let agreed_on = (result == CadastreResult::Agrees).then(|| tx.today());
    if home.description.details.cadastre_agreed_on == agreed_on {
        return Ok(());
    }
    let compared = Dwelling {
        version: home.version + 1,
        description: Description {
            details: Details {
                cadastre_agreed_on: agreed_on,
                ..home.description.details.clone()
            },
            ..home.description.clone()
        },
        ..home.clone()
    };
    store::describe(tx, &compared).map(drop)
}

/// Where a home and the units of its property differ; no units where there is no such property.
fn compared(home: &Description, units: Option<&[Unit]>) -> (CadastreResult, Vec<Difference>) {
    let Some(units) = units else {
        return (CadastreResult::NoSuchProperty, Vec::new());
    };
    let Some(unit) = units.iter().find(|it| it.unit_number == home.unit_number) else {
        return (CadastreResult::NoSuchUnit, Vec::new());
    };
    let texts = [
        ("streetAddress", &home.street_address, &unit.street_address),
        ("postalCode", &home.postal_code, &unit.postal_code),
        ("postalPlace", &home.postal_place, &unit.postal_place),
    ];
    let differing = texts
        .into_iter()
        .filter(|(_, ours, theirs)| folded(ours) != folded(theirs));
    let mut differences: Vec<Difference> = differing
        .map(|(field, ours, theirs)| Difference {
            field,
            registered: ours.clone(),
            cadastre: theirs.clone(),
        })
        .collect();
    // Of a unit that is let room by room each room is smaller than the whole.
    let is_whole = home.extra_reference.is_empty();
    if let Some(area) = unit.usable_area_m2.filter(|_| is_whole)
        && area != home.usable_area_m2
    {
        differences.push(Difference {
            field: "usableAreaM2",
            registered: home.usable_area_m2.to_string(),
            cadastre: area.to_string(),
        });
    }
    let result = if differences.is_empty() {
        CadastreResult::Agrees
    } else {
        CadastreResult::Differs
    };
    (result, differences)
}

/// Registers write in capitals what others do not, and one space or two.
fn folded(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}
