//! The office as a process has it: a database, a setup, and a queue for commands.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use crate::command::{Act, Command, Consideration, End, Job, Outcome, SubmitError, serve};
use crate::log::salt;
pub use crate::setup::Setup;
use crate::store::{Connection, StoreError, Watch, migrate};

/// An open office. Cloning is not needed: `&Office` can be shared between threads.
#[derive(Debug)]
pub struct Office {
    address: String,
    setup: Arc<Setup>,
    queue: Option<Sender<Job>>,
    writer: Option<JoinHandle<()>>,
}

impl Office {
    /// Opens the office in a database, bringing its schema up to date.
    ///
    /// # Errors
    /// Where the database cannot be had or was made by a later version.
    pub fn open(address: &str, setup: Setup) -> Result<Self, StoreError> {
        Self::open_watched(address, setup, None)
    }

    /// Opens the office with a watch on every write, for tests that stop the world.
    ///
    /// # Errors
    /// As [`Office::open`].
    pub fn open_watched(address: &str, setup: Setup, watch: Option<Watch>) -> Result<Self, StoreError> {
        let mut connection = Connection::open(address)?;
        migrate(&mut connection)?;
        connection.watch(watch);
        let setup = Arc::new(setup);
        let (queue, jobs) = channel();
        let shared = Arc::clone(&setup);
        let writer = std::thread::spawn(move || serve(connection, &shared, &jobs));
        Ok(Self {
            address: address.to_owned(),
            setup,
            queue: Some(queue),
            writer: Some(writer),
        })
    }

    /// What the office is set up with.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// Where the database cannot be had.
    pub fn reader(&self) -> Result<Connection, StoreError> {
        Connection::open(&self.address)
    }

    /// Gives a command and waits until its outcome is durable.
    ///
    /// # Errors
    /// [`SubmitError`]: there is no outcome.
    pub fn submit(&self, command: Command) -> Result<Outcome, SubmitError> {
        self.send(command)?.recv().map_err(|_| SubmitError::Closed)?
    }

    /// Gives a command and does not wait.
    ///
    /// # Errors
    /// [`SubmitError::Closed`].
    pub fn send(&self, command: Command) -> Result<Receiver<Result<Outcome, SubmitError>>, SubmitError> {
        self.queue(command, End::Kept)
    }

    /// What would come of a command if it were given now: it is done as any other, then undone, and nothing tells of it. One that was
    /// given already under its id would have that outcome.
    ///
    /// # Errors
    /// [`SubmitError`]: there would be no outcome.
    pub fn consider(&self, command: Command) -> Result<Consideration, SubmitError> {
        let answer = self.queue(command, End::Undone)?;
        Ok(answer.recv().map_err(|_| SubmitError::Closed)??.into())
    }

    /// What would come of each of several acts of a person, if it alone were given now.
    ///
    /// # Errors
    /// As [`Office::consider`].
    pub fn consider_all(&self, person: &str, acts: Vec<Act>) -> Result<Vec<Consideration>, SubmitError> {
        let ask = |act| self.queue(Command::new(salt()?, person, act), End::Undone);
        let answers = acts.into_iter().map(ask).collect::<Result<Vec<_>, _>>()?;
        let told = |answer: Receiver<_>| answer.recv().map_err(|_| SubmitError::Closed)?;
        answers.into_iter().map(|answer| Ok(told(answer)?.into())).collect()
    }

    fn queue(&self, command: Command, end: End) -> Result<Receiver<Result<Outcome, SubmitError>>, SubmitError> {
        let (reply, answer) = channel();
        let queue = self.queue.as_ref().ok_or(SubmitError::Closed)?;
        queue
            .send(Job { command, end, reply })
            .map_err(|_| SubmitError::Closed)?;
        Ok(answer)
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has told so already.
            let _ = writer.join();
        }
    }
}
