//! Made-up applicants, the same on every machine and without anything that has to be installed: not plausible, but of all kinds.

use serde_json::{Map, Value, json};

/// The common rule set's enterprises as JSON. One fact of `missing` is left out, none where it is 0.
pub fn enterprises(size: usize, missing: u64) -> Vec<String> {
    let mut random = Random(20_251_231);
    let rows = (0..size).map(|number| {
        let mut facts = enterprise(&mut random, number);
        facts.retain(|_, _| missing == 0 || random.below(missing) > 0);
        json!({ "enterprise": facts }).to_string()
    });
    rows.collect()
}

/// An example with other figures of money in each copy. One fact of `missing` is left out, none where it is 0.
pub fn variants(example: &str, size: usize, missing: u64) -> Vec<String> {
    let example: Value = serde_json::from_str(example).expect("JSON");
    let mut random = Random(20_240_301);
    let rows = (0..size).map(|_| {
        let mut copy = example.clone();
        vary(&mut copy, &mut random);
        if missing > 0 {
            copy.as_object_mut()
                .into_iter()
                .flat_map(|kinds| kinds.values_mut())
                .for_each(|facts| thin(facts, missing, &mut random));
        }
        copy.to_string()
    });
    rows.collect()
}

/// Money is written with two digits after the point: each such figure becomes half to one and a half times as much.
fn vary(value: &mut Value, random: &mut Random) {
    match value {
        Value::Object(members) => members.values_mut().for_each(|member| vary(member, random)),
        Value::Array(items) => items.iter_mut().for_each(|item| vary(item, random)),
        Value::String(text) => {
            if let Some(fen) = fen_of(text) {
                *text = yuan(fen / 2 + random.below(fen + 1));
            }
        }
        _ => {}
    }
}

/// Leaves out facts of a record, and of those inside it.
fn thin(record: &mut Value, missing: u64, random: &mut Random) {
    match record {
        Value::Object(facts) => {
            facts.retain(|_, _| random.below(missing) > 0);
            // A title or an earlier award is known or not.
            let inside = facts
                .iter_mut()
                .filter(|(name, fact)| fact.is_array() && *name != "titles" && *name != "awards");
            inside.for_each(|(_, fact)| thin(fact, missing, random));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| thin(item, missing, random)),
        _ => {}
    }
}

fn fen_of(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').filter(|(_, part)| part.len() == 2)?;
    format!("{whole}{part}").parse().ok()
}

fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn enterprise(random: &mut Random, number: usize) -> Map<String, Value> {
    let revenue = random.fen(500_000_000);
    let before = revenue - revenue / random.between(5, 20);
    let research = revenue / random.between(10, 50);
    let hires: Vec<Value> = (0..random.below(7)).map(|_| hire(random)).collect();
    let facts = json!({
        "id": number,
        "revenue": { "2024": yuan(revenue), "2023": yuan(before), "2022": yuan(before - before / random.between(5, 20)) },
        "main_business_revenue": { "2024": yuan(revenue - revenue / random.between(2, 20)) },
        "rd_expense": { "2024": yuan(research), "2023": yuan(before / random.between(10, 50)) },
        "assets": yuan(revenue),
        "liabilities": yuan(revenue - revenue / random.between(2, 20)),
        "equity_financing_2y": yuan(random.fen(100_000_000)),
        "years_in_niche": random.below(12),
        "class1_ip": random.below(8),
        "market_share": format!("0.{:04}", random.below(4000)),
        "rd_staff_share": format!("0.{:04}", random.below(9000)),
        "has_rd_institution": random.truth(),
        "own_brand": random.truth(),
        "info_system": random.truth(),
        "listed": random.below(30) == 0,
        "high_tech": random.below(5) == 0,
        "tech_centre": random.level(),
        "tech_centre_newly": random.below(5) == 0,
        "innovation_centre": random.level(),
        "innovation_centre_newly": random.below(5) == 0,
        "design_centre_newly": random.below(50) == 0,
        "hires": hires,
        "awards": [],
    });
    match facts {
        Value::Object(facts) => facts,
        _ => unreachable!("an object was written"),
    }
}

fn hire(random: &mut Random) -> Value {
    let role = random.below(3) as usize;
    json!({
        "annual_salary": yuan(random.fen(1_500_000)),
        "full_time": random.below(12) > 0,
        "social_insurance": random.below(20) > 0,
        "role": (["professional_technical", "senior_management", "other"][role]),
        "hired": format!("{}-{:02}-{:02}", random.between(2019, 2026), random.between(1, 13), random.between(1, 29)),
    })
}

/// Sebastiano Vigna's splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn between(&mut self, start: u64, end: u64) -> u64 {
        start + self.below(end - start)
    }

    /// An amount of at least a yuan and below `yuan`.
    fn fen(&mut self, yuan: u64) -> u64 {
        self.between(100, yuan * 100)
    }

    fn truth(&mut self) -> bool {
        self.below(2) == 0
    }

    fn level(&mut self) -> &'static str {
        ["none", "none", "none", "municipal", "provincial", "national"][self.below(6) as usize]
    }
}
