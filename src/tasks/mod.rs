//! What is due: tasks that wait for somebody, and duties that the service does by itself when their time comes.
//!
//! A slice that has something to be done regularly lists a [`Duty`] in its `duties()`, and `server::duties` names that list. A duty
//! that finds out what people have to do hands the whole list to [`settle`]: tasks that are missing are opened, those that no longer
//! apply are dropped. What people have to do is a [`TaskKind`]: one line in `model.rs`.
//!
//! **Invariants.** At most one open task of a kind about the same thing (`task_one_open`). A duty is done once for each time it is
//! due, however many instances run: its lease, its effect and its next time are written in one transaction, and an instance that lost
//! its lease finds that its fence is gone. A time that passed while nothing ran is made up for once.
//!
//! **Not here.** What any task or duty means: the slices after this one say so.

mod acts;
mod duty;
mod lease;
mod model;
mod routes;
mod rules;
mod scheduler;
mod store;
mod terms;

pub use acts::{close, follow, open, settle, was_done};
pub use duty::{Duty, Progress, When};
pub use model::{NewTask, TaskKind, TaskState};
pub use routes::endpoints;
pub use rules::Refusal;
pub use scheduler::Scheduler;
pub use store::Task;
pub use terms::{Days, Months, TaskTerms, terms, terms_on};
