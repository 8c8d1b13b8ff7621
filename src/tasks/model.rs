//! The nouns of what people have to do.

use crate::audit::Subject;
use crate::auth::Role;
use crate::clock::Day;
use crate::codes;
use crate::ids::{ApplicationId, UserId};
use crate::text::Text;

/// Declares the kinds of tasks, each with the team that it falls to and what it asks for.
macro_rules! task_kinds {
    ($($(#[$meta:meta])* $name:ident = $code:literal for $team:ident, $nb:literal, $en:literal;)+) => {
        codes! {
            /// What somebody has to do ("oppgavetype").
            pub enum TaskKind { $($(#[$meta])* $name = $code),+ }
        }

        impl TaskKind {
            /// The team to which it falls: everybody with this role.
            #[must_use]
            pub const fn team(self) -> Role {
                match self { $(Self::$name => Role::$team),+ }
            }

            /// What is to be done.
            #[must_use]
            pub fn title(self) -> Text {
                match self { $(Self::$name => Text::new($nb, $en)),+ }
            }
        }
    };
}

task_kinds! {
    /// An application has no caseworker.
    AssignCase = "ASSIGN_CASE" for Caseworker, "Fordel saken.", "Give the case to a caseworker.";
    /// A decision or an interim reply is due (forvaltningsloven § 11 a).
    InterimReply = "INTERIM_REPLY" for Caseworker, "Fatt vedtak eller send foreløpig svar.", "Decide, or send an interim reply.";
    /// The day that was promised in an interim reply comes near.
    DelayNotice = "DELAY_NOTICE" for Caseworker, "Fatt vedtak eller send forsinkelsesmelding før den lovede dagen.", "Decide, or send a notice of delay before the promised day.";
    /// The applicant asked for help, and nobody has decided on it (boligsosialloven § 7).
    DecideAssistance = "DECIDE_ASSISTANCE" for Caseworker, "Innstill om bistand etter boligsosialloven.", "Propose a decision on assistance.";
    /// A proposal waits for somebody to decide.
    DecideProposal = "DECIDE_PROPOSAL" for DecisionMaker, "Ta stilling til innstillingen.", "Decide on the proposal.";
    /// The documents that were asked for should be here: decide on what there is.
    DocumentsDue = "DOCUMENTS_DUE" for Caseworker, "Fristen for dokumentasjon er ute: gå videre med det som finnes.", "The documents were due: go on with what there is.";
    /// An offered home did not fit, for a reason that the rules name.
    AssessAgain = "ASSESS_AGAIN" for Caseworker, "Vurder behovet på nytt: boligen som ble tilbudt, passet ikke.", "Assess the needs again: the home that was offered did not fit.";
    /// Other open cases of the same people were found when this one was received.
    ResolveDuplicate = "RESOLVE_DUPLICATE" for Caseworker, "Avklar om søknaden gjelder det samme som en annen.", "Find out whether the same was applied for before.";
    /// A case was sent on and the applicant does not know (forvaltningsloven § 11).
    TellOfForwarding = "TELL_OF_FORWARDING" for Caseworker, "Gi søkeren beskjed om at saken er sendt videre.", "Tell the applicant that the case was sent on.";
    /// A decision was made and the party does not know.
    NotifyDecision = "NOTIFY_DECISION" for Caseworker, "Underrett parten om vedtaket.", "Notify the party of the decision.";
    /// Somebody has appealed.
    HandleAppeal = "HANDLE_APPEAL" for AppealsOfficer, "Behandle klagen.", "Handle the appeal.";
    /// The time for which a decision holds runs out while the household still waits.
    DecisionExpires = "DECISION_EXPIRES" for Caseworker, "Vurder saken på nytt før vedtaket faller bort.", "Assess the case again before the decision lapses.";
    /// A lease ends, and whether it is renewed must be assessed in time.
    RenewalReview = "RENEWAL_REVIEW" for Caseworker, "Vurder forlengelse av leieforholdet.", "Assess whether the lease is renewed.";
}

codes! {
    /// Where a task stands.
    pub enum TaskState {
        /// Waits for somebody.
        Open = "OPEN",
        /// Somebody did it.
        Done = "DONE",
        /// It no longer applies.
        Dropped = "DROPPED",
    }
}

/// Something to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewTask {
    /// What.
    pub kind: TaskKind,
    /// About what.
    pub about: Subject,
    /// In which case, if in one.
    pub case: Option<ApplicationId>,
    /// The last day on which it is in time.
    pub due_on: Day,
    /// By whom; by anybody of the team where nobody is named.
    pub assigned_to: Option<UserId>,
}
