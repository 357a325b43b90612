//! Empty files for people to fill in, and what each of their columns takes.

use std::path::Path;

use meed_facts::date::Period;
use meed_facts::label::{Label, Lang};
use meed_facts::schema::{EntityId, Fact, FactType, Named, PeriodUnit, Schema};
use meed_facts::value::{Bound, Interval, Scalar};

use super::{Node, tree};
use crate::columns::{Form, Meaning, Place};
use crate::fault::TablesError;
use crate::layout::Layout;
use crate::write::Rows;

/// The file that describes the columns; readers of populations pass over it.
pub const DESCRIPTION: &str = "_columns.csv";

const HEADER: [&str; 6] = ["file", "column", "中文", "English", "type", "values"];

/// Writes the CSV files of a population without rows, with a column for each period that is given, and [`DESCRIPTION`].
///
/// # Errors
/// The vocabulary has lists in records without a key, or the file system refuses.
pub fn write_template(
    schema: &Schema,
    entity: EntityId,
    periods: &[Period],
    folder: &Path,
) -> Result<Vec<String>, TablesError> {
    let place = Place {
        schema,
        entity,
        top: true,
    };
    std::fs::create_dir_all(folder).map_err(TablesError::io(folder))?;
    let layout = Layout::of_vocabulary(schema, entity, periods);
    let root = tree(place, &layout).map_err(|complaint| TablesError::Layout {
        path: folder.to_path_buf(),
        complaint: Box::new(complaint),
    })?;
    let mut descriptions = Rows::create(&folder.join(DESCRIPTION), HEADER)?;
    let mut files = Vec::new();
    file(place, &root, folder, &mut descriptions, &mut files)?;
    descriptions.finish()?;
    Ok(files)
}

fn file(
    place: Place<'_>,
    node: &Node,
    folder: &Path,
    descriptions: &mut Rows,
    files: &mut Vec<String>,
) -> Result<(), TablesError> {
    let name = format!("{}.csv", node.file);
    Rows::create(&folder.join(&name), node.links.iter().chain(&node.columns))?.finish()?;
    for link in &node.links {
        descriptions.write([&name, link, "所属记录的主键", "Key of the record it belongs to", "", ""])?;
    }
    let inside = Place {
        top: node.links.is_empty(),
        ..place.inside(node.entity)
    };
    for column in &node.columns {
        let described = if node.is_items {
            item(column)
        } else {
            describe(inside, column)
        };
        let Described { label, ty, values } = described;
        let zh = label.text(Lang::Zh, column);
        let en = label.text(Lang::En, column);
        descriptions.write([&*name, column, zh, en, &ty, &values])?;
    }
    files.push(name);
    node.lists
        .iter()
        .try_for_each(|list| file(place, list, folder, descriptions, files))
}

#[derive(Default)]
struct Described {
    label: Label,
    ty: String,
    values: String,
}

fn labelled(zh: &str, en: &str, ty: &str, values: &str) -> Described {
    Described {
        label: Label {
            zh: Some(zh.into()),
            en: Some(en.into()),
        },
        ty: ty.to_owned(),
        values: values.to_owned(),
    }
}

fn describe(place: Place<'_>, column: &str) -> Described {
    if let Some((first, rest)) = column.split_once('.') {
        return match place.meaning(first) {
            Ok(Meaning::Records(slot)) => match place.schema.facts[slot.0].ty {
                FactType::One(held) => describe(place.inside(held), rest),
                _ => Described::default(),
            },
            Ok(Meaning::Chosen) => {
                let group = place.schema.groups.iter().find(|group| &*group.name == rest);
                Described {
                    label: group.map(|group| group.label.clone()).unwrap_or_default(),
                    ty: "measure".to_owned(),
                    values: String::new(),
                }
            }
            _ => Described::default(),
        };
    }
    match place.meaning(column) {
        Ok(Meaning::Fact(subject, Form::Value)) => {
            let fact = &place.schema.facts[subject.fact.0];
            let period = subject.period.map(|period| format!(" {period}")).unwrap_or_default();
            let label = |lang| format!("{}{period}", fact.named.label.text(lang, &fact.named.name));
            labelled(
                &label(Lang::Zh),
                &label(Lang::En),
                &type_name(place.schema, fact),
                &allowed(place.schema, fact),
            )
        }
        Ok(Meaning::Complete(_)) => labelled(
            "是否已列全（空白为不详）",
            "Whether the list is whole, even if empty; blank where it is not known",
            "bool",
            "true|false",
        ),
        _ => Described::default(),
    }
}

// The columns of titles and earlier awards.
fn item(column: &str) -> Described {
    let date = "2023-12-01";
    match column {
        "title" => labelled("称号", "Title", "title", ""),
        "level" => labelled("级别", "Level", "", ""),
        "held" => labelled("是否持有", "Whether it is held; false denies it", "bool", "true|false"),
        "granted" => labelled("授予日期", "First day", "date", date),
        "until" => labelled("失效日期（当日起无效）", "The day after the last", "date", date),
        "suspended" => labelled("暂停期间", "Days out of force", "", "2024-01-01/2024-07-01|2025-03-01/"),
        "revoked" => labelled("撤销日期", "The day from which it is revoked", "date", date),
        "object" => labelled("所涉对象", "What it is about: a centre, a product", "text", ""),
        "measure" => labelled("政策措施", "Measure", "measure", ""),
        "key" => labelled("所涉对象", "Key of the line, as a hire's", "text", ""),
        "on" => labelled("决定日期", "Day of the decision", "date", date),
        "amount" => labelled("金额", "Amount in main units", "money", ""),
        "currency" => labelled("币种", "Currency; CNY where blank", "", "CNY"),
        "recovered" => labelled("追回金额", "Of which was taken back", "money", ""),
        "state" => labelled("状态", "State", "", "approved|paid|annulled|recovered"),
        _ => Described::default(),
    }
}

fn type_name(schema: &Schema, fact: &Fact) -> String {
    match &fact.ty {
        FactType::Bool => "bool".to_owned(),
        FactType::Count => "count".to_owned(),
        FactType::Number(None) => "number".to_owned(),
        FactType::Number(Some(unit)) => schema.units[*unit].name.to_string(),
        FactType::Money(currency) => currency.to_string(),
        FactType::Date => "date".to_owned(),
        FactType::Months => "months".to_owned(),
        FactType::Days => "days".to_owned(),
        FactType::Text => "text".to_owned(),
        FactType::Enumeration(id) => schema.enumerations[*id].named.name.to_string(),
        FactType::Identifier(kind) => kind.name().to_owned(),
        FactType::One(_) | FactType::Many(_) => String::new(),
    }
}

fn allowed(schema: &Schema, fact: &Fact) -> String {
    match &fact.ty {
        FactType::Bool => "true|false".to_owned(),
        FactType::Date => "2023-12-01".to_owned(),
        FactType::Months => "3 years, 42 months".to_owned(),
        FactType::Days => "30 days".to_owned(),
        FactType::Enumeration(id) => {
            let name = |member: &Named| member.name.to_string();
            let names: Vec<String> = schema.enumerations[*id].members.iter().map(name).collect();
            names.join("|")
        }
        _ => fact.bounds.as_ref().map(bounds).unwrap_or_default(),
    }
}

// As a type's bounds stand in the language.
fn bounds(bounds: &Interval) -> String {
    let end = |bound: &Option<Bound>| match bound.as_ref().map(|bound| &bound.value) {
        Some(Scalar::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    format!("{} .. {}", end(&bounds.low), end(&bounds.high))
        .trim()
        .to_owned()
}

/// The periods of the vocabulary's facts in the years from `first` to `last`: the years, and their months where facts have such.
pub fn periods(schema: &Schema, first: i16, last: i16) -> Vec<Period> {
    let monthly = schema
        .facts
        .iter()
        .any(|(_, fact)| fact.period == Some(PeriodUnit::Month));
    let year = |year: i16| {
        let months = (1..=12)
            .filter(move |_| monthly)
            .map(move |month| Period::Month { year, month });
        std::iter::once(Period::Year(year)).chain(months)
    };
    (first..=last).flat_map(year).collect()
}
