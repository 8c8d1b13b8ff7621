//! What of the log is kept from readers who may not know all of it: which home an entry is about, where a protected household ever lived
//! in it or was offered it; and facts that say something of a compartment into which the reader may not look.
//!
//! An entry is never changed: what is told of it is less, and says so; its hash stays that of the whole. What is proved offline is
//! proved from whole entries, so an export is given to nobody who may not read all of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use serde_json::value::to_raw_value;

use super::refusal::Refusal;
use super::{RecordedEntry, SubjectKind};
use crate::access::{self, Compartment, Openings};
use crate::db::Tx;
use crate::ids::{ApplicationId, DwellingId};
use crate::problem::Problem;

/// The codes of a fact that lie in compartments.
type Closed = &'static [(&'static str, Compartment)];

const EMERGENCY: Closed = &[
    ("LIFE_OR_HEALTH", Compartment::Health),
    ("CHILD_AT_RISK", Compartment::ChildWelfare),
];
const DOCUMENTS: Closed = &[
    ("INCOME", Compartment::Economy),
    ("TAX_RETURN", Compartment::Economy),
    ("HEALTH_STATEMENT", Compartment::Health),
];

/// The facts that say something of a compartment: of which entries, by which name, and which codes lie where. What else is known of
/// people in compartments does not enter the log.
pub const CLOSED_FACTS: &[(&str, &str, Closed)] = &[
    (
        "waiting.paused",
        "reason",
        &[
            ("TREATMENT", Compartment::Health),
            ("PRISON", Compartment::Crime),
        ],
    ),
    (
        "offer.declined",
        "reason",
        &[
            ("HEALTH", Compartment::Health),
            ("NOT_ACCESSIBLE", Compartment::Health),
            ("RENT", Compartment::Economy),
        ],
    ),
    ("emergency.opened", "ground", EMERGENCY),
    ("emergency.read", "ground", EMERGENCY),
    ("application.documents_requested", "documents", DOCUMENTS),
    ("application.documents_received", "documents", DOCUMENTS),
];

/// Entries as they are told to whoever reads in this transaction.
pub(super) fn withhold(
    tx: &mut Tx<'_>,
    entries: Vec<RecordedEntry>,
) -> Result<Vec<RecordedEntry>, Problem> {
    let mut withholding = Withholding::default();
    entries
        .into_iter()
        .map(|it| withholding.told(tx, it))
        .collect()
}

/// What is kept from the reader, as far as it was found out.
#[derive(Default)]
struct Withholding {
    secret: Option<BTreeSet<DwellingId>>,
    openings: BTreeMap<ApplicationId, Openings>,
}

impl Withholding {
    fn told(
        &mut self,
        tx: &mut Tx<'_>,
        mut entry: RecordedEntry,
    ) -> Result<RecordedEntry, Problem> {
        let text = entry.entry.get();
        let may_be_closed = CLOSED_FACTS
            .iter()
            .any(|(action, ..)| text.contains(action));
        let may_be_secret = text.contains(SubjectKind::Dwelling.code());
        if !may_be_closed && !may_be_secret {
            return Ok(entry);
        }
        let unreadable = || Problem::internal("an entry is not of the log's form");
        let mut body: Value = serde_json::from_str(text).map_err(|_| unreadable())?;
        let mut is_less = false;
        if may_be_closed {
            let openings = self.openings(tx, &body)?;
            is_less = take_facts(&mut body, openings);
        }
        if may_be_secret {
            let Some(subjects) = body.get_mut("subjects").and_then(Value::as_array_mut) else {
                return Err(unreadable());
            };
            let (secret, before) = (self.secret(tx)?, subjects.len());
            subjects.retain(|subject| !is_secret(subject, secret));
            is_less |= subjects.len() < before;
        }
        if is_less {
            entry.entry = to_raw_value(&body).map_err(|_| unreadable())?;
            entry.is_withheld_in_part = true;
        }
        Ok(entry)
    }

    /// The homes of which the reader may not know who lives or lived there.
    fn secret(&mut self, tx: &mut Tx<'_>) -> Result<&BTreeSet<DwellingId>, Problem> {
        match &mut self.secret {
            Some(known) => Ok(known),
            unknown => Ok(unknown.insert(access::secret_homes(tx)?)),
        }
    }

    /// Into which compartments of the case that an entry is about the reader may look. Of no case, into none.
    fn openings(&mut self, tx: &mut Tx<'_>, body: &Value) -> Result<&Openings, Problem> {
        let case = case_of(body).unwrap_or(ApplicationId::NIL);
        if let std::collections::btree_map::Entry::Vacant(vacant) = self.openings.entry(case) {
            vacant.insert(access::openings_in_log(tx, case)?);
        }
        let found = self.openings.get(&case);
        found.ok_or_else(|| Problem::internal("what was found out is gone"))
    }
}

fn case_of(body: &Value) -> Option<ApplicationId> {
    let mut subjects = body.get("subjects")?.as_array()?.iter();
    let case = subjects.find(|it| is_of_kind(it, SubjectKind::Application))?;
    case.get("id")?.as_str()?.parse().ok()
}

/// Takes out what lies in a closed compartment; tells whether anything was.
fn take_facts(body: &mut Value, openings: &Openings) -> bool {
    let action = body.get("action").and_then(Value::as_str).unwrap_or("");
    let closed = CLOSED_FACTS.iter().filter(|(of, ..)| *of == action);
    let closed: Vec<_> = closed.map(|(_, fact, codes)| (*fact, *codes)).collect();
    let Some(facts) = body.get_mut("facts").and_then(Value::as_object_mut) else {
        return false;
    };
    let mut is_less = false;
    for (fact, codes) in closed {
        let is_closed = |value: &Value| {
            let mut codes = codes.iter();
            let lies_in = codes.find(|(code, _)| value.as_str() == Some(code));
            lies_in.is_some_and(|(_, compartment)| !openings.contains(Some(*compartment)))
        };
        match facts.get_mut(fact) {
            Some(Value::Array(values)) => {
                let before = values.len();
                values.retain(|value| !is_closed(value));
                is_less |= values.len() < before;
            }
            Some(value) if is_closed(value) => {
                facts.remove(fact);
                is_less = true;
            }
            _ => {}
        }
    }
    is_less
}

fn is_of_kind(subject: &Value, kind: SubjectKind) -> bool {
    subject.get("kind").and_then(Value::as_str) == Some(kind.code())
}

fn is_secret(subject: &Value, secret: &BTreeSet<DwellingId>) -> bool {
    let id = subject.get("id").and_then(Value::as_str);
    is_of_kind(subject, SubjectKind::Dwelling)
        && id.is_some_and(|id| id.parse().is_ok_and(|id| secret.contains(&id)))
}

/// Refuses an export of a case, or of a period, to whoever may not read all of it.
pub(super) fn must_read_all(tx: &mut Tx<'_>, case: Option<ApplicationId>) -> Result<(), Problem> {
    let is_whole = match case {
        Some(case) => {
            let openings = access::openings_in_log(tx, case)?;
            openings == Openings::all() && access::is_locatable(tx, case)?
        }
        None => access::secret_homes(tx)?.is_empty(),
    };
    if is_whole {
        Ok(())
    } else {
        Err(Refusal::NotCleared.into())
    }
}
