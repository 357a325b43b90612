//! The answer in a few sentences, before everything else.

use std::fmt::Write as _;

use meed_engine::awards::amount::Amount;
use meed_facts::label::Lang;

use super::super::words::{Words, escaped};
use super::{fund_name, reforms, title};
use crate::reform::changes::Turn;
use crate::reform::difference::Difference;
use crate::reform::scenario::Scenario;
use crate::reform::{Outcome, Simulation};

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
                "{date} · {} {}",
                words.count(rows),
                words.say("个申请主体", "applicants")
            ),
            _ => format!(
                "{date} · {} {} · {} {}",
                words.count(rows),
                words.say("行", "rows"),
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
    let [gains, loses, open] = Turn::ALL.map(|turn| words.count(turns.of(turn)));
    let is_open = turns.of(Turn::Open) > 0;
    vec![match (words.lang, is_open) {
        (Lang::Zh, true) => format!("{gains}个主体得到更多，{loses}个减少；另有{open}个取决于尚不掌握的信息。"),
        (Lang::Zh, false) => format!("{gains}个主体得到更多，{loses}个减少。"),
        (Lang::En, true) => {
            format!("{gains} applicants gain and {loses} lose; for {open} more it depends on what is not known.")
        }
        (Lang::En, false) => format!("{gains} applicants gain and {loses} lose."),
    }]
}

/// The funds that do not suffice.
fn short(words: &Words, scenario: &Scenario, before: &Outcome, after: &Outcome) -> Vec<String> {
    let zh = words.lang == Lang::Zh;
    let is_short =
        |outcome: &Outcome, name: &str| outcome.funds.iter().any(|fund| *fund.name == *name && fund.short.1 > 0);
    let mut points = Vec::new();
    for fund in after.funds.iter().filter(|fund| fund.short.1 > 0) {
        let (name, claimed) = (
            escaped(fund_name(words, scenario, &fund.name)),
            words.amount(fund.claimed),
        );
        let new = !is_short(before, &fund.name);
        points.push(match (fund.has_amount(), zh) {
            (true, true) => format!(
                "资金“{name}”{}：申领{claimed}，可用{}。",
                if new {
                    "因此不足"
                } else {
                    "不足（现行规则下亦不足）"
                },
                words.amount(fund.terms.available)
            ),
            (true, false) => format!(
                "The fund {name} {}: {claimed} is claimed, {} is there.",
                if new {
                    "runs out"
                } else {
                    "runs out, as it does without the reform"
                },
                words.amount(fund.terms.available)
            ),
            (false, true) => format!("资金“{name}”的名额不足：申领{}项。", words.counts(fund.claims)),
            (false, false) => format!(
                "The fund {name} has too few places: {} claims.",
                words.counts(fund.claims)
            ),
        });
    }
    if points.is_empty() && !after.funds.is_empty() {
        points.push(words.say("各项资金均够用。", "No fund runs out.").to_owned());
    }
    points
}

fn bounds(words: &Words, before: &Outcome, after: &Outcome) -> Vec<String> {
    let (old, new) = (words.amount(before.possible()), words.amount(after.possible()));
    let lines = after.tally.measures.values().map(|lines| lines.undetermined);
    let open = words.count(lines.fold(0, u64::saturating_add));
    let limitless = match after.possible().high() {
        Some(_) => "",
        None => words.say(
            "对其中一些，文本或信息没有给出上限。",
            " For some of them neither text nor facts give an upper bound.",
        ),
    };
    vec![match words.lang {
        Lang::Zh => format!(
            "另有{open}项尚不能确定是否符合条件。计入这些项，支出为{new}（现行规则：{old}）。{limitless}这是信息不全所致的界限，与申报率的假设无关。"
        ),
        Lang::En => format!(
            "For {open} lines too little is known to tell whether they qualify. With them the cost is {new} (rules as they are: {old}).{limitless} These are bounds from missing facts; who applies is another matter."
        ),
    }]
}
