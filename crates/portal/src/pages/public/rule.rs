//! Rules in words: who, on which conditions, how much, who leads. What is shown is what is computed.

use maud::{Markup, html};
use meed_engine::words::Words as Said;
use meed_facts::label::Label;
use meed_rules::program::{
    CombineForm, CombineId, Condition, Every, Fund, Lead, Measure, MeasureRules, NameKind, NodeId, Op, OriginId,
    Program, Recover, Split, WhenShort,
};

use crate::view::{anchor, encoded};
use crate::visit::Visit;

/// How deep conditions are shown.
const DEEPEST: u8 = 8;

/// A Program told in the visitor's language.
pub struct Telling<'p> {
    visit: &'p Visit,
    /// What is told.
    pub program: &'p Program,
    said: Said<'p, 'p>,
}

impl<'p> Telling<'p> {
    /// Tells a Program.
    pub fn new(visit: &'p Visit, program: &'p Program) -> Self {
        Self {
            visit,
            program,
            said: Said::of(program, visit.lang()),
        }
    }

    /// An expression in words.
    pub fn node(&self, node: NodeId) -> String {
        self.said.node(node, None)
    }

    fn label(&self, label: &'p Label, name: &'p str) -> &'p str {
        self.visit.words.label(label, name)
    }

    /// A condition with those inside it, as a list.
    pub fn condition(&self, node: NodeId) -> Markup {
        self.inside(node, 0)
    }

    fn inside(&self, node: NodeId, depth: u8) -> Markup {
        if depth >= DEEPEST {
            return html! { "…" };
        }
        let deeper = depth.saturating_add(1);
        let listed = |key: &str, count: Option<u32>, list: &[Condition]| {
            let words = match count {
                Some(count) => self.visit.words.with(key, &[("count", count.into())]),
                None => self.visit.t(key),
            };
            html! { (words) ul.conditions { @for one in list { li { (self.inside(one.node, deeper)) } } } }
        };
        match &self.program.nodes[node].op {
            Op::All(list) => listed("rule-all", None, list),
            Op::Any(list) => listed("rule-any", None, list),
            Op::NoneOf(list) => listed("rule-none", None, list),
            Op::AtLeast(count, list) => listed("rule-at-least", Some(*count), list),
            Op::Named { name, body, .. } => {
                let own = self.node(node);
                match (self.program.names[*name].kind, self.node(*body)) {
                    (_, body) if body == own => html! { (own) },
                    (NameKind::Parameter, value) => html! { (own) " = " (value) },
                    _ => html! { details { summary { (own) } (self.inside(*body, deeper)) } },
                }
            }
            _ => html! { (self.node(node)) },
        }
    }

    /// An amount: what it is called, with what it comes to where that is one value.
    pub fn amount(&self, node: NodeId) -> Markup {
        match &self.program.nodes[node].op {
            Op::Cases { rows, otherwise } => html! {
                ul.conditions {
                    @for (guard, value) in rows { li { (self.node(*guard)) " → " (self.amount(*value)) } }
                    @if let Some(otherwise) = otherwise { li { (self.visit.t("rule-otherwise")) " → " (self.amount(*otherwise)) } }
                }
            },
            Op::Named { name, body, .. } => {
                let (own, value) = (self.node(node), self.node(*body));
                if own == value || self.program.names[*name].kind != NameKind::Parameter {
                    self.inside(node, 0)
                } else {
                    html! { strong { (value) } " (" (own) ")" }
                }
            }
            _ => html! { strong { (self.node(node)) } },
        }
    }

    /// Where a rule stands, as a link to the clause.
    pub fn cited(&self, origin: OriginId) -> Markup {
        let origin = &self.program.origins[origin];
        let document = &self.program.documents[origin.document];
        let name = self.label(&document.title, &document.path);
        let headings: Vec<&str> = origin.headings.iter().map(|one| &**one).collect();
        html! {
            a href=(clause_address(&document.path, headings.iter().copied())) {
                (document.number.as_deref().unwrap_or(name))
                @for heading in &headings { " › " (heading) }
            }
        }
    }

    fn lead(&self, lead: Option<&'p Lead>) -> String {
        match lead {
            Some(Lead::Agency(agency)) => self.agency(*agency).to_owned(),
            Some(Lead::Missing) | None => self.visit.t("rule-lead-unsaid"),
        }
    }

    fn agency(&self, agency: meed_facts::schema::AgencyId) -> &'p str {
        let named = &self.program.schema.agencies[agency].named;
        self.label(&named.label, &named.name)
    }

    /// What people call a measure.
    pub fn measure(&self, measure: &'p Measure) -> &'p str {
        self.label(&measure.named.label, &measure.named.name)
    }

    /// Everything that a version of a measure says, as pairs.
    pub fn rules(&self, rules: &'p MeasureRules) -> Markup {
        let t = |key: &str| self.visit.t(key);
        let entity = &self.program.schema.entities[rules.entity].named;
        html! {
            dl.rule {
                dt { (t("rule-who")) } dd { (self.label(&entity.label, &entity.name)) }
                @if let Some(when) = rules.when { dt { (t("rule-when")) } dd { (self.condition(when)) } }
                @if let Some(stay) = rules.while_ { dt { (t("rule-while")) } dd { (self.condition(stay)) } }
                dt { (t("rule-pays")) } dd { (self.pays(rules)) }
                @if let Some(once) = &rules.once {
                    dt { (t("rule-often")) }
                    dd { (t("rule-once")) @if let Some(per) = once.per { " · " (t("rule-per")) (self.node(per)) } }
                }
                @if let Some((first, last)) = rules.window {
                    @let day = |(month, day): (i8, i8)| format!("{month:02}-{day:02}");
                    dt { (t("rule-window")) } dd { (day(first)) " – " (day(last)) }
                }
                @if let Some(paused) = rules.paused { dt { (t("rule-paused")) } dd { (paused) } }
                @if rules.no_application { dt { (t("rule-application")) } dd { (t("rule-no-application")) } }
                @if !rules.payers.is_empty() {
                    dt { (t("rule-payers")) }
                    dd { ul.conditions { @for payer in &rules.payers { li { (self.agency(payer.agency)) " " (percent(&payer.share)) } } } @if rules.together { p { (t("rule-together")) } } }
                }
                @if !rules.obligations.is_empty() {
                    dt { (t("rule-obligations")) }
                    dd { ul.conditions { @for one in &rules.obligations {
                        li {
                            (self.condition(one.keep)) " · " (self.said.months(one.duration.0))
                            @match one.recover {
                                Some(Recover::InFull) => { " · " (t("rule-recover-full")) }
                                Some(Recover::InProportion) => { " · " (t("rule-recover-part")) }
                                None => {}
                            }
                        }
                    } } }
                }
                dt { (t("rule-lead")) }
                dd {
                    (self.lead(rules.lead.as_ref()))
                    @if !rules.with.is_empty() { " · " (t("rule-with")) (self.visit.words.pick("", " ")) @for (index, one) in rules.with.iter().enumerate() { @if index > 0 { (self.visit.words.pick("、", ", ")) } (self.agency(*one)) } }
                }
                dt { (t("rule-clause")) } dd { (self.cited(rules.origin)) }
                dt { (t("rule-force")) } dd { (span(self.visit, rules.in_force)) }
            }
        }
    }

    fn pays(&self, rules: &MeasureRules) -> Markup {
        let (t, pay) = (|key: &str| self.visit.t(key), &rules.pay);
        html! {
            @match (&pay.assessed, pay.amount) {
                (None, Some(amount)) => (self.amount(amount)),
                (Some(_), Some(most)) => { (t("rule-assessed-most")) " " (self.amount(most)) },
                (_, None) => (t("rule-assessed")),
            }
            @if let Some(cap) = pay.cap { " · " (t("rule-cap")) " " (self.amount(cap)) }
            @if let Some(floor) = pay.floor { " · " (t("rule-floor")) " " (self.amount(floor)) }
            @if let Some(series) = &rules.series {
                " · " (self.visit.words.with("rule-series", &[("count", series.count.into()), ("every", t(every(series.every)).into())]))
            }
            @match &rules.split {
                Some(Split::Equal { count, every: length, .. }) => {
                    " · " (self.visit.words.with("rule-split", &[("count", (*count).into()), ("every", t(every(*length)).into())]))
                }
                Some(Split::Shares(shares)) => ul.conditions { @for (share, on) in shares { li { (percent(share)) " · " (self.node(*on)) } } },
                None => {}
            }
        }
    }

    /// The combination clauses in which a measure stands.
    pub fn combined(&self, measure: &Measure) -> Vec<CombineId> {
        let is_member = |name: &str| name == &*measure.named.name;
        let all = self.program.combines.iter();
        all.filter(|(_, combine)| {
            combine
                .members
                .iter()
                .any(|one| is_member(&self.program.measures[one.measure].named.name))
        })
        .map(|(id, _)| id)
        .collect()
    }

    /// A combination clause: what it does, with which measures, where it stands.
    pub fn combine(&self, id: CombineId) -> Markup {
        let combine = &self.program.combines[id];
        let mut members: Vec<&Measure> = Vec::new();
        for member in &combine.members {
            let measure = &self.program.measures[member.measure];
            if !members.iter().any(|one| one.named.name == measure.named.name) {
                members.push(measure);
            }
        }
        let limit = combine.members.iter().find_map(|member| member.limit);
        html! {
            p { strong { (self.label(&combine.named.label, &combine.named.name)) } " — " (self.visit.t(form(&combine.form)))
                @if let Some(limit) = limit { " " (self.amount(limit)) }
                @if combine.per_year { " · " (self.visit.t("rule-per-year")) }
            }
            ul.conditions { @for measure in members {
                li { a href={ "/measures/" (measure.named.name) } { (self.measure(measure)) } }
            } }
            p.faint { (self.cited(combine.origin)) }
        }
    }
}

impl Telling<'_> {
    /// A fund: how much there is each year, for what, and what happens when it is short.
    pub fn fund(&self, fund: &Fund) -> Markup {
        let t = |key: &str| self.visit.t(key);
        let covered = fund.covers.iter().map(|id| &self.program.measures[*id]);
        html! {
            dl.rule {
                dt { (t("rule-fund-years")) }
                dd { ul.conditions { @for (year, amount) in &fund.years { li { (year) (self.visit.words.pick("：", ": ")) (self.amount(*amount)) } } } }
                dt { (t("rule-fund-covers")) }
                dd { ul.conditions { @for measure in covered { li { a href={ "/measures/" (measure.named.name) } { (self.measure(measure)) } } } } }
                dt { (t("rule-fund-short")) }
                dd {
                    @match &fund.when_short {
                        WhenShort::Unsaid => (t("rule-short-unsaid")),
                        WhenShort::ProRata => (t("rule-short-pro-rata")),
                        WhenShort::FirstCome => (t("rule-short-first-come")),
                        WhenShort::ByPriority(values) => { (t("rule-short-priority")) ul.conditions { @for (_, value) in values { li { (self.node(*value)) } } } }
                        WhenShort::Quota(count) => { (t("rule-short-quota")) " " (self.node(*count)) }
                    }
                }
            }
        }
    }
}

fn form(form: &CombineForm) -> &'static str {
    match form {
        CombineForm::HighestOf => "rule-highest",
        CombineForm::Exclusive { .. } => "rule-exclusive",
        CombineForm::TopUp => "rule-top-up",
        CombineForm::AtMost(_) => "rule-at-most",
        CombineForm::Unresolved => "rule-unresolved",
    }
}

const fn every(every: Every) -> &'static str {
    match every {
        Every::Year => "rule-year",
        Every::HalfYear => "rule-half-year",
        Every::Quarter => "rule-quarter",
        Every::Month => "rule-month",
    }
}

/// A share as a percentage, exactly, or as a fraction where that has no end.
fn percent(share: &meed_facts::ratio::Ratio) -> String {
    let hundred = meed_facts::ratio::Ratio::from(100);
    share
        .checked_mul(&hundred)
        .map_or_else(|| share.to_string(), |percent| format!("{percent}%"))
}

/// The address of a clause.
pub fn clause_address<'a>(path: &str, headings: impl IntoIterator<Item = &'a str>) -> String {
    let anchor = anchor(headings);
    let hash = if anchor.is_empty() { "" } else { "#" };
    format!("/policies/{}{hash}{}", encoded(path), encoded(&anchor))
}

/// When something is in force.
pub fn span(visit: &Visit, span: meed_facts::date::Span) -> Markup {
    html! {
        @match (span.from, span.until) {
            (None, None) => (visit.t("rule-always")),
            (Some(from), None) => (visit.words.with("rule-since", &[("from", from.to_string().into())])),
            (None, Some(until)) => (visit.words.with("rule-until", &[("until", until.to_string().into())])),
            (Some(from), Some(until)) => (visit.words.with("rule-between", &[("from", from.to_string().into()), ("until", until.to_string().into())])),
        }
    }
}
