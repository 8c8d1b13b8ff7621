//! What is written down about an act, a refused attempt, or a look at personal data.

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::Segment;
use crate::codes;
use crate::ids::{
    ApplicationId, DecisionId, DwellingId, HouseholdId, Id, OfferId, PersonId, TenancyId, UserId,
};

codes! {
    /// Why an entry exists.
    pub enum EntryKind {
        /// Something changed.
        Change = "CHANGE",
        /// Somebody tried to, and was refused.
        Refused = "REFUSED",
        /// Somebody was shown personal data.
        Access = "ACCESS",
    }
}

codes! {
    /// What an entry concerns; the log can be asked by each of them.
    pub enum SubjectKind {
        /// A case.
        Application = "APPLICATION",
        /// A person.
        Person = "PERSON",
        /// A household.
        Household = "HOUSEHOLD",
        /// A home.
        Dwelling = "DWELLING",
        /// A decision.
        Decision = "DECISION",
        /// An offer.
        Offer = "OFFER",
        /// A tenancy.
        Tenancy = "TENANCY",
        /// A user account.
        User = "USER",
        /// A rule set, a measure or another thing of the municipality's own.
        Policy = "POLICY",
    }
}

codes! {
    /// What an auditor looks for beside kinds, actions and subjects.
    pub enum Mark {
        /// A refused attempt, whatever the reason.
        Refused = "REFUSED",
        /// A look at people's data that names no case.
        Unrelated = "UNRELATED",
        /// A decision that passes over somebody who ranks higher.
        Deviation = "DEVIATION",
        /// A decision that sets a standard aside, whichever: the order of priority, the length of a lease, what normally applies.
        Override = "OVERRIDE",
        /// A decision by which a criterion that holds normally is set aside.
        SetAside = "SET_ASIDE",
    }
}

impl Mark {
    /// The mark of an attempt that was refused with this code.
    pub(super) fn of_refusal(code: &str) -> String {
        format!("{}:{code}", Self::Refused)
    }
}

/// Something that an entry concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// Which one.
    pub id: Uuid,
}

/// Ids that the log can be asked by.
macro_rules! subjects {
    ($($id:ty => $kind:ident),+ $(,)?) => {
        $(impl From<$id> for Subject {
            fn from(id: $id) -> Self {
                Self { kind: SubjectKind::$kind, id: id.uuid() }
            }
        })+
    };
}

subjects! {
    ApplicationId => Application,
    PersonId => Person,
    HouseholdId => Household,
    DwellingId => Dwelling,
    DecisionId => Decision,
    OfferId => Offer,
    TenancyId => Tenancy,
    UserId => User,
}

impl Subject {
    /// A thing of the municipality's own policy.
    #[must_use]
    pub fn policy<K>(id: Id<K>) -> Self {
        Self {
            kind: SubjectKind::Policy,
            id: id.uuid(),
        }
    }
}

/// An entry to be written with the transaction. It carries ids, codes and digests, never a person's data.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Why it exists.
    pub kind: EntryKind,
    /// What was done, for example `decision.approved`.
    pub action: &'static str,
    /// The case whose gap-free chain it continues, if any.
    pub case: Option<ApplicationId>,
    /// All that it concerns.
    pub subjects: Vec<Subject>,
    /// What the log can be asked by beside kinds, actions and subjects.
    pub marks: Vec<Mark>,
    /// Further facts in codes and numbers.
    pub facts: Vec<(&'static str, Value)>,
    /// What it says of people: commitments in the entry, the texts sealed beside it.
    pub segments: Vec<Segment>,
}

impl Entry {
    /// A change.
    #[must_use]
    pub const fn change(action: &'static str) -> Self {
        Self {
            kind: EntryKind::Change,
            action,
            case: None,
            subjects: Vec::new(),
            marks: Vec::new(),
            facts: Vec::new(),
            segments: Vec::new(),
        }
    }

    /// A refused attempt.
    #[must_use]
    pub fn refused(action: &'static str) -> Self {
        Self {
            kind: EntryKind::Refused,
            ..Self::change(action)
        }
    }

    /// A look at personal data.
    #[must_use]
    pub fn access(action: &'static str) -> Self {
        Self {
            kind: EntryKind::Access,
            ..Self::change(action)
        }
    }

    /// Continues the chain of a case, and concerns it.
    #[must_use]
    pub fn of_case(mut self, case: ApplicationId) -> Self {
        self.case = Some(case);
        self.about(case)
    }

    /// Concerns this too.
    #[must_use]
    pub fn about(mut self, subject: impl Into<Subject>) -> Self {
        self.subjects.push(subject.into());
        self
    }

    /// Concerns all of these too.
    #[must_use]
    pub fn about_all<S: Into<Subject>>(mut self, subjects: impl IntoIterator<Item = S>) -> Self {
        self.subjects.extend(subjects.into_iter().map(Into::into));
        self
    }

    /// Bears this mark too.
    #[must_use]
    pub fn marked(mut self, mark: Mark) -> Self {
        self.marks.push(mark);
        self
    }

    /// Says this of a person, whom it concerns too.
    #[must_use]
    pub fn saying(mut self, segment: Segment) -> Self {
        let person = segment.person;
        self.segments.push(segment);
        self.about(person)
    }

    /// Adds a fact. Codes, numbers, ids and digests only.
    #[must_use]
    pub fn fact(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.facts.push((name, value.into()));
        self
    }
}
