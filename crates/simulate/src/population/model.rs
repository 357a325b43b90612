//! The file that says what a population is like: `population.toml` beside a package's vocabulary.
//!
//! It is data, with the source of every figure beside it; `plan` makes it fit a vocabulary. Chances and shares are in percent, money in
//! main units, quantiles the values at 0, 10, 50, 90, 99 and 100 %.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A model of the applicants of one place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// What the population is, to be said beside every output.
    pub about: About,
    /// The day as of which everything is known: `2023-02-23`.
    pub as_of: String,
    /// The years that yearly facts have values for, in order.
    pub years: Vec<i16>,
    /// The chance that a quantity with values to be met exactly takes one of them.
    pub planted: f64,
    /// Each entity's part, by the entity's name.
    pub entity: BTreeMap<String, EntityModel>,
}

/// What a population is, in two languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What the records of one entity are like.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntityModel {
    /// For applicants, what `--kind` calls them.
    pub kind: Option<String>,
    /// The first characters of identifiers, which no register gives out.
    pub reserved: Option<String>,
    /// The date fact before whose year nothing happened: yearly values of earlier years are 0.
    pub began: Option<String>,
    /// What an applicant of the city is, and how many of each there are.
    #[serde(default)]
    pub profiles: Vec<Profile>,
    /// The titles that profiles name.
    #[serde(default)]
    pub titles: Vec<TitleModel>,
    /// Earlier awards.
    #[serde(default)]
    pub awards: Vec<AwardModel>,
    /// The facts in the order in which they are drawn; each may depend on those before it.
    pub facts: Vec<FactModel>,
}

/// A kind of applicant of which the city has a certain number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name, a case for facts.
    pub name: String,
    /// How many the city has.
    pub number: u32,
    /// The groups it belongs to, cases for facts too: the first that a fact names counts.
    pub groups: Vec<String>,
    /// The titles it holds, by their keys.
    #[serde(default)]
    pub titles: Vec<String>,
    /// Where the number comes from.
    pub source: String,
}

/// A title that some hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TitleModel {
    /// What profiles call it.
    pub key: String,
    /// The title of the vocabulary.
    pub title: String,
    /// Its level, where it has several.
    pub level: Option<String>,
    /// First and last day on which it may have been granted.
    pub granted: [String; 2],
    /// The months after which it ends, where records state an end.
    pub months: Option<i32>,
    /// For titles that are dealt, how many hold it in the city; the profiles must agree.
    pub holders: Option<u32>,
    /// For titles that are drawn, the chance of each to hold it.
    #[serde(default)]
    pub chance: Cases<f64>,
    /// Where the figures come from.
    pub source: String,
}

/// An award that some have received.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwardModel {
    /// The measure.
    pub measure: String,
    /// How much, in main units of the package's currency.
    pub amount: u32,
    /// First and last day on which it may have been decided.
    pub on: [String; 2],
    /// The chance of each to have received it.
    pub chance: Cases<f64>,
    /// Where the figures come from.
    pub source: String,
}

/// How one fact is drawn: exactly one of the ways from `chance` to `born`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactModel {
    /// The fact.
    pub fact: String,
    /// An earlier fact whose value chooses the case; the applicant's profile where there is none.
    pub by: Option<String>,
    /// Only drawn where an earlier fact has certain values.
    pub when: Option<When>,
    /// What is stated where it is not drawn; without it nothing is.
    pub otherwise: Option<toml::Value>,

    /// A truth, with this chance.
    pub chance: Option<Cases<f64>>,
    /// One of these members, divisions or texts, with weights.
    pub among: Option<Cases<BTreeMap<String, u32>>>,
    /// A quantity with these quantiles.
    pub quantiles: Option<Cases<[f64; 6]>>,
    /// A date so many days before the model's.
    pub days_before: Option<Cases<[f64; 6]>>,
    /// A list with so many items.
    pub many: Option<Cases<[f64; 6]>>,
    /// A birthday of somebody so many years old.
    pub born: Option<Cases<[f64; 6]>>,

    /// The quantiles are for each one of this earlier fact (yuan per employee).
    pub per: Option<String>,
    /// The quantiles are percentages of this earlier fact; of a date, of the months since.
    pub percent_of: Option<String>,
    /// The first year's quantity is drawn, and the later ones grow by these percentages; cases are profiles.
    pub growth: Option<Cases<[f64; 6]>>,
    /// The same share in all years.
    #[serde(default)]
    pub steady: bool,
    /// Quantities are whole multiples of this.
    pub step: Option<f64>,
    /// Values that rules have thresholds at, drawn on purpose now and then; of a fact with growth, growth rates.
    #[serde(default)]
    pub exactly: Vec<f64>,
    /// No date before that of this earlier fact, the applicant's for a child.
    pub not_before: Option<String>,
    /// Where the figures come from.
    pub source: String,
}

/// A condition on an earlier fact; one without a value does not meet it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The fact; of a yearly one the last year counts.
    pub fact: String,
    /// Its values: members, or `true` and `false`.
    #[serde(default)]
    pub is: Vec<String>,
    /// Its least value.
    pub at_least: Option<f64>,
}

/// What holds in each case: by profile, by group, or by an earlier fact's value; `any` stands for the rest.
pub type Cases<T> = BTreeMap<String, T>;
