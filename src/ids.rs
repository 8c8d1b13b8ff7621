//! Typed identifiers: a dwelling's id cannot be mistaken for a household's.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, schema::Schema};
use uuid::Uuid;

use crate::db::types::UuidSql;

/// A UUID of version 7 that names a `K`. The only kind of id in URLs and logs: it says nothing of a person.
#[derive(AsExpression, FromSqlRow)]
#[diesel(sql_type = UuidSql)]
pub struct Id<K: 'static>(Uuid, PhantomData<fn() -> K>);

impl<K> Id<K> {
    /// A new id, later in order than every id this process made before.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place where ids are made"
    )]
    pub fn new() -> Self {
        Self::from_uuid(Uuid::now_v7())
    }

    /// Comes before every other id.
    pub const NIL: Self = Self::from_uuid(Uuid::nil());

    /// The id with this value.
    #[must_use]
    pub const fn from_uuid(value: Uuid) -> Self {
        Self(value, PhantomData)
    }

    /// The plain value, for places that hold ids of several kinds.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl<K> Default for Id<K> {
    fn default() -> Self {
        Self::new()
    }
}
impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<K> FromStr for Id<K> {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from_uuid(text.parse()?))
    }
}
impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}
impl<'de, K> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self::from_uuid(Uuid::deserialize(from)?))
    }
}
impl<K> utoipa::PartialSchema for Id<K> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
            .into()
    }
}
impl<K> utoipa::ToSchema for Id<K> {
    fn name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }
}

/// Declares the kinds of things that have ids, and the short name of each id.
macro_rules! kinds {
    ($($(#[$meta:meta])* $kind:ident => $id:ident),+ $(,)?) => {
        /// What an id can name. These types have no values; they only keep ids apart.
        pub mod kind {
            $($(#[$meta])* #[derive(Debug)] pub enum $kind {})+
        }
        $($(#[$meta])* pub type $id = Id<kind::$kind>;)+
    };
}

kinds! {
    /// A municipality ("kommune") that uses this installation.
    Municipality => MunicipalityId,
    /// A user account of an employee.
    User => UserId,
    /// A team of the municipality that handles cases ("enhet").
    Unit => UnitId,
    /// A relation by which an employee is partial ("tilknytning").
    Relation => RelationId,
    /// An organisation whose programs may call a municipality ("konsument").
    Machine => MachineId,
    /// Whoever acts and is no part of the service: a user or a machine.
    Actor => ActorId,
    /// An issuer that vouches for a municipality's employees.
    IdentityProvider => IdentityProviderId,
    /// An agreement by which an organisation's programs may see or do something.
    DataAgreement => DataAgreementId,
    /// An access to a case in an emergency ("nødtilgang").
    Emergency => EmergencyId,
    /// A leader's written exception from impartiality.
    Exception => ExceptionId,
    /// A sign-in session.
    Session => SessionId,
    /// A natural person.
    Person => PersonId,
    /// A household ("husstand").
    Household => HouseholdId,
    /// A household's housing situation over a period ("boligsituasjon").
    Situation => SituationId,
    /// A lettable unit ("utleieenhet").
    Dwelling => DwellingId,
    /// An agreement under which homes are let ("tilvisningsavtale", "tildelingsavtale", "innleieavtale").
    Agreement => AgreementId,
    /// An inspection of a home ("tilsyn").
    Inspection => InspectionId,
    /// Something that an inspection found ("avvik").
    Finding => FindingId,
    /// That a home is let although its inspection bars it.
    Override => OverrideId,
    /// A version of the numbers by which the stock is kept and let.
    Policy => PolicyId,
    /// A plan to demolish homes ("rivingsplan").
    DemolitionPlan => DemolitionPlanId,
    /// A unit of the cadastre with what stands on it ("eiendom").
    Property => PropertyId,
    /// An agreement by which a private owner lets to those whom the municipality refers ("tilvisningsavtale").
    ReferralAgreement => ReferralAgreementId,
    /// A measure of the municipal housing plan ("tiltak").
    Measure => MeasureId,
    /// What an applicant was told while nothing was decided.
    Reply => ReplyId,
    /// An exception from a criterion that was assessed ("unntaksvurdering").
    CriterionException => CriterionExceptionId,
    /// A version of a municipality's allocation rules ("regelsett").
    RuleSet => RuleSetId,
    /// A plan over all vacant homes ("tildelingsforslag").
    MatchingRun => MatchingRunId,
    /// One line of such a plan.
    MatchingProposal => MatchingProposalId,
    /// An application, the case itself ("søknad").
    Application => ApplicationId,
    /// An application that somebody is still writing ("kladd").
    Draft => DraftId,
    /// An administrative decision ("vedtak").
    Decision => DecisionId,
    /// An offer of a home ("tilbud").
    Offer => OfferId,
    /// A letter to somebody ("brev").
    Letter => LetterId,
    /// Somebody who speaks for a party in a case ("fullmektig", "verge").
    Representation => RepresentationId,
    /// A body to which cases may be sent on ("instans").
    ReceivingBody => ReceivingBodyId,
    /// A time during which a household stands aside on the waiting list.
    Pause => PauseId,
    /// A priority group given by an outcome ("fortrinn").
    Precedence => PrecedenceId,
    /// A meeting of the allocation team ("tildelingsmøte").
    Meeting => MeetingId,
    /// A case or home on the agenda of a meeting ("saksliste").
    AgendaItem => AgendaItemId,
    /// An appeal ("klage").
    Appeal => AppealId,
    /// A home held for a household ("tildeling").
    Allocation => AllocationId,
    /// A tenancy ("leieforhold").
    Tenancy => TenancyId,
    /// That a lease runs on by a decision ("forlengelse").
    Renewal => RenewalId,
    /// That an employee be given a role by a second administrator's approval.
    RoleRequest => RoleRequestId,
    /// A rule for how long something is kept ("bevaringsregel").
    RetentionRule => RetentionRuleId,
    /// A reason for which nothing of a person may be erased for a while.
    LegalHold => LegalHoldId,
    /// A restriction of the processing of a person's data.
    Restriction => RestrictionId,
    /// The erasure of a person's data ("sletting").
    Erasure => ErasureId,
    /// Something that somebody has to do by a day ("oppgave").
    Task => TaskId,
    /// Whatever a task is about; of which kind it is stands beside it.
    Topic => TopicId,
    /// A running instance of the service.
    Instance => InstanceId,
    /// Somebody referred by NAV ("henvisning").
    Referral => ReferralId,
    /// Somebody who offers places for temporary accommodation.
    ShelterProvider => ShelterProviderId,
    /// A decision on temporary accommodation ("vedtak om midlertidig botilbud").
    ShelterDecision => ShelterDecisionId,
    /// A stay in temporary accommodation.
    Stay => StayId,
    /// A notice of arrears before a petition for eviction.
    Notice => NoticeId,
    /// A subscription to events.
    Webhook => WebhookId,
    /// An attempt to tell a subscriber of an event.
    Delivery => DeliveryId,
    /// Something that must leave the house.
    Message => MessageId,
    /// An entry of the audit log.
    Entry => EntryId,
    /// One request, across every service it touches ("Nav-Call-Id").
    Correlation => CallId,
}
