"""The client against an office that serves a demonstration: MEED_URL, and MEED_TOKEN, which reads in the name of an auditor."""

from __future__ import annotations

import os
import unittest

from meed import Fault, Meed

URL = os.environ["MEED_URL"]


class Office(unittest.TestCase):
    def setUp(self) -> None:
        self.anybody = Meed(URL)
        self.auditor = Meed(URL, os.environ["MEED_TOKEN"])

    def test_rules_are_asked_without_a_token(self) -> None:
        schema = self.anybody.schema("harbin")
        self.assertIn("$schema", schema)
        told = self.anybody.determine({"enterprise": {"breach": False}}, on="2023-02-23")
        self.assertEqual(told["date"], "2023-02-23")
        self.assertTrue(told["awards"])
        one = told["awards"][0]["measure"]
        alone = self.anybody.determine({"enterprise": {"breach": False}}, on="2023-02-23", measure=one)
        self.assertEqual({award["measure"] for award in alone["awards"]}, {one})

    def test_rows_come_page_after_page_and_are_somebodys(self) -> None:
        cases = list(self.auditor.rows("case", limit="7"))
        self.assertGreater(len(cases), 40)
        self.assertEqual(len({case["id"] for case in cases}), len(cases))
        self.assertEqual(list(self.anybody.rows("case")), [])
        row, tag = self.auditor.row("case", str(cases[0]["id"]))
        self.assertEqual(row["id"], cases[0]["id"])
        self.assertTrue(tag)
        self.assertIn("published", {policy["state"] for policy in self.anybody.policies()})

    def test_faults_say_what_is_in_the_way(self) -> None:
        with self.assertRaises(Fault) as absent:
            self.auditor.row("case", "case-0-0")
        self.assertEqual((absent.exception.status, absent.exception.type), (404, "urn:meed:absent"))
        with self.assertRaises(Fault) as stranger:
            list(Meed(URL, "meed_" + "0" * 64).rows("case"))
        self.assertEqual(stranger.exception.status, 401)
        with self.assertRaises(Fault) as reading:
            self.auditor.act("case.accept", {})
        self.assertEqual((reading.exception.status, reading.exception.type), (403, "urn:meed:token"))
        with self.assertRaises(Fault) as wrong:
            self.auditor.simulate(policy="none")
        self.assertEqual(wrong.exception.status, 400)

    def test_a_simulation_is_made_and_its_tables_are_read(self) -> None:
        policy = next(one for one in self.auditor.policies() if one["state"] == "published")
        found = self.auditor.simulate(policy=policy["id"], people="invented", size=40, seed=7)
        self.assertEqual(found["state"], "done", found)
        self.assertEqual(found["report"]["scenarios"][0]["name"], "baseline")
        measures = self.auditor.table(found["id"], "measures")
        self.assertTrue(measures)
        self.assertTrue(all(line["scenario"] == "baseline" for line in measures))
        self.assertIn("month", self.auditor.table(found["id"], "months")[0])
        with self.assertRaises(Fault) as file:
            self.auditor.file(found["id"], "../manifest.json")
        self.assertEqual(file.exception.status, 404)
        with self.assertRaises(Fault) as stranger:
            self.anybody.simulation(found["id"])
        self.assertEqual(stranger.exception.status, 401)


if __name__ == "__main__":
    unittest.main()
