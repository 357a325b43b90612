//! Exceptions: rules that take the place of others while they apply, from whichever document.

use meed_syntax::ast::{self, AstNode, Expr};
use meed_syntax::diagnostic::{Code, Diagnostic, Message};

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
        for rule in self.on(&self.names.exceptions, name, env.text_of) {
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
        let overridden = self.overridden(&written, &names)?;
        let mut made: Vec<Option<Arm>> = vec![None; written.len()];
        // Those that others override come first: what holds otherwise is made of them.
        let mut order: Vec<usize> = (0..written.len()).collect();
        order.sort_by_key(|index| overridden.get(*index).map_or(0, Vec::len));
        for index in order {
            let (one, below) = (written.get(index)?, overridden.get(index)?);
            let mut env = Env {
                place: one.place.clone(),
                ..inside.clone()
            };
            if !below.is_empty() {
                let otherwise = without(arms, below, &made)?;
                let op = Op::Choose {
                    arms: otherwise,
                    otherwise: None,
                };
                env.base = Some(self.node(op, ty.clone(), &env, span));
            }
            let guard = self.condition(one.guard.as_ref()?, &env)?;
            let value = self.expr_of(one.value.as_ref()?, &env, ty)?;
            let mut overrides: Vec<u16> = (0..base_arms).collect();
            for target in below {
                overrides.push(u16::try_from(*target).ok()?.checked_add(base_arms)?);
            }
            let origin = self.origin_of(&one.place, one.place.span);
            let label = one.name.as_ref().map(|name| name.text().into());
            *made.get_mut(index)? = Some(Arm {
                label,
                guard: Some(guard.node),
                value: value.node,
                overrides,
                origin,
            });
        }
        arms.extend(made.into_iter().flatten());
        Some(())
    }

    /// For each exception the positions of those it overrides, directly or through others; a circle is said.
    fn overridden(&mut self, written: &[Written], names: &[String]) -> Option<Vec<Vec<usize>>> {
        let mut direct: Vec<Vec<usize>> = Vec::new();
        for one in written {
            let mut below = Vec::new();
            for target in &one.targets {
                below.extend(self.targets(target, names, &one.place)?);
            }
            direct.push(below);
        }
        let mut all = Vec::new();
        for (index, one) in written.iter().enumerate() {
            let mut below: Vec<usize> = Vec::new();
            let mut open = direct.get(index)?.clone();
            while let Some(next) = open.pop() {
                if next == index {
                    self.say(Diagnostic::new(
                        Code::Cycle,
                        one.place.span,
                        Message::new(
                            format!("the exception `{}` overrides itself through others", names.get(index)?),
                            format!("例外“{}”经由其他例外覆盖了自身", names.get(index)?),
                        ),
                    ));
                    return None;
                }
                if !below.contains(&next) {
                    below.push(next);
                    open.extend(direct.get(next)?.iter().copied());
                }
            }
            below.sort_unstable();
            all.push(below);
        }
        Some(all)
    }

    /// Positions of the exceptions that a name means: one, or those of a group.
    fn targets(&mut self, target: &ast::NameRef, names: &[String], place: &Place) -> Option<Vec<usize>> {
        let text = target.text();
        let position = |wanted: &str| names.iter().position(|name| name == wanted);
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

/// What holds without an exception: the rule's own arms and the exceptions it overrides.
fn without(base: &[Arm], below: &[usize], made: &[Option<Arm>]) -> Option<Vec<Arm>> {
    let own = u16::try_from(base.len()).ok()?;
    let mut arms = base.to_vec();
    for index in below {
        let mut arm = made.get(*index)?.clone()?;
        let renumber = |old: &u16| match old.checked_sub(own) {
            None => Some(*old),
            Some(exception) => {
                let position = below.iter().position(|index| *index == usize::from(exception))?;
                u16::try_from(position).ok()?.checked_add(own)
            }
        };
        arm.overrides = arm.overrides.iter().filter_map(renumber).collect();
        arms.push(arm);
    }
    Some(arms)
}

/// An exception, wherever it is written.
struct Written {
    name: Option<ast::Name>,
    targets: Vec<ast::NameRef>,
    guard: Option<Expr>,
    value: Option<Expr>,
    place: Place,
}
