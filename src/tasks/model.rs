//! The nouns of what people have to do.

use crate::audit::Subject;
use crate::auth::Role;
use crate::clock::Day;
use crate::codes;
use crate::ids::{ApplicationId, HouseholdId, UserId};
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
    /// An application was withdrawn, and nobody has confirmed that in writing.
    ConfirmWithdrawal = "CONFIRM_WITHDRAWAL" for Caseworker, "Bekreft skriftlig at søknaden er trukket.", "Confirm in writing that the application was withdrawn.";
    /// A decision was made and the party does not know.
    NotifyDecision = "NOTIFY_DECISION" for Caseworker, "Underrett parten om vedtaket.", "Notify the party of the decision.";
    /// A letter did not arrive, or no channel would take it.
    ResendLetter = "RESEND_LETTER" for Caseworker, "Et brev kom ikke fram: send det på en annen måte.", "A letter did not arrive: send it in another way.";
    /// The archive did not take a letter.
    FileLetter = "FILE_LETTER" for Caseworker, "Arkivet tok ikke imot et brev: journalfør det manuelt.", "The archive did not take a letter: file it by hand.";
    /// The archive did not take an application or an appeal.
    FileIncoming = "FILE_INCOMING" for Caseworker, "Arkivet tok ikke imot en søknad eller klage: journalfør den manuelt.", "The archive did not take an application or an appeal: file it by hand.";
    /// Nobody has looked at how children stay in temporary accommodation, or a place was found not defensible.
    CheckShelter = "CHECK_SHELTER" for NavAdvisor, "Se til husstanden i det midlertidige botilbudet.", "See how the household stays in temporary accommodation.";
    /// A stay in temporary accommodation becomes long.
    LeaveShelter = "LEAVE_SHELTER" for NavAdvisor, "Oppholdet i midlertidig botilbud blir langvarig: finn noe varig.", "The stay in temporary accommodation becomes long: find something lasting.";
    /// A decision on temporary accommodation was made in an emergency, and is not in writing (forvaltningsloven §§ 23 and 27).
    ConfirmShelter = "CONFIRM_SHELTER" for NavAdvisor, "Nødvedtaket om midlertidig botilbud må bekreftes skriftlig i boligsaken, med brev og klagerett.", "The emergency decision on temporary accommodation must be confirmed in writing in the housing case, with letter and appeal.";
    /// A decision on temporary accommodation runs out while the household still stays.
    DecideShelterAnew = "DECIDE_SHELTER_ANEW" for NavAdvisor, "Vedtaket om midlertidig botilbud løper ut: fatt et nytt, eller avslutt oppholdet.", "The decision on temporary accommodation runs out: decide anew, or end the stay.";
    /// Somebody has appealed.
    HandleAppeal = "HANDLE_APPEAL" for AppealsOfficer, "Behandle klagen.", "Handle the appeal.";
    /// The time for which a decision holds runs out while the household still waits.
    DecisionExpires = "DECISION_EXPIRES" for Caseworker, "Vurder saken på nytt før vedtaket faller bort.", "Assess the case again before the decision lapses.";
    /// A lease ends, and whether it is renewed must be assessed in time.
    RenewalReview = "RENEWAL_REVIEW" for Caseworker, "Vurder forlengelse av leieforholdet.", "Assess whether the lease is renewed.";
    /// A lease has run out while the tenant stays: renewed or not, somebody has to say so in writing before it runs on without an end.
    LeaseRanOut = "LEASE_RAN_OUT" for Caseworker, "Leieavtalen er gått ut: forny den, eller be skriftlig om at boligen fraflyttes, før den blir tidsubestemt.", "The lease has run out: renew it, or ask in writing that the home is left, before it runs on without an end.";
    /// The applicant of an open case has died: the case lapses, or the household goes on with another applicant.
    ApplicantDied = "APPLICANT_DIED" for Caseworker, "Søkeren er død: trekk saken på vegne av boet, eller la husstanden søke videre med en annen søker.", "The applicant has died: withdraw the case on behalf of the estate, or let the household go on with another applicant.";
    /// Somebody else of the household of an open case has died: what it needs may be another.
    MemberDied = "MEMBER_DIED" for Caseworker, "Noen i husstanden er død: vurder behovet på nytt.", "Somebody of the household has died: assess the needs again.";
    /// Whoever rents a home has died (husleieloven § 8-2).
    TenantDied = "TENANT_DIED" for Caseworker, "Leietakeren er død: avklar om noen i husstanden trer inn i leieavtalen (husleieloven § 8-2), eller om boet sier den opp.", "The tenant has died: find out whether somebody of the household enters into the lease (husleieloven § 8-2), or the estate terminates it.";
    /// What is kept of somebody was corrected, and that person does not know (personvernforordningen art. 16 and 12).
    TellOfCorrection = "TELL_OF_CORRECTION" for Caseworker, "Gi personen beskjed om at opplysninger er rettet.", "Tell the person that data was corrected.";
    /// What is kept of a household was corrected after its case was assessed: a recommendation, a place on the list or an offer may rest on what was wrong.
    WeighCorrection = "WEIGH_CORRECTION" for Caseworker, "Husstandens situasjon, sammensetning eller behov er rettet: vurder om saken må vurderes på nytt.", "The situation, the members or the needs of the household were corrected: consider whether the case is to be assessed again.";
    /// Somebody opened a case in an emergency.
    ReviewEmergency = "REVIEW_EMERGENCY" for PrivacyOfficer, "Etterprøv nødtilgangen.", "Review the access in an emergency.";
    /// A home's yearly inspection comes due ("tilsyn").
    InspectHome = "INSPECT_HOME" for HousingManager, "Gjennomfør årlig tilsyn av boligen.", "Make the yearly inspection of the home.";
    /// An agreement under which homes are let comes to its end.
    AgreementEnds = "AGREEMENT_ENDS" for HousingManager, "Avtalen går ut: forny den, eller flytt leietakerne i tide.", "The agreement ends: renew it, or rehouse its tenants in time.";
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
    /// In which case, if in one: seen by whoever may see that case.
    pub case: Option<ApplicationId>,
    /// About which household, where it is about one and in no case: seen by whoever may see that household.
    pub household: Option<HouseholdId>,
    /// The last day on which it is in time.
    pub due_on: Day,
    /// By whom; by anybody of the team where nobody is named.
    pub assigned_to: Option<UserId>,
}
