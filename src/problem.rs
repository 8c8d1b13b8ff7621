//! The one shape in which anything is refused or fails: RFC 9457, with a stable code and two languages.
//!
//! The kernel's own problems stand here; each slice declares its refusals with [`refusals!`](crate::refusals). Codes are for ever.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// A kind of problem: what the client can rely on.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// HTTP status.
    pub status: u16,
    /// Stable code in snake case.
    pub code: &'static str,
    /// What it means, in Norwegian.
    pub nb: &'static str,
    /// What it means, in English.
    pub en: &'static str,
}

/// One faulty field. Never carries the value that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldFault {
    /// JSON pointer (RFC 6901) into the body, or `/query/name`, or `/header/name`.
    pub pointer: String,
    /// Stable code of what is wrong with it.
    pub code: &'static str,
    /// What is wrong, in English.
    pub title: String,
    /// What is wrong, in Norwegian.
    pub title_nb: String,
}

impl FieldFault {
    /// A fault of the field at a JSON pointer.
    pub fn new(
        pointer: impl Into<String>,
        code: &'static str,
        nb: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self {
            pointer: pointer.into(),
            code,
            title: en.into(),
            title_nb: nb.into(),
        }
    }
}

/// Anything that ends a request without its effect.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What the client is told.
    pub kind: &'static Kind,
    /// The fields concerned.
    pub errors: Vec<FieldFault>,
    /// Further facts that help the client, such as the present state. No personal data.
    pub facts: BTreeMap<&'static str, Value>,
    /// Seconds after which trying again makes sense.
    pub retry_after_seconds: Option<u32>,
    /// Whether the database asked for the same transaction once more.
    pub is_retryable: bool,
    /// What happened, for the log only.
    pub cause: Option<String>,
}

impl Problem {
    /// A problem of this kind.
    #[must_use]
    pub const fn new(kind: &'static Kind) -> Self {
        Self {
            kind,
            errors: Vec::new(),
            facts: BTreeMap::new(),
            retry_after_seconds: None,
            is_retryable: false,
            cause: None,
        }
    }

    /// A fault of ours; the client learns only that it is one.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self {
            cause: Some(cause.into()),
            ..Self::new(&INTERNAL)
        }
    }

    /// The service cannot take this now.
    pub fn busy(cause: impl Into<String>) -> Self {
        Self {
            cause: Some(cause.into()),
            retry_after_seconds: Some(1),
            ..Self::new(&BUSY)
        }
    }

    /// The fields that are not as they must be; all of them at once.
    #[must_use]
    pub fn invalid(errors: Vec<FieldFault>) -> Self {
        Self {
            errors,
            ..Self::new(&INVALID)
        }
    }

    /// Names a field concerned.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        let kind = self.kind;
        self.errors
            .push(FieldFault::new(pointer, kind.code, kind.nb, kind.en));
        self
    }

    /// Adds a fact for the client.
    #[must_use]
    pub fn fact(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.facts.insert(name, value.into());
        self
    }

    /// Whether this is a fault of the service and not of the request.
    #[must_use]
    pub const fn is_fault(&self) -> bool {
        self.kind.status >= 500
    }

    /// The body that is sent, without the members that belong to one request.
    #[must_use]
    pub fn body(&self, instance: &str) -> Value {
        let mut body = serde_json::json!({
            "type": format!("urn:rettbolig:problem:{}", self.kind.code),
            "title": self.kind.en,
            "titleNb": self.kind.nb,
            "status": self.kind.status,
            "code": self.kind.code,
            "instance": format!("urn:rettbolig:call:{instance}"),
        });
        if let Value::Object(members) = &mut body {
            if !self.errors.is_empty() {
                members.insert("errors".into(), serde_json::json!(self.errors));
            }
            for (name, value) in &self.facts {
                members.insert((*name).into(), value.clone());
            }
        }
        body
    }
}

/// Declares problem kinds as constants, and the list of all of them.
macro_rules! kinds {
    ($($name:ident = $status:literal $code:literal, $nb:literal, $en:literal;)+) => {
        $(#[doc = $en] pub const $name: Kind = Kind { status: $status, code: $code, nb: $nb, en: $en };)+
        /// The kernel's problems, for the documentation and for the guard that codes are unique.
        pub const KERNEL: &[&Kind] = &[$(&$name),+];
    };
}

kinds! {
    MALFORMED = 400 "malformed_json", "Kroppen er ikke gyldig JSON.", "The body is not valid JSON.";
    INVALID = 400 "invalid_fields", "Ett eller flere felter er ugyldige.", "One or more fields are not valid.";
    BAD_CURSOR = 400 "bad_cursor", "Sidepekeren er ugyldig.", "The cursor is not valid.";
    BAD_HEADER = 400 "bad_header", "En header er ugyldig.", "A header is not valid.";
    IDEMPOTENCY_KEY_MISSING = 400 "idempotency_key_missing", "Headeren Idempotency-Key mangler.", "The Idempotency-Key header is missing.";
    MUNICIPALITY_NEEDED = 400 "municipality_needed", "Virksomheten har avtale med flere kommuner. Si hvilken i headeren Rettbolig-Municipality.", "The organisation has agreements with several municipalities. Name one in the Rettbolig-Municipality header.";
    UNAUTHENTICATED = 401 "unauthenticated", "Innlogging kreves.", "Sign-in is required.";
    BAD_CREDENTIALS = 401 "bad_credentials", "Brukernavn eller passord er feil.", "User name or password is wrong.";
    SECOND_FACTOR_MISSING = 401 "second_factor_missing", "Koden fra kodegeneratoren mangler.", "The code of the second factor is missing.";
    BAD_CODE = 401 "bad_code", "Koden er feil eller brukt før.", "The code is wrong or was used before.";
    STEP_UP_NEEDED = 401 "step_up_needed", "Bekreft på nytt hvem du er, og prøv igjen.", "Show again who you are, and try again.";
    IDENTITY_NOT_LINKED = 403 "identity_not_linked", "Ingen konto i kommunen er knyttet til denne innloggingen.", "No account of the municipality is linked to this identity.";
    SECOND_FACTOR_NEEDED = 403 "second_factor_needed", "Rollen krever innlogging med kodegenerator.", "The role needs a sign-in with a second factor.";
    FORBIDDEN = 403 "forbidden", "Rollen din gir ikke rett til dette.", "Your role does not permit this.";
    INSUFFICIENT_SCOPE = 403 "insufficient_scope", "Tilgangstokenet eller avtalen med kommunen gir ikke rett til dette.", "The access token or the agreement with the municipality does not permit this.";
    NO_AGREEMENT = 403 "no_agreement", "Virksomheten har ingen gjeldende avtale med kommunen.", "The organisation has no agreement in force with the municipality.";
    NOT_FOUND = 404 "not_found", "Finnes ikke.", "Does not exist.";
    METHOD_NOT_ALLOWED = 405 "method_not_allowed", "Metoden er ikke tillatt her.", "The method is not allowed here.";
    TIMEOUT = 408 "request_timeout", "Forespørselen kom ikke fram i tide.", "The request did not arrive in time.";
    CONFLICT = 409 "conflict", "Noen andre endret det samme samtidig.", "Somebody else changed the same thing at the same time.";
    IN_PROGRESS = 409 "idempotency_in_progress", "Samme forespørsel behandles allerede.", "The same request is being handled already.";
    ANSWER_WITHHELD = 409 "answer_withheld", "Forespørselen er utført, men svaret kan ikke gis på nytt: hva du kan se, er endret siden. Les ressursen.", "The request was done, but its answer cannot be given again: what you may see has changed since. Read the resource.";
    ERASED = 410 "erased", "Opplysningene er slettet.", "The data has been erased.";
    STALE = 412 "stale", "Ressursen er endret siden du leste den.", "The resource has changed since you read it.";
    TOO_LARGE = 413 "body_too_large", "Kroppen er for stor.", "The body is too large.";
    URI_TOO_LONG = 414 "uri_too_long", "Adressen er for lang.", "The address is too long.";
    UNSUPPORTED_MEDIA_TYPE = 415 "unsupported_media_type", "Innholdstypen må være application/json, eller en av dem som operasjonen tar.", "The content type must be application/json, or one of those that the operation takes.";
    KEY_REUSED = 422 "idempotency_key_reused", "Nøkkelen er brukt til en annen forespørsel.", "The key was used for a different request.";
    IF_MATCH_MISSING = 428 "if_match_missing", "Headeren If-Match mangler.", "The If-Match header is missing.";
    QUOTA_EXCEEDED = 429 "quota_exceeded", "For mange forespørsler. Vent litt før du prøver igjen.", "Too many requests. Wait a while before you try again.";
    TOO_MANY_ATTEMPTS = 429 "too_many_attempts", "For mange forsøk. Vent litt før du prøver igjen.", "Too many attempts. Wait a while before you try again.";
    INTERNAL = 500 "internal", "Noe gikk galt hos oss. Feilen er logget.", "Something went wrong on our side. It has been logged.";
    BUSY = 503 "busy", "Tjenesten er opptatt. Prøv igjen straks.", "The service is busy. Try again shortly.";
    STOPPING = 503 "stopping", "Tjenesten er på vei ned.", "The service is stopping.";
}

/// Declares the closed set of reasons for which a slice's rules refuse, each with status, code, Norwegian and English.
///
/// A refusal may name the field that it concerns (`at "/pointer"`).
#[macro_export]
macro_rules! refusals {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$vmeta:meta])* $variant:ident = $status:literal $code:literal, $nb:literal, $en:literal $(, at $pointer:literal)?;)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $vis enum $name { $($(#[$vmeta])* #[doc = $en] $variant),+ }

        impl $name {
            /// Every refusal of this slice.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// What the client is told.
            #[must_use]
            pub const fn kind(self) -> &'static $crate::problem::Kind {
                match self {
                    $(Self::$variant => &$crate::problem::Kind {
                        status: $status, code: $code, nb: $nb, en: $en,
                    }),+
                }
            }

            /// The field concerned, as a JSON pointer.
            #[must_use]
            pub const fn pointer(self) -> Option<&'static str> {
                match self { $(Self::$variant => $crate::refusals!(@pointer $($pointer)?)),+ }
            }
        }

        impl From<$name> for $crate::problem::Problem {
            fn from(refusal: $name) -> Self {
                let problem = Self::new(refusal.kind());
                match refusal.pointer() {
                    Some(pointer) => problem.at(pointer),
                    None => problem,
                }
            }
        }
    };
    (@pointer) => { None };
    (@pointer $pointer:literal) => { Some($pointer) };
}
