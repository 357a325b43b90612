//! What the process counts, for Prometheus: requests by route and status with their times, and commands by what became of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use meed_office::command::Outcome;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use crate::app::Portal;

/// A request that was answered. The route is the one declared, never the address: that would have one line a case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

/// Where time went.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Spent {
    route: String,
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
    pub fn answer(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let spent = Spent {
            route: route.to_owned(),
        };
        self.spent.get_or_create(&spent).observe(took.as_secs_f64());
        let answered = Answered {
            method: known(method),
            route: spent.route,
            status,
        };
        self.answered.get_or_create(&answered).inc();
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

/// The layer outside all others: counts and logs what came of a request, also of one that was turned away at the entrance.
pub async fn counted(State(portal): State<Arc<Portal>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    portal.metrics().answer(&method, route, status, took);
    tracing::info!(%method, route, status, ms = took.as_millis(), "answered");
    response
}

/// A method as it is counted: anybody may invent others.
fn known(method: &Method) -> &'static str {
    let all = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    all.into_iter().find(|name| *name == method.as_str()).unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_told() {
        let metrics = Metrics::default();
        metrics.answer(&Method::GET, "/office/cases/{case}", 200, Duration::from_millis(3));
        metrics.command(None);
        let text = metrics.text();
        assert!(
            text.contains(r#"meed_requests_total{method="GET",route="/office/cases/{case}",status="200"} 1"#),
            "{text}"
        );
        assert!(text.contains(r#"meed_commands_total{outcome="failed"} 1"#), "{text}");
    }
}
