//! Exceptions: rules that take the place of others while they apply, from whichever document.

use meed_syntax::ast::{self, AstNode, Expr};
use meed_syntax::diagnostic::Code;

use super::Lower;
use super::env::Env;
use super::names::Owner;
use super::typed::Typed;
use crate::names::Rule;
use crate::place::Place;
use crate::program::{Arm, Op, Type};

impl Lower<'_> {
    #[expect(clippy::too_many_arguments, reason = "one rule's pieces, used once")]
    pub(super) fn exceptions(
        &mut self,
        name: &str,
        rules: &[Rule<ast::Define>],
        owner: Owner,
        args: &[Typed],
        env: &Env,
        ty: &Type,
        arms: &mut Vec<Arm>,
    ) -> Option<()> {
        let base_arms = u16::try_from(arms.len()).ok()?;
        let mut written = Vec::new();
        for rule in rules {
            for exception in rule.node.exception() {
                written.push(Written {
                    name: exception.name(),
                    targets: exception.target().collect(),
                    guard: exception.guard(),
                    value: exception.value(),
                    place: rule.place.clone(),
                });
            }
        }
        for rule in self.names.exceptions.on(name, env.text_of) {
            written.push(Written {
                name: rule.node.name(),
                targets: rule.node.target().collect(),
                guard: rule.node.guard(),
                value: rule.node.value(),
                place: rule.place.clone(),
            });
        }
        if written.is_empty() {
            return Some(());
        }
        let first = rules.first()?;
        let mut inside = self.with_arguments(first, owner, args, env, first.place.span)?;
        let span = first.place.span;
        let base = match arms.as_slice() {
            [Arm { guard: None, value, .. }] => Typed {
                node: *value,
                ty: ty.clone(),
                span,
            },
            several => {
                let op = Op::Choose {
                    arms: several.to_vec(),
                    otherwise: None,
                };
                self.node(op, ty.clone(), env, span)
            }
        };
        inside.base = Some(base);
        let names: Vec<String> = written
            .iter()
            .map(|one| one.name.as_ref().map(|name| name.text()).unwrap_or_default())
            .collect();
        for one in &written {
            let env = Env {
                place: one.place.clone(),
                ..inside.clone()
            };
            let guard = self.condition(one.guard.as_ref()?, &env)?;
            let value = self.expr_of(one.value.as_ref()?, &env, ty)?;
            let mut overrides: Vec<u16> = (0..base_arms).collect();
            for target in &one.targets {
                overrides.extend(self.targets(target, &names, base_arms, &one.place)?);
            }
            let origin = self.origin_of(&one.place, one.place.span);
            let label = one.name.as_ref().map(|name| name.text().into());
            arms.push(Arm {
                label,
                guard: Some(guard.node),
                value: value.node,
                overrides,
                origin,
            });
        }
        Some(())
    }

    /// Positions of the exceptions that a name means: one, or those of a group.
    pub(super) fn targets(
        &mut self,
        target: &ast::NameRef,
        names: &[String],
        base_arms: u16,
        place: &Place,
    ) -> Option<Vec<u16>> {
        let text = target.text();
        let position = |wanted: &str| {
            let index = names.iter().position(|name| name == wanted)?;
            u16::try_from(index).ok()?.checked_add(base_arms)
        };
        if let Some(one) = position(&text) {
            return Some(vec![one]);
        }
        if let Some(group) = self.names.exception_groups.all(&text).first() {
            return Some(
                group
                    .node
                    .member()
                    .filter_map(|member| position(&member.text()))
                    .collect(),
            );
        }
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        self.unknown(
            Code::UnknownException,
            &text,
            place.at(target.syntax().text_range()),
            &known,
            "exception",
            "例外",
        );
        None
    }
}

/// An exception, wherever it is written.
struct Written {
    name: Option<ast::Name>,
    targets: Vec<ast::NameRef>,
    guard: Option<Expr>,
    value: Option<Expr>,
    place: Place,
}
