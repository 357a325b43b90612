//! The page around the sections: nothing outside the file is needed to read or print it.

use meed_facts::label::Lang;

use super::super::Simulation;
use super::sections;
use super::words::{Words, escaped};

const STYLE: &str = include_str!("report.css");

/// The whole page.
pub(super) fn page(simulation: &Simulation, lang: Lang) -> String {
    let Some(baseline) = simulation.scenarios.first() else {
        return String::new();
    };
    let package = &baseline.program.package;
    let words = Words {
        lang,
        currency: package.currency,
        units: true,
    };
    let tables = words.in_tables();
    let name = package.title.text(lang, &package.name).to_owned();
    let title = format!("{name}{}", words.say("：政策调整测算", ": what a reform would change"));
    let code = words.say("zh-CN", "en");
    let sections: String = [
        sections::head(simulation, &words),
        sections::answer(simulation, &words),
        sections::measures(simulation, &tables),
        sections::funds(simulation, &tables),
        sections::people(simulation, &tables),
        sections::groups(simulation, &tables),
        sections::months(simulation, &tables),
        sections::unknown(simulation, &tables),
        sections::take_up(simulation, &tables),
        sections::sensitivity(simulation, &tables),
        sections::made(simulation, &words),
    ]
    .concat();
    let title = escaped(&title);
    format!(
        "<!doctype html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{sections}</main>\n</body>\n</html>\n"
    )
}
