//! Who may see a case, as pure rules over the table in `auth/policy.rs`. The only room where need to know is spoken.

use super::compartments::Openings;
use super::model::{CaseFacts, Employee, Part, Reach, Reader, Relation, Stage};
use crate::auth::{Role, SIGHTS, SightLine, WHOLE_LOG};
use crate::ids::{ApplicationId, HouseholdId};
use crate::refusals;

refusals! {
    /// Why something about access cannot be as asked.
    pub enum Refusal {
        UnitNameTaken = 409 "unit_name_taken", "Enheten finnes fra før.", "There is a unit of this name already.", at "/name";
        LastUnit = 409 "unit_is_last", "Den ansatte må høre til minst en enhet.", "An employee works in one unit at least.", at "/unitIds";
        OwnLeader = 409 "own_leader", "Ingen er sin egen leder.", "Nobody is their own leader.", at "/leaderId";
        OwnStanding = 403 "own_standing", "Du kan ikke endre din egen klarering, enhet eller leder.", "You cannot change your own clearance, units or leader.";
        CompartmentClosed = 403 "compartment_closed", "Du har ikke tilgang til denne typen særlige opplysninger i saken.", "You have no access to special facts of this kind in the case.";
        RelationEnded = 409 "relation_ended", "Tilknytningen er allerede avsluttet.", "The relation has ended already.";
    }
}

/// Whether something may be seen. What is hidden does not exist for whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// It may be seen; what may be done to it is another question.
    Visible,
    /// It is as if it did not exist.
    Hidden,
}

impl Sight {
    const fn of(is_visible: bool) -> Self {
        if is_visible {
            Self::Visible
        } else {
            Self::Hidden
        }
    }

    /// Whether it may be seen.
    #[must_use]
    pub const fn is_visible(self) -> bool {
        matches!(self, Self::Visible)
    }
}

/// Whether a reader may see a case, and with it the people in it.
#[must_use]
pub fn may_see(reader: &Reader, case: &CaseFacts) -> Sight {
    let employee = match reader {
        Reader::Service => return Sight::Visible,
        Reader::Program => return Sight::Hidden,
        Reader::Employee(employee) => employee,
    };
    // Impartiality comes before everything, an emergency too; only a leader's written word lifts it, and for that case alone.
    let is_excepted = case.id.is_some_and(|id| employee.excepted.contains(&id));
    let is_barred = |household| employee.barred_households.contains(&household);
    if case.household.is_some_and(is_barred) && !is_excepted {
        return Sight::Hidden;
    }
    if case.id.is_some_and(|id| employee.opened.contains(&id)) {
        return Sight::Visible;
    }
    Sight::of(sights(employee, case).next().is_some())
}

/// Into which compartments of a case a reader may look: into none of a case that is hidden.
#[must_use]
pub(super) fn openings(reader: &Reader, case: &CaseFacts) -> Openings {
    let employee = match reader {
        Reader::Service => return Openings::all(),
        Reader::Employee(employee) if may_see(reader, case).is_visible() => employee,
        Reader::Program | Reader::Employee(_) => return Openings::default(),
    };
    // Whoever opens a case in an emergency has said why, and is reviewed.
    if case.id.is_some_and(|id| employee.opened.contains(&id)) {
        return Openings::all();
    }
    let opened = sights(employee, case).flat_map(|(.., compartments)| compartments.iter());
    opened.copied().collect()
}

/// Whether a reader is told all that the log holds: whoever controls it, and programs, which are let at it for nothing else.
#[must_use]
pub(super) fn reads_whole_log(reader: &Reader) -> bool {
    match reader {
        Reader::Service | Reader::Program => true,
        Reader::Employee(it) => WHOLE_LOG.iter().any(|role| it.roles.contains(role)),
    }
}

/// The lines of the table by which an employee sees a case.
fn sights<'e>(
    employee: &'e Employee,
    case: &'e CaseFacts,
) -> impl Iterator<Item = &'static SightLine> + 'e {
    SIGHTS.iter().filter(move |(role, relation, stages, _)| {
        employee.roles.contains(role)
            && stages.contains(&case.stage)
            && is_related(employee, case, *relation)
    })
}

fn is_related(employee: &Employee, case: &CaseFacts, relation: Relation) -> bool {
    match relation {
        Relation::Assigned => case.assigned_to == Some(employee.user),
        Relation::Unclaimed => {
            case.assigned_to.is_none() && is_related(employee, case, Relation::Unit)
        }
        Relation::Unit => case.unit.is_some_and(|it| employee.units.contains(&it)),
        Relation::Client => case.is_clients,
        Relation::Proposed => case.is_proposed,
        Relation::Municipality => true,
    }
}

/// Which cases a reader may see, as parts that a database finds by its indexes. Says the same as [`may_see`].
#[must_use]
pub(super) fn reach(reader: &Reader, clients: &[HouseholdId], proposed: &[ApplicationId]) -> Reach {
    let unbarred = |parts| Reach {
        parts,
        barred: Vec::new(),
        excepted: Vec::new(),
    };
    let employee = match reader {
        Reader::Service => return unbarred(vec![Part::All]),
        Reader::Program => return unbarred(Vec::new()),
        Reader::Employee(employee) => employee,
    };
    let mut parts = Vec::new();
    for (role, relation, stages, _) in SIGHTS {
        let mut stages = stages.to_vec();
        stages.retain(|stage| *stage != Stage::Intake);
        if !employee.roles.contains(role) || stages.is_empty() {
            continue;
        }
        let theirs = match relation {
            Relation::Assigned => vec![Part::AssignedTo(employee.user)],
            // What nobody has taken is among what the unit handles.
            Relation::Unclaimed | Relation::Unit => {
                employee.units.iter().copied().map(Part::OfUnit).collect()
            }
            Relation::Client => vec![Part::OfHouseholds(clients.to_vec())],
            Relation::Proposed => vec![Part::Cases(proposed.to_vec())],
            Relation::Municipality => vec![Part::InStages(stages)],
        };
        for part in theirs {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
    }
    if !employee.opened.is_empty() {
        parts.push(Part::Cases(employee.opened.iter().copied().collect()));
    }
    Reach {
        parts,
        barred: employee.barred_households.iter().copied().collect(),
        excepted: employee.excepted.iter().copied().collect(),
    }
}

/// Whether NAV's clients matter for what somebody with these roles may see.
#[must_use]
pub(super) fn has_clients(roles: &[Role]) -> bool {
    SIGHTS
        .iter()
        .any(|(role, relation, ..)| *relation == Relation::Client && roles.contains(role))
}

/// Whether it matters for what an employee may see in which cases a decision is proposed, and how far those have come.
#[must_use]
pub(super) fn stages_of_proposed(roles: &[Role]) -> Option<&'static [Stage]> {
    let theirs = SIGHTS
        .iter()
        .find(|(role, relation, ..)| *relation == Relation::Proposed && roles.contains(role));
    theirs.map(|(_, _, stages, _)| *stages)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::access::Compartment;
    use crate::ids::Id;

    fn employee(roles: &[Role]) -> Employee {
        Employee {
            user: Id::new(),
            roles: roles.to_vec(),
            units: BTreeSet::from([Id::new()]),
            clearance: None,
            barred_people: BTreeSet::new(),
            barred_households: BTreeSet::new(),
            excepted: BTreeSet::new(),
            opened: BTreeSet::new(),
        }
    }

    fn case(stage: Stage) -> CaseFacts {
        CaseFacts {
            id: Some(Id::new()),
            household: Some(Id::new()),
            assigned_to: None,
            unit: Some(Id::new()),
            stage,
            is_clients: false,
            is_proposed: false,
        }
    }

    fn sees(employee: &Employee, case: &CaseFacts) -> bool {
        may_see(&Reader::Employee(employee.clone()), case).is_visible()
    }

    #[test]
    fn a_caseworker_sees_own_cases_and_those_of_the_unit() {
        let kari = employee(&[Role::Caseworker]);
        let mut case = case(Stage::Handling);
        assert!(!sees(&kari, &case));
        case.assigned_to = Some(kari.user);
        assert!(sees(&kari, &case));
        case.assigned_to = None;
        case.unit = kari.units.first().copied();
        assert!(sees(&kari, &case));
    }

    #[test]
    fn the_team_sees_what_came_before_it_and_advisers_their_clients() {
        for role in [Role::TeamMember, Role::DecisionMaker] {
            let ola = employee(&[role]);
            assert!(!sees(&ola, &case(Stage::Handling)));
            assert!(!sees(&ola, &case(Stage::Intake)));
            let proposed = CaseFacts {
                is_proposed: true,
                ..case(Stage::Handling)
            };
            assert_eq!(sees(&ola, &proposed), role == Role::DecisionMaker);
            assert!(sees(&ola, &case(Stage::Team)));
            assert!(sees(&ola, &case(Stage::Decided)));
        }
        let adviser = employee(&[Role::NavAdvisor]);
        let mut case = case(Stage::Team);
        assert!(!sees(&adviser, &case));
        case.is_clients = true;
        assert!(sees(&adviser, &case));
    }

    #[test]
    fn a_colleague_of_the_caseworker_learns_neither_of_crime_nor_of_child_welfare() {
        use Compartment::{ChildWelfare, Crime, Economy, Health};
        let kari = employee(&[Role::Caseworker]);
        let opened = |case: &CaseFacts| {
            let openings = openings(&Reader::Employee(kari.clone()), case);
            let all = [Economy, Health, Crime, ChildWelfare];
            all.map(|it| openings.contains(Some(it)))
        };
        let mut case = case(Stage::Handling);
        assert_eq!(opened(&case), [false; 4], "hidden");
        case.unit = kari.units.first().copied();
        assert_eq!(opened(&case), [true; 4], "nobody has taken it");
        case.assigned_to = Some(Id::new());
        assert_eq!(opened(&case), [true, true, false, false]);
        case.assigned_to = Some(kari.user);
        assert_eq!(opened(&case), [true; 4]);
    }

    #[test]
    fn an_emergency_opens_everything_and_a_program_finds_nothing() {
        let mut ola = employee(&[Role::TeamMember]);
        let case = case(Stage::Handling);
        ola.opened.extend(case.id);
        let reader = Reader::Employee(ola);
        assert_eq!(openings(&reader, &case), Openings::all());
        assert_eq!(openings(&Reader::Program, &case), Openings::default());
    }

    /// Needs and circumstances are replaced whole, so whoever may do that must see all of them.
    #[test]
    fn whoever_replaces_needs_and_circumstances_sees_them_whole() {
        let caseworkers = SIGHTS.iter().filter(|(role, ..)| *role == Role::Caseworker);
        for (_, relation, _, compartments) in caseworkers {
            for needed in [Compartment::Economy, Compartment::Health] {
                assert!(compartments.contains(&needed), "{relation} {needed}");
            }
        }
    }

    #[test]
    fn whoever_has_no_part_in_cases_sees_none() {
        let none = [
            Role::HousingManager,
            Role::Statistician,
            Role::Auditor,
            Role::PrivacyOfficer,
            Role::Admin,
        ];
        for stage in Stage::ALL {
            assert!(!sees(&employee(&none), &case(*stage)));
        }
    }

    #[test]
    fn closeness_hides_everything_but_what_a_leader_excepts() {
        let mut kari = employee(&[Role::Caseworker]);
        let mut mine = case(Stage::Handling);
        mine.assigned_to = Some(kari.user);
        kari.barred_households.extend(mine.household);
        assert!(!sees(&kari, &mine));
        kari.opened.extend(mine.id);
        assert!(!sees(&kari, &mine), "an emergency does not make impartial");
        kari.excepted.extend(mine.id);
        assert!(sees(&kari, &mine));
        mine.id = Some(ApplicationId::new());
        assert!(!sees(&kari, &mine), "another case of the same household");
    }

    #[test]
    fn the_reach_says_what_the_rule_says() {
        for role in Role::ALL {
            let employee = employee(&[*role]);
            for stage in [Stage::Handling, Stage::Team, Stage::Decided] {
                for (is_assigned, is_units, is_proposed) in [
                    (false, false, false),
                    (false, true, false),
                    (true, false, false),
                    (true, true, true),
                    (false, false, true),
                ] {
                    let mut case = case(stage);
                    case.is_proposed = is_proposed;
                    let is_listed = is_proposed && stage == Stage::Handling;
                    let proposed: Vec<ApplicationId> =
                        case.id.filter(|_| is_listed).into_iter().collect();
                    let reach = reach(&Reader::Employee(employee.clone()), &[], &proposed);
                    case.assigned_to = is_assigned.then_some(employee.user);
                    if is_units {
                        case.unit = employee.units.first().copied();
                    }
                    let is_reached = reach.parts.iter().any(|part| match part {
                        Part::All => true,
                        Part::AssignedTo(user) => case.assigned_to == Some(*user),
                        Part::OfUnit(unit) => case.unit == Some(*unit),
                        Part::InStages(stages) => stages.contains(&case.stage),
                        Part::Cases(cases) => case.id.is_some_and(|id| cases.contains(&id)),
                        Part::OfHouseholds(_) => false,
                    });
                    assert_eq!(is_reached, sees(&employee, &case), "{role} {case:?}");
                }
            }
        }
    }
}
