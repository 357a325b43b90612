//! What a simulation found, as long as it is kept: the figures, without the rules of every variant.

use meed_engine::awards::amount::Amount;
use meed_facts::label::Label;
use meed_facts::ratio::Ratio;
use meed_simulate::reform::Simulation;
use serde_json::Value;

/// A parameter moved, and what eligible lines come to then, before funds.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    pub name: String,
    pub label: Label,
    pub value: Ratio,
    pub moved: Ratio,
    pub claimed: Amount,
}

/// What a simulation found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub simulation: Simulation,
    pub moved: Vec<Moved>,
    /// Its report as the office takes it.
    pub report: Value,
    /// The files that may be fetched.
    pub files: Vec<String>,
}

impl Found {
    /// Keeps the figures of a simulation.
    pub fn of(mut simulation: Simulation, report: Value, files: Vec<String>) -> Self {
        let variants = std::mem::take(&mut simulation.variants);
        let moved = variants.into_iter().map(|(variant, sums)| Moved {
            name: variant.parameter.to_string(),
            label: variant.label,
            value: variant.value,
            moved: variant.moved,
            claimed: sums.before_funds,
        });
        Self {
            moved: moved.collect(),
            simulation,
            report,
            files,
        }
    }
}
