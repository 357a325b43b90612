//! An enterprise as the values that ZEN evaluates; money in yuan.

use meed_bench_population::{Population, date};
use rust_decimal::Decimal;
use zen_expression::variable::{Variable, VariableMap};

/// The facts of one enterprise.
pub fn of(population: &Population, at: usize) -> Variable {
    let firm = &population.enterprises;
    let hires = population.hires_of(at).map(|hire| hired(population, hire)).collect();
    object([
        ("revenue_last", yuan(firm.revenue_last[at])),
        ("revenue_prev", yuan(firm.revenue_prev[at])),
        ("revenue_prev2", yuan(firm.revenue_prev2[at])),
        ("rd_expense_last", yuan(firm.rd_expense_last[at])),
        ("rd_expense_prev", yuan(firm.rd_expense_prev[at])),
        ("main_business_revenue_last", yuan(firm.main_business_revenue_last[at])),
        ("liabilities", yuan(firm.liabilities[at])),
        ("assets", yuan(firm.assets[at])),
        ("equity_financing_2y", yuan(firm.equity_financing_2y[at])),
        ("years_in_niche", Variable::Number(firm.years_in_niche[at].into())),
        ("class1_ip", Variable::Number(firm.class1_ip[at].into())),
        ("market_share", share(firm.market_share[at])),
        ("rd_staff_ratio", share(firm.rd_staff_ratio[at])),
        ("has_rd_institution", Variable::Bool(firm.has_rd_institution[at])),
        ("own_brand", Variable::Bool(firm.own_brand[at])),
        ("info_system", Variable::Bool(firm.info_system[at])),
        ("listed", Variable::Bool(firm.listed[at])),
        ("high_tech", Variable::Bool(firm.high_tech[at])),
        ("tech_centre_level", text(firm.tech_centre_level[at].name())),
        (
            "tech_centre_newly_recognised",
            Variable::Bool(firm.tech_centre_newly_recognised[at]),
        ),
        (
            "design_centre_municipal_newly",
            Variable::Bool(firm.design_centre_municipal_newly[at]),
        ),
        ("innovation_centre_level", text(firm.innovation_centre_level[at].name())),
        (
            "innovation_centre_newly",
            Variable::Bool(firm.innovation_centre_newly[at]),
        ),
        ("hires", Variable::from_array(hires)),
    ])
}

fn hired(population: &Population, hire: usize) -> Variable {
    let hires = &population.hires;
    object([
        ("annual_salary", yuan(hires.annual_salary[hire])),
        ("full_time", Variable::Bool(hires.full_time[hire])),
        ("role", text(hires.role[hire].name())),
        ("hire_date", text(&date(hires.hire_date[hire]))),
        ("social_insurance", Variable::Bool(hires.social_insurance[hire])),
    ])
}

fn object<const N: usize>(values: [(&str, Variable); N]) -> Variable {
    let values = values.into_iter().map(|(name, value)| (name.into(), value));
    Variable::from_object(VariableMap::from_iter(values))
}

fn text(text: &str) -> Variable {
    Variable::String(text.into())
}

fn yuan(fen: i64) -> Variable {
    Variable::Number(Decimal::new(fen, 2))
}

/// Shares have four digits.
fn share(share: f64) -> Variable {
    Variable::Number(Decimal::new((share * 10000.0).round() as i64, 4))
}
