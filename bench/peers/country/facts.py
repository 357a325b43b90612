"""What is known of enterprises and hires."""

import datetime

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from country.entities import Enterprise, Hire


class Level(Enum):
    none = "None"
    municipal = "Municipal"
    provincial = "Provincial"
    national = "National"


class Role(Enum):
    professional_technical = "Professional or technical"
    senior_management = "Senior management"
    other = "Other"


def fact(entity, name, kind, period=DateUnit.YEAR, **more):
    # OpenFisca reads only what stands in the class itself: facts of one kind cannot inherit it.
    return type(name, (Variable,), {"value_type": kind, "entity": entity, "definition_period": period, "label": name, **more})


def facts(entity, kind, names, **more):
    return [fact(entity, name, kind, **more) for name in names.split()]


MONEY = "revenue rd_expense main_business_revenue liabilities assets equity_financing_2y"
TRUTHS = "has_rd_institution own_brand info_system listed high_tech tech_centre_newly design_centre_newly innovation_centre_newly"

variables = [
    *facts(Enterprise, float, f"{MONEY} market_share rd_staff_ratio"),
    *facts(Enterprise, int, "years_in_niche class1_ip"),
    *facts(Enterprise, bool, TRUTHS),
    *facts(Enterprise, Enum, "tech_centre_level innovation_centre_level", possible_values=Level, default_value=Level.none),
    *facts(Hire, float, "annual_salary"),
    *facts(Hire, bool, "full_time social_insurance"),
    fact(Hire, "role", Enum, DateUnit.ETERNITY, possible_values=Role, default_value=Role.other),
    fact(Hire, "hire_date", datetime.date, DateUnit.ETERNITY),
]
