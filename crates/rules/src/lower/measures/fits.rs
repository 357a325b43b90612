//! Clauses that are read together, and must fit: what would be passed by in silence is refused.

use std::collections::BTreeSet;

use meed_facts::schema::TitleId;
use meed_syntax::ast::{self, AstNode, MeasureClause};
use meed_syntax::diagnostic::{Code, Diagnostic, Message};
use rustc_hash::FxHashSet;

use crate::lower::Lower;
use crate::place::Place;
use crate::program::{MeasureId, MeasureRules, NodeId, Op};

impl Lower<'_> {
    /// Payment over time beside one amount in parts, and `once per title` without the one title.
    pub(super) fn check_fit(&mut self, clauses: &[(MeasureClause, &Place)], made: &MeasureRules) {
        let every = clauses
            .iter()
            .find(|(clause, _)| matches!(clause, MeasureClause::Every(_)));
        for (clause, place) in clauses {
            let span = place.at(clause.syntax().text_range());
            match (clause, every) {
                (MeasureClause::EqualInstalments(_) | MeasureClause::ShareInstalments(_), Some((every, beside))) => {
                    let finding = Diagnostic::new(
                        Code::ClausesDisagree,
                        span,
                        Message::new(
                            "an amount for every period cannot be split into instalments as well",
                            "按期支付的金额不能再分期",
                        ),
                    )
                    .related(
                        beside.at(every.syntax().text_range()),
                        Message::new("an amount for each period", "每期一笔"),
                    )
                    .help(Message::new(
                        "write `every …` with the amount of one period, or the whole amount `in … instalments`",
                        "请写“每逢 ……”并写明一期的金额，或写全部金额并分期",
                    ));
                    self.say(finding);
                }
                (MeasureClause::EndsOnFailure(_) | MeasureClause::EndsRunning(_), None) => {
                    let message = Message::new(
                        "nothing runs that could end: the measure pays for no periods",
                        "此措施不按期支付，没有可以终止的后续支付",
                    );
                    let finding = Diagnostic::new(Code::ClausesDisagree, span, message).help(Message::new(
                        "write how long it pays, `every … for … from …`, or remove this",
                        "请写明按期支付“每逢 …… 为 …… 自 ……”，或删去此句",
                    ));
                    self.say(finding);
                }
                (MeasureClause::Once(once), _) if once.is_per_title() => {
                    let asked: Vec<&str> = self
                        .titles_of(made.when)
                        .iter()
                        .map(|title| self.name_of(*title))
                        .collect();
                    if asked.len() != 1 {
                        let finding = once_per_which_title(&asked, span);
                        self.say(finding);
                    }
                }
                _ => {}
            }
        }
    }

    fn name_of(&self, title: TitleId) -> &str {
        &self.schema.titles[title].named.name
    }

    /// `top up a by level`: one measure, which asks about a title with levels.
    pub(in crate::lower) fn check_levels(&mut self, ladder: &ast::TopUp, measures: &[MeasureId], place: &Place) {
        if !ladder.is_by_level() {
            return;
        }
        let has_levels = |measure: &MeasureId| {
            let rules = self.measures[*measure].rules.iter();
            let asked = rules.flat_map(|rules| self.titles_of([rules.when, rules.pay.amount].into_iter().flatten()));
            asked
                .into_iter()
                .any(|title| self.schema.titles[title].levels.is_some())
        };
        let message = match measures {
            [one] if self.measures[*one].rules.is_empty() || has_levels(one) => return,
            [one] => {
                let name = &self.measures[*one].named.name;
                Message::new(
                    format!("`{name}` asks about no title with levels"),
                    format!("“{name}”没有用到有级别的称号"),
                )
            }
            _ => Message::new(
                "`by level` is for one measure: where several are named, they are the rungs",
                "“按级别”只用于一项措施；写明多项措施时，各项即为各级",
            ),
        };
        let finding =
            Diagnostic::new(Code::ClausesDisagree, place.at(ladder.syntax().text_range()), message).help(Message::new(
                "name the rungs, lowest first: `top up a, b, c`, without `by level`",
                "请由低到高写明各级：`晋级补差 a, b, c`，不写“按级别”",
            ));
        self.say(finding);
    }

    /// The titles that nodes ask about.
    fn titles_of(&self, nodes: impl IntoIterator<Item = NodeId>) -> BTreeSet<TitleId> {
        let mut titles = BTreeSet::new();
        self.each_op(nodes, |op| {
            if let Op::Holds { title, .. } | Op::Newly { title, .. } | Op::Granted { title, .. } = op {
                titles.insert(*title);
            }
        });
        titles
    }

    /// Visits the operations that nodes read, each once.
    pub(super) fn each_op(&self, nodes: impl IntoIterator<Item = NodeId>, mut visit: impl FnMut(&Op)) {
        let mut seen: FxHashSet<NodeId> = FxHashSet::default();
        let mut todo: Vec<NodeId> = nodes.into_iter().collect();
        while let Some(node) = todo.pop() {
            if !seen.insert(node) {
                continue;
            }
            let op = &self.builder.nodes[node].op;
            visit(op);
            op.operands(&mut |operand| todo.push(operand));
            if let Op::Aggregate { over, .. } = op {
                self.builder.scopes[*over]
                    .kind
                    .operands(&mut |operand| todo.push(operand));
            }
        }
    }
}

fn once_per_which_title(asked: &[&str], span: meed_syntax::diagnostic::Span) -> Diagnostic {
    let message = if asked.is_empty() {
        Message::new(
            "the conditions ask about no title, so nothing can be paid once for each",
            "条件未用到任何称号，无法按称号各支付一次",
        )
    } else {
        let names = asked.join("`, `");
        Message::new(
            format!(
                "the conditions ask about several titles (`{names}`), and a line does not tell for which of them it is"
            ),
            format!("条件用到多个称号（`{names}`），而一行结果不能说明属于哪一个"),
        )
    };
    Diagnostic::new(Code::ClausesDisagree, span, message).help(Message::new(
        "write a measure for each title, or what it is paid once for: `once per EXPR`",
        "请为每个称号各写一项措施，或写明按什么各支付一次：`一次性 每 表达式`",
    ))
}
