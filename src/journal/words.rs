//! What came in, in words that a reader of the archive understands.

use serde_json::Value;

use crate::applications::{ApplicationType, Needs};
use crate::people::MemberRole;
use crate::problem::Problem;

/// What was applied for.
pub(super) const fn kind(kind: ApplicationType) -> &'static str {
    match kind {
        ApplicationType::New => "Ny søknad",
        ApplicationType::Transfer => "Bytte av bolig",
        ApplicationType::Renewal => "Forlengelse av leieavtale",
        ApplicationType::Replacement => "Erstatningsbolig",
        ApplicationType::RefugeeSettlement => "Bosetting av flyktning",
        ApplicationType::ReferralFromService => "Henvisning fra en tjeneste",
        ApplicationType::AssistanceOnly => "Bistand uten bolig",
    }
}

/// What somebody is in the household.
pub(super) const fn role(role: MemberRole) -> &'static str {
    match role {
        MemberRole::Applicant => "Søker",
        MemberRole::CoApplicant => "Medsøker",
        MemberRole::Child => "Barn",
        MemberRole::OtherAdult => "Annen voksen",
    }
}

/// Needs as they were received, field by field; what was not said is left out.
pub(super) fn listed(needs: &Needs) -> Result<Vec<String>, Problem> {
    let fields = serde_json::to_value(needs);
    let fields = fields.map_err(|_| Problem::internal("needs cannot be written as JSON"))?;
    let Value::Object(fields) = fields else {
        return Ok(Vec::new());
    };
    let said = fields.into_iter().filter_map(|(field, value)| {
        let value = match value {
            Value::Null => return None,
            Value::Array(items) if items.is_empty() => return None,
            Value::String(text) => text,
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(plain).collect();
                items.join(", ")
            }
            other => other.to_string(),
        };
        Some(format!("{field}: {value}"))
    });
    Ok(said.collect())
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
