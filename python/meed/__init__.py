"""A client of Meed's interface for programs, in Python's standard library alone."""

from meed.client import Fault, Json, Meed, Row

__all__ = ["Fault", "Json", "Meed", "Row"]
