//! An answer as text, put into the record.

use meed_facts::check;
use meed_facts::message::Message;
use meed_facts::money::Money;
use meed_facts::record::{AwardRecord, AwardState, List, Record, TitleRecord};
use meed_facts::schema::{EnumerationId, FactId, FactType, Schema, TitleId};
use meed_facts::value::{Missing, Scalar, Stated};
use meed_rules::program::Program;

use super::stating::{record_at, state};
use super::{AnswerKind, Question, parse};
use crate::value::{CausePlace, RecordPath};

/// The most items that one answer can add to a list.
const MOST_ITEMS: u32 = 1_000;

/// Why an answer cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words().en)]
pub struct AnswerError {
    /// What was asked.
    pub name: String,
    /// What is wrong with the answer, and what would be right.
    pub reason: Message,
}

impl AnswerError {
    /// What was asked, and what is wrong with the answer, in both languages.
    pub fn words(&self) -> Message {
        let (name, reason) = (&self.name, &self.reason);
        Message::new(format!("{name}: {}", reason.en), format!("{name}：{}", reason.zh))
    }
}

/// Puts an answer into the record. `refused` (拒绝) is an answer to any question about a fact.
///
/// # Errors
/// Where the text is no answer of the question's kind, or outside the fact's bounds.
pub fn answer(program: &Program, record: &mut Record, question: &Question, text: &str) -> Result<(), AnswerError> {
    put(program, record, question, text.trim()).map_err(|reason| AnswerError {
        name: question.name.clone(),
        reason,
    })
}

fn put(program: &Program, record: &mut Record, question: &Question, text: &str) -> Result<(), Message> {
    match (&question.answer, &question.place) {
        (
            AnswerKind::Value(ty),
            CausePlace::Fact {
                record: path,
                fact,
                period,
            },
        ) => {
            let stated = if is_refusal(text) {
                Stated::Missing(Missing::Refused)
            } else {
                Stated::Value(value(program, *fact, ty, text)?)
            };
            let done = state(&program.schema, record, (path, *fact, *period), stated);
            done.then_some(()).ok_or_else(gone)
        }
        (
            AnswerKind::Items,
            CausePlace::List {
                record: path,
                list: fact,
            }
            | CausePlace::Fact { record: path, fact, .. },
        ) => items(program, record, (path, *fact), text),
        (AnswerKind::Title(levels), CausePlace::Title { record: path, title }) => {
            titles(program, record, (path, *title, *levels), text)
        }
        (AnswerKind::Awards, _) => awards(program, record, text),
        (AnswerKind::Choice(options), CausePlace::Chosen(group)) => {
            let chosen = options.iter().find(|option| &***option == text);
            let chosen = chosen.ok_or_else(|| {
                let options = options.join(", ");
                Message::new(format!("choose one of: {options}"), format!("请选择其一：{options}"))
            })?;
            record.chosen.insert(group.clone(), chosen.clone());
            Ok(())
        }
        _ => Err(("this question takes no answer", "此问题不接受回答").into()),
    }
}

/// A list of which nothing is known.
fn nothing<T>() -> List<T> {
    List {
        items: Vec::new(),
        complete: false,
    }
}

fn gone() -> Message {
    Message::new("the record it is about is not there any more", "所问的记录已不存在")
}

fn is_refusal(text: &str) -> bool {
    matches!(text, "refused" | "拒绝")
}

fn value(program: &Program, fact: FactId, ty: &FactType, text: &str) -> Result<Scalar, Message> {
    let value = parse::scalar(&program.schema, ty, text)?;
    check::within_bounds(&program.schema.facts[fact], &value).map_err(|complaint| complaint.message)?;
    Ok(value)
}

/// Adds so many items, of which nothing is known yet, and completes the list.
fn items(
    program: &Program,
    record: &mut Record,
    (path, list): (&RecordPath, FactId),
    text: &str,
) -> Result<(), Message> {
    let schema = &program.schema;
    let count = if parse::truth(text) == Some(false) {
        0
    } else {
        text.parse::<u32>()
            .map_err(|_| ("answer how many, 0 for none", "请回答有几个，没有填 0"))?
    };
    if count > MOST_ITEMS {
        return Err(Message::from((
            format!("at most {MOST_ITEMS} items can be added at once; use a file of facts for more"),
            format!("一次最多增加 {MOST_ITEMS} 项；更多的请用信息文件"),
        )));
    }
    let FactType::Many(entity) = schema.facts[list].ty else {
        return Err(("this is no list", "这不是列表").into());
    };
    let holder = record_at(schema, record, path).ok_or_else(gone)?;
    let mut items = holder.children.remove(list).unwrap_or_else(nothing);
    let first = items.items.len();
    for offset in 1..=usize::try_from(count).unwrap_or_default() {
        let mut child = Record::new(entity);
        // A text key only tells items apart, so that a number does.
        if let Some(key) = schema.entities[entity]
            .key
            .filter(|key| schema.facts[*key].ty == FactType::Text)
        {
            let number = first.saturating_add(offset).to_string();
            child.facts.insert(key, Stated::Value(Scalar::Text(number.into())));
        }
        items.items.push(child);
    }
    items.complete = true;
    holder.facts.remove(list);
    holder.children.insert(list, items);
    Ok(())
}

/// `no`, or the day of the grant and the level.
fn titles(
    program: &Program,
    record: &mut Record,
    (path, title, levels): (&RecordPath, TitleId, Option<EnumerationId>),
    text: &str,
) -> Result<(), Message> {
    let schema = &program.schema;
    let holder = record_at(schema, record, path).ok_or_else(gone)?;
    let mut grant = TitleRecord::new(title, false);
    if parse::truth(text) != Some(false) {
        let mut words = text.split_whitespace().filter(|word| parse::truth(word) != Some(true));
        let day = words
            .next()
            .ok_or(("answer no, or the day of the grant", "请回答无，或授予日期"))?;
        grant.held = true;
        grant.granted = Some(parse::date(day)?);
        grant.level = match (words.next(), levels) {
            (Some(level), Some(levels)) => Some(parse::member(schema, levels, level)?),
            (None, Some(_)) => return Err(("say the level after the day", "请在日期之后写级别").into()),
            (_, None) => None,
        };
    }
    let list = holder.titles.get_or_insert_with(nothing);
    let held = grant.held;
    // What was said without day or level is what the question was about.
    list.items
        .retain(|record| record.title != title || !is_partial(schema, record));
    list.items.push(grant);
    // Other grants of the title are thereby denied: an answer is meant whole.
    if held && !list.complete {
        list.items.push(TitleRecord::new(title, false));
    }
    Ok(())
}

/// Whether a record of a title leaves its day or level open.
pub(super) fn is_partial(schema: &Schema, record: &TitleRecord) -> bool {
    let title = &schema.titles[record.title];
    let level = record.level.or(title.level).is_none() && title.levels.is_some();
    record.held && (record.granted.is_none() || level)
}

/// `none`, or `MEASURE AMOUNT DATE; …`: the whole list.
fn awards(program: &Program, record: &mut Record, text: &str) -> Result<(), Message> {
    let none = parse::truth(text) == Some(false) || text == "none";
    let parts = text
        .split([';', '；'])
        .map(str::trim)
        .filter(|part| !part.is_empty() && !none);
    let added: Vec<AwardRecord> = parts.map(|part| award(program, part)).collect::<Result<_, _>>()?;
    let mut items = record.awards.take().unwrap_or_else(nothing).items;
    items.extend(added);
    record.awards = Some(List { items, complete: true });
    Ok(())
}

fn award(program: &Program, text: &str) -> Result<AwardRecord, Message> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [name, amount, day] = words.as_slice() else {
        return Err((
            "write MEASURE AMOUNT DATE; …, or none",
            "请写 措施 金额 日期; …，或 none",
        )
            .into());
    };
    let named = program.schema.measures.iter().find(|measure| measure.is_called(name));
    let measure = named.ok_or_else(|| {
        Message::from((
            format!("no measure is called `{name}`"),
            format!("没有名为 `{name}` 的措施"),
        ))
    })?;
    let amount = Money::from_ratio(&parse::number(amount)?, program.package.currency);
    Ok(AwardRecord {
        measure: measure.name.clone(),
        key: None,
        on: Some(parse::date(day)?),
        amount: Some(amount.map_err(|error| error.words())?),
        recovered: None,
        state: AwardState::Approved,
    })
}
