//! Plays Maskinporten for the demonstration: hands out access tokens of the same form to whoever asks, on this machine only.

use std::error::Error;
use std::net::TcpListener;
use std::sync::Arc;

use actix_web::web::{self, Data, Form};
use actix_web::{App, HttpResponse, HttpServer};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::auth::{Issuer, IssuerAddress, Scope};
use crate::clock::Clock;
use crate::ids::{Id, kind};
use crate::organisation_number::OrganisationNumber;

/// How long its tokens live, in seconds; Maskinporten's own live about as long.
const TOKEN_SECONDS: i64 = 600;
const KEY_ID: &str = "demo";

/// Whose programs call in the demonstration, what their agreement is called, and what it lets them into.
pub(super) const AGREEMENTS: [(&str, &str, &[Scope]); 2] = [
    ("889640782", "NAV", &[Scope::NavRead, Scope::NavWrite]),
    (
        "999999999",
        "Driftssystem for eiendom (oppdiktet)",
        &[
            Scope::FacilitiesRead,
            Scope::FacilitiesWrite,
            Scope::AuditRead,
        ],
    ),
];

/// An issuer that has a place to listen and a key of its own, and does not answer yet.
pub(super) struct DemoIssuer {
    listener: TcpListener,
    desk: Desk,
}

/// What it answers with.
struct Desk {
    url: String,
    audience: String,
    key: EncodingKey,
}

impl DemoIssuer {
    /// A new one, whose tokens are for this audience.
    pub(super) fn new(audience: &str) -> Result<Self, Box<dyn Error>> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)?;
        let desk = Desk {
            url: format!("http://{}", listener.local_addr()?),
            audience: audience.to_owned(),
            key: EncodingKey::from_ec_der(key.as_ref()),
        };
        Ok(Self { listener, desk })
    }

    /// Where it answers.
    pub(super) fn url(&self) -> &str {
        &self.desk.url
    }

    /// It, as the service trusts it.
    pub(super) fn trusted(&self) -> Result<Issuer, String> {
        let address: IssuerAddress = self.desk.url.parse()?;
        Ok(Issuer::of_machines(&address, &self.desk.audience))
    }

    /// Answers from now on, on the runtime on which this is called.
    pub(super) fn start(self) -> std::io::Result<()> {
        let desk = Data::from(Arc::new(self.desk));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(desk.clone())
                .route(
                    "/.well-known/oauth-authorization-server",
                    web::get().to(metadata),
                )
                .route("/jwks", web::get().to(keys))
                .route("/token", web::post().to(token))
        });
        let server = server.workers(1).disable_signals().listen(self.listener)?;
        actix_web::rt::spawn(server.run());
        Ok(())
    }
}

async fn metadata(desk: Data<Desk>) -> HttpResponse {
    HttpResponse::Ok().json(json!({
        "issuer": desk.url,
        "token_endpoint": format!("{}/token", desk.url),
        "jwks_uri": format!("{}/jwks", desk.url),
    }))
}

async fn keys(desk: Data<Desk>) -> HttpResponse {
    match Jwk::from_encoding_key(&desk.key, Algorithm::ES256) {
        Ok(mut key) => {
            key.common.key_id = Some(KEY_ID.to_owned());
            HttpResponse::Ok().json(json!({ "keys": [key] }))
        }
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

/// What is asked for. No proof is: these tokens open nothing but the demonstration.
#[derive(Deserialize)]
struct Asked {
    consumer: OrganisationNumber,
    supplier: Option<OrganisationNumber>,
    scope: String,
}

async fn token(desk: Data<Desk>, asked: Form<Asked>) -> HttpResponse {
    match desk.issue(&asked) {
        Ok(token) => HttpResponse::Ok().json(json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": asked.scope,
        })),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

impl Desk {
    fn issue(&self, asked: &Asked) -> jsonwebtoken::errors::Result<String> {
        let now = Clock::System.now().timestamp().as_second();
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(KEY_ID.to_owned());
        let mut claims = json!({
            "iss": self.url,
            "aud": self.audience,
            "client_id": "demo",
            "scope": asked.scope,
            "consumer": party(asked.consumer),
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "jti": Id::<kind::Correlation>::new(),
        });
        if let (Some(supplier), Value::Object(members)) = (asked.supplier, &mut claims) {
            members.insert("supplier".to_owned(), party(supplier));
        }
        jsonwebtoken::encode(&header, &claims, &self.key)
    }
}

fn party(number: OrganisationNumber) -> Value {
    json!({"authority": "iso6523-actorid-upis", "ID": format!("0192:{number}")})
}
