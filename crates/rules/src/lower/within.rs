//! `within`: a code of a classification, and the codes of the wholes it may lie in.

use std::sync::Arc;

use meed_facts::identifier::Kind;
use meed_syntax::ast::{AstNode, Expr};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::Lower;
use super::env::Env;
use super::typed::{self, Typed};
use crate::program::{Op, Type};

impl Lower<'_> {
    pub(super) fn within(&mut self, lhs: &Expr, rhs: &Expr, env: &Env, span: Span) -> Option<Typed> {
        let code = self.expr(lhs, env, None)?;
        let Type::Identifier(kind @ (Kind::Division | Kind::Industry)) = code.ty else {
            self.say(typed::wrong_type(&code, "division, industry", self.schema));
            return None;
        };
        let mut wholes = Vec::new();
        self.wholes(kind, rhs, env, &mut wholes)?;
        Some(self.node(Op::Within(code.node, wholes), Type::Bool, env, span))
    }

    /// The codes that an expression states: one, those of a set, or those of a parameter.
    fn wholes(&mut self, kind: Kind, expr: &Expr, env: &Env, into: &mut Vec<Arc<str>>) -> Option<()> {
        let span = env.place.at(expr.syntax().text_range());
        match expr {
            Expr::Paren(paren) => self.wholes(kind, &paren.expr()?, env, into),
            Expr::SetExpr(set) => {
                let members: Vec<Expr> = set.expr().collect();
                let found: Vec<_> = members.iter().map(|one| self.wholes(kind, one, env, into)).collect();
                found.into_iter().collect()
            }
            Expr::NameExpr(name) if self.names.parameters.has(&name.name()?.text()) => {
                let (value, rule) = self.parameter_value(&name.name()?.text(), env, span)?;
                let inside = Env {
                    place: rule.place.clone(),
                    locals: Vec::new(),
                    ..env.clone()
                };
                self.enter(&rule.name, span)?;
                let found = self.wholes(kind, &value, &inside, into);
                self.leave();
                found
            }
            Expr::Literal(literal) => {
                let text = literal
                    .text()
                    .map_or_else(|| literal.syntax().text().trim().into(), |text| text.value());
                into.push(self.whole(kind, &text, span)?);
                Some(())
            }
            other => {
                into.push(self.whole(kind, other.syntax().text().trim(), span)?);
                Some(())
            }
        }
    }

    fn whole(&mut self, kind: Kind, text: &str, span: Span) -> Option<Arc<str>> {
        kind.check(text, None)
            .map_err(|error| {
                let what = if kind == Kind::Division {
                    "行政区划"
                } else {
                    "行业"
                };
                self.say(
                    Diagnostic::new(
                        Code::UnknownClassification,
                        span,
                        Message::new(
                            format!("`{text}` is no {}: {error}", kind.name()),
                            format!("“{text}”不是{what}代码"),
                        ),
                    )
                    .help(Message::new(
                        "write a code as in `within 230100` or `within C39`, a set of codes, or a parameter",
                        "请写代码（如 `位于 230100`、`位于 C39`）、代码的集合或参数",
                    )),
                );
            })
            .ok()
    }
}
