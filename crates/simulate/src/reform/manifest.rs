//! What a simulation was made of, so that it can be made again, and what it comes to. There is no clock in it.

use std::fs;
use std::path::{Path, PathBuf};

use meed_facts::money::Money;
use meed_facts::ratio::Ratio;
use serde_json::{Value, json};

use super::changes::Turn;
use super::scenario::Scenario;
use super::{Options, Outcome, SimulateError, Simulation};
use crate::digest::digest;
use crate::run::RunError;

/// Writes `manifest.json`.
pub(super) fn write(simulation: &Simulation, options: &Options) -> Result<(), SimulateError> {
    let path = options.out.join("manifest.json");
    let text = format!("{:#}\n", manifest(simulation, options)?);
    fs::write(&path, text).map_err(RunError::file(&path))?;
    Ok(())
}

fn manifest(simulation: &Simulation, options: &Options) -> Result<Value, SimulateError> {
    let scenario = |(at, (scenario, outcome)): (usize, (&Scenario, &Outcome))| {
        let package = &scenario.program.package;
        let minor = |amount: i128| Money::from_minor(amount, package.currency).to_decimal();
        let lines = || outcome.tally.measures.values();
        let turns = at.checked_sub(1).and_then(|reform| simulation.turns.get(reform));
        json!({
            "name": scenario.name,
            "title": { "en": scenario.title.en.as_deref(), "zh": scenario.title.zh.as_deref() },
            "date": scenario.program.date.to_string(),
            "package": { "name": *package.name, "version": *package.version, "digest": *package.digest },
            "reform": scenario.reform.as_ref().map(|(file, digest)| json!({ "file": file, "digest": digest })),
            "cost": { "least": minor(outcome.cost().low()), "most": outcome.cost().high().map(minor) },
            "eligible": lines().map(|one| one.eligible).fold(0, u64::saturating_add).to_string(),
            "undetermined": lines().map(|one| one.undetermined).fold(0, u64::saturating_add).to_string(),
            "turns": turns.map(|turns| {
                let counted = Turn::ALL.map(|turn| (turn.name().to_owned(), turns.of(turn).to_string().into()));
                counted.into_iter().collect::<serde_json::Map<String, Value>>()
            }),
        })
    };
    let take_up = simulation.take_up.iter().map(|assumed| {
        let of = assumed
            .of
            .iter()
            .map(|(measure, share)| (measure.to_string(), share.to_string().into()));
        json!({
            "otherwise": assumed.otherwise.to_string(),
            "of": of.collect::<serde_json::Map<String, Value>>(),
            "seeds": assumed.seeds.iter().map(u64::to_string).collect::<Vec<_>>(),
        })
    });
    let by = simulation.groupings.iter().map(|grouping| &grouping.name);
    Ok(json!({
        "meed": env!("CARGO_PKG_VERSION"),
        "scenarios": simulation.scenarios.iter().zip(&simulation.outcomes).enumerate().map(scenario).collect::<Vec<_>>(),
        "facts": {
            "files": files(&options.facts)?,
            "rows": simulation.rows.0.to_string(),
            "rejected": simulation.rows.1.to_string(),
            "digest": simulation.digest,
            "synthetic": simulation.synthetic,
        },
        "by": by.collect::<Vec<_>>(),
        "take_up": take_up.collect::<Vec<_>>(),
        "step": simulation.step.as_ref().map(Ratio::to_string),
        "months": options.months,
    }))
}

/// The population's files with their digests, by path inside its folder.
fn files(path: &Path) -> Result<Vec<Value>, RunError> {
    let mut found = Vec::new();
    let mut open = vec![path.to_path_buf()];
    while let Some(next) = open.pop() {
        if next.is_dir() {
            for entry in fs::read_dir(&next).map_err(RunError::file(&next))? {
                open.push(entry.map_err(RunError::file(&next))?.path());
            }
            continue;
        }
        found.push(next);
    }
    found.sort();
    // Where the folder lies is the machine's, and not what was simulated.
    let folder = if path.is_dir() { Some(path) } else { path.parent() };
    let told = |path: &PathBuf| {
        let digest = digest(path).map_err(RunError::file(path))?;
        let inside = folder.and_then(|folder| path.strip_prefix(folder).ok()).unwrap_or(path);
        Ok(json!({ "file": inside.display().to_string(), "digest": digest }))
    };
    found.iter().map(told).collect()
}
