//! The nouns of need to know: how far a case has come, how an employee is related to it, and why somebody may not touch it.

use std::collections::BTreeSet;

use super::protection::{Clearance, Locating};
use crate::auth::Role;
use crate::codes;
use crate::ids::{ApplicationId, HouseholdId, PersonId, UnitId, UserId};

codes! {
    /// How far a case has come, as far as that decides who needs to know of it.
    pub enum Stage {
        /// People of whom there is no case yet.
        Intake = "INTAKE",
        /// Being handled, or closed without a decision.
        Handling = "HANDLING",
        /// Before the allocation team.
        Team = "TEAM",
        /// Decided.
        Decided = "DECIDED",
    }
}

/// The stages of a case by the code of its state.
const STAGES: &[(&str, Stage)] = &[
    ("SUBMITTED", Stage::Handling),
    ("ASSIGNED", Stage::Handling),
    ("INCOMPLETE", Stage::Handling),
    ("IN_ASSESSMENT", Stage::Handling),
    ("TEAM_REVIEW", Stage::Team),
    ("WAITING", Stage::Decided),
    ("OFFERED", Stage::Decided),
    ("HOUSED", Stage::Decided),
    ("REFUSED", Stage::Decided),
    ("CONCLUDED", Stage::Decided),
    ("DISMISSED", Stage::Decided),
    ("LAPSED", Stage::Decided),
    ("MERGED", Stage::Handling),
    ("WITHDRAWN", Stage::Handling),
    ("FORWARDED", Stage::Handling),
];

impl Stage {
    /// The stage of a case in the state with this code, if somebody said which it is.
    #[must_use]
    pub fn find(code: &str) -> Option<Self> {
        let known = STAGES.iter().find(|(state, _)| *state == code);
        known.map(|(_, stage)| *stage)
    }

    /// The codes of the states in which a case has come so far.
    pub(super) fn states(self) -> impl Iterator<Item = &'static str> {
        let of_it = move |(_, stage): &&(&'static str, Self)| *stage == self;
        STAGES.iter().filter(of_it).map(|(state, _)| *state)
    }

    /// The stage of a case in the state with this code. Of one that nobody classified only those know who handle the case.
    #[must_use]
    pub fn of_state(code: &str) -> Self {
        Self::find(code).unwrap_or(Self::Handling)
    }
}

codes! {
    /// How an employee is related to a case, so that it may be seen.
    pub enum Relation {
        /// It is given to the employee ("saksbehandler i saken").
        Assigned = "ASSIGNED",
        /// A unit of the employee's handles it, and it is given to nobody yet.
        Unclaimed = "UNCLAIMED",
        /// A unit of the employee's handles it.
        Unit = "UNIT",
        /// It is about a client of the employee's at NAV ("egen bruker").
        Client = "CLIENT",
        /// A decision in it waits for somebody to make it, or was made ("til avgjørelse").
        Proposed = "PROPOSED",
        /// It is of the same municipality; nothing more is asked.
        Municipality = "MUNICIPALITY",
    }
}

codes! {
    /// Why an employee is too close to somebody (forvaltningsloven § 6).
    pub enum Closeness {
        /// Married, engaged or living together (first paragraph, c).
        Partner = "PARTNER",
        /// Related in direct line: parents, children (first paragraph, b).
        Line = "LINE",
        /// Related in a side line as close as siblings (first paragraph, b).
        SideLine = "SIDE_LINE",
        /// Foster parent or foster child (first paragraph, c).
        Foster = "FOSTER",
        /// Guardian or representative, now or since the case began (first paragraph, d).
        Guardian = "GUARDIAN",
        /// Leads or sits on the board of what is party to the case (first paragraph, e).
        ManagesParty = "MANAGES_PARTY",
        /// Close friendship, or enmity (second paragraph).
        CloseFriend = "CLOSE_FRIEND",
        /// Other particular circumstances that weaken the trust in impartiality (second paragraph).
        Other = "OTHER",
    }
}

/// Whoever reads: the service itself, or an employee of whom is known what decides what may be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    /// The service: loaders, schedulers, letters.
    Service,
    /// A program of another organisation: of people it sees nothing here, whatever its scopes let it ask of homes or the log.
    Program,
    /// An employee.
    Employee(Employee),
}

/// What of an employee decides what may be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employee {
    /// The account.
    pub user: UserId,
    /// The roles held now.
    pub roles: Vec<Role>,
    /// The units that the employee works in.
    pub units: BTreeSet<UnitId>,
    /// Up to which grade people may be located.
    pub clearance: Option<Clearance>,
    /// The people to whom the employee is too close, or whose own case it is.
    pub barred_people: BTreeSet<PersonId>,
    /// The households in which one of them lives.
    pub barred_households: BTreeSet<HouseholdId>,
    /// The cases that a leader has given the employee in spite of it.
    pub excepted: BTreeSet<ApplicationId>,
    /// The cases that the employee has opened in an emergency, and may still see.
    pub opened: BTreeSet<ApplicationId>,
}

impl Reader {
    /// What may be told of where people are.
    #[must_use]
    pub const fn locating(&self) -> Locating {
        match self {
            Self::Service => Locating::Everybody,
            Self::Program => Locating::UpTo(None),
            Self::Employee(employee) => Locating::UpTo(employee.clearance),
        }
    }
}

/// What of a case decides who may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFacts {
    /// The case; none for people of whom there is none yet.
    pub id: Option<ApplicationId>,
    /// Whose.
    pub household: Option<HouseholdId>,
    /// The caseworker.
    pub assigned_to: Option<UserId>,
    /// Which unit handles it.
    pub unit: Option<UnitId>,
    /// How far it has come.
    pub stage: Stage,
    /// Whether it is about a client of the reader's at NAV.
    pub is_clients: bool,
    /// Whether a decision in it is proposed or made.
    pub is_proposed: bool,
}

/// A part of the cases that somebody may see, such that each is found by an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Every case.
    All,
    /// Those given to this caseworker.
    AssignedTo(UserId),
    /// Those that this unit handles.
    OfUnit(UnitId),
    /// Those that have come so far.
    InStages(Vec<Stage>),
    /// Those of these households.
    OfHouseholds(Vec<HouseholdId>),
    /// These.
    Cases(Vec<ApplicationId>),
}

/// Which cases somebody may see: all that are in one of the parts, but none of a barred household unless it is excepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The parts. They may overlap.
    pub parts: Vec<Part>,
    /// The households whose cases are left out.
    pub barred: Vec<HouseholdId>,
    /// The cases that are not left out for it.
    pub excepted: Vec<ApplicationId>,
}
