//! A witness behind TLS: asked where the machine trusts its certificate, and not where it does not.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::ssl::{SslAcceptor, SslMethod};
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509NameBuilder};
use rettbolig::audit::{Outlet as _, OutletFault, WitnessClient};
use rettbolig::auth::Role;
use tempfile::TempDir;

use super::service::until_cosigned;
use super::watcher::Watcher;
use crate::faults::process::Program;
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn a_witness_is_asked_over_tls_if_its_certificate_is_trusted(bench: Bench) {
    let home = TempDir::new().unwrap();
    let watcher = Watcher::start(&home.path().join("witness"));
    let door = Door::open("localhost", &watcher.address, home.path());
    let witness = format!("https://localhost:{} {}", door.port, watcher.key);
    let settings = [
        ("RETTBOLIG_WITNESSES", witness.as_str()),
        ("SSL_CERT_FILE", door.certificate.to_str().unwrap()),
    ];
    let program = Program::start_with(&bench, &settings).await;
    until_cosigned(&program.actor(Role::Auditor).await).await;
    drop(program);

    // This process trusts nobody whom the machine does not trust.
    let town = Town::open(bench).await;
    town.seal().await;
    let untrusted = WitnessClient::new(town.db.clone(), witness.parse().unwrap())
        .deliver()
        .await;
    assert!(
        matches!(untrusted, Err(OutletFault::Outside(_))),
        "{untrusted:?}"
    );
}

async fn a_certificate_of_another_name_is_not_taken(bench: Bench) {
    let home = TempDir::new().unwrap();
    let watcher = Watcher::start(&home.path().join("witness"));
    let door = Door::open("somewhere.example", &watcher.address, home.path());
    let witness = format!("https://localhost:{} {}", door.port, watcher.key);
    let settings = [
        ("RETTBOLIG_WITNESSES", witness.as_str()),
        ("SSL_CERT_FILE", door.certificate.to_str().unwrap()),
    ];
    let program = Program::start_with(&bench, &settings).await;
    let auditor = program.actor(Role::Auditor).await;
    let is_down = |metrics: &str| {
        let told = metrics
            .lines()
            .find(|it| it.starts_with("audit_outlet_up{outlet=\"witness"));
        told.is_some_and(|it| it.ends_with(" 0"))
    };
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let metrics = program.metrics().await;
        if is_down(&metrics) {
            break;
        }
        assert!(Instant::now() < deadline, "{metrics}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let told = auditor.get("/audit/checkpoint?cosigned=true").await;
    assert_eq!(told.status, 404, "{}", told.text);
}

/// A server that speaks TLS on behalf of one that does not.
struct Door {
    port: u16,
    certificate: PathBuf,
}

impl Door {
    fn open(name: &str, behind: &str, folder: &Path) -> Self {
        let (key, certificate) = certificate(name);
        let path = folder.join("authority.pem");
        std::fs::write(&path, certificate.to_pem().unwrap()).unwrap();
        let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls()).unwrap();
        acceptor.set_private_key(&key).unwrap();
        acceptor.set_certificate(&certificate).unwrap();
        let acceptor = Arc::new(acceptor.build());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let behind = behind.trim_start_matches("http://").to_owned();
        // It ends with the test run.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (acceptor, behind) = (Arc::clone(&acceptor), behind.clone());
                std::thread::spawn(move || {
                    // Whoever does not trust the certificate hangs up.
                    if let Ok(stream) = acceptor.accept(stream) {
                        pass_on(stream, &behind);
                    }
                });
            }
        });
        Self {
            port,
            certificate: path,
        }
    }
}

/// Passes requests and answers on until one side hangs up.
fn pass_on(stream: impl Read + Write, behind: &str) {
    let mut client = BufReader::new(stream);
    let server = TcpStream::connect(behind).unwrap();
    let mut server = BufReader::new(server);
    while let Some(request) = message(&mut client) {
        server.get_mut().write_all(&request).unwrap();
        let Some(answer) = message(&mut server) else {
            return;
        };
        client.get_mut().write_all(&answer).unwrap();
        client.get_mut().flush().unwrap();
    }
}

/// A message of HTTP whose length its head tells.
fn message(from: &mut BufReader<impl Read>) -> Option<Vec<u8>> {
    let (mut bytes, mut length) = (Vec::new(), 0);
    loop {
        let mut line = Vec::new();
        if from.read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&line).to_ascii_lowercase();
        if let Some(told) = text.strip_prefix("content-length:") {
            length = told.trim().parse().unwrap();
        }
        bytes.extend_from_slice(&line);
        if line == b"\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    bytes.extend(body);
    Some(bytes)
}

/// A certificate that vouches for itself.
fn certificate(name: &str) -> (PKey<Private>, X509) {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let mut subject = X509NameBuilder::new().unwrap();
    subject.append_entry_by_nid(Nid::COMMONNAME, name).unwrap();
    let subject = subject.build();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    let serial = BigNum::from_u32(1).unwrap().to_asn1_integer().unwrap();
    builder.set_serial_number(&serial).unwrap();
    builder.set_subject_name(&subject).unwrap();
    builder.set_issuer_name(&subject).unwrap();
    builder.set_pubkey(&key).unwrap();
    let (from, until) = (
        Asn1Time::days_from_now(0).unwrap(),
        Asn1Time::days_from_now(2).unwrap(),
    );
    builder.set_not_before(&from).unwrap();
    builder.set_not_after(&until).unwrap();
    let authority = BasicConstraints::new().critical().ca().build().unwrap();
    builder.append_extension(authority).unwrap();
    let names = SubjectAlternativeName::new()
        .dns(name)
        .build(&builder.x509v3_context(None, None))
        .unwrap();
    builder.append_extension(names).unwrap();
    builder.sign(&key, MessageDigest::sha256()).unwrap();
    (key, builder.build())
}

cases::cases![
    a_witness_is_asked_over_tls_if_its_certificate_is_trusted,
    a_certificate_of_another_name_is_not_taken,
];
