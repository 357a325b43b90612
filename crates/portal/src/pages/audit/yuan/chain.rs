//! All that a payment hangs on, read at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use maud::Markup;
use meed_office::aftermath::{Offset, Recovery};
use meed_office::awards::{Award, Instalment};
use meed_office::cases::{Case, Decision};
use meed_office::payments::{Batch, Entry, Instruction};
use meed_office::people::Deed;
use meed_office::policies::Policy;
use meed_office::publicity::{List, Row};
use meed_office::register::{Fact, Subject};
use meed_office::store::Cell;
use meed_office::tx::Tx;

use crate::access::{Viewer, seen};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::finance::batch::keys_of;
use crate::pages::office::case::explained;
use crate::pages::office::deeds::{self, Done};
use crate::visit::Visit;

/// One attempt to pay: the instruction, its batch with its keys, and what the bank booked.
pub struct Attempt {
    /// The instruction.
    pub instruction: Instruction,
    /// The batch in which it left, and who turned which key.
    pub batch: Option<(Batch, Vec<(Deed, String)>)>,
    /// The bank's bookings about it.
    pub entries: Vec<Entry>,
}

/// A payment with all that it hangs on; of a case that led to none, the rest.
pub struct Chain {
    /// The attempts to pay, the last first.
    pub attempts: Vec<Attempt>,
    /// What is paid.
    pub instalment: Option<Instalment>,
    /// What of it was paid by what its payee owed.
    pub offsets: Vec<Offset>,
    /// The award.
    pub award: Option<Award>,
    /// What is asked back of it.
    pub recoveries: Vec<Recovery>,
    /// What was decided, the last first.
    pub decisions: Vec<Decision>,
    /// Where it was public, the last version first.
    pub lists: Vec<(List, Row)>,
    /// The case.
    pub case: Case,
    /// The applicant.
    pub subject: Subject,
    /// What was done with the case.
    pub deeds: Vec<Done>,
    /// What was known of the applicant when it was decided, by path.
    pub facts: Vec<Fact>,
    /// The package version.
    pub policy: Policy,
    /// The conditions with their values.
    pub explained: Markup,
    /// What things are called.
    pub names: Names,
}

/// Reads the chain of a case, and of one of its instalments; of the first, where none is named.
///
/// # Errors
/// Absent, where there is none that the visitor may see.
pub async fn chain(portal: &Arc<Portal>, visit: &Visit, case: &str, instalment: &str) -> Result<Chain, Fault> {
    let (visit, case, instalment) = (visit.clone(), case.to_owned(), instalment.to_owned());
    portal
        .read(move |connection, setup| read(&mut Tx::reading(connection, setup)?, &visit, &case, &instalment))
        .await
}

fn read(tx: &mut Tx<'_>, visit: &Visit, case: &str, instalment: &str) -> Result<Chain, Fault> {
    let viewer = &visit.viewer;
    let of_case = [Cell::from(case)];
    let case = seen::<Case>(tx, viewer, "id = $1", &of_case, "")?
        .pop()
        .ok_or(Fault::Absent)?;
    let subject: Subject = tx.get(&case.subject)?;
    let decisions = seen::<Decision>(tx, viewer, "case_id = $1", &of_case, "ORDER BY n DESC")?;
    let award = seen::<Award>(tx, viewer, "case_id = $1", &of_case, "ORDER BY id DESC LIMIT 1")?.pop();
    let of_award = [
        Cell::from(award.as_ref().map_or("", |award| award.id.as_str())),
        Cell::from(instalment),
    ];
    let wanted = "award = $1 AND ($2 = '' OR id = $2)";
    let instalment = seen::<Instalment>(tx, viewer, wanted, &of_award, "ORDER BY n LIMIT 1")?.pop();
    let of_instalment = [Cell::from(instalment.as_ref().map_or("", |one| one.id.as_str()))];
    let policy = decisions.first().map_or(&case.policy, |last| &last.policy);
    Ok(Chain {
        attempts: attempts(tx, viewer, &of_instalment)?,
        offsets: tx.rows("instalment = $1 ORDER BY recovery", &of_instalment)?,
        recoveries: seen(
            tx,
            viewer,
            "award = $1",
            of_award.get(..1).unwrap_or_default(),
            "ORDER BY id",
        )?,
        lists: lists(tx, viewer, &of_case)?,
        deeds: deeds::with(tx, &case.id)?,
        facts: facts(tx, viewer, &case, decisions.first())?,
        policy: tx.get(policy)?,
        explained: explained(tx, visit, &case, decisions.first())?,
        names: Names::read(tx)?,
        instalment,
        award,
        decisions,
        case,
        subject,
    })
}

fn attempts(tx: &mut Tx<'_>, viewer: &Viewer, instalment: &[Cell]) -> Result<Vec<Attempt>, Fault> {
    let mut found = Vec::new();
    for instruction in seen::<Instruction>(tx, viewer, "instalment = $1", instalment, "ORDER BY attempt DESC")? {
        let id = [Cell::from(&instruction.id)];
        let entries = seen::<Entry>(tx, viewer, "instruction = $1", &id, "ORDER BY booked, bank_ref")?;
        let batch = match &instruction.batch {
            Some(batch) => seen::<Batch>(tx, viewer, "id = $1", &[Cell::from(batch)], "")?.pop(),
            None => None,
        };
        let batch = match batch {
            Some(batch) => {
                let keys = keys_of(tx, &batch.id)?;
                Some((batch, keys))
            }
            None => None,
        };
        found.push(Attempt {
            instruction,
            batch,
            entries,
        });
    }
    Ok(found)
}

fn lists(tx: &mut Tx<'_>, viewer: &Viewer, case: &[Cell]) -> Result<Vec<(List, Row)>, Fault> {
    let mut found = Vec::new();
    for row in seen::<Row>(tx, viewer, "case_id = $1", case, "ORDER BY version DESC")? {
        let list: List = tx.get((&row.list, row.version))?;
        found.push((list, row));
    }
    Ok(found)
}

/// Of each fact the last that was known when it was decided and that holds on the day of the rules.
fn facts(tx: &mut Tx<'_>, viewer: &Viewer, case: &Case, decision: Option<&Decision>) -> Result<Vec<Fact>, Fault> {
    let (known, on) = decision.map_or((i64::MAX, case.on_date), |one| (one.known, one.on_date));
    let condition = "subject = $1 AND seq <= $2 AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > $3)";
    let place = [Cell::from(&case.subject), Cell::Int(known), Cell::from(&on)];
    let mut last = BTreeMap::new();
    for fact in seen::<Fact>(tx, viewer, condition, &place, "ORDER BY seq, id")? {
        last.insert(fact.path.clone(), fact);
    }
    Ok(last.into_values().collect())
}
