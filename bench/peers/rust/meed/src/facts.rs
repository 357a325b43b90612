//! An enterprise as the JSON that Meed reads; names are those of `package/vocabulary.md`.

use meed_bench_population::{Population, date};
use serde_json::{Value, json};

/// The facts of one enterprise.
pub fn of(population: &Population, at: usize) -> String {
    let firm = &population.enterprises;
    let hires: Vec<Value> = population.hires_of(at).map(|hire| hired(population, hire)).collect();
    let facts = json!({
        "id": at,
        "revenue": {
            "2024": yuan(firm.revenue_last[at]), "2023": yuan(firm.revenue_prev[at]), "2022": yuan(firm.revenue_prev2[at])
        },
        "main_business_revenue": { "2024": yuan(firm.main_business_revenue_last[at]) },
        "rd_expense": { "2024": yuan(firm.rd_expense_last[at]), "2023": yuan(firm.rd_expense_prev[at]) },
        "assets": yuan(firm.assets[at]),
        "liabilities": yuan(firm.liabilities[at]),
        "equity_financing_2y": yuan(firm.equity_financing_2y[at]),
        "years_in_niche": firm.years_in_niche[at],
        "class1_ip": firm.class1_ip[at],
        "market_share": share(firm.market_share[at]),
        "rd_staff_share": share(firm.rd_staff_ratio[at]),
        "has_rd_institution": firm.has_rd_institution[at],
        "own_brand": firm.own_brand[at],
        "info_system": firm.info_system[at],
        "listed": firm.listed[at],
        "high_tech": firm.high_tech[at],
        "tech_centre": firm.tech_centre_level[at].name(),
        "tech_centre_newly": firm.tech_centre_newly_recognised[at],
        "innovation_centre": firm.innovation_centre_level[at].name(),
        "innovation_centre_newly": firm.innovation_centre_newly[at],
        "design_centre_newly": firm.design_centre_municipal_newly[at],
        "hires": hires,
        "awards": [],
    });
    json!({ "enterprise": facts }).to_string()
}

fn hired(population: &Population, hire: usize) -> Value {
    let hires = &population.hires;
    json!({
        "annual_salary": yuan(hires.annual_salary[hire]),
        "full_time": hires.full_time[hire],
        "social_insurance": hires.social_insurance[hire],
        "role": hires.role[hire].name(),
        "hired": date(hires.hire_date[hire]),
    })
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// Shares have four digits.
fn share(share: f64) -> String {
    format!("{share:.4}")
}
