//! Asks the tax administration what those earned whose income counts, and records it among the household's circumstances.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts;
use super::model::Circumstances;
use super::store;
use crate::applications;
use crate::audit::Entry;
use crate::auth::Caller;
use crate::codes;
use crate::db::Tx;
use crate::http::{Call, Kernel, Shown};
use crate::ids::{ApplicationId, PersonId};
use crate::national_id::NationalId;
use crate::people::{self, MemberRole};
use crate::problem::{FieldFault, Problem};
use crate::registers::{IncomeYear, RegisterFault};
use crate::situations::Source;

codes! {
    /// By what right somebody's income is asked for.
    pub enum IncomeBasis {
        /// The person has consented in writing ("samtykke").
        Consent = "CONSENT",
        /// What the municipality must know to decide (skatteforvaltningsloven § 3-3; rights package `kommuneBoligsosialeFormaal`).
        Statute = "STATUTE",
    }
}

/// Which income is asked for, and by what right.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AskIncome {
    /// The income year ("inntektsår"), one that is over.
    #[schema(minimum = 2000, maximum = 2100)]
    year: i16,
    legal_basis: IncomeBasis,
}

/// That it was recorded; the income itself is read with the circumstances.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IncomeRecorded {
    application_id: ApplicationId,
    /// The version of the circumstances.
    version: i32,
    year: i16,
    /// Whether everybody's tax was assessed finally.
    is_final: bool,
    /// How many people's income was added up.
    counted: usize,
    /// How many are not known there; their income is obtained by hand.
    not_in_register: usize,
}

/// Asks about the applicant and the co-applicant of the case of the call. When the register does not answer, nothing is recorded, and the answer
/// says to go on by hand.
pub(super) async fn check(
    kernel: Arc<Kernel>,
    caller: Arc<Caller>,
    call: Arc<Call>,
    asked: AskIncome,
) -> Result<Shown<IncomeRecorded>, Problem> {
    let case: ApplicationId = call.id()?;
    let register = kernel.registers.income()?;
    let (year, basis) = (asked.year, asked.legal_basis);
    let find = move |tx: &mut Tx<'_>| whose_income(tx, case, year, basis);
    let whose = kernel.db.read(&caller, find).await?;
    let (mut told, mut not_in_register) = (Vec::new(), 0);
    for (_, number) in &whose {
        match register.of(number, year, &caller.correlation).await {
            Ok(income) => told.push(income),
            Err(RegisterFault::Unknown) => not_in_register += 1,
            Err(fault) => return Err(fault.into()),
        }
    }
    if told.is_empty() {
        return Err(RegisterFault::Unknown.into());
    }
    let (counted, is_final) = (told.len(), told.iter().all(|it| it.is_final));
    let keep = move |tx: &mut Tx<'_>| record(tx, case, year, &told);
    let version = kernel.db.write(&caller, keep).await?;
    Ok(Shown::plain(IncomeRecorded {
        application_id: case,
        version,
        year,
        is_final,
        counted,
        not_in_register,
    }))
}

/// Those whose income counts, with the numbers by which the register knows them. That each is asked about, and by what right, is on record.
fn whose_income(
    tx: &mut Tx<'_>,
    case: ApplicationId,
    year: i16,
    basis: IncomeBasis,
) -> Result<Vec<(PersonId, NationalId)>, Problem> {
    let case = applications::load(tx, case)?;
    if year >= tx.today().0.year() {
        let (nb, en) = ("Inntektsåret er ikke over.", "The year is not over.");
        let fault = FieldFault::new("/year", "in_the_future", nb, en);
        return Err(Problem::invalid(vec![fault]));
    }
    let members = people::members_of(tx, &[case.household_id])?;
    let members = members.into_values().flatten();
    let whose = members
        .filter(|it| matches!(it.role, MemberRole::Applicant | MemberRole::CoApplicant))
        .map(|it| it.person_id);
    let mut numbers = Vec::new();
    for person in whose {
        let number = people::number_at_registers(tx, person, "INCOME")?;
        numbers.push((person, number));
        let entry = Entry::access("income.asked").about(case.id).about(person);
        tx.record(entry.fact("legalBasis", basis.code()).fact("year", year));
    }
    Ok(numbers)
}

fn record(
    tx: &mut Tx<'_>,
    case: ApplicationId,
    year: i16,
    told: &[IncomeYear],
) -> Result<i32, Problem> {
    let case = applications::load(tx, case)?;
    let before = store::find(tx, case.id)?;
    let known = match &before {
        Some(row) => acts::open_circumstances(tx, &case, row)?,
        None => Circumstances::default(),
    };
    let income = told
        .iter()
        .map(|it| it.income_ore)
        .fold(0, i64::saturating_add);
    let known = Circumstances {
        gross_income_ore: Some(income),
        income_year: Some(year),
        source: Some(Source::Register),
        ..known
    };
    acts::record(tx, &case, before.as_ref(), &known)
}
