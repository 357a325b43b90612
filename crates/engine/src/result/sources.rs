//! Citations: where a rule stands.

use std::sync::Arc;

use meed_rules::program::{OriginId, Program};

use super::Citation;

impl Citation {
    /// The place of a rule.
    pub fn of(program: &Program, origin: OriginId) -> Self {
        let place = &program.origins[origin];
        let document = &program.documents[place.document];
        Self {
            origin,
            document: document.path.clone(),
            number: document.number.clone(),
            headings: Arc::clone(&place.headings),
            basis: place.basis.clone(),
            source: place.source,
            amended_by: place.amended_by.iter().map(|by| Self::of(program, *by)).collect(),
        }
    }
}
