//! The witness's protocol (c2sp.org/tlog-witness), status by status, and that it never cosigns two histories.

use std::fs;

use rettbolig::audit::{Checkpoint, Hash, LogKey, Note, TreeHead, sha256};
use tempfile::TempDir;

use super::watcher::Watcher;
use crate::support::cases;
use crate::support::town::secrets;

/// The head over one entry, and that over it and another.
fn heads(first: u8, second: u8) -> (TreeHead, TreeHead, Hash) {
    let (one, other) = (Hash([first; 32]), Hash([second; 32]));
    let root = sha256(&[&[1][..], &one.0, &other.0].concat());
    let single = TreeHead { size: 1, root: one };
    (single, TreeHead { size: 2, root }, other)
}

fn signed(key: &LogKey, number: &str, head: TreeHead) -> String {
    let signer = key.signers(number).unwrap().remove(0);
    let checkpoint = Checkpoint::new(signer.verifier().name(), head).unwrap();
    checkpoint.sign(&[&signer]).unwrap().to_string()
}

fn of_log(head: TreeHead) -> String {
    signed(&secrets().log_key, "5035", head)
}

struct Told {
    status: u16,
    kind: String,
    text: String,
}

async fn post(watcher: &Watcher, body: impl Into<reqwest::Body>) -> Told {
    let url = format!("{}/add-checkpoint", watcher.address);
    let sent = reqwest::Client::new().post(url).body(body).send().await;
    let answer = sent.unwrap();
    let kind = answer.headers().get("content-type");
    Told {
        status: answer.status().as_u16(),
        kind: kind.map_or_else(String::new, |it| it.to_str().unwrap().to_owned()),
        text: answer.text().await.unwrap(),
    }
}

fn on_runtime(test: impl Future<Output = ()>) {
    actix_web::rt::System::new().block_on(test);
}

fn a_witness_answers_as_the_specification_says() {
    on_runtime(async {
        let folder = TempDir::new().unwrap();
        let watcher = Watcher::start(folder.path());
        let (one, two, proof) = heads(1, 2);
        let proof = proof.to_base64();
        let stranger = LogKey::parse("//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=").unwrap();
        let status = async |body: String| post(&watcher, body).await.status;

        assert_eq!(status("garbage".into()).await, 400);
        assert_eq!(post(&watcher, vec![0xff; 100]).await.status, 400);
        assert_eq!(status("x".repeat(200_000)).await, 413);
        assert_eq!(status(format!("old 00\n\n{}", of_log(one))).await, 400);
        assert_eq!(status(format!("old 2\n\n{}", of_log(one))).await, 400);
        let elsewhere = signed(&secrets().log_key, "1103", one);
        assert_eq!(status(format!("old 0\n\n{elsewhere}")).await, 404);
        let forged = signed(&stranger, "5035", one);
        assert_eq!(status(format!("old 0\n\n{forged}")).await, 403);
        // A first checkpoint needs no proof, and may have none.
        assert_eq!(
            status(format!("old 0\n{proof}\n\n{}", of_log(one))).await,
            422
        );
        let nothing = TreeHead { size: 0, ..one };
        assert_eq!(status(format!("old 0\n\n{}", of_log(nothing))).await, 422);

        let told = post(&watcher, format!("old 0\n\n{}", of_log(one))).await;
        assert_eq!(told.status, 200, "{}", told.text);
        let mut note = Note::parse(&of_log(one)).unwrap();
        note.add(&told.text).unwrap();
        assert!(watcher.key.find_time(&note).unwrap().is_some());
        // The same again is a heartbeat; another tree of that size is a fork.
        assert_eq!(status(format!("old 1\n\n{}", of_log(one))).await, 200);
        let fork = post(&watcher, format!("old 1\n\n{}", of_log(heads(9, 2).0))).await;
        assert_eq!((fork.status, fork.text.as_str()), (409, "1\n"));
        let stale = post(&watcher, format!("old 0\n\n{}", of_log(two))).await;
        assert_eq!((stale.status, stale.text.as_str()), (409, "1\n"));
        assert_eq!(stale.kind, "text/x.tlog.size");
        // What does not continue it is not cosigned, whoever signed it.
        assert_eq!(status(format!("old 1\n\n{}", of_log(two))).await, 422);
        let other = of_log(heads(9, 2).1);
        assert_eq!(status(format!("old 1\n{proof}\n\n{other}")).await, 422);
        assert_eq!(
            status(format!("old 1\n{proof}\n\n{}", of_log(two))).await,
            200
        );
        assert_eq!(status(format!("old 1\n\n{}", of_log(one))).await, 409);
        // Nothing else is to be had.
        let client = reqwest::Client::new();
        let asked = client.get(format!("{}/add-checkpoint", watcher.address));
        assert_eq!(asked.send().await.unwrap().status(), 405);
        let asked = client.get(format!("{}/", watcher.address));
        assert_eq!(asked.send().await.unwrap().status(), 404);
    });
}

fn of_many_forks_at_once_one_is_cosigned() {
    on_runtime(async {
        let folder = TempDir::new().unwrap();
        let watcher = Watcher::start(folder.path());
        let forks: Vec<_> = (1..=16)
            .map(|fork| {
                let url = format!("{}/add-checkpoint", watcher.address);
                let body = format!("old 0\n\n{}", of_log(heads(fork, 0).0));
                actix_web::rt::spawn(async move {
                    let sent = reqwest::Client::new().post(url).body(body).send().await;
                    sent.unwrap().status().as_u16()
                })
            })
            .collect();
        let mut statuses = Vec::new();
        for fork in forks {
            statuses.push(fork.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses[0], 200);
        assert!(
            statuses[1..].iter().all(|status| *status == 409),
            "{statuses:?}"
        );
    });
}

fn a_witness_that_lost_its_memory_does_not_start() {
    on_runtime(async {
        let folder = TempDir::new().unwrap();
        let mut watcher = Watcher::start(folder.path());
        let (one, ..) = heads(1, 2);
        let told = post(&watcher, format!("old 0\n\n{}", of_log(one))).await;
        assert_eq!(told.status, 200);
        // Two witnesses with one key and one folder could be led to different histories.
        assert!(!starts(folder.path()));
        watcher.kill();
        let state = folder.path().join("rettbolig%2F5035.checkpoint");
        let kept = fs::read_to_string(&state).unwrap();
        let (note, _) = kept.trim_end().rsplit_once('\n').unwrap();
        for broken in ["", "garbage", note, &kept[..kept.len() / 2]] {
            fs::write(&state, broken).unwrap();
            assert!(!starts(folder.path()), "{broken:?}");
        }
        fs::write(&state, &kept).unwrap();
        let key = folder.path().join("key");
        let secret = fs::read_to_string(&key).unwrap();
        fs::remove_file(&key).unwrap();
        assert!(!starts(folder.path()), "with another key");
        fs::write(&key, "short").unwrap();
        assert!(!starts(folder.path()), "without a key");
        fs::write(&key, secret).unwrap();
        let watcher = Watcher::start(folder.path());
        let again = post(&watcher, format!("old 0\n\n{}", of_log(one))).await;
        assert_eq!((again.status, again.text.as_str()), (409, "1\n"));
    });
}

/// Whether a witness of this folder would start; none is left running, since the key of no log is no key.
fn starts(folder: &std::path::Path) -> bool {
    let verifier = crate::support::town::log_verifier();
    let name = "revisjon.example/witness";
    let clock = rettbolig::clock::Clock::System;
    rettbolig::audit::Witness::open(folder, name, vec![verifier], clock).is_ok()
}

cases::plain![
    a_witness_answers_as_the_specification_says,
    of_many_forks_at_once_one_is_cosigned,
    a_witness_that_lost_its_memory_does_not_start,
];
