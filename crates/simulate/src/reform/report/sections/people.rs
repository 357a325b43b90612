//! Who gains and who loses.

use std::fmt::Write as _;

use super::super::table::{Cell, table};
use super::super::words::{Words, escaped};
use super::answer::gains_and_losses;
use super::{heading, reforms, title};
use crate::reform::Simulation;
use crate::reform::changes::{Change, Turn};

/// Who gains and who loses.
pub(in super::super) fn people(simulation: &Simulation, words: &Words) -> String {
    let mut out = String::new();
    for (at, scenario, ..) in reforms(simulation) {
        let most = simulation.most.get(at).map_or(&[][..], Vec::as_slice);
        let _ = writeln!(out, "<h3>{}</h3>", escaped(&title(words, scenario)));
        for point in gains_and_losses(simulation, words, at) {
            let _ = writeln!(out, "<p>{point}</p>");
        }
        for (turn, zh, en) in [
            (Turn::Gains, "增加最多者", "Those who gain most"),
            (Turn::Loses, "减少最多者", "Those who lose most"),
        ] {
            let own: Vec<&Change> = most.iter().filter(|change| change.turn == turn).collect();
            if own.is_empty() {
                continue;
            }
            let head = [
                words.say(zh, en),
                words.say("现行", "Before"),
                words.say("之后", "After"),
                words.say("变化", "Change"),
            ];
            let row = |change: &&Change| {
                let [before, after] = change.possible;
                vec![
                    Cell::Head(change.applicant.clone()),
                    Cell::Number(words.amount(before)),
                    Cell::Number(words.amount(after)),
                    Cell::Number(words.difference(change.difference)),
                ]
            };
            let rows: Vec<Vec<Cell>> = own.iter().map(row).collect();
            out.push_str(&table(&head.map(str::to_owned), &rows));
        }
        let file = format!("changes-{}", scenario.name);
        let _ = writeln!(
            out,
            "<p class=\"note\">{} <code>{}</code></p>",
            words.say(
                "资金分配前的金额。全部名单见",
                "Amounts before funds. The whole list is in"
            ),
            escaped(&file)
        );
    }
    if out.is_empty() {
        out
    } else {
        format!("{}{out}", heading(words, "谁得到更多，谁减少", "Who gains, who loses"))
    }
}
