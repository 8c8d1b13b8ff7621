//! Fetches what an issuer publishes: little, soon, from where it said, and nothing else.

use std::time::Duration;

use serde::Deserialize;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

use super::keys::{self, Key};

/// How long an issuer may take for one document.
const PATIENCE: Duration = Duration::from_secs(4);
/// The largest document that is read.
const DOCUMENT_BYTES_MAX: u64 = 256 * 1024;

/// What an issuer says of itself (RFC 8414, `OpenID` Connect Discovery).
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

/// Asks issuers. Whom the machine trusts is trusted, so also a municipality's own certificate authority.
pub(super) fn agent() -> Agent {
    let tls = TlsConfig::builder()
        .provider(TlsProvider::NativeTls)
        .root_certs(RootCerts::PlatformVerifier)
        .build();
    Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .user_agent(concat!("rettbolig/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent()
}

/// The keys that an issuer publishes now.
pub(super) fn keys_of(agent: &Agent, issuer: &str, metadata: &str) -> Result<Vec<Key>, String> {
    let document = get(agent, metadata)?;
    let told: Metadata =
        serde_json::from_slice(&document).map_err(|_| "its metadata is none".to_owned())?;
    if told.issuer != issuer {
        return Err("its metadata is another issuer's".to_owned());
    }
    if !is_safe(&told.jwks_uri) {
        return Err("its keys are not published over https".to_owned());
    }
    let keys = keys::read(&get(agent, &told.jwks_uri)?);
    if keys.is_empty() {
        return Err("it publishes no key that we can use".to_owned());
    }
    Ok(keys)
}

fn get(agent: &Agent, url: &str) -> Result<Vec<u8>, String> {
    let mut answer = agent.get(url).call().map_err(|error| error.to_string())?;
    let body = answer.body_mut().with_config().limit(DOCUMENT_BYTES_MAX);
    body.read_to_vec().map_err(|error| error.to_string())
}

/// Whether nobody between can change what is fetched from here: by TLS, or because it never leaves the machine.
pub(super) fn is_safe(url: &str) -> bool {
    let local = ["http://127.0.0.1:", "http://[::1]:", "http://localhost:"];
    let has_user = url.split('/').nth(2).is_none_or(|host| host.contains('@'));
    (url.starts_with("https://") || local.iter().any(|start| url.starts_with(start))) && !has_user
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tls_and_the_own_machine_are_safe() {
        assert!(is_safe("https://maskinporten.no/jwk"));
        assert!(is_safe("http://127.0.0.1:8081/jwks"));
        assert!(!is_safe("http://maskinporten.no/jwk"));
        assert!(!is_safe("http://localhost.evil.example/jwk"));
        assert!(!is_safe("http://127.0.0.1:80@evil.example/jwk"));
        assert!(!is_safe("file:///etc/passwd"));
    }
}
