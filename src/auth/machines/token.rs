//! What Maskinporten's access tokens say (docs.digdir.no, "Tokens fra Maskinporten").

use serde::Deserialize;

use crate::auth::issuer::Issuer;
use crate::auth::policy::Scope;
use crate::clock::Instant;
use crate::organisation_number::OrganisationNumber;
use crate::problem::{Problem, UNAUTHENTICATED};

/// The register by which tokens name organisations.
const AUTHORITY: &str = "iso6523-actorid-upis";

/// Whose program calls, and for what its token is good.
#[derive(Debug, Clone)]
pub(in crate::auth) struct MachineToken {
    /// In whose name it calls.
    pub(in crate::auth) consumer: OrganisationNumber,
    /// Who runs it for the consumer, if another.
    pub(in crate::auth) supplier: Option<OrganisationNumber>,
    /// The scopes of ours that the token names.
    pub(in crate::auth) scopes: Vec<Scope>,
}

#[derive(Deserialize)]
struct Claims {
    scope: String,
    consumer: Party,
    supplier: Option<Party>,
}

#[derive(Deserialize)]
struct Party {
    authority: String,
    #[serde(rename = "ID")]
    id: String,
}

impl Party {
    fn number(&self) -> Option<OrganisationNumber> {
        let known = self.authority == AUTHORITY;
        known
            .then(|| OrganisationNumber::from_iso6523(&self.id).ok())
            .flatten()
    }
}

/// What an access token of this issuer says, if all of it holds.
pub(in crate::auth) async fn check(
    issuer: &Issuer,
    token: &str,
    now: Instant,
) -> Result<MachineToken, Problem> {
    let refused = || Problem::new(&UNAUTHENTICATED);
    let claims: Claims = issuer.verify(token, now).await?;
    let supplier = match &claims.supplier {
        None => None,
        Some(party) => Some(party.number().ok_or_else(refused)?),
    };
    Ok(MachineToken {
        consumer: claims.consumer.number().ok_or_else(refused)?,
        supplier,
        // Scopes of others are none of our business.
        scopes: claims
            .scope
            .split(' ')
            .filter_map(|scope| scope.parse().ok())
            .collect(),
    })
}
