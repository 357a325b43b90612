//! Random packages: measures for the applicant and for each item, and clauses of every form over them.

use meed_rules::package::Files;

use crate::chance::Chance;

pub const MEASURES: usize = 5;

const MANIFEST: &str = r#"
name = "random"
version = "1"
title = { zh = "随机", en = "Random" }
jurisdiction = "CN-230100"
currency = "CNY"
languages = ["zh", "en"]
"#;

const VOCABULARY: &str = "---
title: { zh: 词汇, en: Words }
---

# Words

```meed
agency panel zh \"专家组\" en \"Panel\"
entity Firm zh \"企业\" en \"Firm\" key id
facts of Firm from table
```

| fact | type | 中文 | English | source |
|---|---|---|---|---|
| id | text | 编号 | Reference | declared |
| f0 | bool | 条件零 | Condition 0 | declared |
| f1 | bool | 条件一 | Condition 1 | declared |
| f2 | bool | 条件二 | Condition 2 | judged by panel |
| a0 | CNY | 金额零 | Amount 0 | declared |
| a1 | CNY applies when f0 | 金额一 | Amount 1 | declared |
| a2 | CNY | 金额二 | Amount 2 | declared |
| k0 | text | 事项零 | Matter 0 | declared |
| k1 | text applies when f1 | 事项一 | Matter 1 | declared |
| l0 | CNY | 上限 | Limit | declared |
| o0 | CNY | 其他资金 | Other money | declared |
| n0 | number | 数量 | Number | declared |
| d0 | date | 日期 | Day | declared |
| d1 | date | 截止 | Last day | declared |
| items | many Item | 项目 | Items | declared |

```meed
entity Item zh \"项目\" en \"Item\" key id
facts of Item from table
```

| fact | type | 中文 | English | source |
|---|---|---|---|---|
| id | text | 编号 | Reference | declared |
| flag | bool | 条件 | Condition | declared |
| amount | CNY | 金额 | Amount | declared |
| cost | CNY | 费用 | Cost | declared |
| other | CNY applies when flag | 其他资金 | Other money | declared |
| matter | text | 事项 | Matter | declared |
| start | date | 开始 | Start | declared |
| until | date | 截止 | Last day | declared |
";

/// Whose line a measure pays.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    Firm,
    Item,
}

pub fn files(chance: &mut Chance) -> Files {
    let kinds: Vec<For> = (0..MEASURES)
        .map(|_| if chance.one_in(2) { For::Item } else { For::Firm })
        .collect();
    let mut rules = String::new();
    for (number, kind) in kinds.iter().enumerate() {
        rules.push_str(&measure(chance, number, *kind));
    }
    for number in 0..chance.below(5) {
        rules.push_str(&clause(chance, number, &kinds));
    }
    if chance.one_in(4) {
        let covers = names(&chance.some_of(MEASURES));
        rules.push_str(&format!(
            "fund fund0 zh \"资金\" en \"Fund\" {{ 2023: 100 CNY covers {covers} when short: pro rata }}\n"
        ));
    }
    let document = format!(
        "---\ntitle: {{ zh: 文件, en: Document }}\nnumber: random 1\n---\n\n# Article\n\n```meed\n{rules}```\n"
    );
    Files::from([
        ("meed.toml".to_owned(), MANIFEST.to_owned()),
        ("vocabulary.md".to_owned(), VOCABULARY.to_owned()),
        ("rules.md".to_owned(), document),
    ])
}

fn names(measures: &[usize]) -> String {
    let names: Vec<String> = measures.iter().map(|number| format!("m{number}")).collect();
    names.join(", ")
}

fn measure(chance: &mut Chance, number: usize, kind: For) -> String {
    let item = kind == For::Item;
    let of = if item { " per item in items" } else { "" };
    let condition = match chance.below(if item { 5 } else { 3 }) {
        0 => "f0".to_owned(),
        1 => "f2 and f1".to_owned(),
        2 => format!("a{} > {} CNY", chance.below(3), chance.below(9)),
        _ => "item.flag".to_owned(),
    };
    let amount = match (chance.below(7), item) {
        (6, _) => "n0 * a0, rounded half even to 0.01 CNY".to_owned(),
        (0 | 1, true) => "item.amount".to_owned(),
        (2, true) => "50% of item.cost, rounded down to 1 CNY".to_owned(),
        (3, _) => format!("{} CNY", 1 + chance.below(12)),
        (4, _) => "assessed up to a0".to_owned(),
        (5, _) => format!("a{}, at most {} CNY", chance.below(3), 1 + chance.below(12)),
        _ => format!("a{}", chance.below(3)),
    };
    let once = match chance.below(8) {
        0 | 1 => " once".to_owned(),
        2 => format!(" once per {}", if item { "item.matter" } else { "k0" }),
        3 if number > 0 => format!(" once counting m{}", chance.below(number)),
        _ => String::new(),
    };
    // The second may fail in a period and hold in a later one.
    let stays = *chance.of(&[">=", "<"]);
    let series = match (chance.below(8), item) {
        (0, _) => format!(" while {{ s: d1 {stays} due }} every year for 3 years from d0"),
        (1, true) => {
            format!(" while {{ s: item.until {stays} due }} every half year for 2 years from item.start, in arrears")
        }
        _ => String::new(),
    };
    let ends = match chance.below(2) {
        0 if !series.is_empty() => " ends on failure",
        _ => "",
    };
    let anchor = match (chance.below(8), item) {
        (0, _) => " anchored at d0",
        (1, true) => " anchored at item.start",
        _ => "",
    };
    format!(
        "measure m{number} for Firm{of} zh \"措施{number}\" en \"Measure {number}\" {{ when {{ c{number}: {condition} }} pay {amount}{once}{series}{ends}{anchor} }}\n"
    )
}

fn clause(chance: &mut Chance, number: usize, kinds: &[For]) -> String {
    let members = chance.some_of(MEASURES);
    let form = match chance.below(8) {
        0 if members.len() > 1 => format!("exclusive {}", names(&members)),
        1 if members.len() > 1 => format!("exclusive {}", names(&members).replacen(", ", " before ", 1)),
        2 | 3 => format!("highest of {}", names(&members)),
        4 => format!("top up {}", names(&members)),
        5 => format!("unresolved {}", names(&members)),
        _ => ceiling(chance, &members, kinds),
    };
    let after = match number {
        0 => String::new(),
        _ => format!(" after g{}", number - 1),
    };
    let per = keys(chance, &members, kinds);
    format!("combine g{number} zh \"条款{number}\" en \"Clause {number}\": {form}{per}{after}\n")
}

fn ceiling(chance: &mut Chance, members: &[usize], kinds: &[For]) -> String {
    let all_items = members.iter().all(|member| kinds[*member] == For::Item);
    let limit = match chance.below(5) {
        0 => "l0".to_owned(),
        1 if all_items => "75% of item.cost".to_owned(),
        _ => format!("{} CNY", 1 + chance.below(30)),
    };
    let year = if chance.one_in(4) { " per year" } else { "" };
    let counting = match chance.below(6) {
        0 => " counting o0",
        1 if all_items => " counting item.other",
        _ => "",
    };
    let cut = match chance.below(4) {
        0 => String::new(),
        1 => format!(
            ", cut {}",
            names(&members[..members.len().min(2)]).replace(", ", " before ")
        ),
        _ => ", cut in proportion".to_owned(),
    };
    format!("at most {limit}{year}{counting} over {}{cut}", names(members))
}

fn keys(chance: &mut Chance, members: &[usize], kinds: &[For]) -> String {
    if !chance.one_in(3) {
        return String::new();
    }
    let key = |member: &usize, chance: &mut Chance| {
        let key = match kinds[*member] {
            For::Item => *chance.of(&["item.id", "item.matter", "k0"]),
            For::Firm => *chance.of(&["k0", "k1"]),
        };
        format!("m{member} by {key}")
    };
    let keys: Vec<String> = members.iter().map(|member| key(member, chance)).collect();
    let judged = if chance.one_in(8) { " judged by panel" } else { "" };
    format!(" per same {}{judged}", keys.join(", "))
}
