//! What letters about decisions, offers and cases are filled with.

use super::model::{Field, Language, Values};
use super::words;
use crate::applications::{Application, ApplicationType};
use crate::auth;
use crate::calendar::Term;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::decisions::{self, AppealRight, Decision, Outcome};
use crate::housing;
use crate::municipality;
use crate::offers::Offer;
use crate::people;
use crate::problem::Problem;
use crate::rulesets;
use crate::tenancies;

/// What every letter of a case may tell.
pub fn of_case(tx: &mut Tx<'_>, case: &Application) -> Result<Values, Problem> {
    let (_, municipality) = municipality::load(tx)?;
    let applicant = people::name_of(tx, case.applicant_id)?;
    let applicant = applicant.map(|name| format!("{} {}", name.given_name, name.family_name));
    // Whoever writes can be asked; where the service writes by itself, the caseworker can.
    let handler = tx.caller().actor.user().or(case.assigned_to);
    let handler = match handler {
        Some(user) => auth::display_name(tx, user)?,
        None => None,
    };
    Ok(Values::default()
        .with(Field::Municipality, municipality)
        .with(Field::Applicant, applicant.unwrap_or_default())
        .with(Field::ReceivedOn, case.received_on.in_norwegian())
        .with(Field::Handler, handler.unwrap_or_default()))
}

/// What the notice of a decision tells. Why somebody was passed over for another is of others, and stands in no letter.
pub(super) fn of_decision(
    tx: &mut Tx<'_>,
    case: &Application,
    decision: &Decision,
    language: Language,
) -> Result<Values, Problem> {
    let content = decisions::content_of(tx, decision)?;
    let decided_on = decision.decided_at.map_or(tx.today(), Instant::day);
    let reasons = content.reasons;
    let conditions = content.conditions.iter().map(|condition| {
        let (kind, purpose) = (condition.kind, condition.purpose);
        words::condition(kind, purpose, &condition.because, language)
    });
    let values = of_case(tx, case)?
        .lying_in(&content.compartments)
        .with(
            Field::Conclusion,
            words::conclusion(decision.legal_basis, decision.outcome, language),
        )
        .with_all(Field::Conditions, conditions)
        .with_all(Field::Rules, reasons.rules)
        .with(Field::Facts, reasons.facts)
        .with(Field::Considerations, reasons.considerations)
        .with(
            Field::Children,
            reasons.childs_best_interest.unwrap_or_default(),
        );
    let values = match decision.lease_months {
        Some(months) => values.with(Field::LeaseMonths, months.to_string()),
        None => values,
    };
    let values = with_appeal(tx, values, decision, decided_on, language)?;
    if !matches!(decision.outcome, Outcome::Granted | Outcome::PartlyGranted) {
        return Ok(values);
    }
    let lived_in = match decision.lease_months {
        Some(_) if case.kind == ApplicationType::Renewal => {
            Some(tenancies::must_be_tenant(tx, case.applicant_id)?.dwelling_id)
        }
        _ => None,
    };
    let values = match lived_in {
        Some(_) => values.with(Field::Conclusion, words::runs_on(language)),
        None => values,
    };
    let home = match decision.dwelling_id.or(lived_in) {
        Some(id) => {
            let home = housing::find_dwelling(tx, id)?;
            home.map(|home| words::size_of(&home, language))
        }
        None if content.assistance.is_empty() => {
            case.needs().map(|needs| words::needed(needs, language))
        }
        None => Some(words::assistance(&content.assistance, language)),
    };
    Ok(values.with(Field::Home, home.unwrap_or_default()))
}

/// To whom a decision can be appealed, and how long: as the law says, or longer where the rules by which was decided promise it.
pub fn with_appeal(
    tx: &mut Tx<'_>,
    values: Values,
    decision: &Decision,
    decided_on: Day,
    language: Language,
) -> Result<Values, Problem> {
    let Some(right) = AppealRight::of(decision.legal_basis, decided_on) else {
        return Ok(values);
    };
    let values = values.with(Field::AppealBody, words::appeal_body(right.body, language));
    let promised = rulesets::load(tx, decision.rule_set_id)?
        .rules
        .deadlines
        .appeal_weeks;
    Ok(match right.term {
        Term::Weeks(weeks) => {
            let weeks = promised.map_or(weeks, |promised| weeks.max(promised.into()));
            values.with(Field::AppealWeeks, weeks.to_string())
        }
        Term::Days(_) | Term::Months(_) => values,
    })
}

/// What the letter with an offer tells.
pub(super) fn of_offer(
    tx: &mut Tx<'_>,
    case: &Application,
    offer: &Offer,
    language: Language,
) -> Result<Values, Problem> {
    let home = housing::find_dwelling(tx, offer.dwelling_id)?;
    let home = home.ok_or_else(|| Problem::internal("an offered home is gone"))?;
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    let viewing = offer
        .viewing_at
        .map(|at| words::viewing(at, language))
        .unwrap_or_default();
    Ok(of_case(tx, case)?
        .with(Field::Home, words::home(&home, language))
        .with(Field::Rent, words::kroner(home.description.rent_ore))
        .with(Field::LeaseMonths, offer.lease_months.to_string())
        .with(Field::AnswerDays, offer.answer_days.to_string())
        .with(Field::Viewing, viewing)
        .with(
            Field::Consequence,
            words::consequence(adopted.rules.offers.lapse_after, language),
        ))
}

/// What the letter about an offer that was taken back tells.
pub(super) fn of_withdrawn(
    tx: &mut Tx<'_>,
    case: &Application,
    offer: &Offer,
    language: Language,
) -> Result<Values, Problem> {
    let reason = offer
        .withdrawn_reason
        .map(|reason| words::withdrawn(reason, language));
    let values = of_case(tx, case)?;
    Ok(values.with(Field::Reason, reason.unwrap_or_default()))
}
