"""The seven rules in OpenFisca as it is shipped, with its 32-bit numbers (`measure.py` has the arguments; it uses one thread)."""

from importlib.metadata import version

import numpy as np
import pyarrow.parquet as pq
from country import System
from country.facts import Level, Role
from measure import Task
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.simulations import SimulationBuilder

YEAR = 2025
MONEY = {
    ("revenue", YEAR): "revenue_last",
    ("revenue", YEAR - 1): "revenue_prev",
    ("revenue", YEAR - 2): "revenue_prev2",
    ("rd_expense", YEAR): "rd_expense_last",
    ("rd_expense", YEAR - 1): "rd_expense_prev",
    ("main_business_revenue", YEAR): "main_business_revenue_last",
    ("liabilities", YEAR): "liabilities",
    ("assets", YEAR): "assets",
    ("equity_financing_2y", YEAR): "equity_financing_2y",
}
NEWLY = {
    "tech_centre_newly": "tech_centre_newly_recognised",
    "design_centre_newly": "design_centre_municipal_newly",
    "innovation_centre_newly": "innovation_centre_newly",
}
AS_THEY_ARE = """
    years_in_niche class1_ip market_share rd_staff_ratio has_rd_institution own_brand info_system listed high_tech
""".split()
OUTCOME = {"specialised_new": "specialised_new", "little_giant": "little_giant", "talent": "talent_subsidy", "total": "total_support"}


def read(task):
    """The arrays that the simulation takes, by variable and period, and the enterprise of each hire."""
    names = [*MONEY.values(), *NEWLY.values(), *AS_THEY_ARE, "tech_centre_level", "innovation_centre_level"]
    firms, hires = pq.read_table(task.enterprises, columns=names), pq.read_table(task.hires)
    facts = {key: firms[column].to_numpy() / 100 for key, column in MONEY.items()}
    facts |= {(name, YEAR): firms[column].to_numpy() for name, column in NEWLY.items()}
    facts |= {(name, YEAR): firms[name].to_numpy() for name in AS_THEY_ARE}
    facts |= {(name, YEAR): members(firms[name], Level) for name in ("tech_centre_level", "innovation_centre_level")}
    facts |= {(name, YEAR): hires[name].to_numpy() for name in ("full_time", "social_insurance")}
    facts["annual_salary", YEAR] = hires["annual_salary"].to_numpy() / 100
    facts["role", "eternity"] = members(hires["role"], Role)
    facts["hire_date", "eternity"] = hires["hire_date"].to_numpy().astype("datetime64[D]")
    return facts, hires["enterprise_id"].to_numpy(), firms.num_rows


def members(column, enumeration):
    """A column of names as OpenFisca's array of members."""
    codes = column.unify_dictionaries().combine_chunks()
    order = [member.name for member in enumeration]
    positions = np.array([order.index(name) for name in codes.dictionary.to_pylist()], np.uint8)
    return EnumArray(positions[codes.indices.to_numpy()], enumeration)


def build(system, population):
    facts, enterprise_of_hire, enterprises = population
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("hire", np.arange(len(enterprise_of_hire)))
    groups = builder.declare_entity("enterprise", np.arange(enterprises))
    # `join_with_persons` is wrong where some enterprises have no hires.
    groups.members_entity_id = enterprise_of_hire
    groups.members_role = np.full(len(enterprise_of_hire), groups.entity.flattened_roles[0])
    simulation = builder.build(system)
    for (name, period), values in facts.items():
        simulation.set_input(name, str(period), values)
    return simulation


def calculate(simulation):
    simulation.calculate("total_support", str(YEAR))
    return simulation


def main():
    task = Task()
    engine = f"OpenFisca {version('openfisca-core')}"
    system = System()

    def arrays(simulation):
        return {rule: simulation.calculate(variable, str(YEAR)) for rule, variable in OUTCOME.items()}

    if task.measure == "rules":
        population = read(task)
        # A simulation remembers what it has calculated: every run gets a fresh one.
        task.report(engine, calculate, arrays, prepare=lambda: build(system, population))
    elif task.measure == "reading":
        task.report(engine, lambda _: calculate(build(system, read(task))), arrays)


main()
