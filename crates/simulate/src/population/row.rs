//! One row drawn: the whole numbers that a plan comes to.

use meed_facts::date::{Date, Days, Months, full_months_between};
use meed_facts::record::{AwardRecord, AwardState, TitleRecord};

use super::draw::{Draws, Quantiles, WHOLE};
use super::identity::birthday;
use super::plan::{AwardRule, Choice, Condition, Draw, Earlier, Form, MOST_YEARS, Of, Plan, Rule, TitleRule};

/// What holds for a whole population.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) as_of: Date,
    pub(super) years: Vec<i16>,
    /// The chance that a value to be met exactly is met, in hundredths of a percent.
    pub(super) planted: i64,
}

/// What a rule comes to, for each year; facts that are not yearly have the last year's only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) stated: bool,
    pub(super) values: [i64; MOST_YEARS],
}

/// One record's numbers, rule by rule.
#[derive(Debug)]
pub(super) struct Drawn {
    pub(super) cells: Vec<Cell>,
    /// The items of each rule that has any, in the order of the rules.
    pub(super) children: Vec<Vec<Drawn>>,
    pub(super) titles: Vec<TitleRecord>,
    pub(super) awards: Vec<AwardRecord>,
}

/// Drawing one record.
pub(super) struct Drawing<'a> {
    pub(super) frame: &'a Frame,
    pub(super) draws: &'a mut Draws,
    pub(super) row: u64,
    pub(super) profile: usize,
}

const NOTHING: Cell = Cell {
    stated: false,
    values: [0; MOST_YEARS],
};

impl Cell {
    fn all(value: i64) -> Self {
        Cell {
            stated: true,
            values: [value; MOST_YEARS],
        }
    }

    /// The value in the year at that position.
    pub(super) fn in_year(&self, year: usize) -> i64 {
        self.values.get(year).copied().unwrap_or(0)
    }
}

impl Drawing<'_> {
    pub(super) fn record(&mut self, plan: &Plan, parent: &[Cell]) -> Drawn {
        let mut drawn = Drawn {
            cells: Vec::with_capacity(plan.rules.len()),
            children: Vec::new(),
            titles: Vec::new(),
            awards: Vec::new(),
        };
        for rule in &plan.rules {
            let cell = self.cell(plan, rule, &mut drawn, parent);
            drawn.cells.push(cell);
        }
        drawn.titles = plan.titles.iter().filter_map(|rule| self.title(rule)).collect();
        drawn.awards = plan.awards.iter().filter_map(|rule| self.award(rule)).collect();
        drawn
    }

    fn cell(&mut self, plan: &Plan, rule: &Rule, drawn: &mut Drawn, parent: &[Cell]) -> Cell {
        let cells = &drawn.cells;
        let otherwise = rule.otherwise.map_or(NOTHING, Cell::all);
        if let Some(condition) = &rule.when
            && !self.is_met(condition, cells)
        {
            return otherwise;
        }
        match &rule.draw {
            Draw::Key => NOTHING,
            Draw::Chance(chance) => self.chosen(chance, cells).copied().map_or(otherwise, |chance| {
                self.each_year(plan, rule, cells, |drawing, _| i64::from(drawing.draws.happens(chance)))
            }),
            Draw::Among(weights) => self.chosen(weights, cells).map_or(otherwise, |weights| {
                self.each_year(plan, rule, cells, |drawing, _| weights.draw(drawing.draws))
            }),
            Draw::Quantity { quantiles, .. } => self
                .chosen(quantiles, cells)
                .map_or(otherwise, |quantiles| self.quantity(plan, rule, quantiles, cells)),
            Draw::DaysBefore { days, not_before } => self.chosen(days, cells).map_or(otherwise, |days| {
                let before = days.draw(self.draws).saturating_div(100);
                let day = i64::from(self.frame.as_of.days_since_epoch()).saturating_sub(before);
                let cell = not_before.and_then(|earlier| match earlier {
                    Earlier::Own(rule) => cells.get(rule),
                    Earlier::Parent(rule) => parent.get(rule),
                });
                let least = cell.filter(|cell| cell.stated).map_or(day, |cell| self.last(cell));
                Cell::all(day.max(least))
            }),
            Draw::Born(ages) => self.chosen(ages, cells).map_or(otherwise, |ages| {
                let age = i16::try_from(ages.draw(self.draws).saturating_div(100)).unwrap_or(0);
                let day = birthday(self.row, self.frame.as_of.year().saturating_sub(age));
                day.map_or(NOTHING, |day| Cell::all(day.days_since_epoch().into()))
            }),
            Draw::Many { count, child } => self.chosen(count, cells).map_or(otherwise, |count| {
                let items = count.draw(self.draws).saturating_div(100);
                let children = (0..items).map(|_| self.record(child, cells)).collect();
                drawn.children.push(children);
                Cell::all(items)
            }),
        }
    }

    fn chosen<'c, T>(&self, choice: &'c Choice<T>, cells: &[Cell]) -> Option<&'c T> {
        let case = match choice.by {
            None => self.profile,
            Some(rule) => usize::try_from(self.last(cells.get(rule).filter(|cell| cell.stated)?)).ok()?,
        };
        choice.get(case)
    }

    fn is_met(&self, condition: &Condition, cells: &[Cell]) -> bool {
        let Some(cell) = cells.get(condition.rule).filter(|cell| cell.stated) else {
            return false;
        };
        let value = self.last(cell);
        (condition.is.is_empty() || condition.is.contains(&value))
            && condition.at_least.is_none_or(|least| value >= least)
    }

    fn last(&self, cell: &Cell) -> i64 {
        cell.in_year(self.frame.years.len().saturating_sub(1))
    }

    /// A value of its own for each year since the beginning, 0 before; one value for facts that are not yearly.
    fn each_year(
        &mut self,
        plan: &Plan,
        rule: &Rule,
        cells: &[Cell],
        mut value: impl FnMut(&mut Self, usize) -> i64,
    ) -> Cell {
        let last = self.frame.years.len().saturating_sub(1);
        if !rule.yearly {
            return Cell::all(value(self, last));
        }
        let began = self.began(plan, cells);
        let mut cell = Cell::all(0);
        for (year, place) in cell.values.iter_mut().enumerate().take(self.frame.years.len()) {
            let value = value(self, year);
            *place = if year < began { 0 } else { value };
        }
        cell
    }

    /// The position of the first year in which anything happened.
    fn began(&self, plan: &Plan, cells: &[Cell]) -> usize {
        let cell = plan.began.and_then(|rule| cells.get(rule)).filter(|cell| cell.stated);
        let day = cell.and_then(|cell| i32::try_from(self.last(cell)).ok());
        let Some(began) = day.and_then(Date::from_days_since_epoch) else {
            return 0;
        };
        self.frame.years.iter().take_while(|year| **year < began.year()).count()
    }

    fn quantity(&mut self, plan: &Plan, rule: &Rule, quantiles: &Quantiles, cells: &[Cell]) -> Cell {
        let Draw::Quantity {
            of,
            growth,
            steady,
            exactly,
            step,
            ..
        } = &rule.draw
        else {
            return NOTHING;
        };
        let met = self.planted(exactly);
        let rates = growth.as_ref().and_then(|growth| self.chosen(growth, cells));
        // Who spends much on research in one year does so in the next.
        let place = self.draws.number();
        let mut before: Option<i64> = None;
        self.each_year(plan, rule, cells, |drawing, year| {
            let value = match (before, rates) {
                (Some(before), Some(rates)) => {
                    let rate = met.unwrap_or_else(|| rates.draw(drawing.draws));
                    share(before, WHOLE.saturating_add(rate))
                }
                _ => {
                    let exact = met.filter(|_| rates.is_none());
                    let draw = exact.unwrap_or_else(|| {
                        let place = if *steady { place } else { drawing.draws.near(place) };
                        quantiles.at(place)
                    });
                    drawing.applied(draw, *of, &rule.form, cells, year)
                }
            };
            // Only what is drawn is brought to whole steps: what grows from it keeps its rate.
            let stepped = if before.is_some() && rates.is_some() {
                value
            } else {
                down_to(value, *step)
            };
            before = Some(stepped);
            stepped
        })
    }

    fn planted(&mut self, exactly: &[i64]) -> Option<i64> {
        if exactly.is_empty() || !self.draws.happens(self.frame.planted) {
            return None;
        }
        let place = self.draws.below(u32::try_from(exactly.len()).ok()?);
        exactly.get(usize::try_from(place).ok()?).copied()
    }

    /// A drawn figure as a value: itself, or so many times what it is of.
    fn applied(&self, draw: i64, of: Of, form: &Form, cells: &[Cell], year: usize) -> i64 {
        let base = |rule: usize| cells.get(rule).filter(|cell| cell.stated);
        let whole = |value: i64| match form {
            Form::Count | Form::Months | Form::Days => value.div_euclid(100),
            _ => value,
        };
        match of {
            Of::Nothing => whole(draw),
            Of::Per(rule) => base(rule).map_or(0, |cell| whole(draw.saturating_mul(cell.in_year(year)))),
            Of::Share(rule) => base(rule).map_or(0, |cell| share(cell.in_year(year), draw)),
            Of::Age(rule) => base(rule).map_or(0, |cell| {
                let day = i32::try_from(self.last(cell))
                    .ok()
                    .and_then(Date::from_days_since_epoch);
                day.map_or(0, |day| {
                    share(full_months_between(day, self.frame.as_of).0.into(), draw)
                })
            }),
        }
    }

    fn title(&mut self, rule: &TitleRule) -> Option<TitleRecord> {
        let chance = *rule.chance.get(self.profile)?;
        if !self.draws.happens(chance) {
            return None;
        }
        let granted = self.day(rule.granted)?;
        Some(TitleRecord {
            level: rule.level,
            granted: Some(granted),
            until: rule.months.and_then(|months| granted.plus_months(Months(months))),
            ..TitleRecord::new(rule.title, true)
        })
    }

    fn award(&mut self, rule: &AwardRule) -> Option<AwardRecord> {
        let chance = *rule.chance.get(self.profile)?;
        if !self.draws.happens(chance) {
            return None;
        }
        Some(AwardRecord {
            measure: rule.measure.clone(),
            key: None,
            on: self.day(rule.on),
            amount: Some(rule.amount),
            recovered: None,
            state: AwardState::Paid,
        })
    }

    fn day(&mut self, (first, last): (Date, Date)) -> Option<Date> {
        let days = u32::try_from(first.days_until(last).0).ok()?.saturating_add(1);
        first.plus_days(Days(i32::try_from(self.draws.below(days)).ok()?))
    }
}

/// A share of a value, in hundredths of a percent, rounded down.
fn share(value: i64, of_whole: i64) -> i64 {
    let wide = i128::from(value).saturating_mul(of_whole.into());
    i64::try_from(wide.div_euclid(WHOLE.into())).unwrap_or(0)
}

fn down_to(value: i64, step: i64) -> i64 {
    value.saturating_sub(value.checked_rem_euclid(step).unwrap_or(0))
}
