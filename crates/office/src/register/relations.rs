//! Relations between applicants, and between them and the people of the office: who owns, leads or employs whom, and who are family.
//!
//! Like facts they have days for which they hold, and the moment since which the office knows: a later statement about the same two and the same kind takes
//! an earlier one's place for its days, and none is ever changed.

use std::collections::BTreeMap;

use meed_facts::date::Date;
use serde_json::{Value, json};

use super::acts::Said;
use super::{Subject, Successor};
use crate::people::{Person, disinterested};
use crate::record;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::time::Instant;
use crate::tx::Tx;

/// The most subjects that are followed in one line of successors.
const LONGEST: usize = 64;

crate::choice! {
    /// What joins two.
    pub enum Kind {
        /// The first owns a part of the second, or all of it.
        Owner = "owner",
        /// The first leads the second, or sits on its board.
        Manager = "manager",
        /// The first works for the second.
        Employee = "employee",
        /// They are family.
        Family = "family",
        /// Another relation that people should not decide in: an adviser, a former employer.
        Other = "other",
    }
}

record! {
    /// That two are, or are not, related for some time, known since an instant.
    pub struct Relation in "relation" by id {
        /// Its id.
        id: String,
        /// Who: an applicant, or a person of the office,
        one: String,
        /// is what
        kind: Kind,
        /// of which applicant.
        other: String,
        /// Whether they are; not where an earlier statement is taken back.
        holds: bool,
        /// The first day for which it holds
        valid_from: Date,
        /// and the day after the last.
        valid_to: Option<Date>,
        /// Since when the office knows
        known_from: Instant,
        /// and by which log entry: a later one takes an earlier one's place.
        seq: i64,
        /// Who says so.
        source: String,
        /// The paper.
        evidence: Option<String>,
    }
}

/// States that two are related, or takes that back.
pub(super) fn relate(
    tx: &mut Tx<'_>,
    (one, kind, other): (&str, Kind, &str),
    holds: bool,
    said: &Said<'_>,
) -> Answer<Value> {
    tx.get::<Subject>(other)?;
    if tx.find::<Subject>(one)?.is_none() {
        tx.get::<Person>(one)?;
    }
    if one == other {
        return Err(Stop::denied(
            "same_line",
            format!("{one} is not related to itself"),
            format!("{one} 不能与自身存在关系"),
        ));
    }
    // Anybody may say whom they are related to themselves; that they are not is for others to say.
    if !holds || one != tx.person {
        disinterested(tx, other, other)?;
        if tx.find::<Subject>(one)?.is_some() {
            disinterested(tx, one, one)?;
        }
    }
    said.must_be_said()?;
    let relation = Relation {
        id: tx.id("relation"),
        one: one.to_owned(),
        kind,
        other: other.to_owned(),
        holds,
        valid_from: said.from,
        valid_to: said.to,
        known_from: tx.at,
        seq: tx.seq,
        source: said.source.to_owned(),
        evidence: said.evidence.map(str::to_owned),
    };
    tx.insert(&relation)?;
    tx.tell("related", other, &json!({"relation": relation.id}))?;
    Ok(json!({"relation": relation.id}))
}

/// With whom somebody is related today, by what is known now, whichever of the two they are.
///
/// # Errors
/// Where the database fails.
pub fn related(tx: &mut Tx<'_>, who: &str) -> Answer<Vec<String>> {
    let valid =
        "(one = $1 OR other = $1) AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2) ORDER BY seq, id";
    let mut latest = BTreeMap::new();
    for relation in tx.rows::<Relation>(valid, &[who.into(), Cell::from(&tx.today)])? {
        let Relation { one, kind, other, .. } = relation;
        latest.insert((one, kind.name(), other), relation.holds);
    }
    let holding = latest.into_iter().filter(|(_, holds)| *holds);
    let mut others: Vec<String> = holding
        .map(|((one, _, other), _)| if one == who { other } else { one })
        .collect();
    others.sort_unstable();
    others.dedup();
    Ok(others)
}

/// A subject with everybody whose place it took and who took its place; somebody who is no subject alone.
///
/// # Errors
/// Where the database fails.
pub fn line_of(tx: &mut Tx<'_>, who: &str) -> Answer<Vec<String>> {
    let mut line = vec![who.to_owned()];
    let mut at = 0;
    while let Some(one) = line.get(at).cloned() {
        at = at.saturating_add(1);
        for joined in tx.rows::<Successor>("old = $1 OR new = $1 ORDER BY old, new, since", &[Cell::from(&one)])? {
            for next in [joined.old, joined.new] {
                if line.len() < LONGEST && !line.contains(&next) {
                    line.push(next);
                }
            }
        }
    }
    Ok(line)
}
