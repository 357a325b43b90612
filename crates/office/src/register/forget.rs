//! Forgetting: personal values go, with the salts that bound them; the log stays whole, because it never held them.

use serde_json::{Value, json};

use super::{Fact, Identifier, Subject};
use crate::command::Decided;
use crate::payments::Account;
use crate::policies::Document;
use crate::stop::Answer;
use crate::store::Cell;
use crate::tx::Tx;

/// Forgets a subject's name, numbers, facts and accounts, the acts that stated them, and what decisions kept of them. Files that went to a bank
/// are kept as long as the law on accounts asks for it, and are not touched here.
pub(super) fn forget(tx: &mut Tx<'_>, subject: &str) -> Answer<Value> {
    let mut known: Subject = tx.get(subject)?;
    (known.name, known.salt) = (None, None);
    tx.update(&known)?;
    let id = [Cell::from(subject)];
    for mut identifier in tx.rows::<Identifier>("subject = $1 AND salt IS NOT NULL ORDER BY id", &id)? {
        (identifier.value, identifier.salt) = (None, None);
        tx.update(&identifier)?;
    }
    acts(tx, &id)?;
    for mut fact in tx.rows::<Fact>("subject = $1 AND salt IS NOT NULL ORDER BY id", &id)? {
        (fact.value, fact.salt) = (None, None);
        tx.update(&fact)?;
    }
    for mut account in tx.rows::<Account>("subject = $1 AND salt IS NOT NULL ORDER BY id, version", &id)? {
        (account.name, account.number, account.bank, account.salt) = (None, None, None, None);
        tx.update(&account)?;
    }
    let kept = documents(tx, &id)?;
    Ok(json!({"documents": kept}))
}

/// Commands that stated facts or accounts, or said something in requests: what they did stays in the log, how it was said does not.
fn acts(tx: &mut Tx<'_>, subject: &[Cell]) -> Answer<()> {
    let stated = "salt IS NOT NULL AND seq IN (SELECT seq FROM fact WHERE subject = $1 UNION SELECT seq FROM outbox WHERE kind = \
                  'account_entered' AND target = $1 UNION SELECT seq FROM outbox WHERE kind LIKE 'service_%' AND target IN (SELECT id FROM \
                  request WHERE subject = $1)) ORDER BY seq";
    for mut command in tx.rows::<Decided>(stated, subject)? {
        (command.act, command.salt) = (None, None);
        tx.update(&command)?;
    }
    Ok(())
}

/// Facts and determinations of the subject's decisions and requests, and what was said in requests.
fn documents(tx: &mut Tx<'_>, subject: &[Cell]) -> Answer<usize> {
    let of_decisions = "body IS NOT NULL AND digest IN (SELECT facts FROM decision JOIN \"case\" ON \"case\".id = decision.case_id WHERE \
                        \"case\".subject = $1 UNION SELECT result FROM decision JOIN \"case\" ON \"case\".id = decision.case_id WHERE \
                        \"case\".subject = $1 UNION SELECT facts FROM request WHERE subject = $1 UNION SELECT result FROM request WHERE \
                        subject = $1 UNION SELECT document.digest FROM document JOIN request ON document.digest IN (wish, question, reply, \
                        answer) WHERE request.subject = $1) ORDER BY digest";
    let documents = tx.rows::<Document>(of_decisions, subject)?;
    let count = documents.len();
    for mut document in documents {
        document.body = None;
        tx.update(&document)?;
    }
    Ok(count)
}
