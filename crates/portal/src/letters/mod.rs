//! Letters: what a decision tells its applicant. Here what stands in one, for pages and for print alike.

mod sheet;

use meed_facts::date::Date;
use meed_facts::money::Money;
use meed_office::cases::{Case, Decision, took_effect};
use meed_office::register::Subject;
use meed_office::store::{Cell, Connection};
use meed_office::tx::Tx;
use serde_json::Value;

use crate::access::{Viewer, sees};
use crate::determined::Names;
use crate::fault::Fault;
use crate::view::grouped;
use crate::words::Words;

pub use sheet::sheet;

/// What stands in a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its number: the decision's.
    pub number: String,
    /// `grant`, `refuse`…: what was decided.
    pub kind: String,
    /// To whom.
    pub to: String,
    /// What was asked for or offered, in the letter's language.
    pub about: String,
    /// The case.
    pub case: String,
    /// What is due; nothing for a refusal and for a title.
    pub amount: Option<Money>,
    /// On which day it was decided,
    pub decided: Date,
    /// by the rules of which day.
    pub rules_of: Date,
    /// The clause.
    pub clause: String,
    /// Reasons: a condition, and whether it holds.
    pub reasons: Vec<(String, bool)>,
    /// What the rules say instead, where the decision goes against them.
    pub rules: Vec<(String, bool)>,
    /// What else is said: how a fund was shared out, and a person's own words.
    pub said: Vec<String>,
    /// The office's debtor: who writes.
    pub from: String,
    /// Where an appeal goes,
    pub appeal_to: String,
    /// within how many days.
    pub appeal_days: u16,
}

/// The letter of a decision, in a language, for whoever may see the decision.
///
/// # Errors
/// Absent where there is none, it is only proposed, or it is not the visitor's.
pub fn read(
    connection: &mut Connection,
    setup: &meed_office::setup::Setup,
    viewer: &Viewer,
    id: &str,
    words: Words,
) -> Result<Letter, Fault> {
    if !sees(connection, viewer, "decision", id)? {
        return Err(Fault::Absent);
    }
    let mut tx = Tx::reading(connection, setup)?;
    let decision: Decision = tx.get(id)?;
    let case: Case = tx.get(&decision.case_id)?;
    let all = tx.rows::<Decision>("case_id = $1", &[Cell::from(&case.id)])?;
    if !took_effect(&case, &all, &decision) {
        // What is only proposed tells nobody anything yet.
        return Err(Fault::Absent);
    }
    let subject: Subject = tx.get(&case.subject)?;
    let names = Names::read(&mut tx)?;
    let grants = !matches!(decision.kind.as_str(), "refuse" | "reject" | "annul");
    Ok(Letter {
        number: decision.id.clone(),
        to: subject.name.unwrap_or(subject.id),
        about: names.of_case(words, &case),
        case: case.id,
        amount: (grants && case.kind == "award").then_some(decision.amount),
        decided: decision.at.date().unwrap_or(decision.on_date),
        rules_of: decision.on_date,
        clause: clause(decision.reasons.get("citation"), words),
        reasons: reasons(&decision.reasons, words),
        rules: by_rules(&decision.reasons, words),
        said: said(&decision.reasons, words),
        kind: decision.kind,
        from: setup.config.authority.clone(),
        appeal_to: setup.config.appeal_to.clone(),
        appeal_days: setup.config.appeal_days,
    })
}

/// A citation as people write it: number and headings. What stands in no numbered document is no clause.
fn clause(citation: Option<&Value>, words: Words) -> String {
    let text = |name: &str| citation.and_then(|citation| citation.get(name)).and_then(Value::as_str);
    let headings = citation
        .and_then(|citation| citation.get("headings"))
        .and_then(Value::as_array);
    let headings = headings.into_iter().flatten().filter_map(Value::as_str);
    let Some(number) = text("number") else {
        return words.t("letter-no-clause");
    };
    std::iter::once(number)
        .chain(headings)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" › ")
}

/// The conditions behind a decision, each with whether it holds.
pub fn reasons(reasons: &Value, words: Words) -> Vec<(String, bool)> {
    let list = reasons.get("reasons").and_then(Value::as_array);
    let one = |reason: &Value| {
        let text = reason
            .pointer(words.pick("/text/zh", "/text/en"))
            .and_then(Value::as_str)?;
        let kind = reason.get("kind").and_then(Value::as_str)?;
        matches!(kind, "holds" | "fails").then(|| (text.to_owned(), kind == "holds"))
    };
    list.into_iter().flatten().filter_map(one).collect()
}

/// What the rules say where a decision goes against them: the conditions that hold, which are no reasons of the decision.
pub fn by_rules(decided: &Value, words: Words) -> Vec<(String, bool)> {
    decided
        .get("rules")
        .map_or_else(Vec::new, |rules| reasons(rules, words))
}

/// What a decision says beside its conditions: how a fund was shared out, and a person's own words.
pub fn said(reasons: &Value, words: Words) -> Vec<String> {
    let sum = |name: &str| {
        let text = reasons.pointer(name).and_then(Value::as_str);
        text.map_or_else(String::new, grouped)
    };
    let shared = reasons.get("shared").map(|_| {
        words.with(
            "letter-shared",
            &[
                ("claim", sum("/shared/claim").into()),
                ("share", sum("/shared/share").into()),
            ],
        )
    });
    let stated = reasons.get("statement").and_then(Value::as_str).map(str::to_owned);
    shared.into_iter().chain(stated).collect()
}

#[cfg(test)]
mod tests {
    use meed_facts::label::Lang;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_share_and_a_persons_words_are_said_and_are_no_failed_conditions() {
        let decided = json!({
            "reasons": [{"kind": "holds", "text": {"zh": "在哈", "en": "In Harbin"}}],
            "shared": {"round": "round-2027-1", "claim": "300000.00", "share": "120000.00"},
            "statement": "经查属实",
        });
        let zh = Words::new(Lang::Zh);
        assert_eq!(reasons(&decided, zh), [("在哈".to_owned(), true)]);
        let said = said(&decided, zh);
        assert!(
            said[0].contains("300,000.00") && said[0].contains("120,000.00"),
            "{said:?}"
        );
        assert!(!said[0].contains("round") && said[1] == "经查属实", "{said:?}");
    }

    #[test]
    fn what_the_rules_say_against_a_refusal_is_told_apart_from_its_reasons() {
        let holds = json!([{"kind": "holds", "text": {"zh": "在哈", "en": "In Harbin"}}]);
        let refused =
            json!({"reasons": [], "statement": "经查属实", "rules": {"verdict": "eligible", "reasons": holds}});
        let zh = Words::new(Lang::Zh);
        assert_eq!(reasons(&refused, zh), []);
        assert_eq!(by_rules(&refused, zh), [("在哈".to_owned(), true)]);
        assert_eq!(by_rules(&json!({"reasons": holds}), zh), []);
    }

    #[test]
    fn what_stands_in_no_numbered_document_is_no_clause() {
        let zh = Words::new(Lang::Zh);
        let of = |citation: Value| clause(Some(&citation), zh);
        let vocabulary = json!({"document": "vocabulary/titles.md", "headings": ["称号"]});
        assert!(!of(vocabulary).contains("vocabulary"));
        let clause = json!({"document": "a.md", "number": "哈政规〔2022〕1号", "headings": ["第三条"]});
        assert_eq!(of(clause), "哈政规〔2022〕1号 › 第三条");
    }
}
