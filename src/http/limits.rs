//! How often somebody may ask: per caller and per address, told in the headers of the IETF draft on rate limit fields.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::HttpRequest;
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use ipnet::IpNet;

use crate::ids::ActorId;
use crate::problem::{Problem, QUOTA_EXCEEDED};

/// All quotas are per minute.
const WINDOW_SECONDS: u32 = 60;
/// After so many checks, whoever has been silent is forgotten.
const TIDY_EVERY: u32 = 10_000;

/// Requests a minute; zero is no limit.
#[derive(Debug, Clone, Copy)]
pub struct Quotas {
    /// By one employee, or one organisation's programs.
    pub caller: u32,
    /// From one address.
    pub address: u32,
    /// From one address, of those that sign in or renew a sign-in.
    pub sign_in: u32,
}

impl Quotas {
    /// No limits.
    pub const NONE: Self = Self {
        caller: 0,
        address: 0,
        sign_in: 0,
    };
}

/// Proxies of the house: what they say of where a request comes from is believed, and nobody else's word is.
#[derive(Debug, Clone, Default)]
pub struct Proxies(pub Vec<IpNet>);

/// An address or a network of proxies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProxyNet(pub IpNet);

impl FromStr for ProxyNet {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let net = text.parse::<IpNet>();
        let net = net.or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        net.map(Self)
            .map_err(|_| "a proxy is an address or a network such as 10.0.0.0/8".to_owned())
    }
}

impl Proxies {
    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|net| net.contains(&address))
    }

    /// The client behind our proxies: read from the end, for only our own proxies' additions are true.
    fn client(&self, peer: IpAddr, forwarded: &str) -> IpAddr {
        let mut client = peer;
        for hop in forwarded.rsplit(',').map(str::trim) {
            if !self.has(client) {
                break;
            }
            match hop.parse() {
                Ok(address) => client = address,
                Err(_) => break,
            }
        }
        client
    }
}

type Limiter<K> =
    RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>;

struct Limit<K: std::hash::Hash + Eq + Clone> {
    name: &'static str,
    quota: u32,
    limiter: Limiter<K>,
    checks: AtomicU32,
}

impl<K: std::hash::Hash + Eq + Clone> Limit<K> {
    fn new(name: &'static str, a_minute: u32) -> Option<Self> {
        let quota = Quota::per_minute(NonZeroU32::new(a_minute)?);
        let limiter = RateLimiter::keyed(quota);
        Some(Self {
            name,
            quota: a_minute,
            limiter: limiter.with_middleware::<StateInformationMiddleware>(),
            checks: AtomicU32::new(0),
        })
    }

    fn take(&self, key: &K) -> Taken {
        if self.checks.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.limiter.retain_recent();
        }
        let (left, wait) = match self.limiter.check_key(key) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(until) => {
                let wait = until.wait_time_from(DefaultClock::default().now());
                let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
                (0, Some(seconds.saturating_add(1)))
            }
        };
        Taken {
            name: self.name,
            quota: self.quota,
            left,
            wait,
        }
    }
}

/// One request taken from a quota, or refused by it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken {
    name: &'static str,
    quota: u32,
    left: u32,
    /// Seconds until there is one again.
    wait: Option<u32>,
}

impl Taken {
    /// `RateLimit-Policy` and `RateLimit`.
    pub(super) fn headers(self) -> [(&'static str, String); 2] {
        let Self {
            name, quota, left, ..
        } = self;
        // A spent quota fills up evenly.
        let until_full = (quota - left.min(quota)).saturating_mul(WINDOW_SECONDS) / quota.max(1);
        [
            (
                "ratelimit-policy",
                format!("\"{name}\";q={quota};w={WINDOW_SECONDS}"),
            ),
            ("ratelimit", format!("\"{name}\";r={left};t={until_full}")),
        ]
    }

    pub(super) fn must_be_left(self) -> Result<(), Problem> {
        match self.wait {
            None => Ok(()),
            Some(_) => Err(Problem {
                retry_after_seconds: self.wait,
                ..Problem::new(&QUOTA_EXCEEDED)
            }),
        }
    }
}

/// The limits of one instance of the service.
pub struct RateLimits {
    caller: Option<Limit<ActorId>>,
    address: Option<Limit<IpAddr>>,
    sign_in: Option<Limit<IpAddr>>,
    proxies: Proxies,
}

impl std::fmt::Debug for RateLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RateLimits")
    }
}

impl RateLimits {
    /// Limits of these quotas, behind these proxies.
    #[must_use]
    pub fn new(quotas: Quotas, proxies: Proxies) -> Self {
        Self {
            caller: Limit::new("caller", quotas.caller),
            address: Limit::new("address", quotas.address),
            sign_in: Limit::new("sign-in", quotas.sign_in),
            proxies,
        }
    }

    /// From where a request comes.
    pub(super) fn client(&self, request: &HttpRequest) -> IpAddr {
        // Without a peer there is no connection; all such are one client.
        let peer = request.peer_addr();
        let peer = peer.map_or(IpAddr::from([0; 4]), |it| it.ip().to_canonical());
        let forwarded = request.headers().get("X-Forwarded-For");
        match forwarded.and_then(|it| it.to_str().ok()) {
            Some(forwarded) => self.proxies.client(peer, forwarded),
            None => peer,
        }
    }

    /// Takes a request of this address from its quota, if there is one.
    pub(super) fn of_address(&self, address: IpAddr, signs_in: bool) -> Option<Taken> {
        let limit = if signs_in {
            &self.sign_in
        } else {
            &self.address
        };
        // A client of IPv6 has a whole network to itself.
        let key = match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(v6) => IpAddr::from((v6.to_bits() & (u128::MAX << 64)).to_be_bytes()),
        };
        limit.as_ref().map(|limit| limit.take(&key))
    }

    /// Takes a request of this caller from its quota, if there is one.
    pub(super) fn of_caller(&self, caller: ActorId) -> Option<Taken> {
        self.caller.as_ref().map(|limit| limit.take(&caller))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_proxies_are_believed() {
        let proxies = Proxies(vec!["10.0.0.0/8".parse().unwrap()]);
        let client = |peer: &str, forwarded: &str| {
            let client = proxies.client(peer.parse().unwrap(), forwarded);
            client.to_string()
        };
        assert_eq!(client("192.0.2.1", "203.0.113.9"), "192.0.2.1");
        assert_eq!(client("10.0.0.1", "203.0.113.9"), "203.0.113.9");
        // What the client wrote itself stands before what our proxy added.
        assert_eq!(client("10.0.0.1", "1.1.1.1, 203.0.113.9"), "203.0.113.9");
        assert_eq!(client("10.0.0.1", "203.0.113.9, 10.0.0.2"), "203.0.113.9");
        assert_eq!(client("10.0.0.1", "not an address"), "10.0.0.1");
    }

    #[test]
    fn a_spent_quota_says_when_to_come_back() {
        let limits = RateLimits::new(
            Quotas {
                caller: 2,
                ..Quotas::NONE
            },
            Proxies::default(),
        );
        let (kari, ola) = (ActorId::new(), ActorId::new());
        let first = limits.of_caller(kari).unwrap();
        assert_eq!(
            first.headers().map(|(_, value)| value),
            ["\"caller\";q=2;w=60", "\"caller\";r=1;t=30"]
        );
        limits.of_caller(kari).unwrap().must_be_left().unwrap();
        let refused = limits.of_caller(kari).unwrap().must_be_left().unwrap_err();
        assert!((1..=31).contains(&refused.retry_after_seconds.unwrap()));
        limits.of_caller(ola).unwrap().must_be_left().unwrap();
        assert!(
            limits
                .of_address(IpAddr::from([127, 0, 0, 1]), false)
                .is_none()
        );
    }
}
