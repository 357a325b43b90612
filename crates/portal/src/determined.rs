//! Determinations for pages: the rules asked about facts, with everything that explains the answer.

use std::sync::Arc;

use meed_engine::awards::determine;
use meed_engine::explain::Evaluator;
use meed_engine::gap;
use meed_engine::result::Determination;
use meed_facts::label::{Label, Lang};
use meed_facts::schema::Named;
use meed_office::cases::{Case, Decision};
use meed_office::policies::{Document, Policy, program, published};
use meed_office::register::{Subject, facts_of};
use meed_office::tx::Tx;
use meed_rules::program::{Lead, Program, ScopeKind};
use meed_syntax::diagnostic::Message;

use crate::fault::Fault;
use crate::vocabulary::level_of;
use crate::words::Words;

/// Asks a Program about facts, and shows what it finds.
///
/// # Errors
/// Where the facts cannot be read, or the determination takes too much work.
pub fn determine<T>(
    program: &Program,
    facts: &str,
    show: impl FnOnce(&Evaluator<'_>, &Determination) -> T,
) -> Result<T, Fault> {
    let record = meed_facts::json::read_on(&program.schema, facts, program.date).map_err(|errors| {
        let told = |lang| errors.iter().map(|error| error.without_line(lang)).collect::<Vec<_>>();
        Fault::Bad(Message::new(
            format!("the facts cannot be read: {}", told(Lang::En).join("; ")),
            format!("信息无法读取：{}", told(Lang::Zh).join("；")),
        ))
    })?;
    let evaluator = Evaluator::new(program, &record);
    let mut determination = determine::of(&evaluator, &record);
    evaluator.within_limit().map_err(|_| {
        Fault::Bad(Message::new(
            "the determination takes more steps than one applicant is given",
            "一次认定超出计算步数上限",
        ))
    })?;
    gap::fill(&evaluator, &record, &mut determination);
    Ok(show(&evaluator, &determination))
}

/// Leaves in a determination what a case is about.
pub fn keep(determination: &Determination, case: &Case) -> Determination {
    let mut kept = determination.clone();
    if case.kind == "title" {
        kept.lines.clear();
        kept.services.clear();
        kept.titles.retain(|line| *line.name == *case.measure);
    } else {
        kept.keep_only(&case.measure);
        kept.lines
            .retain(|line| line.key.as_deref().unwrap_or_default() == case.object);
    }
    kept
}

/// The Program by which a case is decided, and the facts: those that its decision read, or those that are known now.
///
/// # Errors
/// Where the package does not check, or the database fails.
pub fn basis(tx: &mut Tx<'_>, case: &Case, decision: Option<&Decision>) -> Result<(Arc<Program>, String), Fault> {
    let policy: Policy = tx.get(decision.map_or(case.policy.as_str(), |decision| decision.policy.as_str()))?;
    let on = decision.map_or(case.on_date, |decision| decision.on_date);
    let program = program(tx, &policy, on)?;
    let kept = match decision {
        Some(decision) => tx.find::<Document>(&decision.facts)?.and_then(|document| document.body),
        None => {
            let subject: Subject = tx.get(&case.subject)?;
            Some(facts_of(tx, &subject, on, Some(&case.id))?.to_string())
        }
    };
    Ok((program, kept.ok_or(Fault::Absent)?))
}

/// What the children are of whom a measure or service has a line each.
fn child<'p>(program: &'p Program, measure: &str) -> Option<&'p Named> {
    let measures = program.measures.iter().filter(|(_, one)| one.named.is_called(measure));
    let lines = measures.flat_map(|(_, one)| one.rules.iter().map(|rules| &rules.line));
    let services = program.services.iter().filter(|one| one.named.is_called(measure));
    let mut lines = lines.chain(services.map(|one| &one.line));
    lines.find_map(|line| match program.scopes[line.scope].kind {
        ScopeKind::Children { entity, .. } => Some(&program.schema.entities[entity].named),
        _ => None,
    })
}

/// What the policies in force call things.
#[derive(Clone, Debug, Default)]
pub struct Names {
    programs: Vec<Arc<Program>>,
}

impl Names {
    /// The names of today.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn read(tx: &mut Tx<'_>) -> Result<Self, Fault> {
        let today = tx.today;
        let policies = published(tx)?;
        let programs = policies
            .iter()
            .map(|policy| program(tx, policy, today))
            .collect::<Result<_, _>>()?;
        Ok(Self { programs })
    }

    /// The Programs in force today.
    pub fn programs(&self) -> &[Arc<Program>] {
        &self.programs
    }

    /// What something is called in a language; its name, where nothing calls it.
    pub fn called<'a>(&'a self, words: Words, name: &'a str) -> &'a str {
        self.of(name).map_or(name, |label| words.label(label, name))
    }

    /// What a case is about: its measure and object, or its title and level.
    pub fn of_case(&self, words: Words, case: &Case) -> String {
        let what = self.called(words, &case.measure);
        match self.object(words, &case.measure, &case.object).as_str() {
            "" => what.to_owned(),
            object => format!("{what} · {object}"),
        }
    }

    /// What the agency is called that leads a measure, where its text says so.
    pub fn lead(&self, measure: &str) -> Option<&Label> {
        self.programs.iter().find_map(|program| {
            let (_, found) = program.measures.iter().find(|(_, one)| one.named.is_called(measure))?;
            let lead = found.rules.iter().find_map(|rules| rules.lead.as_ref())?;
            match lead {
                Lead::Agency(agency) => Some(&program.schema.agencies[*agency].named.label),
                Lead::Missing => None,
            }
        })
    }

    /// What of an applicant's a case is about, in words: a title's level, or a child by what it is and its key: `Project p1`. Empty for the
    /// applicant as a whole.
    pub fn object(&self, words: Words, measure: &str, object: &str) -> String {
        if object.is_empty() {
            return String::new();
        }
        if let Some(label) = (self.programs.iter()).find_map(|one| level_of(&one.schema, measure, object)) {
            return words.label(label, object).to_owned();
        }
        match self.programs.iter().find_map(|program| child(program, measure)) {
            Some(named) => format!("{} {object}", words.label(&named.label, &named.name)),
            None => object.to_owned(),
        }
    }

    /// What a measure, service, title, agency or fund is called.
    pub fn of(&self, name: &str) -> Option<&Label> {
        self.programs.iter().find_map(|program| {
            let measures = program.measures.iter().map(|(_, measure)| &measure.named);
            let services = program.services.iter().map(|service| &service.named);
            let titles = program.schema.titles.iter().map(|(_, title)| &title.named);
            let agencies = program.schema.agencies.iter().map(|(_, agency)| &agency.named);
            let funds = program.funds.iter().map(|fund| &fund.named);
            let found = measures
                .chain(services)
                .chain(titles)
                .chain(agencies)
                .chain(funds)
                .find(|named| named.is_called(name));
            found.map(|named| &named.label)
        })
    }
}
