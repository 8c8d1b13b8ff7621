//! The municipality's own numbers as dated data: by which the stock is kept and let, within which days work is done.
//!
//! A slice that has such numbers says what they are in one type, ships an example of them, and makes the operations by
//! `policies::operations!`; it asks for those of a day by [`on`].
//!
//! **Invariants.** A version is never changed, only followed by the next, and none reaches back in time: at most one has no end
//! (`policy_one_open`). On days for which the municipality has said nothing the example holds.
//!
//! **Not here.** Rule sets, which two people adopt and which are kept with each decision: `rulesets`. Numbers of the law of the
//! land, which no municipality can change: `statutes`.

mod acts;
mod model;
mod operations;
mod store;

pub use acts::{Refusal, adopt, on, too_far_ahead, versions};
pub use model::{Policy, PolicyKind, Version};
pub(crate) use operations::operations;
