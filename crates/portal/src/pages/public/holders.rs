//! Who holds a title or stands on a list, and what of them everybody may read: names, and numbers that are not personal.

use std::collections::BTreeMap;

use meed_facts::identifier::Kind;
use meed_facts::label::{Label, Lang};
use meed_office::register::{Identifier, Subject};
use meed_office::stop::Answer;
use meed_office::tx::Tx;

use crate::access::masked;
use crate::determined::Names;
use crate::fault::Fault;

/// Somebody as the public reads of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// What they are called; nothing once it is forgotten.
    pub name: Option<String>,
    /// A number by which they are told from others, without what is personal in it.
    pub number: Option<String>,
    /// Whether it is a person, of whom no more is told than must be.
    pub is_person: bool,
}

/// What the public reads of an applicant.
///
/// # Errors
/// Where the database fails.
pub fn holder(tx: &mut Tx<'_>, subject: &str) -> Answer<Holder> {
    let found = tx.find::<Subject>(subject)?;
    let numbers = tx.rows::<Identifier>("subject = $1 ORDER BY since DESC, id DESC", &[subject.into()])?;
    let number = numbers.into_iter().find_map(|one| one.value);
    Ok(Holder {
        name: found.and_then(|subject| subject.name),
        is_person: number.as_deref().is_none_or(|number| !is_credit_code(number)),
        number: number.map(|number| masked(&number)),
    })
}

fn is_credit_code(number: &str) -> bool {
    Kind::CreditCode.check(number, None).is_ok()
}

/// What titles and their levels are called.
#[derive(Clone, Debug, Default)]
pub struct TitleNames {
    titles: BTreeMap<String, Label>,
    levels: BTreeMap<(String, String), Label>,
}

impl TitleNames {
    /// The names of today.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn read(tx: &mut Tx<'_>) -> Result<Self, Fault> {
        let mut names = Self::default();
        for program in Names::read(tx)?.programs() {
            for (_, title) in program.schema.titles.iter() {
                let name = title.named.name.to_string();
                let levels = title.levels.map(|levels| &program.schema.enumerations[levels].members);
                for level in levels.into_iter().flatten() {
                    names
                        .levels
                        .insert((name.clone(), level.name.to_string()), level.label.clone());
                }
                names.titles.insert(name, title.named.label.clone());
            }
        }
        Ok(names)
    }

    /// What a title is called.
    pub fn title<'a>(&'a self, lang: Lang, title: &'a str) -> &'a str {
        self.titles.get(title).map_or(title, |label| label.text(lang, title))
    }

    /// What a level of a title is called; nothing where it has none.
    pub fn level<'a>(&'a self, lang: Lang, title: &str, level: Option<&'a str>) -> &'a str {
        let Some(level) = level else { return "" };
        let found = self.levels.get(&(title.to_owned(), level.to_owned()));
        found.map_or(level, |label| label.text(lang, level))
    }

    /// The titles, by name.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.titles.keys().map(String::as_str)
    }
}
