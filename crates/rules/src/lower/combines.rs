//! Combination clauses and funds.

mod keys;
mod order;

use meed_facts::schema::Named;
use meed_syntax::ast::{self, CombineForm as Form, FundClause};
use meed_syntax::diagnostic::{Code, Diagnostic};
use meed_syntax::phrases::Phrase;

use self::keys::Keys;
use super::Lower;
use super::env::{Env, Local, Period};
use crate::names::Rule;
use crate::place::Place;
use crate::program::{Combine, CombineForm, Cut, Dimension, Fund, MeasureId, Member, ScopeKind, Type, WhenShort};
use crate::vocabulary::label;

impl Lower<'_> {
    /// Clauses in force on the date, in the order in which they apply.
    pub(super) fn combines(&mut self) -> la_arena::Arena<Combine> {
        let rules: Vec<Rule<ast::Combine>> = self
            .names
            .combines
            .iter()
            .filter(|rule| rule.place.in_force.contains(self.date))
            .cloned()
            .collect();
        let made = rules.iter().filter_map(|rule| self.combine(rule)).collect();
        self.order_of_combines(made)
    }

    fn combine(&mut self, rule: &Rule<ast::Combine>) -> Option<Combine> {
        let form = rule.node.form()?;
        let (made, names, per_year) = match &form {
            Form::HighestOf(group) => (CombineForm::HighestOf, group.member().collect::<Vec<_>>(), false),
            Form::Exclusive(group) => (
                CombineForm::Exclusive {
                    precedence: group.is_before(),
                },
                group.member().collect(),
                false,
            ),
            Form::TopUp(ladder) => (CombineForm::TopUp, ladder.member().collect(), false),
            Form::Ceiling(ceiling) => (
                CombineForm::AtMost(self.cut(ceiling.cut(), &rule.place)),
                ceiling.member().collect(),
                ceiling.is_per_year(),
            ),
            Form::Unresolved(open) => (CombineForm::Unresolved, open.member().collect(), false),
        };
        let mut members = Vec::new();
        let keys = self.keys(rule);
        let mut measures = Vec::new();
        for name in &names {
            for measure in self.measures_named(name, &rule.place) {
                self.members(measure, &form, rule, &keys, &mut members);
                measures.push(measure);
            }
        }
        if let Form::TopUp(ladder) = &form {
            self.check_levels(ladder, &measures, &rule.place);
        }
        self.check_keys(rule, &keys, &members);
        if names.len() > 1 && members.is_empty() {
            // None of the members is in force: nothing to combine on this date.
            return None;
        }
        let per = rule.node.per();
        let per_year = per_year
            || per
                .as_ref()
                .is_some_and(|per| per.expr().any(|expr| keys::is_year(&expr)));
        let judged_by = match per.as_ref().and_then(|per| per.agency()) {
            Some(agency) => self.agency(&agency, &rule.place),
            None => None,
        };
        let named = Named {
            name: rule.name.clone(),
            label: label(rule.node.labels()),
            formerly: Vec::new(),
        };
        let origin = self.origin_of(&rule.place, rule.place.span);
        Some(Combine {
            named,
            origin,
            form: made,
            members,
            per_year,
            judged_by,
            after: Vec::new(),
        })
    }

    fn cut(&mut self, cut: Option<ast::Cut>, place: &Place) -> Cut {
        match cut {
            None => Cut::Unsaid,
            Some(cut) if cut.is_in_proportion() => Cut::InProportion,
            Some(cut) => {
                let names: Vec<ast::NameRef> = cut.order().collect();
                Cut::Order(
                    names
                        .iter()
                        .filter_map(|name| self.measure_named(name, place))
                        .collect(),
                )
            }
        }
    }

    /// The measures of a name: one, or those of a category.
    fn measures_named(&mut self, name: &ast::NameRef, place: &Place) -> Vec<MeasureId> {
        let text = name.text();
        if !self.measure_ids.contains_key(text.as_str())
            && let Some(category) = self.names.categories.on(&text, self.date).next().cloned()
        {
            let members: Vec<ast::NameRef> = category.node.member().collect();
            return members
                .iter()
                .filter_map(|member| self.measure_named(member, &category.place))
                .collect();
        }
        self.measure_named(name, place).into_iter().collect()
    }

    fn members(
        &mut self,
        measure: MeasureId,
        form: &Form,
        rule: &Rule<ast::Combine>,
        keys: &Keys,
        members: &mut Vec<Member>,
    ) -> Option<()> {
        let lines: Vec<_> = self.measures[measure]
            .rules
            .iter()
            .map(|rules| (rules.entity, rules.line.scope))
            .collect();
        for (entity, scope) in lines {
            if members
                .iter()
                .any(|member| member.measure == measure && member.entity == entity)
            {
                continue;
            }
            let env = self.line_env(measure, entity, scope, &rule.place)?;
            let own: Option<Vec<_>> = keys
                .of(measure)
                .map(|expr| self.expr(expr, &env, None).map(|key| key.node))
                .collect();
            let (limit, counting) = match form {
                Form::Ceiling(ceiling) => {
                    let money = Type::Number(Dimension::money(self.source.info.currency));
                    let limit = self.expr_of(&ceiling.amount()?, &env, &money)?.node;
                    let counting = match ceiling.counting() {
                        Some(counting) => Some(self.expr_of(&counting, &env, &money)?.node),
                        None => None,
                    };
                    (Some(limit), counting)
                }
                _ => (None, None),
            };
            members.push(Member {
                measure,
                entity,
                keys: own?,
                limit,
                counting,
            });
        }
        Some(())
    }

    /// The environment of a measure's line, with the names its own rules give to the child.
    fn line_env(
        &mut self,
        measure: MeasureId,
        entity: meed_facts::schema::EntityId,
        scope: crate::program::ScopeId,
        place: &Place,
    ) -> Option<Env> {
        let mut env = self.applicant(entity, place);
        env.period = Period::Judged(self.date.year());
        let name = self.measures[measure].named.name.clone();
        let child = self.names.measures.all(&name).iter().find_map(|rule| rule.node.child());
        if let (Some(child), ScopeKind::Children { entity, .. }) = (child, self.builder.scopes[scope].kind.clone()) {
            env = Env {
                scope,
                ..env.with(child.name()?.text().into(), Local::Record { scope, entity })
            };
        }
        Some(env)
    }

    /// Funds in force on the date.
    pub(super) fn funds(&mut self) -> Vec<Fund> {
        let rules: Vec<Rule<ast::Fund>> = self
            .names
            .funds
            .iter()
            .filter(|rule| rule.place.in_force.contains(self.date))
            .cloned()
            .collect();
        rules.iter().filter_map(|rule| self.fund(rule)).collect()
    }

    fn fund(&mut self, rule: &Rule<ast::Fund>) -> Option<Fund> {
        let named = Named {
            name: rule.name.clone(),
            label: label(rule.node.labels()),
            formerly: Vec::new(),
        };
        let origin = self.origin_of(&rule.place, rule.place.span);
        let mut fund = Fund {
            named,
            origin,
            years: Vec::new(),
            covers: Vec::new(),
            when_short: WhenShort::Unsaid,
        };
        let clauses: Vec<FundClause> = rule.node.clause().collect();
        for clause in &clauses {
            if let FundClause::Covers(covers) = clause {
                let names: Vec<ast::NameRef> = covers.member().collect();
                fund.covers
                    .extend(names.iter().flat_map(|name| self.measures_named(name, &rule.place)));
            }
        }
        let Some(first) = fund.covers.first().copied() else {
            self.say(Diagnostic::new(
                Code::FundWithoutMeasure,
                rule.place.span,
                Code::FundWithoutMeasure,
            ));
            return None;
        };
        let entity = *self.measures[first].entities.first()?;
        let env = self.applicant(entity, &rule.place);
        for clause in &clauses {
            match clause {
                FundClause::FundYear(year) => {
                    let number = year.year()?.to_u32().and_then(|year| i16::try_from(year).ok())?;
                    let money = Type::Number(Dimension::money(self.source.info.currency));
                    fund.years
                        .push((number, self.expr_of(&year.amount()?, &env, &money)?.node));
                }
                FundClause::WhenShort(short) => fund.when_short = self.when_short(short, &fund, &env)?,
                FundClause::Covers(_) | FundClause::SourceClause(_) | FundClause::BasisClause(_) => {}
            }
        }
        Some(fund)
    }

    fn when_short(&mut self, short: &ast::WhenShort, fund: &Fund, env: &Env) -> Option<WhenShort> {
        Some(match short.rule()? {
            Phrase::ProRata => WhenShort::ProRata,
            Phrase::FirstCome => WhenShort::FirstCome,
            Phrase::Quota => WhenShort::Quota(self.expr_of(&short.quota()?, env, &Type::Number(Dimension::NONE))?.node),
            _ => {
                let priority = short.priority()?;
                let mut by = Vec::new();
                let mut entities: Vec<_> = fund
                    .covers
                    .iter()
                    .flat_map(|measure| self.measures[*measure].entities.clone())
                    .collect();
                entities.sort_unstable();
                entities.dedup();
                for entity in entities {
                    let env = self.applicant(entity, &env.place);
                    let value = self.expr(&priority, &env, None)?;
                    if !matches!(value.ty, Type::Number(_)) {
                        self.say(super::typed::wrong_type(&value, "number", self.schema));
                        return None;
                    }
                    by.push((entity, value.node));
                }
                WhenShort::ByPriority(by)
            }
        })
    }
}
