//! Where simulations are made: one after the other on a thread of its own, a few waiting, the last ones kept in a folder of the process.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use meed_office::time::Instant;
use meed_syntax::diagnostic::Message;
use tempfile::TempDir;

use super::found::Found;
use crate::fault::Fault;

/// How many are kept; the oldest makes room.
pub(super) const KEPT: usize = 12;
/// How many may wait.
const WAITING: usize = 4;
/// After how many seconds it is worth asking again, where too many wait.
const AGAIN: u64 = 30;

/// What a simulation does: gives what it finds, or says why it cannot.
pub(super) type Work = Box<dyn FnOnce(&Simulated) -> Result<Found, Message> + Send>;

/// One with what it does.
type Ordered = (Arc<Simulated>, Work);

/// The simulations of one process.
#[derive(Debug, Default)]
pub struct Desk {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    kept: BTreeMap<u64, Arc<Simulated>>,
    /// The folder and the way to the thread, made when they are first needed.
    open: Option<(TempDir, SyncSender<Ordered>)>,
}

/// What is asked for, in words.
#[derive(Clone, Debug)]
pub(super) struct About {
    /// The version.
    pub policy: String,
    /// Its name and version.
    pub title: String,
    /// Who asked for it.
    pub person: String,
    /// When.
    pub at: Instant,
    /// Whether it runs over the register, whose applicants are not for everybody.
    pub register: bool,
}

/// One simulation.
#[derive(Debug)]
pub(super) struct Simulated {
    /// Its number.
    pub id: u64,
    /// What was asked for.
    pub about: About,
    /// Its folder.
    pub folder: PathBuf,
    state: Mutex<State>,
    done: AtomicU64,
    all: AtomicU64,
}

/// How far a simulation is.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// Others are before it.
    Waiting,
    /// It is being made.
    Running,
    /// It found something.
    Done(Arc<Found>),
    /// It could not be made.
    Failed(Message),
}

impl Simulated {
    /// How far it is.
    pub fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether nothing will come of it any more.
    fn ended(&self) -> bool {
        matches!(self.state(), State::Done(_) | State::Failed(_))
    }

    fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// Notes how many rows are done, of how many.
    pub fn progress(&self, done: u64, all: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.all.store(all, Ordering::Relaxed);
    }

    /// How many rows are done, of how many, where that is known.
    pub fn rows(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed))
    }

    /// The folder of what it found.
    pub fn results(&self) -> PathBuf {
        self.folder.join("results")
    }
}

impl Desk {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All that are kept, the last first.
    pub(super) fn all(&self) -> Vec<Arc<Simulated>> {
        self.inner().kept.values().rev().cloned().collect()
    }

    /// One that is kept.
    pub(super) fn get(&self, id: u64) -> Option<Arc<Simulated>> {
        self.inner().kept.get(&id).cloned()
    }

    /// Puts one behind those that wait.
    ///
    /// # Errors
    /// Busy where too many wait, broken where there is no folder or thread to be had.
    pub(super) fn take(&self, about: About, work: Work) -> Result<u64, Fault> {
        let mut inner = self.inner();
        let (folder, sender) = match &inner.open {
            Some((folder, sender)) => (folder.path().to_owned(), sender.clone()),
            None => {
                let folder = tempfile::Builder::new()
                    .prefix("meed-simulations-")
                    .tempdir()
                    .map_err(broken)?;
                let path = folder.path().to_owned();
                let sender = thread()?;
                inner.open = Some((folder, sender.clone()));
                (path, sender)
            }
        };
        let id = inner.last.saturating_add(1);
        let simulated = Arc::new(Simulated {
            id,
            about,
            folder: folder.join(id.to_string()),
            state: Mutex::new(State::Waiting),
            done: AtomicU64::new(0),
            all: AtomicU64::new(0),
        });
        match sender.try_send((Arc::clone(&simulated), work)) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(Fault::Busy(AGAIN)),
            Err(TrySendError::Disconnected(_)) => return Err(broken("the thread of simulations has ended")),
        }
        inner.last = id;
        inner.kept.insert(id, simulated);
        inner.tidy();
        Ok(id)
    }
}

impl Inner {
    fn tidy(&mut self) {
        while self.kept.len() > KEPT {
            let Some(id) = self.kept.values().find(|one| one.ended()).map(|one| one.id) else {
                return;
            };
            if let Some(old) = self.kept.remove(&id) {
                // What cannot be removed now goes with the process's folder.
                let _ = fs::remove_dir_all(&old.folder);
            }
        }
    }
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

/// The thread on which simulations are made, as long as somebody can ask for one.
fn thread() -> Result<SyncSender<Ordered>, Fault> {
    let (sender, receiver) = sync_channel::<Ordered>(WAITING);
    let make = move || {
        for (simulated, work) in receiver {
            simulated.set(State::Running);
            // One that breaks must not end those behind it.
            let made = catch_unwind(AssertUnwindSafe(|| {
                fs::create_dir_all(&simulated.folder).map_err(|error| said(&error))?;
                work(&simulated)
            }));
            let made = made.unwrap_or_else(|_| Err(Message::new("the simulation broke off", "测算中断")));
            match made {
                Ok(found) => simulated.set(State::Done(Arc::new(found))),
                Err(why) => {
                    // Nothing of the population stays behind.
                    let _ = fs::remove_dir_all(&simulated.folder);
                    simulated.set(State::Failed(why));
                }
            }
        }
    };
    let thread = std::thread::Builder::new().name("simulations".to_owned());
    thread.spawn(make).map_err(broken)?;
    Ok(sender)
}

/// What the machine or another crate says, as it says it.
pub(super) fn said(error: &dyn std::fmt::Display) -> Message {
    Message::new(error.to_string(), error.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    fn about() -> About {
        About {
            policy: "policy-1".to_owned(),
            title: "small 1".to_owned(),
            person: "drafter".to_owned(),
            at: Instant::from_milliseconds(0),
            register: false,
        }
    }

    fn failing() -> Work {
        Box::new(|_| Err(Message::new("no", "否")))
    }

    #[test]
    fn one_at_a_time_a_few_wait_and_more_are_turned_away() {
        let desk = Desk::default();
        let (begun, has_begun) = channel();
        let (go, may_go) = channel::<()>();
        let held: Work = Box::new(move |_| {
            begun.send(()).unwrap();
            may_go.recv().unwrap();
            Err(Message::new("no", "否"))
        });
        let first = desk.take(about(), held).unwrap();
        has_begun.recv().unwrap();
        for _ in 0..WAITING {
            desk.take(about(), failing()).unwrap();
        }
        assert!(matches!(desk.take(about(), failing()), Err(Fault::Busy(_))));
        assert!(matches!(desk.get(first).unwrap().state(), State::Running));
        assert!(matches!(desk.get(first + 1).unwrap().state(), State::Waiting));
        go.send(()).unwrap();
        let last = desk.get(first + u64::try_from(WAITING).unwrap()).unwrap();
        while !last.ended() {
            std::thread::yield_now();
        }
        assert!(matches!(last.state(), State::Failed(_)));
    }

    #[test]
    fn the_oldest_makes_room_and_what_breaks_leaves_the_thread_whole() {
        let desk = Desk::default();
        let mut last = 0;
        for _ in 0..KEPT + 3 {
            last = desk.take(about(), Box::new(|_| panic!("broken on purpose"))).unwrap();
            while !desk.get(last).unwrap().ended() {
                std::thread::yield_now();
            }
        }
        assert_eq!(desk.all().len(), KEPT);
        assert_eq!(desk.all()[0].id, last);
        assert!(desk.get(1).is_none());
    }
}
