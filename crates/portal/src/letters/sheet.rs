//! A letter as a sheet.

use super::Letter;
use crate::sheets::{Point, Says, Sheet};
use crate::view::grouped;
use crate::words::Words;

/// What stands on a letter, in the language in which it was read.
pub fn sheet(words: Words, letter: &Letter) -> Sheet {
    let (title, decides) = kind(&letter.kind);
    let title = words.t(title);
    let mut sheet = Sheet::new(words, &letter.number, &title, letter.decided);
    let about = [
        ("to", letter.to.as_str().into()),
        ("about", letter.about.as_str().into()),
        ("case", letter.case.as_str().into()),
    ];
    let appeal = [
        ("to", letter.appeal_to.as_str().into()),
        ("days", letter.appeal_days.into()),
    ];
    let head = Says::Head {
        from: letter.from.clone(),
        number: format!("{} {}", words.t("letter-number"), letter.number),
    };
    let due = letter.amount.map(|due| Says::Sum {
        name: words.t("letter-amount"),
        value: grouped(&due.to_decimal()),
        unit: words.t("letter-yuan"),
    });
    let points = |reasons: &[(String, bool)]| -> Vec<Point> {
        reasons.iter().map(|(text, holds)| point(words, text, *holds)).collect()
    };
    let (points, rules) = (points(&letter.reasons), points(&letter.rules));
    let says = [
        Some(head),
        Some(Says::Title { text: title }),
        Some(Says::text(format!("{}{}", letter.to, words.pick("：", ",")))),
        Some(Says::text(words.with(decides, &about))),
        due,
        Some(Says::heading(words.t("letter-basis"))),
        Some(Says::text(&letter.clause)),
        Some(Says::aside(format!(
            "{} {}",
            words.t("letter-rules-of"),
            letter.rules_of
        ))),
        (!points.is_empty()).then_some(Says::Points { points }),
    ];
    let said = letter.said.iter().map(|text| Some(Says::text(text)));
    let rules = (!rules.is_empty()).then(|| {
        let heading = Says::heading(words.t("letter-rules-say"));
        [Some(heading), Some(Says::Points { points: rules })]
    });
    let end = [
        Some(Says::heading(words.t("letter-appeal"))),
        Some(Says::text(words.with("letter-appeal-how", &appeal))),
        Some(Says::Signature {
            from: letter.from.clone(),
            day: letter.decided,
        }),
    ];
    says.into_iter()
        .chain(said)
        .chain(rules.into_iter().flatten())
        .chain(end)
        .flatten()
        .for_each(|says| sheet.say(words, says));
    sheet
}

/// What a letter about a kind of decision is called, and what it says: keys of words.
fn kind(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "refuse" => ("letter-refusal", "letter-refuses"),
        "reject" => ("letter-rejection", "letter-rejects"),
        "annul" => ("letter-annulment", "letter-annuls"),
        "grant" | "keep" => ("letter-award", "letter-grants"),
        _ => ("letter-change", "letter-changes"),
    }
}

fn point(words: Words, text: &str, holds: bool) -> Point {
    Point {
        holds,
        said: words.t(if holds { "mark-holds" } else { "mark-fails" }),
        text: text.to_owned(),
    }
}
