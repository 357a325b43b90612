//! Forgetting: personal values go, with the salts that bound them; the log stays whole, because it never held them.

use serde_json::{Value, json};

use super::{Fact, Identifier, Subject, Title, line_of};
use crate::awards::Award;
use crate::command::Decided;
use crate::machine::AccountState;
use crate::payments::Account;
use crate::people::disinterested;
use crate::policies::Document;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// Forgets a subject's name, facts and accounts, the acts that stated them, what decisions kept of them, and its numbers: these stay as long as an award
/// or a title counts, or what is given once would be given again. Files that went to a bank
/// are kept as long as the law on accounts asks for it, and are not touched here.
pub(super) fn forget(tx: &mut Tx<'_>, subject: &str) -> Answer<Value> {
    let mut known: Subject = tx.get(subject)?;
    disinterested(tx, subject, subject)?;
    must_be_over(tx, subject)?;
    let kept = is_remembered(tx, subject)?;
    (known.name, known.salt) = (None, None);
    tx.update(&known)?;
    let id = [Cell::from(subject)];
    let mut numbers = Vec::new();
    for mut identifier in tx.rows::<Identifier>("subject = $1 AND salt IS NOT NULL ORDER BY id", &id)? {
        if kept {
            numbers.push(identifier.scheme);
            continue;
        }
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
        match account.state {
            AccountState::Entered | AccountState::Prevalidated | AccountState::Active => {
                tx.step(&mut account, AccountState::Closed)?;
            }
            AccountState::Replaced | AccountState::Closed => tx.update(&account)?,
        }
    }
    let documents = documents(tx, &id)?;
    Ok(json!({"documents": documents, "kept": numbers}))
}

/// That nothing is under way for which the office still has to know who it is.
fn must_be_over(tx: &mut Tx<'_>, subject: &str) -> Answer<()> {
    let open = "SELECT 'case', id FROM \"case\" WHERE subject = $1 AND state IN ('submitted', 'formal_check', 'correction', \
                'admissible', 'in_review', 'verified', 'waiting_for_funds', 'proposed', 'publicity', 'recheck') \
                UNION ALL SELECT 'award', id FROM award WHERE (subject = $1 OR payee = $1 OR debtor = $1) AND state IN ('reserved', 'committed') \
                UNION ALL SELECT 'obligation', obligation.id FROM obligation JOIN award ON award.id = obligation.award WHERE award.subject = $1 AND \
                obligation.state IN ('active', 'due', 'late', 'breached') \
                UNION ALL SELECT 'recovery', recovery.id FROM recovery WHERE debtor = $1 AND state IN ('found', 'notified', 'heard', 'decided', \
                'enforcing') \
                UNION ALL SELECT 'appeal', appeal.id FROM appeal JOIN decision ON decision.id = appeal.decision JOIN \"case\" ON \"case\".id = \
                decision.case_id WHERE \"case\".subject = $1 AND appeal.state IN ('lodged', 'admissible', 'examined') \
                UNION ALL SELECT 'hold', id FROM hold WHERE kind = 'subject' AND target = $1 AND lifted_at IS NULL ORDER BY 1, 2 LIMIT 1";
    let found = tx.query(open, &[Cell::from(subject)])?;
    let Some([Cell::Text(table), Cell::Text(id)]) = found.first().map(Vec::as_slice) else {
        return Ok(());
    };
    Err(Stop::denied(
        "open_business",
        format!("{table} {id} of {subject} is open, and needs what is known of them; forget it once that is over"),
        format!("{subject} 的 {table} {id} 尚未办结，仍须使用其信息，请待办结后再删除"),
    ))
}

/// Whether an award or a title of the subject, or of who it was or became, still counts: what is given once is then found again by its number alone.
fn is_remembered(tx: &mut Tx<'_>, subject: &str) -> Answer<bool> {
    let counts = "subject = $1 AND state NOT IN ('annulled', 'renounced')";
    let held = "subject = $1 AND state NOT IN ('refused')";
    for one in line_of(tx, subject)? {
        if tx.any::<Award>(counts, &[Cell::from(&one)])? || tx.any::<Title>(held, &[Cell::from(&one)])? {
            return Ok(true);
        }
    }
    Ok(false)
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
