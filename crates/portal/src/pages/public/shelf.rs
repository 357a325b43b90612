//! Published packages, read for people: documents, their clauses, and the rules made of each clause.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use meed_facts::date::Date;
use meed_facts::label::Label;
use meed_office::machine::PolicyState;
use meed_office::policies::{Document as Kept, Policy};
use meed_office::store::{Cell, Connection};
use meed_office::tx::select;
use meed_rules::package::{FIGURES, PolicyDocument};
use meed_rules::program::Document;
use meed_rules::show::{ArticleState, DocumentView, RuleView, show};
use meed_rules::{Package, check};
use meed_syntax::ast::{AstNode, Heading, Item, Table};
use meed_syntax::{SyntaxElement, SyntaxKind};

use crate::access::{self, Viewer};
use crate::fault::Fault;
use crate::view::anchor;

/// A published version of a package, and what stands in it.
#[derive(Clone, Debug)]
pub struct Published {
    /// The version.
    pub policy: Policy,
    /// What stands in it.
    pub shelf: Arc<Shelf>,
}

/// What stands in a package.
#[derive(Debug)]
pub struct Shelf {
    /// What the package is called.
    pub title: Label,
    /// Its documents.
    pub sheets: Vec<Sheet>,
    /// Its rules, all versions of each.
    pub rules: Vec<RuleView>,
    /// The file of the figures that are told to the public, where it has one.
    pub figures: Option<String>,
}

/// A document.
#[derive(Debug)]
pub struct Sheet {
    /// What its head says.
    pub about: Document,
    /// Its clauses; the first has no heading.
    pub clauses: Vec<Clause>,
}

/// A heading with what stands below it.
#[derive(Clone, Debug, Default)]
pub struct Clause {
    /// The headings above and its own, outermost first.
    pub headings: Vec<String>,
    /// Its level, from 1; 0 for what stands before the first heading.
    pub level: u8,
    /// Its words, as Markdown.
    pub prose: String,
    /// What was made of it, where it has no rules.
    pub state: Option<ArticleState>,
    /// The rules made of it, in the order of the document.
    pub rules: Vec<RuleView>,
}

/// How many packages are kept as read.
const MOST: usize = 16;
/// What was read, by the digest of the files: it is the same for everybody.
static READ: Mutex<BTreeMap<String, Arc<Shelf>>> = Mutex::new(BTreeMap::new());

/// The versions that are public, those that decide today first, the later before the earlier.
///
/// # Errors
/// Where the database fails.
pub fn published(connection: &mut Connection) -> Result<Vec<Published>, Fault> {
    let public = access::rows(&Viewer::default(), "policy", 0);
    let condition = format!("{} ORDER BY published_on DESC, id DESC", public.sql);
    let mut policies = select::<Policy>(connection, &condition, &public.arguments)?;
    policies.sort_by_key(|policy| policy.state != PolicyState::Published);
    let mut found = Vec::new();
    for policy in policies {
        let shelf = shelf_of(connection, &policy)?;
        found.push(Published { policy, shelf });
    }
    Ok(found)
}

fn shelf_of(connection: &mut Connection, policy: &Policy) -> Result<Arc<Shelf>, Fault> {
    let known = |read: &BTreeMap<String, Arc<Shelf>>| read.get(&policy.files).map(Arc::clone);
    if let Some(shelf) = known(&READ.lock().unwrap_or_else(PoisonError::into_inner)) {
        return Ok(shelf);
    }
    let kept = select::<Kept>(connection, "digest = $1", &[Cell::from(&policy.files)])?;
    let body = kept.into_iter().next().and_then(|kept| kept.body);
    let broken = |why: &str| Fault::Broken(format!("{}: {why}", policy.id));
    let files = body.ok_or_else(|| broken("its files are gone"))?;
    let files = serde_json::from_str(&files).map_err(|error| broken(&error.to_string()))?;
    let shelf = Arc::new(read(files).map_err(|file| broken(&file))?);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if read.len() >= MOST {
        read.pop_first();
    }
    read.insert(policy.files.clone(), Arc::clone(&shelf));
    Ok(shelf)
}

/// Reads a package's files.
///
/// # Errors
/// The file without which it is no package.
pub fn read(files: meed_rules::package::Files) -> Result<Shelf, String> {
    let figures = files.get(FIGURES).cloned();
    let package = Package::from_files(files)?;
    let checked = check(&package);
    let overview = show(&checked, None);
    let both = package.documents.iter().zip(&overview.documents);
    Ok(Shelf {
        title: package.manifest.title.clone(),
        sheets: both.map(|(text, view)| sheet(text, view, &overview.rules)).collect(),
        rules: overview.rules,
        figures,
    })
}

fn sheet(text: &PolicyDocument, view: &DocumentView, rules: &[RuleView]) -> Sheet {
    let mut clauses = clauses(text);
    for clause in &mut clauses {
        let here = |rule: &&RuleView| rule.cited.path == text.path && same(&rule.cited.headings, &clause.headings);
        clause.rules = rules.iter().filter(here).cloned().collect();
        clause.rules.sort_by_key(|rule| rule.cited.line);
        let article = view.articles.iter().find(|article| article.headings == clause.headings);
        clause.state = article
            .map(|article| article.state)
            .filter(|state| *state != ArticleState::Rules && *state != ArticleState::Silent);
    }
    Sheet {
        about: view.document.clone(),
        clauses,
    }
}

/// The clauses with their words: tables that rules read are words too.
fn clauses(text: &PolicyDocument) -> Vec<Clause> {
    let mut done = Vec::new();
    let mut above: Vec<Heading> = Vec::new();
    let mut current = Clause::default();
    for element in text.document().syntax().children_with_tokens() {
        match element {
            SyntaxElement::Token(token) if token.kind() == SyntaxKind::PROSE => current.prose.push_str(token.text()),
            SyntaxElement::Token(_) => {}
            SyntaxElement::Node(node) => {
                if let Some(heading) = Heading::cast(node.clone()) {
                    above.retain(|one| one.level() < heading.level());
                    let level = heading.level();
                    above.push(heading);
                    let headings = above.iter().map(|one| one.text().trim().to_owned()).collect();
                    let next = Clause {
                        headings,
                        level,
                        ..Clause::default()
                    };
                    done.push(std::mem::replace(&mut current, next));
                } else if Table::cast(node.clone()).is_some_and(|table| !holds_cases(&table)) {
                    current.prose.push_str(node.text());
                }
            }
        }
    }
    done.push(current);
    done.retain(|clause| !clause.headings.is_empty() || !clause.prose.trim().is_empty());
    done
}

/// Whether a table holds examples for the rules' author.
fn holds_cases(table: &Table) -> bool {
    matches!(table.item(), Some(Item::CaseTable(_)))
}

fn same(cited: &[Arc<str>], headings: &[String]) -> bool {
    cited.len() == headings.len() && cited.iter().zip(headings).all(|(a, b)| **a == **b)
}

impl Shelf {
    /// The document at a path.
    pub fn sheet(&self, path: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| &*sheet.about.path == path)
    }
}

impl Sheet {
    /// Whether it is a legal text; the others only say what words mean.
    pub fn is_legal(&self) -> bool {
        self.about.number.is_some()
    }

    /// Whether it is in force on a day.
    pub fn is_in_force(&self, on: Date) -> bool {
        self.about.in_force.contains(on)
    }
}

impl Clause {
    /// The part of the address that leads here.
    pub fn anchor(&self) -> String {
        anchor(self.headings.iter().map(String::as_str))
    }

    /// Its own heading.
    pub fn heading(&self) -> Option<&str> {
        self.headings.last().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Shelf {
        let files = [
            (
                "meed.toml",
                "name = \"p\"\nversion = \"1\"\ntitle = { zh = \"包\", en = \"Package\" }\njurisdiction = \"CN-230100\"\ncurrency = \"CNY\"\nlanguages = [\"zh\", \"en\"]\n",
            ),
            (
                "a.md",
                "---\ntitle: { zh: 甲, en: A }\nnumber: 测〔2022〕1号\nissuer: { zh: 局, en: Bureau }\nin_force: 2020-01-01..\nsource: official\n---\n\n前言。\n\n## 第一条 奖励\n\n五万。\n\n```meed\nparameter much zh \"多\" en \"Much\" = 5万 CNY\n```\n\n## 第二条\n\n原则。\n\n```meed\nno rule: principle\n```\n",
            ),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        read(files.into_iter().collect()).unwrap()
    }

    #[test]
    fn rules_stand_beside_the_clause_from_which_they_were_made() {
        let shelf = small();
        let clauses = &shelf.sheet("a.md").unwrap().clauses;
        let rules: Vec<Vec<&str>> = clauses
            .iter()
            .map(|clause| clause.rules.iter().map(|rule| &*rule.name).collect())
            .collect();
        assert_eq!(rules, [vec![], vec!["much"], vec![]]);
        assert_eq!(clauses[2].state, Some(ArticleState::Principle));
        assert!(!clauses[1].prose.contains("parameter"), "{}", clauses[1].prose);
    }

    #[test]
    fn an_anchor_has_no_space() {
        let shelf = small();
        assert_eq!(shelf.sheets[0].clauses[1].anchor(), "第一条-奖励");
        assert_eq!(anchor(["第一章 总则", "第二条"]), "第一章-总则/第二条");
    }
}
