//! What a block's author put before each token: line breaks, blank lines and comments.

use std::collections::HashMap;

use text_size::TextSize;

use crate::kind::SyntaxKind;
use crate::tree::{SyntaxNode, SyntaxToken};

/// A comment with what stands before it.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    pub(super) text: String,
    /// Whether it stands behind something on the same line.
    pub(super) trails: bool,
    pub(super) after_blank_line: bool,
}

/// What stands before a token.
#[derive(Clone, Debug, Default)]
pub(super) struct Lead {
    pub(super) comments: Vec<Comment>,
    /// Whether the token is the first of its line.
    pub(super) begins_line: bool,
    pub(super) after_blank_line: bool,
}

/// The tokens of a block that rules see, with what stands before each and after the last.
pub(super) struct Leads {
    by_start: HashMap<TextSize, Lead>,
    /// What stands behind the last token.
    pub(super) rest: Lead,
}

static NOTHING: Lead = Lead {
    comments: Vec::new(),
    begins_line: false,
    after_blank_line: false,
};

impl Leads {
    /// Reads what stands between the tokens of a block.
    pub(super) fn of(block: &SyntaxNode) -> Self {
        let mut by_start = HashMap::new();
        let mut lead = Lead::default();
        let mut breaks = 0_usize;
        for token in tokens(block) {
            match token.kind() {
                SyntaxKind::WHITESPACE => {
                    breaks = breaks.saturating_add(token.text().matches('\n').count());
                }
                SyntaxKind::FENCE => breaks = breaks.saturating_add(1),
                SyntaxKind::LINE_PREFIX => {}
                SyntaxKind::COMMENT => {
                    lead.comments.push(Comment {
                        text: token.text().trim_end().to_owned(),
                        trails: breaks == 0,
                        after_blank_line: breaks > 1,
                    });
                    breaks = token.text().matches('\n').count();
                }
                _ => {
                    lead.begins_line = breaks > 0;
                    lead.after_blank_line = breaks > 1;
                    by_start.insert(token.text_range().start(), std::mem::take(&mut lead));
                    breaks = 0;
                }
            }
        }
        Leads { by_start, rest: lead }
    }

    /// What stands before a token.
    pub(super) fn before(&self, token: &SyntaxToken) -> &Lead {
        self.by_start.get(&token.text_range().start()).unwrap_or(&NOTHING)
    }
}

impl Lead {
    /// Whether the token must begin a line of its own.
    pub(super) fn breaks(&self) -> bool {
        self.begins_line || !self.comments.is_empty()
    }
}

/// All tokens below a node.
pub(super) fn tokens(node: &SyntaxNode) -> impl Iterator<Item = SyntaxToken> + use<> {
    node.tokens()
}

/// The tokens below a node that rules see.
pub(super) fn seen(node: &SyntaxNode) -> impl Iterator<Item = SyntaxToken> + use<> {
    tokens(node).filter(|token| !token.kind().is_trivia())
}
