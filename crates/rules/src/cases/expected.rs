//! What is expected: verdicts, amounts and their parts as a case writes them.

use std::sync::Arc;

use meed_facts::schema::EntityId;
use meed_syntax::ast::{self, AstNode};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use meed_syntax::phrases::Phrase;

use super::{DraftExpectation, DraftPart, DraftTarget, DraftValue, Expected, Reader, Value, Verdict, push};
use crate::lower::{Wanted, WantedType, WantedValue};
use crate::near::unknown;
use crate::place::Place;
use crate::vocabulary::by_name;

/// Where the values of an expectation go: expressions that the Program is asked for besides its rules.
struct Values<'a> {
    wanted: &'a mut Vec<Wanted>,
    entity: EntityId,
    place: &'a Place,
    ty: WantedType,
}

impl Values<'_> {
    fn want(&mut self, expr: ast::Expr) -> usize {
        let one = Wanted {
            what: WantedValue::Expr(expr),
            entity: self.entity,
            place: self.place.clone(),
            ty: self.ty,
        };
        push(self.wanted, one)
    }

    fn value(&mut self, value: Option<ast::ExpectedValue>) -> Option<DraftValue> {
        let value = value?;
        if let Some(word) = value.word() {
            return Some(DraftValue::Word(match word {
                Phrase::Undefined => Value::Undefined,
                Phrase::NotApplicable => Value::NotApplicable,
                Phrase::Unresolved => Value::Unresolved,
                _ => Value::Unknown,
            }));
        }
        if let Some(most) = value.up_to() {
            return Some(DraftValue::UpTo(self.want(most)));
        }
        if let (Some(low), Some(high)) = (value.between(), value.and()) {
            return Some(DraftValue::Between(self.want(low), self.want(high)));
        }
        Some(DraftValue::Is(self.want(value.expr()?)))
    }
}

impl Reader<'_> {
    pub(super) fn expected(
        &mut self,
        node: &ast::Expected,
        span: Span,
        target: DraftTarget,
        entity: EntityId,
        place: &Place,
        wanted: &mut Vec<Wanted>,
    ) -> DraftExpectation {
        self.only_of_lines(node, &target, place);
        let because = node.because().map(|path| self.because(&path, place)).collect();
        let missing = node.missing().map(|path| self.missing(&path, place)).collect();
        let verdict = node.verdict().map(|phrase| match phrase {
            Phrase::Eligible => Verdict::Eligible,
            Phrase::NotEligible => Verdict::NotEligible,
            _ => Verdict::Undetermined,
        });
        let mut values = Values {
            wanted,
            entity,
            place,
            ty: match target {
                DraftTarget::Value(at) => WantedType::Like(at),
                DraftTarget::Measure(..) | DraftTarget::Service(..) | DraftTarget::Total => WantedType::Money,
            },
        };
        let (due, value) = (values.value(node.due()), values.value(node.value()));
        let total = values.value(node.total());
        let instalments = node.instalment().filter_map(|one| {
            Some(DraftPart {
                payer: None,
                amount: values.value(one.amount())?,
                on: one.on().and_then(|on| on.value()),
            })
        });
        let instalments = instalments.collect();
        let payers = node.payer().filter_map(|one| {
            Some(DraftPart {
                payer: Some(self.payer(&one.payer()?, place)?),
                amount: values.value(one.amount())?,
                on: one.on().and_then(|on| on.value()),
            })
        });
        DraftExpectation {
            span,
            target,
            expected: Expected {
                verdict,
                not_in_force: node.is_not_in_force(),
                not_applicable: node.is_not_applicable(),
                because,
                missing,
                ..Expected::default()
            },
            value,
            due,
            total,
            instalments,
            payers: payers.collect(),
        }
    }

    fn payer(&mut self, name: &ast::NameRef, place: &Place) -> Option<Arc<str>> {
        let text = name.text();
        let agencies = &self.checked.schema().agencies;
        if let Some(agency) = by_name(agencies, |agency| &agency.named, &text) {
            return Some(agencies[agency].named.name.clone());
        }
        let known = agencies.iter().map(|(_, agency)| &*agency.named.name);
        let span = place.at(name.syntax().text_range());
        self.findings
            .push(unknown(Code::UnknownAgency, &text, span, known, ("agency", "机构")));
        None
    }

    /// What only an award has is expected of nothing else; nor is a verdict of anything but measures and services. It would never be looked at.
    fn only_of_lines(&mut self, node: &ast::Expected, target: &DraftTarget, place: &Place) {
        let parts = node.instalment().next().is_some() || node.payer().next().is_some();
        let is_amount = node.verdict().is_some() && node.value().is_some();
        let is_award = parts || is_amount || node.due().is_some() || node.total().is_some();
        let is_verdict = node.verdict().is_some() || node.because().next().is_some() || node.missing().next().is_some();
        let (message, help) = match target {
            DraftTarget::Value(_) | DraftTarget::Total if is_verdict => (
                Message::new(
                    "only a measure or a service has a verdict, with what decided it and what is missing",
                    "只有措施和服务才有结论、理由和缺失信息",
                ),
                Message::new(
                    "write the value: `true`, `false` or `unknown` of a title or condition",
                    "请写值：称号或条件写 `真`、`假` 或 `未知`",
                ),
            ),
            DraftTarget::Value(_) | DraftTarget::Total | DraftTarget::Service(..) if is_award => (
                Message::new(
                    "only a measure has an amount, an amount due, a total over time, instalments and payers",
                    "只有措施才有金额、到期金额、各期合计、分期和分担",
                ),
                Message::new("name the measure before the colon", "请在冒号前写措施的名称"),
            ),
            _ => return,
        };
        let span = place.at(node.syntax().text_range());
        self.findings
            .push(Diagnostic::new(Code::CaseBadValue, span, message).help(help));
    }
}
