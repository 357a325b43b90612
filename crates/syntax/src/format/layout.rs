//! The layout of one block of rules.
//!
//! A list between braces or brackets stays on its line when its author wrote it on one and it fits; else each of its parts has a
//! line of its own, and the values behind the labels of neighbouring lines begin in one column. A line break that an author put
//! inside an expression stays, because a long expression is read the way it is broken. So nothing is ever joined whose
//! meaning hung on the break.

use std::collections::{HashMap, HashSet};

use text_size::TextSize;

use super::leads::{Lead, Leads, seen};
use super::shape::{
    closing, gap_between, has_own_lines, is_aligned, is_body, is_one_object, may_begin_line, operator, parts_of,
};
use super::spacing::{columns, measure, written};
use crate::kind::SyntaxKind;
use crate::phrases::Phrase;
use crate::tree::{SyntaxElement, SyntaxNode, SyntaxToken};

/// The most columns of a line that can be broken.
const WIDTH: usize = 110;
const INDENT: usize = 2;

/// The lines of a block, without its fences; empty or ending in a line break.
pub(super) fn block(node: &SyntaxNode) -> String {
    let mut layout = Layout {
        leads: Leads::of(node),
        pads: HashMap::new(),
        begin_line: HashSet::new(),
        out: String::new(),
        column: 0,
        line_indent: 0,
        statement_indent: 0,
        previous: None,
        begun: None,
    };
    for item in node.children() {
        layout.statement(vec![SyntaxElement::Node(item)], 0, Gap::Kept);
    }
    let rest = std::mem::take(&mut layout.leads.rest);
    layout.comments(&rest, 0, Gap::Kept);
    if layout.column > 0 {
        layout.out.push('\n');
    }
    layout.out
}

/// Whether a blank line that the author wrote is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    Kept,
    Dropped,
}

struct Layout {
    leads: Leads,
    /// Spaces more before these tokens, to begin in one column with their neighbours.
    pads: HashMap<TextSize, Pad>,
    /// Tokens that begin a line because all would not fit on one.
    begin_line: HashSet<TextSize>,
    out: String,
    /// The columns that the line counts for so far.
    column: usize,
    /// The indentation of the line being written.
    line_indent: usize,
    /// The indentation of the clause or condition being written.
    statement_indent: usize,
    previous: Option<SyntaxToken>,
    /// A token whose line is begun already.
    begun: Option<TextSize>,
}

impl Layout {
    /// A part that begins a line.
    fn statement(&mut self, parts: Vec<SyntaxElement>, indent: usize, gap: Gap) {
        let outer = std::mem::replace(&mut self.statement_indent, indent);
        if let Some(first) = parts.iter().flat_map(seen_in).next() {
            self.begin(&first, indent, gap);
        }
        self.elements(parts);
        self.statement_indent = outer;
    }

    fn node(&mut self, node: &SyntaxNode) {
        match node.kind() {
            SyntaxKind::BINARY => self.break_long_chain(node),
            _ => self.break_long_head(node),
        }
        self.elements(node.children_with_tokens().collect());
    }

    fn elements(&mut self, elements: Vec<SyntaxElement>) {
        let mut rest = elements.into_iter();
        while let Some(element) = rest.next() {
            match element {
                SyntaxElement::Node(node) => self.node(&node),
                SyntaxElement::Token(token) if token.kind().is_trivia() => {}
                SyntaxElement::Token(token) => {
                    self.token(&token);
                    let Some(close) = closing(token.kind()) else { continue };
                    let inside = rest.by_ref().take_while(|next| next.kind() != close).collect();
                    let end = token.parent().and_then(|list| closing_token(&list, close));
                    self.list(&token, inside, end);
                }
            }
        }
    }

    /// What stands between an opening bracket, which is written already, and its closing one.
    fn list(&mut self, open: &SyntaxToken, inside: Vec<SyntaxElement>, close: Option<SyntaxToken>) {
        let Some(owner) = open.parent() else { return };
        let parts = parts_of(&owner, inside);
        if !self.is_broken(&owner, &parts, close.as_ref()) {
            for part in parts {
                self.elements(part);
            }
            if let Some(close) = close {
                self.token(&close);
            }
            return;
        }
        let outer = if is_body(owner.kind()) {
            self.statement_indent
        } else {
            self.line_indent
        };
        let indent = outer.saturating_add(INDENT);
        if has_own_lines(owner.kind()) {
            self.align(&parts, indent);
        }
        let mut gap = Gap::Dropped;
        let mut follows = false;
        for part in parts {
            if follows && !self.starts_line(&part) && self.fits(&part, self.column.saturating_add(1)) {
                let before = std::mem::replace(&mut self.statement_indent, indent);
                self.elements(part);
                self.statement_indent = before;
            } else {
                // What stands behind a part of several lines would be overlooked.
                follows = !has_own_lines(owner.kind()) && self.fits(&part, indent);
                self.statement(part, indent, gap);
            }
            gap = Gap::Kept;
        }
        if let Some(close) = close {
            let lead = self.leads.before(&close).clone();
            self.comments(&lead, indent, Gap::Kept);
            self.line(outer);
            self.put(&close);
        }
    }

    fn is_broken(&self, owner: &SyntaxNode, parts: &[Vec<SyntaxElement>], close: Option<&SyntaxToken>) -> bool {
        if parts.is_empty() {
            return close.is_some_and(|token| !self.leads.before(token).comments.is_empty());
        }
        let first_tokens = parts.iter().filter_map(|part| part.iter().flat_map(seen_in).next());
        if first_tokens
            .chain(close.cloned())
            .any(|token| self.leads.before(&token).breaks())
        {
            return true;
        }
        if is_one_object(owner, parts) {
            return false;
        }
        let all: Vec<SyntaxToken> = parts.iter().flatten().flat_map(seen_in).chain(close.cloned()).collect();
        match self.width(&all) {
            Some(width) => self.column.saturating_add(width) > WIDTH,
            None => has_own_lines(owner.kind()),
        }
    }

    fn starts_line(&self, part: &[SyntaxElement]) -> bool {
        part.iter()
            .flat_map(seen_in)
            .next()
            .is_some_and(|token| self.leads.before(&token).breaks())
    }

    /// Whether a part stands on one line that begins or goes on at a column.
    fn fits(&self, part: &[SyntaxElement], column: usize) -> bool {
        let tokens: Vec<SyntaxToken> = part.iter().flat_map(seen_in).collect();
        self.width(&tokens)
            .is_some_and(|width| column.saturating_add(width) <= WIDTH)
    }

    /// Lets the values of neighbouring one-line parts begin in one column.
    fn align(&mut self, parts: &[Vec<SyntaxElement>], indent: usize) {
        let mut run: Vec<Labelled> = Vec::new();
        for part in parts {
            let after_gap = part.iter().flat_map(seen_in).next().is_some_and(|token| {
                let lead = self.leads.before(&token);
                lead.after_blank_line || lead.comments.iter().any(|comment| !comment.trails)
            });
            let labelled = self
                .labelled(part)
                .filter(|one| indent.saturating_add(one.width) <= WIDTH);
            if after_gap || labelled.is_none() {
                self.pad(std::mem::take(&mut run), indent);
            }
            run.extend(labelled);
        }
        self.pad(run, indent);
    }

    fn pad(&mut self, run: Vec<Labelled>, indent: usize) {
        let written = run.iter().map(|one| one.label.written).max().unwrap_or(0);
        let counted = run.iter().map(|one| one.label.counted).max().unwrap_or(0);
        let pad = |one: &Labelled| Pad {
            written: written.saturating_sub(one.label.written),
            counted: counted.saturating_sub(one.label.counted),
        };
        if run
            .iter()
            .all(|one| indent.saturating_add(one.width).saturating_add(pad(one).counted) <= WIDTH)
        {
            self.pads.extend(run.iter().map(|one| (one.value, pad(one))));
        }
    }

    /// A part such as `label: value` that stands on one line.
    fn labelled(&self, part: &[SyntaxElement]) -> Option<Labelled> {
        let [SyntaxElement::Node(node)] = part else { return None };
        if !is_aligned(node.kind()) {
            return None;
        }
        let tokens: Vec<SyntaxToken> = seen(node).collect();
        let width = self.width(&tokens)?;
        let colon = tokens
            .iter()
            .position(|token| token.kind() == SyntaxKind::COLON && token.parent().as_ref() == Some(node))?;
        let value = tokens.get(colon.saturating_add(1))?;
        Some(Labelled {
            label: Pad {
                written: self.width_by(tokens.get(..colon)?, |token| columns(&written(token)))?,
                counted: self.width(tokens.get(..colon)?)?,
            },
            value: value.text_range().start(),
            width,
        })
    }

    /// An item's head that does not fit on a line has its labels on the next one.
    fn break_long_head(&mut self, node: &SyntaxNode) {
        let Some(labels) = node.children().find(|child| child.kind() == SyntaxKind::LABELS) else {
            return;
        };
        let head: Vec<SyntaxToken> = seen(node)
            .take_while(|token| token.kind() != SyntaxKind::L_BRACE || token.parent().as_ref() != Some(node))
            .collect();
        let too_long = self
            .width(&head)
            .is_some_and(|width| self.line_indent.saturating_add(width) > WIDTH);
        if too_long && is_body(node.kind()) {
            self.begin_line
                .extend(seen(&labels).next().map(|token| token.text_range().start()));
        }
    }

    /// A chain of `and` or of `or` that does not fit on a line has a line for each of its parts.
    fn break_long_chain(&mut self, node: &SyntaxNode) {
        let Some(phrase @ (Phrase::And | Phrase::Or)) = operator(node) else {
            return;
        };
        let tokens: Vec<SyntaxToken> = seen(node).collect();
        let Some(width) = self.width(&tokens) else { return };
        let pad = tokens.first().map_or(0, |first| {
            let pad = self.pads.get(&first.text_range().start());
            pad.map_or(0, |pad| pad.counted)
        });
        if self.column.saturating_add(1).saturating_add(pad).saturating_add(width) <= WIDTH {
            return;
        }
        let chain = std::iter::successors(Some(node.clone()), |link| {
            link.children().next().filter(|lhs| operator(lhs) == Some(phrase))
        });
        for link in chain {
            let word = link.children().find(|child| child.kind() == SyntaxKind::KEYWORD);
            self.begin_line.extend(
                word.and_then(|word| seen(&word).next())
                    .map(|token| token.text_range().start()),
            );
        }
    }

    /// The columns that some tokens on one line count for; none where they cannot stand on one.
    fn width(&self, tokens: &[SyntaxToken]) -> Option<usize> {
        self.width_by(tokens, measure)
    }

    fn width_by(&self, tokens: &[SyntaxToken], columns: impl Fn(&SyntaxToken) -> usize) -> Option<usize> {
        let mut width = 0_usize;
        let mut previous: Option<&SyntaxToken> = None;
        for token in tokens {
            let lead = self.leads.before(token);
            if let Some(previous) = previous {
                if !lead.comments.is_empty() || lead.begins_line && may_begin_line(token) {
                    return None;
                }
                width = width.saturating_add(gap_between(previous, token));
            }
            width = width.saturating_add(columns(token));
            previous = Some(token);
        }
        Some(width)
    }

    /// A token at its place on the line, or on a line that continues it.
    fn token(&mut self, token: &SyntaxToken) {
        let start = token.text_range().start();
        let begun = self.begun.take() == Some(start);
        let lead = self.leads.before(token).clone();
        let continued = self.statement_indent.saturating_add(INDENT);
        let breaks = !lead.comments.is_empty() || lead.begins_line && may_begin_line(token);
        if !begun && (breaks || self.begin_line.contains(&start)) {
            self.comments(&lead, continued, Gap::Dropped);
            self.line(continued);
        } else if let Some(previous) = self.previous.as_ref().filter(|_| !begun) {
            let pad = self.pads.get(&start).copied().unwrap_or_default();
            let gap = gap_between(previous, token);
            self.spaces(gap.saturating_add(pad.written));
            self.column = self.column.saturating_add(pad.counted).saturating_sub(pad.written);
        }
        self.put(token);
    }

    /// The beginning of a statement's line, with the comments above it.
    fn begin(&mut self, first: &SyntaxToken, indent: usize, gap: Gap) {
        let lead = self.leads.before(first).clone();
        self.comments(&lead, indent, gap);
        if lead.after_blank_line && (gap == Gap::Kept || !lead.comments.is_empty()) {
            self.blank_line();
        }
        self.line(indent);
        self.begun = Some(first.text_range().start());
    }

    fn comments(&mut self, lead: &Lead, indent: usize, gap: Gap) {
        let mut gap = gap;
        for comment in &lead.comments {
            if comment.trails && self.column > 0 {
                self.spaces(INDENT);
            } else {
                if comment.after_blank_line && gap == Gap::Kept {
                    self.blank_line();
                }
                self.line(indent);
            }
            self.write(&comment.text);
            gap = Gap::Kept;
        }
    }

    fn blank_line(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn line(&mut self, indent: usize) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.column = 0;
        self.spaces(indent);
        self.line_indent = indent;
    }

    fn spaces(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
        self.column = self.column.saturating_add(count);
    }

    fn put(&mut self, token: &SyntaxToken) {
        self.out.push_str(&written(token));
        self.column = self.column.saturating_add(measure(token));
        self.previous = Some(token.clone());
    }

    fn write(&mut self, text: &str) {
        self.out.push_str(text);
        self.column = self.column.saturating_add(columns(text));
    }
}

/// Columns as they are written, and as they count.
#[derive(Clone, Copy, Default)]
struct Pad {
    written: usize,
    counted: usize,
}

/// A part such as `label: value` that stands on one line.
struct Labelled {
    /// The columns of the label.
    label: Pad,
    /// Where the value begins in the document.
    value: TextSize,
    /// The columns of the whole part.
    width: usize,
}

/// The tokens of a part that rules see.
fn seen_in(element: &SyntaxElement) -> Vec<SyntaxToken> {
    match element {
        SyntaxElement::Node(node) => seen(node).collect(),
        SyntaxElement::Token(token) => vec![token.clone()],
    }
}

fn closing_token(list: &SyntaxNode, close: SyntaxKind) -> Option<SyntaxToken> {
    list.child_tokens().find(|token| token.kind() == close)
}
