//! What differs between two versions of the rules, place by place.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::RuleSet;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Difference {
    /// Where, as a JSON pointer. Things that have a code are told by it and not by their place, so that a group that moves is one
    /// difference of order and not of all groups.
    pub(super) pointer: String,
    /// What stood there; absent where it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<Value>,
    /// What stands there now; absent where it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) after: Option<Value>,
}

/// All differences, in the order of their places.
#[must_use]
pub(super) fn differences(before: &RuleSet, after: &RuleSet) -> Vec<Difference> {
    let (before, after) = (flat(before), flat(after));
    let places: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    places
        .into_iter()
        .filter(|place| before.get(*place) != after.get(*place))
        .map(|place| Difference {
            pointer: place.clone(),
            before: before.get(place).cloned(),
            after: after.get(place).cloned(),
        })
        .collect()
}

fn flat(rules: &RuleSet) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let whole = serde_json::to_value(rules).unwrap_or_default();
    collect(&whole, String::new(), &mut found);
    found
}

/// How an item of a list is told: by its code, term or reason, where it has one.
fn key_of(item: &Value) -> Option<&str> {
    ["code", "term", "reason"]
        .iter()
        .find_map(|name| item.get(name)?.as_str())
}

fn collect(value: &Value, at: String, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                collect(member, format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) if !items.is_empty() && items.iter().all(|it| key_of(it).is_some()) => {
            let order: Vec<Value> = items.iter().filter_map(key_of).map(Value::from).collect();
            found.insert(format!("{at}/*"), Value::Array(order));
            for item in items {
                let key = key_of(item).unwrap_or_default();
                collect(item, format!("{at}/{key}"), found);
            }
        }
        other => {
            found.insert(at, other.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::rulesets::DeclineConsequence;

    fn example() -> RuleSet {
        serde_json::from_str(RuleSet::EXAMPLE_JSON).unwrap()
    }

    fn places(before: &RuleSet, after: &RuleSet) -> Vec<String> {
        let found = differences(before, after);
        found.into_iter().map(|it| it.pointer).collect()
    }

    #[test]
    fn the_same_rules_do_not_differ() {
        assert!(differences(&example(), &example()).is_empty());
    }

    #[test]
    fn a_number_a_moved_group_and_a_new_one_are_told_at_their_places() {
        let (before, mut after) = (example(), example());
        after.offer_answer_days = 5;
        assert_eq!(
            differences(&before, &after),
            [Difference {
                pointer: "/offerAnswerDays".into(),
                before: Some(json!(7)),
                after: Some(json!(5)),
            }]
        );
        after = example();
        after.offers.declines[1].then = DeclineConsequence::DoesNotCount;
        assert_eq!(places(&before, &after), ["/offers/declines/HEALTH/then"]);
        after = example();
        after.priority.groups.swap(0, 1);
        assert_eq!(places(&before, &after), ["/priority/groups/*"]);
        after = example();
        after
            .priority
            .groups
            .retain(|group| group.code != "FAMILIES");
        let gone = places(&before, &after);
        assert_eq!(gone[0], "/priority/groups/*");
        assert!(
            gone[1..]
                .iter()
                .all(|it| it.starts_with("/priority/groups/FAMILIES/"))
        );
    }
}
