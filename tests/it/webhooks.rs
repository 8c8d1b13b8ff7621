//! Subscribers are told by Standard Webhooks: signed, in order, at least once, whatever they answer; and nobody is called who may not be.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use rettbolig::auth::Role;
use rettbolig::outbox::Worker;
use rettbolig::outward::{Guard, LookUp};
use rettbolig::registers::Registers;
use rettbolig::server;
use rettbolig::webhooks::{SignatureFault, verify};
use serde_json::{Value, json};

use crate::events::place;
use crate::receiver::{Got, Receiver, Reply};
use crate::support::actor::{Actor, Answer};
use crate::support::given::home;
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// Gives events their places and delivers what is due.
pub(crate) async fn tell(town: &Town) {
    place(town).await;
    worker(town).deliver_due().await.unwrap();
}

fn worker(town: &Town) -> Worker {
    let letters = std::env::temp_dir().join("letters");
    let deliverers = server::deliverers(letters, &Registers::default());
    Worker::new(town.db.clone(), deliverers)
}

/// Subscribes a receiver to what happens to homes.
async fn subscribe(town: &Town, url: &str) -> Answer {
    let body = json!({"name": "FDV", "url": url, "audience": "FACILITIES"});
    let admin = town.actor(Role::Admin).await;
    admin.post("/webhooks", &body).await.ok()
}

/// Registers so many homes: as many events.
async fn register(town: &Town, numbers: std::ops::Range<u16>) {
    let manager = town.actor(Role::HousingManager).await;
    for number in numbers {
        manager.post("/dwellings", &home(1, number + 1)).await.ok();
    }
}

fn sequences(got: &[Got]) -> Vec<u32> {
    let sequence = |got: &Got| got.json()["sequence"].as_str().unwrap().parse().unwrap();
    let mut all: Vec<u32> = got.iter().map(sequence).collect();
    all.sort_unstable();
    all
}

/// Checks a request as a receiver does: with nothing but the subscription's keys.
async fn is_signed(admin: &Actor, id: &str, got: &Got, now: i64) -> Result<(), SignatureFault> {
    let secret = admin.get(&format!("/webhooks/{id}/secret")).await.ok().body;
    let text = |name: &str| secret[name].as_str().unwrap().to_owned();
    let (message, time) = (got.header("webhook-id"), got.header("webhook-timestamp"));
    let signatures = got.header("webhook-signature");
    let shared = STANDARD
        .decode(text("secret").strip_prefix("whsec_").unwrap())
        .unwrap();
    let content = format!("{message}.{time}.{}", got.body);
    let key = hmac_sha256(&shared, content.as_bytes());
    assert!(
        signatures.split(' ').any(|it| it == format!("v1,{key}")),
        "{signatures}"
    );
    let public = STANDARD
        .decode(text("publicKey").strip_prefix("whpk_").unwrap())
        .unwrap();
    let public = ed25519_dalek::VerifyingKey::from_bytes(&public.try_into().unwrap()).unwrap();
    verify(
        &public,
        message,
        time.parse().unwrap(),
        now,
        &got.body,
        signatures,
    )
}

fn hmac_sha256(key: &[u8], content: &[u8]) -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    mac.update(content);
    STANDARD.encode(mac.finalize().into_bytes())
}

async fn a_subscriber_is_told_with_signatures(bench: Bench) {
    let town = Town::open(bench).await;
    let receiver = Receiver::open().await;
    let hook = subscribe(&town, &format!("{}/hook", receiver.url)).await;
    assert!(
        !hook.text.contains("whsec"),
        "a secret in an answer that is kept"
    );
    register(&town, 0..3).await;
    tell(&town).await;
    let got = receiver.take();
    assert_eq!(sequences(&got), [1, 2, 3]);
    let (admin, now) = (
        town.actor(Role::Admin).await,
        town.clock.now().timestamp().as_second(),
    );
    for one in &got {
        assert_eq!(one.path, "/hook");
        assert_eq!(one.header("content-type"), "application/cloudevents+json");
        assert_eq!(one.header("webhook-id"), one.json()["id"]);
        assert_eq!(one.header("nav-call-id"), one.json()["correlationid"]);
        assert_eq!(is_signed(&admin, &hook.id(), one, now).await, Ok(()));
        // An old request that somebody sends again, and a receiver whose clock is wrong.
        let late = is_signed(&admin, &hook.id(), one, now + 301).await;
        assert_eq!(late, Err(SignatureFault::OutOfTime));
    }
    tell(&town).await;
    assert!(receiver.take().is_empty(), "told again");
    let path = format!("/webhooks/{}/deliveries", hook.id());
    let log = admin.get(&path).await.ok();
    let outcomes: Vec<&Value> = log.items().iter().map(|it| &it["outcome"]).collect();
    assert_eq!(outcomes, ["delivered"; 3]);
    assert_eq!(log.items()[0]["status"], 200);
}

async fn secrets_change_with_an_overlap(bench: Bench) {
    let town = Town::open(bench).await;
    let receiver = Receiver::open().await;
    let hook = subscribe(&town, &receiver.url).await;
    let admin = town.actor(Role::Admin).await;
    let secret = format!("/webhooks/{}/secret", hook.id());
    let old = admin.get(&secret).await.ok().body;
    let path = format!("/webhooks/{}/rotate-secret", hook.id());
    let rotated = admin
        .act(&path, hook.version(), &json!({"overlapHours": 2}))
        .await
        .ok();
    assert_ne!(admin.get(&secret).await.ok().body["secret"], old["secret"]);
    let now = || town.clock.now().timestamp().as_second();
    register(&town, 0..1).await;
    tell(&town).await;
    let both = receiver.take().remove(0);
    assert_eq!(both.header("webhook-signature").split(' ').count(), 4);
    is_signed(&admin, &hook.id(), &both, now()).await.unwrap();
    let shared = old["secret"]
        .as_str()
        .unwrap()
        .strip_prefix("whsec_")
        .unwrap();
    let content = format!(
        "{}.{}.{}",
        both.header("webhook-id"),
        both.header("webhook-timestamp"),
        both.body
    );
    let by_old = hmac_sha256(&STANDARD.decode(shared).unwrap(), content.as_bytes());
    assert!(both.header("webhook-signature").contains(&by_old));
    town.clock.advance(SignedDuration::from_hours(3));
    register(&town, 1..2).await;
    tell(&town).await;
    let alone = receiver.take().remove(0);
    assert_eq!(alone.header("webhook-signature").split(' ').count(), 2);
    let admin = town.actor(Role::Admin).await;
    let stale = admin.act(&path, hook.version(), &json!({})).await;
    stale.refused(412, "stale");
    assert_eq!(rotated.version(), 2);
}

/// What a receiver answers first, and whether and when it is told again.
async fn whatever_a_receiver_answers_it_is_told_in_the_end(bench: Bench) {
    let town = Town::open(bench).await;
    let answers: [(&str, Reply); 8] = [
        ("timeout", Reply::Hang(Duration::from_secs(30))),
        ("http_500", Reply::Status(500, "")),
        (
            "http_302",
            Reply::Status(302, "location: http://127.0.0.1:1/\r\n"),
        ),
        ("http_429", Reply::Status(429, "retry-after: 120\r\n")),
        ("http_503", Reply::Status(503, "")),
        ("no_answer", Reply::Raw(Vec::new())),
        ("no_answer", Reply::Raw(b"HTTP/1.1 200".to_vec())),
        (
            "no_answer",
            Reply::Raw(b"<html>not http</html>\r\n\r\n".to_vec()),
        ),
    ];
    let admin = town.actor(Role::Admin).await;
    for (number, (fault, reply)) in answers.into_iter().enumerate() {
        let receiver = Receiver::open().await;
        let hook = subscribe(&town, &receiver.url).await;
        let once = AtomicUsize::new(0);
        receiver.answers(move |_| match once.fetch_add(1, Ordering::Relaxed) {
            0 => reply.clone(),
            _ => Reply::Status(204, ""),
        });
        let number = u16::try_from(number).unwrap();
        register(&town, number..number + 1).await;
        tell(&town).await;
        let first = receiver.take();
        assert_eq!(first.len(), 1, "{fault}");
        town.clock.advance(SignedDuration::from_secs(60));
        tell(&town).await;
        if fault == "http_429" {
            assert!(receiver.take().is_empty(), "it asked for two minutes");
            town.clock.advance(SignedDuration::from_secs(61));
            tell(&town).await;
        }
        let second = receiver.take();
        assert_eq!(second.len(), 1, "{fault}");
        // The same, not something new.
        assert_eq!(
            second[0].header("webhook-id"),
            first[0].header("webhook-id")
        );
        assert_eq!(second[0].body, first[0].body);
        let log = admin
            .get(&format!("/webhooks/{}/deliveries", hook.id()))
            .await
            .ok();
        let outcomes: Vec<&Value> = log.items().iter().map(|it| &it["outcome"]).collect();
        assert_eq!(outcomes, [fault, "delivered"]);
        let path = format!("/webhooks/{}/remove", hook.id());
        admin.act(&path, 1, &json!({})).await.ok();
    }
}

async fn an_answer_that_is_cut_off_after_its_status_is_an_answer(bench: Bench) {
    let town = Town::open(bench).await;
    let receiver = Receiver::open().await;
    subscribe(&town, &receiver.url).await;
    receiver.answers(|_| {
        Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 104857600\r\n\r\nhalf".to_vec())
    });
    register(&town, 0..1).await;
    tell(&town).await;
    tell(&town).await;
    assert_eq!(receiver.take().len(), 1);
}

async fn who_says_gone_is_not_told_again(bench: Bench) {
    let town = Town::open(bench).await;
    let receiver = Receiver::open().await;
    let hook = subscribe(&town, &receiver.url).await;
    receiver.answers(|_| Reply::Status(410, ""));
    register(&town, 0..1).await;
    tell(&town).await;
    let admin = town.actor(Role::Admin).await;
    let path = format!("/webhooks/{}", hook.id());
    let gone = admin.get(&path).await.ok();
    assert_eq!(gone.body["state"], "GONE");
    register(&town, 1..3).await;
    town.wait_days(3);
    tell(&town).await;
    assert_eq!(receiver.take().len(), 1);
    let admin = town.actor(Role::Admin).await;
    // Somebody mends it: what was missed is told on request, from a place on.
    receiver.answers(|_| Reply::Status(200, ""));
    let resumed = admin
        .act(&format!("{path}/resume"), gone.version(), &json!({}))
        .await
        .ok();
    let replay = json!({"after": 1});
    let told = admin
        .act(&format!("{path}/replay"), resumed.version(), &replay)
        .await
        .ok();
    assert_eq!(told.body, json!({"events": 2, "last": 3}));
    tell(&town).await;
    assert_eq!(sequences(&receiver.take()), [2, 3]);
}

async fn a_sick_receiver_never_delays_another(bench: Bench) {
    let town = Town::open(bench).await;
    let (sick, well) = (Receiver::open().await, Receiver::open().await);
    subscribe(&town, &sick.url).await;
    subscribe(&town, &well.url).await;
    sick.answers(|_| Reply::Hang(Duration::from_mins(1)));
    register(&town, 0..20).await;
    place(&town).await;
    let worker = worker(&town);
    let working = worker.deliver_due();
    let watching = async {
        let begun = std::time::Instant::now();
        while well.got.lock().unwrap().len() < 20 {
            actix_web::rt::time::sleep(Duration::from_millis(20)).await;
            assert!(
                begun.elapsed() < Duration::from_secs(8),
                "the healthy one waits"
            );
        }
    };
    tokio::select! {
        _ = working => panic!("the sick one hangs for longer"),
        () = watching => {}
    }
}

async fn only_what_may_be_called_can_be_subscribed(bench: Bench) {
    let town = Town::open(bench).await;
    let admin = town.actor(Role::Admin).await;
    let refused = [
        ("ftp://example.org/", "url_not_callable"),
        ("example.org", "url_not_callable"),
        ("https://user:pw@example.org/", "url_not_callable"),
        ("https://10.0.0.1/", "url_not_public"),
        ("http://10.0.0.1/", "url_not_public"),
        ("https://169.254.169.254/latest/meta-data", "url_not_public"),
        ("https://[::1]/", "url_not_public"),
        ("https://[::ffff:10.0.0.1]/", "url_not_public"),
        ("https://[fe80::1]/", "url_not_public"),
        ("https://0x0a000001/", "url_not_public"),
        ("https://167772161/", "url_not_public"),
        ("https://10.1/", "url_not_public"),
        ("http://1.1.1.1/", "url_not_public"),
    ];
    for (url, code) in refused {
        let body = json!({"name": "x", "url": url, "audience": "NAV"});
        let answer = admin.post("/webhooks", &body).await;
        assert_eq!((answer.status, answer.code()), (400, code), "{url}");
        assert!(!answer.text.contains(url), "the address is echoed");
    }
    let mixed = json!({
        "name": "x", "url": "https://example.org/", "audience": "NAV",
        "eventTypes": ["no.rettbolig.dwelling.registered.v1"],
    });
    let answer = admin.post("/webhooks", &mixed).await;
    answer.refused(400, "event_type_of_other_audience");
    let unknown =
        json!({"name": "x", "url": "https://example.org/", "audience": "NAV", "eventTypes": ["x"]});
    assert_eq!(admin.post("/webhooks", &unknown).await.status, 400);
}

/// A name that leads outside when it is judged and inside when it is called: there is no such moment.
async fn a_name_that_is_bound_anew_leads_nowhere(_: Bench) {
    let receiver = Receiver::open().await;
    let port = receiver.url.rsplit(':').next().unwrap().to_owned();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let look_up: LookUp = Arc::new(move |_| {
        let outside: IpAddr = "192.0.1.1".parse().unwrap();
        let inside: IpAddr = "127.0.0.1".parse().unwrap();
        Ok(match count.fetch_add(1, Ordering::Relaxed) {
            0 => vec![inside],
            1 => vec![outside, inside],
            _ => vec![inside],
        })
    });
    let guard = Guard::with_look_up(Vec::new(), Duration::from_secs(5), look_up);
    let url = guard
        .read(&format!("https://rebind.example:{port}/"))
        .unwrap();
    for _ in 0..3 {
        let answer = guard
            .client_for(&url)
            .unwrap()
            .post(url.clone())
            .send()
            .await;
        assert!(answer.is_err());
    }
    assert_eq!(
        asked.load(Ordering::Relaxed),
        3,
        "each name is looked up once a connection"
    );
    assert!(receiver.take().is_empty(), "somebody inside was called");
    // Where the network is allowed, what was looked up is what is called.
    let look_up: LookUp = Arc::new(|_| Ok(vec!["127.0.0.1".parse().unwrap()]));
    let allowed = vec!["127.0.0.0/8".parse().unwrap()];
    let guard = Guard::with_look_up(allowed, Duration::from_secs(5), look_up);
    let url = guard
        .read(&format!("http://inside.example:{port}/"))
        .unwrap();
    let answer = guard
        .client_for(&url)
        .unwrap()
        .post(url.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(receiver.take().len(), 1);
}

cases::cases![
    a_subscriber_is_told_with_signatures,
    secrets_change_with_an_overlap,
    whatever_a_receiver_answers_it_is_told_in_the_end,
    an_answer_that_is_cut_off_after_its_status_is_an_answer,
    who_says_gone_is_not_told_again,
    a_sick_receiver_never_delays_another,
    only_what_may_be_called_can_be_subscribed,
    a_name_that_is_bound_anew_leads_nowhere,
];
