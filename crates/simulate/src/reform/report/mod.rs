//! The report: one self-contained page in each language, for people who decide and do not compute.
//!
//! It says first what the reform costs, for whom, and which fund runs out; then shows each figure as a plot with its table behind it. What is not known about
//! applicants is stated as bounds, and apart from what is assumed about who applies.

mod page;
mod plot;
mod sections;
mod table;
mod words;

use std::fs;
use std::path::Path;

use meed_facts::label::Lang;

use super::{SimulateError, Simulation};
use crate::run::RunError;

pub use words::Words;

/// Writes `report.zh.html` and `report.en.html`.
pub(super) fn write(simulation: &Simulation, folder: &Path) -> Result<(), SimulateError> {
    for (lang, name) in [(Lang::Zh, "report.zh.html"), (Lang::En, "report.en.html")] {
        let path = folder.join(name);
        fs::write(&path, render(simulation, lang)).map_err(RunError::file(&path))?;
    }
    Ok(())
}

/// The page in a language.
pub fn render(simulation: &Simulation, lang: Lang) -> String {
    page::page(simulation, lang)
}
