//! A small office that prints, with something of every kind to print.

use std::sync::{Arc, OnceLock};

use meed_facts::date::Date;
use meed_office::cases::Act as Case;
use meed_office::input::PackageFiles;
use meed_office::publicity::Act as List;
use meed_office::time::Instant;
use meed_press::Typst;
use meed_press::fonts::USUAL;

use crate::support::Town;

const SMALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../office/tests/office/packages/small");
const FIGURES: &str = include_str!("../../../portal/tests/support/figures.toml");

/// Who reads a sheet, and where it is, with and without `/pdf`.
pub struct Kind {
    pub name: &'static str,
    pub reader: Option<&'static str>,
    pub sheet: String,
    pub pdf: String,
}

/// An office with its sheets.
pub struct House {
    pub town: Town,
    pub kinds: Vec<Kind>,
}

/// The press that all tests share: reading fonts takes a moment.
pub fn press() -> Arc<Typst> {
    static PRESS: OnceLock<Arc<Typst>> = OnceLock::new();
    Arc::clone(PRESS.get_or_init(|| Arc::new(Typst::new(USUAL))))
}

impl House {
    pub fn new() -> Self {
        let town = Town::printing(Some(press()));
        let mut files: PackageFiles = SMALL.parse().unwrap();
        let manifest = files.0.get_mut("meed.toml").unwrap();
        *manifest = manifest.replace("version = \"1\"", "version = \"2\"");
        files.0.insert("briefing.toml".to_owned(), FIGURES.to_owned());
        town.giver().publish(files);
        let notice = format!("/notices/{}", town.ids["list"]);
        let title = format!("/titles/{}.design_centre.municipal.2023-01-10", town.ids["firm"]);
        let kind = |name, reader, sheet: String, pdf: String| Kind {
            name,
            reader,
            sheet,
            pdf,
        };
        let kinds = vec![
            kind("notice", None, format!("{notice}?sheet=1"), format!("{notice}/pdf?")),
            kind("certificate", None, format!("{title}?sheet=1"), format!("{title}/pdf?")),
            kind(
                "briefing",
                None,
                "/briefing?sheet=1&on=2023-03-06".to_owned(),
                "/briefing.pdf?on=2023-03-06".to_owned(),
            ),
        ];
        Self { town, kinds }
    }

    /// The same office when its list is over: one case is decided, the other is refused.
    pub fn decided() -> Self {
        let mut house = Self::new();
        let town = &house.town;
        let day = Date::parse("2023-03-14").unwrap();
        town.portal
            .office()
            .setup()
            .clock
            .set(Instant::start_of(day).plus_hours(12));
        let (list, version) = (town.ids["list"].clone(), 1);
        town.ok("officer", List::End { list, version });
        let case = town.ids["case"].clone();
        town.ok("approver", Case::Approve { case });
        let case = town.ids["other_case"].clone();
        town.ok("agent-other", Case::Accept { case: case.clone() });
        let why = Some("与登记信息不符".to_owned());
        town.ok("officer", Case::Refuse { case, why });
        let letter = |name, reader, case: &str| {
            let decision = town.cell(
                "SELECT id FROM decision WHERE case_id = $1 ORDER BY n DESC",
                &town.ids[case],
            );
            let sheet = format!("/letters/{decision}");
            Kind {
                name,
                reader: Some(reader),
                pdf: format!("{sheet}/pdf?"),
                sheet: format!("{sheet}?"),
            }
        };
        house.kinds = vec![
            letter("award", "agent-firm", "case"),
            letter("refusal", "agent-other", "other_case"),
        ];
        house
    }
}
