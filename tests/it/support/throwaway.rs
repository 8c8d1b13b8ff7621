//! A `PostgreSQL` cluster in a temporary folder that never outlives the test run, however the run ends.

use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::{Connection as _, PgConnection};
use tempfile::TempDir;

use super::find_setting;

/// The folder that holds an installed `PostgreSQL`'s programs.
pub(crate) struct Programs(PathBuf);

impl Programs {
    /// On the `PATH`, else the newest of those that Debian and its kin keep beside it.
    pub(crate) fn find() -> Option<Self> {
        let path = find_setting("PATH").unwrap_or_default();
        let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                let version = entry.file_name().to_str()?.parse().ok()?;
                Some((version, entry.path().join("bin")))
            })
            .collect();
        versions.sort_unstable_by(|one, other| other.cmp(one));
        std::env::split_paths(&path)
            .chain(versions.into_iter().map(|(_, folder)| folder))
            .find(|folder| {
                ["initdb", "postgres"]
                    .iter()
                    .all(|it| folder.join(it).is_file())
            })
            .map(Self)
    }
}

/// A running cluster. Dropping it stops the server and deletes the folder.
pub(crate) struct ThrowAway {
    guardian: Child,
    folder: TempDir,
    port: u16,
}

/// How the cluster treats what was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Loses it in a power cut: nobody misses a test's data, and tests are quicker.
    None,
    /// Keeps it and cleans up behind itself, as in production: what a measurement must pay for.
    #[allow(dead_code, reason = "the benchmark's cluster, not the tests'")]
    Full,
}

impl Durability {
    /// `on` or `off`, as the server's settings want it.
    const fn switch(self) -> &'static str {
        match self {
            Self::None => "off",
            Self::Full => "on",
        }
    }

    /// What the server keeps in its own memory. The default is for a machine of long ago; what is measured is a server that has some
    /// gigabytes to itself, of which its manual advises to give it a quarter.
    const fn shared_buffers(self) -> &'static str {
        match self {
            Self::None => "128MB",
            Self::Full => "2GB",
        }
    }
}

/// Starts the server, and ends it when standard input closes: that happens when [`ThrowAway`] is dropped, but
/// also when the test run is interrupted or killed. So it ignores the signals that end the run itself.
///
/// It asks again and again, since a server that has only just been started does not listen to signals yet. A server
/// that stops by itself ends the guardian too, and leaves its log to be read.
const GUARDIAN: &str = r#"
    programs=$1 folder=$2 port=$3 durable=$4 shared_buffers=$5
    trap '' HUP INT TERM
    exec 3<&0 </dev/null >"$folder/log" 2>&1
    "$programs/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C --no-sync || exit
    "$programs/postgres" -D "$folder/data" -h 127.0.0.1 -p "$port" -k '' \
        -c max_connections=200 -c shared_buffers=$shared_buffers -c autovacuum=$durable \
        -c fsync=$durable -c full_page_writes=$durable -c synchronous_commit=$durable 3<&- &
    server=$!
    {
        cat <&3
        : >"$folder/released"
        while kill -QUIT "$server"; do sleep 0.1; done
    } &
    wait "$server"
    if [ -e "$folder/released" ]; then rm -rf "$folder"; else kill -KILL $!; fi
"#;

const START_SECONDS_MAX: u64 = 60;

impl ThrowAway {
    /// Returns when the server accepts connections.
    pub(crate) fn start(programs: &Programs, durability: Durability) -> Result<Self, String> {
        let folder = tempfile::Builder::new()
            .prefix("rettbolig-test-postgres-")
            .tempdir();
        let folder = folder.map_err(|fault| format!("no temporary folder: {fault}"))?;
        let port = find_free_port().ok_or("no free port on 127.0.0.1")?;
        let guardian = guardian(programs, folder.path(), port, durability)?
            .spawn()
            .map_err(|fault| format!("nothing starts in {}: {fault}", folder.path().display()))?;
        let mut started = Self {
            guardian,
            folder,
            port,
        };
        started.await_answer()?;
        Ok(started)
    }

    /// The address of its superuser on the database that every cluster has.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Where it listens on 127.0.0.1.
    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// Holds its data and its log.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn await_answer(&mut self) -> Result<(), String> {
        let deadline = Instant::now() + Duration::from_secs(START_SECONDS_MAX);
        while PgConnection::establish(&self.url()).is_err() {
            let has_ended = !matches!(self.guardian.try_wait(), Ok(None));
            if has_ended || Instant::now() > deadline {
                let log = std::fs::read_to_string(self.folder.path().join("log"));
                return Err(format!(
                    "PostgreSQL does not start:\n{}",
                    log.unwrap_or_default()
                ));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for ThrowAway {
    fn drop(&mut self) {
        // Waiting closes the guardian's standard input first; it answers by stopping the server.
        if let Err(fault) = self.guardian.wait() {
            eprintln!(
                "the throw-away PostgreSQL on port {} may still run: {fault}",
                self.port
            );
        }
    }
}

fn guardian(
    programs: &Programs,
    folder: &Path,
    port: u16,
    durability: Durability,
) -> Result<Command, String> {
    let mut guardian = Command::new("/bin/sh");
    guardian
        .args(["-c", GUARDIAN, "guardian"])
        .arg(&programs.0)
        .arg(folder)
        .arg(port.to_string())
        .arg(durability.switch())
        .arg(durability.shared_buffers())
        .current_dir(folder)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Ctrl-C reaches the whole group of the test run; the guardian has to survive it.
        .process_group(0);
    if is_root(folder)? {
        let (uid, gid) = find_servant().ok_or("PostgreSQL refuses to run as root")?;
        std::os::unix::fs::chown(folder, Some(uid), Some(gid))
            .map_err(|fault| format!("the folder cannot be handed over: {fault}"))?;
        guardian.uid(uid).gid(gid);
    }
    Ok(guardian)
}

/// Who made the folder is who we are.
fn is_root(folder: &Path) -> Result<bool, String> {
    let made = std::fs::metadata(folder).map_err(|fault| fault.to_string())?;
    Ok(made.uid() == 0)
}

/// The user id and group id of somebody who is not root.
fn find_servant() -> Option<(u32, u32)> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|name| {
        let mut fields = users
            .lines()
            .map(|line| line.split(':'))
            .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
        let uid = fields.nth(1)?.parse().ok()?;
        Some((uid, fields.next()?.parse().ok()?))
    })
}

fn find_free_port() -> Option<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").ok()?;
    Some(listener.local_addr().ok()?.port())
}
