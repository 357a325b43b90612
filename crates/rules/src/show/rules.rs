//! Rules with their versions, leads and citations, as they are written.

use std::sync::Arc;

use meed_facts::date::Date;
use meed_facts::label::Label;
use meed_syntax::ast::{self, AstNode, MeasureClause, ServiceClause, TitleClause};

use super::{AgencyView, Cited, LeadView, RuleKind, RuleView};
use crate::check::Checked;
use crate::names::{Rule, Rules};
use crate::place::Place;
use crate::vocabulary::label;

pub(super) fn rules(checked: &Checked<'_>, on: Option<Date>) -> Vec<RuleView> {
    let names = checked.names();
    let mut shelf = Shelf {
        checked,
        on,
        all: Vec::new(),
    };
    shelf.put(RuleKind::Measure, &names.measures, |node, view| {
        view.label = label(node.labels());
        node.clause().for_each(|clause| shelf_measure(checked, clause, view));
    });
    shelf.put(RuleKind::Service, &names.services, |node, view| {
        view.label = label(node.labels());
        node.clause().for_each(|clause| shelf_service(checked, clause, view));
    });
    shelf.put(RuleKind::Title, &names.titles, |node, view| {
        view.label = label(node.labels());
        node.clause().for_each(|clause| shelf_title(checked, clause, view));
    });
    shelf.put(RuleKind::Combine, &names.combines, |node, view| {
        view.label = label(node.labels())
    });
    shelf.put(RuleKind::Fund, &names.funds, |node, view| {
        view.label = label(node.labels())
    });
    shelf.put(RuleKind::Parameter, &names.parameters, |node, view| {
        view.label = label(node.labels())
    });
    shelf.put(RuleKind::Definition, &names.definitions, |node, view| {
        view.label = label(node.labels())
    });
    shelf.put(RuleKind::Table, &names.tables, |node, view| {
        view.label = label(node.labels())
    });
    shelf.put(RuleKind::Sheet, &names.sheets, |node, view| {
        view.label = label(node.labels())
    });
    shelf.all
}

struct Shelf<'c> {
    checked: &'c Checked<'c>,
    on: Option<Date>,
    all: Vec<RuleView>,
}

impl Shelf<'_> {
    fn put<N: AstNode>(&mut self, kind: RuleKind, rules: &Rules<N>, mut fill: impl FnMut(&N, &mut RuleView)) {
        for rule in rules.iter() {
            if self.on.is_none_or(|day| rule.place.in_force.contains(day)) {
                let mut view = self.view(kind, rule);
                fill(&rule.node, &mut view);
                self.all.push(view);
            }
        }
    }

    fn view<N: AstNode>(&self, kind: RuleKind, rule: &Rule<N>) -> RuleView {
        let place = &rule.place;
        let mut text = rule.node.syntax().text().trim().to_owned();
        if let Some(table) = &rule.table {
            text.push_str("\n\n");
            text.push_str(table.syntax().text().trim());
        }
        RuleView {
            kind,
            name: rule.name.clone(),
            label: Label::default(),
            in_force: place.in_force,
            cited: cited(self.checked, place),
            source: place.source,
            basis: place.basis.clone(),
            lead: None,
            with: Vec::new(),
            conditions: Vec::new(),
            text,
            amended_by: rule
                .amendments
                .iter()
                .map(|amend| cited(self.checked, &amend.place))
                .collect(),
        }
    }
}

fn shelf_measure(checked: &Checked<'_>, clause: MeasureClause, view: &mut RuleView) {
    match clause {
        MeasureClause::When(_) | MeasureClause::While(_) => view.conditions.push(written(clause.syntax())),
        MeasureClause::LedBy(led_by) => view.lead = lead(checked, &led_by),
        MeasureClause::With(with) => view.with = with.agency().map(|name| agency(checked, &name)).collect(),
        _ => {}
    }
}

fn shelf_service(checked: &Checked<'_>, clause: ServiceClause, view: &mut RuleView) {
    match clause {
        ServiceClause::When(_) => view.conditions.push(written(clause.syntax())),
        ServiceClause::LedBy(led_by) => view.lead = lead(checked, &led_by),
        ServiceClause::With(with) => view.with = with.agency().map(|name| agency(checked, &name)).collect(),
        _ => {}
    }
}

fn shelf_title(checked: &Checked<'_>, clause: TitleClause, view: &mut RuleView) {
    match clause {
        TitleClause::Criteria(_) => view.conditions.push(written(clause.syntax())),
        TitleClause::GrantedBy(by) => {
            view.lead = by.agency().map(|name| LeadView::Agency(agency(checked, &name)));
        }
        _ => {}
    }
}

fn written(node: &meed_syntax::SyntaxNode) -> String {
    node.text().trim().to_owned()
}

fn lead(checked: &Checked<'_>, led_by: &ast::LedBy) -> Option<LeadView> {
    match led_by.agency() {
        Some(name) => Some(LeadView::Agency(agency(checked, &name))),
        None => led_by.hole().map(|_| LeadView::TextMissing),
    }
}

fn agency(checked: &Checked<'_>, name: &ast::NameRef) -> AgencyView {
    let name: Arc<str> = name.text().into();
    let agencies = &checked.schema().agencies;
    let known = agencies.iter().find(|(_, agency)| agency.named.name == name);
    AgencyView {
        label: known.map_or_else(Label::default, |(_, agency)| agency.named.label.clone()),
        name,
    }
}

fn cited(checked: &Checked<'_>, place: &Place) -> Cited {
    let document = &checked.documents()[place.document];
    let file = checked.package().sources.get(place.file);
    Cited {
        path: document.path.clone(),
        number: document.number.clone(),
        headings: place.headings.clone(),
        line: file.map_or(0, |file| file.location(place.span.start).line),
    }
}
