//! What is not known, what is assumed, and what parameters do: each stated apart.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use meed_engine::awards::amount;
use meed_facts::label::Lang;

use super::super::plot::{self, About, Group, Side};
use super::super::table::{Cell, table};
use super::super::words::{Words, escaped};
use super::{heading, note, series};
use crate::reform::{Outcome, Simulation};

/// What is not known, as bounds.
pub(in super::super) fn unknown(simulation: &Simulation, words: &Words) -> String {
    let mut out = heading(words, "信息不全", "What is not known");
    out.push_str(&note(
        words,
        "登记信息从不完整。下表是各种可能情形的上下限：最少为确定应付的，最多为所有尚不能确定者都符合条件、且都取上限的情形。",
        "Registers are never complete. The table has the ends of all that is possible: at least what is certainly due, at most what would be due if everybody of whom too little is known qualified for the most.",
    ));
    let head = [
        ("方案", "Rules"),
        ("确定符合条件项数", "Eligible lines"),
        ("尚不能确定项数", "Undetermined lines"),
        ("符合条件者应付", "Due to the eligible"),
        ("全部可能", "All that is possible"),
    ]
    .map(|(zh, en)| words.say(zh, en).to_owned());
    let series = series(simulation, words);
    let row = |(name, outcome): (&String, &Outcome)| {
        let lines = || outcome.tally.measures.values();
        let eligible = lines().map(|lines| lines.eligible).fold(0, u64::saturating_add);
        let undetermined = lines().map(|lines| lines.undetermined).fold(0, u64::saturating_add);
        vec![
            Cell::Head(name.clone()),
            Cell::Number(words.count(eligible)),
            Cell::Number(words.count(undetermined)),
            Cell::Number(words.amount(outcome.cost())),
            Cell::Number(words.amount(outcome.possible())),
        ]
    };
    let rows: Vec<Vec<Cell>> = series.iter().zip(&simulation.outcomes).map(row).collect();
    out.push_str(&table(&head, &rows));
    out
}

/// Cost if not everybody applies.
pub(in super::super) fn take_up(simulation: &Simulation, words: &Words) -> String {
    if simulation.take_up.is_empty() {
        return String::new();
    }
    let mut out = heading(words, "若非人人申报", "If not everybody applies");
    out.push_str(&note(
        words,
        "申报率是假设，不是预测：谁申报由种子和主体编号决定，各方案相同。金额为资金分配前、符合条件者的应付金额。",
        "Shares of take-up are assumptions and no forecast: who applies follows from a seed and the applicant's key, the same under all rules. Amounts are those of the eligible before funds.",
    ));
    let series = series(simulation, words);
    for (position, assumed) in simulation.take_up.iter().enumerate() {
        let mut shares = vec![words.percent(&assumed.otherwise)];
        let labels = simulation.measures();
        for (measure, share) in &assumed.of {
            let label = labels
                .get(measure)
                .map_or(&**measure, |label| label.text(words.lang, measure));
            shares.push(format!("{label} {}", words.percent(share)));
        }
        let _ = writeln!(
            out,
            "<h3>{} {}</h3>",
            words.say("申报率", "Take-up"),
            escaped(&shares.join(words.say("，", ", ")))
        );
        let head: Vec<String> = [words.say("种子", "Seed").to_owned()]
            .into_iter()
            .chain(series.iter().cloned())
            .collect();
        let row = |seed: &u64| {
            let sum = |outcome: &Outcome| {
                let own = outcome
                    .tally
                    .taken
                    .iter()
                    .filter(|((at, of, _), _)| *at == position && of == seed);
                Cell::Number(words.amount(amount::sum(own.map(|(_, (_, sum))| *sum))))
            };
            let cells = simulation.outcomes.iter().map(sum);
            [Cell::Head(seed.to_string())].into_iter().chain(cells).collect()
        };
        let rows: Vec<Vec<Cell>> = assumed.seeds.iter().map(row).collect();
        out.push_str(&table(&head, &rows));
    }
    out
}

/// What moving each parameter does.
pub(in super::super) fn sensitivity(simulation: &Simulation, words: &Words) -> String {
    let (Some(step), Some(before)) = (&simulation.step, simulation.outcomes.first()) else {
        return String::new();
    };
    let mut out = heading(words, "各项参数的影响", "What each parameter does");
    let before = before.tally.total.before_funds;
    let percent = words.percent(step);
    let about = match words.lang {
        Lang::Zh => {
            format!("现行规则中各参数分别降低、提高{percent}时，符合条件者最少应付金额（资金分配前）的变化")
        }
        Lang::En => format!(
            "How the least that is due to the eligible before funds changes when one parameter of the rules as they are is lowered or raised by {percent}"
        ),
    };
    let mut bars: Vec<Group<Side>> = Vec::new();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut still: BTreeSet<String> = BTreeSet::new();
    for (variant, sum) in &simulation.variants {
        let after = sum.before_funds;
        let name = variant.label.text(words.lang, &variant.parameter).to_owned();
        let change = after.low().saturating_sub(before.low());
        let (text, most) = (words.least(before, after), words.most(before, after));
        if before == after {
            still.insert(name);
            continue;
        }
        rows.push(vec![
            Cell::Head(name.clone()),
            Cell::Number(words.number(&variant.value)),
            Cell::Number(words.number(&variant.moved)),
            Cell::Number(text.clone()),
            Cell::Number(most),
        ]);
        let side = Side {
            series: usize::from(variant.up),
            change,
            words: text,
        };
        match bars.last_mut() {
            Some(last) if last.label == name => last.bars.push(side),
            _ => bars.push(Group {
                label: name,
                bars: vec![side],
            }),
        }
    }
    still.retain(|name| !bars.iter().any(|own| own.label == *name));
    let series = [format!("−{percent}"), format!("+{percent}")];
    let shown = About {
        id: "parameters",
        title: &about,
        description: &about,
    };
    if !bars.is_empty() {
        let svg = plot::both_sides(&shown, &series, &bars);
        let _ = writeln!(
            out,
            "<figure>\n{svg}\n<figcaption>{}</figcaption>\n</figure>",
            escaped(&about)
        );
    }
    if !rows.is_empty() {
        let head = [
            ("参数", "Parameter"),
            ("现值", "Value"),
            ("改为", "Moved to"),
            ("最少应付的变化", "Change of the least"),
            ("最多应付的变化", "Change of the most"),
        ];
        out.push_str(&table(&head.map(|(zh, en)| words.say(zh, en).to_owned()), &rows));
    }
    if !still.is_empty() {
        let names: Vec<String> = still.iter().map(|name| escaped(name)).collect();
        let names = names.join(words.say("、", "; "));
        let _ = writeln!(
            out,
            "<p class=\"note\">{}{names}{}</p>",
            words.say("对这些主体没有影响：", "Without effect for these applicants: "),
            words.say("。", ".")
        );
    }
    out
}
