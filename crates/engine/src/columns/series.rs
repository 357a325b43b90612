//! The periods of a series: the first, the one asked about, and those before it where a failure ends the series (`awards::judge::periods`, `awards::judge::series`).

use meed_facts::batch::rows_of;
use meed_facts::date::Date;
use meed_rules::program::{MeasureRules, Series};

use super::lines::Verdicts;
use super::run::Run;
use super::tables::{Binding, TableId};
use super::vector::{bit, set_bit};
use crate::awards::certainty::Certainty;
use crate::awards::judge::{Bounds, Extent};

/// Applicants for whose lines more periods than this came before are handed over: a table is bound for each.
const MOST_EARLIER: i32 = 24;

/// The period asked about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// Whether it is one of the series, which has not ended before.
    pub stands: Certainty,
    /// How many periods come before it, where that is known.
    earlier: Option<i32>,
    /// The first day of the series, where it is known.
    start: Option<Date>,
}

impl Asked {
    const NONE: Self = Self {
        stands: Certainty::No,
        earlier: None,
        start: None,
    };

    /// How many periods came before, if one of them may have ended the series.
    fn count(&self) -> i32 {
        self.earlier.filter(|_| self.stands.possible()).unwrap_or(0)
    }
}

impl<'p> Run<'p, '_> {
    /// Binds the first period and the one asked about for some lines.
    pub fn bind_periods(&mut self, rules: &MeasureRules, series: &Series, table: TableId, rows: &[u64]) -> Vec<Asked> {
        let program = self.plan.program;
        self.need(series.start, table, rows);
        let count = self.rows(table);
        let nothing = ((None, None), (None, None));
        let (mut first, mut asked) = (vec![nothing; count], vec![nothing; count]);
        let mut all = vec![Asked::NONE; count];
        let ty = &program.nodes[series.start].ty;
        let start = self.operand(series.start, table);
        for row in rows_of(rows.iter().copied()) {
            let bounds = Bounds::of(&start.value(row, ty), rules, series, program.date);
            put(&mut first, row, (bounds.first.from, bounds.first.due(series)));
            put(&mut asked, row, (bounds.asked.from, bounds.asked.due(series)));
            let one = Asked {
                stands: bounds.within,
                earlier: bounds.index,
                start: bounds.first.from.0,
            };
            put(&mut all, row, one);
        }
        for (binding, periods) in [(Binding::First, first), (Binding::Asked, asked)] {
            let table = self.bind(series.scope, table, binding);
            self.periods.insert(table, periods);
        }
        all
    }

    /// Judges the periods before the one asked about, where a failure in one ends the series.
    pub fn judge_earlier(&mut self, rules: &'p MeasureRules, table: TableId, rows: &[u64], asked: &mut [Asked]) {
        let Some(series) = rules.series.as_ref().filter(|series| series.ends_on_failure) else {
            return;
        };
        let wanted = |asked: &[Asked], holds: &dyn Fn(i32) -> bool| {
            let mut words = vec![0; rows.len()];
            for (row, asked) in asked.iter().enumerate() {
                set_bit(&mut words, row, bit(rows, row) && holds(asked.count()));
            }
            words
        };
        self.escape_all(table, &wanted(asked, &|count| count > MOST_EARLIER));
        for index in 0..MOST_EARLIER {
            let rows = wanted(asked, &|count| count > index && count <= MOST_EARLIER);
            if rows.iter().all(|word| *word == 0) {
                break;
            }
            let period = |asked: &Asked| {
                let extent = Extent::nth((asked.start, asked.start), series.every, index);
                (extent.from, extent.due(series))
            };
            let periods = asked.iter().map(period).collect();
            let nth = self.bind(series.scope, table, Binding::Nth(index));
            self.periods.insert(nth, periods);
            let verdicts = self.verdicts(rules.while_, nth, &rows);
            for row in rows_of(rows.iter().copied()) {
                if let Some(asked) = asked.get_mut(row) {
                    asked.stands = asked.stands.and(holds(&verdicts, row));
                }
            }
        }
    }
}

/// Whether a condition of staying lets a series go on: one that does not apply does.
fn holds(verdicts: &Verdicts, row: usize) -> Certainty {
    if bit(&verdicts.refused, row) {
        Certainty::No
    } else if bit(&verdicts.undetermined, row) {
        Certainty::Maybe
    } else {
        Certainty::Yes
    }
}

fn put<T>(items: &mut [T], row: usize, item: T) {
    if let Some(place) = items.get_mut(row) {
        *place = item;
    }
}
