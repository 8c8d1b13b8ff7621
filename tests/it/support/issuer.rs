//! An issuer of the tests' own, on this machine: publishes keys, signs whatever it is told to, and counts who asks.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rettbolig::auth::IssuerAddress;
use rettbolig::clock::Clock;
use serde_json::{Value, json};

/// For whom its tokens are.
pub(crate) const AUDIENCE: &str = "https://rettbolig.example";

/// A running issuer.
#[derive(Clone)]
pub(crate) struct TestIssuer {
    pub(crate) url: String,
    clock: Clock,
    shown: Arc<Shown>,
}

struct Shown {
    url: String,
    keys: Mutex<Vec<SigningKey>>,
    /// How often anything was asked for, whatever it was.
    asked: AtomicUsize,
}

/// A key that it signs with.
pub(crate) struct SigningKey {
    pub(crate) id: String,
    pub(crate) kind: KeyKind,
    is_published: bool,
}

pub(crate) enum KeyKind {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
}

impl SigningKey {
    pub(crate) fn p256(id: &str) -> Self {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let made = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(algorithm, made.as_ref()).unwrap();
        Self::published(id, KeyKind::P256(key))
    }

    pub(crate) fn rsa(id: &str) -> Self {
        let key = RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap();
        Self::published(id, KeyKind::Rsa(key))
    }

    fn published(id: &str, kind: KeyKind) -> Self {
        Self {
            id: id.to_owned(),
            kind,
            is_published: true,
        }
    }

    pub(crate) const fn algorithm(&self) -> &'static str {
        match self.kind {
            KeyKind::Rsa(_) => "RS256",
            KeyKind::P256(_) => "ES256",
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.kind {
            KeyKind::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                let padding = &aws_lc_rs::signature::RSA_PKCS1_SHA256;
                key.sign(padding, &random, message, &mut signature).unwrap();
                signature
            }
            KeyKind::P256(key) => key.sign(&random, message).unwrap().as_ref().to_vec(),
        }
    }

    /// The public key as it is published.
    pub(crate) fn jwk(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match &self.kind {
            KeyKind::Rsa(key) => {
                let public = key.public_key();
                json!({
                    "kty": "RSA", "kid": self.id, "use": "sig", "alg": "RS256",
                    "n": text(public.modulus().big_endian_without_leading_zero()),
                    "e": text(public.exponent().big_endian_without_leading_zero()),
                })
            }
            KeyKind::P256(key) => {
                let point = key.public_key().as_ref();
                json!({
                    "kty": "EC", "crv": "P-256", "kid": self.id,
                    "x": text(&point[1..33]), "y": text(&point[33..]),
                })
            }
        }
    }
}

impl TestIssuer {
    /// Starts one whose clock is the town's.
    pub(crate) fn start(clock: Clock) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let shown = Arc::new(Shown {
            url: url.clone(),
            keys: Mutex::new(vec![SigningKey::p256("first")]),
            asked: AtomicUsize::new(0),
        });
        let data = Data::from(Arc::clone(&shown));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .route(
                    "/.well-known/{document}",
                    web::get().to(async |shown: Data<Shown>| {
                        shown.asked.fetch_add(1, Ordering::SeqCst);
                        let keys = format!("{}jwks", shown.url);
                        HttpResponse::Ok().json(json!({"issuer": shown.url, "jwks_uri": keys}))
                    }),
                )
                .route(
                    "/jwks",
                    web::get().to(async |shown: Data<Shown>| {
                        let keys = shown.keys.lock().unwrap();
                        let published = keys.iter().filter(|key| key.is_published);
                        let keys: Vec<Value> = published.map(SigningKey::jwk).collect();
                        HttpResponse::Ok().json(json!({ "keys": keys }))
                    }),
                )
                .default_service(web::to(async |shown: Data<Shown>| {
                    shown.asked.fetch_add(1, Ordering::SeqCst);
                    HttpResponse::NotFound().finish()
                }))
        });
        let server = server.workers(1).disable_signals().listen(listener);
        actix_web::rt::spawn(server.unwrap().run());
        Self { url, clock, shown }
    }

    pub(crate) fn address(&self) -> IssuerAddress {
        self.url.parse().unwrap()
    }

    /// How often it was asked for its metadata or for anything that it does not have.
    pub(crate) fn asked(&self) -> usize {
        self.shown.asked.load(Ordering::SeqCst)
    }

    /// Signs with this key from now on, and publishes it.
    pub(crate) fn change_key(&self, key: SigningKey) {
        self.shown.keys.lock().unwrap().insert(0, key);
    }

    /// Signs with a key from now on that nobody is told of.
    pub(crate) fn change_to_hidden_key(&self) {
        let mut key = SigningKey::p256("hidden");
        key.is_published = false;
        self.change_key(key);
    }

    /// The header of its tokens.
    pub(crate) fn header(&self) -> Value {
        let keys = self.shown.keys.lock().unwrap();
        json!({"typ": "JWT", "alg": keys[0].algorithm(), "kid": keys[0].id})
    }

    /// What Maskinporten would say of a program of this organisation.
    pub(crate) fn claims(&self, organisation: &str, scopes: &str) -> Value {
        let now = self.clock.now().timestamp().as_second();
        json!({
            "iss": self.url, "aud": AUDIENCE, "client_id": "a-program", "scope": scopes,
            "consumer": party(organisation), "iat": now, "exp": now + 599, "jti": uuid::Uuid::now_v7(),
            "token_type": "Bearer",
        })
    }

    /// What a municipality's own issuer would say of somebody who signed in there just now.
    pub(crate) fn identity(&self, audience: &str, subject: &str) -> Value {
        let now = self.clock.now().timestamp().as_second();
        json!({
            "iss": self.url, "aud": audience, "sub": subject, "iat": now, "exp": now + 3600,
            "auth_time": now, "acr": "substantial", "amr": ["pwd", "mfa"], "sid": uuid::Uuid::now_v7(),
        })
    }

    /// A token with this header and these claims.
    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = self.shown.keys.lock().unwrap()[0].sign(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// An access token for a program of this organisation.
    pub(crate) fn token(&self, organisation: &str, scopes: &str) -> String {
        self.sign(&self.header(), &self.claims(organisation, scopes))
    }

    /// The published key itself, as somebody would have it who confuses algorithms.
    pub(crate) fn published(&self) -> Value {
        self.shown.keys.lock().unwrap()[0].jwk()
    }
}

/// An organisation as Maskinporten names it.
pub(crate) fn party(organisation: &str) -> Value {
    json!({"authority": "iso6523-actorid-upis", "ID": format!("0192:{organisation}")})
}
