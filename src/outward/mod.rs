//! Calls to the world outside: bounded in time, without redirects, and never to where nobody may be sent.
//!
//! **Invariants.** Where subscribers name an address, it is looked up once, judged, and connected to: what was judged is what is
//! connected to ([`Guard`]). No proxy of the environment stands in between. An answer is read up to a bound and no further.
//!
//! **Not here.** What is said to whom; see `webhooks` and `registers`.

mod guard;
mod network;

pub use guard::{Guard, LookUp, Refused};
pub use network::is_public;

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response};

/// How long a connection may take to be there.
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);

/// What every client of the house has in common.
pub(crate) fn builder(patience: Duration) -> ClientBuilder {
    Client::builder()
        .connect_timeout(CONNECT_PATIENCE)
        .timeout(patience)
        .redirect(Policy::none())
        .no_proxy()
        .user_agent(concat!("rettbolig/", env!("CARGO_PKG_VERSION")))
}

/// Why an answer could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// Longer than it may be.
    #[error("the answer is too long")]
    TooLong,
    /// It ended before it was whole, or did not come in time.
    #[error("the answer was cut off")]
    CutOff,
}

/// Reads an answer of at most so many bytes.
pub(crate) async fn read(mut response: Response, bytes_max: usize) -> Result<Vec<u8>, Unread> {
    let mut read = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|_| Unread::CutOff)? {
        if read.len() + part.len() > bytes_max {
            return Err(Unread::TooLong);
        }
        read.extend_from_slice(&part);
    }
    Ok(read)
}
