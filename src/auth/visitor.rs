//! Somebody at the door, before it is known who: the request, and from where it comes.

use std::net::IpAddr;

use crate::correlation::Correlation;

/// A request of somebody who is not signed in yet.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The request, across services.
    pub correlation: Correlation,
    /// The client's address, as far as our own proxies vouch for it.
    pub address: IpAddr,
}
