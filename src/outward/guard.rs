//! Calls addresses that others have named, and only those of the public internet or of networks that the settings allow.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url};

use super::network::is_public;

/// How long a call may take where nothing else is said.
const PATIENCE: Duration = Duration::from_secs(10);

/// How a name is looked up; the system's way, but for tests.
pub type LookUp = Arc<dyn Fn(&str) -> std::io::Result<Vec<IpAddr>> + Send + Sync>;

/// Why an address is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No address of the web, or one with credentials in it.
    #[error("not an address that can be called")]
    NoAddress,
    /// Not encrypted, and not within a network that the settings allow.
    #[error("an address must begin with https://")]
    NotEncrypted,
    /// Within a house: private, loopback, link-local or otherwise special.
    #[error("the address is not one of the public internet")]
    NotPublic,
}

/// Two clients: one for the public internet, one for allowed networks only. Each is made when it is first needed.
#[derive(Clone)]
pub struct Guard(Arc<Inner>);

struct Inner {
    allowed: Arc<[IpNet]>,
    patience: Duration,
    look_up: LookUp,
    encrypted: OnceLock<Option<Client>>,
    plain: OnceLock<Option<Client>>,
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Guard({:?})", self.0.allowed)
    }
}

impl Default for Guard {
    /// Lets calls out to the public internet only.
    fn default() -> Self {
        Self::new(Vec::new(), PATIENCE)
    }
}

impl Guard {
    /// A guard that lets calls out to the public internet and to these networks.
    #[must_use]
    pub fn new(allowed: Vec<IpNet>, patience: Duration) -> Self {
        let look_up: LookUp = Arc::new(|name| {
            let addresses = (name, 0).to_socket_addrs()?;
            Ok(addresses.map(|address| address.ip()).collect())
        });
        Self::with_look_up(allowed, patience, look_up)
    }

    /// The same with names looked up in another way.
    #[must_use]
    pub fn with_look_up(allowed: Vec<IpNet>, patience: Duration, look_up: LookUp) -> Self {
        Self(Arc::new(Inner {
            allowed: allowed.into(),
            patience,
            look_up,
            encrypted: OnceLock::new(),
            plain: OnceLock::new(),
        }))
    }

    /// Reads an address and judges what can be judged without looking its name up.
    pub fn read(&self, text: &str) -> Result<Url, Refused> {
        let url: Url = text.parse().map_err(|_| Refused::NoAddress)?;
        let is_web = matches!(url.scheme(), "https" | "http") && url.host_str().is_some();
        if !is_web || !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::NoAddress);
        }
        let is_encrypted = url.scheme() == "https";
        if !is_encrypted && self.0.allowed.is_empty() {
            return Err(Refused::NotEncrypted);
        }
        // A literal address is never looked up, so it is judged here.
        let host = url.host_str().unwrap_or_default();
        let literal = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = literal.parse::<IpAddr>() {
            let may = may_be_called(address, &self.0.allowed, is_encrypted);
            if !may {
                return Err(Refused::NotPublic);
            }
        }
        Ok(url)
    }

    /// The client that may call this address.
    #[must_use]
    pub fn client_for(&self, url: &Url) -> Option<&Client> {
        let inner = &self.0;
        let (client, public) = match url.scheme() {
            "https" => (&inner.encrypted, true),
            _ => (&inner.plain, false),
        };
        client.get_or_init(|| inner.client(public)).as_ref()
    }
}

impl Inner {
    fn client(&self, public: bool) -> Option<Client> {
        let resolver = Judging {
            allowed: Arc::clone(&self.allowed),
            public,
            look_up: Arc::clone(&self.look_up),
        };
        let made = super::builder(self.patience)
            .dns_resolver(Arc::new(resolver))
            // A connection that is kept was judged when it was made; names may have moved since.
            .pool_idle_timeout(Duration::from_secs(20))
            .build();
        made.inspect_err(|error| tracing::error!(%error, "no call can be made"))
            .ok()
    }
}

fn may_be_called(address: IpAddr, allowed: &[IpNet], public: bool) -> bool {
    (public && is_public(address))
        || allowed
            .iter()
            .any(|network| network.contains(&address.to_canonical()))
}

/// Looks a name up and hands on its addresses to be connected to, if all of them may be.
struct Judging {
    allowed: Arc<[IpNet]>,
    public: bool,
    look_up: LookUp,
}

impl Resolve for Judging {
    fn resolve(&self, name: Name) -> Resolving {
        let (allowed, public) = (Arc::clone(&self.allowed), self.public);
        let (look_up, name) = (Arc::clone(&self.look_up), name.as_str().to_owned());
        Box::pin(async move {
            let found = tokio::task::spawn_blocking(move || look_up(&name)).await??;
            // One address inside among others outside is how a name is made to lead inside.
            if !found.iter().all(|it| may_be_called(*it, &allowed, public)) {
                return Err(Refused::NotPublic.into());
            }
            let addresses = found.into_iter().map(|it| SocketAddr::new(it, 0));
            let addresses: Addrs = Box::new(addresses.collect::<Vec<_>>().into_iter());
            Ok(addresses)
        })
    }
}
