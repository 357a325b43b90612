"""The seven rules for OpenFisca, written as its country packages are: variables by entity and year, dated parameters."""

from pathlib import Path

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from country import entities, facts, rules


class System(TaxBenefitSystem):
    def __init__(self):
        super().__init__(entities.entities)
        for variable in facts.variables + rules.variables:
            self.add_variable(variable)
        self.load_parameters(str(Path(__file__).parent / "parameters"))
