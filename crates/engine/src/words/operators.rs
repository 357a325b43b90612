//! A node as a readable expression: `R&D expense (2022) ÷ Revenue (2022) ≥ 3%`.

use meed_facts::date::{Period, Span};
use meed_facts::ratio::Ratio;
use meed_facts::schema::PeriodUnit;
use meed_facts::value::{Bound, Scalar};
use meed_rules::program::{Cmp, Dimension, LevelTest, NameKind, NodeId, Op, Type};

use super::Words;
use crate::explain::Frame;

/// How deep an expression is shown; below stands `…`.
const DEEPEST: u8 = 12;

/// How tightly an operator binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Binding {
    Loose,
    Compare,
    Sum,
    Product,
    Tight,
}

/// Where an expression is rendered: its frame, and how deep below the first.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    pub frame: Option<Frame>,
    depth: u8,
}

impl Spot {
    /// At the top of an expression.
    pub fn at(frame: Frame) -> Self {
        Self {
            frame: Some(frame),
            depth: 0,
        }
    }
}

impl Words<'_, '_> {
    /// A node as a readable condition or formula. With a frame, periods and records are those of the frame.
    pub fn node(&self, node: NodeId, frame: Option<Frame>) -> String {
        self.inside(node, Spot { frame, depth: 0 }, Binding::Loose)
    }

    /// A node as an operand of an operator that binds so tightly.
    pub(super) fn inside(&self, node: NodeId, spot: Spot, outer: Binding) -> String {
        if spot.depth >= DEEPEST {
            return "…".to_owned();
        }
        let spot = Spot {
            depth: spot.depth.saturating_add(1),
            ..spot
        };
        let (text, own) = self.expression(node, spot);
        if own < outer { format!("({text})") } else { text }
    }

    fn expression(&self, node: NodeId, spot: Spot) -> (String, Binding) {
        let two = |a: NodeId, sign: &str, b: NodeId, left: Binding, right: Binding| {
            format!("{} {sign} {}", self.inside(a, spot, left), self.inside(b, spot, right))
        };
        let (sum, product) = (Binding::Sum, Binding::Product);
        match &self.program.nodes[node].op {
            Op::Compare(cmp, a, b) => (self.comparison(*cmp, *a, *b, spot), Binding::Compare),
            Op::Add(a, b) => (two(*a, "+", *b, sum, sum), sum),
            Op::Sub(a, b) => (two(*a, "−", *b, sum, product), sum),
            Op::Mul(a, b) => (two(*a, "×", *b, product, product), product),
            Op::Div(a, b) => (two(*a, "÷", *b, product, Binding::Tight), product),
            Op::Neg(a) => (format!("−{}", self.inside(*a, spot, Binding::Tight)), product),
            Op::Pow(a, power) => (
                format!("{}^{power}", self.inside(*a, spot, Binding::Tight)),
                Binding::Tight,
            ),
            Op::AddMonths(a, b) | Op::AddDays(a, b) => (two(*a, "+", *b, sum, sum), sum),
            Op::DaysBetween(a, b) => (two(*a, "−", *b, sum, product), sum),
            Op::All(list) => self.joined(list, self.say(" 且 ", " and "), spot),
            Op::Any(list) => self.joined(list, self.say(" 或 ", " or "), spot),
            op => match self.list_like(op, spot) {
                Some(text) => (text, Binding::Tight),
                None => (self.atom(node, op, spot), Binding::Tight),
            },
        }
    }

    fn comparison(&self, cmp: Cmp, a: NodeId, b: NodeId, spot: Spot) -> String {
        let ratio = self.is_ratio(a) || self.is_ratio(b);
        let side = |node: NodeId, other: NodeId| match &self.program.nodes[node].op {
            Op::Const(value) => self.constant(value, other, ratio),
            _ => self.inside(node, spot, Binding::Sum),
        };
        format!("{} {} {}", side(a, b), sign(cmp), side(b, a))
    }

    /// A constant beside another operand, whose type it has: constants of different enumerations may share a node.
    pub(super) fn constant(&self, value: &Scalar, beside: NodeId, ratio: bool) -> String {
        self.scalar(&self.program.nodes[beside].ty, value, ratio)
    }

    /// Whether a node is a proportion, so that percentages suit it.
    pub fn is_ratio(&self, node: NodeId) -> bool {
        if self.program.nodes[node].ty != Type::Number(Dimension::NONE) {
            return false;
        }
        match &self.program.nodes[node].op {
            Op::Div(a, b) => self.program.nodes[*a].ty == self.program.nodes[*b].ty,
            Op::GrowthRate { .. } => true,
            Op::Fact { fact, .. } | Op::FactAt { fact, .. } => self.is_share(*fact),
            Op::Sub(a, _) | Op::Add(a, _) | Op::Neg(a) => self.is_ratio(*a),
            Op::Named { body, .. } => self.is_ratio(*body),
            Op::Mul(a, b) => self.is_ratio(*a) && self.is_ratio(*b),
            Op::Cases { rows, .. } => rows.first().is_some_and(|(_, value)| self.is_ratio(*value)),
            Op::Choose { arms, .. } => arms.first().is_some_and(|arm| self.is_ratio(arm.value)),
            Op::Max(list) | Op::Min(list) => list.first().is_some_and(|first| self.is_ratio(*first)),
            Op::Aggregate { value: Some(value), .. } => self.is_ratio(*value),
            _ => false,
        }
    }

    /// Whether a fact is a part of a whole: its bounds are 0 and 1.
    fn is_share(&self, fact: meed_facts::schema::FactId) -> bool {
        let is = |bound: &Option<Bound>, wanted: &Ratio| match bound.as_ref().map(|bound| &bound.value) {
            Some(Scalar::Number(number)) => number == wanted,
            _ => false,
        };
        let bounds = self.program.schema.facts[fact].bounds.as_ref();
        bounds.is_some_and(|bounds| is(&bounds.low, &Ratio::ZERO) && is(&bounds.high, &Ratio::ONE))
    }

    fn atom(&self, node: NodeId, op: &Op, spot: Spot) -> String {
        let of = |node: NodeId| self.inside(node, spot, Binding::Loose);
        let call = |zh: &str, en: &str, nodes: &[NodeId]| {
            let inner: Vec<String> = nodes.iter().map(|node| of(*node)).collect();
            self.bracketed(self.say(zh, en), &inner.join(self.say("，", ", ")))
        };
        match op {
            Op::Const(value) => self.scalar(&self.program.nodes[node].ty, value, is_fraction(value)),
            Op::Hole(_) => self.say("文本缺失", "text missing").to_owned(),
            Op::Named { name, args, .. } => self.call_of(*name, args, spot),
            Op::Fact { of, fact, .. } => self.fact_of(*of, *fact, String::new(), spot),
            Op::FactAt { of, fact, at, .. } => self.fact_of(*of, *fact, self.period_of(*at, *fact, spot), spot),
            Op::BoundYear(_) | Op::InstalmentYear(_) => self.known_or(node, spot, self.say("该年", "the year")),
            Op::InstalmentMonth(_) => self.known_or(node, spot, self.say("该月", "the month")),
            Op::InstalmentFrom(_) => self.known_or(node, spot, self.say("当期首日", "the period's first day")),
            Op::InstalmentDue(_) => self.known_or(node, spot, self.say("支付日", "the day of payment")),
            Op::Not(a) => call("非", "not", &[*a]),
            Op::Applies(a) => call("适用", "applies", &[*a]),
            Op::Round(a, ..) => call("取整", "rounded", &[*a]),
            Op::GrowthRate { from, to } => {
                let (from, to) = (of(*from), of(*to));
                self.say_with("{0}较{1}的增长率", "growth from {1} to {0}", &[&to, &from])
            }
            Op::CompoundGrowth {
                cmp,
                first,
                last,
                years,
                rate,
            } => {
                let (first, last, rate) = (of(*first), of(*last), self.ratio_of(*rate, spot));
                let years = years.to_string();
                self.say_with(
                    "{1}至{0}的{2}年复合增长率 {3} {4}",
                    "compound growth over {2} years from {1} to {0} {3} {4}",
                    &[&last, &first, &years, sign(*cmp), &rate],
                )
            }
            Op::Age(born, on) => call("年龄", "age", &[*born, *on]),
            Op::FullYearsBetween(a, b) => call("足年数", "full years between", &[*a, *b]),
            Op::YearOf(a) => call("年份", "year of", &[*a]),
            Op::MonthOf(a) => call("月份", "month of", &[*a]),
            Op::DaysIn(a) => call("全年天数", "days in", &[*a]),
            Op::NextWorkingDay(a) => call("下一工作日", "next working day", &[*a]),
            Op::Previous { value, .. } => call("上一项", "previous", &[*value]),
            Op::Holds { title, level, .. } => self.say_with("持有{0}", "holds {0}", &[&self.title(*title, *level)]),
            Op::Newly { title, level, year, .. } => {
                let year = of(*year);
                let zh = if year.bytes().all(|byte| byte.is_ascii_digit()) {
                    "{1}年首次获得{0}"
                } else {
                    "首次获得{0}之年为{1}"
                };
                self.say_with(zh, "first granted {0} in {1}", &[&self.title(*title, *level), &year])
            }
            Op::Granted { title, level, .. } => {
                self.say_with("{0}授予日", "the day {0} was granted", &[&self.title(*title, *level)])
            }
            Op::Had { title, .. } => self.say_with(
                "曾获{0}",
                "was granted {0} before",
                &[&self.title(*title, LevelTest::Any)],
            ),
            Op::Gets(measure) => {
                let name = self.named(&self.program.measures[*measure].named);
                self.say_with("同时享受{0}", "is awarded {0}", &[name])
            }
            Op::Received { measure, year } => {
                let name = self.named(&self.program.measures[*measure].named);
                let year = year.map(of).map(|year| format!(" ({year})")).unwrap_or_default();
                self.say_with("已获{0}{1}", "received from {0}{1}", &[name, &year])
            }
            Op::Chosen { measure, .. } => {
                let name = self.named(&self.program.measures[*measure].named);
                self.say_with("选择{0}", "chose {0}", &[name])
            }
            _ => "…".to_owned(),
        }
    }

    /// A phrase with places `{0}`, `{1}` for its parts.
    pub(super) fn say_with(&self, zh: &str, en: &str, parts: &[&str]) -> String {
        let mut rest = self.say(zh, en);
        let mut text = String::new();
        // Parts may hold braces themselves, so that they are not looked at again.
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (index, after) = after.split_once('}').unwrap_or(("", after));
            let part = index.parse::<usize>().ok().and_then(|index| parts.get(index));
            text.push_str(part.copied().unwrap_or_default());
            rest = after;
        }
        text.push_str(rest);
        text
    }

    fn call_of(&self, name: meed_rules::program::NameId, args: &[NodeId], spot: Spot) -> String {
        let named = &self.program.names[name];
        let text = self.named(&named.named);
        let text = match named.kind {
            NameKind::Criteria => self.say_with("符合{0}条件", "meets the criteria of {0}", &[text]),
            NameKind::Definition | NameKind::Parameter | NameKind::Sheet => text.to_owned(),
        };
        if args.is_empty() {
            return text;
        }
        let args: Vec<String> = args.iter().map(|arg| self.inside(*arg, spot, Binding::Loose)).collect();
        self.bracketed(&text, &args.join(self.say("，", ", ")))
    }

    fn fact_of(
        &self,
        of: meed_rules::program::ScopeId,
        fact: meed_facts::schema::FactId,
        period: String,
        spot: Spot,
    ) -> String {
        let name = self.named(&self.program.schema.facts[fact].named);
        let holder = self.evaluator.zip(spot.frame).and_then(|(evaluator, frame)| {
            let holder = evaluator.visible(of, frame)?;
            Some(self.record(evaluator.path_of(holder)))
        });
        format!("{}{name}{period}", holder.unwrap_or_default())
    }

    fn period_of(&self, at: NodeId, fact: meed_facts::schema::FactId, spot: Spot) -> String {
        let unit = self.program.schema.facts[fact].period.unwrap_or(PeriodUnit::Year);
        let known = self.value(at, spot.frame).and_then(|value| match value.as_known()? {
            Scalar::Number(number) => period(number.to_i128()?, unit),
            _ => None,
        });
        match known {
            Some(period) => self.period(period),
            None => match &self.program.nodes[at].op {
                Op::Const(Scalar::Number(number)) => number.to_i128().and_then(|number| period(number, unit)),
                _ => None,
            }
            .map_or_else(
                || self.bracketed("", &self.inside(at, spot, Binding::Loose)),
                |period| self.period(period),
            ),
        }
    }

    /// The value where it is known, else a phrase.
    fn known_or(&self, node: NodeId, spot: Spot, otherwise: &str) -> String {
        let known = self.value(node, spot.frame).and_then(|value| value.as_known());
        known.map_or_else(
            || otherwise.to_owned(),
            |value| self.scalar(&self.program.nodes[node].ty, value, false),
        )
    }

    fn ratio_of(&self, node: NodeId, spot: Spot) -> String {
        match &self.program.nodes[node].op {
            Op::Const(value) => self.scalar(&self.program.nodes[node].ty, value, true),
            _ => self.inside(node, spot, Binding::Sum),
        }
    }

    /// Days from one to another, as a bracket after a value that has versions.
    pub(super) fn span(&self, span: Span) -> String {
        let end = |date: Option<meed_facts::date::Date>| date.map(|date| date.to_string()).unwrap_or_default();
        format!("{}..{}", end(span.from), end(span.until))
    }
}

/// A plain number that is most likely meant as a percentage.
fn is_fraction(value: &Scalar) -> bool {
    matches!(value, Scalar::Number(number) if !number.is_integer() && number.abs() < Ratio::ONE)
}

/// The sign of a comparison.
pub(super) fn sign(cmp: Cmp) -> &'static str {
    match cmp {
        Cmp::Lt => "<",
        Cmp::Le => "≤",
        Cmp::Gt => ">",
        Cmp::Ge => "≥",
        Cmp::Eq => "=",
        Cmp::Ne => "≠",
    }
}

/// The period that a node of type year or month gives.
pub(crate) fn period(number: i128, unit: PeriodUnit) -> Option<Period> {
    match unit {
        PeriodUnit::Year => i16::try_from(number).ok().map(Period::Year),
        PeriodUnit::Month => Some(Period::Month {
            year: i16::try_from(number.checked_div_euclid(12)?).ok()?,
            month: i8::try_from(number.checked_rem_euclid(12)?.checked_add(1)?).ok()?,
        }),
    }
}
