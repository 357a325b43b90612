//! What was read from all of an office, kept for as long as the office stays as it was.

use std::sync::{Arc, Mutex, PoisonError};

use meed_facts::date::Date;
use meed_office::store::Cell;
use meed_office::tx::Tx;

use crate::fault::Fault;

/// One thing, kept with the state of the office in which it was read.
#[derive(Debug)]
pub struct Kept<T>(Mutex<Option<(State, Arc<T>)>>);

/// The hash of the log's head, since whatever changes in an office has an entry there; and a day.
type State = (Vec<Cell>, Date);

impl<T> Kept<T> {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// What was read when the office was as it is now, or what `read` says.
    ///
    /// # Errors
    /// What `read` says, or where the database fails.
    pub fn or_read(
        &self,
        tx: &mut Tx<'_>,
        on: Date,
        read: impl FnOnce(&mut Tx<'_>) -> Result<T, Fault>,
    ) -> Result<Arc<T>, Fault> {
        let head = tx.query("SELECT hash FROM head", &[])?;
        let now = (head.into_iter().flatten().collect(), on);
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = kept.as_ref().filter(|(state, _)| *state == now) {
            return Ok(Arc::clone(known));
        }
        drop(kept);
        let known = Arc::new(read(tx)?);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&known)));
        Ok(known)
    }
}
