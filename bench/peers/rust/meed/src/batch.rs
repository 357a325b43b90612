//! Enterprises as the batches that the columnar evaluator takes; names are those of `package/vocabulary.md`.

use std::collections::BTreeMap;
use std::ops::Range;

use meed_bench_population::Population;
use meed_facts::batch::{Batch, Bits, Column, Lists, NUMBER_SCALE, Values};
use meed_facts::date::Period;
use meed_facts::schema::{EntityId, Schema};

/// The batch of some enterprises.
pub fn of(schema: &Schema, population: &Population, rows: Range<usize>) -> Batch {
    let firm = &population.enterprises;
    let mut table = Table::new(schema, "Enterprise", rows.len());
    let at = |column: &[i64]| money(&column[rows.clone()]);
    table.put_years(
        "revenue",
        [
            (2024, at(&firm.revenue_last)),
            (2023, at(&firm.revenue_prev)),
            (2022, at(&firm.revenue_prev2)),
        ],
    );
    table.put_years(
        "rd_expense",
        [(2024, at(&firm.rd_expense_last)), (2023, at(&firm.rd_expense_prev))],
    );
    table.put_years("main_business_revenue", [(2024, at(&firm.main_business_revenue_last))]);
    table.put("assets", at(&firm.assets));
    table.put("liabilities", at(&firm.liabilities));
    table.put("equity_financing_2y", at(&firm.equity_financing_2y));
    let numbers: Vec<i64> = rows.clone().map(|row| row as i64).collect();
    table.put(
        "id",
        Values::Numbers {
            scale: 0,
            units: numbers,
        },
    );
    table.put("years_in_niche", count(&firm.years_in_niche[rows.clone()]));
    table.put("class1_ip", count(&firm.class1_ip[rows.clone()]));
    table.put("market_share", share(&firm.market_share[rows.clone()]));
    table.put("rd_staff_share", share(&firm.rd_staff_ratio[rows.clone()]));
    let truths = |column: &[bool]| Values::Bools(Bits::of(column[rows.clone()].iter().copied()));
    table.put("has_rd_institution", truths(&firm.has_rd_institution));
    table.put("own_brand", truths(&firm.own_brand));
    table.put("info_system", truths(&firm.info_system));
    table.put("listed", truths(&firm.listed));
    table.put("high_tech", truths(&firm.high_tech));
    table.put("tech_centre_newly", truths(&firm.tech_centre_newly_recognised));
    table.put("innovation_centre_newly", truths(&firm.innovation_centre_newly));
    table.put("design_centre_newly", truths(&firm.design_centre_municipal_newly));
    // Levels are declared in the same order there.
    let levels = |column: &[meed_bench_population::Level]| {
        Values::Members(column[rows.clone()].iter().map(|level| *level as u16).collect())
    };
    table.put("tech_centre", levels(&firm.tech_centre_level));
    table.put("innovation_centre", levels(&firm.innovation_centre_level));
    let mut batch = table.batch;
    let fact = schema
        .fact_called(batch.entity, "hires")
        .expect("a fact of the vocabulary");
    batch.children.insert(fact, hires(schema, population, rows));
    batch.titles.fill(batch.rows);
    (0..batch.rows).for_each(|_| batch.awards.close(0, true, true));
    batch
}

fn hires(schema: &Schema, population: &Population, rows: Range<usize>) -> Lists<Batch> {
    let hires = &population.hires;
    let start = population.starts[rows.start] as usize;
    let all = start..population.starts[rows.end] as usize;
    let mut table = Table::new(schema, "Hire", all.len());
    table.put("annual_salary", money(&hires.annual_salary[all.clone()]));
    table.put(
        "full_time",
        Values::Bools(Bits::of(hires.full_time[all.clone()].iter().copied())),
    );
    table.put(
        "social_insurance",
        Values::Bools(Bits::of(hires.social_insurance[all.clone()].iter().copied())),
    );
    table.put(
        "role",
        Values::Members(hires.role[all.clone()].iter().map(|role| *role as u16).collect()),
    );
    table.put("hired", Values::Dates(hires.hire_date[all].to_vec()));
    table.batch.titles.fill(table.batch.rows);
    table.batch.awards.fill(table.batch.rows);
    let mut lists = Lists::new(table.batch);
    for row in rows {
        lists.close(population.starts[row + 1] - start as u32, true, true);
    }
    lists
}

/// A batch to which columns are added in which everything is known.
struct Table<'s> {
    schema: &'s Schema,
    batch: Batch,
}

impl<'s> Table<'s> {
    fn new(schema: &'s Schema, entity: &str, rows: usize) -> Self {
        let mut batch = Batch::new(entity_called(schema, entity));
        batch.rows = rows;
        Self { schema, batch }
    }

    fn put(&mut self, name: &str, values: Values) {
        let fact = self
            .schema
            .fact_called(self.batch.entity, name)
            .expect("a fact of the vocabulary");
        self.batch.facts.insert(fact, column(values, self.batch.rows));
    }

    fn put_years<const N: usize>(&mut self, name: &str, years: [(i16, Values); N]) {
        let fact = self
            .schema
            .fact_called(self.batch.entity, name)
            .expect("a fact of the vocabulary");
        let series = years.map(|(year, values)| (Period::Year(year), column(values, self.batch.rows)));
        self.batch.series.insert(fact, BTreeMap::from(series));
    }
}

fn entity_called(schema: &Schema, name: &str) -> EntityId {
    let mut entities = schema.entities.iter();
    entities
        .find(|(_, entity)| &*entity.named.name == name)
        .expect("an entity of the vocabulary")
        .0
}

fn column(values: Values, rows: usize) -> Column {
    Column {
        known: Bits::all(rows),
        values,
        ranges: Vec::new(),
        others: Vec::new(),
    }
}

fn money(fen: &[i64]) -> Values {
    Values::Numbers {
        scale: 2,
        units: fen.to_vec(),
    }
}

fn count(whole: &[i32]) -> Values {
    Values::Numbers {
        scale: 0,
        units: whole.iter().map(|whole| i64::from(*whole)).collect(),
    }
}

/// Shares have four digits.
fn share(shares: &[f64]) -> Values {
    let unit = 10_i64.pow(u32::from(NUMBER_SCALE) - 4);
    Values::Numbers {
        scale: NUMBER_SCALE,
        units: shares
            .iter()
            .map(|share| (share * 10000.0).round() as i64 * unit)
            .collect(),
    }
}
