//! Columns of text, in whichever of Arrow's layouts.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{AnyDictionaryArray, Array, LargeStringArray, StringArray, StringViewArray};
use arrow_schema::DataType;
use meed_facts::batch::{Bits, Texts};
use meed_facts::check::{self, Complaint};
use meed_facts::identifier::Kind;

use super::Notes;

/// A column of text.
pub(super) enum Words<'a> {
    Plain(&'a StringArray),
    Large(&'a LargeStringArray),
    View(&'a StringViewArray),
    /// Each row's position among the words.
    Dictionary(Vec<usize>, Box<Words<'a>>),
    /// Nothing but nulls.
    None,
}

/// Whether a column of that type is text.
pub(super) fn is_text(ty: &DataType) -> bool {
    match ty {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => true,
        DataType::Dictionary(_, words) => is_text(words),
        _ => false,
    }
}

impl<'a> Words<'a> {
    /// The column as text; `None` where it is none.
    pub(super) fn new(array: &'a dyn Array) -> Option<Self> {
        Some(match array.data_type() {
            DataType::Utf8 => Words::Plain(array.as_string()),
            DataType::LargeUtf8 => Words::Large(array.as_string()),
            DataType::Utf8View => Words::View(array.as_string_view()),
            DataType::Null => Words::None,
            DataType::Dictionary(_, _) => {
                let dictionary: &dyn AnyDictionaryArray = array.as_any_dictionary();
                if dictionary.values().is_empty() {
                    return Some(Words::Dictionary(vec![0; array.len()], Box::new(Words::None)));
                }
                let words = Words::new(dictionary.values().as_ref())?;
                Words::Dictionary(dictionary.normalized_keys(), Box::new(words))
            }
            _ => return None,
        })
    }

    /// The text of a row that is not null.
    pub(super) fn get(&self, row: usize) -> &'a str {
        match self {
            Words::Plain(array) if row < array.len() => array.value(row),
            Words::Large(array) if row < array.len() => array.value(row),
            Words::View(array) if row < array.len() => array.value(row),
            Words::Dictionary(keys, words) => keys.get(row).map_or("", |key| words.get(*key)),
            _ => "",
        }
    }

    /// How many different words there are at most, where it is known.
    pub(super) fn dictionary(&self) -> Option<(&[usize], &Words<'a>)> {
        match self {
            Words::Dictionary(keys, words) => Some((keys, words)),
            _ => None,
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Words::Plain(array) => array.len(),
            Words::Large(array) => array.len(),
            Words::View(array) => array.len(),
            Words::Dictionary(keys, _) => keys.len(),
            Words::None => 0,
        }
    }
}

/// Free texts: never blank, in NFC.
pub(super) fn free(words: &Words<'_>, known: &Bits, rows: usize, notes: &mut Notes<'_>) -> Texts {
    if let Words::Plain(array) = words
        && let Some(texts) = as_they_are(array, known)
    {
        return texts;
    }
    each(words, known, rows, notes, check::text)
}

/// Identifiers in their canonical form.
pub(super) fn identifiers(kind: Kind, words: &Words<'_>, known: &Bits, rows: usize, notes: &mut Notes<'_>) -> Texts {
    if let Words::Plain(array) = words
        && known.rows().all(|row| kind.is_canonical(array.value(row)))
        && let Some(texts) = as_they_are(array, known)
    {
        return texts;
    }
    each(words, known, rows, notes, |text| check::identifier(kind, text))
}

// All texts at once, where each is as it is to be kept.
fn as_they_are(array: &StringArray, known: &Bits) -> Option<Texts> {
    let offsets = array.value_offsets();
    let first = offsets.first().copied().unwrap_or(0);
    let range = usize::try_from(first).ok()?..usize::try_from(*offsets.last()?).ok()?;
    let text = std::str::from_utf8(array.value_data().get(range)?).ok()?;
    let fine = |text: &str| text.trim_start() != "" && (text.is_ascii() || unicode_normal(text));
    if !known.rows().all(|row| fine(array.value(row))) {
        return None;
    }
    let ends = offsets
        .iter()
        .skip(1)
        .map(|end| u32::try_from(end.checked_sub(first)?).ok());
    Texts::of(ends.collect::<Option<Vec<u32>>>()?, text.to_owned())
}

fn unicode_normal(text: &str) -> bool {
    check::nfc(text) == text
}

fn each(
    words: &Words<'_>,
    known: &Bits,
    rows: usize,
    notes: &mut Notes<'_>,
    read: impl Fn(&str) -> Result<Arc<str>, Complaint>,
) -> Texts {
    let mut texts = Texts::default();
    for row in 0..rows {
        let text = if known.get(row) {
            notes.checked(row, read(words.get(row)))
        } else {
            None
        };
        if !texts.push(text.as_deref().unwrap_or("")) {
            notes.add(
                row,
                Complaint::new(
                    ("the texts of one batch are too long", "一批中的文本过长"),
                    ("give fewer rows a batch", "请减少每批的行数"),
                ),
            );
            texts.push("");
        }
    }
    texts
}
