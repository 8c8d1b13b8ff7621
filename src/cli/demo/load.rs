//! Loads a generated municipality through the same doors as everybody else's data.

use std::collections::BTreeMap;
use std::sync::Arc;

use secrecy::SecretString;

use super::issuer::AGREEMENTS;
use super::rows::{case_of, decisions_of, person, planned, registered, situation};
use crate::applications;
use crate::auth::{self, Caller, NewAgreement, Role};
use crate::clock::Day;
use crate::db::{Db, Tx};
use crate::decisions;
use crate::demo::Municipality;
use crate::demo::measures::MEASURES;
use crate::forwarding;
use crate::housing::{self, NewDwelling};
use crate::ids::{ApplicationId, DwellingId, HouseholdId, PersonId, UserId};
use crate::municipality;
use crate::organisation_number::OrganisationNumberFault;
use crate::people::{self, NewMember, NewPerson};
use crate::problem::Problem;
use crate::rulesets::{self, RuleSet};
use crate::situations::{self, NewSituation};
use crate::tenancies::{self, TakenOver};

/// Rows of one transaction, so that progress shows and memory stays bounded.
const BATCH: usize = 2_000;

/// Loads rows in batches, one transaction each, and gives the ids in their order.
pub(super) struct Loader<'d> {
    pub(super) db: &'d Db,
    pub(super) caller: Arc<Caller>,
    pub(super) town: Arc<Municipality>,
    pub(super) today: Day,
    /// Is told each stage and how much it loaded.
    pub(super) tell: &'d dyn Fn(&str, usize),
}

/// Who works in the demonstration.
pub(super) struct Staff {
    pub(super) by_role: BTreeMap<Role, UserId>,
}

impl Loader<'_> {
    /// Loads everything, and gives the homes in the order of the generator: the showcase first.
    pub(super) async fn load(
        &self,
        password_hash: String,
        code_secret: SecretString,
    ) -> Result<Vec<DwellingId>, Problem> {
        let staff = self.employ(password_hash, code_secret).await?;
        let homes = self.homes().await?;
        let people = self.people().await?;
        let households = self.households(&people).await?;
        self.situations(&households).await?;
        self.tenancies(&homes, &households).await?;
        let cases = self.cases(&households, &people, &staff).await?;
        self.decisions(&cases, &staff).await?;
        Ok(homes)
    }

    async fn employ(&self, hash: String, code_secret: SecretString) -> Result<Staff, Problem> {
        let (number, name, today) = (self.town.number, self.town.name, self.today);
        let by_role = self
            .db
            .write(&self.caller, move |tx| {
                municipality::add(tx, number, name)?;
                forwarding::found(tx, name)?;
                let rules: RuleSet = serde_json::from_str(RuleSet::EXAMPLE_JSON)
                    .map_err(|error| Problem::internal(error.to_string()))?;
                rulesets::adopt(tx, &rules, today.plus_months(-12))?;
                for (organisation, name, scopes) in AGREEMENTS {
                    let organisation = organisation.parse();
                    auth::agree(
                        tx,
                        NewAgreement {
                            organisation: organisation.map_err(
                                |fault: OrganisationNumberFault| {
                                    Problem::internal(fault.to_string())
                                },
                            )?,
                            name: name.to_owned(),
                            scopes: scopes.iter().copied().collect(),
                            valid_from: today.plus_months(-12),
                            valid_until: None,
                        },
                    )?;
                }
                Role::ALL
                    .iter()
                    .map(|role| {
                        let title = role.code();
                        let user = auth::add_user(tx, &username(*role), title, &hash, &[*role])?;
                        if role.needs_second_factor() {
                            auth::give_second_factor(tx, user, &code_secret)?;
                        }
                        Ok((*role, user))
                    })
                    .collect()
            })
            .await?;
        Ok(Staff { by_role })
    }

    async fn homes(&self) -> Result<Vec<DwellingId>, Problem> {
        let measures = self
            .db
            .write(&self.caller, |tx| {
                let plan = MEASURES.iter().map(planned).collect();
                let measures = housing::insert_measures(tx, plan)?;
                Ok(measures
                    .into_iter()
                    .map(|it| (it.number, it.id))
                    .collect::<BTreeMap<_, _>>())
            })
            .await?;
        let (town, today) = (Arc::clone(&self.town), self.today);
        self.in_batches("homes", town.dwellings.len(), move |tx, from, to| {
            let homes = town.dwellings.get(from..to).unwrap_or_default();
            let stock: Vec<NewDwelling> = homes
                .iter()
                .map(|home| registered(home, &measures, today))
                .collect();
            Ok(housing::insert_many(tx, &stock)?
                .iter()
                .map(|home| home.id)
                .collect())
        })
        .await
    }

    async fn people(&self) -> Result<Vec<PersonId>, Problem> {
        let town = Arc::clone(&self.town);
        self.in_batches("people", town.people.len(), move |tx, from, to| {
            let people = town.people.get(from..to).unwrap_or_default();
            let new: Vec<NewPerson> = people.iter().filter_map(person).collect();
            people::register_people(tx, &new)
        })
        .await
    }

    async fn households(&self, people: &[PersonId]) -> Result<Vec<HouseholdId>, Problem> {
        let (town, people) = (Arc::clone(&self.town), people.to_vec());
        self.in_batches("households", town.households.len(), move |tx, from, to| {
            let households = town.households.get(from..to).unwrap_or_default();
            let new: Vec<Vec<NewMember>> = households
                .iter()
                .map(|household| {
                    let member = |it: &crate::demo::Member| {
                        let person_id = people.get(it.person).copied()?;
                        let residence_days = i16::from(it.days_of_fourteen);
                        Some(NewMember {
                            person_id,
                            role: it.role,
                            residence_days,
                        })
                    };
                    household.members.iter().filter_map(member).collect()
                })
                .collect();
            let new: Vec<&[NewMember]> = new.iter().map(Vec::as_slice).collect();
            people::register_households(tx, &new)
        })
        .await
    }

    async fn situations(&self, households: &[HouseholdId]) -> Result<(), Problem> {
        let (town, ids) = (Arc::clone(&self.town), households.to_vec());
        let count = town.households.len();
        self.in_batches("situations", count, move |tx, from, to| {
            let households = town.households.get(from..to).unwrap_or_default();
            let ids = ids.get(from..to).unwrap_or_default();
            let new: Vec<(HouseholdId, NewSituation)> = households
                .iter()
                .zip(ids)
                .flat_map(|(household, id)| {
                    household.situations.iter().map(|it| (*id, situation(it)))
                })
                .collect();
            if new.is_empty() {
                tx.change_nothing();
                return Ok(Vec::new());
            }
            let recorded = situations::record_many(tx, &new)?;
            Ok(recorded.into_iter().map(|situation| situation.id).collect())
        })
        .await?;
        Ok(())
    }

    async fn tenancies(
        &self,
        homes: &[DwellingId],
        households: &[HouseholdId],
    ) -> Result<(), Problem> {
        let (town, today) = (Arc::clone(&self.town), self.today);
        let (homes, households) = (homes.to_vec(), households.to_vec());
        self.in_batches("tenancies", town.tenancies.len(), move |tx, from, to| {
            let tenancies = town.tenancies.get(from..to).unwrap_or_default();
            let taken: Vec<TakenOver> = tenancies
                .iter()
                .filter_map(|it| {
                    Some(TakenOver {
                        dwelling: homes.get(it.dwelling).copied()?,
                        household: households.get(it.household).copied()?,
                        starts_on: it.starts_on,
                        agreed_until: it.ends_on,
                        // A day ahead is the end of a notice: the household lives there still.
                        ended_on: it.vacated_on.filter(|day| *day <= today),
                        rent_ore: town.dwellings.get(it.dwelling)?.rent_ore,
                    })
                })
                .collect();
            tenancies::take_over(tx, &taken)?;
            Ok(vec![(); taken.len()])
        })
        .await?;
        Ok(())
    }

    async fn cases(
        &self,
        households: &[HouseholdId],
        people: &[PersonId],
        staff: &Staff,
    ) -> Result<Vec<ApplicationId>, Problem> {
        let (town, today) = (Arc::clone(&self.town), self.today);
        let (households, people) = (households.to_vec(), people.to_vec());
        let caseworker = staff.by_role.get(&Role::Caseworker).copied();
        self.in_batches("cases", town.applications.len(), move |tx, from, to| {
            let applications = town.applications.get(from..to).unwrap_or_default();
            let cases: Vec<applications::TakenOver> = applications
                .iter()
                .filter_map(|it| {
                    let household = town.households.get(it.household)?;
                    let applicant = household.members.first()?.person;
                    Some(case_of(
                        it,
                        households.get(it.household).copied()?,
                        people.get(applicant).copied()?,
                        caseworker,
                        today,
                    ))
                })
                .collect();
            applications::take_over(tx, &cases)
        })
        .await
    }

    async fn decisions(&self, cases: &[ApplicationId], staff: &Staff) -> Result<(), Problem> {
        let (town, cases) = (Arc::clone(&self.town), cases.to_vec());
        let hands = (
            staff.by_role.get(&Role::Caseworker),
            staff.by_role.get(&Role::DecisionMaker),
        );
        let (Some(proposed_by), Some(decided_by)) = (hands.0.copied(), hands.1.copied()) else {
            return Err(Problem::internal("nobody to decide"));
        };
        let count = town.applications.len();
        self.in_batches("decisions", count, move |tx, from, to| {
            let applications = town.applications.get(from..to).unwrap_or_default();
            let ids = cases.get(from..to).unwrap_or_default();
            let taken: Vec<decisions::TakenOver> = applications
                .iter()
                .zip(ids)
                .filter_map(|(application, id)| Some((id, application.decision?)))
                .flat_map(|(id, decision)| decisions_of(*id, decision, (proposed_by, decided_by)))
                .collect();
            if taken.is_empty() {
                tx.change_nothing();
            }
            decisions::take_over(tx, &taken)?;
            Ok(vec![(); taken.len()])
        })
        .await?;
        Ok(())
    }

    async fn in_batches<T: Send + 'static>(
        &self,
        stage: &str,
        count: usize,
        work: impl Fn(&mut Tx<'_>, usize, usize) -> Result<Vec<T>, Problem> + Send + Sync + 'static,
    ) -> Result<Vec<T>, Problem> {
        let work = Arc::new(work);
        let mut loaded = Vec::new();
        for from in (0..count).step_by(BATCH) {
            let to = count.min(from + BATCH);
            let work = Arc::clone(&work);
            loaded.extend(
                self.db
                    .write(&self.caller, move |tx| work(tx, from, to))
                    .await?,
            );
            (self.tell)(stage, loaded.len());
        }
        Ok(loaded)
    }
}

/// What the employee with this role signs in with.
pub(super) fn username(role: Role) -> String {
    role.code().to_ascii_lowercase().replace('_', "-")
}
