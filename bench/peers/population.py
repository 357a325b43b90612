"""The population that every engine is given: made-up enterprises and the people they hired, the same on every machine.

    population.py FOLDER SIZE    writes FOLDER/enterprises.parquet and FOLDER/hires.parquet

Enterprises come in chunks of 100,000, each with a seed of its own, so a smaller population is the beginning of a larger one. Money is in fen. Some
figures sit exactly on a boundary of the rules, where rounding would decide. What is drawn in which order is part of the population.
"""

import sys
from datetime import date
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

CHUNK = 100_000
SEED = 20260101
EPOCH = date(1970, 1, 1)
TODAY = (date(2025, 12, 31) - EPOCH).days
LEVELS = ["none", "municipal", "provincial", "national"]
ROLES = ["professional_technical", "senior_management", "other"]


class Chunk:
    """100,000 enterprises. `quality` is what their figures have in common."""

    def __init__(self, number):
        self.random = np.random.default_rng((SEED, number))
        self.ids = np.arange(number * CHUNK, (number + 1) * CHUNK, dtype=np.int64)
        self.quality = self.normal()

    def normal(self):
        return self.random.standard_normal(CHUNK)

    def uniform(self):
        return self.random.random(CHUNK)

    def likely(self, share, weight):
        """True for about `share` of the enterprises, more often for the better ones."""
        score = (self.normal() + weight * self.quality) / np.sqrt(1 + weight * weight)
        return score > -NormalDist().inv_cdf(share)

    def levels(self):
        drawn = self.uniform() - 0.03 * np.clip(self.quality, -2, 2)
        return np.where(drawn < 0.005, 3, np.where(drawn < 0.03, 2, np.where(drawn < 0.10, 1, 0)))

    def tables(self):
        """The chunk's enterprises and their hires."""
        columns = self.figures() | self.character() | self.centres()
        years = columns["years_in_niche"]
        founded = TODAY - np.clip(years * 365 + self.random.integers(0, 3650, CHUNK), 30, 20000)
        columns |= {"enterprise_id": self.ids, "founded": dates(founded)}
        return pa.table({name: columns[name] for name in ENTERPRISE}), self.hires()

    def figures(self):
        """Revenue, research and the balance sheet."""
        q = self.quality
        revenue = fen(np.clip(np.exp(np.log(6e7) + 1.25 * self.normal() + 0.1 * q), 2e5, 2e10) * 100)
        growth = np.exp(0.06 + 0.14 * self.normal() + 0.09 * q)
        growth_before = np.exp(0.05 + 0.12 * self.normal() + 0.08 * q)
        revenue_prev = fen(revenue / growth)
        revenue_prev2 = np.maximum(1, fen(revenue_prev / growth_before))
        ratio = np.exp(np.log(0.0165) + 0.75 * self.normal() + 0.55 * q)
        research = fen(revenue * np.minimum(ratio, 1.5))
        research_prev = fen(revenue_prev * np.minimum(ratio * np.exp(0.15 * self.normal()), 1.5))

        # One in a hundred spends exactly 3 % on research, one in two hundred grew by exactly 5 % a year.
        exact = self.uniform() < 0.01
        millions = (fen(revenue / 1e8) + 1) * 100_000_000
        revenue = np.where(exact, millions, revenue)
        research = np.where(exact, millions * 3 // 100, research)
        exact = self.uniform() < 0.005
        base = (revenue_prev2 // 4_000_000 + 1) * 4_000_000
        revenue_prev2 = np.where(exact, base, revenue_prev2)
        revenue = np.where(exact, base * 11025 // 10000, revenue)

        main = np.minimum(fen(revenue * np.clip(0.82 + 0.12 * self.normal() + 0.05 * q, 0.05, 1)), revenue)
        assets = fen(revenue * np.exp(0.2 + 0.5 * self.normal()))
        liabilities = fen(assets * np.clip(0.5 + 0.18 * self.normal() - 0.06 * q, 0.02, 1.4))
        financed = self.uniform() < 0.12 + 0.05 * (q > 1)
        equity = fen(np.where(financed, np.round(np.exp(np.log(3e7) + 1.1 * self.normal()) * 100), 0))
        return {
            "revenue_last": revenue,
            "revenue_prev": revenue_prev,
            "revenue_prev2": revenue_prev2,
            "rd_expense_last": research,
            "rd_expense_prev": research_prev,
            "main_business_revenue_last": main,
            "liabilities": liabilities,
            "assets": assets,
            "equity_financing_2y": equity,
        }

    def character(self):
        """Age, size, property, shares and what is simply so or not."""
        q = self.quality
        years = np.clip(np.round(6 + 3.5 * self.normal() + 1.5 * q), 0, 40)
        employees = np.clip(np.round(np.exp(np.log(80) + 1.0 * self.normal())), 1, 20000)
        property_rights = np.clip(self.random.poisson(np.exp(np.clip(0.9 + 0.8 * q, -4, 3.2))), 0, 200)
        return {
            "years_in_niche": years.astype(np.int32),
            "employees": employees.astype(np.int32),
            "class1_ip": property_rights.astype(np.int32),
            "market_share": share(np.log(0.06) + 0.8 * self.normal() + 0.7 * q),
            "rd_staff_ratio": share(np.log(0.14) + 0.7 * self.normal() + 0.35 * q),
            "has_rd_institution": self.likely(0.6, 1.0),
            "own_brand": self.likely(0.7, 0.8),
            "info_system": self.likely(0.65, 0.9),
            "listed": self.likely(0.03, 0.6),
            "high_tech": self.likely(0.22, 1.0),
        }

    def centres(self):
        """Technology, design and innovation centres, and whether they are newly recognised."""
        technology = self.levels()
        technology_newly = (technology > 0) & (self.uniform() < 0.2)
        design_newly = self.uniform() < 0.004
        innovation = self.levels()
        innovation_newly = (innovation > 0) & (self.uniform() < 0.15)
        return {
            "tech_centre_level": names(technology, LEVELS),
            "tech_centre_newly_recognised": technology_newly,
            "design_centre_municipal_newly": design_newly,
            "innovation_centre_level": names(innovation, LEVELS),
            "innovation_centre_newly": innovation_newly,
        }

    def hires(self):
        """Three hires an enterprise in the mean, none for many; better enterprises pay better."""
        random = self.random
        counts = np.clip(random.negative_binomial(1.2, 1.2 / (1.2 + 3.02), CHUNK), 0, 20)
        size = int(counts.sum())
        salary = np.exp(np.log(3.2e5) + 0.62 * random.standard_normal(size) + 0.1 * np.repeat(self.quality, counts))
        salary = np.where(random.random(size) < 0.02, salary * 12, salary)
        in_thousands = random.random(size) < 0.6
        salary = np.where(in_thousands, np.round(salary / 1000) * 100_000, np.round(salary * 100))
        # One in a hundred earns exactly the threshold, which is not above it.
        salary = np.where(random.random(size) < 0.01, 50_000_000, fen(salary))
        technical = random.random(size) < 0.45
        manager = random.random(size) < 0.25
        return pa.table(
            {
                "enterprise_id": np.repeat(self.ids, counts),
                "annual_salary": salary,
                "full_time": random.random(size) < 0.92,
                "role": names(np.where(technical, 0, np.where(manager, 1, 2)), ROLES),
                "hire_date": dates(TODAY - random.integers(0, 2200, size)),
                "social_insurance": random.random(size) < 0.95,
            }
        )


ENTERPRISE = """
    enterprise_id employees revenue_last revenue_prev revenue_prev2 rd_expense_last rd_expense_prev main_business_revenue_last liabilities
    assets founded years_in_niche class1_ip market_share equity_financing_2y rd_staff_ratio has_rd_institution own_brand info_system listed
    high_tech tech_centre_level tech_centre_newly_recognised design_centre_municipal_newly innovation_centre_level innovation_centre_newly
""".split()


def fen(amounts):
    return np.round(amounts).astype(np.int64)


def share(logarithms):
    """Shares of at most 1, to four digits."""
    return np.round(np.clip(np.exp(logarithms), 0, 1), 4)


def names(codes, values):
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8)), pa.array(values))


def dates(days):
    return pa.array(days.astype(np.int32)).cast(pa.date32())


def write(folder, size):
    enterprises = hires = None
    for number in range(-(-size // CHUNK)):
        firms, people = Chunk(number).tables()
        firms = firms.slice(0, size - number * CHUNK)
        people = people.filter(pc.less(people["enterprise_id"], size))
        enterprises = enterprises or pq.ParquetWriter(folder / "enterprises.parquet", firms.schema)
        hires = hires or pq.ParquetWriter(folder / "hires.parquet", people.schema)
        enterprises.write_table(firms)
        hires.write_table(people)
    enterprises.close()
    hires.close()


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
