//! What is said about mistakes: where, what, and the fix, all at once and without echoes.

use meed_syntax::parse;

/// Each finding as `LINE CODE: sentence [fix]`, lines counted from the first line of the rules.
fn findings(rules: &str) -> Vec<String> {
    document(&format!("# 一\n```meed\n{rules}\n```\n"), 2)
}

fn document(text: &str, before: usize) -> Vec<String> {
    parse(text)
        .errors()
        .iter()
        .map(|error| {
            let line = text
                .get(..error.start as usize)
                .unwrap_or("")
                .matches('\n')
                .count()
                .saturating_add(1)
                .saturating_sub(before);
            let fix = error
                .fix
                .as_ref()
                .map(|(_, _, fix)| format!(" [{fix}]"))
                .unwrap_or_default();
            format!("{line} {:?}: {}{fix}", error.code, error.message.en)
        })
        .collect()
}

macro_rules! says {
    ($($name:ident: $rules:expr => [$($finding:expr),* $(,)?];)*) => {$(
        #[test]
        fn $name() {
            assert_eq!(findings($rules), [$($finding),*] as [&str; { let n: &[&str] = &[$($finding),*]; n.len() }]);
        }
    )*};
}

says! {
    misspelt_item: "mesure m for E { pay 1 CNY }" => ["1 UnknownKeyword: unknown keyword `mesure` [measure]"];
    misspelt_clause_and_a_later_error: "measure m for E {\n  wen x > 1\n  pay\n  to applicant\n}\nagency\n" => [
        "2 UnknownKeyword: unknown keyword `wen` [when]",
        "4 MissingExpression: expected an expression, found `to`",
        "6 UnexpectedToken: expected a name, but the rules end here",
    ];
    keyword_of_the_other_language: "措施 m for E { }" => ["1 WrongLanguage: unknown keyword `措施` [measure]"];
    reserved_word_as_name: "define today = 1" => ["1 ReservedWord: `today` is a reserved word and cannot be a name"];
    open_brace_before_the_next_item: "measure a for E {\n  pay 1 CNY\nmeasure b for E { pay 2 CNY }" => [
        "1 UnclosedBracket: this `{` is not closed",
    ];
    open_brace_at_the_end: "measure a for E {\n  when { x > 1\n" => [
        "1 UnclosedBracket: this `{` is not closed",
        "2 UnclosedBracket: this `{` is not closed",
    ];
    open_text: "agency a zh \"甲" => ["1 UnclosedText: this text has no closing quote on its line [\"]"];
    misleading_text: "agency a zh \"甲\u{202e}乙\" # \u{200b}" => [
        "1 InvisibleCharacter: an invisible character, \\u{202e} []",
        "1 InvisibleCharacter: an invisible character, \\u{200b} []",
    ];
    unknown_escape: r#"agency a zh "a\nb \" c""# => [r"1 BadEscape: `\n` means nothing in a text"];
    chained_comparison: "define a = 1 < x < 2" => ["1 ChainedComparison: expected one comparison; join two with `and`, found `<`"];
    impossible_date: "parameter p { 2023-02-29..: 1 }" => ["1 ImpossibleDate: there is no date `2023-02-29`"];
    impossible_day: "measure m for E { apply 31 June .. 07-01 }" => ["1 ImpossibleDate: there is no such day"];
    stray_character: "define a = 1 ? 2" => [
        "1 BadCharacter: `?` means nothing in a rule",
    ];
    a_number_beyond_reading: "parameter p = 1234567890123456789012345678901" => [
        "1 BadNumber: this number has too many digits to be read",
    ];
    missing_operand: "define a = 1 +\n\ndefine b = 2" => ["3 MissingExpression: expected an expression, found `define`"];
    missing_parenthesis: "define a = (1 + 2\ndefine b = 3" => ["2 UnexpectedToken: expected `)`, found `define`"];
    table_not_there: "facts of E from table" => ["1 TableMissing: no table follows `from table`"];
    table_item_not_last: "facts of E from table\nagency a" => ["1 ItemAfterTable: an item that reads a table is the last one of its block"];
    a_line_break_ends_an_expression: "measure m for E { when { a > 1\n- 2 > b } }" => [];
    labels_are_never_reserved: "measure m for E { when { today: a.year > 1  any: b  of: c } }" => [];
}

#[test]
fn fences_and_front_matter() {
    assert_eq!(
        document("# a\n```meed\nagency a\n", 0),
        ["2 UnclosedFence: this block of rules is not closed"]
    );
    assert_eq!(
        document("---\ntitle: x\n", 0),
        [
            "1 UnclosedFrontMatter: the front matter has no closing `---`",
            "2 BadFrontMatterValue: `title` is written `{ zh: …, en: … }`",
        ]
    );
    let head = "---\ntitel: x\nissued: 2023-02-30\nissued: 2023-02-20\nin_force: 2024-01-01..2023-01-01\nsource: offical\nrepeals: [X]\nbare\n---\n";
    assert_eq!(
        document(head, 0),
        [
            "2 UnknownFrontMatterKey: `titel` is not known here [title]",
            "3 BadFrontMatterValue: expected a date such as 2023-02-20",
            "4 DuplicateFrontMatterKey: `issued` is given twice",
            "5 BadFrontMatterValue: expected a span such as `2023-03-10..`, whose end is later",
            "6 BadFrontMatterValue: `offical` is not known here [official]",
            "7 BadFrontMatterValue: expected `NUMBER from DATE` or `NUMBER HEADING from DATE`",
            "8 BadFrontMatter: expected `key: value`",
        ]
    );
}

#[test]
fn cells_are_checked_by_their_columns() {
    let table = "# a\n```meed\nfacts of E from table\n```\n\n| fact | type | source |\n|---|---|---|\n| a b | count | registy |\n| c | 5 | declared | more |\n";
    assert_eq!(
        document(table, 0),
        [
            "8 UnexpectedToken: expected the end of the cell, found `b`",
            "8 UnknownKeyword: unknown keyword `registy` [registry]",
            "9 UnexpectedToken: expected a type, found `5`",
            "9 RowLength: this row has more cells than the table's head",
        ]
    );
}

#[test]
fn a_place_is_the_whole_word_in_the_document() {
    let text = "# 一\n\n> ```meed\n> parameter p { ２０２３-02-29..: 1 }\n> ```\n";
    let parsed = parse(text);
    let places: Vec<_> = parsed
        .errors()
        .iter()
        .map(|error| text.get(error.start as usize..error.end as usize))
        .collect();
    assert_eq!(places, [Some("２０２３-02-29")]);
}

#[test]
fn too_deep_is_one_finding() {
    let deep = format!("define a = {}1", "(".repeat(500));
    assert_eq!(findings(&deep), ["1 DepthLimit: this is nested too deeply"]);
}
