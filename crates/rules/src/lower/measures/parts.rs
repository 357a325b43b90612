//! Shares, payees, leads and obligations of a measure.

use std::sync::Arc;

use meed_facts::date::Months;
use meed_facts::ratio::Ratio;
use meed_facts::schema::{EntityId, FactType, Named};
use meed_facts::value::Scalar;
use meed_syntax::ast::{self, AstNode};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use crate::lower::Lower;
use crate::lower::env::{Env, Local, Period};
use crate::lower::typed;
use crate::place::Place;
use crate::program::{Dimension, Lead, NodeId, Obligation, Once, Op, Payer, Recover, Split, Type};

impl Lower<'_> {
    /// A constant number of months.
    pub(in crate::lower) fn months(&mut self, expr: &ast::Expr, env: &Env) -> Option<Months> {
        match self.constant_of(expr, &Type::Months, env) {
            Some(Scalar::Months(months)) => Some(Months(months)),
            _ => {
                self.say(Diagnostic::new(
                    Code::NotConstant,
                    env.place.at(expr.syntax().text_range()),
                    Message::new("a duration is a number of years or months", "期限须为若干年或若干个月"),
                ));
                None
            }
        }
    }

    pub(in crate::lower) fn once(&mut self, once: &ast::Once, env: &Env) -> Option<Once> {
        let names: Vec<ast::NameRef> = once.counting().collect();
        let counting: Vec<Arc<str>> = names.iter().map(|name| Arc::from(name.text())).collect();
        let per = match once.per() {
            Some(per) => Some(self.expr(&per, env, None)?.node),
            None => None,
        };
        Some(Once { per, counting })
    }

    pub(in crate::lower) fn shares(&mut self, shares: &ast::ShareInstalments, env: &Env) -> Option<Split> {
        let mut parts = Vec::new();
        let mut sum = Ratio::ZERO;
        for part in shares.part() {
            let share = self.share(&part.share()?, env)?;
            sum = &sum + &share;
            let on = self.moment(&part.on()?, env)?;
            parts.push((share, on));
        }
        self.sums_to_one(
            &sum,
            Code::InstalmentsNotWhole,
            env.place.at(shares.syntax().text_range()),
        )?;
        Some(Split::Shares(parts))
    }

    pub(in crate::lower) fn payers(&mut self, shared: &ast::Shared, env: &Env) -> Option<Vec<Payer>> {
        let mut payers = Vec::new();
        let mut sum = Ratio::ZERO;
        for part in shared.part() {
            let share = self.share(&part.share()?, env)?;
            sum = &sum + &share;
            let on = match part.on() {
                Some(on) => Some(self.moment(&on, env)?),
                None => None,
            };
            payers.push(Payer {
                agency: self.agency(&part.payer()?, &env.place)?,
                share,
                on,
            });
        }
        self.sums_to_one(&sum, Code::SharesNotWhole, env.place.at(shared.syntax().text_range()))?;
        Some(payers)
    }

    pub(in crate::lower) fn sums_to_one(&mut self, sum: &Ratio, code: Code, span: Span) -> Option<()> {
        if *sum == Ratio::ONE {
            return Some(());
        }
        let percent = (sum * &Ratio::from_int(100)).to_string();
        self.say(Diagnostic::new(
            code,
            span,
            Message::new(
                format!("the parts sum to {percent}%, not 100%"),
                format!("各部分合计 {percent}%，不是 100%"),
            ),
        ));
        None
    }

    pub(in crate::lower) fn share(&mut self, expr: &ast::Expr, env: &Env) -> Option<Ratio> {
        match self.constant_of(expr, &Type::Number(Dimension::NONE), env) {
            Some(Scalar::Number(value)) => Some(value),
            _ => {
                self.say(Diagnostic::new(
                    Code::NotConstant,
                    env.place.at(expr.syntax().text_range()),
                    Message::new("a share is a constant percentage", "份额须为常量百分比"),
                ));
                None
            }
        }
    }

    /// A date or a condition at which something is paid.
    pub(in crate::lower) fn moment(&mut self, expr: &ast::Expr, env: &Env) -> Option<NodeId> {
        let typed = self.expr(expr, env, Some(&Type::Date))?;
        if matches!(typed.ty, Type::Date | Type::Bool) {
            return Some(typed.node);
        }
        self.say(typed::wrong_type(&typed, "date, bool", self.schema));
        None
    }

    pub(in crate::lower) fn payee(&mut self, payee: &ast::Expr, env: &Env) -> Option<NodeId> {
        let Some((_, named)) = self.record_paid(payee, env) else {
            return Some(self.expr_of(payee, env, &Type::Text)?.node);
        };
        let text = named.label.zh.clone().unwrap_or_else(|| named.name.clone());
        let span = env.place.at(payee.syntax().text_range());
        Some(self.node(Op::Const(Scalar::Text(text)), Type::Text, env, span).node)
    }

    /// The record that an expression names, and what it is called: a child by its kind, a single record by the fact that holds it.
    fn record_paid(&self, payee: &ast::Expr, env: &Env) -> Option<(EntityId, Named)> {
        let (owner, name) = match payee {
            ast::Expr::NameExpr(name) => {
                let name = name.name()?.text();
                if let Some(Local::Record { entity, .. }) = env.local(&name) {
                    return Some((*entity, self.schema.entities[*entity].named.clone()));
                }
                (env.entity, name)
            }
            ast::Expr::Access(access) => (self.record_paid(&access.base()?, env)?.0, access.member()?.text()),
            ast::Expr::Paren(paren) => return self.record_paid(&paren.expr()?, env),
            _ => return None,
        };
        let fact = &self.schema.facts[self.vocabulary.fact(self.schema, owner, &name)?];
        match fact.ty {
            FactType::One(entity) => Some((entity, fact.named.clone())),
            _ => None,
        }
    }

    pub(in crate::lower) fn lead(&mut self, led: &ast::LedBy, place: &Place) -> Option<Lead> {
        match led.agency() {
            Some(agency) => Some(Lead::Agency(self.agency(&agency, place)?)),
            None => {
                self.holes.push(place.at(led.syntax().text_range()));
                Some(Lead::Missing)
            }
        }
    }

    /// What a line must keep up; `line` stands outside the periods of a series.
    pub(in crate::lower) fn obligation(&mut self, keep: &ast::Keep, line: &Env) -> Option<Obligation> {
        let scope = self.instalments(line.place.at(keep.syntax().text_range()), line.scope);
        let each_day = Env {
            scope,
            period: Period::Judging(scope),
            ..line.clone()
        };
        Some(Obligation {
            keep: self.condition(&keep.expr()?, &each_day)?.node,
            scope,
            duration: self.months(&keep.duration()?, line)?,
            from: match keep.start() {
                Some(start) => Some(self.expr_of(&start, line, &Type::Date)?.node),
                None => None,
            },
            recover: keep.has_recovery().then(|| {
                if keep.is_in_full() {
                    Recover::InFull
                } else {
                    Recover::InProportion
                }
            }),
        })
    }
}
