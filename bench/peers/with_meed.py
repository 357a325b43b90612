"""`meed run` as a user calls it: reading `nested.parquet`, the rules, and writing its tables, which are safe on the disk before it ends (`measure.py` has the arguments)."""

import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.dataset as ds
from measure import Task

MEED = Path(sys.argv[4]) / "target" / "peers" / "cargo" / "release" / "meed"
PACKAGE = Path(__file__).with_name("package")
TITLES = ["specialised_new", "little_giant"]


def yuan(column):
    return pc.cast(column, "int64").to_numpy()


def arrays(folder):
    """The outcome by rule, in the order of the enterprises' numbers."""
    wide = ds.dataset(sorted(folder.glob("wide-*.parquet"))).to_table(columns=["applicant", "total_at_least", *TITLES])
    numbers = pc.cast(wide["applicant"], "int64").to_numpy()
    order = np.argsort(numbers, kind="stable")
    outcome = {title: wide[title].to_numpy(zero_copy_only=False)[order] for title in TITLES}
    outcome["total"] = yuan(wide["total_at_least"])[order]

    long = ds.dataset(sorted(folder.glob("long-*.parquet")))
    talent = long.to_table(columns=["applicant", "own_at_least"], filter=pc.field("measure") == "talent_subsidy")
    outcome["talent"] = np.zeros(len(order), np.int64)
    places = np.searchsorted(numbers[order], pc.cast(talent["applicant"], "int64").to_numpy())
    outcome["talent"][places] = yuan(talent["own_at_least"])
    return outcome


def main():
    task = Task()
    with tempfile.TemporaryDirectory(dir=task.folder) as folder:
        out = Path(folder) / "out"
        command = [MEED, "run", PACKAGE, "--on", "2025-12-31", "--facts", task.nested, "--out", out]
        command += ["--threads", str(task.threads), "--values", ",".join(TITLES)]

        def program(_):
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return out

        def prepare():
            shutil.rmtree(out, ignore_errors=True)

        task.report("Meed, `meed run`", program, arrays, prepare, resource.RUSAGE_CHILDREN)


main()
