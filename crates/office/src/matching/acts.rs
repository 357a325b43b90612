//! What a match writes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Found, Kind, Note, found};
use crate::acts;
use crate::cases::{About, Case, open};
use crate::machine::CaseState;
use crate::people::{Role, must};
use crate::register::Subject;
use crate::stop::Answer;
use crate::store::Cell;
use crate::tx::Tx;

acts! {
    /// What a match writes.
    pub enum Act {
        /// Offers what the rules give one applicant, notes what is almost there, and ends offers that no longer hold
        Subject {
            /// The applicant
            subject: String,
        },
        /// Says how far a reader of the outbox has come
        Seen {
            /// The reader
            consumer: String,
            /// The log entry
            seq: i64,
            /// The event within it
            i: i64,
        },
    }
}

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// Undecided where a package does not check.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
        must(tx, Role::Machine, "")?;
        match self {
            Act::Subject { subject } => {
                let subject: Subject = tx.get(subject)?;
                let change = change(tx, &subject)?;
                let told = json!({"offered": change.offers.len(), "lapsed": change.lapsing.len(), "noted": change.notes.len()});
                write(tx, &subject, change)?;
                Ok(told)
            }
            Act::Seen { consumer, seq, i } => super::run::seen(tx, consumer, *seq, *i),
        }
    }
}

/// What a match would write for a subject.
#[derive(Debug, Default)]
pub(super) struct Change {
    /// Measures and children to offer.
    pub offers: Vec<(String, String)>,
    /// Offers that no longer hold.
    pub lapsing: Vec<Case>,
    /// Notes that are new or different.
    pub notes: Vec<Note>,
}

impl Change {
    pub(super) fn is_empty(&self) -> bool {
        self.offers.is_empty() && self.lapsing.is_empty() && self.notes.is_empty()
    }
}

/// Compares what the rules give with what is offered and noted.
pub(super) fn change(tx: &mut Tx<'_>, subject: &Subject) -> Answer<Change> {
    let found = found(tx, subject)?;
    let mut change = Change::default();
    let live = "subject = $1 AND kind = 'award' AND state NOT IN ('closed', 'declined', 'expired', 'lapsed', 'withdrawn', 'refused', 'inadmissible')";
    let cases: Vec<Case> = tx.rows(live, &[Cell::from(&subject.id)])?;
    let offer = |key: &(String, String)| found.get(key).is_some_and(|one| one.kind == Kind::Offer);
    for case in &cases {
        let key = (case.measure.clone(), case.object.clone());
        if case.state == CaseState::Offered && !offer(&key) {
            change.lapsing.push(case.clone());
        }
    }
    for key in found.keys().filter(|key| offer(key)) {
        let open = cases.iter().any(|case| case.measure == key.0 && case.object == key.1);
        if !open && !declined_today(tx, subject, key)? {
            change.offers.push(key.clone());
        }
    }
    change.notes = notes(tx, subject, &found)?;
    Ok(change)
}

/// What somebody declined on the same day is not offered to them again at once.
fn declined_today(tx: &mut Tx<'_>, subject: &Subject, key: &(String, String)) -> Answer<bool> {
    let condition = "subject = $1 AND measure = $2 AND object = $3 AND state = 'declined' AND offer_until >= $4";
    let arguments = [
        Cell::from(&subject.id),
        Cell::from(&key.0),
        Cell::from(&key.1),
        Cell::from(&tx.today),
    ];
    tx.any::<Case>(condition, &arguments)
}

fn notes(tx: &mut Tx<'_>, subject: &Subject, found: &BTreeMap<(String, String), Found>) -> Answer<Vec<Note>> {
    let before: Vec<Note> = tx.rows("subject = $1", &[Cell::from(&subject.id)])?;
    let mut notes = Vec::new();
    for ((measure, object), one) in found {
        let kind = match one.kind {
            Kind::Offer => continue,
            Kind::Ready => "ready",
            Kind::Almost => "almost",
        };
        let (subject, measure, object) = (subject.id.clone(), measure.clone(), object.clone());
        let note = Note {
            subject,
            measure,
            object,
            kind: kind.to_owned(),
            body: one.body.clone(),
        };
        if !before.contains(&note) {
            notes.push(note);
        }
    }
    for past in before.iter().filter(|note| note.kind != "none") {
        let key = (past.measure.clone(), past.object.clone());
        if found.get(&key).is_none_or(|one| one.kind == Kind::Offer) {
            notes.push(Note {
                kind: "none".to_owned(),
                body: Value::Null,
                ..past.clone()
            });
        }
    }
    Ok(notes)
}

fn write(tx: &mut Tx<'_>, subject: &Subject, change: Change) -> Answer<()> {
    for (measure, object) in &change.offers {
        let about = About {
            kind: "award",
            subject: &subject.id,
            measure,
            object,
            on: None,
        };
        let case = open(tx, &about, CaseState::Offered)?;
        tx.tell("offered", &case.id, &json!({"subject": subject.id, "measure": measure}))?;
    }
    for mut case in change.lapsing {
        tx.step(&mut case, CaseState::Lapsed)?;
        tx.tell("offer_lapsed", &case.id, &json!({"because": "facts or rules changed"}))?;
    }
    for note in change.notes {
        if tx.find::<Note>((&note.subject, &note.measure, &note.object))?.is_some() {
            tx.update(&note)?;
        } else {
            tx.insert(&note)?;
        }
    }
    Ok(())
}
