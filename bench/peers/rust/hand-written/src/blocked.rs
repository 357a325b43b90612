//! A block of enterprises at a time: first what all of them need, without branches, so that the compiler makes vector instructions of it; then, for the few that
//! may be little giants or get the subsidy, the rest. Small facts are packed into bits, and the centres' rewards looked up by them.

use meed_bench_population::{Level, Outcome, Population, Role};
use rayon::prelude::*;

use crate::plain::{DESIGN_CENTRE, HIRED_SINCE, MILLION, innovation_centre, little_giant, subsidy, tech_centre};

/// Enterprises in a block: their columns stay in the cache between the passes.
const BLOCK: usize = 1024;

const GIANT: u16 = 0b111; // institution, brand and systems
const ENTITLED: u16 = 0b11 << 3; // listed, high-tech
const TECH_NEWLY: u16 = 1 << 5;
const DESIGN_NEWLY: u16 = 1 << 6;
const INNOVATION_NEWLY: u16 = 1 << 7;
const TECH_LEVEL: u32 = 8;
const INNOVATION_LEVEL: u32 = 10;
const FLAGS: usize = 1 << 12;

/// The population with its small facts in bits.
pub struct Packed {
    population: Population,
    flags: Vec<u16>,
    /// For each hire, whether full-time, insured and of a role that counts.
    suited: Vec<bool>,
    /// The highest centre's reward, by flags.
    rewards: Vec<i64>,
}

impl Packed {
    /// Packs the population.
    pub fn new(population: Population) -> Self {
        let (firm, hires) = (&population.enterprises, &population.hires);
        let flags = (0..population.len()).into_par_iter().map(|at| {
            let bits = [
                firm.has_rd_institution[at],
                firm.own_brand[at],
                firm.info_system[at],
                firm.listed[at],
                firm.high_tech[at],
                firm.tech_centre_newly_recognised[at],
                firm.design_centre_municipal_newly[at],
                firm.innovation_centre_newly[at],
            ];
            let bits = bits.iter().rev().fold(0, |bits, bit| bits << 1 | u16::from(*bit));
            bits | (firm.tech_centre_level[at] as u16) << TECH_LEVEL
                | (firm.innovation_centre_level[at] as u16) << INNOVATION_LEVEL
        });
        let suited = (0..hires.role.len()).into_par_iter();
        let suited =
            suited.map(|hire| hires.full_time[hire] & hires.social_insurance[hire] & (hires.role[hire] != Role::Other));
        Self {
            flags: flags.collect(),
            suited: suited.collect(),
            rewards: (0..FLAGS as u16).map(highest_centre).collect(),
            population,
        }
    }
}

fn highest_centre(flags: u16) -> i64 {
    let level = |shift: u32| {
        [Level::None, Level::Municipal, Level::Provincial, Level::National][usize::from(flags >> shift & 3)]
    };
    let paid = |newly: u16, reward: i64| if flags & newly != 0 { reward } else { 0 };
    paid(TECH_NEWLY, tech_centre(level(TECH_LEVEL)))
        .max(paid(INNOVATION_NEWLY, innovation_centre(level(INNOVATION_LEVEL))))
        .max(paid(DESIGN_NEWLY, DESIGN_CENTRE))
}

/// The rules for every enterprise.
pub fn decide(packed: &Packed, outcome: &mut Outcome) {
    outcome.resize(packed.population.len());
    let blocks = (
        outcome.specialised_new.par_chunks_mut(BLOCK),
        outcome.little_giant.par_chunks_mut(BLOCK),
        outcome.talent.par_chunks_mut(BLOCK),
        outcome.total.par_chunks_mut(BLOCK),
    );
    // Enough blocks for a thread that handing them out costs nothing.
    blocks
        .into_par_iter()
        .with_min_len(16)
        .enumerate()
        .for_each(|(number, (specialised, giant, talent, total))| {
            let start = number * BLOCK;
            first_pass(packed, start, specialised, talent, total);
            second_pass(packed, start, specialised, giant, talent, total);
        });
}

fn first_pass(packed: &Packed, start: usize, specialised: &mut [bool], talent: &mut [i64], total: &mut [i64]) {
    let (firm, size) = (&packed.population.enterprises, total.len());
    let block = start..start + size;
    let revenue = &firm.revenue_last[block.clone()];
    let research = &firm.rd_expense_last[block.clone()];
    let equity = &firm.equity_financing_2y[block.clone()];
    let years = &firm.years_in_niche[block.clone()];
    let flags = &packed.flags[block];
    let rewards: &[i64; FLAGS] = packed.rewards.as_slice().try_into().expect("a reward for all flags");
    for row in 0..size {
        specialised[row] = (years[row] >= 2)
            & (research[row] >= MILLION)
            & (research[row] * 100 >= revenue[row] * 3)
            & ((revenue[row] >= 10 * MILLION) | (equity[row] >= 20 * MILLION));
        talent[row] = 0;
        total[row] = rewards[usize::from(flags[row]) % FLAGS];
    }
}

fn second_pass(
    packed: &Packed,
    start: usize,
    specialised: &[bool],
    giant: &mut [bool],
    talent: &mut [i64],
    total: &mut [i64],
) {
    let population = &packed.population;
    let flags = &packed.flags[start..start + total.len()];
    for row in 0..total.len() {
        let at = start + row;
        giant[row] = specialised[row] && flags[row] & GIANT == GIANT && little_giant(&population.enterprises, at);
        if giant[row] || flags[row] & ENTITLED != 0 {
            talent[row] = subsidy(salaries(packed, at));
            total[row] = (total[row] + talent[row]).min(8_000_000);
        }
    }
}

fn salaries(packed: &Packed, at: usize) -> i64 {
    let hires = &packed.population.hires;
    let counted = packed.population.hires_of(at).map(|hire| {
        let salary = hires.annual_salary[hire];
        if (salary > MILLION / 2) & packed.suited[hire] & (hires.hire_date[hire] >= HIRED_SINCE) {
            salary
        } else {
            0
        }
    });
    counted.sum()
}
