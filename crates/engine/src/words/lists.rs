//! Conditions in lists, choices and quantifiers as text.

use meed_rules::program::{Aggregate, Condition, NodeId, Op, ScopeId, ScopeKind, Type};

use super::Words;
use super::operators::{Binding, Spot};

impl Words<'_, '_> {
    pub(super) fn joined(&self, list: &[Condition], word: &str, spot: Spot) -> (String, Binding) {
        match list {
            [only] => (self.inside(only.node, spot, Binding::Loose), Binding::Loose),
            _ => {
                let parts: Vec<String> = list
                    .iter()
                    .map(|condition| self.inside(condition.node, spot, Binding::Compare))
                    .collect();
                (parts.join(word), Binding::Loose)
            }
        }
    }

    /// Operators over lists of operands, choices and quantifiers; `None` for others.
    pub(super) fn list_like(&self, op: &Op, spot: Spot) -> Option<String> {
        let of = |node: NodeId| self.inside(node, spot, Binding::Loose);
        let all = |nodes: &mut dyn Iterator<Item = NodeId>| {
            let parts: Vec<String> = nodes.map(of).collect();
            parts.join(self.say("；", "; "))
        };
        Some(match op {
            Op::NoneOf(list) => {
                let inner = all(&mut list.iter().map(|condition| condition.node));
                self.bracketed(self.say("均不成立", "none of"), &inner)
            }
            Op::AtLeast(count, list) => {
                let inner = all(&mut list.iter().map(|condition| condition.node));
                let head = self.say_with("至少{0}项成立", "at least {0} of", &[&count.to_string()]);
                self.bracketed(&head, &inner)
            }
            Op::In(value, members) => {
                let one = |member: &NodeId| match &self.program.nodes[*member].op {
                    Op::Const(constant) => self.constant(constant, *value, false),
                    _ => of(*member),
                };
                let inner: Vec<String> = members.iter().map(one).collect();
                let inner = inner.join(self.say("、", ", "));
                self.say_with("{0}属于“{1}”", "{0} is one of {1}", &[&of(*value), &inner])
            }
            Op::Within(value, codes) => {
                let named = |code: &std::sync::Arc<str>| match self.program.nodes[*value].ty {
                    Type::Identifier(kind) => self.identifier(kind, code),
                    _ => code.to_string(),
                };
                let codes: Vec<String> = codes.iter().map(named).collect();
                let codes = codes.join(self.say("、", ", "));
                self.say_with("{0}位于{1}", "{0} within {1}", &[&of(*value), &codes])
            }
            Op::NotBelowZero(value) => self.bracketed(self.say("不低于零", "not below 0"), &of(*value)),
            Op::Max(list) => self.bracketed(self.say("最高者", "highest of"), &all(&mut list.iter().copied())),
            Op::Min(list) => self.bracketed(self.say("最低者", "lowest of"), &all(&mut list.iter().copied())),
            Op::Cases { rows, otherwise } => {
                let mut parts: Vec<String> = rows
                    .iter()
                    .map(|(guard, value)| self.say_with("{0}时{1}", "{1} if {0}", &[&of(*guard), &of(*value)]))
                    .collect();
                parts.extend(otherwise.map(|value| self.say_with("否则{0}", "otherwise {0}", &[&of(value)])));
                parts.join(self.say("；", "; "))
            }
            Op::Choose { arms, otherwise } => {
                let mut parts: Vec<String> = arms
                    .iter()
                    .map(|arm| match arm.guard {
                        Some(guard) => self.say_with("{0}时{1}", "{1} if {0}", &[&of(guard), &of(arm.value)]),
                        None => of(arm.value),
                    })
                    .collect();
                parts.extend(otherwise.map(|value| self.say_with("否则{0}", "otherwise {0}", &[&of(value)])));
                parts.join(self.say("；", "; "))
            }
            Op::Unclear(readings) => {
                let inner = all(&mut readings.iter().map(|(_, node)| *node));
                self.bracketed(self.say("文本有多种解读", "readings"), &inner)
            }
            Op::Versions { branches, .. } => match branches.as_slice() {
                [(_, only)] => of(*only),
                _ => {
                    let parts: Vec<String> = branches
                        .iter()
                        .map(|(span, node)| format!("{} [{}]", of(*node), self.span(*span)))
                        .collect();
                    parts.join(self.say("；", "; "))
                }
            },
            Op::Lookup { table, keys, .. } => {
                let inner = all(&mut keys.iter().copied());
                self.bracketed(self.named(&self.program.tables[*table].named), &inner)
            }
            Op::Aggregate {
                kind,
                over,
                filter,
                value,
            } => self.quantified(*kind, *over, (*filter, *value), spot),
            _ => return None,
        })
    }

    fn quantified(
        &self,
        kind: Aggregate,
        over: ScopeId,
        (filter, value): (Option<NodeId>, Option<NodeId>),
        spot: Spot,
    ) -> String {
        let of = |node: NodeId| self.inside(node, spot, Binding::Loose);
        let mut over_text = self.scope(over, spot);
        if let Some(filter) = filter {
            over_text = self.say_with("满足“{1}”的{0}", "{0} where {1}", &[&over_text, &of(filter)]);
        }
        let value = value.map(of).unwrap_or_default();
        let (zh, en) = match kind {
            Aggregate::Count => ("{0}的数量", "number of {0}"),
            Aggregate::CountDistinct => ("{0}中不同{1}的数量", "number of different {1} among {0}"),
            Aggregate::Sum => ("{0}的{1}合计", "sum of {1} over {0}"),
            Aggregate::Average => ("{0}的{1}平均值", "average of {1} over {0}"),
            Aggregate::Highest => ("{0}的{1}最高值", "highest {1} of {0}"),
            Aggregate::Lowest => ("{0}的{1}最低值", "lowest {1} of {0}"),
            Aggregate::Any => ("{0}中至少一项：{1}", "any of {0}: {1}"),
            Aggregate::Each => ("每项{0}：{1}", "each of {0}: {1}"),
        };
        self.say_with(zh, en, &[&over_text, &value])
    }

    /// What a scope binds.
    fn scope(&self, scope: ScopeId, spot: Spot) -> String {
        match &self.program.scopes[scope].kind {
            ScopeKind::Applicant(entity) => self.named(&self.program.schema.entities[*entity].named).to_owned(),
            ScopeKind::Children { list: fact, .. } | ScopeKind::Inner { fact, .. } => {
                self.named(&self.program.schema.facts[*fact].named).to_owned()
            }
            ScopeKind::Years { count, to, .. } => {
                let to = self.inside(*to, spot, Binding::Loose);
                self.say_with("截至{1}的{0}年", "the {0} years to {1}", &[&count.to_string(), &to])
            }
            ScopeKind::Instalments => self.say("各期", "periods").to_owned(),
        }
    }
}
