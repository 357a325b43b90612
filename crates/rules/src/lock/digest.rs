//! What of an article's words and rules counts: words without their line breaks, rules without layout, comments and the language of keywords.

use meed_syntax::ast::{
    AstNode, Block, Cell, Date, FrontEntry, FrontMatter, FrontScalar, Item, Keyword, MonthDay, MonthOfYear, NameRef,
    Number, Text, Unit,
};
use meed_syntax::phrases::{Phrase, nfc};
use meed_syntax::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};
use sha2::{Digest, Sha256};

/// 128 bits: nobody forges a lock file, it only has to notice.
const BYTES: usize = 16;

/// Digest of an article's words. White space counts only between words that need it, so that wrapping lines differently changes nothing.
pub(super) fn of_words(prose: &str) -> String {
    let mut words = String::new();
    for part in prose.split_whitespace() {
        let needs_space =
            words.ends_with(|last: char| last.is_ascii()) && part.starts_with(|first: char| first.is_ascii());
        if needs_space {
            words.push(' ');
        }
        words.push_str(part);
    }
    digest(nfc(&words).as_bytes())
}

/// Digest of the rules in these blocks and the tables they read. Cases are left out: they promise something of the rules and change nothing.
pub(super) fn of_rules(blocks: &[&Block]) -> String {
    let mut stream = Stream::default();
    for block in blocks {
        let items: Vec<Item> = block.item().collect();
        for item in &items {
            stream.node(item.syntax());
        }
        if let Some(table) = block.table()
            && !matches!(items.last(), Some(Item::CaseTable(_)))
        {
            stream.node(table.syntax());
        }
    }
    digest(stream.text.as_bytes())
}

/// Digest of a document's front matter, but for the language of its keywords.
pub(super) fn of_front(front: &FrontMatter) -> String {
    let mut stream = Stream::default();
    let is_meant = |entry: &FrontEntry| entry.key().is_none_or(|key| key.text() != "rules");
    for entry in front.entry().filter(is_meant) {
        stream.node(entry.syntax());
    }
    digest(stream.text.as_bytes())
}

/// Digest of a data file; line ends do not count.
pub(super) fn of_data(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    digest(lines.join("\n").as_bytes())
}

/// One digest of two.
pub(super) fn of_both(first: &str, second: &str) -> String {
    digest(format!("{first} {second}").as_bytes())
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes).into_iter().take(BYTES).collect::<Vec<u8>>())
}

/// The shape of a tree and what its words mean.
#[derive(Default)]
struct Stream {
    text: String,
}

impl Stream {
    fn node(&mut self, node: &SyntaxNode) {
        if matches!(node.kind(), SyntaxKind::CASE | SyntaxKind::CASE_TABLE) {
            return;
        }
        self.text.push('(');
        match meaning(node) {
            Some(meaning) => self.text.push_str(&meaning),
            None => node.children_with_tokens().for_each(|element| match element {
                SyntaxElement::Node(inner) => self.node(&inner),
                SyntaxElement::Token(token) => self.token(&token),
            }),
        }
        self.text.push(')');
    }

    fn token(&mut self, token: &SyntaxToken) {
        let kind = token.kind();
        let layout = [SyntaxKind::FENCE, SyntaxKind::LINE_PREFIX, SyntaxKind::TABLE_RULE];
        if kind.is_trivia() || layout.contains(&kind) {
            return;
        }
        let text = nfc(token.text());
        if text.chars().any(char::is_alphanumeric) {
            self.text.push_str(text.trim());
        } else {
            // Full-width punctuation is laid out in its usual form.
            self.text.push_str(&format!("{kind:?}"));
        }
        self.text.push(' ');
    }
}

/// What a word means, where it may be written in several ways.
fn meaning(node: &SyntaxNode) -> Option<String> {
    let kind = node.kind();
    let node = || node.clone();
    match kind {
        SyntaxKind::KEYWORD => {
            let keyword = Keyword::cast(node())?;
            Some(
                keyword
                    .phrase()
                    .map_or_else(|| keyword.spelling(), |phrase| format!("{phrase:?}")),
            )
        }
        SyntaxKind::NUMBER => {
            let number = Number::cast(node())?;
            let percent = if number.is_percent() { "%" } else { "" };
            Some(
                number
                    .value()
                    .map_or_else(|| number.digits(), |value| format!("{value}{percent}")),
            )
        }
        // `中文` heads a column in both languages and is a keyword in one.
        SyntaxKind::CELL if node().parent()?.kind() == SyntaxKind::HEAD => {
            let phrase = Phrase::from_spelling(&Cell::cast(node())?.text())?;
            Some(format!("{phrase:?}"))
        }
        SyntaxKind::TEXT => Text::cast(node()).map(|text| format!("{:?}", text.value())),
        SyntaxKind::FRONT_SCALAR => FrontScalar::cast(node())?.phrase().map(|phrase| format!("{phrase:?}")),
        SyntaxKind::NAME_REF => NameRef::cast(node())?.builtin().map(|builtin| format!("{builtin:?}")),
        SyntaxKind::UNIT => Unit::cast(node()).map(|unit| format!("{:?}", unit.name())),
        SyntaxKind::DATE => Date::cast(node())?.value().map(|date| date.to_string()),
        SyntaxKind::YEAR_MONTH => MonthOfYear::cast(node())?.value().map(|month| format!("{month:?}")),
        SyntaxKind::MONTH_DAY => MonthDay::cast(node())?.value().map(|day| format!("{day:?}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> String {
        let document = meed_syntax::parse(text).document();
        let blocks: Vec<Block> = document.block().collect();
        of_rules(&blocks.iter().collect::<Vec<_>>())
    }

    #[test]
    fn wrapping_lines_changes_no_words_and_a_changed_word_does() {
        assert_eq!(
            of_words("一次性奖励\n50万元，a b\n"),
            of_words("一次性奖励50万元，a\n  b")
        );
        assert_ne!(of_words("a b"), of_words("ab"));
        assert_ne!(of_words("奖励50万元"), of_words("奖励60万元"));
    }

    #[test]
    fn layout_comments_and_cases_change_no_rules() {
        let plain = "```meed\nparameter floor = 50万 CNY\n```\n";
        let laid_out = "```meed\n# why\nparameter   floor =\n  500_000 CNY\ncase \"x\" on 2024-01-01 for E { given {} expect { floor: 50万 CNY } }\n```\n";
        assert_eq!(rules(plain), rules(laid_out));
        assert_ne!(rules(plain), rules(&plain.replace("50万", "60万")));
        assert_ne!(rules(plain), rules(&plain.replace("floor", "roof")));
    }

    #[test]
    fn translated_keywords_change_no_rules() {
        let english =
            "---\ntitle: { en: \"T\" }\n---\n```meed\nparameter floor = 50万 CNY\ndefine d = floor > 3万 CNY\n```\n";
        let chinese = meed_syntax::format::convert(
            meed_syntax::diagnostic::FileId(0),
            english,
            meed_syntax::phrases::Language::Chinese,
        );
        let chinese = chinese.expect("it converts");
        assert_ne!(english, chinese);
        assert_eq!(rules(english), rules(&chinese));
    }
}
