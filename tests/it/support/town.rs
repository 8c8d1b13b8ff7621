//! A municipality with a running service, and the people who work there.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use metrics_exporter_prometheus::PrometheusBuilder;
use rettbolig::audit::{Sealer, Trusted, Verifier};
use rettbolig::auth::{
    self, Caller, Cost, Issuer, NewAgreement, Passwords, Role, Scope, SignIn, Tokens, code_at,
};
use rettbolig::clock::{Clock, Instant};
use rettbolig::config::Secrets;
use rettbolig::db::{self, Db, Target};
use rettbolig::http::{InFlight, Kernel, Proxies, Quotas, RateLimits};
use rettbolig::ids::MunicipalityId;
use rettbolig::kit::{IdSource, Kit};
use rettbolig::national_id::Acceptance;
use rettbolig::outward::Guard;
use rettbolig::people::Following;
use rettbolig::registers::{Fake, Registers};
use rettbolig::{municipality, server};
use uuid::{Uuid, uuid};

use super::Bench;
use super::actor::Actor;
use super::issuer::{AUDIENCE, TestIssuer};

/// Stjørdal, the town of most tests.
pub(crate) const STJORDAL: MunicipalityId = id(uuid!("01900000-0000-7000-8000-000000005035"));
/// Oslo, which must never see Stjørdal's rows.
pub(crate) const OSLO: MunicipalityId = id(uuid!("01900000-0000-7000-8000-000000000301"));
/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse battery staple";
/// The secret of everybody's code generator, among those who need one.
pub(crate) const CODE_SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
/// Whose programs call.
pub(crate) const ORGANISATION: &str = "889640782";
/// The day on which every test begins: Monday 2 March 2026, noon in Norway.
const BEGIN_MICROS: i64 = 1_772_449_200_000_000;

/// How long a subscriber may take to answer.
const WEBHOOK_PATIENCE: Duration = Duration::from_secs(2);

const fn id(value: Uuid) -> MunicipalityId {
    MunicipalityId::from_uuid(value)
}

/// A municipality with a running service on a database of its own.
pub(crate) struct Town {
    pub(crate) address: String,
    pub(crate) bench: Bench,
    pub(crate) clock: Clock,
    pub(crate) db: Db,
    pub(crate) http: reqwest::Client,
    /// Plays Maskinporten.
    pub(crate) issuer: TestIssuer,
    /// Plays the registers.
    pub(crate) registers: Fake,
    /// Signs people in without asking them: how signing in is done is tested where that is the matter.
    door: SignIn,
}

impl Town {
    /// Starts the service.
    pub(crate) async fn open(bench: Bench) -> Self {
        Self::open_limited(bench, RateLimits::new(Quotas::NONE, Proxies::default())).await
    }

    /// The same, where nobody is shown by an older word of the population register than this.
    pub(crate) async fn open_asking(bench: Bench, lasts: SignedDuration) -> Self {
        let unlimited = RateLimits::new(Quotas::NONE, Proxies::default());
        let ask = move |registers: Registers| registers.with_protection_lasting(lasts);
        Self::open_with(bench, unlimited, ask).await
    }

    /// The same, where nobody may ask more often than this.
    pub(crate) async fn open_limited(bench: Bench, limits: RateLimits) -> Self {
        Self::open_with(bench, limits, |registers| registers).await
    }

    #[expect(
        clippy::unused_async,
        reason = "it needs the runtime on which it is awaited"
    )]
    async fn open_with(
        bench: Bench,
        limits: RateLimits,
        connect: impl FnOnce(Registers) -> Registers,
    ) -> Self {
        let target: Target = bench.database_url.parse().unwrap();
        let kit = kit();
        let clock = kit.clock.clone();
        let db = Db::open(&target, 8, kit).unwrap();
        let issuer = TestIssuer::start(clock.clone());
        let machines = Issuer::of_machines(&issuer.address(), AUDIENCE);
        let registers = Fake::start().unwrap();
        let kernel = Kernel {
            db: db.clone(),
            sign_in: sign_in().with_machines(Some(machines)),
            in_flight: InFlight::default(),
            registers: connect(registers.registers().unwrap()),
            limits,
        };
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let running = server::start(listener, 1, kernel, metrics).unwrap();
        let address = format!("http://{}", running.address);
        actix_web::rt::spawn(running.server);
        Self {
            address,
            bench,
            clock,
            db,
            http: reqwest::Client::new(),
            issuer,
            registers,
            door: sign_in(),
        }
    }

    /// A program of an organisation that has an agreement of this scope with Stjørdal, with a token for it.
    pub(crate) async fn machine(&self, scope: Scope) -> Actor {
        self.agree(STJORDAL, ORGANISATION, &[scope]).await;
        self.bearer(&self.issuer.token(ORGANISATION, scope.code()))
    }

    /// Agrees with an organisation that its programs may be let into these scopes from today.
    pub(crate) async fn agree(&self, town: MunicipalityId, organisation: &str, scopes: &[Scope]) {
        let agreement = NewAgreement {
            organisation: organisation.parse().unwrap(),
            name: "Avtale om prøve".to_owned(),
            scopes: scopes.iter().copied().collect(),
            valid_from: self.clock.today(),
            valid_until: None,
        };
        let by = Arc::new(Caller::system(town));
        let agreeing = self
            .db
            .write(&by, move |tx| auth::agree(tx, agreement.clone()));
        agreeing.await.unwrap();
    }

    /// Takes up what the registers tell, as the running service does by itself.
    pub(crate) async fn follow_registers(&self) {
        let registers = self.registers.registers().unwrap();
        let following = Following::new(self.db.clone(), registers);
        following.catch_up().await.unwrap();
    }

    /// Somebody in Stjørdal with this one role, signed in.
    pub(crate) async fn actor(&self, role: Role) -> Actor {
        self.sign_in(&username("stjordal", role, 1)).await
    }

    /// Another person with the same role.
    pub(crate) async fn another(&self, role: Role) -> Actor {
        self.sign_in(&username("stjordal", role, 2)).await
    }

    /// Somebody in Oslo with this one role, signed in.
    pub(crate) async fn stranger(&self, role: Role) -> Actor {
        self.sign_in(&username("oslo", role, 1)).await
    }

    /// Whoever has this user name, signed in with a second factor.
    pub(crate) async fn sign_in(&self, username: &str) -> Actor {
        let pass = self.door.vouch_for(&self.db, username, true).await.unwrap();
        Actor::new(self, Some(pass.access))
    }

    /// Whoever has this user name, signed in by a password alone.
    pub(crate) async fn sign_in_weakly(&self, username: &str) -> Actor {
        let pass = self
            .door
            .vouch_for(&self.db, username, false)
            .await
            .unwrap();
        Actor::new(self, Some(pass.access))
    }

    /// The code that everybody's second factor gives now.
    pub(crate) fn code(&self) -> String {
        code_at(CODE_SECRET, self.clock.now()).unwrap()
    }

    /// Somebody with this bearer token.
    pub(crate) fn bearer(&self, token: &str) -> Actor {
        Actor::new(self, Some(token.to_owned()))
    }

    /// Somebody who is not signed in.
    pub(crate) fn nobody(&self) -> Actor {
        Actor::new(self, None)
    }

    /// Seals all that the log holds until now, as the running service does by itself; tells how many entries that were.
    pub(crate) async fn seal(&self) -> usize {
        let sealer = Sealer::new(self.db.clone(), secrets().log_key);
        sealer.seal_waiting().await.unwrap()
    }

    /// Lets time pass.
    pub(crate) fn wait_days(&self, days: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * days));
    }
}

/// The user name of the first or second employee with a role.
pub(crate) fn username(town: &str, role: Role, number: u8) -> String {
    format!(
        "{}{number}@{town}.example",
        role.code().to_ascii_lowercase()
    )
}

/// Makes an empty database what every test expects to find: the schema, two municipalities, employees for every role.
pub(crate) fn furnish(database_url: &str) {
    let target: Target = database_url.parse().unwrap();
    db::migrate(&target).unwrap();
    let db = Db::open(&target, 1, kit()).unwrap();
    let hash = passwords().hash(&PASSWORD.to_owned().into()).unwrap();
    let towns = [(STJORDAL, "stjordal", "5035"), (OSLO, "oslo", "0301")];
    actix_web::rt::System::new().block_on(async {
        for (id, name, number) in towns {
            let (number, hash) = (number.parse().unwrap(), hash.clone());
            db.write(&Arc::new(Caller::system(id)), move |tx| {
                municipality::add(tx, number, name)?;
                rettbolig::forwarding::found(tx, name)?;
                for role in Role::ALL {
                    for person in [1, 2] {
                        let username = username(name, *role, person);
                        let user = auth::add_user(tx, &username, role.code(), &hash, &[*role])?;
                        if role.needs_second_factor() {
                            auth::give_second_factor(tx, user, &CODE_SECRET.to_owned().into())?;
                        }
                    }
                }
                Ok(())
            })
            .await
            .unwrap();
        }
    });
    db.close();
}

/// The tools of a service that stands still at the tests' first moment.
pub(crate) fn kit() -> Arc<Kit> {
    let Secrets {
        keys, index_key, ..
    } = secrets();
    let clock = Clock::manual(Instant::from_micros(BEGIN_MICROS));
    let national_ids = Acceptance::SYNTHETIC_PERSONS;
    Arc::new(Kit {
        clock,
        ids: IdSource::random(),
        keys,
        index_key,
        national_ids,
        guard: Guard::new(vec!["127.0.0.0/8".parse().unwrap()], WEBHOOK_PATIENCE),
        shelf: rettbolig::shelf::Shelf::default(),
        sequels: server::SEQUELS,
    })
}

fn sign_in() -> SignIn {
    let tokens = Tokens::new("https://rettbolig.example".into(), &secrets().signing_key).unwrap();
    SignIn::new(tokens, passwords())
}

fn passwords() -> Passwords {
    // As cheap as argon2 allows: what is tested is what is done with the answer.
    Passwords::new(
        secrets().pepper,
        Cost {
            memory_kib: 8,
            passes: 1,
        },
    )
    .unwrap()
}

/// Who trusts Stjørdal's log, trusts this key.
pub(crate) fn log_verifier() -> Verifier {
    secrets().log_key.verifiers("5035").unwrap().remove(0)
}

/// Whom an auditor of Stjørdal trusts.
pub(crate) fn trusted() -> Trusted {
    log_verifier().into()
}

/// The same for every test, so that the furnished database can be read.
pub(crate) fn secrets() -> Secrets {
    Secrets::read(&find_secret).unwrap()
}

/// A secret as the service takes it from its environment.
pub(crate) fn find_secret(name: &str) -> Option<String> {
    let key = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=";
    match name {
        "RETTBOLIG_KEY_ENCRYPTION_KEY" => Some(format!("test:{key}")),
        name if name.ends_with("_FILE") || name.ends_with("_COMMAND") => None,
        _ => Some(key.to_owned()),
    }
}
