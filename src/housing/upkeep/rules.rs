//! When an inspection is due, what may be said of one, and what bars a home from being let, as pure rules.

use super::model::{FindingArea, LettingObstacle, NewInspection, Severity};
use crate::clock::Day;
use crate::housing::stock_rules::InspectionRules;
use crate::problem::FieldFault;

/// What is known of a home's upkeep.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Upkeep {
    /// The last yearly inspection, by whatever source.
    pub(super) inspected_on: Option<Day>,
    /// When the recorded inspection of that day said that the next one is due.
    pub(super) said_due_on: Option<Day>,
    /// Findings that bar letting and are not cleared.
    pub(super) blocking: i64,
    /// Where one of them is.
    pub(super) blocking_area: Option<FindingArea>,
    /// Until which day each obstacle is overridden.
    pub(super) overdue_until: Option<Day>,
    pub(super) blocking_until: Option<Day>,
    /// On which day something was last overridden.
    pub(super) overridden_on: Option<Day>,
}

impl Upkeep {
    /// When the next yearly inspection is due at the latest; none where there never was one.
    pub(super) fn next_due_on(&self, rules: InspectionRules) -> Option<Day> {
        let usual = |day: Day| day.plus_months(rules.every_months.into());
        self.said_due_on.or_else(|| self.inspected_on.map(usual))
    }

    /// What bars the home from being let on a day, whatever is overridden.
    pub(super) fn obstacles(&self, today: Day, rules: InspectionRules) -> Vec<LettingObstacle> {
        let mut found = Vec::new();
        if self.next_due_on(rules).is_none_or(|due| due <= today) {
            found.push(LettingObstacle::InspectionOverdue);
        }
        if self.blocking > 0 {
            found.push(LettingObstacle::BlockingFinding);
        }
        found
    }

    /// Whether this obstacle is overridden on a day.
    pub(super) fn is_overridden(&self, obstacle: LettingObstacle, today: Day) -> bool {
        let until = match obstacle {
            LettingObstacle::InspectionOverdue => self.overdue_until,
            LettingObstacle::BlockingFinding => self.blocking_until,
        };
        until.is_some_and(|until| today < until)
    }
}

/// When the next inspection is due.
pub(super) fn due_after(said: &NewInspection, rules: InspectionRules) -> Day {
    let usual = said.performed_on.plus_months(rules.every_months.into());
    said.next_due_on.unwrap_or(usual)
}

/// The last inspection day that makes one due before a day, where nobody said otherwise.
pub(super) fn inspected_before_for(due_before: Day, rules: InspectionRules) -> Day {
    due_before.plus_months(-i32::from(rules.every_months))
}

/// Every fault of what is said of an inspection.
pub(super) fn faults_of(
    said: &NewInspection,
    today: Day,
    rules: InspectionRules,
) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if said.performed_on > today {
        faults.push(FieldFault::new(
            "/performedOn",
            "in_the_future",
            "Tilsynet kan ikke ligge fram i tid.",
            "The inspection cannot lie in the future.",
        ));
    }
    if due_after(said, rules) <= said.performed_on {
        faults.push(FieldFault::new(
            "/nextDueOn",
            "before_the_inspection",
            "Neste tilsyn må ligge etter dette.",
            "The next inspection must lie after this one.",
        ));
    }
    for (at, finding) in said.findings.iter().enumerate() {
        let pointer = format!("/findings/{at}/dueOn");
        match finding.due_on {
            None if finding.severity == Severity::Defect => faults.push(FieldFault::new(
                pointer,
                "missing",
                "Et avvik må ha en frist.",
                "A defect must have a day by which it is put right.",
            )),
            Some(due) if due < said.performed_on => faults.push(FieldFault::new(
                pointer,
                "before_the_inspection",
                "Fristen må ligge etter tilsynet.",
                "The day must lie after the inspection.",
            )),
            _ => {}
        }
    }
    faults
}

/// Whether an obstacle may be overridden until this day.
pub(super) fn faults_of_override(
    valid_until: Day,
    today: Day,
    rules: InspectionRules,
) -> Vec<FieldFault> {
    let most = i32::from(rules.override_days_max);
    if valid_until > today && valid_until <= today.plus_days(most) {
        return Vec::new();
    }
    vec![FieldFault::new(
        "/validUntil",
        "out_of_range",
        format!("Må ligge fra i morgen til om {most} dager."),
        format!("Must lie between tomorrow and {most} days from now."),
    )]
}

/// Whether a finding may be said to be cleared on this day.
pub(super) fn faults_of_clearing(on: Day, found_on: Day, today: Day) -> Vec<FieldFault> {
    if on >= found_on && on <= today {
        return Vec::new();
    }
    vec![FieldFault::new(
        "/on",
        "out_of_range",
        "Må ligge mellom tilsynet og i dag.",
        "Must lie between the inspection and today.",
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEARLY: InspectionRules = InspectionRules {
        every_months: 12,
        warn_days: 30,
        override_days_max: 90,
    };

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    #[test]
    fn a_home_is_due_a_year_after_its_inspection_unless_the_inspector_said_otherwise() {
        let usual = Upkeep {
            inspected_on: Some(day("2025-03-02")),
            ..Upkeep::default()
        };
        assert_eq!(usual.obstacles(day("2026-03-01"), YEARLY), []);
        assert_eq!(
            usual.obstacles(day("2026-03-02"), YEARLY),
            [LettingObstacle::InspectionOverdue]
        );
        let said = Upkeep {
            said_due_on: Some(day("2025-09-01")),
            ..usual
        };
        assert_eq!(
            said.obstacles(day("2025-09-01"), YEARLY),
            [LettingObstacle::InspectionOverdue]
        );
        let never = Upkeep::default();
        assert_eq!(
            never.obstacles(day("2026-01-01"), YEARLY),
            [LettingObstacle::InspectionOverdue]
        );
    }

    #[test]
    fn an_override_holds_until_its_day_and_for_its_own_obstacle_only() {
        let barred = Upkeep {
            inspected_on: Some(day("2026-01-01")),
            blocking: 1,
            blocking_until: Some(day("2026-04-01")),
            ..Upkeep::default()
        };
        assert_eq!(
            barred.obstacles(day("2026-03-01"), YEARLY),
            [LettingObstacle::BlockingFinding]
        );
        assert!(barred.is_overridden(LettingObstacle::BlockingFinding, day("2026-03-31")));
        assert!(!barred.is_overridden(LettingObstacle::BlockingFinding, day("2026-04-01")));
        assert!(!barred.is_overridden(LettingObstacle::InspectionOverdue, day("2026-03-31")));
        let codes = |until| faults_of_override(day(until), day("2026-03-01"), YEARLY).len();
        assert_eq!(
            [
                codes("2026-03-01"),
                codes("2026-05-30"),
                codes("2026-05-31")
            ],
            [1, 0, 1]
        );
    }
}
