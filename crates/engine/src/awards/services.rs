//! Services and titles: verdicts without money.

use meed_facts::record::Record;
use meed_rules::program::{Confidence, NodeId, OriginId, Service, TitleRules};

use crate::explain::{Evaluator, Frame};
use crate::result::{Citation, MissingLine, Reason, ReasonKind, ServiceLine, TitleLine};

use super::judge::{DraftKind, Place, places};
use super::missing::Reader;
use super::reasons::Grounds;
use super::verdict::{Verdict, Why};
use super::{lines, missing};

/// A service for the applicant or one child.
#[derive(Clone, Debug)]
pub struct Offer<'p> {
    /// The service.
    pub service: &'p Service,
    /// For whom; nobody, where the list of children is complete and empty.
    pub place: Option<Place>,
    /// Whether it is for them.
    pub verdict: Verdict,
}

/// The services for the applicant's kind.
pub fn services<'p>(evaluator: &Evaluator<'p>, record: &Record) -> Vec<Offer<'p>> {
    let mut all = Vec::new();
    let services = evaluator.program().services.iter();
    for service in services.filter(|service| service.entity == record.entity) {
        let mut offers: Vec<Offer<'p>> = places(evaluator, &service.line)
            .into_iter()
            .map(|place| Offer {
                service,
                verdict: verdict_at(evaluator, service, &place),
                place: Some(place),
            })
            .collect();
        if offers.is_empty() {
            offers.push(Offer {
                service,
                place: None,
                verdict: Verdict::NotEligible(Why::Conditions),
            });
        }
        offers.sort_by(|a, b| (a.key().is_none(), a.key()).cmp(&(b.key().is_none(), b.key())));
        all.extend(offers);
    }
    all
}

/// Of children that are not listed it is known at most that it is for none.
fn verdict_at(evaluator: &Evaluator<'_>, service: &Service, place: &Place) -> Verdict {
    match (verdict(evaluator, service.when, place.frame), place.kind) {
        (Verdict::Eligible, DraftKind::Rest(_)) => Verdict::Undetermined,
        (verdict, _) => verdict,
    }
}

fn verdict(evaluator: &Evaluator<'_>, condition: Option<NodeId>, frame: Frame) -> Verdict {
    condition.map_or(Verdict::Eligible, |node| Verdict::of(evaluator.value(node, frame)))
}

impl Offer<'_> {
    fn key(&self) -> Option<&str> {
        self.place.as_ref()?.key.as_deref()
    }

    /// With reasons and what is missing.
    pub fn explained(&self, evaluator: &Evaluator<'_>) -> ServiceLine {
        let program = evaluator.program();
        let own = program.origins[self.service.origin].source;
        let (reasons, missing, source) = match &self.place {
            None => (vec![empty_list(evaluator, self.service.origin)], Vec::new(), None),
            Some(place) if matches!(place.kind, DraftKind::Rest(_)) && self.verdict == Verdict::Undetermined => {
                (Vec::new(), missing::lines(evaluator, &place.causes, &[]), None)
            }
            Some(place) => why(evaluator, (self.service.when, place.frame, self.service.origin)),
        };
        ServiceLine {
            name: self.service.named.name.clone(),
            label: self.service.named.label.clone(),
            key: self.place.as_ref().and_then(|place| place.key.clone()),
            verdict: self.verdict,
            channel: self.service.channel.clone(),
            lead: lines::lead(program, self.service.lead.as_ref()),
            reasons,
            missing,
            source: source.map_or(own, |source| source.max(own)),
            citation: Citation::of(program, self.service.origin),
        }
    }
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

/// A title's criteria.
#[derive(Clone, Copy, Debug)]
pub struct Criteria<'p> {
    /// The title's rule book.
    pub rules: &'p TitleRules,
    /// Whether its criteria are met; `None` where no document states them.
    pub met: Option<Verdict>,
}

/// The titles for the applicant's kind.
pub fn titles<'p>(evaluator: &Evaluator<'p>, record: &Record) -> Vec<Criteria<'p>> {
    let program = evaluator.program();
    let titles = program.titles.iter();
    titles
        .filter(|rules| program.schema.titles[rules.title].entity == record.entity)
        .map(|rules| Criteria {
            rules,
            met: rules
                .meets
                .map(|meets| verdict(evaluator, Some(meets), evaluator.root())),
        })
        .collect()
}

impl Criteria<'_> {
    /// With reasons and what is missing.
    pub fn explained(&self, evaluator: &Evaluator<'_>) -> TitleLine {
        let program = evaluator.program();
        let title = &program.schema.titles[self.rules.title];
        let (reasons, missing, _) = why(evaluator, (self.rules.meets, evaluator.root(), self.rules.origin));
        TitleLine {
            title: self.rules.title,
            name: title.named.name.clone(),
            label: title.named.label.clone(),
            met: self.met,
            reasons,
            missing,
            citation: Citation::of(program, self.rules.origin),
        }
    }
}

/// What decided a condition, or what is missing for it, and the weakest source of what was read.
fn why(
    evaluator: &Evaluator<'_>,
    (condition, frame, origin): (Option<NodeId>, Frame, OriginId),
) -> (Vec<Reason>, Vec<MissingLine>, Option<Confidence>) {
    let Some(node) = condition else {
        return (Vec::new(), Vec::new(), None);
    };
    let mut grounds = Grounds::new(evaluator);
    grounds.of(node, frame);
    let value = evaluator.value(node, frame);
    if value.as_bool().is_none() {
        grounds.of_value(node, frame);
    }
    let missing = match Verdict::of(value) {
        Verdict::Undetermined => missing::lines(evaluator, value.causes(), &[Reader { node, frame, origin }]),
        Verdict::Eligible | Verdict::NotEligible(_) => Vec::new(),
    };
    (grounds.reasons, missing, grounds.source)
}
