//! What could still change a line, and who can say it.

use std::sync::Arc;

use meed_facts::label::Label;
use meed_facts::schema::{FactId, Source};

use crate::explain::Evaluator;
use crate::result::{Citation, MissingLine};
use crate::value::{Cause, CausePlace, Causes};

use super::reading;

/// The most gaps that are listed for one line.
const MOST: usize = 256;

/// The gaps behind a value that is not known.
pub fn lines(evaluator: &Evaluator<'_>, causes: &Causes) -> Vec<MissingLine> {
    causes.iter().take(MOST).map(|cause| line(evaluator, cause)).collect()
}

fn line(evaluator: &Evaluator<'_>, cause: &Cause) -> MissingLine {
    let program = evaluator.program();
    let plain = |name: String| MissingLine {
        kind: cause.kind,
        place: cause.place.clone(),
        name,
        source: None,
        evidence: Vec::new(),
        citation: None,
    };
    match &cause.place {
        CausePlace::Fact { record, fact, period } => {
            let (source, evidence) = who(evaluator, *fact);
            MissingLine {
                source: Some(source),
                evidence,
                ..plain(reading::fact_name(evaluator, record, *fact, *period))
            }
        }
        CausePlace::List { record, list } => {
            let (source, evidence) = who(evaluator, *list);
            MissingLine {
                source: Some(source),
                evidence,
                ..plain(reading::fact_name(evaluator, record, *list, None))
            }
        }
        CausePlace::Title { record, title } => {
            let record = reading::record_name(evaluator, record);
            let dot = if record.is_empty() { "" } else { "." };
            let title = &program.schema.titles[*title].named.name;
            MissingLine {
                source: Some("registry".into()),
                ..plain(format!("{record}{dot}titles.{title}"))
            }
        }
        CausePlace::Awards(measure) => MissingLine {
            source: Some("registry".into()),
            ..plain(format!("awards.{}", program.measures[*measure].named.name))
        },
        CausePlace::Chosen(group) => MissingLine {
            source: Some("declared".into()),
            ..plain(format!("chosen.{group}"))
        },
        CausePlace::Gets(measure) => plain(format!("gets({})", program.measures[*measure].named.name)),
        CausePlace::Node(node) => {
            let citation = Citation::of(program, program.nodes[*node].origin);
            let place = citation
                .headings
                .last()
                .map_or_else(|| citation.document.to_string(), ToString::to_string);
            MissingLine {
                citation: Some(citation),
                ..plain(place)
            }
        }
    }
}

fn who(evaluator: &Evaluator<'_>, fact: FactId) -> (Arc<str>, Vec<Label>) {
    let schema = &evaluator.program().schema;
    let fact = &schema.facts[fact];
    let source = match fact.source {
        Source::Registry => "registry".into(),
        Source::Declared => "declared".into(),
        Source::Judged(agency) => schema.agencies[agency].named.name.clone(),
    };
    (source, fact.evidence.clone())
}
