//! One version of a measure for one kind of applicant.

use std::sync::Arc;

use meed_facts::date::{Date, Span as Dates};
use meed_facts::schema::EntityId;
use meed_syntax::ast::{self, AstNode, MeasureClause};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use meed_syntax::phrases::Phrase;

use crate::lower::Lower;
use crate::lower::env::{Env, Local, Period, amended_conditions};
use crate::names::Rule;
use crate::program::{Every, Line, MeasureRules, Pay, ScopeId, Series, Split, Type};

impl Lower<'_> {
    pub(in crate::lower) fn measure_for(
        &mut self,
        rule: &Rule<ast::Measure>,
        entity: EntityId,
        in_force: Dates,
        text_of: Date,
    ) -> Option<MeasureRules> {
        let mut env = self.applicant(entity, &rule.place);
        let placed = rule.clauses();
        env.text_of = text_of;
        let clauses: Vec<MeasureClause> = placed.iter().map(|(clause, _)| clause.clone()).collect();
        let judged_before = clauses
            .iter()
            .any(|clause| matches!(clause, MeasureClause::JudgedBefore(_)));
        let year = if judged_before {
            self.date.year().saturating_sub(1)
        } else {
            self.date.year()
        };
        env.period = Period::Judged(year);
        let line = self.line(rule.node.child(), &mut env)?;
        let every = clauses.iter().find_map(|clause| match clause {
            MeasureClause::Every(every) => Some(every.clone()),
            _ => None,
        });
        let series = match &every {
            Some(every) => Some(self.series(every, &clauses, &mut env)?),
            None => None,
        };
        let explicit = clauses.iter().find_map(|clause| match clause {
            MeasureClause::AnchorClause(anchor) => anchor.expr(),
            _ => None,
        });
        let outside = Env {
            period: Period::Judged(year),
            ..env.clone()
        };
        let anchor = match explicit {
            Some(anchor) => Some(self.expr_of(&anchor, &outside, &Type::Date)?.node),
            None => series.as_ref().map(|series| series.start),
        };
        let origin = self.origin_of(&rule.place, rule.place.span);
        let mut made = MeasureRules {
            entity,
            in_force,
            anchor,
            origin,
            line,
            series,
            year,
            when: None,
            while_: None,
            pay: Pay {
                amount: None,
                assessed: None,
                floor: None,
                cap: None,
                rounding: None,
                origin,
            },
            once: None,
            split: None,
            payee: None,
            lead: None,
            with: Vec::new(),
            obligations: Vec::new(),
            payers: Vec::new(),
            together: false,
            unique: Vec::new(),
            window: None,
            paused: None,
            no_application: false,
        };
        let mut whole = true;
        let mut pays = false;
        // Bars are beside what `when` asks, wherever they stand.
        let (bars, others): (Vec<_>, Vec<_>) = placed
            .iter()
            .partition(|(clause, _)| matches!(clause, MeasureClause::Barred(_)));
        for (clause, place) in others.into_iter().chain(bars) {
            pays |= matches!(clause, MeasureClause::Pay(_));
            env.place = (*place).clone();
            env.amended = amended_conditions(&rule.amendments, place);
            whole &= self.clause(clause, &env, &mut made).is_some();
        }
        if !pays {
            self.say(
                Diagnostic::new(Code::MissingPay, rule.place.span, Code::MissingPay).help(Message::new(
                    "write `pay AMOUNT`, or declare a `service`",
                    "请写 `支付 金额`，或改为 `服务`",
                )),
            );
        }
        if whole {
            self.check_fit(&placed, &made);
        }
        whole.then_some(made)
    }

    /// What a line is for; its variable goes into `env`.
    pub(in crate::lower) fn line(&mut self, child: Option<ast::Child>, env: &mut Env) -> Option<Line> {
        let Some(child) = child else {
            return Some(Line {
                scope: env.root,
                key: None,
            });
        };
        let (scope, entity) = self.children(&child.list()?, None, env)?;
        let name: Arc<str> = child.name()?.text().into();
        *env = Env {
            scope,
            ..env.with(name, Local::Record { scope, entity })
        };
        let key = self.schema.entities[entity].key;
        if key.is_none() {
            let entity = &self.schema.entities[entity].named.name;
            self.say(
                Diagnostic::new(
                    Code::MissingClause,
                    env.place.at(child.syntax().text_range()),
                    Message::new(
                        format!("lines for each {entity} need a key"),
                        format!("逐个{entity}发放需要主键"),
                    ),
                )
                .help(Message::new(
                    format!("declare it: `entity {entity} key FACT`"),
                    format!("请声明：`实体 {entity} 主键 信息`"),
                )),
            );
        }
        Some(Line { scope, key })
    }

    pub(in crate::lower) fn series(
        &mut self,
        every: &ast::Every,
        clauses: &[MeasureClause],
        env: &mut Env,
    ) -> Option<Series> {
        let unit = period_of(every.period()?)?;
        let span = env.place.at(every.syntax().text_range());
        let months = self.months(&every.duration()?, env)?;
        let count = months
            .0
            .checked_div(unit.months().0)
            .and_then(|count| u32::try_from(count).ok())
            .filter(|count| (1..=1200).contains(count));
        let Some(count) = count.filter(|_| months.0.checked_rem(unit.months().0) == Some(0)) else {
            let message = match count {
                None => Message::new("the duration holds 1 to 1200 periods", "期限须含 1 至 1200 期"),
                Some(whole) => Message::new(
                    format!("the duration is {whole} periods and a part of one"),
                    format!("期限为 {whole} 期又不足一期"),
                ),
            };
            self.say(
                Diagnostic::new(Code::LiteralOutOfRange, span, message).help(Message::new(
                    "write a whole number of periods, or shorter ones: `every month`, `every quarter`, `every half year`",
                    "请写整数期，或用更短的期：`每逢 月度`、`每逢 季度`、`每逢 半年`",
                )),
            );
            return None;
        };
        let start = self.expr_of(&every.start()?, env, &Type::Date)?.node;
        let scope = self.instalments(env.place.span, env.scope);
        env.period = Period::Instalment(scope);
        env.scope = scope;
        let has = |wanted: fn(&MeasureClause) -> bool| clauses.iter().any(wanted);
        Some(Series {
            scope,
            every: unit,
            count,
            start,
            in_arrears: every.is_in_arrears(),
            windows: every.window().filter_map(|day| month_day(&day)).collect(),
            ends_on_failure: has(|clause| matches!(clause, MeasureClause::EndsOnFailure(_))),
            ends_running: has(|clause| matches!(clause, MeasureClause::EndsRunning(_))),
        })
    }

    /// The scope of a series' periods or an obligation's days: the same for a clause at all its times, so that rules that say the same are the same.
    pub(in crate::lower) fn instalments(&mut self, span: Span, around: ScopeId) -> ScopeId {
        let key = (span, around);
        if let Some(known) = self.known_series.get(&key) {
            return *known;
        }
        let scope = self.builder.instalments(around);
        self.known_series.insert(key, scope);
        scope
    }

    pub(in crate::lower) fn clause(
        &mut self,
        clause: &MeasureClause,
        env: &Env,
        made: &mut MeasureRules,
    ) -> Option<()> {
        let span = env.place.at(clause.syntax().text_range());
        match clause {
            MeasureClause::When(when) => {
                let env = env.entering();
                made.when = Some(match (when.conditions(), when.expr()) {
                    (Some(conditions), _) => self.conditions(&conditions, &env, span)?.node,
                    (None, expr) => self.condition(&expr?, &env)?.node,
                });
            }
            MeasureClause::While(staying) => {
                made.while_ = Some(match (staying.conditions(), staying.expr()) {
                    (Some(conditions), _) => self.conditions(&conditions, env, span)?.node,
                    (None, expr) => self.condition(&expr?, env)?.node,
                });
            }
            MeasureClause::Pay(pay) => made.pay = self.pay(pay, env)?,
            MeasureClause::Once(once) => made.once = Some(self.once(once, env)?),
            MeasureClause::EqualInstalments(equal) => {
                made.split = Some(Split::Equal {
                    count: self.whole_number(&equal.count()?, env)?,
                    every: period_of(equal.period()?)?,
                    start: match equal.start() {
                        Some(start) => Some(self.expr_of(&start, env, &Type::Date)?.node),
                        None => None,
                    },
                    in_arrears: equal.is_in_arrears(),
                });
            }
            MeasureClause::ShareInstalments(shares) => made.split = Some(self.shares(shares, env)?),
            MeasureClause::To(to) => {
                if let Some(payee) = to.payee() {
                    made.payee = Some(self.payee(&payee, env)?);
                }
            }
            MeasureClause::LedBy(led) => made.lead = Some(self.lead(led, &env.place)?),
            MeasureClause::With(with) => {
                let names: Vec<ast::NameRef> = with.agency().collect();
                made.with
                    .extend(names.iter().filter_map(|name| self.agency(name, &env.place)));
            }
            MeasureClause::Keep(keep) => {
                let line = Env {
                    scope: made.line.scope,
                    period: Period::Judged(made.year),
                    ..env.clone()
                };
                let obligation = self.obligation(keep, &line)?;
                made.obligations.push(obligation);
            }
            MeasureClause::Shared(shared) => {
                (made.payers, made.together) = (self.payers(shared, env)?, shared.together().is_some());
            }
            MeasureClause::Unique(unique) => {
                let value = self.expr(&unique.expr()?, env, None)?;
                made.unique.push(value.node);
            }
            MeasureClause::Barred(barred) => {
                let env = env.entering();
                let bar = self.bar(barred, &env)?;
                made.when = Some(self.and_not_barred(made.when, bar, &env));
            }
            MeasureClause::Window(window) => {
                made.window = Some((month_day(&window.from()?)?, month_day(&window.to()?)?))
            }
            MeasureClause::Paused(paused) => made.paused = paused.date()?.value(),
            MeasureClause::NoApplication(_) => made.no_application = true,
            MeasureClause::Every(_)
            | MeasureClause::JudgedBefore(_)
            | MeasureClause::EndsOnFailure(_)
            | MeasureClause::EndsRunning(_)
            | MeasureClause::AnchorClause(_)
            | MeasureClause::Formerly(_)
            | MeasureClause::SourceClause(_)
            | MeasureClause::BasisClause(_)
            | MeasureClause::InForceClause(_) => {}
        }
        Some(())
    }
}

fn period_of(phrase: Phrase) -> Option<Every> {
    Some(match phrase {
        Phrase::Year => Every::Year,
        Phrase::HalfYear => Every::HalfYear,
        Phrase::Quarter => Every::Quarter,
        Phrase::Month => Every::Month,
        _ => return None,
    })
}

fn month_day(day: &ast::MonthDay) -> Option<(i8, i8)> {
    let (month, day) = day.value()?;
    Some((i8::try_from(month).ok()?, i8::try_from(day).ok()?))
}
