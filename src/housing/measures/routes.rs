//! The measures of the housing plan over HTTP, and how far each has come.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Measure, NewMeasure, Supply, by_year};
use super::store;
use crate::audit::{Entry, Subject};
use crate::auth::Action::{ManageMeasures, ReadMeasures};
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown, must_be_current};
use crate::ids::MeasureId;
use crate::problem::{NOT_FOUND, Problem};

/// The operations on the plan.
pub(in crate::housing) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/plan-measures",
            ReadMeasures,
            "The measures of the housing plan, and how many of their homes are planned, begun and delivered",
            list,
        ),
        Endpoint::get(
            "/plan-measures/progress",
            ReadMeasures,
            "How many homes each measure was to bring in each year, and how many it brought",
            progress,
        ),
        Endpoint::get("/plan-measures/{id}", ReadMeasures, "A measure", show),
        Endpoint::create(
            "/plan-measures",
            ManageMeasures,
            "Take a measure into the housing plan",
            add,
        ),
        Endpoint::replace(
            "/plan-measures/{id}",
            ManageMeasures,
            "Word a measure anew, as the plan is revised",
            replace,
        ),
    ]
}

/// Takes measures into the housing plan.
pub fn insert_measures(tx: &mut Tx<'_>, plan: Vec<NewMeasure>) -> Result<Vec<Measure>, Problem> {
    let measures: Vec<Measure> = plan
        .into_iter()
        .map(|new| {
            let id = tx.new_id();
            worded(tx, id, 1, new)
        })
        .collect();
    store::insert(tx, &measures)?;
    let ids = measures.iter().map(|measure| Subject::policy(measure.id));
    tx.record(Entry::change("measure.planned").about_all(ids));
    Ok(measures)
}

fn worded(tx: &Tx<'_>, id: MeasureId, version: i32, new: NewMeasure) -> Measure {
    Measure {
        municipality_id: tx.municipality(),
        id,
        number: new.number,
        title: new.title,
        unit_count: new.unit_count,
        responsible: new.responsible,
        deadline: new.deadline,
        financing: new.financing,
        category: new.category,
        due_year: new.due_year,
        version,
    }
}

/// A measure of the housing plan, and how far it has come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Progress {
    #[serde(flatten)]
    measure: Measure,
    #[serde(flatten)]
    supply: Supply,
    /// How many of the homes that the plan counts are not registered yet; null where it counts none.
    missing: Option<i64>,
}

type Counts = [(Option<MeasureId>, crate::housing::DwellingState, i64)];

impl Progress {
    fn of(measure: Measure, counts: &Counts) -> Self {
        let mine = counts.iter().filter(|(id, ..)| *id == Some(measure.id));
        let supply = mine.fold(Supply::default(), |supply, (_, state, homes)| {
            supply.with(*state, *homes)
        });
        Self {
            missing: measure.unit_count.map(|count| supply.missing_from(count)),
            measure,
            supply,
        }
    }
}

fn list(tx: &mut Tx<'_>, _: &Call, paging: &Paging) -> Result<Page<Progress>, Problem> {
    let limit = paging.limit()?;
    let rows = store::page(tx, paging.after()?, limit + 1)?;
    let counts = store::count_by_measure(tx)?;
    let page = Page::of(rows, limit, |measure| measure.id);
    Ok(page.map(|measure| Progress::of(measure, &counts)))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Progress>, Problem> {
    let measure = load(tx, call)?;
    told(tx, measure)
}

fn told(tx: &mut Tx<'_>, measure: Measure) -> Result<Shown<Progress>, Problem> {
    let counts = store::count_by_measure(tx)?;
    let version = measure.version;
    Ok(Shown::at_version(version, Progress::of(measure, &counts)))
}

/// A measure in a year.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct YearProgress {
    measure_id: MeasureId,
    /// Its number in the plan.
    number: String,
    /// The year; null for homes of which nobody has said when.
    year: Option<i16>,
    /// Homes that were to be delivered in it.
    planned: i64,
    /// Homes that were.
    delivered: i64,
}

/// Every measure in every year.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Years {
    items: Vec<YearProgress>,
}

fn progress(tx: &mut Tx<'_>, _: &Call, _: &Nothing) -> Result<Shown<Years>, Problem> {
    let measures: BTreeMap<MeasureId, Measure> = store::page(tx, None, i64::MAX)?
        .into_iter()
        .map(|measure| (measure.id, measure))
        .collect();
    let due = measures
        .values()
        .filter_map(|it| Some((it.id, it.due_year?)))
        .collect();
    let units = store::units(tx, &due)?;
    let items = by_year(&units)
        .into_iter()
        .filter_map(|((id, year), count)| {
            Some(YearProgress {
                measure_id: id,
                number: measures.get(&id)?.number.clone(),
                year,
                planned: count.planned,
                delivered: count.delivered,
            })
        })
        .collect();
    Ok(Shown::plain(Years { items }))
}

fn add(tx: &mut Tx<'_>, _: &Call, asked: &NewMeasure) -> Result<Created<Progress>, Problem> {
    let mut measures = insert_measures(tx, vec![asked.clone()])?;
    let measure = measures
        .pop()
        .ok_or_else(|| Problem::internal("a measure is gone"))?;
    Ok(Created {
        location: format!("/plan-measures/{}", measure.id),
        version: Some(measure.version),
        body: Progress::of(measure, &[]),
    })
}

fn replace(tx: &mut Tx<'_>, call: &Call, asked: &NewMeasure) -> Result<Shown<Progress>, Problem> {
    let before = load(tx, call)?;
    call.has_seen(before.version)?;
    let measure = worded(tx, before.id, before.version + 1, asked.clone());
    must_be_current(store::replace(tx, &measure)?)?;
    tx.record(Entry::change("measure.revised").about(Subject::policy(measure.id)));
    told(tx, measure)
}

fn load(tx: &mut Tx<'_>, call: &Call) -> Result<Measure, Problem> {
    store::find(tx, call.id()?)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}
