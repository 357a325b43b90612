//! Earlier awards, awards made now, and the applicant's choice among exclusive ones.

use std::sync::Arc;

use meed_facts::schema::PeriodUnit;
use meed_syntax::ast::{self, Arg, AstNode, Expr};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use meed_syntax::phrases::Builtin;

use super::Lower;
use super::env::Env;
use super::typed::Typed;
use crate::program::{Cmp, Dimension, Op, Type};

impl Lower<'_> {
    /// `gets(measure)` and `received(measure, in: year)`.
    pub(super) fn award_question(&mut self, builtin: Builtin, args: &[Arg], env: &Env, span: Span) -> Option<Typed> {
        let Some(Expr::NameExpr(name)) = args.first().and_then(Arg::expr) else {
            self.say(Diagnostic::new(
                Code::UnknownMeasure,
                span,
                Message::new("the first argument names a measure", "第一个参数须为措施"),
            ));
            return None;
        };
        let measure = self.measure_named(&name.name()?, &env.place)?;
        if builtin == Builtin::Gets {
            return Some(self.node(Op::Gets(measure), Type::Bool, env, span));
        }
        let year = match Self::named_arg(args, ["in", "在"]) {
            Some(year) => Some(self.period_argument(&year, PeriodUnit::Year, env)?.node),
            None => None,
        };
        let ty = Type::Number(Dimension::money(self.source.info.currency));
        Some(self.node(Op::Received { measure, year }, ty, env, span))
    }

    /// `chosen(group) = measure` or `!=`, either way round; `None` where neither side is a choice.
    pub(super) fn choice(&mut self, cmp: Cmp, lhs: &Expr, rhs: &Expr, env: &Env, span: Span) -> Option<Option<Typed>> {
        let is_choice = |expr: &Expr| match expr {
            Expr::Call(call) => call.name().and_then(|name| name.builtin()) == Some(Builtin::Chosen),
            _ => false,
        };
        let (call, measure) = match (lhs, rhs) {
            (Expr::Call(call), measure) if is_choice(lhs) => (call, measure),
            (measure, Expr::Call(call)) if is_choice(rhs) => (call, measure),
            _ => return None,
        };
        let args: Vec<Arg> = call.arg().collect();
        Some(self.choice_of(cmp, &args, measure, env, span))
    }

    fn choice_of(&mut self, cmp: Cmp, args: &[Arg], measure: &Expr, env: &Env, span: Span) -> Option<Typed> {
        let [arg] = args else {
            return self.bare_choice(span);
        };
        let (Some(Expr::NameExpr(group)), Expr::NameExpr(measure)) = (arg.expr(), measure) else {
            return self.bare_choice(span);
        };
        let (group, measure) = (group.name()?, measure.name()?);
        let members = self.alternatives(&group, env)?;
        let chosen = self.measure_named(&measure, &env.place)?;
        let name = self.measures[chosen].named.name.clone();
        if !members.contains(&name) {
            let known: Vec<&str> = members.iter().map(|name| &**name).collect();
            let place = env.place.at(measure.syntax().text_range());
            self.unknown(Code::UnknownMember, &name, place, &known, "alternative", "可选措施");
            return None;
        }
        let is_it = Op::Chosen {
            group: group.text().into(),
            measure: chosen,
        };
        match cmp {
            Cmp::Eq => Some(self.node(is_it, Type::Bool, env, span)),
            Cmp::Ne => {
                let is_it = self.node(is_it, Type::Bool, env, span);
                Some(self.node(Op::Not(is_it.node), Type::Bool, env, span))
            }
            _ => self.bare_choice(span),
        }
    }

    /// The measures among which an exclusive group lets the applicant choose.
    fn alternatives(&mut self, group: &ast::NameRef, env: &Env) -> Option<Vec<Arc<str>>> {
        let text = group.text();
        let mut members = None;
        for rule in self.names.combines.all(&text) {
            if let Some(ast::CombineForm::Exclusive(form)) = rule.node.form() {
                let names = form.member().flat_map(|name| self.names.of_category(&name.text()));
                members.get_or_insert_with(Vec::new).extend(names);
            }
        }
        if members.is_none() {
            let known: Vec<Arc<str>> = self.schema.groups.iter().map(|group| group.name.clone()).collect();
            let known: Vec<&str> = known.iter().map(|name| &**name).collect();
            let place = env.place.at(group.syntax().text_range());
            self.unknown(Code::UnknownRule, &text, place, &known, "exclusive group", "互斥组");
        }
        members
    }

    /// That a choice is only compared with a measure.
    pub(super) fn bare_choice(&mut self, span: Span) -> Option<Typed> {
        self.say(
            Diagnostic::new(
                Code::NotCallable,
                span,
                Message::new(
                    "`chosen` tells which measure of an exclusive group was chosen, which is no value of its own",
                    "“选定”指互斥组中所选的措施，本身不是值",
                ),
            )
            .help(Message::new(
                "compare it with a measure: `chosen(GROUP) = MEASURE`",
                "请与措施比较，如 `选定(组) = 措施`",
            )),
        );
        None
    }
}
