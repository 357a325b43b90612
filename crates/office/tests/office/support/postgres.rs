//! A PostgreSQL of the test's own: started on a free port, stopped with the test.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use meed_office::store::Connection;

/// Where databases of tests live: in memory, where there is a file system for that. Tests kill processes, not machines.
pub fn memory() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    }
}

/// A running server. It is stopped when its process ends.
pub struct Server {
    port: u16,
    databases: AtomicU64,
    programs: PathBuf,
    data: PathBuf,
}

/// The server of this process; `None` where PostgreSQL is not installed, unless `MEED_POSTGRES=required`.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(own).as_ref()
}

/// A server that a test does not share, as [`server`].
pub fn own() -> Option<Server> {
    let Some(programs) = programs() else {
        let required = std::env::var("MEED_POSTGRES").is_ok_and(|value| value == "required");
        assert!(!required, "PostgreSQL is not installed: apt-get install postgresql");
        eprintln!("PostgreSQL is not installed; tested on SQLite alone");
        return None;
    };
    Some(Server::new(programs))
}

fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .flatten()
        .map(|one| one.path().join("bin"))
        .collect();
    versions.retain(|bin| bin.join("initdb").exists());
    versions.sort();
    versions.pop()
}

/// PostgreSQL refuses to run as root.
fn as_user(program: &Path) -> Command {
    let root =
        std::fs::metadata("/proc/self").is_ok_and(|metadata| std::os::unix::fs::MetadataExt::uid(&metadata) == 0);
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=postgres", "--regid=postgres", "--clear-groups"])
        .arg(program);
    command
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// An empty cluster, made once for all tests: making one takes longer than most of them.
fn cluster(programs: &Path) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let version = programs.parent().and_then(Path::file_name).unwrap();
    let made = folder.join("postgres").join(version);
    if made.exists() {
        return made;
    }
    // The server's user may not come to the target folder.
    let open = std::env::temp_dir().join(format!("meed-cluster-{}", std::process::id()));
    std::fs::create_dir_all(&open).unwrap();
    run(Command::new("chmod").arg("777").arg(&open));
    let mut initdb = as_user(&programs.join("initdb"));
    run(initdb
        .args([
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--username=meed",
            "-D",
        ])
        .arg(open.join("data")));
    std::fs::create_dir_all(folder.join("postgres")).unwrap();
    let mine = folder.join("postgres").join(format!("made-by-{}", std::process::id()));
    run(Command::new("cp").arg("-a").arg(open.join("data")).arg(&mine));
    std::fs::remove_dir_all(open).unwrap();
    // Who comes second finds the first one's and keeps that.
    if std::fs::rename(&mine, &made).is_err() {
        std::fs::remove_dir_all(mine).unwrap();
    }
    made
}

impl Server {
    fn new(programs: PathBuf) -> Self {
        static STARTED: AtomicU64 = AtomicU64::new(0);
        let number = STARTED.fetch_add(1, Ordering::SeqCst);
        let folder = memory().join(format!("meed-postgres-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        // The server's user must be able to write here.
        run(Command::new("chmod").arg("777").arg(&folder));
        let data = folder.join("data");
        run(Command::new("cp").arg("-a").arg(cluster(&programs)).arg(&data));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self {
            port,
            databases: AtomicU64::new(0),
            programs,
            data,
        };
        server.start();
        stop_with_this_process(&server.data, &folder);
        server
    }

    /// Starts the server, for the first time or after it was killed.
    pub fn start(&self) {
        self.start_with("");
    }

    fn start_with(&self, more: &str) {
        // Tests kill servers, not machines: what a server has written stays written.
        let options = format!(
            "-c port={} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=100 -c fsync=off {more}",
            self.port
        );
        let log = self.data.with_file_name("log");
        let mut start = self.control("start");
        run(start
            .args(["-w", "-o", &options, "-l"])
            .arg(log)
            .stdout(std::process::Stdio::null()));
    }

    /// Stops the server as a crash would: nothing is finished, nothing is told.
    pub fn crash(&self) {
        run(self.control("stop").args(["-m", "immediate"]));
    }

    /// Lets the server speak TLS with a certificate and its key, in PEM.
    pub fn show(&self, certificate: &str, key: &str) {
        for (name, text) in [("server.crt", certificate), ("server.key", key)] {
            // The server takes a key that its user alone may read.
            let mut write = as_user(Path::new("sh"))
                .args(["-c", "umask 077; cat >\"$0\""])
                .arg(self.data.join(name))
                .stdin(std::process::Stdio::piped())
                .spawn()
                .unwrap();
            write.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
            assert!(write.wait().unwrap().success());
        }
        run(self.control("stop").args(["-m", "fast"]));
        self.start_with("-c ssl=on");
    }

    fn control(&self, what: &str) -> Command {
        let mut control = as_user(&self.programs.join("pg_ctl"));
        control.arg(what).arg("-D").arg(&self.data);
        control
    }

    /// The address of a new, empty database.
    pub fn database(&self) -> String {
        self.make("template1")
    }

    /// The address of a copy of a database that nobody has open.
    pub fn copy(&self, address: &str) -> String {
        self.make(address.rsplit('/').next().unwrap())
    }

    fn make(&self, template: &str) -> String {
        let name = format!("office{}", self.databases.fetch_add(1, Ordering::SeqCst));
        let mut connection = Connection::open(&self.address("postgres")).unwrap();
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template}");
        // A connection that was closed a moment ago may still be there.
        while let Err(error) = connection.script(&sql) {
            assert!(error.to_string().contains("55006"), "{error}");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        self.address(&name)
    }

    fn address(&self, name: &str) -> String {
        format!("postgres://meed@127.0.0.1:{}/{name}", self.port)
    }
}

/// A shell waits for this process to end, however it ends, and stops the server then.
#[expect(
    clippy::zombie_processes,
    reason = "it outlives this process, which is what it waits for"
)]
fn stop_with_this_process(data: &Path, folder: &Path) {
    let pid = std::process::id();
    let script = format!(
        "while kill -0 {pid} 2>/dev/null; do sleep 0.2; done; kill -QUIT $(head -1 '{}/postmaster.pid'); sleep 0.3; rm -rf '{}'",
        data.display(),
        folder.display()
    );
    let null = std::process::Stdio::null;
    Command::new("setsid")
        .args(["sh", "-c", &script])
        .stdin(null())
        .stdout(null())
        .stderr(null())
        .spawn()
        .unwrap();
}
