//! The service as a process of its own, so that its CPU time and its memory are its alone.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Linux tells CPU time in hundredths of a second, whatever the kernel's own tick.
const TICK: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(20);

/// What the service is told by its environment.
pub(crate) type Environment = Vec<(&'static str, String)>;

/// Every key of a service that holds nothing worth a secret.
pub(crate) const KEY: &str = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=";
/// Everybody's password there.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// The settings of a service on this database.
pub(crate) fn environment(database_url: &str) -> Environment {
    let key = || KEY.to_owned();
    vec![
        ("DATABASE_URL", database_url.to_owned()),
        ("RETTBOLIG_KEY_ENCRYPTION_KEY", format!("bench:{KEY}")),
        ("RETTBOLIG_INDEX_KEY", key()),
        ("RETTBOLIG_SIGNING_KEY", key()),
        ("RETTBOLIG_LOG_KEY", key()),
        ("RETTBOLIG_PEPPER", key()),
        ("RETTBOLIG_DEMO_PASSWORD", PASSWORD.to_owned()),
    ]
}

/// Runs a command of the service to its end.
pub(crate) fn run(arguments: &[&str], environment: &Environment) -> Result<(), String> {
    let ended = command(arguments, environment)
        .output()
        .map_err(|fault| fault.to_string())?;
    if ended.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&ended.stderr).into_owned())
}

/// A running service; dropping it ends it.
pub(crate) struct Service {
    child: Child,
    pub(crate) address: SocketAddr,
    /// From the start of the process to the first answer that it is ready.
    pub(crate) ready_after: Duration,
}

impl Service {
    /// Returns when the service says that it is ready.
    pub(crate) fn start(environment: &Environment) -> Result<Self, String> {
        let address = free_address()?;
        let listen = address.to_string();
        let begun = Instant::now();
        let child = command(&["serve", "--synthetic-persons"], environment)
            .args(["--listen", &listen])
            // One address and one caller make all the load.
            .args(["--requests-per-caller", "0", "--requests-per-address", "0"])
            .args(["--sign-ins-per-address", "0"])
            .stdout(Stdio::null())
            .spawn()
            .map_err(|fault| fault.to_string())?;
        let mut service = Self {
            child,
            address,
            ready_after: Duration::ZERO,
        };
        while !is_ready(address) {
            if begun.elapsed() > PATIENCE || !matches!(service.child.try_wait(), Ok(None)) {
                return Err("the service does not become ready".to_owned());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        service.ready_after = begun.elapsed();
        Ok(service)
    }

    /// CPU time that it has used so far, in user and kernel mode.
    pub(crate) fn cpu(&self) -> Duration {
        cpu_in(&format!("/proc/{}/stat", self.child.id()))
    }

    /// Memory that it occupies now.
    pub(crate) fn resident_kib(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|rest| rest.trim().strip_suffix(" kB"));
        kib.and_then(|kib| kib.parse().ok()).unwrap_or(0)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Its database is thrown away with it: nothing needs a graceful end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// CPU time that the calling thread has used so far.
pub(crate) fn own_cpu() -> Duration {
    cpu_in("/proc/thread-self/stat")
}

fn cpu_in(path: &str) -> Duration {
    let stat = std::fs::read_to_string(path).unwrap_or_default();
    // The name in parentheses may hold anything; utime and stime are the 12th and 13th field after it (proc(5)).
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields.split_whitespace().skip(11).take(2);
    let ticks = ticks.filter_map(|field| field.parse::<u32>().ok());
    ticks.sum::<u32>() * TICK
}

fn command(arguments: &[&str], environment: &Environment) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rettbolig"));
    command
        .args(arguments)
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (*name, value)))
        .stdin(Stdio::null());
    command
}

fn is_ready(address: SocketAddr) -> bool {
    let asked = || -> std::io::Result<[u8; 12]> {
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(b"GET /isready HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(status)
    };
    asked().is_ok_and(|status| &status == b"HTTP/1.1 200")
}

fn free_address() -> Result<SocketAddr, String> {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map_err(|fault| fault.to_string())
}
