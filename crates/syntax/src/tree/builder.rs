//! Grows a tree: nodes are opened and closed around tokens, also around tokens that are there already.

use text_size::{TextRange, TextSize};

use super::{Part, Position, ROOT, Tree, index};
use crate::kind::SyntaxKind;
use crate::phrases::{Phrase, nfc};

/// What has been put into a tree so far.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    events: Vec<Event>,
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Open(SyntaxKind),
    Token(SyntaxKind, TextSize),
    Close,
}

/// A moment in the growth of a tree: a node may be opened there later.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checkpoint(usize);

impl Builder {
    /// A token with the next bytes of the text.
    pub(crate) fn token(&mut self, kind: SyntaxKind, text: &str) {
        self.events.push(Event::Token(kind, size(text)));
    }

    /// Opens a node.
    pub(crate) fn start_node(&mut self, kind: SyntaxKind) {
        self.events.push(Event::Open(kind));
    }

    /// Closes the node opened last.
    pub(crate) fn finish_node(&mut self) {
        self.events.push(Event::Close);
    }

    /// This moment.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint(self.events.len())
    }

    /// Opens a node around everything since a moment in the node that is open now.
    pub(crate) fn start_node_at(&mut self, checkpoint: Checkpoint, kind: SyntaxKind) {
        let at = checkpoint.0.min(self.events.len());
        self.events.insert(at, Event::Open(kind));
    }

    /// The tree of a text that all events tell of.
    pub(crate) fn finish(self, text: &str) -> Tree {
        tree(&self.events, text)
    }

    /// The node made since a moment as a tree of its own, of that node's text.
    pub(crate) fn node_since(&self, checkpoint: Checkpoint, text: &str) -> Tree {
        tree(self.events.get(checkpoint.0..).unwrap_or_default(), text)
    }
}

fn tree(events: &[Event], text: &str) -> Tree {
    let mut parts: Vec<Part> = Vec::with_capacity(events.len());
    let mut around = ROOT;
    let mut end = TextSize::new(0);
    for event in events {
        let at = position(parts.len());
        match *event {
            Event::Open(kind) => {
                parts.push(Part {
                    kind,
                    is_token: false,
                    phrase: None,
                    parent: around,
                    after: at.saturating_add(1),
                    range: TextRange::empty(end),
                });
                around = at;
            }
            Event::Token(kind, length) => {
                let range = TextRange::at(end, length);
                end = range.end();
                parts.push(Part {
                    kind,
                    is_token: true,
                    phrase: None,
                    parent: around,
                    after: at.saturating_add(1),
                    range,
                });
            }
            Event::Close => {
                let inside = index(around).saturating_add(1);
                if let Some(([.., node], inside)) = parts.split_at_mut_checked(inside) {
                    if node.kind == SyntaxKind::KEYWORD {
                        node.phrase = phrase(inside, text);
                    }
                    node.after = at;
                    node.range = TextRange::new(node.range.start(), end);
                    around = node.parent;
                }
            }
        }
    }
    Tree {
        text: text.into(),
        parts: parts.into(),
    }
}

/// What the words inside a keyword say together.
fn phrase(inside: &[Part], text: &str) -> Option<Phrase> {
    let words = inside.iter().filter(|part| part.kind == SyntaxKind::WORD);
    let words: Vec<&str> = words
        .filter_map(|word| text.get(std::ops::Range::<usize>::from(word.range)))
        .collect();
    match words.as_slice() {
        [only] => Phrase::from_spelling(&nfc(only)),
        several => Phrase::from_spelling(&nfc(&several.join(" "))),
    }
}

fn position(index: usize) -> Position {
    Position::try_from(index).unwrap_or(Position::MAX)
}

/// A text too long to be placed counts as empty; documents have a limit far below.
fn size(text: &str) -> TextSize {
    TextSize::try_from(text.len()).unwrap_or_default()
}
