//! `docs/diagnostics.md` is printed from the code table. `UPDATE=1 cargo test -p meed-syntax` rewrites it.

use std::path::Path;

use meed_syntax::diagnostic::{Code, Severity};

const HEAD: &str = "\
# Diagnostics

What `meed check` can find, by code. Printed from `crates/syntax/src/diagnostic/codes.rs`. An example is a small document that has the finding,
with what is said about it beside it.

`meed check` 能够发现的问题，按代码排列。例子是含有该问题的小文件，旁边是相应的提示。
";

const GROUPS: [(&str, &str); 9] = [
    ("Syntax", "语法"),
    ("Names", "名称"),
    ("Types, units, periods", "类型、单位、期间"),
    ("Dates and versions", "日期与版本"),
    ("Tables and what they cover", "表格与覆盖"),
    ("Measures and money", "措施与金额"),
    ("Text and rule", "条文与规则"),
    ("Analysis", "分析"),
    ("Cases", "案例"),
];

fn page(examples: &Path) -> String {
    let mut out = HEAD.to_owned();
    for (hundred, (en, zh)) in GROUPS.iter().enumerate() {
        out += &format!("\n## M{hundred:02}xx: {en} · {zh}\n");
        for code in Code::ALL
            .iter()
            .filter(|code| usize::from(**code as u16 / 100) == hundred)
        {
            out.push_str(&entry(*code, examples));
        }
    }
    out
}

fn entry(code: Code, examples: &Path) -> String {
    let severity = match code.severity() {
        Severity::Error => "error · 错误",
        Severity::Warning => "warning · 警告",
        Severity::Note => "note · 说明",
    };
    let (en, zh) = (code.title_en(), code.title_zh());
    let mut out = format!("\n### {code}: {en}\n\n**{zh}** ({severity})\n\n");
    out += &format!("{}\n\n{}\n", code.explanation_en(), code.explanation_zh());
    if examples.join(format!("{code}.md")).exists() {
        let folder = "../crates/rules/tests/diagnostics";
        out += &format!("\n[example]({folder}/{code}.md) · [what is said]({folder}/{code}.txt)\n");
    }
    out
}

#[test]
fn the_page_says_what_the_table_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let expected = page(&root.join("crates/rules/tests/diagnostics"));
    let path = root.join("docs/diagnostics.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "docs/diagnostics.md is stale: run `UPDATE=1 cargo test -p meed-syntax`"
    );
}

#[test]
fn every_code_is_in_a_group_and_its_number_is_its_own() {
    let mut numbers: Vec<u16> = Code::ALL.iter().map(|code| *code as u16).collect();
    assert!(numbers.iter().all(|number| usize::from(number / 100) < GROUPS.len()));
    assert!(
        numbers.is_sorted(),
        "the table is read by people: keep it in the order of its numbers"
    );
    numbers.dedup();
    assert_eq!(numbers.len(), Code::ALL.len());
}
