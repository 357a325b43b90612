//! Facts as nodes: their type, their period, where they apply, what the law presumes.

use meed_facts::schema::{FactId, FactType, PeriodUnit};
use meed_facts::value::Scalar;
use meed_syntax::ast;
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::Lower;
use super::env::{Env, Period};
use super::names::Owner;
use super::typed::{self, Typed};
use crate::program::{Base, Dimension, FactRules, Op, OriginId, Type};

impl Lower<'_> {
    /// A fact of a record, in the period of its argument where it has one.
    pub(super) fn fact_of(
        &mut self,
        fact: FactId,
        owner: Owner,
        args: &[ast::Arg],
        env: &Env,
        span: Span,
    ) -> Option<Typed> {
        let schema = self.schema;
        let declared = &schema.facts[fact];
        let name = declared.named.name.clone();
        let at = match (declared.period, args) {
            (None, []) => {
                self.not_closed(fact, env, span);
                None
            }
            (Some(unit), [at]) => Some(self.period_argument(&at.expr()?, unit, env)?),
            (Some(unit), _) => {
                let (word, zh) = match unit {
                    PeriodUnit::Year => ("year", "年度"),
                    PeriodUnit::Month => ("month", "月度"),
                };
                self.say(
                    Diagnostic::new(
                        Code::MissingPeriod,
                        span,
                        Message::new(
                            format!("`{name}` has one value a {word}; say which"),
                            format!("“{name}”每{zh}一个值，请指明"),
                        ),
                    )
                    .help(Message::new(
                        format!("`{name}({word})`, `{name}(fiscal_year)` or `{name}(2022)`"),
                        format!("例如 `{name}({zh})`"),
                    ))
                    .suggest(format!("{name}({word})")),
                );
                return None;
            }
            (None, _) => {
                self.say(
                    Diagnostic::new(
                        Code::PeriodMisuse,
                        span,
                        Message::new(
                            format!("`{name}` has one value, not one a period"),
                            format!("“{name}”只有一个值，没有期间"),
                        ),
                    )
                    .help(Message::new(
                        format!("write `{name}` alone"),
                        format!("请只写 `{name}`"),
                    ))
                    .suggest(name.to_string()),
                );
                return None;
            }
        };
        let Some(ty) = self.type_of_fact(&declared.ty) else {
            self.say(
                Diagnostic::new(
                    Code::WrongType,
                    span,
                    Message::new(
                        format!("`{name}` holds records, it is no value"),
                        format!("“{name}”是记录，不是值"),
                    ),
                )
                .help(Message::new(
                    "count, sum or quantify over it",
                    "请对其计数、求和或逐项判断",
                )),
            );
            return None;
        };
        Some(self.fact_node(fact, owner, at, ty, env, span))
    }

    /// A yearly fact in a year that is a node already.
    pub(super) fn fact_in(&mut self, fact: FactId, owner: Owner, at: Typed, env: &Env, span: Span) -> Option<Typed> {
        let declared = &self.schema.facts[fact];
        let ty = self
            .type_of_fact(&declared.ty)
            .filter(|_| declared.period == Some(PeriodUnit::Year));
        let Some(ty) = ty else {
            let name = &declared.named.name;
            self.say(Diagnostic::new(
                Code::PeriodMisuse,
                span,
                Message::new(
                    format!("`{name}` has no value a year"),
                    format!("“{name}”不是按年的信息"),
                ),
            ));
            return None;
        };
        Some(self.fact_node(fact, owner, Some(at), ty, env, span))
    }

    /// Says where a rule outlives a fact that it reads. A fact by period and a date still have their earlier values.
    pub(super) fn not_closed(&mut self, fact: FactId, env: &Env, span: Span) {
        let declared = &self.schema.facts[fact];
        let Some(until) = declared.until.filter(|_| declared.ty != FactType::Date) else {
            return;
        };
        if env.place.in_force.until.is_some_and(|end| end <= until) {
            return;
        }
        let name = declared.named.name.clone();
        self.say(
            Diagnostic::new(
                Code::NoValueInForce,
                span,
                Message::new(
                    format!("`{name}` takes no entries from {until} on, and this rule stays in force"),
                    format!("“{name}”自 {until} 起不再填报，而此规则仍然有效"),
                ),
            )
            .help(Message::new(
                "end the rule's text by then, or read what is asked instead",
                "请使该规则的条文届时失效，或改用替代的信息项",
            )),
        );
    }

    fn fact_node(&mut self, fact: FactId, owner: Owner, at: Option<Typed>, ty: Type, env: &Env, span: Span) -> Typed {
        let rules = self.rules_of(fact, owner, env);
        let op = match at {
            None => Op::Fact {
                of: owner.scope,
                fact,
                rules,
            },
            Some(at) => Op::FactAt {
                of: owner.scope,
                fact,
                at: at.node,
                rules,
            },
        };
        self.node(op, ty, env, span)
    }

    /// The type of one value of a fact; `None` for records.
    pub(super) fn type_of_fact(&self, ty: &FactType) -> Option<Type> {
        Some(match ty {
            FactType::Bool => Type::Bool,
            FactType::Count | FactType::Number(None) => Type::Number(Dimension::NONE),
            FactType::Number(Some(unit)) => {
                let base = self.schema.units[*unit].base.unwrap_or(*unit);
                Type::Number(Dimension(vec![(Base::Unit(base), 1)]))
            }
            FactType::Money(currency) => Type::Number(Dimension::money(*currency)),
            FactType::Date => Type::Date,
            FactType::Months => Type::Months,
            FactType::Days => Type::Days,
            FactType::Text => Type::Text,
            FactType::Enumeration(id) => Type::Enumeration(*id),
            FactType::Identifier(kind) => Type::Identifier(*kind),
            FactType::One(_) | FactType::Many(_) => return None,
        })
    }

    /// A year or month: a bare number is one.
    pub(super) fn period_argument(&mut self, expr: &ast::Expr, unit: PeriodUnit, env: &Env) -> Option<Typed> {
        let typed = self.expr(expr, env, None)?;
        let wanted = match unit {
            PeriodUnit::Year => Type::Year,
            PeriodUnit::Month => Type::Month,
        };
        let bare_year = wanted == Type::Year && typed.ty == Type::Number(Dimension::NONE);
        if bare_year && let Some(Scalar::Number(year)) = self.folded(typed.node) {
            let is_year = year.to_i128().is_some_and(|year| (1..=9999).contains(&year));
            if !is_year {
                let message = Message::new(format!("{year} is no year"), format!("{year} 不是年份"));
                let help = Message::new("a year is a whole number such as 2022", "年份是整数，如 2022");
                self.say(Diagnostic::new(Code::LiteralOutOfRange, typed.span, message).help(help));
                return None;
            }
        }
        if typed.ty == wanted || bare_year {
            return Some(Typed { ty: wanted, ..typed });
        }
        self.say(Diagnostic {
            code: Code::PeriodMisuse,
            ..typed::wrong_type(&typed, &typed::show(&wanted, self.schema), self.schema)
        });
        None
    }

    fn rules_of(&mut self, fact: FactId, owner: Owner, env: &Env) -> FactRules {
        let applies = self.vocabulary.applies(fact).and_then(|(expr, place)| {
            if self.applying.contains(&fact) {
                self.say(
                    Diagnostic::new(
                        Code::Recursion,
                        place.span,
                        Message::new(
                            "whether a fact applies may not depend on itself",
                            "适用条件不能依赖自身",
                        ),
                    )
                    .help(Message::new(
                        "ask for another fact after `applies when`",
                        "请在“适用条件”中改用其他信息项",
                    )),
                );
                return None;
            }
            self.applying.push(fact);
            let inside = Env {
                record: owner.scope,
                entity: owner.entity,
                scope: owner.scope,
                locals: Vec::new(),
                period: Period::Judged(self.date.year()),
                base: None,
                place,
                ..env.clone()
            };
            let node = self.condition(&expr, &inside).map(|typed| typed.node);
            self.applying.pop();
            node
        });
        FactRules {
            applies,
            presumed: self.presumed(fact),
        }
    }

    fn presumed(&mut self, fact: FactId) -> Option<(Scalar, OriginId)> {
        let (scalar, place) = self.vocabulary.presumed(fact, self.date)?;
        let origin = self.origin_of(&place, place.span);
        Some((scalar, origin))
    }
}
