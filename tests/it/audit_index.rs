//! Every question that the log can be asked, of a log of which some is sealed and some waits: what is found is what a look through all
//! of it finds, page by page, also while entries are sealed between two pages.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::prelude::*;
use jiff::SignedDuration;
use rettbolig::audit::{Entry, EntryKind, Filter, Mark, Subject, page_of};
use rettbolig::auth::{Actor, Caller, Role};
use rettbolig::clock::Instant;
use rettbolig::db::Tx;
use rettbolig::db::schema::{audit_entry, audit_unsealed};
use rettbolig::http::Paging;
use rettbolig::ids::{ApplicationId, DwellingId, EntryId, PersonId, UserId};
use serde_json::Value;

use crate::audit::connect;
use crate::audit_owned::entries;
use crate::support::town::{STJORDAL, Town};
use crate::support::{Bench, cases};

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.next()).unwrap() % all.len()]
    }

    fn is_once_in(&mut self, times: u64) -> bool {
        self.next().is_multiple_of(times)
    }
}

/// Whom and what entries are about here.
struct Cast {
    people: Vec<PersonId>,
    cases: Vec<ApplicationId>,
    home: DwellingId,
    users: Vec<UserId>,
}

const ACTIONS: [&str; 4] = [
    "person.read",
    "decision.proposed",
    "decision.decide",
    "offer.made",
];
const ROLES: [Role; 3] = [Role::Caseworker, Role::DecisionMaker, Role::Auditor];
const REFUSALS: [&str; 2] = ["same_hands", "stale"];
const MARKS: [Mark; 3] = [Mark::Deviation, Mark::Override, Mark::SetAside];

impl Cast {
    fn new() -> Self {
        Self {
            people: (0..5).map(|_| PersonId::new()).collect(),
            cases: (0..6).map(|_| ApplicationId::new()).collect(),
            home: DwellingId::new(),
            users: (0..3).map(|_| UserId::new()).collect(),
        }
    }

    fn entry(&self, dice: &mut Dice) -> Entry {
        let action = dice.one_of(&ACTIONS);
        let mut entry = match dice.next() % 8 {
            0 => Entry::refused(action).fact("refusal", dice.one_of(&REFUSALS)),
            1 | 2 => Entry::access(action),
            _ => Entry::change(action),
        };
        if dice.is_once_in(2) {
            entry = entry.about(dice.one_of(&self.people));
        }
        if dice.is_once_in(3) {
            entry = entry.of_case(dice.one_of(&self.cases));
        }
        if dice.is_once_in(90) {
            entry = entry.about(self.home);
        }
        if dice.is_once_in(9) {
            entry = entry.marked(dice.one_of(&MARKS));
        }
        entry
    }

    fn caller(&self, dice: &mut Dice) -> Caller {
        let system = Caller::system(STJORDAL);
        if dice.is_once_in(5) {
            return system;
        }
        Caller {
            actor: Actor::User(dice.one_of(&self.users)),
            role: Some(dice.one_of(&ROLES)),
            ..system
        }
    }

    /// Some question, from none of all that can be asked to many of them at once.
    fn question(&self, dice: &mut Dice, begun: Instant) -> Filter {
        let mut filter = Filter::default();
        if dice.is_once_in(2) {
            let person = Subject::from(dice.one_of(&self.people)).id;
            let case = Subject::from(dice.one_of(&self.cases)).id;
            filter.subjects = match dice.next() % 4 {
                0 => vec![person],
                1 => vec![case],
                2 => vec![person, case],
                _ => vec![Subject::from(self.home).id],
            };
        }
        if dice.is_once_in(4) {
            filter.marks = vec![dice.one_of(Mark::ALL)];
        }
        if dice.is_once_in(8) {
            filter.refusal = Some(dice.one_of(&REFUSALS).to_owned());
        }
        if dice.is_once_in(4) {
            filter.actor = Some(dice.one_of(&self.users));
        }
        if dice.is_once_in(4) {
            filter.action = Some(dice.one_of(&ACTIONS).to_owned());
        }
        if dice.is_once_in(4) {
            filter.role = Some(dice.one_of(&ROLES));
        }
        if dice.is_once_in(4) {
            filter.kind = Some(dice.one_of(EntryKind::ALL));
        }
        filter.without_access = dice.is_once_in(4);
        let mut moment = || {
            let minutes = i64::try_from(dice.next() % 60).unwrap() - 10;
            let is_asked = dice.is_once_in(4);
            is_asked.then(|| begun.plus(SignedDuration::from_mins(minutes)))
        };
        (filter.from, filter.until) = (moment(), moment());
        filter
    }
}

/// Entries of many transactions some minutes apart, most of them sealed a few at a time. Once the clock was set back.
async fn recorded(town: &Town, cast: &Cast, dice: &mut Dice, transactions: u64, sealed: u64) {
    for number in 0..transactions {
        let caller = Arc::new(cast.caller(dice));
        let entries: Vec<Entry> = (0..20 + dice.next() % 10)
            .map(|_| cast.entry(dice))
            .collect();
        let note = move |tx: &mut Tx<'_>| {
            entries.iter().cloned().for_each(|entry| tx.record(entry));
            Ok(())
        };
        town.db.write(&caller, note).await.unwrap();
        let minutes = if number == 9 { -20 } else { 1 };
        town.clock.advance(SignedDuration::from_mins(minutes));
        if number < sealed && dice.is_once_in(3) || number + 1 == sealed {
            town.seal().await;
        }
    }
}

/// All entries, the sealed ones in the order of the log, then those that wait in the order of their ids.
fn all(town: &Town) -> (Vec<(EntryId, Value)>, usize) {
    let mut conn = connect(&town.bench.database_url);
    let waiting: Vec<EntryId> = audit_unsealed::table
        .filter(audit_unsealed::municipality_id.eq(STJORDAL))
        .order(audit_unsealed::entry_id)
        .select(audit_unsealed::entry_id)
        .load(&mut conn)
        .unwrap();
    let bodies: Vec<(EntryId, String)> = audit_entry::table
        .filter(audit_entry::municipality_id.eq(STJORDAL))
        .select((audit_entry::id, audit_entry::body))
        .load(&mut conn)
        .unwrap();
    let bodies: BTreeMap<EntryId, String> = bodies.into_iter().collect();
    let sealed = entries(&mut conn);
    let count = sealed.len();
    let read = |id: EntryId| (id, serde_json::from_str(&bodies[&id]).unwrap());
    let all = sealed.into_iter().chain(waiting).map(read).collect();
    (all, count)
}

/// Whether an entry is asked for, judged by what it says alone.
fn is_asked(filter: &Filter, entry: &Value) -> bool {
    let subjects = entry["subjects"].as_array().unwrap();
    let about = |id: &uuid::Uuid| subjects.iter().any(|it| it["id"] == id.to_string());
    let bears = |mark: &str| match mark {
        "REFUSED" => entry["kind"] == "REFUSED",
        "UNRELATED" => {
            let is = |kinds: [&str; 2]| {
                subjects
                    .iter()
                    .any(|it| kinds.iter().any(|kind| it["kind"] == **kind))
            };
            entry["kind"] == "ACCESS" && is(["PERSON", "HOUSEHOLD"]) && !is(["APPLICATION", ""])
        }
        other => entry["marks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it == other),
    };
    let at: Instant = serde_json::from_value(entry["recordedAt"].clone()).unwrap();
    filter.subjects.iter().all(about)
        && filter.marks.iter().all(|mark| bears(mark.code()))
        && filter
            .refusal
            .as_ref()
            .is_none_or(|it| entry["facts"]["refusal"] == **it)
        && filter
            .actor
            .is_none_or(|it| entry["actor"]["id"] == it.to_string())
        && filter
            .action
            .as_ref()
            .is_none_or(|it| entry["action"] == **it)
        && filter.role.is_none_or(|it| entry["role"] == it.code())
        && filter.kind.is_none_or(|it| entry["kind"] == it.code())
        && !(filter.without_access && entry["kind"] == "ACCESS")
        && filter.from.is_none_or(|from| at >= from)
        && filter.until.is_none_or(|until| at < until)
}

fn expected(all: &[(EntryId, Value)], filter: &Filter) -> Vec<String> {
    let asked = all.iter().filter(|(_, entry)| is_asked(filter, entry));
    asked.map(|(id, _)| id.to_string()).collect()
}

/// What the pages of a question hold one after the other; what waits is sealed once the first pages were read, where that is wanted.
async fn paged(town: &Town, filter: &Filter, limit: u16, seal_after: Option<usize>) -> Vec<String> {
    let caller = Arc::new(Caller::system(STJORDAL));
    let (mut found, mut cursor) = (Vec::new(), None);
    for number in 0.. {
        let (filter, paging) = (
            filter.clone(),
            Paging {
                limit: Some(limit),
                cursor,
            },
        );
        let page = town
            .db
            .read(&caller, move |tx| page_of(tx, &filter, &paging));
        let page = serde_json::to_value(page.await.unwrap()).unwrap();
        let items = page["items"].as_array().unwrap();
        found.extend(items.iter().map(|it| it["id"].as_str().unwrap().to_owned()));
        if seal_after == Some(number) {
            town.seal().await;
        }
        match page["nextCursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    found
}

async fn every_question_finds_what_a_look_through_all_of_it_finds(bench: Bench) {
    let town = Town::open(bench).await;
    let (cast, mut dice) = (Cast::new(), Dice(7));
    let begun = town.clock.now();
    recorded(&town, &cast, &mut dice, 40, 34).await;
    let (all, sealed) = all(&town);
    assert!(
        sealed > 600 && all.len() > sealed + 100,
        "{sealed} of {}",
        all.len()
    );
    let everything = paged(&town, &Filter::default(), 200, None).await;
    assert_eq!(everything, expected(&all, &Filter::default()));
    let (mut empty, mut many) = (0, 0);
    for _ in 0..120 {
        let filter = cast.question(&mut dice, begun);
        let expected = expected(&all, &filter);
        let limit = if expected.len() > 60 { 90 } else { 7 };
        let found = paged(&town, &filter, limit, None).await;
        assert_eq!(found, expected, "{filter:?}");
        empty += usize::from(expected.is_empty());
        many += usize::from(expected.len() > 20);
    }
    assert!(
        empty < 90 && many > 10,
        "{empty} found nothing, {many} much"
    );
}

async fn nothing_is_left_out_or_told_twice_when_entries_are_sealed_between_two_pages(bench: Bench) {
    let town = Town::open(bench).await;
    let (cast, mut dice) = (Cast::new(), Dice(11));
    recorded(&town, &cast, &mut dice, 4, 4).await;
    for (round, filter) in [
        Filter::default(),
        Filter {
            kind: Some(EntryKind::Change),
            ..Filter::default()
        },
        Filter {
            subjects: vec![Subject::from(cast.people[0]).id],
            without_access: true,
            ..Filter::default()
        },
    ]
    .into_iter()
    .enumerate()
    {
        recorded(&town, &cast, &mut dice, 4, 0).await;
        let (all, sealed) = all(&town);
        let expected = expected(&all, &filter);
        assert!(all.len() > sealed + 60 && expected.len() > 12);
        // The page after which all is sealed ends among those that wait, or before them.
        let waiting = all[sealed..].iter().filter(|(_, it)| is_asked(&filter, it));
        let before = expected.len() - waiting.count();
        let pages = if round == 1 { 0 } else { before / 5 + 1 };
        let found = paged(&town, &filter, 5, Some(pages)).await;
        assert_eq!(found, expected, "{filter:?}");
    }
}

cases::cases![
    every_question_finds_what_a_look_through_all_of_it_finds,
    nothing_is_left_out_or_told_twice_when_entries_are_sealed_between_two_pages,
];
