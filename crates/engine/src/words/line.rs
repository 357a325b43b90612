//! One line of a result as a block of text.

use meed_facts::label::Lang;
use meed_facts::value::Scalar;
use meed_rules::program::Confidence;

use super::Words;
use super::outline::{Block, Entry, Mark};
use crate::awards::certainty::Certainty;
use crate::awards::claim::StepKind;
use crate::awards::verdict::{Verdict, Why};
use crate::gap::{Gap, GapCondition, Move, rules_of};
use crate::result::{
    AmountKind, AwardLine, Citation, InstalmentLine, MarkLine, ObligationLine, Payable, Payee, Reason, ReasonKind,
    ServiceLine, StepLine, TitleLine,
};

impl Words<'_, '_> {
    /// An amount that is due.
    pub fn payable(&self, payable: Payable) -> String {
        let low = self.amount(payable.low);
        match (payable.kind, payable.high.map(|high| self.amount(high))) {
            (AmountKind::Exact, _) => low,
            (AmountKind::UpTo, Some(high)) => self.say_with("不超过{0}", "up to {0}", &[&high]),
            (AmountKind::UpTo, None) => self.say("金额由评定确定", "an amount that is set").to_owned(),
            (AmountKind::Between, Some(high)) => self.say_with("{0}至{1}", "between {0} and {1}", &[&low, &high]),
            (AmountKind::Between, None) if payable.low.is_zero() => {
                self.say("金额未知", "an unknown amount").to_owned()
            }
            (AmountKind::Between, None) => self.say_with("至少{0}", "at least {0}", &[&low]),
        }
    }

    fn verdict(&self, verdict: Verdict) -> &'static str {
        match (self.lang, verdict) {
            (Lang::Zh, Verdict::Eligible) => "符合",
            (Lang::Zh, Verdict::NotEligible(Why::Conditions)) => "不符合",
            (Lang::Zh, Verdict::NotEligible(Why::NotInForce)) => "不符合（当日未施行）",
            (Lang::Zh, Verdict::NotEligible(Why::NotApplicable)) => "不适用",
            (Lang::Zh, Verdict::Undetermined) => "待定",
            (Lang::En, Verdict::Eligible) => "eligible",
            (Lang::En, Verdict::NotEligible(Why::Conditions)) => "not eligible",
            (Lang::En, Verdict::NotEligible(Why::NotInForce)) => "not eligible (not in force)",
            (Lang::En, Verdict::NotEligible(Why::NotApplicable)) => "not applicable",
            (Lang::En, Verdict::Undetermined) => "undetermined",
        }
    }

    /// An award line.
    pub fn award(&self, line: &AwardLine) -> Block {
        let name = self.label(&line.label, &line.name);
        let key = match (&line.key, line.unlisted) {
            (Some(key), _) => format!(" · {key}"),
            (None, true) => self.say(" · 未列出者", " · those not listed").to_owned(),
            (None, false) => String::new(),
        };
        let mut summary = self.verdict(line.verdict).to_owned();
        if !matches!(line.verdict, Verdict::NotEligible(_)) {
            summary = format!("{summary}{}{}", self.say("，", ", "), self.payable(line.amount));
        }
        let parts = [
            (("理由", "Reasons"), self.reasons(line)),
            (
                ("金额", "Amount"),
                line.steps.iter().map(|step| self.step(step)).collect(),
            ),
            (
                ("分期", "Instalments"),
                line.instalments.iter().map(|one| self.instalment(one)).collect(),
            ),
            (("资金来源", "Payers"), self.payers(line)),
            (("收款人", "Paid to"), self.payee(&line.payee)),
            (("牵头单位", "Led by"), self.lead(line.lead.as_deref())),
            (("不得重复享受", "Claimed by nobody else"), unique(line)),
            (
                ("尚缺", "Missing"),
                line.missing.iter().map(|one| self.missing(one)).collect(),
            ),
            (("差距", "To become eligible"), self.gaps(&line.gap)),
            (("申报", "Application"), self.application(line)),
            (("推定", "Presumed"), self.presumptions(line)),
            (
                ("义务", "Obligations"),
                line.obligations.iter().map(|one| self.obligation(one)).collect(),
            ),
            (
                ("须由人决定", "To be decided"),
                line.marks.iter().map(|mark| self.mark(mark)).collect(),
            ),
        ];
        Block {
            mark: Mark::of_verdict(line.verdict),
            title: format!("{name}{key}"),
            summary,
            place: line
                .citation
                .as_ref()
                .map(|citation| self.sourced(citation, line.source)),
            parts: self.headed(parts),
        }
    }

    fn application(&self, line: &AwardLine) -> Vec<Entry> {
        let Some(application) = line.application else {
            return Vec::new();
        };
        let mut entries = Vec::new();
        if application.none_needed {
            entries.push(Entry::new(
                Mark::None,
                self.say("免申即享", "offered without application"),
            ));
        }
        if let Some(((first, from), (last, to))) = application.window {
            let text = match self.lang() {
                Lang::Zh => format!("每年{first}月{from}日至{last}月{to}日申报"),
                Lang::En => format!("applications from {first:02}-{from:02} to {last:02}-{to:02} each year"),
            };
            entries.push(Entry::new(Mark::None, text));
        }
        if let Some(paused) = application.paused {
            let date = self.date(paused);
            let text = match self.lang() {
                Lang::Zh => format!("自{date}起暂停新的申报"),
                Lang::En => format!("no new applications from {date}"),
            };
            entries.push(Entry::new(Mark::None, text));
        }
        if !application.none_needed && !application.open {
            entries.push(Entry::new(
                Mark::None,
                self.say("当日不受理申报", "closed on this date"),
            ));
        }
        entries
    }

    fn headed<const N: usize>(&self, parts: [((&str, &str), Vec<Entry>); N]) -> Vec<(String, Vec<Entry>)> {
        let filled = parts.into_iter().filter(|(_, entries)| !entries.is_empty());
        filled
            .map(|((zh, en), entries)| (self.say(zh, en).to_owned(), entries))
            .collect()
    }

    fn sourced(&self, citation: &Citation, weakest: Option<Confidence>) -> String {
        let source = self.confidence(weakest.unwrap_or(citation.source));
        self.bracketed(&self.citation(citation), source)
    }

    /// The conditions of the version by which a line was judged, as far as they decided; else the plain reason.
    fn reasons(&self, line: &AwardLine) -> Vec<Entry> {
        let rules = rules_of(self.program, line).zip(line.frames);
        let special = line.reasons.iter().any(|reason| reason.node.is_none());
        let Some((rules, (entering, staying))) = rules.filter(|_| !special) else {
            return self.plain_reasons(&line.reasons);
        };
        let roots = [(rules.when, entering), (rules.while_, staying)];
        let failing = matches!(line.verdict, Verdict::NotEligible(_));
        let mut entries = Vec::new();
        for (node, frame) in roots {
            let Some(node) = node else { continue };
            let entry = self.trace(node, frame, rules.origin);
            if failing && !matches!(entry.mark, Mark::Fails | Mark::Apart) {
                continue;
            }
            // The list of conditions itself says nothing.
            if entry.label.is_none() && entry.detail.is_none() && !entry.children.is_empty() {
                entries.extend(entry.children);
            } else {
                entries.push(entry);
            }
        }
        entries
    }

    fn plain_reasons(&self, reasons: &[Reason]) -> Vec<Entry> {
        let entry = |reason: &Reason| {
            let (mark, text) = match (reason.kind, reason.node) {
                (_, Some((node, frame))) => {
                    let own = reason.citation.as_ref().map(|citation| citation.origin);
                    return self.trace(node, frame, own.unwrap_or(self.program.nodes[node].origin));
                }
                (ReasonKind::Holds, None) => (Mark::Holds, self.say("条件成立", "the condition holds")),
                (ReasonKind::Fails, None) => (Mark::Fails, self.say("条件不成立", "the condition fails")),
                (ReasonKind::DoesNotApply, None) => {
                    (Mark::Apart, self.say("条件不适用", "the condition does not apply"))
                }
                (ReasonKind::EmptyList, None) => (Mark::Fails, self.say("没有列出任何一项", "nothing is listed")),
                (ReasonKind::NotInForce, None) => (Mark::Fails, self.say("当日未施行", "not in force on the day")),
                (ReasonKind::OtherApplicants, None) => (Mark::Fails, self.say("面向其他对象", "for other applicants")),
            };
            Entry {
                citation: reason.citation.clone(),
                ..Entry::new(mark, text)
            }
        };
        reasons.iter().map(entry).collect()
    }

    fn step(&self, step: &StepLine) -> Entry {
        let kind = self.step_name(step.kind);
        let text = if step.before == step.after {
            format!("{kind}{}{}", self.say("：", ": "), self.payable(step.after))
        } else {
            format!(
                "{kind}{}{} → {}",
                self.say("：", ": "),
                self.payable(step.before),
                self.payable(step.after)
            )
        };
        let mut details = Vec::new();
        if let Some(exact) = &step.exact {
            let (zh, en) = match exact.starts_with('-') {
                true => (
                    "算式结果为{0}，低于零不予支付",
                    "the formula gives {0}, and less than nothing is not paid",
                ),
                false => ("未取整：{0}", "before rounding: {0}"),
            };
            details.push(self.say_with(zh, en, &[exact]));
        }
        if let Some((measure, key)) = &step.instead {
            let measures = self.program.measures.iter().map(|(_, measure)| &measure.named);
            let named = measures.into_iter().find(|named| named.name == *measure);
            let name = named.map_or(&**measure, |named| self.named(named));
            let key = key.as_deref().map(|key| format!(" · {key}")).unwrap_or_default();
            let (zh, en) = match step.after.exact() {
                Some(_) => ("由“{0}{1}”享受", "borne by {0}{1}"),
                None => ("可能由“{0}{1}”享受", "may be borne by {0}{1}"),
            };
            details.push(self.say_with(zh, en, &[name, &key]));
        }
        if let Some(received) = step.received {
            details.push(self.say_with("此前已获{0}", "received before: {0}", &[&self.payable(received)]));
        }
        Entry {
            detail: (!details.is_empty()).then(|| details.join(self.say("；", "; "))),
            citation: step.clause.as_ref().map(|(_, citation)| citation.clone()),
            ..Entry::new(Mark::None, text)
        }
    }

    fn step_name(&self, kind: StepKind) -> &'static str {
        let (zh, en) = match kind {
            StepKind::Gross => ("计算金额", "formula"),
            StepKind::Floor => ("下限", "floor"),
            StepKind::Cap => ("上限", "cap"),
            StepKind::Rounded => ("取整", "rounded"),
            StepKind::Period => ("期次", "period"),
            StepKind::Awarded => ("本期已奖", "awarded for the period"),
            StepKind::Once => ("仅一次", "once only"),
            StepKind::HighestOf => ("就高不重复", "highest of"),
            StepKind::Exclusive => ("择一", "exclusive"),
            StepKind::TopUp => ("补差", "top up"),
            StepKind::Ceiling => ("合计上限", "ceiling"),
            StepKind::Unresolved => ("文本未规定", "unresolved"),
            StepKind::Fund => ("资金总额", "fund"),
        };
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    fn instalment(&self, one: &InstalmentLine) -> Entry {
        let due = one
            .due
            .map(|due| self.date(due))
            .unwrap_or_else(|| self.say("日期未知", "date unknown").to_owned());
        let number = one.number.to_string();
        let amount = self.payable(one.amount);
        let text = self.say_with("第{0}期，{1}：{2}", "{0}. due {1}: {2}", &[&number, &due, &amount]);
        let current = (one.current == Certainty::Yes).then(|| self.say("本期", "this period").to_owned());
        Entry {
            detail: current,
            ..Entry::new(Mark::of_verdict(one.verdict), text)
        }
    }

    fn payers(&self, line: &AwardLine) -> Vec<Entry> {
        let entry = |payer: &crate::result::PayerLine| {
            let on = payer.on.map(|on| format!(" ({})", self.date(on))).unwrap_or_default();
            let agency = self.agency(&payer.agency);
            Entry::new(
                Mark::None,
                format!("{agency}{}{}{on}", self.say("：", ": "), self.payable(payer.amount)),
            )
        };
        let mut entries: Vec<Entry> = line.payers.iter().map(entry).collect();
        if line.together {
            let wait = self.say(
                "各方同步支付：任何一方均待其他各方可支付时支付",
                "They pay together: each once all the others can",
            );
            entries.push(Entry::new(Mark::None, wait));
        }
        entries
    }

    /// Who is paid, where it is not the applicant.
    fn payee(&self, payee: &Payee) -> Vec<Entry> {
        let text = match payee {
            Payee::Applicant => return Vec::new(),
            Payee::Other(text) => text.clone(),
            Payee::Unknown => self.say("未知", "unknown").to_owned(),
        };
        vec![Entry::new(Mark::None, text)]
    }

    fn lead(&self, lead: Option<&str>) -> Vec<Entry> {
        let entry = |name| Entry::new(Mark::None, self.agency(name));
        lead.map(entry).into_iter().collect()
    }

    pub(super) fn agency(&self, name: &str) -> String {
        let mut agencies = self.program.schema.agencies.iter().map(|(_, agency)| &agency.named);
        let named = agencies.find(|named| *named.name == *name);
        match (named, name, self.lang) {
            (Some(named), ..) => self.named(named).to_owned(),
            (None, "registry", Lang::Zh) => "登记机关数据".to_owned(),
            (None, "declared", Lang::Zh) => "申请人申报".to_owned(),
            (None, "registry", Lang::En) => "a register".to_owned(),
            (None, "declared", Lang::En) => "the applicant".to_owned(),
            (None, other, _) => other.to_owned(),
        }
    }

    fn gaps(&self, gaps: &[Gap]) -> Vec<Entry> {
        match gaps {
            [only] => only.conditions.iter().map(|condition| self.turn(condition)).collect(),
            _ => gaps
                .iter()
                .zip(1_u32..)
                .map(|(gap, number)| self.one_gap(gap, number))
                .collect(),
        }
    }

    fn one_gap(&self, gap: &Gap, number: u32) -> Entry {
        let head = self.say_with("办法{0}", "way {0}", &[&number.to_string()]);
        match gap.conditions.as_slice() {
            [only] => Entry {
                label: Some(head),
                ..self.turn(only)
            },
            several => Entry {
                children: several.iter().map(|condition| self.turn(condition)).collect(),
                ..Entry::new(Mark::None, head)
            },
        }
    }

    fn turn(&self, condition: &GapCondition) -> Entry {
        let turn = condition.turn;
        let text = self.node(turn.node, Some(turn.frame));
        let text = if turn.wanted {
            text
        } else {
            self.say_with("不得：{0}", "not: {0}", &[&text])
        };
        let mark = if condition.unknown { Mark::Unknown } else { Mark::Fails };
        Entry {
            citation: Some(condition.citation.clone()),
            children: condition
                .moves
                .iter()
                .map(|one| Entry::new(Mark::None, self.moved(one)))
                .collect(),
            ..Entry::new(mark, text)
        }
    }

    /// How far a fact has to move: `R&D expense (2022) must rise by 420,000.00 CNY to 1,420,000.00 CNY`.
    pub fn moved(&self, one: &Move) -> String {
        let fact = self.place(&one.place);
        let ratio = matches!(&one.from, Scalar::Number(number) if !number.is_integer());
        let show = |value: &Scalar| self.scalar(&one.ty, value, ratio);
        let to = show(&one.to);
        let by = one.by().map(|by| show(&by)).unwrap_or_default();
        let (zh, en) = match (&one.to, one.beyond.is_some(), one.rises()) {
            (Scalar::Date(_), _, true) => ("{0}不早于{1}", "{0}: not before {1}"),
            (Scalar::Date(_), _, false) => ("{0}不晚于{1}", "{0}: not after {1}"),
            (_, true, true) => ("{0}须高于{1}", "{0} must be above {1}"),
            (_, true, false) => ("{0}须低于{1}", "{0} must be below {1}"),
            (_, false, true) => ("{0}须增加{2}，达到{1}", "{0} must rise by {2} to {1}"),
            (_, false, false) => ("{0}须减少{2}，降至{1}", "{0} must fall by {2} to {1}"),
        };
        self.say_with(zh, en, &[&fact, &to, &by])
    }

    fn presumptions(&self, line: &AwardLine) -> Vec<Entry> {
        let entry = |presumption: &crate::result::Presumption| {
            let value = match &presumption.value {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            Entry {
                citation: Some(presumption.citation.clone()),
                ..Entry::new(
                    Mark::None,
                    format!("{}{}{value}", presumption.name, self.say("：", ": ")),
                )
            }
        };
        line.presumptions.iter().map(entry).collect()
    }

    fn obligation(&self, one: &ObligationLine) -> Entry {
        let (node, frame) = one.node;
        let mark = match one.holds {
            Certainty::Yes => Mark::Holds,
            Certainty::No => Mark::Fails,
            Certainty::Maybe => Mark::Unknown,
        };
        let mut details = Vec::new();
        if let Some(until) = one.until.and_then(meed_facts::date::Date::yesterday) {
            details.push(self.say_with("至{0}", "until {0}", &[&self.date(until)]));
        }
        if let Some(recover) = one.recover {
            details.push(self.say_with("违反则追回{0}", "otherwise recovered: {0}", &[&self.payable(recover)]));
        }
        Entry {
            detail: (!details.is_empty()).then(|| details.join(self.say("；", "; "))),
            citation: Some(one.citation.clone()),
            ..Entry::new(mark, self.node(node, Some(frame)))
        }
    }

    fn mark(&self, mark: &MarkLine) -> Entry {
        let (zh, en, name, citation) = match mark {
            MarkLine::Unresolved(_, name, citation) => (
                "“{0}”如何合并，文本未规定",
                "{0}: the text does not say how these combine",
                self.combine_called(name),
                citation,
            ),
            MarkLine::Alternative(_, name, citation) => (
                "“{0}”只享受一项，由申请人选择",
                "{0}: only one is paid; the applicant chooses",
                self.combine_called(name),
                citation,
            ),
            MarkLine::Fund(name, citation) => (
                "“{0}”资金统筹分配",
                "{0}: the fund is shared among all applicants",
                self.fund_called(name),
                citation,
            ),
        };
        Entry {
            citation: Some(citation.clone()),
            ..Entry::new(Mark::Unknown, self.say_with(zh, en, &[name]))
        }
    }

    /// What a combination clause is called.
    fn combine_called<'t>(&'t self, name: &'t str) -> &'t str {
        let found = self.program.combines.iter().find(|(_, one)| *one.named.name == *name);
        found.map_or(name, |(_, one)| self.named(&one.named))
    }

    /// What a fund is called.
    fn fund_called<'t>(&'t self, name: &'t str) -> &'t str {
        let found = self.program.funds.iter().find(|one| *one.named.name == *name);
        found.map_or(name, |one| self.named(&one.named))
    }

    /// A service.
    pub fn service(&self, line: &ServiceLine) -> Block {
        let channel = self.label(&line.channel, "").to_owned();
        let channel = (!channel.is_empty()).then(|| Entry::new(Mark::None, channel));
        let key = line.key.as_deref().map(|key| format!(" · {key}")).unwrap_or_default();
        Block {
            mark: Mark::of_verdict(line.verdict),
            title: format!("{}{key}", self.label(&line.label, &line.name)),
            summary: self.say_with("服务，{0}", "service, {0}", &[self.verdict(line.verdict)]),
            place: Some(self.sourced(&line.citation, Some(line.source))),
            parts: self.headed([
                (("理由", "Reasons"), self.plain_reasons(&line.reasons)),
                (("办理", "How"), channel.into_iter().collect()),
                (("牵头单位", "Led by"), self.lead(line.lead.as_deref())),
                (
                    ("尚缺", "Missing"),
                    line.missing.iter().map(|one| self.missing(one)).collect(),
                ),
            ]),
        }
    }

    /// A title whose criteria are stated.
    pub fn title_line(&self, line: &TitleLine) -> Option<Block> {
        let met = line.met?;
        let summary = match met {
            Verdict::Eligible => self.say("符合认定条件", "criteria met"),
            Verdict::NotEligible(_) => self.say("不符合认定条件", "criteria not met"),
            Verdict::Undetermined => self.say("认定条件待定", "criteria undetermined"),
        };
        Some(Block {
            mark: Mark::of_verdict(met),
            title: self.label(&line.label, &line.name).to_owned(),
            summary: summary.to_owned(),
            place: Some(self.sourced(&line.citation, None)),
            parts: self.headed([
                (("理由", "Reasons"), self.plain_reasons(&line.reasons)),
                (
                    ("尚缺", "Missing"),
                    line.missing.iter().map(|one| self.missing(one)).collect(),
                ),
            ]),
        })
    }
}

/// Values of which each counts once among all applicants.
fn unique(line: &AwardLine) -> Vec<Entry> {
    let entry = |value: &String| Entry::new(Mark::None, value.clone());
    line.unique.iter().map(entry).collect()
}
