"""The rules, a variable each."""

import numpy as np
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from country.entities import Enterprise, Hire
from country.facts import Level, Role


class rd_ratio(Variable):
    value_type = float
    entity = Enterprise
    definition_period = DateUnit.YEAR
    label = "R&D ratio"

    def formula(firm, period):
        return firm("rd_expense", period) / firm("revenue", period)


class specialised_new(Variable):
    value_type = bool
    entity = Enterprise
    definition_period = DateUnit.YEAR
    label = "Specialised-new enterprise"

    def formula(firm, period, parameters):
        bounds = parameters(period).specialised_new
        substance = (firm("revenue", period) >= bounds.revenue) + (firm("equity_financing_2y", period) >= bounds.equity)
        return (
            (firm("years_in_niche", period) >= bounds.years)
            * (firm("rd_expense", period) >= bounds.research)
            * (firm("rd_ratio", period) >= bounds.intensity)
            * substance
        )


class growth(Variable):
    value_type = float
    entity = Enterprise
    definition_period = DateUnit.YEAR
    label = "Compound growth of revenue over two years"

    def formula(firm, period):
        return np.sqrt(firm("revenue", period) / firm("revenue", period.offset(-2))) - 1


class research_effort(Variable):
    value_type = bool
    entity = Enterprise
    definition_period = DateUnit.YEAR
    label = "R&D effort of a little giant, by revenue"

    def formula(firm, period, parameters):
        bounds = parameters(period).little_giant
        before = period.last_year
        revenue = firm("revenue", period)
        lower_ratio = np.minimum(firm("rd_ratio", period), firm("rd_ratio", before))
        small = (
            (firm("equity_financing_2y", period) >= bounds.small_equity)
            * (firm("rd_expense", period) + firm("rd_expense", before) >= bounds.small_research)
            * (firm("rd_staff_ratio", period) >= bounds.small_staff)
        )
        middle = lower_ratio >= bounds.middle_intensity
        large = lower_ratio >= bounds.large_intensity
        return np.where(revenue >= bounds.large, large, np.where(revenue >= bounds.middle, middle, small))


class little_giant(Variable):
    value_type = bool
    entity = Enterprise
    definition_period = DateUnit.YEAR
    label = "Little giant"

    def formula(firm, period, parameters):
        bounds = parameters(period).little_giant
        return (
            firm("specialised_new", period)
            * (firm("years_in_niche", period) >= bounds.years)
            * (firm("main_business_revenue", period) / firm("revenue", period) >= bounds.focus)
            * (firm("growth", period) >= bounds.growth)
            * firm("info_system", period)
            * (firm("liabilities", period) / firm("assets", period) <= bounds.leverage)
            * (firm("market_share", period) >= bounds.market_share)
            * firm("own_brand", period)
            * firm("has_rd_institution", period)
            * (firm("class1_ip", period) >= bounds.property)
            * firm("research_effort", period)
        )


class subsidised_salary(Variable):
    value_type = float
    entity = Hire
    definition_period = DateUnit.YEAR
    label = "Salary that is subsidised"

    def formula(hire, period, parameters):
        salary = hire("annual_salary", period)
        since = np.datetime64(str(period.stop.offset(-3, DateUnit.YEAR)))
        counts = (
            hire("full_time", period)
            * hire("social_insurance", period)
            * (hire("role", period) != Role.other)
            * (salary > parameters(period).talent.salary)
            * (hire("hire_date", period) >= since)
        )
        return np.where(counts, salary, 0)


class talent_subsidy(Variable):
    value_type = float
    entity = Enterprise
    definition_period = DateUnit.YEAR
    label = "Talent subsidy"

    def formula(firm, period, parameters):
        talent = parameters(period).talent
        # `firm.sum` gives too few sums where the last enterprises have no hires.
        hired = firm.members("subsidised_salary", period)
        salaries = np.bincount(firm.members_entity_id, weights=hired, minlength=firm.count)
        entitled = firm("little_giant", period) + firm("high_tech", period) + firm("listed", period)
        return np.where(entitled, np.minimum(np.floor(salaries * talent.rate), talent.cap), 0)


class tech_centre_reward(Variable):
    value_type = float
    entity = Enterprise
    definition_period = DateUnit.YEAR
    label = "Reward for a technology centre"

    def formula(firm, period, parameters):
        rewards = parameters(period).centres
        level = firm("tech_centre_level", period)
        levels = [level == Level.national, level == Level.provincial, level == Level.municipal]
        amounts = [rewards.tech_national, rewards.tech_provincial, rewards.tech_municipal]
        return firm("tech_centre_newly", period) * np.select(levels, amounts, 0)


class innovation_centre_reward(Variable):
    value_type = float
    entity = Enterprise
    definition_period = DateUnit.YEAR
    label = "Reward for an innovation centre"

    def formula(firm, period, parameters):
        rewards = parameters(period).centres
        level = firm("innovation_centre_level", period)
        levels = [level == Level.national, level == Level.provincial]
        amounts = [rewards.innovation_national, rewards.innovation_provincial]
        return firm("innovation_centre_newly", period) * np.select(levels, amounts, 0)


class total_support(Variable):
    value_type = float
    entity = Enterprise
    definition_period = DateUnit.YEAR
    label = "All support"

    def formula(firm, period, parameters):
        rewards = parameters(period).centres
        centres = np.maximum(firm("tech_centre_reward", period), firm("innovation_centre_reward", period))
        centres = np.maximum(centres, firm("design_centre_newly", period) * rewards.design)
        return np.minimum(firm("talent_subsidy", period) + centres, parameters(period).total.cap)


variables = [
    rd_ratio, specialised_new, growth, research_effort, little_giant,
    subsidised_salary, talent_subsidy, tech_centre_reward, innovation_centre_reward, total_support,
]
