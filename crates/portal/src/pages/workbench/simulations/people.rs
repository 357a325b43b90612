//! Over whom a simulation runs: the office's register as it is known on a day, or invented applicants; written where the simulation reads them.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;

use meed_facts::date::Date;
use meed_facts::ratio::Ratio;
use meed_office::programs::Files;
use meed_office::register::{Subject, facts_of};
use meed_office::store::Cell;
use meed_office::tx::Tx;
use meed_rules::package::POPULATION;
use meed_rules::program::Program;
use meed_simulate::population::model::Model;
use meed_simulate::population::{Population, Wanted, citizen_of_nobody};
use meed_syntax::diagnostic::Message;
use meed_tables::Layout;
use meed_tables::write::{Format, PopulationWriter};
use serde_json::{Value, json};

use super::desk::said;
use crate::access::is_personal;
use crate::app::Portal;

/// The most invented applicants.
pub(super) const MOST: u64 = 100_000;

/// How many applicants of the register are read at once.
const PAGE: i64 = 500;

/// The rows that show which columns there will be.
const PILOT: u64 = 16_384;

/// Over whom.
#[derive(Clone, Debug)]
pub(super) struct People {
    /// Which kind of applicant.
    pub kind: String,
    /// The day on which the register is read.
    pub today: Date,
    /// How many are invented, and with which seed; the register where nobody is.
    pub invented: Option<(u64, u64)>,
}

/// Writes them into a folder.
///
/// # Errors
/// Where they cannot be read or written, or there is nobody.
pub(super) fn write(
    people: &People,
    portal: &Arc<Portal>,
    files: &Files,
    program: &Program,
    folder: &Path,
) -> Result<(), Message> {
    fs::create_dir_all(folder).map_err(|error| said(&error))?;
    match people.invented {
        Some((size, seed)) => invented(&people.kind, size, seed, files, program, folder),
        None => register(people, portal, folder),
    }
}

/// The register today, an applicant a line. Persons have numbers that nobody has: what is counted over all of them tells of none.
fn register(people: &People, portal: &Arc<Portal>, folder: &Path) -> Result<(), Message> {
    let file = File::create(folder.join("register.jsonl")).map_err(|error| said(&error))?;
    let mut out = BufWriter::new(file);
    let mut connection = portal.office().reader().map_err(|error| said(&error))?;
    let failed = |stop| crate::fault::Fault::from(stop).reason().unwrap_or_else(unreadable);
    let mut last = String::new();
    let mut row = 0;
    loop {
        let mut tx = Tx::reading(&mut connection, portal.office().setup()).map_err(failed)?;
        let arguments = [people.kind.as_str(), last.as_str()].map(Cell::from);
        let condition = format!("kind = $1 AND id > $2 ORDER BY id LIMIT {PAGE}");
        let page = tx.rows::<Subject>(&condition, &arguments).map_err(failed)?;
        for subject in &page {
            let mut facts = facts_of(&mut tx, subject, people.today, None).map_err(failed)?;
            renumber(&mut facts, &mut row);
            writeln!(out, "{facts}").map_err(|error| said(&error))?;
        }
        drop(tx);
        match page.last() {
            Some(subject) => last.clone_from(&subject.id),
            None => break,
        }
    }
    if last.is_empty() {
        let kind = &people.kind;
        return Err(Message::new(
            format!("the register has no applicants called `{kind}`"),
            format!("登记库中没有类别为“{kind}”的申请人"),
        ));
    }
    out.flush().map_err(|error| said(&error))
}

/// Puts a number that nobody has in the place of each by which a person is known.
fn renumber(value: &mut Value, row: &mut u64) {
    match value {
        Value::String(text) if is_personal(text) => {
            *text = citizen_of_nobody(*row).unwrap_or_default();
            *row = row.saturating_add(1);
        }
        Value::Array(parts) => parts.iter_mut().for_each(|part| renumber(part, row)),
        Value::Object(parts) => parts.values_mut().for_each(|part| renumber(part, row)),
        _ => {}
    }
}

fn unreadable() -> Message {
    Message::new("the register cannot be read", "无法读取登记库")
}

/// Invented applicants by the package's own model, with what tells that they are.
fn invented(kind: &str, size: u64, seed: u64, files: &Files, program: &Program, folder: &Path) -> Result<(), Message> {
    let text = files.get(POPULATION).ok_or_else(|| {
        Message::new(
            format!("the package has no {POPULATION}, so nobody can be invented for it; use the register"),
            format!("规则包没有 {POPULATION}，无法生成合成主体，请使用登记库"),
        )
    })?;
    let model = Model::read(text).map_err(|error| error.words())?;
    let wanted = Wanted {
        seed,
        ..Wanted::default()
    };
    let population = Population::new(&program.schema, &model, kind, wanted).map_err(|error| error.words())?;
    let about = json!({
        "about": { "en": model.about.en, "zh": model.about.zh },
        "as_of": population.as_of().to_string(),
        "kind": kind,
        "missing": Ratio::ZERO.to_string(),
        "model": meed_facts::json::digest(text.as_bytes()),
        "package": { "digest": *program.package.digest, "name": *program.package.name },
        "seed": seed.to_string(),
        "size": size.to_string(),
        "synthetic": true,
    });
    fs::write(folder.join("about.json"), format!("{about:#}\n")).map_err(|error| said(&error))?;
    let schema = &program.schema;
    let writer = PopulationWriter::create(schema, population.entity(), folder, Format::JsonLines);
    let mut writer = writer.map_err(|error| said(&error))?;
    writer.note("synthetic", &about.to_string());
    writer.expect(&Layout::of(schema, &population.batch(0..size.min(PILOT))));
    let written = population.each_batch(size, 1, |batch| writer.write(&batch));
    written
        .and_then(|()| writer.finish().map(drop))
        .map_err(|error| said(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_in_the_register_is_known_by_their_number_in_a_simulation() {
        let own = citizen_of_nobody(7).unwrap();
        let mut facts = json!({"talent": {"citizen": own, "degree": "doctor", "children": [{"citizen": own}]}});
        let mut row = 100;
        renumber(&mut facts, &mut row);
        let text = facts.to_string();
        assert!(!text.contains(&own) && text.contains("doctor"), "{text}");
        let first = facts["talent"]["citizen"].as_str().unwrap();
        assert!(
            is_personal(first) && facts["talent"]["children"][0]["citizen"] != first,
            "{text}"
        );
    }
}
