//! What the rules say about a case: a determination on its day, with what the register knows now.

use std::sync::Arc;

use meed_engine::awards::determine;
use meed_engine::awards::verdict::Verdict;
use meed_engine::explain::Evaluator;
use meed_engine::result::{AwardLine, Determination};
use meed_engine::{gap, words};
use meed_facts::date::Date;
use meed_facts::json::canonical;
use meed_facts::label::Lang;
use meed_facts::money::Money;
use meed_facts::record::Record;
use meed_rules::program::Program;
use serde_json::{Value, json};

use super::Case;
use crate::policies::Policy;
use crate::register::{Subject, facts_of, facts_with};
use crate::stop::{Answer, Stop};
use crate::tx::Tx;

/// What the rules say about one measure or title for one applicant.
#[derive(Debug)]
pub struct Judgement {
    /// The package on the day.
    pub program: Arc<Program>,
    /// The facts that were read, in canonical form.
    pub facts: String,
    /// The determination of this line alone, in canonical form.
    pub result: String,
    /// The verdict; of a title whose criteria no document states, undetermined.
    pub verdict: Verdict,
    /// The award line, where it is about a measure.
    pub line: Option<AwardLine>,
    /// Whether presumptions carry it.
    pub presumed: bool,
    /// Clauses, values and what is missing.
    pub reasons: Value,
    /// Who leads, of a service.
    pub lead: Option<String>,
}

impl Judgement {
    /// Whether no person has anything left to find out: eligible, exact, on no presumption.
    pub fn is_settled(&self) -> bool {
        let exact = self.line.is_none() || self.claim().is_some();
        self.verdict == Verdict::Eligible && exact && !self.presumed
    }

    /// What the line claims before a fund is shared out, where that is exact.
    pub fn claim(&self) -> Option<Money> {
        self.line.as_ref().and_then(|line| line.before_rationing.exact())
    }

    /// The most that the line may come to; without limit where `None`.
    pub fn most(&self) -> Option<Money> {
        self.line.as_ref().and_then(|line| line.amount.high)
    }
}

/// Asks the rules of a case's policy about it on its own day.
///
/// # Errors
/// Undecided where the rules cannot be asked; denied where the measure is not among them.
pub fn judge(tx: &mut Tx<'_>, case: &Case) -> Answer<Judgement> {
    judge_on(tx, case, case.on_date)
}

/// Asks about a case on another day: that of an instalment.
///
/// # Errors
/// As for [`judge`].
pub fn judge_on(tx: &mut Tx<'_>, case: &Case, on: Date) -> Answer<Judgement> {
    let policy: Policy = tx.get(&case.policy)?;
    let subject: Subject = tx.get(&case.subject)?;
    let facts = canonical(&facts_of(tx, &subject, on, Some(&case.id))?);
    let program = crate::policies::program(tx, &policy, on)?;
    judgement(program, facts, &case.kind, &case.measure, &case.object)
}

/// Asks about an award that was paid in part or whole: what was paid counts as awarded before, which is what obligations go by.
///
/// # Errors
/// As for [`judge`].
pub fn judge_paid(tx: &mut Tx<'_>, case: &Case, on: Date, paid: Money) -> Answer<Judgement> {
    let policy: Policy = tx.get(&case.policy)?;
    let facts = canonical(&facts_with(tx, case, on, paid)?);
    let program = crate::policies::program(tx, &policy, on)?;
    judgement(program, facts, &case.kind, &case.measure, &case.object)
}

/// Asks a Program about facts: the same answer whenever it is asked, which is what replaying relies on.
///
/// # Errors
/// As for [`judge`].
pub fn judgement(program: Arc<Program>, facts: String, kind: &str, measure: &str, object: &str) -> Answer<Judgement> {
    let record = read(&program, &facts)?;
    let shared = Arc::clone(&program);
    let evaluator = Evaluator::new(&shared, &record);
    let mut determination = determined(&evaluator, &record)?;
    gap::fill(&evaluator, &record, &mut determination);
    if kind == "title" {
        return of_title(program, &evaluator, determination, facts, measure);
    }
    if kind == "service" {
        return of_service(program, &evaluator, determination, facts, (measure, object));
    }
    determination.keep_only(measure);
    determination
        .lines
        .retain(|line| line.key.as_deref().unwrap_or("") == object);
    let result = words::to_json(&evaluator, &determination);
    let line = determination.lines.pop().ok_or_else(|| no_line(measure, object))?;
    let told = result.pointer("/awards/0").cloned().unwrap_or_default();
    Ok(Judgement {
        facts,
        result: canonical(&result),
        verdict: line.verdict,
        presumed: !line.presumptions.is_empty(),
        reasons: picked(&told),
        line: Some(line),
        lead: None,
        program,
    })
}

fn read(program: &Program, facts: &str) -> Answer<Record> {
    meed_facts::json::read_on(&program.schema, facts, program.date).map_err(|errors| {
        let first = |lang| {
            errors
                .first()
                .map_or_else(String::new, |error| error.without_line(lang))
        };
        Stop::undecided(
            "bad_facts",
            format!("the facts cannot be read on {}: {}", program.date, first(Lang::En)),
            format!("信息无法读取：{}", first(Lang::Zh)),
        )
    })
}

fn determined(evaluator: &Evaluator<'_>, record: &Record) -> Answer<Determination> {
    let determination = determine::of(evaluator, record);
    evaluator.within_limit().map_err(|_| {
        Stop::undecided(
            "too_much_work",
            "the determination takes more steps than one applicant is given",
            "一次认定超出计算步数上限",
        )
    })?;
    Ok(determination)
}

/// The children about whom the rules of a case's measure say something, by their keys; none, where they are not known.
///
/// # Errors
/// As for [`judge`].
pub(super) fn children(tx: &mut Tx<'_>, case: &Case) -> Answer<Vec<String>> {
    let policy: Policy = tx.get(&case.policy)?;
    let subject: Subject = tx.get(&case.subject)?;
    let facts = canonical(&facts_of(tx, &subject, case.on_date, Some(&case.id))?);
    let program = crate::policies::program(tx, &policy, case.on_date)?;
    let record = read(&program, &facts)?;
    let evaluator = Evaluator::new(&program, &record);
    let mut determination = determined(&evaluator, &record)?;
    determination.keep_only(&case.measure);
    let keys = determination.lines.into_iter().filter_map(|line| line.key);
    Ok(keys.map(|key| key.to_string()).collect())
}

fn of_title(
    program: Arc<Program>,
    evaluator: &Evaluator<'_>,
    mut determination: Determination,
    facts: String,
    title: &str,
) -> Answer<Judgement> {
    determination.lines.clear();
    determination.services.clear();
    determination.titles.retain(|line| &*line.name == title);
    if !program
        .schema
        .titles
        .iter()
        .any(|(_, known)| known.named.is_called(title))
    {
        return Err(Stop::denied(
            "no_such_title",
            format!("the package has no title `{title}`"),
            format!("规则包中没有称号 `{title}`"),
        ));
    }
    let result = words::to_json(evaluator, &determination);
    let told = result.pointer("/titles/0").cloned().unwrap_or_default();
    let verdict = determination
        .titles
        .pop()
        .and_then(|line| line.met)
        .unwrap_or(Verdict::Undetermined);
    let (result, reasons) = (canonical(&result), picked(&told));
    Ok(Judgement {
        program,
        facts,
        result,
        verdict,
        line: None,
        presumed: false,
        reasons,
        lead: None,
    })
}

fn of_service(
    program: Arc<Program>,
    evaluator: &Evaluator<'_>,
    mut determination: Determination,
    facts: String,
    (service, object): (&str, &str),
) -> Answer<Judgement> {
    determination.keep_only(service);
    determination
        .services
        .retain(|line| line.key.as_deref().unwrap_or("") == object);
    let result = words::to_json(evaluator, &determination);
    let told = result.pointer("/services/0").cloned().unwrap_or_default();
    let line = determination.services.pop().ok_or_else(|| no_line(service, object))?;
    Ok(Judgement {
        program,
        facts,
        result: canonical(&result),
        verdict: line.verdict,
        line: None,
        presumed: false,
        reasons: picked(&told),
        lead: line.lead.as_deref().map(str::to_owned),
    })
}

fn no_line(name: &str, object: &str) -> Stop {
    let name = match object {
        "" => name.to_owned(),
        object => format!("{name}/{object}"),
    };
    Stop::denied(
        "no_such_line",
        format!("the package has no line `{name}` for this applicant"),
        format!("规则包中没有该申请人的 `{name}`"),
    )
}

fn picked(line: &Value) -> Value {
    let part = |name: &str| line.get(name).cloned().unwrap_or_default();
    json!({"citation": part("citation"), "reasons": part("reasons"), "missing": part("missing"), "presumptions": part("presumptions")})
}
