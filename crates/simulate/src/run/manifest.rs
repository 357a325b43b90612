//! What is run over what, so that a folder holds one run only; and what it came to.

use std::fs;
use std::path::{Path, PathBuf};

use meed_engine::awards::amount::Amount;
use meed_facts::json::canonical;
use meed_facts::money::Money;
use meed_rules::program::Program;
use meed_tables::read::{Population, SYNTHETIC};
use meed_tables::results::Digits;
use serde_json::{Value, json};

use super::second::RoundTotals;
use super::unit::write_whole;
use super::{Options, RunError, Totals};
use crate::digest::digest;

/// How many digits the amounts of the two tables have.
const DIGITS: &str = "amount_digits";

/// Writes the manifest, or agrees with the one that is there. How many digits amounts have is known only by it.
pub(super) fn agree(program: &Program, population: &Population<'_>, options: &Options) -> Result<Digits, RunError> {
    let mut own = manifest(program, population, options)?;
    if !path(&options.out).exists() {
        write(&options.out, &own)?;
        return Ok(Digits::Short);
    }
    let theirs = read(&options.out)?;
    let digits = if theirs.get(DIGITS) == Some(&told(Digits::Long)) {
        Digits::Long
    } else {
        Digits::Short
    };
    note(&mut own, digits);
    // What only one of them says is another run too.
    let keys = [&own, &theirs]
        .into_iter()
        .filter_map(Value::as_object)
        .flat_map(|one| one.keys());
    let differs = keys
        .into_iter()
        .find(|key| own.get(key.as_str()) != theirs.get(key.as_str()));
    match differs {
        None => Ok(digits),
        Some(what) => Err(RunError::OtherRun {
            folder: options.out.clone(),
            what: what.clone(),
        }),
    }
}

/// Notes that amounts have more digits than was thought.
pub(super) fn lengthen(out: &Path) -> Result<Digits, RunError> {
    let mut manifest = read(out)?;
    note(&mut manifest, Digits::Long);
    write(out, &manifest)?;
    Ok(Digits::Long)
}

fn note(manifest: &mut Value, digits: Digits) {
    if let Some(manifest) = manifest.as_object_mut() {
        manifest.insert(DIGITS.to_owned(), told(digits));
    }
}

fn told(digits: Digits) -> Value {
    digits.count().to_string().into()
}

fn path(out: &Path) -> PathBuf {
    out.join("run.json")
}

fn read(out: &Path) -> Result<Value, RunError> {
    let path = path(out);
    let text = fs::read_to_string(&path).map_err(RunError::file(&path))?;
    serde_json::from_str(&text).map_err(|error| RunError::Damaged {
        path,
        reason: error.to_string(),
    })
}

fn write(out: &Path, manifest: &Value) -> Result<(), RunError> {
    write_whole(&path(out), &format!("{manifest:#}\n"))
}

fn manifest(program: &Program, population: &Population<'_>, options: &Options) -> Result<Value, RunError> {
    let folder = if options.facts.is_dir() {
        Some(&*options.facts)
    } else {
        options.facts.parent()
    };
    // Where the folder lies is the machine's, and not what is determined.
    let file = |path: &PathBuf| {
        let digest = digest(path).map_err(RunError::file(path))?;
        let inside = folder.and_then(|folder| path.strip_prefix(folder).ok()).unwrap_or(path);
        Ok(json!({ "file": inside.display().to_string(), "digest": digest }))
    };
    let files = population
        .files()?
        .iter()
        .map(file)
        .collect::<Result<Vec<Value>, RunError>>()?;
    let mut all = json!({
        "meed": env!("CARGO_PKG_VERSION"),
        "package": { "name": *program.package.name, "version": *program.package.version, "digest": *program.package.digest },
        "date": program.date.to_string(),
        "applicant": *program.schema.entities[population.entity()].named.name,
        "population": files,
        "names": options.names,
        "format": format!("{:?}", options.format).to_lowercase(),
        "unit_rows": options.unit_rows.to_string(),
        DIGITS: told(Digits::Short),
    });
    let about = population
        .synthetic()
        .and_then(|about| serde_json::from_str(about).ok());
    if let (Some(all), Some(about)) = (all.as_object_mut(), about) {
        all.insert(SYNTHETIC.to_owned(), about);
    }
    Ok(all)
}

/// Writes what the whole population comes to, in main units.
pub(super) fn write_totals(
    program: &Program,
    totals: &Totals,
    round: &RoundTotals,
    (population, options): (&Population<'_>, &Options),
) -> Result<(), RunError> {
    let currency = program.package.currency;
    let sum = |sum: &super::totals::Sum| {
        let (low, high) = sum.in_main_units(currency);
        json!({ "at_least": low, "at_most": high })
    };
    let measures = totals.measures.iter().map(|(name, measure)| {
        let value = json!({
            "eligible": measure.eligible.to_string(),
            "undetermined": measure.undetermined.to_string(),
            "gross": sum(&measure.gross),
            "due": sum(&measure.due),
            "undetermined_due": sum(&measure.undetermined_due),
        });
        (name.clone(), value)
    });
    let money = |amount: Amount| {
        let text = |minor: i128| Money::from_minor(minor, currency).to_decimal();
        json!({ "at_least": text(amount.low()), "at_most": amount.high().map(text) })
    };
    let mut all = json!({
        "rows": totals.rows.to_string(),
        "rejected": totals.rejected.to_string(),
        "unowned": totals.unowned.to_string(),
        "explained": totals.explained.to_string(),
        "total": sum(&totals.due),
        "possible": sum(&totals.possible),
        "measures": measures.collect::<serde_json::Map<String, Value>>(),
    });
    if let (Some(all), true) = (all.as_object_mut(), population.synthetic().is_some()) {
        all.insert(SYNTHETIC.to_owned(), true.into());
    }
    if let (Some(all), true) = (all.as_object_mut(), round.held) {
        let funds = round.funds.iter().map(|fund| {
            let value = json!({
                "claims": { "at_least": fund.claims.0.to_string(), "at_most": fund.claims.1.to_string() },
                "claimed": money(fund.claimed),
                "granted": money(fund.granted),
            });
            (fund.name.to_string(), value)
        });
        let after = json!({
            "total": money(round.eligible.after(totals.due.amount())),
            "possible": money(round.all.after(totals.possible.amount())),
            "funds": funds.collect::<serde_json::Map<String, Value>>(),
        });
        all.insert("after_round".to_owned(), after);
    }
    write_whole(&options.out.join("totals.json"), &format!("{}\n", canonical(&all)))
}
