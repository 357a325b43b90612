//! How it was made.

use std::fmt::Write as _;

use super::super::words::{Words, escaped};
use super::{heading, note, title};
use crate::reform::Simulation;

/// How it was made.
pub(in super::super) fn made(simulation: &Simulation, words: &Words) -> String {
    let mut out = heading(words, "如何得出", "How this was made");
    out.push_str("<dl>\n");
    let mut entry = |term: &str, text: &str| {
        let _ = writeln!(out, "<dt>{}</dt><dd>{text}</dd>", escaped(term));
    };
    for scenario in &simulation.scenarios {
        let package = &scenario.program.package;
        let reform = scenario.reform.as_ref().map_or_else(String::new, |(file, digest)| {
            format!("<br>{} <code>{}</code>", escaped(file), escaped(digest))
        });
        let text = format!(
            "{} · {} {}<br><code>{}</code>{reform}",
            scenario.program.date,
            escaped(&package.name),
            escaped(&package.version),
            escaped(&package.digest)
        );
        entry(&title(words, scenario), &text);
    }
    entry(
        words.say("信息摘要", "Digest of the facts"),
        &format!("<code>{}</code>", escaped(&simulation.digest)),
    );
    entry("Meed", env!("CARGO_PKG_VERSION"));
    out.push_str("</dl>\n");
    out.push_str(&note(
        words,
        "manifest.json 列明全部输入及其摘要，据此可以重做；各表另存为文件。全部金额以分为单位精确计算。",
        "manifest.json names all inputs with their digests, so that this can be made again; every table is a file beside it. All amounts are exact to the fen.",
    ));
    out
}
