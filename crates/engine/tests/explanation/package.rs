//! Packages for these tests: a small one, and the repository's.

use std::path::Path;

use meed_facts::date::Date;
use meed_facts::record::Record;
use meed_rules::package::{Files, Package};
use meed_rules::program::Program;

/// A firm with figures, for measures with one condition each.
const SMALL: &str = r#"---
title: { zh: 小办法, en: Small measures }
number: 测试〔2024〕1号
issuer: { zh: 市政府, en: City }
in_force: 2020-01-01..
source: official
---

# 一 条件

```meed
entity Firm zh "企业" en "Firm" key code
facts of Firm from table
```

| fact | type | 中文 | English | source | evidence |
|---|---|---|---|---|---|
| code | text | 代码 | Code | registry | |
| founded | date | 成立日期 | Date founded | registry | |
| revenue | CNY yearly | 营业收入 | Revenue | declared | 审计报告 |
| rd | CNY yearly | 研发费用 | R&D expense | declared | 审计报告 |
| staff | count | 从业人员 | Staff | declared | |
| export_share | number 0 .. 1 | 出口占比 | Export share | declared | |
| clean | bool | 无违法记录 | Clean record | registry | |
| judged_good | bool | 评价良好 | Judged good | judged by office | |

```meed
agency office zh "主管局" en "Office"

measure research for Firm zh "研发补助" en "Research grant" {
  when {
    ratio: rd(2022) / revenue(2022) >= 3%
    clean: clean
  }
  pay 10万 CNY
}

measure size for Firm zh "规模奖" en "Size award" {
  when { size: staff > 20 or revenue(2022) - rd(2022) > 1000万 CNY }
  pay 5万 CNY
}

measure age for Firm zh "成长奖" en "Growth award" {
  when { old: founded + 2 years <= today }
  pay 1万 CNY
}

measure export for Firm zh "出口奖" en "Export award" {
  when { share: export_share > 25% }
  pay 2万 CNY
}

measure quality for Firm zh "质量奖" en "Quality award" {
  when { good: judged_good }
  pay 3万 CNY
}
```
"#;

const MANIFEST: &str = r#"name = "small"
version = "1"
title = { zh = "小办法", en = "Small measures" }
jurisdiction = "CN-230100"
currency = "CNY"
"#;

pub fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// The small package's Program.
pub fn small(on: &str) -> Program {
    small_with("", on)
}

/// The small package's Program with more rules.
pub fn small_with(rules: &str, on: &str) -> Program {
    let mut files = Files::new();
    files.insert("meed.toml".to_owned(), MANIFEST.to_owned());
    files.insert(
        "rules.md".to_owned(),
        format!("{SMALL}\n# 二 其他\n\n```meed\n{rules}\n```\n"),
    );
    program(&Package::from_files(files).unwrap(), on)
}

/// The repository's package.
pub fn harbin(on: &str) -> Program {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/harbin");
    program(&Package::open(&root).unwrap(), on)
}

fn program(package: &Package, on: &str) -> Program {
    let checked = meed_rules::check(package);
    checked.program(date(on)).unwrap_or_else(|findings| {
        let all: Vec<String> = findings.iter().map(|finding| format!("{finding:?}")).collect();
        panic!("{}", all.join("\n"))
    })
}

/// Facts in the small package's terms.
pub fn firm(program: &Program, facts: &str) -> Record {
    meed_facts::json::read(&program.schema, &format!("{{\"firm\": {facts}}}")).unwrap()
}

/// One of the repository's examples.
pub fn example(program: &Program, name: &str) -> Record {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    meed_facts::json::read(&program.schema, &text).unwrap()
}
