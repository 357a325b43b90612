//! What an applicant says of themselves. It counts where nobody else has said anything; what a register says, the registrar corrects.

use meed_facts::date::Date;
use serde_json::{Value, json};

use super::acts::{Said, check, state};
use super::{Fact, Subject};
use crate::people::{Role, must};
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// The source of facts that applicants stated themselves.
pub const OWN_WORD: &str = "applicant";

/// States facts by path, or takes back what was stated (`null`), as the agent of the subject.
///
/// # Errors
/// Denied where somebody else has stated one of them already, or where they are not in the vocabulary's words.
pub(super) fn declare(tx: &mut Tx<'_>, subject: &str, facts: &Value, evidence: Option<&str>) -> Answer<Value> {
    must(tx, Role::Agent, subject)?;
    let subject: Subject = tx.get(subject)?;
    let facts = facts
        .as_object()
        .filter(|facts| facts.keys().all(|path| path.starts_with('/')));
    let facts = facts.ok_or_else(|| {
        Stop::denied(
            "bad_facts",
            "facts are an object by path: {\"/revenue/2022\": \"61000000.00\"}",
            "信息应为按路径书写的对象，如 {\"/revenue/2022\": \"61000000.00\"}",
        )
    })?;
    let official = official(tx, &subject)?;
    let said = Said {
        source: OWN_WORD,
        evidence,
        from: Date::from_days_since_epoch(0).unwrap_or(tx.today),
        to: None,
    };
    for (path, value) in facts {
        if let Some(known) = official.iter().find(|known| known.settles(path, &official)) {
            let source = &known.source;
            return Err(Stop::denied(
                "register_knows",
                format!("{source} says something about {path}; ask the registrar to correct it if it is wrong"),
                format!("{path} 已有来自“{source}”的信息；如有误，请申请登记部门更正"),
            ));
        }
        state(
            tx,
            &subject.id,
            path,
            Some(value.clone()).filter(|value| !value.is_null()),
            &said,
        )?;
    }
    check(tx, &subject)?;
    tx.tell(
        "facts_declared",
        &subject.id,
        &json!({"paths": facts.keys().collect::<Vec<_>>()}),
    )?;
    Ok(json!({"subject": subject.id, "facts": facts.len()}))
}

/// What somebody else than the applicant says today.
struct Official {
    path: String,
    whole: bool,
    source: String,
}

fn official(tx: &mut Tx<'_>, subject: &Subject) -> Answer<Vec<Official>> {
    let condition = "subject = $1 AND source <> $2 AND value IS NOT NULL AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > $3) ORDER BY seq";
    let today = Cell::from(&tx.today);
    let facts = tx.rows::<Fact>(condition, &[Cell::from(&subject.id), OWN_WORD.into(), today])?;
    let official = |fact: Fact| Official {
        whole: fact.value == Some(Value::Bool(true)),
        path: fact.path,
        source: fact.source,
    };
    Ok(facts.into_iter().map(official).collect())
}

impl Official {
    /// Whether this leaves an applicant nothing to say about a path: it says that itself, something above or below it, or that a list
    /// is whole in which the path's child is not.
    fn settles(&self, path: &str, all: &[Self]) -> bool {
        let under = |path: &str, above: &str| {
            path.strip_prefix(above)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if let Some(list) = self.path.strip_suffix('#') {
            let child = path
                .strip_prefix(list)
                .and_then(|rest| rest.split('/').next())
                .filter(|child| child.starts_with('#'));
            let known = |child: &str| all.iter().any(|one| under(&one.path, &format!("{list}{child}")));
            return child.is_some_and(|child| child == "#" || (self.whole && !known(child)));
        }
        under(path, &self.path) || under(&self.path, path)
    }
}
