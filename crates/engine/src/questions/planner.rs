//! Which questions are open, and in which order they are asked.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use meed_facts::date::Period;
use meed_facts::label::{Label, Lang};
use meed_facts::money::Money;
use meed_facts::record::Record;
use meed_facts::schema::{FactType, Source, TitleId};
use meed_facts::value::Scalar;
use meed_rules::program::{MeasureId, NodeId, Op, Program};

use super::answer::is_partial;
use super::stating::record_at;
use super::{AnswerKind, Question};
use crate::awards::determine;
use crate::awards::reading;
use crate::awards::verdict::Verdict;
use crate::explain::{Evaluator, Frame};
use crate::gap::{place_of, rules_of};
use crate::result::{AmountKind, AwardLine, Determination, MissingLine};
use crate::value::{CausePlace, Item, RecordPath};
use crate::words::Words;

/// All open questions, the next to ask first.
pub fn all(program: &Program, record: &Record) -> Vec<Question> {
    let evaluator = Evaluator::new(program, record);
    let determination = determine::of(&evaluator, record);
    let mut open: BTreeMap<CausePlace, Open> = BTreeMap::new();
    missing(&evaluator, &determination, &mut open);
    presumed(&evaluator, &determination, &mut open);
    let ranked = |(place, open): (CausePlace, Open)| {
        let decides = open.decides;
        let question = question(&evaluator, place, open)?;
        Some((rank(&question, decides), question))
    };
    let mut ranked: Vec<_> = open.into_iter().filter_map(ranked).collect();
    // Equal ranks stay in the order of their places, which does not depend on names.
    ranked.sort_by(|a, b| a.0.cmp(&b.0));
    ranked.into_iter().map(|(_, question)| question).collect()
}

/// What is known of a question while lines are gone through.
#[derive(Debug, Default)]
struct Open {
    measures: Vec<MeasureId>,
    stake: Stake,
    presumed: Option<Scalar>,
    /// Whether the answer can change a verdict, and not only what is paid.
    decides: bool,
}

/// How much money is open, in smallest units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stake {
    AtMost(i128),
    Unlimited,
}

impl Default for Stake {
    fn default() -> Self {
        Stake::AtMost(0)
    }
}

impl Stake {
    fn of(line: &AwardLine) -> Self {
        line.amount.high.map_or(Stake::Unlimited, |high| {
            Stake::AtMost(high.minor().saturating_sub(line.amount.low.minor()))
        })
    }

    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Stake::AtMost(a), Stake::AtMost(b)) => Stake::AtMost(a.saturating_add(b)),
            _ => Stake::Unlimited,
        }
    }
}

fn missing(evaluator: &Evaluator<'_>, determination: &Determination, open: &mut BTreeMap<CausePlace, Open>) {
    for line in &determination.lines {
        let settled = line.verdict != Verdict::Undetermined && line.amount.kind != AmountKind::Between;
        if settled && line.before_rationing.kind != AmountKind::Between {
            continue;
        }
        let formula = only_in_formula(evaluator, line);
        for place in asked_for(&line.missing) {
            let is_of_amount = line.verdict == Verdict::Eligible || formula.contains(&place);
            let entry = open.entry(place).or_default();
            entry.decides |= !is_of_amount;
            entry.stake = entry.stake.plus(Stake::of(line));
            if !entry.measures.contains(&line.measure) {
                entry.measures.push(line.measure);
            }
        }
    }
    for service in determination
        .services
        .iter()
        .filter(|line| line.verdict == Verdict::Undetermined)
    {
        for place in asked_for(&service.missing) {
            open.entry(place).or_default().decides = true;
        }
    }
}

/// What the formula of a line reads, and its conditions do not.
fn only_in_formula(evaluator: &Evaluator<'_>, line: &AwardLine) -> BTreeSet<CausePlace> {
    let (Some(rules), Some((entering, staying))) = (rules_of(evaluator.program(), line), line.frames) else {
        return BTreeSet::new();
    };
    let places = |nodes: &[Option<NodeId>], frame: Frame| -> BTreeSet<CausePlace> {
        let values = nodes.iter().flatten().map(|node| evaluator.value(*node, frame));
        values
            .flat_map(|value| value.causes().iter().map(|cause| cause.place.clone()))
            .collect()
    };
    let start = rules.series.as_ref().map(|series| series.start);
    let mut formula = places(&[rules.pay.amount, rules.pay.floor, rules.pay.cap], staying);
    for place in places(&[rules.when, rules.anchor, start], entering) {
        formula.remove(&place);
    }
    for place in places(&[rules.while_], staying) {
        formula.remove(&place);
    }
    formula
}

/// Places that somebody can be asked about. Earlier awards are one question: a list can only be complete as a whole.
fn asked_for(missing: &[MissingLine]) -> impl Iterator<Item = CausePlace> {
    let asked = missing.iter().filter(|line| line.kind.is_question());
    let mut awards_seen = false;
    asked.filter_map(move |line| match &line.place {
        CausePlace::Awards(_) => {
            let first = !std::mem::replace(&mut awards_seen, true);
            first.then(|| CausePlace::Awards(first_measure()))
        }
        CausePlace::Gets(_) | CausePlace::Node(_) | CausePlace::Divisor(_) | CausePlace::TooLarge(_) => None,
        place => Some(place.clone()),
    })
}

/// Stands for the earlier awards of all measures.
fn first_measure() -> MeasureId {
    MeasureId::from_raw(0_u32.into())
}

/// Facts that are presumed in what the lines read.
fn presumed(evaluator: &Evaluator<'_>, determination: &Determination, open: &mut BTreeMap<CausePlace, Open>) {
    for line in &determination.lines {
        let (Some(rules), Some((entering, staying))) = (rules_of(evaluator.program(), line), line.frames) else {
            continue;
        };
        let pay = &rules.pay;
        let roots = [
            (rules.when, entering),
            (rules.while_, staying),
            (pay.amount, staying),
            (pay.floor, staying),
            (pay.cap, staying),
        ];
        let failing = matches!(line.verdict, Verdict::NotEligible(_));
        let mut search = Presumed {
            evaluator,
            seen: Default::default(),
            found: Vec::new(),
        };
        for (node, frame) in roots {
            let Some(node) = node else { continue };
            // What holds is no reason for a line that is not eligible.
            if !failing || evaluator.value(node, frame).as_bool() == Some(false) {
                search.below(node, frame);
            }
        }
        for (place, value) in search.found {
            let entry = open.entry(place).or_default();
            entry.presumed = Some(value);
            entry.stake = entry.stake.plus(Stake::of(line));
            if !entry.measures.contains(&line.measure) {
                entry.measures.push(line.measure);
            }
        }
    }
}

struct Presumed<'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    seen: BTreeSet<(NodeId, Frame)>,
    found: Vec<(CausePlace, Scalar)>,
}

impl Presumed<'_, '_> {
    fn below(&mut self, node: NodeId, frame: Frame) {
        let evaluator = self.evaluator;
        let program = evaluator.program();
        // What was not computed did not matter.
        if evaluator.computed(node, frame).is_none() || !self.seen.insert((node, frame)) {
            return;
        }
        if let (Some((value, _)), Some((record, fact, period))) =
            (evaluator.presumption(node, frame), place_of(evaluator, node, frame))
        {
            let record = record.clone();
            self.found
                .push((CausePlace::Fact { record, fact, period }, value.clone()));
        }
        let mut operands = Vec::new();
        program.reads(node, &mut |operand| operands.push(operand));
        if let Op::Aggregate { over, .. } = &program.nodes[node].op {
            let outer = program.scopes[*over].parent;
            let parent = outer.and_then(|outer| evaluator.visible(outer, frame)).unwrap_or(frame);
            for instance in &evaluator.instances(*over, parent).items {
                operands.iter().for_each(|operand| self.below(*operand, instance.frame));
            }
            return;
        }
        operands.into_iter().for_each(|operand| self.below(operand, frame));
    }
}

/// What can change a verdict before what can only change an amount; who can say it, surest and cheapest first; then the most money; earlier awards, which are a whole list,
/// later, and last what is presumed.
fn rank(question: &Question, decides: bool) -> impl Ord + use<> {
    let source = match question.source {
        Source::Registry => 0_u8,
        Source::Declared => 1,
        Source::Judged(_) => 2,
    };
    let money = question
        .at_stake
        .map_or(Stake::Unlimited, |money| Stake::AtMost(money.minor()));
    (
        question.presumed.is_some(),
        question.answer == AnswerKind::Awards,
        !decides,
        source,
        Reverse(money),
        Reverse(question.measures.len()),
    )
}

fn question(evaluator: &Evaluator<'_>, place: CausePlace, open: Open) -> Option<Question> {
    let program = evaluator.program();
    let schema = &program.schema;
    let (answer, source, evidence, name) = match &place {
        CausePlace::Fact { record, fact, period } => {
            // Nobody can be asked about items that are not listed: the list itself is asked for.
            if record.steps().iter().any(|step| step.item == Item::Rest) {
                return None;
            }
            let declared = &schema.facts[*fact];
            // Of a period that has not begun nobody can say anything, nor of one for which the fact takes no entries.
            let has_begun = |period: &Period| period.first_day().is_some_and(|first| first <= program.date);
            if period.is_some_and(|period| !has_begun(&period) || declared.closed_before(period).is_some()) {
                return None;
            }
            let answer = match declared.ty {
                FactType::Many(_) => AnswerKind::Items,
                _ => AnswerKind::Value(declared.ty.clone()),
            };
            let name = reading::fact_name(evaluator, record, *fact, *period);
            (answer, declared.source.clone(), declared.evidence.clone(), name)
        }
        CausePlace::List { record, list } => {
            let declared = &schema.facts[*list];
            let name = reading::fact_name(evaluator, record, *list, None);
            (
                AnswerKind::Items,
                declared.source.clone(),
                declared.evidence.clone(),
                name,
            )
        }
        CausePlace::Title { record, title } => {
            if !is_open(evaluator, record, *title) {
                return None;
            }
            let title = &schema.titles[*title];
            let levels = title.levels.filter(|_| title.level.is_none());
            let record = reading::record_name(evaluator, record);
            let dot = if record.is_empty() { "" } else { "." };
            let name = format!("{record}{dot}titles.{}", title.named.name);
            (AnswerKind::Title(levels), Source::Registry, Vec::new(), name)
        }
        CausePlace::Awards(_) => {
            // A list that is complete is no question: what it does not tell of its awards is put right where it stands.
            let record = evaluator.record_of(evaluator.root());
            if record
                .and_then(|record| record.awards.as_ref())
                .is_some_and(|awards| awards.complete)
            {
                return None;
            }
            (AnswerKind::Awards, Source::Registry, Vec::new(), "awards".to_owned())
        }
        CausePlace::Chosen(group) => {
            let options = options(program, group);
            (
                AnswerKind::Choice(options),
                Source::Declared,
                Vec::new(),
                format!("chosen.{group}"),
            )
        }
        CausePlace::Gets(_) | CausePlace::Node(_) | CausePlace::Divisor(_) | CausePlace::TooLarge(_) => return None,
    };
    let text = |lang| {
        let words = Words::about(evaluator, lang);
        let text = match &place {
            CausePlace::Awards(_) => words.say("以往获得的奖补", "earlier awards").to_owned(),
            place => words.place(place),
        };
        Some(Arc::from(text))
    };
    Some(Question {
        label: Label {
            zh: text(Lang::Zh),
            en: text(Lang::En),
        },
        place,
        name,
        answer,
        source,
        evidence,
        presumed: open.presumed,
        measures: open.measures,
        at_stake: match open.stake {
            Stake::AtMost(minor) => Some(Money::from_minor(minor, program.package.currency)),
            Stake::Unlimited => None,
        },
    })
}

/// Whether a record leaves anything about a title to be said. What the law at hand leaves open is no question.
fn is_open(evaluator: &Evaluator<'_>, path: &RecordPath, title: TitleId) -> bool {
    let mut root = match evaluator.record_of(evaluator.root()) {
        Some(record) => record.clone(),
        None => return true,
    };
    let program = evaluator.program();
    let holder = record_at(&program.schema, &mut root, path);
    let Some(titles) = holder.and_then(|record| record.titles.as_ref()) else {
        return true;
    };
    let mut own = titles.items.iter().filter(|record| record.title == title);
    let denied = own.clone().any(|record| !record.held && record.level.is_none());
    !(titles.complete || denied) || own.any(|record| is_partial(&program.schema, record))
}

fn options(program: &Program, group: &str) -> Vec<Arc<str>> {
    let clause = program
        .combines
        .iter()
        .find(|(_, combine)| &*combine.named.name == group);
    let members = clause
        .map(|(_, combine)| combine.members.as_slice())
        .unwrap_or_default();
    let mut names: Vec<Arc<str>> = Vec::new();
    for member in members {
        let name = &program.measures[member.measure].named.name;
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}
