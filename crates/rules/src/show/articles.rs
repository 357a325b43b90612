//! Documents, what has been made of their articles, and holes in their texts.

use std::collections::HashSet;

use meed_facts::date::Date;
use meed_syntax::ast::{self, Article, AstNode, Block, Heading, Item};
use meed_syntax::phrases::Phrase;

use super::{ArticleState, ArticleView, DocumentView, Hole};
use crate::check::Checked;
use crate::package::{Package, PolicyDocument};

pub(super) fn documents(checked: &Checked<'_>, on: Option<Date>) -> Vec<DocumentView> {
    let package = checked.package();
    let both = package.documents.iter().zip(checked.documents().iter());
    both.filter(|(_, (_, about))| on.is_none_or(|day| about.in_force.contains(day)))
        .map(|(document, (_, about))| DocumentView {
            document: about.clone(),
            articles: if about.number.is_some() {
                articles(package, document)
            } else {
                Vec::new()
            },
            holes: holes(package, document),
        })
        .collect()
}

fn articles(package: &Package, document: &PolicyDocument) -> Vec<ArticleView> {
    let articles = document.document().articles();
    let above: HashSet<&Heading> = articles
        .iter()
        .flat_map(|article| article.path.iter().rev().skip(1))
        .collect();
    articles
        .iter()
        .filter_map(|article| {
            let heading = article.path.last()?;
            // A heading above others is no article of its own, unless rules stand right below it.
            let counts = !above.contains(heading) || !article.blocks.is_empty();
            counts.then(|| ArticleView {
                headings: words(&article.path),
                line: line(package, document, heading.range().start().into()),
                state: state(article),
            })
        })
        .collect()
}

fn state(article: &Article) -> ArticleState {
    let items: Vec<Item> = article.blocks.iter().flat_map(Block::item).collect();
    let reason = items.iter().find_map(|item| match item {
        Item::NoRule(no_rule) => no_rule.reason(),
        _ => None,
    });
    match reason {
        Some(Phrase::Principle) => ArticleState::Principle,
        Some(Phrase::Organisational) => ArticleState::Organisational,
        Some(Phrase::Elsewhere) => ArticleState::Elsewhere,
        Some(Phrase::Superseded) => ArticleState::Superseded,
        Some(_) => ArticleState::TextMissing,
        None if items.is_empty() => ArticleState::Silent,
        None => ArticleState::Rules,
    }
}

fn holes(package: &Package, document: &PolicyDocument) -> Vec<Hole> {
    let nodes = document.document().syntax().descendants();
    nodes
        .filter_map(ast::Hole::cast)
        .map(|hole| {
            let block = hole.syntax().ancestors().find_map(Block::cast);
            let start: u32 = hole.range().start().into();
            Hole {
                headings: block.map(|block| words(&block.heading_path())).unwrap_or_default(),
                line: line(package, document, start),
                text: whole_line(package, document, start),
            }
        })
        .collect()
}

fn words(path: &[Heading]) -> Vec<String> {
    path.iter().map(|heading| heading.text().trim().to_owned()).collect()
}

fn line(package: &Package, document: &PolicyDocument, byte: u32) -> u32 {
    package
        .sources
        .get(document.file)
        .map_or(0, |file| file.location(byte).line)
}

/// The line that a byte stands in: it says of what the text is missing.
fn whole_line(package: &Package, document: &PolicyDocument, byte: u32) -> String {
    let line = line(package, document, byte);
    let text = package.sources.get(document.file).map_or("", |file| file.text());
    let index = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
    let line = text.lines().nth(index).unwrap_or_default();
    line.split('#').next().unwrap_or_default().trim().to_owned()
}
