"""The seven rules in DuckDB (`rules.sql`); the outcome becomes a table in memory (`measure.py` has the arguments)."""

from pathlib import Path

import duckdb
import nested as layout
from measure import RULES, Task

COUNTS = "full_time AND social_insurance AND role <> 'other' AND annual_salary > 50000000 AND hire_date >= DATE '2022-12-31'"
SALARIES = f"CREATE VIEW salaries AS SELECT enterprise_id, sum(annual_salary) AS salary FROM hires WHERE {COUNTS} GROUP BY enterprise_id"
OUTCOME = "CREATE OR REPLACE TEMP TABLE outcome AS " + Path(__file__).with_name("rules.sql").read_text(encoding="utf-8")


def views(database, task):
    """Makes the relations enterprises and hires."""
    if task.measure == "nested":
        columns = ", ".join(f"{name} AS {column}" for column, name in layout.NAMES.items())
        facts = ", ".join(f"hire.{name} AS {column}" for column, name in layout.HIRE.items())
        database.execute(f"CREATE VIEW enterprises AS SELECT {columns} FROM '{task.nested}'")
        database.execute(f"CREATE VIEW hires AS SELECT id AS enterprise_id, {facts} FROM (SELECT id, unnest(hires) AS hire FROM '{task.nested}')")
        return
    what = "TABLE" if task.measure == "rules" else "VIEW"
    database.execute(f"CREATE {what} enterprises AS SELECT * FROM '{task.enterprises}'")
    database.execute(f"CREATE {what} hires AS SELECT * FROM '{task.hires}'")


def main():
    task = Task()
    database = duckdb.connect()
    database.execute(f"SET threads = {task.threads}")
    views(database, task)
    database.execute(SALARIES)

    def arrays(_):
        return database.execute(f"SELECT {', '.join(RULES)} FROM outcome ORDER BY enterprise_id").fetchnumpy()

    task.report(f"DuckDB {duckdb.__version__}", lambda _: database.execute(OUTCOME), arrays)


main()
