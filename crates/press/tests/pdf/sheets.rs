//! Every kind of sheet in both languages: it is what it says it is, and says what its page says.

use meed_portal::sheets::Press;
use meed_press::Typst;
use meed_press::fonts::USUAL;

use crate::printed::{House, Kind};
use crate::read::{Pdf, plain};
use crate::support::{Told, Town};

fn pdf(town: &Town, kind: &Kind, lang: &str) -> Told {
    let told = town.get(kind.reader, &format!("{}&lang={lang}", kind.pdf));
    assert_eq!(told.status.as_u16(), 200, "{} {lang}: {}", kind.name, told.body);
    told
}

/// The texts of a page's main part, but for what leads elsewhere and the marks that are pictures in a PDF.
fn texts(page: &str) -> Vec<String> {
    let main = page.split("tabindex=\"-1\">").nth(1).unwrap();
    let main = main.split("</main>").next().unwrap();
    let main = main.split("<p class=\"actions\">").next().unwrap();
    let all = main.split('<').filter_map(|part| part.split_once('>'));
    let all = all.filter(|(tag, _)| !tag.starts_with("span class=\"mark\""));
    let decoded = all.map(|(_, text)| {
        let marks = [("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
        let text = marks
            .iter()
            .fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
        plain(&text)
    });
    decoded.filter(|text| !text.is_empty()).collect()
}

/// What makes a PDF one for archives (ISO 19005-2, level B) and for readers who listen (ISO 14289-1), as far as the file alone shows it.
fn is_for_archives(told: &Told, lang: &str) {
    // Metadata are not compressed, for whoever cannot decompress.
    for part in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>B</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "<dc:title>",
    ] {
        assert!(told.body.contains(part), "{part}");
    }
    let Some(pdf) = Pdf::new(&told.bytes) else { return };
    let objects = pdf.objects();
    for part in ["/OutputIntents", "/GTS_PDFA1", "/MarkInfo", "/StructTreeRoot"] {
        assert!(objects.contains(part), "{part}");
    }
    let tag = if lang == "zh" { "(zh" } else { "(en" };
    assert!(objects.contains(&format!("/Lang {tag}")), "{lang}");
    for part in [
        "/Encrypt",
        "/JavaScript",
        "/EmbeddedFile",
        "/LaunchAction",
        "/LZWDecode",
    ] {
        assert!(!objects.contains(part), "{part}");
    }
    assert_eq!((pdf.info("Encrypted"), pdf.info("Tagged")), ("no".into(), "yes".into()));
    assert_eq!(pdf.info("Page size"), "595.276 x 841.89 pts (A4)");
    let fonts = pdf.fonts();
    assert!(!fonts.is_empty());
    for font in fonts {
        let says: Vec<&str> = font.split_whitespace().rev().collect();
        // From the right: object's generation and number, Unicode, subset, embedded.
        assert_eq!(
            says[2..5],
            ["yes", "yes", "yes"],
            "embedded, and its characters known: {font}"
        );
    }
}

fn says_what_its_page_says(town: &Town, kind: &Kind, lang: &str, told: &Told) {
    let page = town.get(kind.reader, &format!("{}&lang={lang}", kind.sheet));
    assert_eq!(page.status.as_u16(), 200, "{} {lang}", kind.name);
    let texts = texts(&page.body);
    assert!(texts.len() > 5, "{texts:?}");
    let Some(pdf) = Pdf::new(&told.bytes) else { return };
    let printed = pdf.text();
    for text in texts {
        assert!(printed.contains(&text), "{} {lang}: {text}: {printed}", kind.name);
    }
    assert_eq!(pdf.info("Pages"), "1");
    assert!(pdf.is_within_margins(), "{} {lang}", kind.name);
}

#[test]
fn every_kind_in_both_languages_is_for_archives_and_says_what_its_page_says() {
    for house in [House::new(), House::decided()] {
        for kind in &house.kinds {
            for lang in ["zh", "en"] {
                let told = pdf(&house.town, kind, lang);
                assert_eq!(told.headers["content-type"], "application/pdf");
                is_for_archives(&told, lang);
                says_what_its_page_says(&house.town, kind, lang, &told);
            }
        }
    }
}

#[test]
fn a_letter_has_its_amount_its_clause_and_where_to_appeal() {
    let house = House::decided();
    let parts = [
        (
            "zh",
            [
                "500,000.00元",
                "测试〔2022〕1号›奖励",
                "可自收到之日起60日内向哈尔滨市人民政府申请行政复议",
            ],
        ),
        (
            "en",
            [
                "500,000.00yuan",
                "测试〔2022〕1号›奖励",
                "lodgedwith哈尔滨市人民政府within60daysofreceipt",
            ],
        ),
    ];
    for (lang, parts) in parts {
        let told = pdf(&house.town, &house.kinds[0], lang);
        let Some(pdf) = Pdf::new(&told.bytes) else { return };
        let text = pdf.text();
        for part in parts {
            assert!(text.contains(part), "{part}: {text}");
        }
        // The day of the decision, and no clock.
        assert!(pdf.info("CreationDate").starts_with("2023-03-14"));
    }
}

#[test]
fn a_certificate_leads_to_its_page() {
    let house = House::new();
    let kind = &house.kinds[1];
    let address = format!("http://policy.example{}", kind.pdf.trim_end_matches("/pdf?"));
    let told = house
        .town
        .send(None, "GET", &kind.pdf, &[("host", "policy.example")], "");
    let Some(pdf) = Pdf::new(&told.bytes) else { return };
    assert!(pdf.objects().contains(&format!("/URI ({address})")), "{address}");
}

#[test]
fn the_same_row_gives_the_same_bytes() {
    let house = House::decided();
    let first = pdf(&house.town, &house.kinds[0], "zh").bytes;
    assert_eq!(first, pdf(&house.town, &house.kinds[0], "zh").bytes);
    let viewer = meed_portal::access::Viewer::of(
        &mut house.town.portal.office().reader().unwrap(),
        "agent-firm",
        house.town.portal.today().unwrap(),
    );
    let words = meed_portal::words::Words::new(meed_facts::label::Lang::Zh);
    let id = house.kinds[0]
        .sheet
        .trim_start_matches("/letters/")
        .trim_end_matches('?');
    let (mut reader, office) = (house.town.portal.office().reader().unwrap(), house.town.portal.office());
    let letter = meed_portal::letters::read(&mut reader, office.setup(), &viewer.unwrap(), id, words).unwrap();
    let elsewhere = Typst::new(USUAL).print(&meed_portal::letters::sheet(words, &letter));
    assert!(elsewhere.unwrap() == first, "another press prints other bytes");
}

#[test]
fn whose_it_is_not_gets_none() {
    let house = House::decided();
    let [letter, other] = [0, 1].map(|at| house.kinds[at].pdf.as_str());
    let status = |who, path| house.town.get(who, path).status.as_u16();
    assert_eq!(status(Some("agent-other"), letter), 404);
    assert_eq!(status(Some("agent-firm"), other), 404);
    assert_eq!(status(None, letter), 401);
    assert_eq!(status(Some("auditor"), letter), 200);
}
