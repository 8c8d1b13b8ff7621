//! Collects the faults of a rule set while it is looked through: a check for each kind of mistake.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::faults::{Fault, FaultCode};
use super::model::Condition;
use crate::text::Text;

/// How deep conditions may lie inside conditions.
const DEEPEST_CONDITION: usize = 5;

/// What was found so far.
#[derive(Default)]
pub(super) struct Faults(pub(super) Vec<Fault>);

impl Faults {
    pub(super) fn check(&mut self, pointer: &str, holds: bool, code: FaultCode) {
        if !holds {
            self.0.push(Fault {
                pointer: pointer.to_owned(),
                code,
            });
        }
    }

    pub(super) fn text(&mut self, pointer: &str, text: &Text) {
        self.check(pointer, !text.is_incomplete(), FaultCode::Empty);
    }

    pub(super) fn range<N: PartialOrd + Copy>(
        &mut self,
        pointer: &str,
        number: N,
        allowed: RangeInclusive<N>,
    ) {
        self.check(pointer, allowed.contains(&number), FaultCode::OutOfRange);
    }

    pub(super) fn distinct<T: Ord>(&mut self, pointer: &str, items: &[T]) {
        let mut seen = BTreeSet::new();
        for (i, item) in items.iter().enumerate() {
            self.check(
                &format!("{pointer}/{i}"),
                seen.insert(item),
                FaultCode::Duplicate,
            );
        }
    }

    pub(super) fn condition(&mut self, pointer: &str, condition: &Condition, depth: usize) {
        let (word, parts) = match condition {
            Condition::AllOf(parts) => ("allOf", parts),
            Condition::AnyOf(parts) => ("anyOf", parts),
            _ => return,
        };
        let at = format!("{pointer}/{word}");
        // An empty `allOf` would take everybody, an empty `anyOf` nobody: neither can have been meant.
        self.check(&at, !parts.is_empty(), FaultCode::Empty);
        if depth == DEEPEST_CONDITION {
            return self.check(&at, false, FaultCode::TooDeep);
        }
        for (i, part) in parts.iter().enumerate() {
            self.condition(&format!("{at}/{i}"), part, depth + 1);
        }
    }
}
