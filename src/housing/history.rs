//! What happened to homes: each change as it was made, and how long they stood empty.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::change::{Change, ChangeKind};
use super::dwelling::Description;
use super::lifecycle::Move;
use super::model::{Category, DwellingState};
use super::routes::find;
use super::telling::tell_changes;
use super::vacancy::{Trace, Vacancy};
use super::veil::Veil;
use super::{rules, traces};
use crate::auth::Action::{ReadHousing, ReadVacancies};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::{Call, Endpoint, Page, Paging, Shown, bad_cursor};
use crate::ids::DwellingId;
use crate::problem::Problem;

/// The operations on what has been.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/dwellings/{id}/history",
            ReadHousing,
            "Every change of a home, the latest first",
            history,
        ),
        Endpoint::get(
            "/dwellings/{id}/vacancy",
            ReadHousing,
            "How long a home stood empty, and what that cost",
            of_one,
        ),
        Endpoint::get(
            "/dwellings/vacancies",
            ReadHousing,
            "How long each home stood empty, and what that cost",
            of_each,
        ),
        Endpoint::get(
            "/dwellings/vacancies/totals",
            ReadVacancies,
            "How long the homes of each category stood empty, and what that cost",
            of_all,
        ),
    ]
}

/// A change of a home.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ChangeShown {
    /// The home's version since this change.
    version: i32,
    kind: ChangeKind,
    /// What moved it along.
    step: Option<Move>,
    /// Why, by its code.
    reason: Option<String>,
    /// Where it stands since.
    state: DwellingState,
    /// Since which day that holds.
    on: Day,
    /// Rent a month, in øre.
    rent_ore: i64,
    /// The description since, where it is new.
    description: Option<Description>,
    /// When it was entered.
    changed_at: Instant,
}

fn history(tx: &mut Tx<'_>, call: &Call, paging: &Paging) -> Result<Page<ChangeShown>, Problem> {
    let home = find(tx, call)?;
    let limit = paging.limit()?;
    let before = match paging.place()? {
        Some(bytes) => {
            let version = bytes.as_slice().try_into().map_err(|_| bad_cursor())?;
            i32::from_be_bytes(version)
        }
        None => i32::MAX,
    };
    let changes = traces::of_home(tx, home.id, before, limit + 1)?;
    let changes = tell_changes(tx, changes)?;
    let page = Page::placed(changes, limit, |it| it.version.to_be_bytes().to_vec());
    Ok(page.map(told))
}

fn told(change: Change) -> ChangeShown {
    ChangeShown {
        version: change.version,
        kind: change.kind,
        step: change.step,
        reason: change.reason,
        state: change.state,
        on: change.on_day,
        rent_ore: change.rent_ore,
        description: change.description.map(|it| it.0),
        changed_at: change.changed_at,
    }
}

/// A period, the day of its end not counted.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Period {
    /// The first day.
    #[param(value_type = Day)]
    from: Day,
    /// The day after the last; not ahead of tomorrow: nobody knows what will be.
    #[param(value_type = Day)]
    until: Day,
}

crate::query!(Period);

impl Period {
    fn checked(&self, tx: &Tx<'_>) -> Result<(Day, Day), Problem> {
        rules::may_look_at(self.from, self.until, tx.today()).map_err(Problem::invalid)?;
        Ok((self.from, self.until))
    }
}

fn of_one(tx: &mut Tx<'_>, call: &Call, asked: &Period) -> Result<Shown<Vacancy>, Problem> {
    let home = find(tx, call)?;
    let (from, until) = asked.checked(tx)?;
    let traces: Vec<Trace> = traces::of_homes(tx, &[home.id])?
        .into_iter()
        .map(|(_, trace)| trace)
        .collect();
    let traces = Veil::of(tx)?.over_traces(home.id, traces);
    Ok(Shown::plain(Vacancy::of(&traces, from, until)))
}

/// A home, and how long it stood empty.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct HomeVacancy {
    dwelling_id: DwellingId,
    #[serde(flatten)]
    vacancy: Vacancy,
}

/// A period, and a page.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct PeriodPage {
    /// The first day.
    #[param(value_type = Day)]
    from: Day,
    /// The day after the last; not ahead of tomorrow.
    #[param(value_type = Day)]
    until: Day,
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

crate::query!(PeriodPage);

fn of_each(tx: &mut Tx<'_>, _: &Call, asked: &PeriodPage) -> Result<Page<HomeVacancy>, Problem> {
    let period = Period {
        from: asked.from,
        until: asked.until,
    };
    let (from, until) = period.checked(tx)?;
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let limit = paging.limit()?;
    let homes = traces::ids_after(tx, paging.after()?, limit + 1)?;
    let traces = traces::of_homes(tx, &homes)?;
    let veil = Veil::of(tx)?;
    let rows = homes
        .into_iter()
        .map(|id| {
            let mine: Vec<Trace> = traces
                .iter()
                .filter(|(home, _)| *home == id)
                .map(|(_, trace)| *trace)
                .collect();
            HomeVacancy {
                dwelling_id: id,
                vacancy: Vacancy::of(&veil.over_traces(id, mine), from, until),
            }
        })
        .collect();
    Ok(Page::of(rows, limit, |row: &HomeVacancy| row.dwelling_id))
}

/// The vacancies of the whole stock.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Totals {
    /// Of all homes.
    #[serde(flatten)]
    vacancy: Vacancy,
    /// By what the homes are for today.
    items: Vec<CategoryVacancy>,
}

/// The vacancies of the homes of one category.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CategoryVacancy {
    category: Category,
    /// Homes of this category that stood empty for a day at least.
    homes: i64,
    #[serde(flatten)]
    vacancy: Vacancy,
}

fn of_all(tx: &mut Tx<'_>, _: &Call, asked: &Period) -> Result<Shown<Totals>, Problem> {
    let (from, until) = asked.checked(tx)?;
    let mut items: Vec<CategoryVacancy> = Vec::new();
    let mut whole = Vacancy::default();
    let veil = Veil::of(tx)?;
    traces::each_home(tx, &mut |id, category, traces| {
        let vacancy = Vacancy::of(&veil.over_traces(id, traces), from, until);
        if vacancy.days == 0 {
            return;
        }
        let at = items.iter().position(|it| it.category == category);
        let at = at.unwrap_or_else(|| {
            items.push(CategoryVacancy {
                category,
                homes: 0,
                vacancy: Vacancy::default(),
            });
            items.len() - 1
        });
        for part in vacancy.by_state {
            whole.add(part);
            if let Some(item) = items.get_mut(at) {
                item.vacancy.add(part);
            }
        }
        if let Some(item) = items.get_mut(at) {
            item.homes += 1;
        }
    })?;
    items.sort_by_key(|it| it.category);
    Ok(Shown::plain(Totals {
        vacancy: whole,
        items,
    }))
}
