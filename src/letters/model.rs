//! The nouns of letters.

use std::collections::BTreeMap;
use std::fmt;

use crate::access::{Rooms, Statement};
use crate::clock::Instant;
use crate::codes;

codes! {
    /// What a letter is ("brevtype").
    pub enum LetterKind {
        /// A decision that grants, wholly or partly ("vedtak").
        Decision = "DECISION",
        /// A decision that refuses or dismisses ("avslag", "avvisning").
        Refusal = "REFUSAL",
        /// A decision by which a granted home lapses ("bortfall").
        Lapse = "LAPSE",
        /// No decision within the time: why, and when ("foreløpig svar").
        InterimReply = "INTERIM_REPLY",
        /// The date that was promised will not be kept ("forsinkelsesmelding").
        DelayNotice = "DELAY_NOTICE",
        /// Sent on to the body that is responsible ("oversending").
        ForwardingNotice = "FORWARDING_NOTICE",
        /// Which documents are lacking, and by when ("mangelbrev").
        DocumentsRequested = "DOCUMENTS_REQUESTED",
        /// The application is withdrawn, as was wished.
        WithdrawalConfirmed = "WITHDRAWAL_CONFIRMED",
        /// A home is offered ("tilbud").
        Offer = "OFFER",
        /// An offer is taken back by the municipality.
        OfferWithdrawn = "OFFER_WITHDRAWN",
        /// An appeal is not taken up ("avvisning av klage").
        AppealDismissed = "APPEAL_DISMISSED",
        /// The first instance holds its decision and hands the appeal over.
        AppealForwarded = "APPEAL_FORWARDED",
        /// What the appeal came to.
        AppealOutcome = "APPEAL_OUTCOME",
        /// What is kept of somebody was corrected ("retting", personvernforordningen art. 16).
        CorrectionMade = "CORRECTION_MADE",
        /// What somebody asked to have corrected stays as it is.
        CorrectionRefused = "CORRECTION_REFUSED",
    }
}

codes! {
    /// In which form of Norwegian a letter is written ("målform", språklova § 13).
    pub enum Language {
        /// "Bokmål".
        Bokmal = "NB",
        /// "Nynorsk".
        Nynorsk = "NN",
    }
}

impl Language {
    /// The language as HTML and PDF name it (BCP 47).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Bokmal => "nb",
            Self::Nynorsk => "nn",
        }
    }
}

codes! {
    /// A part of a letter; which of them a letter must have is said in `rules`.
    pub enum Part {
        /// What is decided or told.
        Conclusion = "CONCLUSION",
        /// What kind of home is given, and for how long.
        Home = "HOME",
        /// What the household must keep to, each with its purpose.
        Conditions = "CONDITIONS",
        /// The rules that were used.
        Rules = "RULES",
        /// The facts on which it rests.
        Facts = "FACTS",
        /// The main considerations of the discretion.
        Considerations = "CONSIDERATIONS",
        /// What is best for the children.
        Children = "CHILDREN",
        /// When the decision no longer holds.
        Premises = "PREMISES",
        /// Which other help there may be.
        Guidance = "GUIDANCE",
        /// That one may appeal, to whom, by when and how.
        AppealRight = "APPEAL_RIGHT",
        /// That one may see the documents of the case.
        Access = "ACCESS",
        /// Deferred execution, costs and legal aid.
        ExecutionAndCosts = "EXECUTION_AND_COSTS",
        /// Why it takes longer.
        Delay = "DELAY",
        /// When an answer can be expected.
        ExpectedOn = "EXPECTED_ON",
        /// Who is responsible now.
        ForwardedTo = "FORWARDED_TO",
        /// How to see the home before answering.
        Viewing = "VIEWING",
        /// How and by when to answer.
        Answer = "ANSWER",
        /// What follows from a no, or from silence.
        Consequence = "CONSEQUENCE",
        /// What happens next.
        NextSteps = "NEXT_STEPS",
        /// Which documents are lacking, and by when.
        Documents = "DOCUMENTS",
        /// That one may complain to the data protection authority, or go to court.
        Complaint = "COMPLAINT",
        /// Who handled the case and can be asked.
        Contact = "CONTACT",
    }
}

impl Part {
    /// The provision that asks for it.
    #[must_use]
    pub const fn statute(self) -> &'static str {
        match self {
            Self::Conclusion => "forvaltningsloven § 23",
            Self::Home => "boligsosialloven § 7",
            Self::Conditions => "forvaltningsloven § 27",
            Self::Rules => "forvaltningsloven § 25 første ledd",
            Self::Facts => "forvaltningsloven § 25 andre ledd",
            Self::Considerations => "forvaltningsloven § 25 tredje ledd",
            Self::Children => "barnekonvensjonen artikkel 3",
            Self::Premises => "forvaltningsloven § 35",
            Self::Guidance => "forvaltningsloven § 11",
            Self::AppealRight => "forvaltningsloven § 27 tredje ledd",
            Self::Access => "forvaltningsloven § 27 tredje ledd, jf. §§ 18 og 19",
            Self::ExecutionAndCosts => "forvaltningsloven § 27 tredje ledd, jf. §§ 36 og 42",
            Self::Delay | Self::ExpectedOn => "forvaltningsloven § 11 a",
            Self::ForwardedTo => "forvaltningsloven § 11 fjerde ledd",
            Self::Viewing | Self::Answer | Self::Consequence => "forvaltningsloven § 11",
            Self::NextSteps => "forvaltningsloven § 33",
            Self::Documents => "forvaltningsloven § 17",
            Self::Complaint => "personvernforordningen art. 12 nr. 4",
            Self::Contact => "forvaltningsloven § 11",
        }
    }
}

codes! {
    /// What a template can ask to be filled in.
    pub enum Field {
        /// The municipality's name.
        Municipality = "MUNICIPALITY",
        /// The applicant's name.
        Applicant = "APPLICANT",
        /// The day on which the application was received.
        ReceivedOn = "RECEIVED_ON",
        /// What is decided, in a sentence or two.
        Conclusion = "CONCLUSION",
        /// The kind, size and place of the home.
        Home = "HOME",
        /// How long the lease runs, in months.
        LeaseMonths = "LEASE_MONTHS",
        /// The rent a month.
        Rent = "RENT",
        /// The conditions, each with its purpose.
        Conditions = "CONDITIONS",
        /// The rules that were used.
        Rules = "RULES",
        /// The facts.
        Facts = "FACTS",
        /// The considerations.
        Considerations = "CONSIDERATIONS",
        /// What is best for the children.
        Children = "CHILDREN",
        /// The body that decides an appeal.
        AppealBody = "APPEAL_BODY",
        /// How many weeks there are for an appeal.
        AppealWeeks = "APPEAL_WEEKS",
        /// Why it takes longer.
        DelayReason = "DELAY_REASON",
        /// The day by which an answer can be expected.
        ExpectedOn = "EXPECTED_ON",
        /// The day that was promised before.
        PromisedOn = "PROMISED_ON",
        /// The body to which the case was sent.
        ForwardedTo = "FORWARDED_TO",
        /// The documents that are lacking.
        Documents = "DOCUMENTS",
        /// The day by which they are asked for.
        DueOn = "DUE_ON",
        /// When and how the home can be seen.
        Viewing = "VIEWING",
        /// How many days there are for an answer.
        AnswerDays = "ANSWER_DAYS",
        /// What follows from a no, or from silence.
        Consequence = "CONSEQUENCE",
        /// Why an offer or appeal ends so.
        Reason = "REASON",
        /// The day on which the appeal was received.
        AppealReceivedOn = "APPEAL_RECEIVED_ON",
        /// What the first instance says to the appeal.
        Assessment = "ASSESSMENT",
        /// Who handled the case.
        Handler = "HANDLER",
        /// The name of whom a correction is about.
        Person = "PERSON",
        /// What was corrected, or was asked to be.
        Corrected = "CORRECTED",
    }
}

codes! {
    /// What is filed in the archive.
    pub enum FiledDocument {
        /// A letter that was sent.
        Letter = "LETTER",
        /// An application that was received.
        Application = "APPLICATION",
        /// An appeal that was received.
        Appeal = "APPEAL",
    }
}

codes! {
    /// By which way a letter goes.
    pub enum Channel {
        /// To the digital mailbox.
        Digital = "DIGITAL",
        /// By post.
        Post = "POST",
        /// Handed over.
        InPerson = "IN_PERSON",
    }
}

codes! {
    /// By what it is proved that a letter arrived.
    pub enum ProofOfReceipt {
        /// It was opened in the digital mailbox.
        ReadDigitally = "READ_DIGITALLY",
        /// It can be opened in the digital mailbox, and the recipient was told (eForvaltningsforskriften § 8).
        DeliveredDigitally = "DELIVERED_DIGITALLY",
        /// Somebody signed for it.
        SignedFor = "SIGNED_FOR",
        /// It was handed over.
        HandedOver = "HANDED_OVER",
        /// The ordinary course of the post has passed and it did not come back.
        PostalCourse = "POSTAL_COURSE",
    }
}

/// What a letter is filled with: one text, or several for a list. Personal data.
#[derive(Clone, Default)]
pub struct Values {
    texts: BTreeMap<Field, Vec<String>>,
    /// The compartments in which lies what they say.
    rooms: Rooms,
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Values(redacted)")
    }
}

impl Values {
    /// With this text for a field.
    #[must_use]
    pub fn with(self, field: Field, text: impl Into<String>) -> Self {
        self.with_all(field, [text.into()])
    }

    /// With these texts for a field; blank ones count as not given.
    #[must_use]
    pub fn with_all(mut self, field: Field, texts: impl IntoIterator<Item = String>) -> Self {
        let given: Vec<String> = texts
            .into_iter()
            .filter(|text| !text.trim().is_empty())
            .collect();
        if !given.is_empty() {
            self.texts.insert(field, given);
        }
        self
    }

    /// With what somebody has written for a field: the letter lies where that does.
    #[must_use]
    pub fn with_said(self, field: Field, said: &Statement) -> Self {
        self.with(field, said.text.as_str()).lying_in(&said.rooms)
    }

    /// Saying what lies in these compartments too.
    #[must_use]
    pub(super) fn lying_in(self, rooms: &Rooms) -> Self {
        let rooms = self.rooms.clone().and(rooms);
        Self { rooms, ..self }
    }

    pub(super) const fn rooms(&self) -> &Rooms {
        &self.rooms
    }

    pub(super) fn find(&self, field: Field) -> Option<&[String]> {
        self.texts.get(&field).map(Vec::as_slice)
    }
}

/// A letter, ready to be set: what HTML and PDF are made from.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Document {
    /// In which form of Norwegian.
    pub(super) language: Language,
    /// When it was written.
    pub(super) written_at: Instant,
    /// The heading of the whole.
    pub(super) title: String,
    /// Who writes.
    pub(super) sender: String,
    /// Name and address of whoever it is sent to, line by line.
    pub(super) recipient: Vec<String>,
    /// Date, reference and the like, line by line.
    pub(super) particulars: Vec<String>,
    /// The parts, in order.
    pub(super) sections: Vec<Section>,
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Document(redacted)")
    }
}

impl Document {
    /// Everything that it says.
    pub(super) fn words(&self) -> Vec<&str> {
        let blocks = self.sections.iter().flat_map(|section| &section.blocks);
        blocks
            .flat_map(|block| match block {
                Block::Paragraph(text) => std::slice::from_ref(text).iter(),
                Block::List(items) => items.iter(),
            })
            .map(String::as_str)
            .collect()
    }
}

/// A part of a letter, with its heading.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Section {
    /// Which part it is.
    pub(super) part: Part,
    /// Its heading.
    pub(super) heading: String,
    /// What it says.
    pub(super) blocks: Vec<Block>,
}

impl fmt::Debug for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Section({})", self.part)
    }
}

/// A paragraph or a list.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// A paragraph.
    Paragraph(String),
    /// A list of items.
    List(Vec<String>),
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Block(redacted)")
    }
}
