//! What happens to the stock: homes are registered, described anew and moved through their lives.

use super::dwelling::{Description, Dwelling, NewDwelling};
use super::lifecycle::Move;
use super::measure::{Measure, NewMeasure};
use super::model::{DisposalReason, DwellingState};
use super::rules::{self, Refusal};
use super::store;
use crate::audit::{Entry, Subject};
use crate::clock::Day;
use crate::db::Tx;
use crate::http::must_be_current;
use crate::problem::{FieldFault, Problem};

/// Takes a home into the stock, in one of the states in which its life can begin.
pub fn register(tx: &mut Tx<'_>, new: &NewDwelling) -> Result<Dwelling, Problem> {
    let faults = rules::may_begin_in(new.state).err().unwrap_or_default();
    let description = settle(tx, &new.description, None, faults)?;
    let home = registered(tx, new, description);
    store::insert(tx, std::slice::from_ref(&home))?;
    tx.record(
        Entry::change("dwelling.registered")
            .about(home.id)
            .fact("state", home.state.code())
            .fact("category", home.description.category.code()),
    );
    Ok(home)
}

/// Takes a whole stock in at once, each home in whatever state it stands in. Faults are named by the home's place in the list.
///
/// The measures that the homes name must be in the plan.
pub fn insert_many(tx: &mut Tx<'_>, stock: &[NewDwelling]) -> Result<Vec<Dwelling>, Problem> {
    let mut homes = Vec::with_capacity(stock.len());
    let mut faults = Vec::new();
    for (place, new) in stock.iter().enumerate() {
        match rules::settle(&new.description, None, tx.today()) {
            Ok(description) => homes.push(registered(tx, new, description)),
            Err(found) => faults.extend(found.into_iter().map(|fault| FieldFault {
                pointer: format!("/{place}{}", fault.pointer),
                ..fault
            })),
        }
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    store::insert(tx, &homes)?;
    tx.record(Entry::change("dwelling.stock_taken_in").fact("homes", homes.len()));
    Ok(homes)
}

/// Takes measures into the housing plan.
pub fn insert_measures(tx: &mut Tx<'_>, plan: Vec<NewMeasure>) -> Result<Vec<Measure>, Problem> {
    let measures: Vec<Measure> = plan.into_iter().map(|new| planned(tx, new)).collect();
    store::insert_measures(tx, &measures)?;
    let ids = measures.iter().map(|measure| Subject::policy(measure.id));
    tx.record(Entry::change("measure.planned").about_all(ids));
    Ok(measures)
}

/// Moves a home along, as its life permits, if nobody else has moved it since it was read.
pub fn advance(tx: &mut Tx<'_>, home: &Dwelling, step: Move) -> Result<Dwelling, Problem> {
    let demolition_from = home.description.demolition_from;
    move_on(
        tx,
        home,
        step,
        demolition_from,
        Entry::change(step.action()),
    )
}

/// Moves a home along for a reason that the log tells by its code.
pub(super) fn advance_because(
    tx: &mut Tx<'_>,
    home: &Dwelling,
    step: Move,
    reason: &'static str,
) -> Result<Dwelling, Problem> {
    let demolition_from = home.description.demolition_from;
    let entry = Entry::change(step.action()).fact("reason", reason);
    move_on(tx, home, step, demolition_from, entry)
}

/// Plans that a home will be demolished, and keeps it from being let.
pub(super) fn plan_demolition(
    tx: &mut Tx<'_>,
    home: &Dwelling,
    from: Day,
) -> Result<Dwelling, Problem> {
    rules::may_demolish_from(from, tx.today()).map_err(Problem::invalid)?;
    let entry = Entry::change(Move::PlanDemolition.action()).fact("from", from.0.to_string());
    move_on(tx, home, Move::PlanDemolition, Some(from), entry)
}

/// Gives a planned demolition up.
pub(super) fn cancel_demolition(tx: &mut Tx<'_>, home: &Dwelling) -> Result<Dwelling, Problem> {
    let step = Move::CancelDemolition;
    move_on(tx, home, step, None, Entry::change(step.action()))
}

/// Takes a home out of the stock.
pub(super) fn dispose(
    tx: &mut Tx<'_>,
    home: &Dwelling,
    reason: DisposalReason,
) -> Result<Dwelling, Problem> {
    rules::may_dispose(home.state, reason)?;
    advance_because(tx, home, Move::Dispose, reason.code())
}

/// Describes a home anew; where it stands in its life stays.
pub(super) fn describe(
    tx: &mut Tx<'_>,
    home: &Dwelling,
    said: &Description,
) -> Result<Dwelling, Problem> {
    let description = settle(tx, said, Some(&home.description), Vec::new())?;
    if home.state == DwellingState::DemolitionPlanned && description.demolition_from.is_none() {
        return Err(Refusal::StillPlanned.into());
    }
    let home = Dwelling {
        version: home.version + 1,
        description,
        ..home.clone()
    };
    must_be_current(store::describe(tx, &home)?)?;
    tx.record(Entry::change("dwelling.described").about(home.id));
    Ok(home)
}

fn move_on(
    tx: &mut Tx<'_>,
    home: &Dwelling,
    step: Move,
    demolition_from: Option<Day>,
    entry: Entry,
) -> Result<Dwelling, Problem> {
    let from = home.state;
    let Some(state) = from.after(step) else {
        return Err(Problem::from(Refusal::ForbiddenMove).fact("state", from.code()));
    };
    let home = Dwelling {
        version: home.version + 1,
        state,
        state_since: tx.today(),
        description: Description {
            demolition_from,
            ..home.description.clone()
        },
        ..home.clone()
    };
    must_be_current(store::advance(tx, &home)?)?;
    let entry = entry.about(home.id);
    tx.record(
        entry
            .fact("before", from.code())
            .fact("after", state.code()),
    );
    Ok(home)
}

fn registered(tx: &Tx<'_>, new: &NewDwelling, description: Description) -> Dwelling {
    Dwelling {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        state: new.state,
        state_since: new.state_since,
        created_at: tx.now(),
        description,
    }
}

fn planned(tx: &Tx<'_>, new: NewMeasure) -> Measure {
    Measure {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        number: new.number,
        title: new.title,
        unit_count: new.unit_count,
        responsible: new.responsible,
        deadline: new.deadline,
        financing: new.financing,
        category: new.category,
    }
}

/// The description as it is kept; what is wrong with it is added to the faults found so far.
fn settle(
    tx: &mut Tx<'_>,
    said: &Description,
    before: Option<&Description>,
    mut faults: Vec<FieldFault>,
) -> Result<Description, Problem> {
    if let Some(measure) = said.measure_id
        && !store::has_measure(tx, measure)?
    {
        faults.push(FieldFault::new(
            "/measureId",
            "not_found",
            "Tiltaket finnes ikke.",
            "The measure does not exist.",
        ));
    }
    match rules::settle(said, before, tx.today()) {
        Ok(description) if faults.is_empty() => Ok(description),
        settled => {
            faults.extend(settled.err().unwrap_or_default());
            Err(Problem::invalid(faults))
        }
    }
}
