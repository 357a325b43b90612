//! What one applicant's determination leaves to the round: lines that a fund pays, and lines of which something must be unique.

use std::collections::HashMap;
use std::sync::Arc;

use la_arena::ArenaMap;
use meed_engine::awards::amount::Amount;
use meed_engine::awards::verdict::Verdict;
use meed_engine::columns::{LineView, NodeValues, Outcome};
use meed_engine::round::terms::{Ranking, Terms, ranking};
use meed_facts::batch::Batch;
use meed_facts::ratio::Ratio;
use meed_facts::schema::EntityId;
use meed_facts::value::{Scalar, Stated};
use meed_rules::program::{MeasureId, NodeId, Program};
use serde::{Deserialize, Serialize};

use super::sort::Line;

/// What of a Program is decided among all applicants.
pub struct Contest<'p> {
    /// The Program.
    pub program: &'p Program,
    /// A fund's terms and what ranks claims on it, by the fund's position.
    pub funds: Vec<(Terms, Ranking)>,
    /// Positions of the funds that pay a measure.
    covered: ArenaMap<MeasureId, Vec<usize>>,
    pub(super) measures: HashMap<Arc<str>, MeasureId>,
    any: bool,
}

/// A line that is decided among all applicants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whose and what for.
    pub id: Id,
    /// Whether it is eligible; undetermined otherwise.
    pub eligible: bool,
    /// Whether a person has still to say what of it is paid beside the applicant's other lines.
    pub contested: bool,
    /// What is due before the round.
    pub amount: Amount,
    /// What ranks it, for each fund that pays it.
    pub ranks: Vec<Option<Ratio>>,
    /// What must be unique.
    pub unique: Vec<Option<Arc<str>>>,
    /// What is known of that among all applicants.
    pub alone: Alone,
}

/// Whether another line has what must be this line's alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Alone {
    /// None has.
    Yes,
    /// It is not known what this line's is.
    Unknown,
    /// Another has, and neither wins.
    No,
}

/// Whose a line is and what for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Id {
    /// The applicant's key; empty where it has none.
    pub applicant: String,
    /// The measure's name.
    pub measure: String,
    /// The child's key.
    pub key: Option<String>,
    /// Whether it stands for children that are not listed.
    pub unlisted: bool,
}

impl<'p> Contest<'p> {
    /// For applicants of a kind.
    pub fn new(program: &'p Program, entity: EntityId) -> Self {
        let mut covered: ArenaMap<MeasureId, Vec<usize>> = ArenaMap::default();
        for (position, fund) in program.funds.iter().enumerate() {
            for measure in &fund.covers {
                covered.entry(*measure).or_default().push(position);
            }
        }
        let mut uniques = program.measures.iter().flat_map(|(_, measure)| &measure.rules);
        let any = !program.funds.is_empty() || uniques.any(|rules| !rules.unique.is_empty());
        let terms = |fund| (Terms::of(program, fund), ranking(program, fund, entity));
        Self {
            program,
            funds: program.funds.iter().map(terms).collect(),
            covered,
            measures: program
                .measures
                .iter()
                .map(|(id, measure)| (measure.named.name.clone(), id))
                .collect(),
            any,
        }
    }

    /// Whether anything is decided among all applicants.
    pub fn is_any(&self) -> bool {
        self.any
    }

    /// The nodes whose values rank claims, to be asked for with the determination.
    pub fn nodes(&self) -> Vec<NodeId> {
        let node = |(_, ranking): &(Terms, Ranking)| match ranking {
            Ranking::Higher(node) => Some(*node),
            _ => None,
        };
        self.funds.iter().filter_map(node).collect()
    }

    /// Positions of the funds that pay a measure.
    pub fn covering(&self, measure: MeasureId) -> &[usize] {
        self.covered.get(measure).map_or(&[], Vec::as_slice)
    }

    /// The entries of a batch. `values` are those of [`Contest::nodes`], `applicant` gives a row's key.
    pub fn entries(
        &self,
        (batch, outcome): (&Batch, &Outcome),
        values: &[NodeValues],
        applicant: impl Fn(usize) -> Option<String>,
        mut each: impl FnMut(Entry),
    ) {
        if !self.any {
            return;
        }
        for (row, due) in outcome.payees() {
            for line in due.lines.iter() {
                let funds = self.covering(line.measure());
                if line.combined().is_zero() || (funds.is_empty() && line.unique().is_empty()) {
                    continue;
                }
                let ranks = funds.iter().map(|fund| self.rank(*fund, batch, values, row)).collect();
                each(self.entry(line, applicant(row).unwrap_or_default(), ranks));
            }
        }
    }

    fn entry(&self, line: LineView<'_>, applicant: String, ranks: Vec<Option<Ratio>>) -> Entry {
        let eligible = line.verdict() == Verdict::Eligible;
        Entry {
            id: Id {
                applicant,
                measure: self.program.measures[line.measure()].named.name.to_string(),
                key: line.key().map(|key| key.to_string()),
                unlisted: line.unlisted(),
            },
            eligible,
            contested: line.contested(),
            amount: match eligible && !line.contested() {
                true => line.combined(),
                false => line.combined().down_to_zero(),
            },
            ranks,
            alone: match line.unique().iter().all(Option::is_some) {
                true => Alone::Yes,
                false => Alone::Unknown,
            },
            unique: line.unique().to_vec(),
        }
    }

    fn rank(&self, fund: usize, batch: &Batch, values: &[NodeValues], row: usize) -> Option<Ratio> {
        match self.funds.get(fund)?.1 {
            Ranking::None => Some(Ratio::ZERO),
            Ranking::Unknown => None,
            Ranking::Higher(_) => {
                let ranked = |(_, ranking): &&(Terms, Ranking)| matches!(ranking, Ranking::Higher(_));
                let place = self.funds.iter().take(fund).filter(ranked).count();
                values.get(place)?.value(row).as_number().cloned()
            }
            Ranking::Earlier(fact) => match batch.facts.get(fact)?.stated(row)? {
                Stated::Value(Scalar::Date(day)) => Some(-&Ratio::from(day.days_since_epoch())),
                _ => None,
            },
        }
    }
}

type Cells = (
    Id,
    [bool; 2],
    String,
    Option<String>,
    Vec<Option<String>>,
    Vec<Option<String>>,
    Alone,
);

impl Line for Entry {
    fn line(&self) -> String {
        let cells: Cells = (
            self.id.clone(),
            [self.eligible, self.contested],
            self.amount.low().to_string(),
            self.amount.high().map(|high| high.to_string()),
            self.ranks
                .iter()
                .map(|rank| rank.as_ref().map(Ratio::to_string))
                .collect(),
            self.unique
                .iter()
                .map(|key| key.as_deref().map(str::to_owned))
                .collect(),
            self.alone,
        );
        serde_json::to_string(&cells).unwrap_or_default()
    }

    fn read(line: &str) -> Option<Self> {
        let (id, [eligible, contested], low, high, ranks, unique, alone): Cells = serde_json::from_str(line).ok()?;
        let rank = |rank: Option<String>| {
            rank.map(|text| Ratio::parse(&text).ok())
                .map_or(Some(None), |known| Some(Some(known?)))
        };
        let high = high
            .map(|high| high.parse().ok())
            .map_or(Some(None), |known| Some(Some(known?)))?;
        Some(Self {
            id,
            eligible,
            contested,
            amount: Amount::between(low.parse().ok()?, high),
            ranks: ranks.into_iter().map(rank).collect::<Option<_>>()?,
            unique: unique.into_iter().map(|key| key.map(Arc::from)).collect(),
            alone,
        })
    }
}

impl Line for Id {
    fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn read(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }
}
