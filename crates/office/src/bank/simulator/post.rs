//! Messages on their way from the bank to the office. How long each takes decides the order in which they arrive.

use std::collections::BTreeMap;

use crate::time::Instant;

/// A message that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// When.
    pub at: Instant,
    /// What.
    pub content: Content,
}

/// The bytes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Answers about instructions.
    Answers(Vec<u8>),
    /// A statement.
    Statement(Vec<u8>),
}

impl Message {
    /// Its bytes, if it has answers.
    pub fn answers(&self) -> Option<&[u8]> {
        match &self.content {
            Content::Answers(bytes) => Some(bytes),
            Content::Statement(_) => None,
        }
    }

    /// Its bytes, if it is a statement.
    pub fn statement(&self) -> Option<&[u8]> {
        match &self.content {
            Content::Statement(bytes) => Some(bytes),
            Content::Answers(_) => None,
        }
    }
}

#[derive(Default)]
pub(super) struct Post {
    sent: u64,
    underway: BTreeMap<(Instant, u64), Content>,
}

impl Post {
    pub fn send(&mut self, arrives: Instant, content: Content) {
        self.sent = self.sent.wrapping_add(1);
        self.underway.insert((arrives, self.sent), content);
    }

    /// All that arrives up to an instant.
    pub fn until(&mut self, to: Instant) -> Vec<Message> {
        let later = self.underway.split_off(&(to, u64::MAX));
        let arrived = std::mem::replace(&mut self.underway, later);
        let messages = arrived.into_iter().map(|((at, _), content)| Message { at, content });
        messages.collect()
    }
}
