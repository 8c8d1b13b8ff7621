//! Whether a household fulfils the municipality's criteria for a municipal home: each criterion with the facts compared.
//!
//! **Invariants.** The criteria bear on municipal homes only; help under boligsosialloven is never measured by them. Who does not
//! fulfil a criterion that holds *normally* is refused only after an exception was assessed, and the assessment is kept. What is
//! known of a household's economy, residence and stay is sealed under the applicant's key. The machine tells; people decide.
//!
//! **Not here.** The criteria themselves (rule sets), and who comes first among those who fulfil them (matching).

mod acts;
mod gather;
mod income_check;
mod model;
mod preview;
mod routes;
mod rules;
mod store;
mod telling;

pub use acts::{assessed, known_of, may_decide_on_home};
pub use model::{
    Applicant, Circumstances, CriterionFinding, EligibilityResult, ExceptionConclusion, LawfulStay,
    OpenCircumstances,
};
pub use routes::endpoints;
pub use rules::{Refusal, assess};
pub use telling::{rooms_of_household_text, rooms_of_text};
