//! What the formatter may and may not do, on a document that nobody tidied and on disturbed versions of it.

use std::sync::LazyLock;

use meed_syntax::ast::AstNode;
use meed_syntax::diagnostic::FileId;
use meed_syntax::format::{convert, format};
use meed_syntax::phrases::Language;
use meed_syntax::{SyntaxKind, SyntaxToken, parse};
use proptest::prelude::*;
use snapbox::assert_data_eq;

const FILE: FileId = FileId(0);
const UNTIDY: &str = include_str!("format/untidy.md");
static TIDY: LazyLock<String> = LazyLock::new(|| tidy(UNTIDY));

#[expect(clippy::panic, reason = "a helper of tests: the document's errors are the message")]
fn tidy(text: &str) -> String {
    format(FILE, text).unwrap_or_else(|errors| panic!("{errors:#?}\n{text}"))
}

/// The words of the rules, as far as no formatter may change them, and the comments.
fn words(text: &str) -> Vec<String> {
    let parsed = parse(text);
    assert_eq!(parsed.errors(), &[], "{text}");
    let root = parsed.document().syntax().clone();
    root.tokens()
        .filter(|token| is_word(token.kind()))
        .map(|token| word(&token))
        .collect()
}

fn is_word(kind: SyntaxKind) -> bool {
    kind == SyntaxKind::COMMENT || !kind.is_trivia()
}

fn word(token: &SyntaxToken) -> String {
    match token.kind() {
        SyntaxKind::PROSE => token.text().to_owned(),
        kind => match kind.punctuation() {
            Some(sign) => sign.to_owned(),
            None => token.text().replace('０', "0").replace('５', "5").trim().to_owned(),
        },
    }
}

/// The kinds of all nodes, in order: what the rules are, apart from how they are written.
fn structure(text: &str) -> Vec<SyntaxKind> {
    parse(text)
        .document()
        .syntax()
        .descendants()
        .map(|node| node.kind())
        .collect()
}

#[test]
fn an_untidy_document() {
    assert_data_eq!(TIDY.as_str(), snapbox::file!["format/tidy.md"]);
}

#[test]
fn a_tidy_document_stays_as_it_is() {
    assert_eq!(tidy(&TIDY), *TIDY);
}

#[test]
fn a_document_with_errors_is_left_alone() {
    assert!(format(FILE, "# A\n\n```meed\nmeasure x fro Enterprise {}\n```\n").is_err());
}

#[test]
fn line_ends_are_kept() {
    let windows = TIDY.replace('\n', "\r\n");
    assert_eq!(tidy(&windows), windows);
}

#[test]
fn keywords_turn_into_chinese_and_back() {
    let chinese = convert(FILE, &TIDY, Language::Chinese).unwrap();
    assert!(
        chinese.contains("rules: zh")
            && chinese.contains("措施 high_growth_hiring")
            && chinese.contains("持有(gazelle, 至少 provincial)"),
        "{chinese}"
    );
    assert_eq!(convert(FILE, &chinese, Language::English).unwrap(), *TIDY);
    assert_eq!(convert(FILE, &chinese, Language::Chinese).unwrap(), chinese);
}

/// `any of` is shorter than `任一满足`, and a line that just fits stays one all the same.
#[test]
fn lines_stay_where_they_are_in_the_other_language() {
    let text = "```meed\nmeasure m for E {\n  when {\n    employer: any of { firm: employer_enterprise and employer_in_districts  institution: employer_institution }\n  }\n  pay 1 CNY\n}\n```\n";
    assert_eq!(format(FILE, text).unwrap(), text);
    let chinese = format(FILE, &convert(FILE, text, Language::Chinese).unwrap()).unwrap();
    let english = format(FILE, &convert(FILE, &chinese, Language::English).unwrap()).unwrap();
    assert_eq!(english, text);
}

#[test]
fn keywords_turn_without_front_matter() {
    let english = "# 甲\n\n```meed\nparameter x = 1 year\n```\n";
    let chinese = convert(FILE, english, Language::Chinese).unwrap();
    assert_eq!(chinese, "---\nrules: zh\n---\n\n# 甲\n\n```meed\n参数 x = 1 年\n```\n");
    assert_eq!(convert(FILE, &chinese, Language::English).unwrap(), english);
}

#[test]
fn a_name_that_would_become_a_keyword_is_refused() {
    let text = "# 甲\n\n```meed\ndefine 今天 = 1\n```\n";
    let errors = convert(FILE, text, Language::Chinese).unwrap_err();
    assert!(
        errors.iter().all(|error| error.message.en.contains("今天")),
        "{errors:?}"
    );
}

/// What a careless hand does to the space before a token.
#[derive(Clone, Copy, Debug)]
enum Disturbance {
    Nothing,
    Wider,
    BlankLine,
    Comment,
}

fn disturbances() -> impl Strategy<Value = Vec<Disturbance>> {
    let one = prop_oneof![
        6 => Just(Disturbance::Nothing),
        2 => Just(Disturbance::Wider),
        1 => Just(Disturbance::BlankLine),
        1 => Just(Disturbance::Comment),
    ];
    prop::collection::vec(one, 400..800)
}

/// The document with its space disturbed: breaks become wider, comments are added where a line ends.
fn disturbed(text: &str, how: &[Disturbance]) -> String {
    let root = parse(text).document().syntax().clone();
    let mut how = how.iter().copied();
    let mut out = String::new();
    for token in root.tokens() {
        let quoted = token
            .parent_ancestors()
            .flat_map(|node| node.children_with_tokens())
            .any(|element| element.kind() == SyntaxKind::LINE_PREFIX);
        let next = if token.kind() == SyntaxKind::WHITESPACE && !quoted {
            how.next()
        } else {
            None
        };
        let ends_line = token.text().contains('\n');
        match next {
            Some(Disturbance::Wider) => out.push_str("  "),
            Some(Disturbance::BlankLine) if ends_line => out.push_str("\n \n"),
            Some(Disturbance::Comment) if ends_line => out.push_str("  # 说明\n# x"),
            _ => {}
        }
        out.push_str(token.text());
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn formatting_twice_is_formatting_once(how in disturbances()) {
        let once = tidy(&disturbed(UNTIDY, &how));
        prop_assert_eq!(tidy(&once), once);
    }

    #[test]
    fn formatting_keeps_words_comments_and_structure(how in disturbances()) {
        let before = disturbed(UNTIDY, &how);
        let after = tidy(&before);
        prop_assert_eq!(words(&after), words(&before));
        prop_assert_eq!(structure(&after), structure(&before));
    }

    #[test]
    fn whatever_is_formatted_is_answered(text in "(# A\n\n```meed\n)?(\\PC|\n|measure |when |\\{|\\}|: |, |3% )*(\n```\n)?") {
        if let Ok(once) = format(FILE, &text) {
            prop_assert_eq!(tidy(&once), once);
        }
    }
}

#[test]
fn the_deepest_rules_are_laid_out() {
    let deepest = (1..=100).rev().find_map(|depth| {
        let (open, close) = ("all of { a: ".repeat(depth), " }".repeat(depth));
        format(FILE, &format!("# A\n\n```meed\ndefine x = {open}1 = 1{close}\n```\n")).ok()
    });
    let once = deepest.unwrap();
    assert_eq!(tidy(&once), once);
}
