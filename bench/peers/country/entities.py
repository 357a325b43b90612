"""An enterprise is a group, and its hires are the members."""

from openfisca_core.entities import build_entity

Hire = build_entity(key="hire", plural="hires", label="A hire", is_person=True)
Enterprise = build_entity(key="enterprise", plural="enterprises", label="An enterprise", roles=[{"key": "member", "plural": "members", "label": "Hires"}])
entities = [Enterprise, Hire]
