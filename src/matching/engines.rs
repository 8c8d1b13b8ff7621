//! The versions of the engine that can be called: what an old decision rested on is computed again by the version that made it.
//!
//! A change that can give another result for the same snapshot and rules raises [`ENGINE_VERSION`] and leaves the version before
//! here, callable, with its golden file. A test pins the results of every version.

use super::ENGINE_VERSION;
use super::explanation::{Explanation, explain};
use super::model::Snapshot;
use super::plan::{Objective, Plan, assign, assign_together};
use super::ranking::{Ranking, rank};
use crate::ids::{ApplicationId, DwellingId};
use crate::rulesets::RuleSet;

/// One version of the engine.
#[derive(Debug, Clone, Copy)]
pub struct Engine {
    /// Its name, kept with every result.
    pub version: &'static str,
    /// Ranks all households for a home.
    pub rank: fn(&Snapshot, &RuleSet, DwellingId) -> Option<Ranking>,
    /// Explains one pair.
    pub explain: fn(&Snapshot, &RuleSet, ApplicationId, DwellingId) -> Option<Explanation>,
    /// Plans for all vacant homes.
    pub assign: fn(&Snapshot, &RuleSet, Objective) -> Plan,
}

/// Every version that made a result which may be asked for again, the running one last.
const ENGINES: &[Engine] = &[
    Engine {
        version: "1",
        rank: first::rank,
        explain: first::explain,
        assign: first::assign,
    },
    Engine {
        version: "2",
        rank: second::rank,
        explain,
        assign: second::assign,
    },
    Engine {
        version: ENGINE_VERSION,
        rank,
        explain,
        assign,
    },
];

/// Version 1 knew no neighbours: it neither asked nor told of them. Nothing else differs.
mod first {
    use super::super::constraints::Constraint;
    use super::{
        ApplicationId, DwellingId, Explanation, Objective, Plan, Ranking, RuleSet, Snapshot,
    };

    const VERSION: &str = "1";

    fn without_neighbours(snapshot: &Snapshot) -> Snapshot {
        let mut known = snapshot.clone();
        for home in &mut known.homes {
            home.residents.clear();
        }
        known
    }

    pub(super) fn rank(snapshot: &Snapshot, rules: &RuleSet, home: DwellingId) -> Option<Ranking> {
        let ranking = super::rank(&without_neighbours(snapshot), rules, home)?;
        Some(Ranking {
            engine_version: VERSION.to_owned(),
            ..ranking
        })
    }

    pub(super) fn explain(
        snapshot: &Snapshot,
        rules: &RuleSet,
        application: ApplicationId,
        home: DwellingId,
    ) -> Option<Explanation> {
        let known = without_neighbours(snapshot);
        let mut explanation = super::explain(&known, rules, application, home)?;
        explanation
            .checks
            .retain(|check| check.constraint != Constraint::ExcludedNeighbour);
        Some(explanation)
    }

    pub(super) fn assign(snapshot: &Snapshot, rules: &RuleSet, objective: Objective) -> Plan {
        Plan {
            engine_version: VERSION.to_owned(),
            ..super::assign_together(&without_neighbours(snapshot), rules, objective)
        }
    }
}

/// Version 2 did not keep those apart who wait, only from those who live somewhere. Nothing else differs.
mod second {
    use super::{DwellingId, Objective, Plan, Ranking, RuleSet, Snapshot};

    const VERSION: &str = "2";

    pub(super) fn rank(snapshot: &Snapshot, rules: &RuleSet, home: DwellingId) -> Option<Ranking> {
        Some(Ranking {
            engine_version: VERSION.to_owned(),
            ..super::rank(snapshot, rules, home)?
        })
    }

    pub(super) fn assign(snapshot: &Snapshot, rules: &RuleSet, objective: Objective) -> Plan {
        Plan {
            engine_version: VERSION.to_owned(),
            ..super::assign_together(snapshot, rules, objective)
        }
    }
}

/// The engine of this version, if it can be called.
#[must_use]
pub fn engine(version: &str) -> Option<&'static Engine> {
    ENGINES.iter().find(|engine| engine.version == version)
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;

    /// A snapshot with rules and all that an engine said of it. The file is never made anew: that would change history.
    #[derive(Serialize, Deserialize)]
    struct Golden {
        snapshot: Snapshot,
        rules: RuleSet,
        said: serde_json::Value,
    }

    const GOLDEN: &[(&str, &str)] = &[
        ("1", include_str!("golden/1.json")),
        ("2", include_str!("golden/2.json")),
        ("3", include_str!("golden/3.json")),
    ];

    fn said(engine: &Engine, snapshot: &Snapshot, rules: &RuleSet) -> serde_json::Value {
        let homes = snapshot.homes.iter().map(|home| home.dwelling_id);
        let rankings: Vec<_> = homes
            .clone()
            .filter_map(|home| (engine.rank)(snapshot, rules, home))
            .collect();
        let cases = snapshot.households.iter().map(|it| it.application_id);
        let pairs = cases.zip(homes.cycle());
        let explained: Vec<_> = pairs
            .filter_map(|(case, home)| (engine.explain)(snapshot, rules, case, home))
            .collect();
        let plans: Vec<_> = Objective::ALL
            .iter()
            .map(|objective| (engine.assign)(snapshot, rules, *objective))
            .collect();
        serde_json::json!({"rankings": rankings, "explained": explained, "plans": plans})
    }

    #[test]
    fn every_version_still_says_what_it_said() {
        for (version, golden) in GOLDEN {
            let golden: Golden = serde_json::from_str(golden).unwrap();
            let engine = engine(version).expect(version);
            assert_eq!(
                said(engine, &golden.snapshot, &golden.rules),
                golden.said,
                "engine {version} says something else than it did: raise ENGINE_VERSION and keep {version} callable"
            );
        }
    }

    #[test]
    fn every_version_is_pinned_and_the_running_one_is_the_last() {
        let versions = ENGINES.iter().map(|engine| engine.version);
        assert!(versions.eq(GOLDEN.iter().map(|(version, _)| *version)));
        assert_eq!(ENGINES.last().unwrap().version, ENGINE_VERSION);
        assert!(engine("0").is_none());
    }
}
