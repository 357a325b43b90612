"""The seven rules in Polars, as an analyst would write them: ratios are divided, growth is a root (`measure.py` has the arguments)."""

import os
import sys
from datetime import date

# Polars reads it when it is imported.
os.environ["POLARS_MAX_THREADS"] = sys.argv[3]

import nested as layout
import polars as pl
from measure import RULES, Task
from polars import col

MILLION = 100_000_000  # a million yuan, in fen
TECH_CENTRE = {"national": 5_000_000, "provincial": 1_000_000, "municipal": 200_000}
INNOVATION_CENTRE = {"national": 5_000_000, "provincial": 500_000}


def counts(hire):
    """Whether a hire's salary is subsidised; `hire` gives the expression of a fact."""
    return (
        hire("full_time")
        & hire("social_insurance")
        & (hire("role") != "other")
        & (hire("annual_salary") > MILLION // 2)
        & (hire("hire_date") >= date(2022, 12, 31))
    )


def by_level(level, amounts):
    chain = pl
    for name, amount in amounts.items():
        chain = chain.when(level == name).then(pl.lit(amount, pl.Int64))
    return chain.otherwise(pl.lit(0, pl.Int64))


def outcome(enterprises):
    """The outcome of enterprises that know the sum of `salaries`."""
    revenue, research = col.revenue_last, col.rd_expense_last
    ratios = enterprises.with_columns(ratio=research / revenue, ratio_prev=col.rd_expense_prev / col.revenue_prev)
    specialised = ratios.with_columns(
        specialised_new=(col.years_in_niche >= 2)
        & (research >= MILLION)
        & (col.ratio >= 0.03)
        & ((revenue >= 10 * MILLION) | (col.equity_financing_2y >= 20 * MILLION))
    )
    small = (col.equity_financing_2y >= 80 * MILLION) & (research + col.rd_expense_prev >= 30 * MILLION) & (col.rd_staff_ratio >= 0.5)
    effort = (
        ((revenue >= 100 * MILLION) & (col.ratio >= 0.03) & (col.ratio_prev >= 0.03))
        | ((revenue >= 50 * MILLION) & (revenue < 100 * MILLION) & (col.ratio >= 0.06) & (col.ratio_prev >= 0.06))
        | ((revenue < 50 * MILLION) & small)
    )
    giants = specialised.with_columns(
        little_giant=col.specialised_new
        & (col.years_in_niche >= 3)
        & (col.main_business_revenue_last / revenue >= 0.7)
        & ((revenue / col.revenue_prev2).sqrt() - 1 >= 0.05)
        & col.info_system
        & (col.liabilities / col.assets <= 0.7)
        & (col.market_share >= 0.1)
        & col.own_brand
        & col.has_rd_institution
        & (col.class1_ip >= 2)
        & effort
    )
    subsidy = pl.min_horizontal(col.salaries.fill_null(0) * 3 // 1000, pl.lit(3_000_000, pl.Int64))
    centres = pl.max_horizontal(
        pl.when(col.tech_centre_newly_recognised).then(by_level(col.tech_centre_level, TECH_CENTRE)).otherwise(0),
        pl.when(col.innovation_centre_newly).then(by_level(col.innovation_centre_level, INNOVATION_CENTRE)).otherwise(0),
        pl.when(col.design_centre_municipal_newly).then(pl.lit(500_000, pl.Int64)).otherwise(0),
    )
    amounts = giants.with_columns(talent=pl.when(col.little_giant | col.high_tech | col.listed).then(subsidy).otherwise(0), centre=centres)
    total = pl.min_horizontal(col.talent + col.centre, pl.lit(8_000_000, pl.Int64))
    return amounts.with_columns(total=total).select("enterprise_id", *RULES)


def flat(enterprises, hires):
    sums = hires.filter(counts(pl.col)).group_by("enterprise_id").agg(salaries=col.annual_salary.sum())
    return outcome(enterprises.join(sums, on="enterprise_id", how="left", maintain_order="left")).collect()


def nested(rows):
    """The same where an enterprise's hires are a list in its row."""
    enterprises = rows.rename({name: column for column, name in layout.NAMES.items()})

    def hire(name):
        return pl.element().struct.field(layout.HIRE[name])

    counted = col.hires.list.eval(hire("annual_salary").filter(counts(hire)))
    return outcome(enterprises.with_columns(salaries=counted.list.sum())).collect()


def main():
    task = Task()
    engine = f"Polars {pl.__version__}"

    def arrays(result):
        return result.sort("enterprise_id").to_dict(as_series=False)

    if task.measure == "rules":
        enterprises, hires = pl.read_parquet(task.enterprises), pl.read_parquet(task.hires)
        task.report(engine, lambda _: flat(enterprises.lazy(), hires.lazy()), arrays)
    elif task.measure == "reading":
        task.report(engine, lambda _: flat(pl.scan_parquet(task.enterprises), pl.scan_parquet(task.hires)), arrays)
    elif task.measure == "nested":
        task.report(engine, lambda _: nested(pl.scan_parquet(task.nested)), arrays)


main()
