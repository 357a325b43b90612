//! What the process counts, for Prometheus: requests by route and status with their times, and commands by what became of them.

use std::time::Duration;

use meed_office::command::Outcome;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// A request that was answered. The route is the one declared, never the address: that would have one line a case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: &'static str,
    status: u16,
}

/// Where time went.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Spent {
    route: &'static str,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Became {
    outcome: &'static str,
}

/// The counters of one process.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    spent: Family<Spent, Histogram, fn() -> Histogram>,
    commands: Family<Became, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("meed");
        let answered = Family::default();
        let spent =
            Family::new_with_constructor((|| Histogram::new(exponential_buckets(0.001, 2.0, 14))) as fn() -> Histogram);
        let commands = Family::default();
        registry.register("requests", "Requests that were answered", answered.clone());
        registry.register("request_seconds", "How long answers took", spent.clone());
        registry.register("commands", "Commands by what became of them", commands.clone());
        Self {
            registry,
            answered,
            spent,
            commands,
        }
    }
}

impl Metrics {
    /// Counts an answer.
    pub fn answer(&self, method: &'static str, route: &'static str, status: u16, took: Duration) {
        let answered = Answered { method, route, status };
        self.answered.get_or_create(&answered).inc();
        self.spent.get_or_create(&Spent { route }).observe(took.as_secs_f64());
    }

    /// Counts a command.
    pub fn command(&self, outcome: Option<&Outcome>) {
        let outcome = match outcome {
            Some(Outcome::Accepted { .. }) => "accepted",
            Some(Outcome::Denied { .. }) => "denied",
            Some(Outcome::Undecided { .. }) => "cannot_decide",
            None => "failed",
        };
        self.commands.get_or_create(&Became { outcome }).inc();
    }

    /// Everything that was counted, as Prometheus reads it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_told() {
        let metrics = Metrics::default();
        metrics.answer("GET", "/office/cases/{case}", 200, Duration::from_millis(3));
        metrics.command(None);
        let text = metrics.text();
        assert!(
            text.contains(r#"meed_requests_total{method="GET",route="/office/cases/{case}",status="200"} 1"#),
            "{text}"
        );
        assert!(text.contains(r#"meed_commands_total{outcome="failed"} 1"#), "{text}");
    }
}
