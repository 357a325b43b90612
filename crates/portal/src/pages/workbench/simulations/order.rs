//! What is asked of a simulation: read from a form, and made.

use std::path::Path;
use std::sync::Arc;

use meed_facts::check::applicant;
use meed_facts::date::Date;
use meed_facts::identifier::Kind;
use meed_facts::json::digest;
use meed_facts::label::{Label, Lang};
use meed_facts::ratio::Ratio;
use meed_facts::schema::{EntityId, FactType};
use meed_office::programs::Files;
use meed_rules::Package;
use meed_rules::program::Program;
use meed_simulate::reform::scenario::{Parameter, Scenario};
use meed_simulate::reform::{Options, simulate};
use meed_syntax::diagnostic::{Message, Severity};
use meed_tables::results::Format;
use serde_json::Value;

use super::desk::{Simulated, said};
use super::found::Found;
use super::people::{People, write};
use crate::app::Portal;
use crate::words::Words;

/// Named values that tell enterprises apart by size, where a package has them, the greatest first.
const SIZES: [&str; 4] = ["is_large", "is_medium", "is_small", "is_micro"];

/// A version's files under its version.
#[derive(Clone, Debug)]
pub(super) struct Version {
    pub version: String,
    pub files: Files,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub(super) struct Order {
    /// The version.
    pub own: Version,
    /// The version that it is compared with.
    pub against: Option<Version>,
    /// The day of the determinations.
    pub on: Date,
    /// An edited document: its path and text.
    pub document: Option<(String, String)>,
    /// A parameter and its other value.
    pub parameter: Option<(String, Ratio)>,
    /// Another day.
    pub reform_on: Option<Date>,
    /// The share by which every parameter is moved.
    pub step: Option<Ratio>,
    /// By what money is told apart; what the vocabulary offers, where nothing is said.
    pub by: Vec<String>,
    /// Over whom.
    pub people: People,
}

impl Order {
    /// Makes the simulation.
    ///
    /// # Errors
    /// What is wrong with rules, population or machine.
    pub fn make(&self, portal: &Arc<Portal>, simulated: &Simulated) -> Result<Found, Message> {
        let scenarios = self.scenarios()?;
        let program = scenarios.first().map(|one| &one.program);
        let program = program.ok_or_else(|| Message::new("there are no rules", "没有规则"))?;
        let entity = self.entity(program)?;
        let by = if self.by.is_empty() {
            groupings(program, entity)
        } else {
            self.by.clone()
        };
        let facts = simulated.folder.join("population");
        write(&self.people, portal, &self.own.files, program, &facts)?;
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let options = Options {
            out: simulated.results(),
            format: Format::Csv,
            // One processor answers meanwhile.
            threads: processors.saturating_sub(1).max(1),
            facts: facts.clone(),
            applicant: Some(self.people.kind.clone()),
            ignored: std::collections::BTreeSet::new(),
            by,
            take_up: Vec::new(),
            months: true,
            step: self.step.clone(),
        };
        let simulation = simulate(scenarios, &options, |rows, all| simulated.progress(rows, all));
        let simulation = simulation.map_err(|error| error.words())?;
        // Facts are not kept longer than they are needed.
        std::fs::remove_dir_all(&facts).map_err(|error| said(&error))?;
        let report = std::fs::read_to_string(options.out.join("manifest.json")).map_err(|error| said(&error))?;
        let report: Value = serde_json::from_str(&report).map_err(|error| said(&error))?;
        let files = names(&options.out).map_err(|error| said(&error))?;
        Ok(Found::of(simulation, report, files))
    }

    fn entity(&self, program: &Program) -> Result<EntityId, Message> {
        let kind = &self.people.kind;
        applicant(&program.schema, kind).map_err(|_| {
            Message::new(
                format!("the package knows no applicants called `{kind}`"),
                format!("规则包中没有名为“{kind}”的申请人类别"),
            )
        })
    }

    /// The rules as they are, then each reform by itself.
    fn scenarios(&self) -> Result<Vec<Scenario>, Message> {
        let own = compiled(self.own.files.clone(), self.on)?;
        let version = |version: &Version| [("version", version.version.clone())];
        let mut all = Vec::new();
        if let Some(against) = &self.against {
            let title = label("sim-title-against", &version(against));
            all.push(scenario(
                "baseline",
                title,
                None,
                compiled(against.files.clone(), self.on)?,
            ));
            all.push(scenario(
                "draft",
                label("sim-title-draft", &version(&self.own)),
                None,
                own.clone(),
            ));
        } else {
            all.push(scenario(
                "baseline",
                label("sim-title-own", &version(&self.own)),
                None,
                own.clone(),
            ));
        }
        if let Some((path, text)) = &self.document {
            let mut files = self.own.files.clone();
            files.insert(path.clone(), text.clone());
            let reform = Some((path.clone(), digest(text.as_bytes())));
            let title = label("sim-title-document", &[("path", path.clone())]);
            all.push(scenario("document", title, reform, compiled(files, self.on)?));
        }
        if let Some((name, value)) = &self.parameter {
            let entity = self.entity(&own)?;
            let known = Parameter::all(&own, entity);
            let parameter = known.iter().find(|one| *one.name == **name).ok_or_else(|| {
                Message::new(
                    format!("there is no parameter `{name}`"),
                    format!("没有名为“{name}”的参数"),
                )
            })?;
            let shown = value.to_string();
            let text = format!("{name} = {shown}");
            let reform = Some((text.clone(), digest(text.as_bytes())));
            let title = Label {
                zh: Some(format!("{} = {shown}", parameter.label.text(Lang::Zh, name)).into()),
                en: Some(format!("{} = {shown}", parameter.label.text(Lang::En, name)).into()),
            };
            all.push(scenario("parameter", title, reform, parameter.set(&own, value)));
        }
        if let Some(on) = self.reform_on {
            let title = label("sim-title-date", &[("on", on.to_string())]);
            all.push(scenario(
                &format!("on-{on}"),
                title,
                None,
                compiled(self.own.files.clone(), on)?,
            ));
        }
        Ok(all)
    }
}

fn scenario(name: &str, title: Label, reform: Option<(String, String)>, program: Program) -> Scenario {
    Scenario {
        name: name.to_owned(),
        title,
        reform,
        program,
    }
}

/// A text in both languages.
fn label(key: &str, values: &[(&str, String)]) -> Label {
    let values: Vec<_> = values
        .iter()
        .map(|(name, value)| (*name, value.as_str().into()))
        .collect();
    let [zh, en] = [Lang::Zh, Lang::En].map(|lang| Some(Words::new(lang).with(key, &values).into()));
    Label { zh, en }
}

/// What files mean on a day.
pub(super) fn compiled(files: Files, on: Date) -> Result<Program, Message> {
    let package = Package::from_files(files)
        .map_err(|file| Message::new(format!("the package has no {file}"), format!("规则包缺少 {file}")))?;
    let checked = meed_rules::check(&package);
    checked.program(on).map_err(|found| {
        let first = found.into_iter().find(|one| one.severity == Severity::Error);
        let Some(first) = first else {
            return Message::new("the package does not check", "规则包未通过检查");
        };
        let place = package.sources.get(first.span.file).map_or_else(String::new, |file| {
            format!("{}:{}: ", file.path(), file.location(first.span.start).line)
        });
        let Message { en, zh } = first.message;
        Message::new(format!("{place}{en}"), format!("{place}{zh}"))
    })
}

/// Place, industry, month and size, as far as the vocabulary has them.
fn groupings(program: &Program, entity: EntityId) -> Vec<String> {
    let facts = || {
        program.schema.entities[entity]
            .facts
            .iter()
            .map(|fact| &program.schema.facts[*fact])
    };
    let of_type = |ty: FactType| facts().find(|fact| fact.ty == ty && fact.period.is_none());
    let types = [
        FactType::Identifier(Kind::Division),
        FactType::Identifier(Kind::Industry),
        FactType::Date,
    ];
    let mut all: Vec<String> = types
        .into_iter()
        .filter_map(of_type)
        .map(|fact| fact.named.name.to_string())
        .collect();
    let values = || program.values.iter().filter(|(_, of, _)| *of == entity);
    let is_known = |name: &&str| values().any(|(id, ..)| *program.names[*id].named.name == **name);
    let sizes: Vec<&str> = SIZES.into_iter().filter(is_known).collect();
    if !sizes.is_empty() {
        all.push(format!("size:{}", sizes.join("/")));
    }
    all
}

/// The names of the files in a folder.
fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}
