//! What happens to the stock: homes are registered, described anew and moved through their lives.

use super::change::Happening;
use super::dwelling::{Description, Dwelling, NewDwelling};
use super::lifecycle::Move;
use super::model::{DisposalReason, DwellingState, KeepReason};
use super::rules::{self, Refusal};
use super::store;
use super::{letting, measures, traces};
use crate::audit::Entry;
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

/// Moves a home along today, as its life permits, if nobody else has moved it since it was read.
pub fn advance(tx: &mut Tx<'_>, home: &Dwelling, step: Move) -> Result<Dwelling, Problem> {
    let today = tx.today();
    advance_on(tx, home, step, today)
}

/// The same since a day of the tenancy: a household moves in when its lease begins, and the home stands empty from when it was
/// handed back. Never before the home's last move.
pub fn advance_on(
    tx: &mut Tx<'_>,
    home: &Dwelling,
    step: Move,
    on: Day,
) -> Result<Dwelling, Problem> {
    let happening = Happening {
        step,
        on: on.max(home.state_since),
        reason: None,
    };
    let demolition_from = home.description.demolition_from;
    move_on(tx, home, happening, demolition_from)
}

/// Moves a home along by hand: since a day that is neither ahead of today nor before its last move, and perhaps for a reason.
pub(super) fn advance_by_hand(
    tx: &mut Tx<'_>,
    home: &Dwelling,
    step: Move,
    on: Option<Day>,
    reason: Option<&'static str>,
) -> Result<Dwelling, Problem> {
    let on = on.unwrap_or_else(|| tx.today().max(home.state_since));
    if home.state.after(step).is_some() {
        rules::may_happen_on(on, home.state_since, tx.today()).map_err(Problem::invalid)?;
    }
    let demolition_from = home.description.demolition_from;
    move_on(tx, home, Happening { step, on, reason }, demolition_from)
}

/// Plans that a home will be demolished, and keeps it from being let.
pub fn plan_demolition(tx: &mut Tx<'_>, home: &Dwelling, from: Day) -> Result<Dwelling, Problem> {
    rules::may_demolish_from(from, tx.today()).map_err(Problem::invalid)?;
    let happening = Happening {
        step: Move::PlanDemolition,
        on: tx.today().max(home.state_since),
        reason: None,
    };
    move_on(tx, home, happening, Some(from))
}

/// Gives a planned demolition up.
pub fn cancel_demolition(tx: &mut Tx<'_>, home: &Dwelling) -> Result<Dwelling, Problem> {
    let happening = Happening {
        step: Move::CancelDemolition,
        on: tx.today().max(home.state_since),
        reason: None,
    };
    move_on(tx, home, happening, None)
}

/// Says from when a home will be gone, or that it stays: an empty one is kept from being let until then. One that is blocked stays
/// blocked, so that it is told from no home that is only said to be (see [`Veil`](super::Veil)).
pub fn plan_end(tx: &mut Tx<'_>, home: &Dwelling, from: Option<Day>) -> Result<Dwelling, Problem> {
    let is_blocked = home.state == DwellingState::Blocked;
    let is_planned = home.state == DwellingState::DemolitionPlanned;
    match from {
        Some(from) if home.state.after(Move::PlanDemolition).is_some() && !is_blocked => {
            plan_demolition(tx, home, from)
        }
        None if is_planned => cancel_demolition(tx, home),
        _ if home.description.demolition_from == from => Ok(home.clone()),
        _ => {
            let home = Dwelling {
                version: home.version + 1,
                description: Description {
                    demolition_from: from,
                    ..home.description.clone()
                },
                ..home.clone()
            };
            must_be_current(store::describe(tx, &home)?)?;
            tx.record(Entry::change("dwelling.described").about(home.id));
            Ok(home)
        }
    }
}

/// Keeps a home for the municipality's own use, or for a showing: nobody is given it meanwhile.
pub(super) fn hold(
    tx: &mut Tx<'_>,
    home: &Dwelling,
    reason: KeepReason,
) -> Result<Dwelling, Problem> {
    advance_by_hand(tx, home, Move::Reserve, None, Some(reason.code()))
}

/// Gives a home free that was kept so; what is kept for a case is given free by the case alone.
pub(super) fn give_free(tx: &mut Tx<'_>, home: &Dwelling) -> Result<Dwelling, Problem> {
    let latest = traces::last_move(tx, home.id)?;
    let is_of_case = latest.is_some_and(|it| it.step == Some(Move::Reserve) && it.reason.is_none());
    if home.state == DwellingState::Allocated || is_of_case {
        return Err(Refusal::HeldByCase.into());
    }
    advance_by_hand(tx, home, Move::Release, None, None)
}

/// Takes a home out of the stock.
pub fn dispose(
    tx: &mut Tx<'_>,
    home: &Dwelling,
    reason: DisposalReason,
    on: Option<Day>,
) -> Result<Dwelling, Problem> {
    if home.state.is_in_use() {
        return Err(Problem::from(Refusal::InUse).fact("state", home.state.code()));
    }
    rules::may_dispose(home.state, reason)?;
    advance_by_hand(tx, home, Move::Dispose, on, Some(reason.code()))
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
    by: Happening,
    demolition_from: Option<Day>,
) -> Result<Dwelling, Problem> {
    let from = home.state;
    let Some(state) = from.after(by.step) else {
        return Err(Problem::from(Refusal::ForbiddenMove).fact("state", from.code()));
    };
    letting::may_move(tx, home, by.step)?;
    let home = Dwelling {
        version: home.version + 1,
        state,
        state_since: by.on,
        description: Description {
            demolition_from,
            ..home.description.clone()
        },
        ..home.clone()
    };
    must_be_current(store::advance(tx, &home, &by)?)?;
    // After the home is written: whoever puts it under an agreement at the same time waits for it.
    letting::keep_count(tx, home.id, from.is_in_use(), state.is_in_use())?;
    let mut entry = Entry::change(by.step.action());
    if let Some(reason) = by.reason {
        entry = entry.fact("reason", reason);
    }
    if let (Move::PlanDemolition, Some(from)) = (by.step, demolition_from) {
        entry = entry.fact("from", from.0.to_string());
    }
    if by.on != tx.today() {
        entry = entry.fact("on", by.on.0.to_string());
    }
    tx.record(
        entry
            .about(home.id)
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

/// The description as it is kept; what is wrong with it is added to the faults found so far.
fn settle(
    tx: &mut Tx<'_>,
    said: &Description,
    before: Option<&Description>,
    mut faults: Vec<FieldFault>,
) -> Result<Description, Problem> {
    if let Some(measure) = said.measure_id
        && !measures::has_measure(tx, measure)?
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
