"""What the seven rules give for the population, computed in whole numbers only. Every engine is compared with it.

    reference.py FOLDER    reads FOLDER/enterprises.parquet and FOLDER/hires.parquet, writes FOLDER/reference.parquet

Amounts awarded are in yuan, all others in fen. A ratio is never divided: a share of 3 % is `100 a >= 3 b`. All products fit 64 bits, for the largest
revenue is 2 * 10^12 fen and the largest factor 11025. `package/rules.md` has the rules in words.
"""

import sys
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

MILLION = 100_000_000  # a million yuan, in fen
HIRED_SINCE = date(2022, 12, 31)
TECH_CENTRE = {"municipal": 200_000, "provincial": 1_000_000, "national": 5_000_000}
INNOVATION_CENTRE = {"provincial": 500_000, "national": 5_000_000}
DESIGN_CENTRE = 500_000

# The sums of all totals of the populations that have been published: a population that is not the same is found out.
KNOWN_TOTALS = {100_000: 5_226_366_127, 1_000_000: 51_902_532_139, 10_000_000: 521_248_054_079}


def specialised_new(firm):
    revenue, research = firm["revenue_last"], firm["rd_expense_last"]
    niche = firm["years_in_niche"] >= 2
    substance = (revenue >= 10 * MILLION) | (firm["equity_financing_2y"] >= 20 * MILLION)
    return niche & (research >= MILLION) & (research * 100 >= revenue * 3) & substance


def research_effort(firm):
    """The little giant's condition on research, by revenue."""
    revenue, before = firm["revenue_last"], firm["revenue_prev"]
    research, research_before = firm["rd_expense_last"], firm["rd_expense_prev"]

    def at_least(percent):
        return (research * 100 >= revenue * percent) & (research_before * 100 >= before * percent)

    funded = firm["equity_financing_2y"] >= 80 * MILLION
    small = funded & (research + research_before >= 30 * MILLION) & (parts(firm["rd_staff_ratio"]) >= 5000)
    return np.where(revenue >= 100 * MILLION, at_least(3), np.where(revenue >= 50 * MILLION, at_least(6), small))


def little_giant(firm):
    revenue = firm["revenue_last"]
    return (
        specialised_new(firm)
        & (firm["years_in_niche"] >= 3)
        & (firm["main_business_revenue_last"] * 10 >= revenue * 7)
        # 5 % a year over two years: 1.05 squared.
        & (revenue * 10000 >= firm["revenue_prev2"] * 11025)
        & firm["info_system"]
        & (firm["liabilities"] * 10 <= firm["assets"] * 7)
        & (parts(firm["market_share"]) >= 1000)
        & firm["own_brand"]
        & firm["has_rd_institution"]
        & (firm["class1_ip"] >= 2)
        & research_effort(firm)
    )


def subsidised_salaries(hire, enterprises):
    """For each enterprise the sum of the salaries that count."""
    counts = (
        hire["full_time"]
        & hire["social_insurance"]
        & (hire["role"] != "other")
        & (hire["annual_salary"] > MILLION // 2)
        & (hire["hire_date"] >= np.datetime64(HIRED_SINCE))
    )
    sums = np.zeros(enterprises, np.int64)
    np.add.at(sums, hire["enterprise_id"][counts], hire["annual_salary"][counts])
    return sums


def highest_centre(firm):
    tech = np.where(firm["tech_centre_newly_recognised"], by_level(firm["tech_centre_level"], TECH_CENTRE), 0)
    innovation = np.where(firm["innovation_centre_newly"], by_level(firm["innovation_centre_level"], INNOVATION_CENTRE), 0)
    design = np.where(firm["design_centre_municipal_newly"], DESIGN_CENTRE, 0)
    return np.maximum(np.maximum(tech, innovation), design)


def parts(shares):
    """Shares in parts of 10,000: they have four digits."""
    return np.round(shares * 10000).astype(np.int64)


def by_level(levels, amounts):
    return np.select([levels == level for level in amounts], list(amounts.values()), 0)


def columns(table):
    """Arrays by name; codes of a dictionary as the texts they stand for."""

    def plain(column):
        return pc.cast(column, pa.string()) if pa.types.is_dictionary(column.type) else column

    return {name: plain(table[name]).to_numpy() for name in table.column_names}


def outcome(enterprises, hires):
    firm = columns(enterprises)
    giant = little_giant(firm)
    entitled = giant | firm["high_tech"] | firm["listed"]
    salaries = subsidised_salaries(columns(hires), enterprises.num_rows)
    # 30 % of fen, in whole yuan.
    talent = np.where(entitled, np.minimum(salaries * 3 // 1000, 3_000_000), 0)
    total = np.minimum(talent + highest_centre(firm), 8_000_000)
    return pa.table({"specialised_new": specialised_new(firm), "little_giant": giant, "talent": talent, "total": total})


def write(folder):
    table = outcome(pq.read_table(folder / "enterprises.parquet"), pq.read_table(folder / "hires.parquet"))
    total = pc.sum(table["total"]).as_py()
    if total != KNOWN_TOTALS.get(table.num_rows, total):
        raise SystemExit(f"{folder}: all totals sum to {total}, not to {KNOWN_TOTALS[table.num_rows]}: the population is another one")
    pq.write_table(table, folder / "reference.parquet")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
