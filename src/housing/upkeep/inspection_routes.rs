//! Inspections over HTTP.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::acts;
use super::model::{Inspection, InspectionFinding, NewInspection};
use super::store;
use crate::auth::Action::{ManageHousing, ReadHousing};
use crate::clock::Day;
use crate::db::Tx;
use crate::housing::routes::find;
use crate::housing::stock_rules;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{DwellingId, InspectionId};
use crate::problem::{NOT_FOUND, Problem};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/dwellings/{id}/inspections",
            ManageHousing,
            "Record an inspection and what it found",
            inspect,
        ),
        Endpoint::get(
            "/dwellings/{id}/inspections",
            ReadHousing,
            "The inspections of a home, the latest first",
            of_home,
        ),
        Endpoint::get("/inspections/{id}", ReadHousing, "An inspection", show),
        Endpoint::get(
            "/inspections/due",
            ReadHousing,
            "The homes whose yearly inspection is due before a day",
            due,
        ),
    ]
}

/// An inspection with what it found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct InspectionShown {
    #[serde(flatten)]
    inspection: Inspection,
    findings: Vec<InspectionFinding>,
}

fn inspect(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &NewInspection,
) -> Result<Created<InspectionShown>, Problem> {
    let home = find(tx, call)?;
    let (inspection, findings) = acts::inspect(tx, &home, asked)?;
    Ok(Created {
        location: format!("/inspections/{}", inspection.id),
        version: None,
        body: InspectionShown {
            inspection,
            findings,
        },
    })
}

fn of_home(
    tx: &mut Tx<'_>,
    call: &Call,
    paging: &Paging,
) -> Result<Page<InspectionShown>, Problem> {
    let home = find(tx, call)?;
    let limit = paging.limit()?;
    let made = store::of_home(tx, home.id, paging.after()?, limit + 1)?;
    let ids: Vec<InspectionId> = made.iter().map(|it| it.id).collect();
    let findings = store::findings_of(tx, &ids)?;
    let page = Page::of(made, limit, |it| it.id);
    Ok(page.map(|inspection| {
        let found = findings
            .iter()
            .filter(|it| it.inspection_id == inspection.id);
        InspectionShown {
            findings: found.cloned().collect(),
            inspection,
        }
    }))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<InspectionShown>, Problem> {
    let inspection = store::find_inspection(tx, call.id()?)?;
    let inspection = inspection.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    let findings = store::findings_of(tx, &[inspection.id])?;
    Ok(Shown::plain(InspectionShown {
        inspection,
        findings,
    }))
}

/// Until when.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct DueAsked {
    /// Due before this day; overdue today when not given.
    #[param(value_type = Option<Day>)]
    before: Option<Day>,
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

crate::query!(DueAsked);

/// A home whose inspection is due.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct InspectionDue {
    dwelling_id: DwellingId,
    street_address: String,
    unit_number: String,
    inspected_on: Option<Day>,
    /// When the next one is due at the latest; null where there never was one.
    next_due_on: Option<Day>,
}

fn due(tx: &mut Tx<'_>, _: &Call, asked: &DueAsked) -> Result<Page<InspectionDue>, Problem> {
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let limit = paging.limit()?;
    let before = asked.before.unwrap_or_else(|| tx.today().plus_days(1));
    let rules = stock_rules::in_force(tx)?.inspections;
    let homes = store::due_before(tx, (before, rules), paging.after()?, limit + 1)?;
    let clearances = acts::clearances(tx, &homes.iter().collect::<Vec<_>>())?;
    Ok(
        Page::of(homes, limit, |home| home.id).map(|home| InspectionDue {
            next_due_on: clearances.get(&home.id).and_then(|it| it.next_due_on),
            dwelling_id: home.id,
            street_address: home.description.street_address,
            unit_number: home.description.unit_number,
            inspected_on: home.description.inspected_on,
        }),
    )
}
