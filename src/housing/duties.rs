//! What the service finds out by itself about the stock: inspections that come due and agreements that come to their end.

use super::{agreements, upkeep};
use crate::tasks::{Duty, When};

/// The duties of this slice.
#[must_use]
pub fn duties() -> Vec<Duty> {
    vec![
        Duty {
            name: "housing.inspections",
            when: When::DailyAt {
                hour: 4,
                minute: 30,
            },
            run: upkeep::look_for_due,
        },
        Duty {
            name: "housing.agreements",
            when: When::DailyAt {
                hour: 4,
                minute: 45,
            },
            run: agreements::look_for_ending,
        },
    ]
}
