//! The answer in a few sentences, before everything else.

use std::fmt::Write as _;

use meed_engine::awards::amount::Amount;
use meed_engine::awards::certainty::Certainty;
use meed_facts::label::Lang;

use super::super::words::{Words, escaped};
use super::{fund_name, reforms, title};
use crate::reform::changes::Turn;
use crate::reform::difference::Difference;
use crate::reform::scenario::Scenario;
use crate::reform::{Outcome, Simulation};
use crate::round::FundTotals;

/// What was simulated, over whom.
pub(in super::super) fn head(simulation: &Simulation, words: &Words) -> String {
    let (rows, rejected) = simulation.rows;
    let date = simulation
        .scenarios
        .first()
        .map(|one| one.program.date.to_string())
        .unwrap_or_default();
    let mut out = format!(
        "<p class=\"meta\">{}</p>\n",
        match rejected {
            0 => format!(
                "{date} · {}",
                match words.lang {
                    Lang::Zh => format!("{} 个申请主体", words.count(rows)),
                    Lang::En => words.so_many(rows, "applicant", "applicants"),
                }
            ),
            _ => format!(
                "{date} · {} · {} {}",
                match words.lang {
                    Lang::Zh => format!("{} 行", words.count(rows)),
                    Lang::En => words.so_many(rows, "row", "rows"),
                },
                words.count(rejected),
                words.say("行有误，未计入", "of them wrong and left out")
            ),
        }
    );
    if let Some(about) = &simulation.synthetic {
        let size = about.get("size").and_then(|size| size.as_str()).unwrap_or("?");
        let seed = about.get("seed").and_then(|seed| seed.as_str()).unwrap_or("?");
        let text = match words.lang {
            Lang::Zh => format!(
                "<strong>合成数据。</strong>所用{size}条记录均由模型虚构（种子 {seed}），其中没有任何真实主体。测算显示规则如何运作、两种规则有何差别，不是预算预测。"
            ),
            Lang::En => format!(
                "<strong>Synthetic population.</strong> All {size} records are invented by a model (seed {seed}); nobody in them exists. The figures show how rules work and differ, and are no forecast of a budget."
            ),
        };
        let _ = writeln!(out, "<p class=\"synthetic\">{text}</p>");
    }
    out
}

/// The answer in a few sentences.
pub(in super::super) fn answer(simulation: &Simulation, words: &Words) -> String {
    let mut out = String::new();
    for (at, scenario, before, after) in reforms(simulation) {
        let name = escaped(&title(words, scenario));
        let (old, new) = (before.cost(), after.cost());
        let change = simulation.change(at);
        let difference = words.difference(change);
        let [now, then] = [old, new].map(|cost| words.amount(cost));
        let cost = match (change == Difference::NONE, words.lang) {
            (true, Lang::Zh) => format!("“{name}”不改变测算支出，仍为<strong>{now}</strong>。"),
            (true, Lang::En) => format!("<em>{name}</em> leaves the forecast cost at <strong>{now}</strong>."),
            (false, Lang::Zh) => {
                format!("“{name}”使测算支出由<strong>{now}</strong>变为<strong>{then}</strong>（{difference}）。")
            }
            (false, Lang::En) => format!(
                "With <em>{name}</em> the forecast cost is <strong>{then}</strong> instead of <strong>{now}</strong> ({difference})."
            ),
        };
        let points: Vec<String> = [
            gains_and_losses(simulation, words, at),
            short(words, scenario, before, after),
            bounds(words, before, after),
        ]
        .concat();
        let points: String = points.iter().map(|point| format!("<li>{point}</li>\n")).collect();
        let _ = writeln!(
            out,
            "<div class=\"answer\">\n<p class=\"headline\">{cost}</p>\n<ul>\n{points}</ul>\n</div>"
        );
    }
    if out.is_empty() {
        let cost = simulation.outcomes.first().map_or(Amount::ZERO, Outcome::cost);
        let _ = writeln!(
            out,
            "<div class=\"answer\"><p class=\"headline\">{}<strong>{}</strong></p></div>",
            words.say("现行规则的测算支出：", "Forecast cost of the rules as they are: "),
            words.amount(cost)
        );
    }
    out
}

pub(super) fn gains_and_losses(simulation: &Simulation, words: &Words, reform: usize) -> Vec<String> {
    let Some(turns) = simulation.turns.get(reform) else {
        return Vec::new();
    };
    let [gains, loses, open] = Turn::ALL.map(|turn| turns.of(turn));
    let [more, less] = [gains, loses].map(|count| words.count(count));
    vec![match (words.lang, open) {
        (Lang::Zh, 0) => format!("{more}个主体得到更多，{less}个减少。"),
        (Lang::Zh, _) => format!(
            "{more}个主体得到更多，{less}个减少；另有{}个取决于尚不掌握的信息。",
            words.count(open)
        ),
        (Lang::En, _) => {
            let gain = words.so_many(gains, "applicant gains", "applicants gain");
            let lose = words.so_many(loses, "loses", "lose");
            match open {
                0 => format!("{gain} and {lose}."),
                _ => format!(
                    "{gain} and {lose}; for {} more it depends on what is not known.",
                    words.count(open)
                ),
            }
        }
    }]
}

/// The funds that do not suffice, or may not.
fn short(words: &Words, scenario: &Scenario, before: &Outcome, after: &Outcome) -> Vec<String> {
    let is_short = |fund: &&FundTotals| fund.runs_out().possible();
    let mut points: Vec<String> = after
        .funds
        .iter()
        .filter(is_short)
        .map(|fund| {
            let own = before.funds.iter().find(|own| own.name == fund.name);
            runs_out(words, scenario, fund, own.map_or(Certainty::No, FundTotals::runs_out))
        })
        .collect();
    if points.is_empty() && !after.funds.is_empty() {
        points.push(words.say("各项资金均够用。", "No fund runs out.").to_owned());
    }
    points
}

/// One that does not suffice, or may not; `before` tells whether it does without the reform.
fn runs_out(words: &Words, scenario: &Scenario, fund: &FundTotals, before: Certainty) -> String {
    let name = escaped(fund_name(words, scenario, &fund.name));
    let is_certain = fund.runs_out().certain();
    let (claimed, available) = (words.amount(fund.claimed), words.amount(fund.terms.available));
    let claims = words.counts(fund.claims);
    match (words.lang, fund.has_amount()) {
        (Lang::Zh, has_amount) => {
            let short = if is_certain { "不足" } else { "可能不足" };
            let as_before = match before {
                Certainty::No => "",
                Certainty::Maybe => "（现行规则下亦可能不足）",
                Certainty::Yes => "（现行规则下亦不足）",
            };
            let so = if before == Certainty::No { "因此" } else { "" };
            match has_amount {
                true => format!("资金“{name}”{so}{short}{as_before}：申领{claimed}，可用{available}。"),
                false => format!("资金“{name}”的名额{so}{short}{as_before}：申领{claims}项。"),
            }
        }
        (Lang::En, has_amount) => {
            let as_before = match before {
                Certainty::No => "",
                Certainty::Maybe => ", as it may without the reform",
                Certainty::Yes => ", as it does without the reform",
            };
            let short = match (has_amount, is_certain) {
                (true, true) => "runs out",
                (true, false) => "may run out",
                (false, true) => "has too few places",
                (false, false) => "may have too few places",
            };
            match has_amount {
                true => format!("The fund {name} {short}{as_before}: {claimed} is claimed, {available} is there."),
                false => format!(
                    "The fund {name} {short}{as_before}: {} made.",
                    if fund.claims == (1, 1) {
                        "1 claim is".to_owned()
                    } else {
                        format!("{claims} claims are")
                    }
                ),
            }
        }
    }
}

fn bounds(words: &Words, before: &Outcome, after: &Outcome) -> Vec<String> {
    let (old, new) = (words.amount(before.possible()), words.amount(after.possible()));
    let lines = after.tally.measures.values().map(|lines| lines.undetermined);
    let open = lines.fold(0, u64::saturating_add);
    let limitless = match after.possible().high() {
        Some(_) => "",
        None => words.say(
            "对其中一些，文本或信息没有给出上限。",
            " For some of them neither text nor facts give an upper bound.",
        ),
    };
    let cost = match words.lang {
        Lang::Zh => format!("支出为{new}（现行规则：{old}）。{limitless}这是信息不全所致的界限，与申报率的假设无关。"),
        Lang::En => format!(
            "the cost is {new} (rules as they are: {old}).{limitless} These are bounds from missing facts; who applies is another matter."
        ),
    };
    vec![match (words.lang, open) {
        (Lang::Zh, 0) => format!("各项是否符合条件均已确定，{cost}"),
        (Lang::En, 0) => format!("Of every line it is known whether it qualifies; {cost}"),
        (Lang::Zh, _) => format!("另有{}项尚不能确定是否符合条件。计入这些项，{cost}", words.count(open)),
        (Lang::En, _) => format!(
            "For {} too little is known to tell whether {}. With {} {cost}",
            words.so_many(open, "line", "lines"),
            if open == 1 { "it qualifies" } else { "they qualify" },
            if open == 1 { "it" } else { "them" },
        ),
    }]
}
