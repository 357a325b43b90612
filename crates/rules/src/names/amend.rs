//! Amendments: a rule that another document changes has a version of its own while the amendment is in force.
//!
//! An amendment changes the text that it finds: versions of the documents that its own document `amends` (of any, where it names none) that are in force when it
//! begins. What replaces them later is new text, which it does not touch.

use std::collections::{HashMap, HashSet};

use meed_facts::date::Span as Dates;
use meed_syntax::ast::{self, AstNode, MeasureClause, TitleClause};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use meed_syntax::{SyntaxKind, SyntaxNode};

use super::{Names, Rule, Rules, days_of};
use crate::near::{nearest, suggesting};
use crate::place::Place;
use crate::program::DocumentId;

/// Splits every amended rule into its versions before, under and after each amendment.
pub(super) fn apply(names: &mut Names, amended: &HashMap<DocumentId, Vec<DocumentId>>, findings: &mut Vec<Diagnostic>) {
    let amendments: Vec<Rule<ast::Amend>> = names.amendments.iter().cloned().collect();
    for amendment in &amendments {
        let documents = amended.get(&amendment.place.document).map_or(&[][..], Vec::as_slice);
        findings.extend(strange_clauses(names, amendment));
        let found = amend(&mut names.measures, amendment, documents, findings)
            .or_else(|| amend(&mut names.titles, amendment, documents, findings))
            .or_else(|| amend(&mut names.parameters, amendment, documents, findings));
        let span = amendment.node.rule().map_or(amendment.place.span, |rule| {
            amendment.place.at(rule.syntax().text_range())
        });
        match found {
            Some(true) => {}
            Some(false) => findings.push(nothing_to_amend(&amendment.name, span)),
            None => findings.push(unknown(names, &amendment.name, span)),
        }
    }
    at_once(&names.measures, findings);
    at_once(&names.titles, findings);
    at_once(&names.parameters, findings);
}

/// Amendments that begin on the same day and change the same part of a rule: neither finds the other's text, so nothing says whose words count.
fn at_once<N>(rules: &Rules<N>, findings: &mut Vec<Diagnostic>) {
    for version in rules.iter() {
        for (index, second) in version.amendments.iter().enumerate() {
            let mut before = version.amendments.iter().take(index);
            let disagrees = |first: &&Rule<ast::Amend>| {
                first.place.in_force.from == second.place.in_force.from && change_the_same(&first.node, &second.node)
            };
            let Some(first) = before.find(disagrees) else { continue };
            let name = &second.name;
            let message = Message::new(
                format!("two amendments change the same part of `{name}` from the same day on"),
                format!("两处修改自同一日起改动“{name}”的同一部分"),
            );
            findings.push(
                Diagnostic::new(Code::OverlappingDefinitions, second.place.span, message)
                    .related(first.place.span, Message::new("the other one", "另一处"))
                    .why(Message::new(
                        "the result would depend on which of the two is read first",
                        "结果会取决于先读到哪一处",
                    ))
                    .help(Message::new(
                        "join the two, or begin one of them later: a later amendment changes the text that it finds",
                        "请合并两者，或使其中一处较晚生效：较晚的修改针对其时的条文",
                    )),
            );
        }
    }
}

fn change_the_same(first: &ast::Amend, second: &ast::Amend) -> bool {
    let clauses = |amend: &ast::Amend| -> HashSet<(SyntaxKind, bool)> {
        let clauses = amend.syntax().children().filter(|node| is_clause(node.kind()));
        let is_for_renewal = |node| ast::Criteria::cast(node).is_some_and(|criteria| criteria.is_for_renewal());
        clauses.map(|node| (node.kind(), is_for_renewal(node))).collect()
    };
    let entries = |amend: &ast::Amend| -> Vec<Dates> {
        let spans = amend.entry().map(|entry| entry.span());
        spans
            .map(|span| span.map_or(Dates::ALWAYS, |span| days_of(&span)))
            .collect()
    };
    let own = |amend: &ast::Amend| -> HashSet<String> {
        let labels = amend.condition().filter_map(|condition| condition.label());
        labels.map(|label| label.text()).collect()
    };
    let all = |amend: &ast::Amend| -> HashSet<String> { labels(amend.syntax()).collect() };
    let of_second = entries(second);
    !clauses(first).is_disjoint(&clauses(second))
        || !own(first).is_disjoint(&all(second))
        || !all(first).is_disjoint(&own(second))
        || entries(first).iter().any(|a| of_second.iter().any(|b| a.overlaps(*b)))
}

/// The labels of conditions anywhere in a rule.
fn labels(node: &SyntaxNode) -> impl Iterator<Item = String> {
    let conditions = node.descendants().filter_map(ast::Condition::cast);
    conditions
        .filter_map(|condition| condition.label())
        .map(|label| label.text())
}

fn is_clause(kind: SyntaxKind) -> bool {
    MeasureClause::can_cast(kind) || TitleClause::can_cast(kind)
}

/// Clauses that no rule of the amended one's kind has: they would change nothing.
fn strange_clauses(names: &Names, amendment: &Rule<ast::Amend>) -> Vec<Diagnostic> {
    let name = &amendment.name;
    let (fits, en, zh): (fn(SyntaxKind) -> bool, _, _) = if names.measures.0.contains_key(name) {
        (MeasureClause::can_cast, "a measure", "措施")
    } else if names.titles.0.contains_key(name) {
        (TitleClause::can_cast, "a title", "称号")
    } else {
        return Vec::new();
    };
    let clauses = amendment.node.syntax().children();
    let strange = clauses.filter(|node| is_clause(node.kind()) && !fits(node.kind()));
    strange
        .map(|node| {
            let span = amendment.place.at(node.text_range());
            let message = Message::new(
                format!("`{name}` is {en}, which has no such clause"),
                format!("“{name}”是{zh}，没有这种子句"),
            );
            Diagnostic::new(Code::ClausesDisagree, span, message).help(Message::new(
                "remove the clause, or amend the rule that has it",
                "请删去此子句，或修改含有它的规则",
            ))
        })
        .collect()
}

fn nothing_to_amend(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownRule,
        span,
        Message::new(
            format!("no `{name}` of the documents amended here is in force when the amendment begins"),
            format!("修改生效时，被修改的文件中没有有效的“{name}”"),
        ),
    )
    .help(Message::new(
        "name its document in `amends`, or write the rule anew",
        "请在 `amends` 中写明其所在文件，或重新写出该规则",
    ))
}

fn unknown(names: &Names, name: &str, span: Span) -> Diagnostic {
    let known = names
        .measures
        .names()
        .chain(names.titles.names())
        .chain(names.parameters.names())
        .map(|name| &**name);
    let finding = Diagnostic::new(
        Code::UnknownRule,
        span,
        Message::new(
            format!("there is no measure, title or parameter `{name}` to amend"),
            format!("没有可修改的措施、称号或参数“{name}”"),
        ),
    );
    suggesting(finding, name, known)
}

/// Splits the versions that an amendment changes; whether there are any, `None` where no rule of the kind has the name.
fn amend<N: AstNode + Clone>(
    rules: &mut Rules<N>,
    amendment: &Rule<ast::Amend>,
    documents: &[DocumentId],
    findings: &mut Vec<Diagnostic>,
) -> Option<bool> {
    let versions = rules.0.get_mut(&amendment.name)?;
    let span = amendment.place.in_force;
    // A version that an earlier amendment split is one text all the same.
    let bound: HashSet<Span> = versions
        .iter()
        .map(|version| &version.place)
        .filter(|place| documents.is_empty() || documents.contains(&place.document))
        .filter(|place| match span.from {
            Some(day) => place.in_force.contains(day),
            None => place.in_force.from.is_none(),
        })
        .map(|place| place.span)
        .collect();
    let of_bound = versions.iter().filter(|version| bound.contains(&version.place.span));
    findings.extend(unknown_labels(amendment, of_bound));
    let mut split = Vec::new();
    for version in versions.drain(..) {
        if !bound.contains(&version.place.span) {
            split.push(version);
            continue;
        }
        let times = [
            (Dates::new(None, span.from), false),
            (span, true),
            (Dates::new(span.until, None), false),
        ];
        let times = times
            .into_iter()
            .filter(|(time, amended)| *amended || time.from.is_some() || time.until.is_some());
        for (time, amended) in times {
            let in_force = version.place.in_force.intersection(time);
            if in_force.is_empty() {
                continue;
            }
            let mut part = version.clone();
            part.place.in_force = in_force;
            if amended {
                part.amendments.push(amendment.clone());
                part.place.amended_by.push(amendment.place.clone());
            }
            split.push(part);
        }
    }
    *versions = split;
    rules.sort(&amendment.name);
    Some(!bound.is_empty())
}

/// Conditions of an amendment whose labels none of the versions has: there is nothing in whose place they could stand.
fn unknown_labels<'r, N: AstNode + 'r>(
    amendment: &Rule<ast::Amend>,
    versions: impl Iterator<Item = &'r Rule<N>>,
) -> Vec<Diagnostic> {
    let mut known: HashSet<String> = HashSet::new();
    let mut any = false;
    for version in versions {
        any = true;
        let earlier = version.amendments.iter().map(|earlier| earlier.node.syntax());
        let trees = std::iter::once(version.node.syntax()).chain(earlier);
        known.extend(trees.flat_map(labels));
    }
    let own = amendment.node.condition().filter_map(|condition| condition.label());
    let unknown = own.filter(|label| any && !known.contains(&label.text()));
    unknown
        .map(|label| {
            let (text, rule) = (label.text(), &amendment.name);
            let finding = Diagnostic::new(
                Code::UnknownName,
                amendment.place.at(label.syntax().text_range()),
                Message::new(
                    format!("`{rule}` has no condition `{text}` to amend"),
                    format!("“{rule}”没有可修改的条件“{text}”"),
                ),
            );
            match nearest(&text, known.iter().map(String::as_str)) {
                Some(near) => finding
                    .help(Message::new(format!("did you mean `{near}`?"), format!("是否指“{near}”？")))
                    .suggest(near),
                None => finding.help(Message::new(
                    "an amendment replaces a condition with its label; a new one stands in the whole clause, written anew",
                    "修改只替换同名条件；新增条件须重写整个子句",
                )),
            }
        })
        .collect()
}

impl Rule<ast::Measure> {
    /// Its clauses with their places: an amendment's stand in place of those of their kind.
    pub(crate) fn clauses(&self) -> Vec<(MeasureClause, &Place)> {
        let amended = |amendment: &Rule<ast::Amend>| amendment.node.measure_clause().collect();
        self.amended(self.node.clause().collect(), amended, std::mem::discriminant)
    }
}

impl Rule<ast::Title> {
    /// Its clauses with their places: an amendment's stand in place of those of their kind. Criteria for a renewal are a kind of their own.
    pub(crate) fn clauses(&self) -> Vec<(TitleClause, &Place)> {
        let amended = |amendment: &Rule<ast::Amend>| amendment.node.title_clause().collect();
        self.amended(self.node.clause().collect(), amended, |clause| {
            let is_for_renewal = matches!(clause, TitleClause::Criteria(criteria) if criteria.is_for_renewal());
            (std::mem::discriminant(clause), is_for_renewal)
        })
    }
}

impl<N> Rule<N> {
    fn amended<C, K: PartialEq>(
        &self,
        own: Vec<C>,
        amended: impl Fn(&Rule<ast::Amend>) -> Vec<C>,
        kind: impl Fn(&C) -> K,
    ) -> Vec<(C, &Place)> {
        let mut clauses: Vec<(C, &Place)> = own.into_iter().map(|clause| (clause, &self.place)).collect();
        for amendment in &self.amendments {
            let new = amended(amendment);
            clauses.retain(|(old, _)| !new.iter().any(|clause| kind(clause) == kind(old)));
            clauses.extend(new.into_iter().map(|clause| (clause, &amendment.place)));
        }
        clauses
    }
}
