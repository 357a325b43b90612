//! Whatever stands in a name is text and nothing else.

use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_portal::sheets::{Column, Pair, Point, Says, Sheet, Value};
use meed_portal::words::Words;
use meed_press::PrintError;

use crate::printed::press;
use crate::read::{Pdf, plain};

/// Marks of Typst, JSON, HTML and PDF, and of Chinese typesetting.
const HOSTILE: &str = "#set page(height: 1cm) #panic() $x^2$ *b* _i_ `c` \"q\" 'q' \\u{41} \\n @ref <label> // /* = - + ~ -- --- ... \
                       <script>alert(1)</script> (T) Tj {{ }} [a](b) https://example.cn 《》“”‘’〔〕【】——……·、。！？；：（）￥％";

fn sheet(name: &str) -> Sheet {
    let words = Words::new(Lang::Zh);
    let day = Date::parse("2023-03-14").unwrap();
    let mut sheet = Sheet::new(words, "decision-1", name, day);
    let text = || name.to_owned();
    let column = |number| Column {
        name: "大写".to_owned(),
        lang: words.tag(),
        number,
    };
    let says = [
        Says::Head {
            from: text(),
            number: "1".to_owned(),
        },
        Says::Title { text: text() },
        Says::Subtitle { text: text() },
        Says::Lead { text: text() },
        Says::heading(name),
        Says::text(name),
        Says::aside(name),
        Says::Sum {
            name: text(),
            value: "1.00".to_owned(),
            unit: text(),
        },
        Says::Points {
            points: vec![Point {
                holds: false,
                said: text(),
                text: text(),
            }],
        },
        Says::Pairs {
            pairs: vec![Pair {
                name: text(),
                value: Value::Code(text()),
            }],
        },
        Says::Table {
            caption: text(),
            columns: vec![column(false), column(true)],
            rows: vec![vec![Value::Text(text()), Value::Number("1.00".to_owned())]],
        },
        Says::Signature { from: text(), day },
    ];
    says.into_iter().for_each(|says| sheet.say(words, says));
    sheet
}

#[test]
fn marks_in_a_name_are_text_and_nothing_else() {
    let bytes = press().pdf(&sheet(HOSTILE)).unwrap();
    let Some(pdf) = Pdf::new(&bytes) else { return };
    let (text, name) = (pdf.text(), plain(HOSTILE));
    // Who writes, title, subtitle, lead, heading, text, remark, sum and unit, reason, name and value, caption, cell, who signs.
    assert_eq!(text.matches(&name).count(), 15, "{text}");
    assert_eq!(pdf.info("Title"), HOSTILE);
}

#[test]
fn a_character_without_a_font_is_named() {
    for missing in ['\u{1f600}', '\u{e000}', '\u{202e}'] {
        let refused = press().pdf(&sheet(&format!("甲{missing}企业")));
        assert_eq!(refused, Err(PrintError::Character(missing)));
        assert!(refused.unwrap_err().message().zh.contains(missing));
    }
    let refused = press().pdf(&sheet("甲\u{0}企业"));
    assert!(matches!(refused, Err(PrintError::Refused(_))), "{refused:?}");
    assert!(
        press().pdf(&sheet("甲\u{200b}企业")).is_ok(),
        "what has no width needs no font"
    );
}

#[test]
fn a_long_list_goes_over_pages_with_its_heads_and_what_is_long_stays_in_its_column() {
    let mut sheet = sheet("甲企业");
    let long = "x".repeat(90);
    let id = "subject-365-1.innovative_sme.provincial.2023-02-20.of_a_long_name";
    for part in &mut sheet.parts {
        if let Says::Pairs { pairs } = &mut part.says {
            pairs[0].value = Value::Code(id.to_owned());
        }
        if let Says::Table { rows, .. } = &mut part.says {
            let row = |number: usize| vec![Value::Text(long.clone()), Value::Number(format!("{number}.00"))];
            *rows = (0..60).map(row).collect();
        }
    }
    let bytes = press().pdf(&sheet).unwrap();
    let Some(pdf) = Pdf::new(&bytes) else { return };
    let pages: usize = pdf.info("Pages").parse().unwrap();
    let text = pdf.text();
    assert!(pages > 2, "{pages}");
    assert!(text.matches("大写").count() >= pages - 1, "{text}");
    assert_eq!(text.matches(&long).count(), 60, "{text}");
    assert!(text.contains(id), "{text}");
    assert!(pdf.is_within_margins());
}
