//! The process: what it is set up with, its layers, serving and stopping.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use meed_facts::date::Date;
use meed_office::command::{Act, Command, Consideration, Outcome};
use meed_office::office::Office;
use meed_office::setup::{Mode, Setup};
use meed_office::store::{Connection, StoreError};
use meed_office::time::Clock;
use meed_office::timers::{self, TickError};
use tokio::net::TcpListener;
use tokio::time::MissedTickBehavior;
use tracing_subscriber::EnvFilter;

use crate::fault::Fault;
use crate::guard;
use crate::metrics::{Metrics, counted};
use crate::pages::workbench::Workbench;
use crate::routes::router;
use crate::settings::Gate;
use crate::sheets::Press;
use crate::signin::{attempts, bearer, password, session};
use crate::store::migrate;
use crate::visit::visiting;

/// How many connections for reading are kept open.
const READERS: usize = 8;

/// One office with its web.
#[derive(Debug)]
pub struct Portal {
    office: Office,
    gate: Gate,
    metrics: Metrics,
    workbench: Workbench,
    press: Option<Arc<dyn Press>>,
    readers: Mutex<Vec<Connection>>,
}

/// Why the portal cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The database cannot be had.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address cannot be listened to.
    #[error("{address}: {reason}")]
    Address {
        /// Which.
        address: SocketAddr,
        /// Why.
        reason: String,
    },
    /// In a demonstration everybody signs in as anybody.
    #[error(
        "a demonstration has people who sign in without a password, so it listens to this machine alone, not to {0}"
    )]
    Open(SocketAddr),
    /// What people type would be read by others.
    #[error(
        "{0} is not this machine alone: say in portal.toml where browsers find the portal over https (base = \"https://…\")"
    )]
    Insecure(SocketAddr),
}

impl Portal {
    /// A portal of an office, for this machine alone.
    ///
    /// # Errors
    /// Where the portal's own tables cannot be made.
    pub fn new(office: Office) -> Result<Arc<Self>, StoreError> {
        Self::behind(office, Gate::default())
    }

    /// A portal of an office, as its settings say.
    ///
    /// # Errors
    /// Where the portal's own tables cannot be made.
    pub fn behind(office: Office, gate: Gate) -> Result<Arc<Self>, StoreError> {
        Self::printing(office, gate, None)
    }

    /// A portal of an office, as its settings say, whose sheets are to be had as PDF where there is a press.
    ///
    /// # Errors
    /// Where the portal's own tables cannot be made, or its key does not open a second factor that is there.
    pub fn printing(office: Office, gate: Gate, press: Option<Arc<dyn Press>>) -> Result<Arc<Self>, StoreError> {
        let mut connection = office.reader()?;
        migrate(&mut connection)?;
        // Better told now than to whoever signs in.
        password::must_open(&mut connection, gate.key.as_ref())?;
        drop(connection);
        Ok(Arc::new(Self {
            office,
            gate,
            metrics: Metrics::default(),
            workbench: Workbench::default(),
            press,
            readers: Mutex::default(),
        }))
    }

    /// The office.
    pub fn office(&self) -> &Office {
        &self.office
    }

    /// What stands between the network and the pages.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// What this process counts.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// What drafters and analysts have before them.
    pub fn workbench(&self) -> &Workbench {
        &self.workbench
    }

    /// What makes PDFs of sheets, where there is such a thing.
    pub fn press(&self) -> Option<Arc<dyn Press>> {
        self.press.clone()
    }

    /// Whether the office is a demonstration.
    pub fn is_demo(&self) -> bool {
        self.office.setup().config.mode == Mode::Demo
    }

    /// Today, by the office's clock.
    ///
    /// # Errors
    /// Where the clock stands outside the calendar.
    pub fn today(&self) -> Result<Date, Fault> {
        let today = self.office.setup().clock.now().date();
        today.ok_or_else(|| Fault::Broken("the clock stands outside the calendar".to_owned()))
    }

    /// Reads one state of the office on a thread that may wait: what is written meanwhile is not seen.
    ///
    /// # Errors
    /// What `read` says, or where the database cannot be had.
    pub async fn read<T, E, F>(self: &Arc<Self>, read: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        E: Into<Fault> + Send + 'static,
        F: FnOnce(&mut Connection, &Setup) -> Result<T, E> + Send + 'static,
    {
        self.lend(
            |connection, setup| match connection.reading(|connection| read(connection, setup)) {
                Ok(result) => result.map_err(Into::into),
                Err(error) => Err(Fault::from(error)),
            },
        )
        .await
    }

    /// Lends a connection to work on a thread that may wait: each statement sees what there is, and may write the portal's own tables.
    ///
    /// # Errors
    /// What `work` says, or where the database cannot be had.
    pub async fn lend<T, E, F>(self: &Arc<Self>, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        E: Into<Fault> + Send + 'static,
        F: FnOnce(&mut Connection, &Setup) -> Result<T, E> + Send + 'static,
    {
        let portal = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || portal.lend_here(work)).await;
        done.unwrap_or_else(|error| Err(Fault::Broken(error.to_string())))
    }

    fn lend_here<T, E: Into<Fault>>(
        &self,
        work: impl FnOnce(&mut Connection, &Setup) -> Result<T, E>,
    ) -> Result<T, Fault> {
        let kept = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match kept {
            Some(connection) => connection,
            None => self.office.reader()?,
        };
        let result = work(&mut connection, self.office.setup()).map_err(Into::into);
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(result, Err(Fault::Broken(_))) {
            // What failed may have left its connection in a transaction, or without a server, and then the others too.
            readers.clear();
        } else if readers.len() < READERS {
            readers.push(connection);
        }
        result
    }

    /// Gives a command and waits until its outcome is durable.
    ///
    /// # Errors
    /// Denied, undecided, stale, or the office failed.
    pub async fn submit(self: &Arc<Self>, command: Command) -> Result<Outcome, Fault> {
        let portal = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || portal.office.submit(command)).await;
        let outcome = done.map_err(|error| Fault::Broken(error.to_string()))?;
        self.metrics.command(outcome.as_ref().ok());
        Ok(outcome?)
    }

    /// What would come of some acts if a person gave each alone now.
    ///
    /// # Errors
    /// Where the office failed.
    pub async fn consider(self: &Arc<Self>, person: String, acts: Vec<Act>) -> Result<Vec<Consideration>, Fault> {
        let portal = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || portal.office.consider_all(&person, acts)).await;
        Ok(done.map_err(|error| Fault::Broken(error.to_string()))??)
    }

    /// The web of this portal, with all its layers.
    pub fn web(self: &Arc<Self>) -> Router {
        router()
            .layer(DefaultBodyLimit::max(guard::LONGEST))
            .layer(from_fn_with_state(Arc::clone(self), visiting))
            .layer(from_fn(guard::drain::drained))
            .layer(from_fn_with_state(Arc::clone(self), counted))
            .with_state(Arc::clone(self))
    }
}

/// Serves until the process is asked to stop; requests that are under way are finished.
///
/// # Errors
/// Where the address cannot be listened to, or others would read what people type.
pub async fn serve(portal: Arc<Portal>, address: SocketAddr, ready: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    let failed = |error: std::io::Error| ServeError::Address {
        address,
        reason: error.to_string(),
    };
    if !address.ip().is_loopback() {
        if portal.is_demo() {
            return Err(ServeError::Open(address));
        }
        if !portal.gate().secure {
            return Err(ServeError::Insecure(address));
        }
    }
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let stop = asked_to_stop().map_err(failed)?;
    ready(listener.local_addr().map_err(failed)?);
    let tidying = tokio::spawn(tidy(Arc::clone(&portal)));
    let service = portal.web().into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(stop).await;
    tidying.abort();
    served.map_err(failed)
}

/// Takes away, each hour, what nobody needs any more: sessions and tokens that ended, failed attempts of long ago.
async fn tidy(portal: Arc<Portal>) {
    let mut hourly = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hourly.tick().await;
        // The machine's time, as for everything about sessions.
        let now = Clock::System.now();
        let swept = portal.lend(move |connection, _| {
            let sessions = session::sweep(connection, now)?;
            let tokens = bearer::sweep(connection, now)?;
            Ok::<_, StoreError>(
                sessions
                    .saturating_add(tokens)
                    .saturating_add(attempts::sweep(connection, now)?),
            )
        });
        match swept.await {
            Ok(rows) => tracing::info!(rows, "tidied"),
            Err(fault) => tracing::warn!(?fault, "not tidied"),
        }
    }
}

/// Moves on, as often as is said, what days alone bring. Guards compare days themselves: where this fails nothing is decided otherwise.
pub async fn tick(portal: Arc<Portal>, every: Duration) {
    let mut times = tokio::time::interval(every);
    times.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        times.tick().await;
        let of = Arc::clone(&portal);
        match tokio::task::spawn_blocking(move || tick_once(of.office())).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "timers did not run"),
            Err(error) => tracing::warn!(%error, "timers stopped"),
        }
    }
}

fn tick_once(office: &Office) -> Result<(), TickError> {
    let Some(person) = timers::keeper(office)? else {
        tracing::warn!("timers did not run: nobody is `machine` today");
        return Ok(());
    };
    let ticked = timers::run(office, &person)?;
    for due in &ticked.moved {
        tracing::info!(
            clock = due.clock.name(),
            id = due.id,
            since = due.since,
            "moved by a timer"
        );
    }
    for (due, reason) in &ticked.refused {
        tracing::warn!(clock = due.clock.name(), id = due.id, since = due.since, %reason, "refused to a timer");
    }
    tracing::info!(
        person,
        moved = ticked.moved.len(),
        refused = ticked.refused.len(),
        "timers ran"
    );
    Ok(())
}

/// Writes what happens to standard error, a JSON object a line. `MEED_LOG` says how much: `info`, `warn`, `meed_portal=debug`.
pub fn log(usually: &str) {
    let filter = EnvFilter::try_from_env("MEED_LOG").unwrap_or_else(|_| EnvFilter::new(usually));
    let lines = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A process that logs already goes on as it does.
    let _ = lines.try_init();
}

/// The signals by which a process is asked to stop: whoever knows where it serves may ask, so they are heeded before that is told.
#[cfg(unix)]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupted, mut terminated) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Ctrl-C, by which a process is asked to stop.
#[cfg(not(unix))]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        // Without a handler the process ends by the signal itself.
        let _ = tokio::signal::ctrl_c().await;
    })
}
