//! What a package holds, for people.

use std::fmt::Write as _;

use meed_facts::date::Span as Dates;
use meed_facts::label::Lang;
use meed_rules::package::Manifest;
use meed_rules::program::Confidence;
use meed_rules::show::{AgencyView, ArticleState, Cited, DocumentView, LeadView, Overview, RuleKind, RuleView};

/// The kinds that the overview lists; the others are shown by name.
const LISTED: [RuleKind; 5] = [
    RuleKind::Measure,
    RuleKind::Service,
    RuleKind::Title,
    RuleKind::Combine,
    RuleKind::Fund,
];

/// The whole package.
pub fn overview(manifest: &Manifest, overview: &Overview, lang: Lang) -> String {
    let title = manifest.title.text(lang, &manifest.name);
    let mut text = format!("{title} ({} {})\n", manifest.name, manifest.version);
    for kind in LISTED {
        rules(&mut text, overview, kind, lang);
    }
    heading(&mut text, say(lang, "文件与条款", "Documents and articles"));
    for document in overview
        .documents
        .iter()
        .filter(|document| document.document.number.is_some())
    {
        articles(&mut text, document, lang);
    }
    heading(&mut text, say(lang, "条文空缺", "Holes in the text at hand"));
    let mut none = true;
    for document in &overview.documents {
        for hole in &document.holes {
            none = false;
            let place = format!("{}:{}", document.document.path, hole.line);
            let _ = writeln!(text, "  {place}  {}\n      {}", hole.headings.join(" / "), hole.text);
        }
    }
    if none {
        let _ = writeln!(text, "  {}", say(lang, "无", "none"));
    }
    text
}

/// One version of a rule.
pub fn rule(rule: &RuleView, lang: Lang) -> String {
    let mut text = format!("{} {}  {}\n", rule.kind.name(), rule.name, rule.label.text(lang, ""));
    let mut line = |zh: &str, en: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "  {}: {value}", say(lang, zh, en));
        }
    };
    line("生效期间", "in force", &span(rule.in_force, lang));
    line("出处", "citation", &citation(&rule.cited));
    line("位置", "place", &format!("{}:{}", rule.cited.path, rule.cited.line));
    line("来源", "source", confidence(rule.source, lang));
    line("依据", "basis", rule.basis.as_deref().unwrap_or_default());
    line(
        "牵头",
        "lead",
        &rule.lead.as_ref().map(|who| lead(who, lang)).unwrap_or_default(),
    );
    let with: Vec<&str> = rule.with.iter().map(|agency| named(agency, lang)).collect();
    line("配合", "with", &with.join(", "));
    for amendment in &rule.amended_by {
        line("修订", "amended by", &citation(amendment));
    }
    text.push('\n');
    for written in rule.text.lines() {
        let _ = writeln!(text, "    {written}");
    }
    text.push('\n');
    text
}

fn rules(text: &mut String, overview: &Overview, kind: RuleKind, lang: Lang) {
    let of_kind: Vec<&RuleView> = overview.rules.iter().filter(|rule| rule.kind == kind).collect();
    if of_kind.is_empty() {
        return;
    }
    heading(
        text,
        match kind {
            RuleKind::Measure => say(lang, "措施", "Measures"),
            RuleKind::Service => say(lang, "服务", "Services"),
            RuleKind::Title => say(lang, "称号", "Titles"),
            RuleKind::Combine => say(lang, "组合规则", "Combination clauses"),
            _ => say(lang, "资金", "Funds"),
        },
    );
    for rule in of_kind {
        let _ = writeln!(text, "  {}  {}", rule.name, rule.label.text(lang, ""));
        let who = rule.lead.as_ref().map(|who| match who {
            LeadView::Agency(_) => format!("; {}", lead(who, lang)),
            LeadView::TextMissing => format!("; {} {}", say(lang, "牵头", "lead:"), lead(who, lang)),
        });
        let sure = match rule.source {
            Confidence::Official => String::new(),
            other => format!("; {}", confidence(other, lang)),
        };
        let _ = writeln!(
            text,
            "      {}; {}{}{sure}",
            span(rule.in_force, lang),
            citation(&rule.cited),
            who.unwrap_or_default()
        );
    }
}

fn articles(text: &mut String, document: &DocumentView, lang: Lang) {
    let about = &document.document;
    let number = about.number.as_deref().unwrap_or_default();
    let count = document.count();
    let percent = count
        .percent()
        .map_or_else(|| "-".to_owned(), |percent| format!("{percent} %"));
    let _ = writeln!(
        text,
        "  {number}  {}\n      {}; {}; {percent}: {} {}, {} {}, {} {}, {} {}",
        about.title.text(lang, &about.path),
        span(about.in_force, lang),
        confidence(about.source, lang),
        count.rules,
        say(lang, "条有规则", "with rules"),
        count.reasoned,
        say(lang, "条说明无需规则", "reasoned without"),
        count.missing,
        say(lang, "条缺文本", "text missing"),
        count.silent,
        say(lang, "条未说明", "silent"),
    );
    for article in &document.articles {
        if matches!(article.state, ArticleState::TextMissing | ArticleState::Silent) {
            let heading = article.headings.join(" / ");
            let _ = writeln!(
                text,
                "      {}:{}  {heading}: {}",
                about.path,
                article.line,
                article.state.name()
            );
        }
    }
}

fn heading(text: &mut String, words: &str) {
    let _ = writeln!(text, "\n{words}");
}

fn say<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

fn span(span: Dates, lang: Lang) -> String {
    match (span.from, span.until) {
        (None, None) => say(lang, "未载明施行日期，按始终有效计", "always, as no day is stated").to_owned(),
        (from, until) => {
            let day = |day: Option<meed_facts::date::Date>| day.map(|day| day.to_string()).unwrap_or_default();
            format!("{}..{}", day(from), day(until))
        }
    }
}

fn citation(cited: &Cited) -> String {
    let document = cited.number.as_deref().unwrap_or(&cited.path);
    if cited.headings.is_empty() {
        return document.to_owned();
    }
    format!("{document} {}", cited.headings.join(" / "))
}

fn lead(lead: &LeadView, lang: Lang) -> String {
    match lead {
        LeadView::Agency(agency) => named(agency, lang).to_owned(),
        LeadView::TextMissing => say(lang, "原文缺失", "text missing").to_owned(),
    }
}

fn named(agency: &AgencyView, lang: Lang) -> &str {
    agency.label.text(lang, &agency.name)
}

fn confidence(source: Confidence, lang: Lang) -> &'static str {
    match source {
        Confidence::Official => say(lang, "官方文本", "official text"),
        Confidence::Secondary => say(lang, "二手资料", "secondary source"),
        Confidence::Draft => say(lang, "草稿", "draft"),
    }
}
