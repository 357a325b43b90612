//! One enterprise after the other, every rule as it is written, in whole numbers.

use meed_bench_population::{Enterprises, Level, Outcome, Population, Role};
use rayon::prelude::*;

/// A million yuan, in fen.
pub const MILLION: i64 = 100_000_000;
/// 2022-12-31, in days since 1970-01-01.
pub const HIRED_SINCE: i32 = 19357;

/// Enterprises that one thread takes at a time.
const SHARE: usize = 16384;

/// The rules for every enterprise.
pub fn decide(population: &Population, outcome: &mut Outcome) {
    outcome.resize(population.len());
    let rows = (
        outcome.specialised_new.par_chunks_mut(SHARE),
        outcome.little_giant.par_chunks_mut(SHARE),
        outcome.talent.par_chunks_mut(SHARE),
        outcome.total.par_chunks_mut(SHARE),
    );
    rows.into_par_iter()
        .enumerate()
        .for_each(|(share, (specialised, giant, talent, total))| {
            for row in 0..total.len() {
                let at = share * SHARE + row;
                specialised[row] = specialised_new(&population.enterprises, at);
                giant[row] = specialised[row] && little_giant(&population.enterprises, at);
                talent[row] = talent_subsidy(population, at, giant[row]);
                total[row] = (talent[row] + highest_centre(&population.enterprises, at)).min(8_000_000);
            }
        });
}

fn specialised_new(firm: &Enterprises, at: usize) -> bool {
    let (revenue, research) = (firm.revenue_last[at], firm.rd_expense_last[at]);
    firm.years_in_niche[at] >= 2
        && research >= MILLION
        && research * 100 >= revenue * 3
        && (revenue >= 10 * MILLION || firm.equity_financing_2y[at] >= 20 * MILLION)
}

/// What a little giant needs beyond being specialised-new.
pub fn little_giant(firm: &Enterprises, at: usize) -> bool {
    let revenue = firm.revenue_last[at];
    firm.years_in_niche[at] >= 3
        && firm.info_system[at]
        && firm.own_brand[at]
        && firm.has_rd_institution[at]
        && firm.class1_ip[at] >= 2
        && firm.market_share[at] >= 0.1
        && firm.main_business_revenue_last[at] * 10 >= revenue * 7
        && revenue * 10000 >= firm.revenue_prev2[at] * 11025
        && firm.liabilities[at] * 10 <= firm.assets[at] * 7
        && research_effort(firm, at)
}

fn research_effort(firm: &Enterprises, at: usize) -> bool {
    let (revenue, before) = (firm.revenue_last[at], firm.revenue_prev[at]);
    let (research, research_before) = (firm.rd_expense_last[at], firm.rd_expense_prev[at]);
    let at_least = |percent| research * 100 >= revenue * percent && research_before * 100 >= before * percent;
    if revenue >= 100 * MILLION {
        at_least(3)
    } else if revenue >= 50 * MILLION {
        at_least(6)
    } else {
        firm.equity_financing_2y[at] >= 80 * MILLION
            && research + research_before >= 30 * MILLION
            && firm.rd_staff_ratio[at] >= 0.5
    }
}

fn talent_subsidy(population: &Population, at: usize, giant: bool) -> i64 {
    let (firm, hires) = (&population.enterprises, &population.hires);
    if !(giant || firm.high_tech[at] || firm.listed[at]) {
        return 0;
    }
    let counts = |&hire: &usize| {
        hires.annual_salary[hire] > MILLION / 2
            && hires.hire_date[hire] >= HIRED_SINCE
            && hires.role[hire] != Role::Other
            && hires.full_time[hire]
            && hires.social_insurance[hire]
    };
    let salaries: i64 = population
        .hires_of(at)
        .filter(counts)
        .map(|hire| hires.annual_salary[hire])
        .sum();
    subsidy(salaries)
}

/// 30 % of a sum of salaries in fen, in whole yuan.
pub fn subsidy(salaries: i64) -> i64 {
    (salaries * 3 / 1000).min(3_000_000)
}

fn highest_centre(firm: &Enterprises, at: usize) -> i64 {
    let tech = if firm.tech_centre_newly_recognised[at] {
        tech_centre(firm.tech_centre_level[at])
    } else {
        0
    };
    let innovation = if firm.innovation_centre_newly[at] {
        innovation_centre(firm.innovation_centre_level[at])
    } else {
        0
    };
    let design = if firm.design_centre_municipal_newly[at] {
        DESIGN_CENTRE
    } else {
        0
    };
    tech.max(innovation).max(design)
}

/// For a design centre, in yuan.
pub const DESIGN_CENTRE: i64 = 500_000;

/// For a technology centre, in yuan.
pub fn tech_centre(level: Level) -> i64 {
    match level {
        Level::National => 5_000_000,
        Level::Provincial => 1_000_000,
        Level::Municipal => 200_000,
        Level::None => 0,
    }
}

/// For an innovation centre, in yuan.
pub fn innovation_centre(level: Level) -> i64 {
    match level {
        Level::National => 5_000_000,
        Level::Provincial => 500_000,
        Level::Municipal | Level::None => 0,
    }
}
