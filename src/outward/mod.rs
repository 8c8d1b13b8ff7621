//! Calls to the world outside: bounded in time, without redirects, and never to where nobody may be sent.
//!
//! **Invariants.** Where subscribers name an address, it is looked up once, judged, and connected to: what was judged is what is
//! connected to ([`Guard`]). No proxy of the environment stands in between.
//!
//! **Not here.** What is said to whom; see `webhooks` and `registers`.

mod guard;
mod network;

pub use guard::{Guard, LookUp, Refused};
pub use network::is_public;

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};

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
