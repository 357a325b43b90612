//! Services and titles: verdicts without money.

use meed_facts::record::Record;
use meed_rules::program::{NodeId, OriginId};

use crate::explain::{Evaluator, Frame};
use crate::result::{Citation, MissingLine, Reason, ReasonKind, ServiceLine, TitleLine};
use crate::value::Causes;

use super::judge::{DraftKind, places};
use super::reasons::Grounds;
use super::verdict::{Verdict, Why};
use super::{lines, missing};

/// The services for the applicant's kind.
pub fn services(evaluator: &Evaluator<'_>, record: &Record) -> Vec<ServiceLine> {
    let program = evaluator.program();
    let mut all = Vec::new();
    for service in program
        .services
        .iter()
        .filter(|service| service.entity == record.entity)
    {
        let plain = |verdict| ServiceLine {
            name: service.named.name.clone(),
            label: service.named.label.clone(),
            key: None,
            verdict,
            channel: service.channel.clone(),
            lead: lines::lead(program, service.lead.as_ref()),
            reasons: Vec::new(),
            missing: Vec::new(),
            citation: Citation::of(program, service.origin),
        };
        let mut of_service = Vec::new();
        for place in places(evaluator, &service.line) {
            let judged = Judged::of(evaluator, service.when, place.frame);
            let unlisted =
                matches!(place.kind, DraftKind::Rest(_)) && !matches!(judged.verdict, Verdict::NotEligible(_));
            of_service.push(ServiceLine {
                key: place.key,
                reasons: if unlisted { Vec::new() } else { judged.reasons },
                missing: if unlisted {
                    missing::lines(evaluator, &place.causes)
                } else {
                    judged.missing
                },
                ..plain(if unlisted {
                    Verdict::Undetermined
                } else {
                    judged.verdict
                })
            });
        }
        if of_service.is_empty() {
            of_service.push(ServiceLine {
                reasons: vec![empty_list(evaluator, service.origin)],
                ..plain(Verdict::NotEligible(Why::Conditions))
            });
        }
        of_service.sort_by(|a, b| (a.key.is_none(), &a.key).cmp(&(b.key.is_none(), &b.key)));
        all.extend(of_service);
    }
    all
}

fn empty_list(evaluator: &Evaluator<'_>, origin: OriginId) -> Reason {
    Reason {
        kind: ReasonKind::EmptyList,
        path: Vec::new(),
        citation: Some(Citation::of(evaluator.program(), origin)),
        node: None,
        values: Vec::new(),
    }
}

/// The titles for the applicant's kind, with their criteria.
pub fn titles(evaluator: &Evaluator<'_>, record: &Record) -> Vec<TitleLine> {
    let program = evaluator.program();
    program
        .titles
        .iter()
        .filter(|rules| program.schema.titles[rules.title].entity == record.entity)
        .map(|rules| {
            let title = &program.schema.titles[rules.title];
            let judged = rules
                .meets
                .map(|meets| Judged::of(evaluator, Some(meets), evaluator.root()));
            let (met, reasons, missing) = match judged {
                Some(judged) => (Some(judged.verdict), judged.reasons, judged.missing),
                None => (None, Vec::new(), Vec::new()),
            };
            TitleLine {
                title: rules.title,
                name: title.named.name.clone(),
                label: title.named.label.clone(),
                met,
                reasons,
                missing,
                citation: Citation::of(program, rules.origin),
            }
        })
        .collect()
}

/// A condition with what decided it.
struct Judged {
    verdict: Verdict,
    reasons: Vec<Reason>,
    missing: Vec<MissingLine>,
}

impl Judged {
    fn of(evaluator: &Evaluator<'_>, condition: Option<NodeId>, frame: Frame) -> Self {
        let mut grounds = Grounds::new(evaluator);
        let Some(node) = condition else {
            return Self {
                verdict: Verdict::Eligible,
                reasons: Vec::new(),
                missing: Vec::new(),
            };
        };
        grounds.of(node, frame);
        let value = evaluator.value(node, frame);
        let verdict = Verdict::of(value);
        let causes = if verdict == Verdict::Undetermined {
            value.causes().clone()
        } else {
            Causes::NONE
        };
        Self {
            verdict,
            reasons: grounds.reasons,
            missing: missing::lines(evaluator, &causes),
        }
    }
}
