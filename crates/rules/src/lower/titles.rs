//! Titles' criteria on the date.

use meed_facts::schema::TitleId;
use meed_facts::value::Scalar;
use meed_syntax::ast::{self, AstNode, TitleClause};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::Lower;
use super::env::{Env, amended_conditions};
use super::names::Owner;
use super::typed::Typed;
use crate::names::Rule;
use crate::place::Place;
use crate::program::{Condition, NameKind, Op, TitleRules, Type};
use crate::vocabulary::{by_name, label};

impl Lower<'_> {
    /// `meets(title)` for a record, by the text of `env.text_of`: by the criteria for a renewal, where it has some and the title was granted before. Text missing where it
    /// has no criteria.
    pub(super) fn criteria(&mut self, title: TitleId, owner: Owner, env: &Env, span: Span) -> Option<Typed> {
        let name = self.schema.titles[title].named.name.clone();
        let rule = self.on(&self.names.titles, &name, env.text_of).next().cloned();
        let Some(rule) = rule.filter(says_who_meets_it) else {
            return Some(self.node(Op::Hole(None), Type::Bool, env, span));
        };
        let inside = Env {
            place: rule.place.clone(),
            locals: Vec::new(),
            record: owner.scope,
            entity: owner.entity,
            scope: owner.scope,
            base: None,
            ..env.clone()
        };
        self.enter(&name, span)?;
        let body = self.entering_or_renewing(&rule, (title, owner), &inside, span);
        self.leave();
        let id = self.named_id(&name, label(rule.node.labels()), NameKind::Criteria, &rule.place);
        Some(self.node(
            Op::Named {
                name: id,
                args: Vec::new(),
                body: body?.node,
            },
            Type::Bool,
            &inside,
            span,
        ))
    }

    fn entering_or_renewing(
        &mut self,
        rule: &Rule<ast::Title>,
        (title, owner): (TitleId, Owner),
        env: &Env,
        span: Span,
    ) -> Option<Typed> {
        let entering = self.criteria_body(rule, criteria_clause(rule, false).as_ref(), env)?;
        let Some(clause) = criteria_clause(rule, true) else {
            return Some(entering);
        };
        let renewing = self.criteria_body(rule, Some(&clause), env)?;
        let on = self.today(env, span).node;
        let of = owner.scope;
        let place = Env {
            place: clause.1.clone(),
            ..env.clone()
        };
        let span = place.place.at(clause.0.syntax().text_range());
        let had = self.node(Op::Had { of, title, on }, Type::Bool, &place, span);
        let choice = Op::Cases {
            rows: vec![(had.node, renewing.node)],
            otherwise: Some(entering.node),
        };
        Some(self.node(choice, Type::Bool, &place, span))
    }

    /// The criteria and the bars; of a title that only bars, the criteria are missing in the text.
    fn criteria_body(
        &mut self,
        rule: &Rule<ast::Title>,
        clause: Option<&(ast::Criteria, Place)>,
        env: &Env,
    ) -> Option<Typed> {
        let place = clause.map_or(&rule.place, |(_, place)| place);
        let env = &Env {
            place: place.clone(),
            amended: amended_conditions(&rule.amendments, place),
            ..env.clone()
        };
        let span = clause.map_or(env.place.span, |(clause, place)| place.at(clause.syntax().text_range()));
        let criteria = match clause.map(|(clause, _)| (clause, clause.conditions())) {
            Some((_, Some(conditions))) => self.conditions(&conditions, env, span)?,
            Some((clause, None)) => self.criteria_elsewhere(clause, env, span)?,
            None => self.node(Op::Hole(None), Type::Bool, env, span),
        };
        let mut list = Vec::new();
        for (barred, place) in rule.clauses() {
            let TitleClause::Barred(barred) = barred else { continue };
            let place = place.clone();
            let env = &Env { place, ..env.clone() };
            list.push(self.bar(&barred, env)?);
        }
        if list.is_empty() {
            return Some(criteria);
        }
        let origin = self.origin(env, span);
        list.insert(
            0,
            Condition {
                label: Some("criteria".into()),
                node: criteria.node,
                origin,
            },
        );
        Some(self.node(Op::All(list), Type::Bool, env, span))
    }

    /// `criteria of TITLE as in "DOCUMENT"`: one version, whatever the date.
    fn criteria_elsewhere(&mut self, clause: &ast::Criteria, env: &Env, span: Span) -> Option<Typed> {
        let (title, document) = (clause.title()?.text(), clause.document()?.value());
        let rule = self.names.titles.all(&title).iter().find(|rule| {
            let about = &self.source.documents[rule.place.document];
            about.number.as_deref() == Some(document.as_str()) || *about.path == *document
        });
        let Some(rule) = rule.cloned() else {
            self.say(Diagnostic::new(
                Code::UnknownDocument,
                span,
                Message::new(
                    format!("no document «{document}» states criteria of `{title}`"),
                    format!("文件《{document}》没有“{title}”的认定标准"),
                ),
            ));
            return None;
        };
        let day = rule.place.in_force.from.unwrap_or(env.text_of);
        let (clause, place) = criteria_clause(&rule, false)?;
        let inside = Env {
            place,
            text_of: day,
            amended: amended_conditions(&rule.amendments, &rule.place),
            ..env.clone()
        };
        self.conditions(&clause.conditions()?, &inside, span)
    }

    /// Every title's rule book on the date.
    pub(super) fn titles(&mut self) -> Vec<TitleRules> {
        let titles: Vec<TitleId> = self.schema.titles.iter().map(|(id, _)| id).collect();
        titles.into_iter().filter_map(|title| self.title(title)).collect()
    }

    fn title(&mut self, title: TitleId) -> Option<TitleRules> {
        let schema = self.schema;
        let name = schema.titles[title].named.name.clone();
        let rules: Vec<Rule<ast::Title>> = self.names.titles.on(&name, self.date).cloned().collect();
        let rule = rules.first()?.clone();
        if let Some(other) = rules.get(1) {
            self.overlapping(&name, &rule.place, &other.place);
        }
        let entity = schema.titles[title].entity;
        let env = self.applicant(entity, &rule.place);
        let owner = Owner {
            scope: env.root,
            entity,
        };
        let span = rule.place.span;
        let meets = match says_who_meets_it(&rule) {
            true => self.criteria(title, owner, &env, span).map(|typed| typed.node),
            false => None,
        };
        let mut granted_by = None;
        let mut review = None;
        for (clause, place) in rule.clauses() {
            match clause {
                TitleClause::GrantedBy(clause) => {
                    granted_by = clause.agency().and_then(|agency| self.agency(&agency, place))
                }
                TitleClause::Review(clause) => {
                    if let Some(Scalar::Months(months)) = clause
                        .duration()
                        .and_then(|every| self.constant_of(&every, &Type::Months, &env))
                    {
                        review = Some(meed_facts::date::Months(months));
                    }
                }
                _ => {}
            }
        }
        let origin = self.origin_of(&rule.place, span);
        Some(TitleRules {
            title,
            origin,
            meets,
            granted_by,
            review,
        })
    }

    /// Says that two versions are in force at once.
    pub(super) fn overlapping(&mut self, name: &str, first: &Place, second: &Place) {
        self.say(
            Diagnostic::new(
                Code::OverlappingDefinitions,
                second.span,
                Message::new(
                    format!("two versions of `{name}` are in force at the same time"),
                    format!("“{name}”有两个版本同时有效"),
                ),
            )
            .related(first.span, Message::new("the other one", "另一个版本"))
            .help(Message::new(
                "end one where the other begins, with `in_force`, `in force` or `replaces`",
                "请用有效期或“替代”使一个在另一个开始时结束",
            )),
        );
    }

    /// An agency by name.
    pub(super) fn agency(&mut self, name: &ast::NameRef, place: &Place) -> Option<meed_facts::schema::AgencyId> {
        let text = name.text();
        let known = by_name(&self.schema.agencies, |agency| &agency.named, &text);
        if known.is_none() {
            let names: Vec<&str> = self
                .schema
                .agencies
                .iter()
                .map(|(_, agency)| &*agency.named.name)
                .collect();
            self.unknown(
                Code::UnknownAgency,
                &text,
                place.at(name.syntax().text_range()),
                &names,
                "agency",
                "机构",
            );
        }
        known
    }
}

fn criteria_clause(rule: &Rule<ast::Title>, renewal: bool) -> Option<(ast::Criteria, Place)> {
    rule.clauses().into_iter().find_map(|(clause, place)| match clause {
        TitleClause::Criteria(criteria) if criteria.is_for_renewal() == renewal => Some((criteria, place.clone())),
        _ => None,
    })
}

/// Whether a rule book says who meets it, or at least who does not.
fn says_who_meets_it(rule: &Rule<ast::Title>) -> bool {
    let mut clauses = rule.clauses().into_iter();
    clauses.any(|(clause, _)| matches!(clause, TitleClause::Criteria(_) | TitleClause::Barred(_)))
}
