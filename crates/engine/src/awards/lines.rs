//! Award lines as results: what the pipeline left, with reasons, gaps and payments over time.

use meed_facts::date::Date;
use meed_facts::ratio::Ratio;
use meed_facts::value::Scalar;
use meed_rules::program::{Lead, NodeId, OriginId, Program, Split};

use crate::explain::{Evaluator, Frame};
use crate::result::{
    Application, AwardLine, Citation, InstalmentLine, MarkLine, ObligationLine, Payable, Payee, PayerLine, Reason,
    ReasonKind, StepLine,
};
use crate::value::{Causes, Value};

use super::amount::Amount;
use super::certainty::Certainty;
use super::claim::{Claim, Mark, Step, StepKind};
use super::decision::Decided;
use super::judge::{Draft, DraftKind, Payments, offset};
use super::obligations::Awarded;
use super::reasons::Grounds;
use super::verdict::{Verdict, Why};
use super::{missing, obligations, payers};

/// One line of the result.
pub fn award(
    evaluator: &Evaluator<'_>,
    line: Decided<'_, '_>,
    payments: Option<&Payments>,
    awarded: Option<Awarded>,
) -> AwardLine {
    let Decided { draft, claim, .. } = line;
    let program = evaluator.program();
    let measure = &program.measures[draft.measure];
    let rationed = claim.steps.iter().any(|step| step.kind == StepKind::Fund);
    let open = draft.verdict == Verdict::Eligible && (draft.assessed || rationed);
    let shown = Shown { program, open };
    let rules = draft.rules().map(|(rules, _)| rules);
    let mut grounds = grounds(evaluator, draft);
    AwardLine {
        measure: draft.measure,
        name: measure.named.name.clone(),
        label: measure.named.label.clone(),
        key: draft.key.clone(),
        unlisted: matches!(draft.kind, DraftKind::Rest(_)),
        verdict: draft.verdict,
        own: Payable::of(line.own, program.package.currency, draft.assessed && open),
        amount: shown.payable(line.due),
        before_rationing: Payable::of(line.before_rationing, program.package.currency, draft.assessed && open),
        over_time: shown.payable(payments.map_or(draft.amount, |payments| payments.over_time)),
        steps: claim.steps.iter().map(|step| shown.step(draft, step)).collect(),
        instalments: shown.instalments(evaluator, (draft, payments), line.due),
        payers: shown.payers(evaluator, draft, line.due),
        together: draft.rules().is_some_and(|(rules, _)| rules.together),
        payee: payee(evaluator, draft),
        application: rules.and_then(|rules| Application::of(program, rules)),
        lead: rules.and_then(|rules| lead(program, rules.lead.as_ref())),
        missing: missing::lines(evaluator, &open_causes(line), &missing::readers(draft, payments)),
        reasons: reasons(program, draft, std::mem::take(&mut grounds.reasons)),
        presumptions: grounds.presumptions,
        source: grounds.source,
        citation: place(program, draft).map(|origin| Citation::of(program, origin)),
        gap: Vec::new(),
        marks: marks(program, claim),
        obligations: shown.obligations(evaluator, draft, awarded),
        unique: unique(evaluator, draft),
        frames: draft
            .versions
            .first()
            .map(|version| (version.entering, version.staying)),
    }
}

/// Lines of one measure and key in an order that their content gives.
pub fn in_order(lines: &mut [AwardLine]) {
    for group in lines.chunk_by_mut(|a, b| a.measure == b.measure && a.key == b.key) {
        if group.len() > 1 {
            group.sort_by_cached_key(|line| meed_facts::json::canonical(&line.to_json()));
        }
    }
}

fn open_causes(line: Decided<'_, '_>) -> Causes {
    let Decided { draft, claim, .. } = line;
    if matches!(draft.verdict, Verdict::NotEligible(_)) {
        return Causes::NONE;
    }
    let settled = line.before_rationing.value().is_some() && draft.verdict == Verdict::Eligible;
    let mut causes = draft.causes.clone();
    if !settled || claim.needs_awards || !claim.needs_choice.is_empty() {
        causes.merge(line.causes);
    }
    causes
}

fn place(program: &Program, draft: &Draft<'_>) -> Option<OriginId> {
    match (draft.rules(), draft.kind) {
        (Some((rules, _)), _) => Some(rules.origin),
        (None, DraftKind::OutOfForce(Some(place))) => Some(place),
        (None, _) => {
            let measure = &program.measures[draft.measure];
            let nearest = measure.not_in_force.map(|(origin, _)| origin);
            nearest.or_else(|| measure.rules.first().map(|rules| rules.origin))
        }
    }
}

fn grounds<'e, 'p>(evaluator: &'e Evaluator<'p>, draft: &Draft<'_>) -> Grounds<'e, 'p> {
    let mut grounds = Grounds::new(evaluator);
    for version in &draft.versions {
        grounds.rests_on(version.rules.origin);
        if draft.verdict == Verdict::Undetermined {
            continue;
        }
        let failing = matches!(draft.verdict, Verdict::NotEligible(_));
        for (node, frame) in [
            (version.rules.when, version.entering),
            (version.rules.while_, version.staying),
        ] {
            let Some(node) = node else { continue };
            // A condition that holds is no reason for a line that is not eligible, nor one that does not apply for one that is.
            let value = evaluator.value(node, frame);
            let decides = match draft.verdict {
                Verdict::NotEligible(Why::NotApplicable) => value.is_inapplicable(),
                Verdict::NotEligible(_) => value.as_bool() == Some(false),
                _ => !value.is_inapplicable(),
            };
            if decides {
                grounds.of(node, frame);
            }
        }
        if !failing {
            let pay = &version.rules.pay;
            for node in [pay.amount, pay.floor, pay.cap].into_iter().flatten() {
                grounds.of_value(node, version.staying);
            }
        }
    }
    grounds
}

fn reasons(program: &Program, draft: &Draft<'_>, decided: Vec<Reason>) -> Vec<Reason> {
    let plain = |kind| Reason {
        kind,
        path: Vec::new(),
        citation: place(program, draft).map(|origin| Citation::of(program, origin)),
        node: None,
        values: Vec::new(),
    };
    match (draft.verdict, draft.kind) {
        (_, DraftKind::OtherKind) => vec![plain(ReasonKind::OtherApplicants)],
        (_, DraftKind::Empty(_)) => vec![plain(ReasonKind::EmptyList)],
        (Verdict::NotEligible(Why::NotInForce), _) => vec![plain(ReasonKind::NotInForce)],
        _ => decided,
    }
}

fn payee(evaluator: &Evaluator<'_>, draft: &Draft<'_>) -> Payee {
    let Some((rules, frame)) = draft.rules() else {
        return Payee::Applicant;
    };
    match rules.payee {
        None => Payee::Applicant,
        Some(node) => match evaluator.value(node, frame).as_known() {
            Some(Scalar::Text(text)) => Payee::Other(text.to_string()),
            _ => Payee::Unknown,
        },
    }
}

/// The leading agency's name; `None` where the text at hand does not say.
pub fn lead(program: &Program, lead: Option<&Lead>) -> Option<std::sync::Arc<str>> {
    match lead {
        Some(Lead::Agency(agency)) => Some(program.schema.agencies[*agency].named.name.clone()),
        Some(Lead::Missing) | None => None,
    }
}

fn marks(program: &Program, claim: &Claim) -> Vec<MarkLine> {
    let clauses = claim.marks.iter().map(|mark| {
        let (Mark::Unresolved(id) | Mark::Alternative(id)) = mark;
        let combine = &program.combines[*id];
        let (name, citation) = (combine.named.name.clone(), Citation::of(program, combine.origin));
        match mark {
            Mark::Unresolved(_) => MarkLine::Unresolved(*id, name, citation),
            Mark::Alternative(_) => MarkLine::Alternative(*id, name, citation),
        }
    });
    let funds = claim.steps.iter().filter_map(|step| {
        let fund = program.funds.get(step.fund?)?;
        Some(MarkLine::Fund(
            fund.named.name.clone(),
            Citation::of(program, fund.origin),
        ))
    });
    clauses.chain(funds).collect()
}

fn unique(evaluator: &Evaluator<'_>, draft: &Draft<'_>) -> Vec<String> {
    let Some((rules, frame)) = draft.rules() else {
        return Vec::new();
    };
    let text = |node: &NodeId| match evaluator.value(*node, frame).as_known()? {
        Scalar::Text(text) => Some(text.to_string()),
        _ => None,
    };
    rules.unique.iter().filter_map(text).collect()
}

/// How amounts of one line are shown.
struct Shown<'p> {
    program: &'p Program,
    open: bool,
}

impl Shown<'_> {
    fn payable(&self, amount: Amount) -> Payable {
        Payable::of(amount, self.program.package.currency, self.open)
    }

    fn step(&self, draft: &Draft<'_>, step: &Step) -> StepLine {
        let own = |origin: OriginId| Citation::of(self.program, origin);
        let combine = step.clause.map(|id| &self.program.combines[id]);
        let fund = step.fund.and_then(|fund| self.program.funds.get(fund));
        let formula = draft.rules().map(|(rules, _)| {
            let measure = &self.program.measures[draft.measure].named.name;
            (measure.clone(), own(rules.pay.origin))
        });
        let assessed = draft.assessed && step.kind <= StepKind::Rounded;
        let shown = |amount| Payable::of(amount, self.program.package.currency, self.open || assessed);
        StepLine {
            kind: step.kind,
            before: shown(step.before),
            after: shown(step.after),
            exact: step
                .exact
                .as_ref()
                .filter(|exact| exact.is_negative() || !is_whole(exact, self.program))
                .map(Ratio::to_string),
            clause: combine
                .map(|combine| (combine.named.name.clone(), own(combine.origin)))
                .or_else(|| fund.map(|fund| (fund.named.name.clone(), own(fund.origin))))
                .or(formula),
            instead: step
                .instead
                .as_ref()
                .map(|(measure, key)| (self.program.measures[*measure].named.name.clone(), key.clone())),
            received: step
                .received
                .map(|received| Payable::of(received, self.program.package.currency, false)),
        }
    }

    fn payers(&self, evaluator: &Evaluator<'_>, draft: &Draft<'_>, amount: Amount) -> Vec<PayerLine> {
        let Some((rules, frame)) = draft.rules() else {
            return Vec::new();
        };
        let weights: Vec<Ratio> = rules.payers.iter().map(|payer| payer.share.clone()).collect();
        rules
            .payers
            .iter()
            .zip(payers::split(amount, &weights))
            .map(|(payer, part)| PayerLine {
                agency: self.program.schema.agencies[payer.agency].named.name.clone(),
                amount: self.payable(part),
                on: payer.on.and_then(|node| evaluator.value(node, frame).as_date()),
            })
            .collect()
    }

    fn instalments(
        &self,
        evaluator: &Evaluator<'_>,
        (draft, payments): (&Draft<'_>, Option<&Payments>),
        amount: Amount,
    ) -> Vec<InstalmentLine> {
        let [version] = draft.versions.as_slice() else {
            return Vec::new();
        };
        if let Some(split) = &version.rules.split {
            return self.parts(evaluator, (split, version.frame), draft.verdict, amount);
        }
        let instalments = payments.and_then(|payments| payments.by_version.first());
        instalments
            .into_iter()
            .flatten()
            .map(|one| InstalmentLine {
                number: one.number,
                from: one.from,
                until: one.until,
                due: one.due,
                verdict: one.verdict,
                amount: self.payable(if one.asked.certain() { amount } else { one.amount }),
                current: one.asked,
            })
            .collect()
    }

    /// One amount in parts.
    fn parts(
        &self,
        evaluator: &Evaluator<'_>,
        (split, frame): (&Split, Frame),
        verdict: Verdict,
        amount: Amount,
    ) -> Vec<InstalmentLine> {
        let (weights, moments): (Vec<Ratio>, Vec<Moment>) = match split {
            Split::Equal {
                count,
                every,
                start,
                in_arrears,
            } => {
                let start = match start {
                    Some(node) => evaluator.value(*node, frame).as_date(),
                    None => Some(self.program.date),
                };
                let nth = |index: i32| start.and_then(|start| offset(start, *every, index));
                (0..*count)
                    .map(|index| {
                        let index = i32::try_from(index).unwrap_or(i32::MAX);
                        let (from, until) = (nth(index), nth(index.saturating_add(1)));
                        let due = if *in_arrears { until } else { from };
                        (
                            Ratio::ONE,
                            Moment {
                                from,
                                until,
                                due,
                                holds: Verdict::Eligible,
                            },
                        )
                    })
                    .unzip()
            }
            Split::Shares(shares) => shares
                .iter()
                .map(|(share, node)| (share.clone(), Moment::of(evaluator.value(*node, frame))))
                .unzip(),
        };
        let parts = payers::split(amount, &weights);
        let numbered = (1_u32..).zip(parts.into_iter().zip(moments));
        numbered
            .map(|(number, (part, moment))| InstalmentLine {
                number,
                from: moment.from,
                until: moment.until,
                due: moment.due,
                verdict: verdict.and_staying(moment.holds),
                amount: self.payable(part),
                current: Certainty::known(moment.due.is_some_and(|due| due <= self.program.date)),
            })
            .collect()
    }

    /// What must be kept up: by who is awarded something now, or was before.
    fn obligations(
        &self,
        evaluator: &Evaluator<'_>,
        draft: &Draft<'_>,
        awarded: Option<Awarded>,
    ) -> Vec<ObligationLine> {
        let (Some((rules, frame)), Some(awarded)) = (draft.rules(), awarded) else {
            return Vec::new();
        };
        rules
            .obligations
            .iter()
            .map(|obligation| {
                let kept = obligations::kept(evaluator, obligation, frame, awarded);
                let origin = self.program.nodes[obligation.keep].origin;
                ObligationLine {
                    holds: kept.holds,
                    from: kept.from,
                    until: kept.until,
                    recover: kept.recover.map(|recover| self.payable(recover)),
                    node: (obligation.keep, kept.frame),
                    citation: Citation::of(self.program, origin),
                }
            })
            .collect()
    }
}

fn is_whole(exact: &Ratio, program: &Program) -> bool {
    let units = Ratio::from_int(program.package.currency.units());
    exact.checked_mul(&units).is_some_and(|minor| minor.is_integer())
}

/// When a part is paid.
struct Moment {
    from: Option<Date>,
    until: Option<Date>,
    due: Option<Date>,
    holds: Verdict,
}

impl Moment {
    /// A date, or a condition.
    fn of(value: &Value) -> Self {
        let due = value.as_date();
        let holds = if due.is_some() {
            Verdict::Eligible
        } else {
            Verdict::of(value)
        };
        Self {
            from: due,
            until: None,
            due,
            holds,
        }
    }
}
