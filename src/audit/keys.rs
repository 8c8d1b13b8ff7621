//! By what an entry is found: the one list of it, as the sealer files it, questions ask by it and the check derives it anew.

use std::collections::HashMap;
use std::hash::Hash;

use uuid::{Builder, Uuid};

use super::EntryKind;
use super::canonical::sha256;
use super::told::Told;
use crate::auth::Role;
use crate::ids::Id;

/// The kind of an id that stands for whatever entries have in common.
#[derive(Debug)]
pub(super) enum InCommon {}

/// What entries are found by: a subject under its own id; anything else under a UUID of version 8 that its name makes, which is no
/// subject's id.
pub(super) type Key = Id<InCommon>;

/// What an entry concerns.
pub(super) const fn of_subject(id: Uuid) -> Key {
    Id::from_uuid(id)
}

/// A mark that it bears.
pub(super) fn of_mark(mark: &str) -> Key {
    named(&format!("mark:{mark}"))
}

/// Who did it.
pub(super) fn of_actor(id: Uuid) -> Key {
    named(&format!("actor:{id}"))
}

/// What was done.
pub(super) fn of_action(action: &str) -> Key {
    named(&format!("action:{action}"))
}

/// In which role.
pub(super) fn of_role(role: Role) -> Key {
    named(&format!("role:{role}"))
}

/// Why the entry exists.
pub(super) fn of_kind(kind: EntryKind) -> Key {
    named(&format!("kind:{kind}"))
}

fn named(name: &str) -> Key {
    let digest = sha256(name.as_bytes()).0;
    let (half, _) = digest.as_chunks();
    let half = half.first().copied().unwrap_or_default();
    Id::from_uuid(Builder::from_custom_bytes(half).into_uuid())
}

/// Makes the keys of one entry after the other; names that come again and again are digested once.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys {
    marks: HashMap<String, Key>,
    actors: HashMap<Uuid, Key>,
    actions: HashMap<String, Key>,
    roles: HashMap<Role, Key>,
    kinds: HashMap<EntryKind, Key>,
}

impl Keys {
    /// All that an entry is found by, each once, in ascending order.
    pub(super) fn of(&mut self, told: &Told<'_>) -> Vec<Key> {
        let mut keys = Vec::with_capacity(told.subjects.len() + told.marks.len() + 4);
        keys.extend(told.subjects.iter().map(|it| of_subject(it.id)));
        let marks = told.marks.iter();
        keys.extend(marks.map(|mark| known(&mut self.marks, *mark, of_mark)));
        let actor = told.actor.id.as_ref();
        keys.extend(actor.map(|id| known(&mut self.actors, id, |id| of_actor(*id))));
        keys.push(known(&mut self.actions, told.action, of_action));
        let role = told.role.as_ref();
        keys.extend(role.map(|role| known(&mut self.roles, role, |role| of_role(*role))));
        keys.push(known(&mut self.kinds, &told.kind, |kind| of_kind(*kind)));
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

fn known<N>(known: &mut HashMap<N::Owned, Key>, name: &N, key: impl FnOnce(&N) -> Key) -> Key
where
    N: Hash + Eq + ToOwned<Owned: Hash + Eq> + ?Sized,
{
    if let Some(key) = known.get(name) {
        return *key;
    }
    let key = key(name);
    known.insert(name.to_owned(), key);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_found_by_all_that_can_be_asked_and_by_nothing_else() {
        let body = r#"{"action":"decision.decide","actor":{"id":"01900000-0000-7000-8000-000000000001","type":"USER"},
            "facts":{"refusal":"same_hands"},"id":"01900000-0000-7000-8000-000000000002","kind":"REFUSED",
            "marks":["REFUSED","REFUSED:same_hands"],"recordedAt":"2026-03-02T11:00:00Z","role":"DECISION_MAKER",
            "subjects":[{"id":"01900000-0000-7000-8000-000000000003","kind":"DECISION"}],"v":3}"#;
        let told = Told::read(body).unwrap();
        let id = |number: u128| Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number);
        let mut expected = [
            of_subject(id(3)),
            of_mark("REFUSED"),
            of_mark("REFUSED:same_hands"),
            of_actor(id(1)),
            of_action("decision.decide"),
            of_role(Role::DecisionMaker),
            of_kind(EntryKind::Refused),
        ];
        expected.sort_unstable();
        let mut keys = Keys::default();
        assert_eq!(keys.of(&told), expected);
        assert_eq!(keys.of(&told), expected, "also once the names are known");
    }

    #[test]
    fn what_is_named_is_no_subject() {
        for key in [of_mark("REFUSED"), of_actor(Uuid::nil())] {
            assert_eq!(key.uuid().get_version_num(), 8);
        }
    }
}
