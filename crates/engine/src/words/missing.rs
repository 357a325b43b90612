//! What is missing, as text: who can say it, what each reading of an unclear text gives, and why an expression has no value.

use meed_facts::label::Lang;
use meed_rules::program::{Aggregate, NodeId, Op};

use super::Words;
use super::outline::{Entry, Mark};
use crate::explain::Frame;
use crate::result::{MissingLine, Reading};
use crate::value::{CauseKind, CausePlace, Value};

impl Words<'_, '_> {
    /// Something that could still change a line.
    pub(super) fn missing(&self, one: &MissingLine) -> Entry {
        let kind = match (self.lang, one.kind) {
            (Lang::Zh, CauseKind::Missing) => "未填报",
            (Lang::Zh, CauseKind::Judgement) => "待评定",
            (Lang::Zh, CauseKind::Refused) => "拒绝提供",
            (Lang::Zh, CauseKind::Undefined) => "无定义",
            (Lang::Zh, CauseKind::TextMissing) => "文本缺失",
            (Lang::Zh, CauseKind::Conflict) => "规定冲突或不明",
            (Lang::En, kind) => kind.name(),
        };
        let ask = one
            .source
            .as_deref()
            .map(|source| self.say_with("由{0}提供", "from {0}", &[&self.agency(source)]));
        let evidence: Vec<&str> = one.evidence.iter().map(|label| self.label(label, "")).collect();
        let evidence = (!evidence.is_empty())
            .then(|| self.say_with("材料：{0}", "evidence: {0}", &[&evidence.join(self.say("、", ", "))]));
        let details: Vec<String> = ask.into_iter().chain(evidence).collect();
        let text = match (one.kind, &one.citation) {
            (CauseKind::Undefined, _) => self.without_value(&one.place, one.frame),
            (_, Some(citation)) => Some(self.citation(citation)),
            _ => None,
        };
        let reading = |reading: &Reading| Entry {
            label: Some(reading.name.clone()),
            ..Entry::new(Mark::Unknown, self.reading(one, &reading.value))
        };
        Entry {
            detail: (!details.is_empty()).then(|| details.join(self.say("；", "; "))),
            citation: one.citation.clone(),
            label: Some(kind.to_owned()),
            children: one.readings.iter().map(reading).collect(),
            ..Entry::new(Mark::Unknown, text.unwrap_or_else(|| self.place(&one.place)))
        }
    }

    /// What a reading of an unclear text gives.
    fn reading(&self, of: &MissingLine, value: &Value) -> String {
        match &of.place {
            CausePlace::Node(node) => self.shown(&self.program.nodes[*node].ty, value, self.is_ratio(*node)),
            _ => String::new(),
        }
    }

    /// Why there is no value; `None` where the place is no expression.
    pub fn without_value(&self, place: &CausePlace, frame: Option<Frame>) -> Option<String> {
        match place {
            CausePlace::Divisor(divisor) => {
                let is_known = self.value(*divisor, frame).is_some_and(|value| value.is_known());
                let (zh, en) = match is_known {
                    true => ("除数“{0}”为零", "division by {0}, which is 0"),
                    false => ("除数“{0}”可能为零", "division by {0}, which may be 0"),
                };
                Some(self.say_with(zh, en, &[&self.node(*divisor, frame)]))
            }
            CausePlace::TooLarge(node) => Some(self.say_with(
                "“{0}”过大，无法计算",
                "{0} is too large to be computed",
                &[&self.node(*node, frame)],
            )),
            CausePlace::Node(node) => Some(self.no_value_of(*node, frame)),
            _ => None,
        }
    }

    fn no_value_of(&self, node: NodeId, frame: Option<Frame>) -> String {
        let (zh, en) = match &self.program.nodes[node].op {
            Op::Lookup { .. } => ("没有适用于“{0}”的行", "no row applies to {0}"),
            Op::Cases { .. } | Op::Choose { .. } => ("没有适用的规则：{0}", "no rule applies: {0}"),
            Op::Aggregate {
                kind: Aggregate::Sum, ..
            } => ("“{0}”过大，无法计算", "{0} is too large to be computed"),
            Op::Aggregate { .. } | Op::Max(_) | Op::Min(_) => ("没有可比较或平均的项：{0}", "nothing is there for {0}"),
            Op::GrowthRate { .. } | Op::CompoundGrowth { .. } => ("基数不大于零：{0}", "the base is not above 0: {0}"),
            Op::Granted { .. } => ("没有有效的称号记录：{0}", "no record of the title is valid: {0}"),
            Op::Within(..) => ("代码不能说明：{0}", "the code does not tell: {0}"),
            _ => ("“{0}”没有值", "{0} has no value"),
        };
        self.say_with(zh, en, &[&self.node(node, frame)])
    }
}
