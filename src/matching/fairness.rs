//! Whether homes go to all kinds of households alike: shares, waits and their ratio for each group, with nobody recognisable.
//!
//! A group of fewer than [`LEAST`] is not shown. Since a hidden group could be found as the difference to the total, the smallest
//! of the others are hidden with it until what is hidden counts at least [`LEAST`] again, and is more than one group.

use serde::Serialize;
use utoipa::ToSchema;

use super::traits::{Counted, Fate, Trait};

/// The smallest group that is shown.
pub(super) const LEAST: usize = 5;
/// The quantile of the normal distribution for an interval that holds 95 times in 100.
const Z_95: f64 = 1.959_964;

/// How homes fall to groups of households.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Fairness {
    /// All together; absent where they are fewer than five.
    #[serde(skip_serializing_if = "Option::is_none")]
    all: Option<Shares>,
    /// The same for each trait.
    traits: Vec<ByTrait>,
}

/// The groups of one trait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ByTrait {
    #[serde(rename = "trait")]
    told_apart_by: Trait,
    groups: Vec<Group>,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FairnessGroup)]
struct Group {
    /// Its code.
    group: &'static str,
    /// Absent where the group is too small to be shown, or would tell how large another is that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    shares: Option<Shares>,
    /// Its share of homes beside that of all others; absent where either cannot be shown or nobody was housed.
    #[serde(skip_serializing_if = "Option::is_none")]
    impact: Option<Impact>,
}

/// What became of the cases of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FairnessShares)]
struct Shares {
    /// Cases.
    cases: usize,
    /// Those that were housed.
    housed: usize,
    /// The same, in thousandths of all.
    #[schema(maximum = 1000)]
    housed_permille: usize,
    /// Those that were refused.
    refused: usize,
    /// Half of the cases waited so many days or fewer: until they were housed, or until now.
    median_wait_days: i32,
    /// Nine of ten waited so many days or fewer.
    ninth_decile_wait_days: i32,
}

/// The disparate-impact ratio: a group's share of homes divided by that of all others, in thousandths, with the interval that
/// holds 95 times in 100 (Katz and others, Biometrics 34 (1978), 469–474). Below 800 is commonly looked into (the rule of four fifths).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DisparateImpact)]
struct Impact {
    ratio_permille: u32,
    low_permille: u32,
    high_permille: u32,
}

impl Fairness {
    /// Counts cases by trait and group.
    pub(super) fn of(cases: &[Counted]) -> Self {
        let all: Vec<&Counted> = cases.iter().collect();
        let traits = Trait::ALL.iter().enumerate();
        Self {
            all: (all.len() >= LEAST).then(|| Shares::of(&all)),
            traits: traits
                .map(|(at, told_apart_by)| ByTrait {
                    told_apart_by: *told_apart_by,
                    groups: groups_of(&all, at),
                })
                .collect(),
        }
    }
}

fn groups_of(all: &[&Counted], at: usize) -> Vec<Group> {
    let code = |case: &Counted| case.groups.get(at).copied().unwrap_or_default();
    let mut codes: Vec<&'static str> = all.iter().map(|case| code(case)).collect();
    codes.sort_unstable();
    codes.dedup();
    let (mut groups, mut sizes) = (Vec::new(), Vec::new());
    for name in codes {
        let (inside, outside): (Vec<&Counted>, Vec<&Counted>) =
            all.iter().copied().partition(|case| code(case) == name);
        sizes.push(inside.len());
        groups.push((name, inside, outside));
    }
    let hidden = hidden_among(&sizes);
    let told = groups.into_iter().zip(hidden);
    told.map(|((group, inside, outside), is_hidden)| Group {
        group,
        shares: (!is_hidden).then(|| Shares::of(&inside)),
        impact: (!is_hidden && outside.len() >= LEAST)
            .then(|| impact(&inside, &outside))
            .flatten(),
    })
    .collect()
}

/// Which groups of these sizes are not shown.
fn hidden_among(sizes: &[usize]) -> Vec<bool> {
    let mut hidden: Vec<bool> = sizes.iter().map(|size| *size < LEAST).collect();
    loop {
        let of_hidden = sizes.iter().zip(&hidden).filter(|(_, hidden)| **hidden);
        let (count, sum) =
            of_hidden.fold((0, 0), |(count, sum), (size, _)| (count + 1, sum + size));
        let is_safe = count == 0 || count > 1 && sum >= LEAST;
        let shown = sizes
            .iter()
            .zip(&mut hidden)
            .filter(|(_, hidden)| !**hidden);
        match shown.min_by_key(|(size, _)| **size) {
            Some((_, hide)) if !is_safe => *hide = true,
            _ => return hidden,
        }
    }
}

impl Shares {
    fn of(cases: &[&Counted]) -> Self {
        let with = |fate| cases.iter().filter(|case| case.fate == fate).count();
        let housed = with(Fate::Housed);
        let mut waits: Vec<i32> = cases.iter().map(|case| case.waited_days).collect();
        waits.sort_unstable();
        let quantile = |tenths: usize| {
            let place = (waits.len() * tenths).div_ceil(10).saturating_sub(1);
            waits.get(place).copied().unwrap_or(0)
        };
        Self {
            cases: cases.len(),
            housed,
            housed_permille: housed * 1000 / cases.len().max(1),
            refused: with(Fate::Refused),
            median_wait_days: quantile(5),
            ninth_decile_wait_days: quantile(9),
        }
    }
}

fn impact(inside: &[&Counted], outside: &[&Counted]) -> Option<Impact> {
    let housed = |cases: &[&Counted]| {
        let count = cases
            .iter()
            .filter(|case| case.fate == Fate::Housed)
            .count();
        u32::try_from(count)
            .ok()
            .filter(|count| *count > 0)
            .map(f64::from)
    };
    let size = |cases: &[&Counted]| u32::try_from(cases.len()).ok().map(f64::from);
    let (a, n) = (housed(inside)?, size(inside)?);
    let (b, m) = (housed(outside)?, size(outside)?);
    let ratio = (a / n) / (b / m);
    let deviation = (1.0 / a - 1.0 / n + 1.0 / b - 1.0 / m).max(0.0).sqrt();
    let permille = |value: f64| u32_of((value * 1000.0).round());
    Some(Impact {
        ratio_permille: permille(ratio),
        low_permille: permille(ratio * (-Z_95 * deviation).exp()),
        high_permille: permille(ratio * (Z_95 * deviation).exp()),
    })
}

/// A whole number that is not negative; what is larger than can be told is the largest.
fn u32_of(value: f64) -> u32 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates here, which is what is wanted"
    )]
    let whole = value as u32;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(situation: &'static str, fate: Fate, waited_days: i32) -> Counted {
        Counted {
            groups: [situation, "SINGLE", "UNDER_25", "NOT_NEEDED"],
            fate,
            waited_days,
        }
    }

    #[test]
    fn what_is_hidden_cannot_be_found_by_subtraction() {
        for (sizes, shown) in [
            (&[9, 8, 7][..], &[true, true, true][..]),
            (&[9, 8, 4], &[true, false, false]),
            (&[9, 2, 2], &[false, false, false]),
            (&[9, 3, 2], &[true, false, false]),
            (&[20, 9, 2, 2], &[true, false, false, false]),
            (&[4], &[false]),
            (&[30, 1], &[false, false]),
        ] {
            let told: Vec<bool> = hidden_among(sizes).iter().map(|hidden| !hidden).collect();
            assert_eq!(told, shown, "{sizes:?}");
        }
    }

    #[test]
    fn a_group_that_gets_half_as_often_is_seen_with_its_doubt() {
        let mut cases = Vec::new();
        for i in 0..100 {
            let fate = |housed| {
                if i < housed {
                    Fate::Housed
                } else {
                    Fate::Other
                }
            };
            cases.push(counted("HOMELESS", fate(40), i));
            cases.push(counted("AT_RISK", fate(20), i));
        }
        let fairness = Fairness::of(&cases);
        let [at_risk, homeless] = fairness.traits[0].groups.as_slice() else {
            panic!("two groups")
        };
        let impact = at_risk.impact.unwrap();
        // By hand: 0.5 times and divided by exp(1.96 √(1/20 − 1/100 + 1/40 − 1/100)).
        assert_eq!(impact.ratio_permille, 500);
        assert_eq!([impact.low_permille, impact.high_permille], [316, 792]);
        assert_eq!(homeless.impact.unwrap().ratio_permille, 2000);
        let shares = homeless.shares.unwrap();
        assert_eq!(
            (shares.cases, shares.housed, shares.housed_permille),
            (100, 40, 400)
        );
        assert_eq!(
            (shares.median_wait_days, shares.ninth_decile_wait_days),
            (49, 89)
        );
        assert_eq!(fairness.all.unwrap().cases, 200);
    }

    #[test]
    fn few_are_not_told_at_all() {
        let cases = [counted("HOMELESS", Fate::Housed, 3); 4];
        let fairness = Fairness::of(&cases);
        assert_eq!(fairness.all, None);
        assert!(
            fairness
                .traits
                .iter()
                .flat_map(|it| &it.groups)
                .all(|it| it.shares.is_none() && it.impact.is_none())
        );
    }
}
