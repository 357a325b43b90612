//! What could still change a line, and who can say it.

use std::collections::BTreeSet;
use std::sync::Arc;

use meed_facts::label::Label;
use meed_facts::schema::{FactId, Source};
use meed_rules::program::{NodeId, Op, OriginId};

use crate::explain::{Evaluator, Frame};
use crate::result::{Citation, MissingLine, Reading};
use crate::value::{Cause, CausePlace, Causes};

use super::judge::{Draft, Payments, Version};
use super::reading;

/// The most gaps that are listed for one line.
const MOST: usize = 256;

/// The gaps behind a value that is not known to those who read it.
pub fn lines(evaluator: &Evaluator<'_>, causes: &Causes, readers: &[Reader]) -> Vec<MissingLine> {
    let causes = causes.iter().take(MOST);
    causes.map(|cause| line(evaluator, cause, readers)).collect()
}

fn line(evaluator: &Evaluator<'_>, cause: &Cause, readers: &[Reader]) -> MissingLine {
    let program = evaluator.program();
    let plain = |name: String| MissingLine {
        kind: cause.kind,
        place: cause.place.clone(),
        name,
        source: None,
        evidence: Vec::new(),
        citation: None,
        frame: None,
        readings: Vec::new(),
    };
    match &cause.place {
        CausePlace::Fact { record, fact, period } => {
            let (source, evidence) = who(evaluator, *fact);
            MissingLine {
                source: Some(source),
                evidence,
                ..plain(reading::fact_name(evaluator, record, *fact, *period))
            }
        }
        CausePlace::List { record, list } => {
            let (source, evidence) = who(evaluator, *list);
            MissingLine {
                source: Some(source),
                evidence,
                ..plain(reading::fact_name(evaluator, record, *list, None))
            }
        }
        CausePlace::Title { record, title } => {
            let record = reading::record_name(evaluator, record);
            let dot = if record.is_empty() { "" } else { "." };
            let title = &program.schema.titles[*title].named.name;
            MissingLine {
                source: Some("registry".into()),
                ..plain(format!("{record}{dot}titles.{title}"))
            }
        }
        CausePlace::Awards(measure) => MissingLine {
            source: Some("registry".into()),
            ..plain(format!("awards.{}", program.measures[*measure].named.name))
        },
        CausePlace::Chosen(group) => MissingLine {
            source: Some("declared".into()),
            ..plain(format!("chosen.{group}"))
        },
        CausePlace::Gets(measure) => plain(format!("gets({})", program.measures[*measure].named.name)),
        CausePlace::Node(node) | CausePlace::Divisor(node) | CausePlace::TooLarge(node) => {
            let mut search = Search {
                evaluator,
                cause,
                seen: BTreeSet::new(),
            };
            let found = readers.iter().find_map(|reader| search.from(*reader));
            let frame = found.map(|(_, frame)| frame);
            let origin = match &program.nodes[*node].op {
                // What the text leaves open has a place of its own.
                Op::Hole(_) | Op::Unclear(_) => program.nodes[*node].origin,
                _ => found.map_or(program.nodes[*node].origin, |(origin, _)| origin),
            };
            let citation = Citation::of(program, origin);
            let place = citation
                .headings
                .last()
                .map_or_else(|| citation.document.to_string(), ToString::to_string);
            MissingLine {
                citation: Some(citation),
                readings: frame.map(|frame| readings(evaluator, *node, frame)).unwrap_or_default(),
                frame,
                ..plain(place)
            }
        }
    }
}

/// What each reading of an unclear text gives.
fn readings(evaluator: &Evaluator<'_>, node: NodeId, frame: Frame) -> Vec<Reading> {
    let program = evaluator.program();
    let Op::Unclear(readings) = &program.nodes[node].op else {
        return Vec::new();
    };
    let reading = |(label, node): &(Arc<str>, NodeId)| {
        let value = evaluator.value(*node, frame).clone();
        Reading {
            name: label.to_string(),
            json: reading::json(program, &program.nodes[*node].ty, &value),
            value,
        }
    };
    readings.iter().map(reading).collect()
}

fn who(evaluator: &Evaluator<'_>, fact: FactId) -> (Arc<str>, Vec<Label>) {
    let schema = &evaluator.program().schema;
    let fact = &schema.facts[fact];
    let source = match fact.source {
        Source::Registry => "registry".into(),
        Source::Declared => "declared".into(),
        Source::Judged(agency) => schema.agencies[agency].named.name.clone(),
    };
    (source, fact.evidence.clone())
}

/// Somebody who reads a value: a rule's condition or amount.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// What is read.
    pub node: NodeId,
    /// Where it is evaluated.
    pub frame: Frame,
    /// Where the rule stands.
    pub origin: OriginId,
}

/// What a line's rules read.
pub fn readers(draft: &Draft<'_>, payments: Option<&Payments>) -> Vec<Reader> {
    let of_version = |(index, version): (usize, &Version<'_>)| {
        let (rules, entering, staying) = (version.rules, version.entering, version.staying);
        let start = rules.series.as_ref().map(|series| series.start);
        let conditions = [
            (rules.when, entering),
            (rules.while_, staying),
            (rules.anchor, version.frame),
            (start, version.frame),
        ];
        let amounts = [rules.pay.amount, rules.pay.floor, rules.pay.cap];
        let instalments = payments.and_then(|payments| payments.by_version.get(index));
        let instalments = instalments.into_iter().flatten().map(|one| (rules.while_, one.frame));
        let conditions = conditions.into_iter().chain(instalments);
        let conditions = conditions.map(|(node, frame)| (node, frame, rules.origin));
        let amounts = amounts.map(|node| (node, staying, rules.pay.origin));
        let all = conditions.chain(amounts);
        all.filter_map(|(node, frame, origin)| {
            Some(Reader {
                node: node?,
                frame,
                origin,
            })
        })
        .collect::<Vec<_>>()
    };
    draft.versions.iter().enumerate().flat_map(of_version).collect()
}

/// Looks for the place from which a value without result was read. Rules that say the same share a node, so the place is that of the condition on the way to it.
struct Search<'e, 'p, 'c> {
    evaluator: &'e Evaluator<'p>,
    cause: &'c Cause,
    seen: BTreeSet<(NodeId, Frame)>,
}

impl Search<'_, '_, '_> {
    fn from(&mut self, Reader { node, frame, origin }: Reader) -> Option<(OriginId, Frame)> {
        if !self.seen.insert((node, frame)) {
            return None;
        }
        let program = self.evaluator.program();
        if self.is_at(node) {
            return Some((origin, frame));
        }
        let value = self.evaluator.computed(node, frame)?;
        if !value.causes().iter().any(|cause| cause == self.cause) {
            return None;
        }
        let read = |node, origin| Reader { node, frame, origin };
        let below: Vec<Reader> = match &program.nodes[node].op {
            Op::All(list) | Op::Any(list) | Op::NoneOf(list) | Op::AtLeast(_, list) => {
                list.iter().map(|one| read(one.node, one.origin)).collect()
            }
            Op::Choose { arms, otherwise } => {
                let nodes = arms.iter().flat_map(|arm| {
                    arm.guard
                        .into_iter()
                        .chain([arm.value])
                        .map(|node| read(node, arm.origin))
                });
                nodes.chain(otherwise.map(|node| read(node, origin))).collect()
            }
            Op::Named { name, args, body } => {
                let own = read(*body, program.names[*name].origin);
                args.iter().map(|node| read(*node, origin)).chain([own]).collect()
            }
            Op::Aggregate {
                over, filter, value, ..
            } => {
                let outer = program.scopes[*over].parent;
                let parent = outer
                    .and_then(|outer| self.evaluator.visible(outer, frame))
                    .unwrap_or(frame);
                let items = &self.evaluator.instances(*over, parent).items;
                let nodes = filter.iter().chain(value);
                let of_item = |frame| {
                    nodes.clone().map(move |node| Reader {
                        node: *node,
                        frame,
                        origin,
                    })
                };
                items.iter().flat_map(|item| of_item(item.frame)).collect()
            }
            _ => {
                let mut nodes = Vec::new();
                program.reads(node, &mut |operand| nodes.push(read(operand, origin)));
                nodes
            }
        };
        below.into_iter().find_map(|reader| self.from(reader))
    }

    fn is_at(&self, node: NodeId) -> bool {
        match (&self.cause.place, &self.evaluator.program().nodes[node].op) {
            (CausePlace::Divisor(divisor), Op::Div(_, b)) => b == divisor,
            (CausePlace::Node(at) | CausePlace::TooLarge(at), _) => *at == node,
            _ => false,
        }
    }
}
