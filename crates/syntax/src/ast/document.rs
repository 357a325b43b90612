//! The document: its headings, blocks and tables in order, and the articles they make.

use super::{AstNode, FrontMatter, Item, Table, alternatives, nodes, parts};
use crate::kind::SyntaxKind;
use crate::tree::{SyntaxElement, SyntaxNode};

nodes! {
    /// A whole document.
    Document = DOCUMENT { front_matter: child() FrontMatter; element: each() Element; block: each() Block; }
    /// A heading: the beginning of an article.
    Heading = HEADING {}
    /// A fenced block of rules.
    Block = BLOCK { item: each() Item; }
}

alternatives! {
    /// What stands in a document beside its prose.
    Element { Heading, Block, Table }
}

/// A heading with what stands below it before the next heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// The headings above, from the outermost to the article's own; empty for what stands before the first heading.
    pub path: Vec<Heading>,
    /// Its words: what stands neither in blocks nor in tables that rules read.
    pub prose: String,
    /// Its blocks of rules.
    pub blocks: Vec<Block>,
}

impl Document {
    /// The articles, in the order of the document. The first has no heading.
    #[must_use]
    pub fn articles(&self) -> Vec<Article> {
        let mut articles = Vec::new();
        let mut current = Article {
            path: Vec::new(),
            prose: String::new(),
            blocks: Vec::new(),
        };
        for element in self.syntax().children_with_tokens() {
            match element {
                SyntaxElement::Token(token) if token.kind() == SyntaxKind::PROSE => {
                    current.prose.push_str(token.text());
                }
                SyntaxElement::Token(_) => {}
                SyntaxElement::Node(node) => {
                    if let Some(heading) = Heading::cast(node.clone()) {
                        let mut path = current.path.clone();
                        path.retain(|above| above.level() < heading.level());
                        path.push(heading);
                        articles.push(std::mem::replace(
                            &mut current,
                            Article {
                                path,
                                prose: String::new(),
                                blocks: Vec::new(),
                            },
                        ));
                    } else if let Some(block) = Block::cast(node.clone()) {
                        current.blocks.push(block);
                    } else if Table::cast(node.clone()).is_some_and(|table| !table.is_read_by_rules()) {
                        current.prose.push_str(node.text());
                    }
                }
            }
        }
        articles.push(current);
        articles
    }
}

impl Heading {
    /// Its level, 1 to 6.
    #[must_use]
    pub fn level(&self) -> u8 {
        let mark: String = self.tokens(SyntaxKind::HEADING_MARK).collect();
        let hashes = mark.chars().take_while(|&c| c == '#').count();
        match u8::try_from(hashes) {
            Ok(level @ 1..=6) => level,
            _ if mark.contains('=') => 1,
            _ => 2,
        }
    }

    /// Its words.
    #[must_use]
    pub fn text(&self) -> String {
        self.tokens(SyntaxKind::HEADING_TEXT).collect()
    }

    fn tokens(&self, kind: SyntaxKind) -> impl Iterator<Item = String> + use<> {
        self.syntax()
            .child_tokens()
            .filter(move |token| token.kind() == kind)
            .map(|token| token.text().to_owned())
    }
}

impl Block {
    /// The headings above, from the outermost to the nearest.
    #[must_use]
    pub fn heading_path(&self) -> Vec<Heading> {
        let mut path: Vec<Heading> = Vec::new();
        for heading in preceding(self.syntax()).filter_map(Heading::cast) {
            if path.last().is_none_or(|nearer| heading.level() < nearer.level()) {
                path.push(heading);
            }
        }
        path.reverse();
        path
    }

    /// The table that its last item reads: the next one below, before any heading or other block.
    #[must_use]
    pub fn table(&self) -> Option<Table> {
        let last = self.item().last()?;
        if !last.reads_table() {
            return None;
        }
        self.syntax().next_sibling().and_then(Table::cast)
    }
}

impl Item {
    /// Whether it ends in `from table`.
    #[must_use]
    pub fn reads_table(&self) -> bool {
        parts::keyword_among(self.syntax(), &[crate::phrases::Phrase::FromTable]).is_some()
    }

    /// The block it stands in.
    #[must_use]
    pub fn block(&self) -> Option<Block> {
        self.syntax().ancestors().find_map(Block::cast)
    }
}

impl Table {
    /// Whether rules stand in it: the element before it is a block whose last item ends in `from table`.
    #[must_use]
    pub fn is_read_by_rules(&self) -> bool {
        self.item().is_some()
    }

    /// The item that reads it.
    #[must_use]
    pub fn item(&self) -> Option<Item> {
        let block = self.syntax().prev_sibling().and_then(Block::cast)?;
        block.item().last().filter(Item::reads_table)
    }
}

fn preceding(node: &SyntaxNode) -> impl Iterator<Item = SyntaxNode> {
    std::iter::successors(node.prev_sibling(), SyntaxNode::prev_sibling)
}
