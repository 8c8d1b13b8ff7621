//! A witness as a process of its own, as on the machine of an auditor.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rettbolig::audit::{Outlet as _, OutletFault, WitnessClient, WitnessKey};

use crate::support::town::{Town, log_verifier};

/// A running witness. Dropping it kills it.
pub(crate) struct Watcher {
    child: Child,
    pub(crate) address: String,
    pub(crate) key: WitnessKey,
}

impl Watcher {
    /// Starts the witness that lives in a folder.
    pub(crate) fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rettbolig"))
            .args(["audit", "witness", "--name", "revisjon.example/witness"])
            .args(["--dir", folder.to_str().unwrap()])
            .args(["--log", &log_verifier().to_string()])
            .args(["--listen", "127.0.0.1:0"])
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut next = |start: &str| {
            let mut line = String::new();
            output.read_line(&mut line).unwrap();
            line.trim_end().strip_prefix(start).unwrap().to_owned()
        };
        let key = WitnessKey::parse(&next("key ")).unwrap();
        let address = next("listening on ");
        // Whatever it tells later must not block it.
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        Self {
            child,
            address,
            key,
        }
    }

    /// Ends it at once, whatever it is doing.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// How the service's settings name it.
    pub(crate) fn setting(&self) -> String {
        format!("{} {}", self.address, self.key)
    }

    /// Shows it the town's log as it is now.
    pub(crate) async fn show(&self, town: &Town) -> Result<(), OutletFault> {
        let witness = self.setting().parse().unwrap();
        WitnessClient::new(town.db.clone(), witness).deliver().await
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // It may be killed already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
