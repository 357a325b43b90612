"""What a runner is asked to measure, and its answer: one line of JSON, as the runners in Rust give it (`rust/population/src/task.rs`).

    RUNNER FOLDER MEASURE THREADS

FOLDER holds the population and its reference. MEASURE is what time is taken of: `rules` (with the population in memory as the engine likes it), `reading`
(reading the two Parquet files, and the rules) or `nested` (reading the one file with a row an enterprise, and the rules).
"""

import json
import resource
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow.parquet as pq

RULES = ["specialised_new", "little_giant", "talent", "total"]


class Task:
    def __init__(self):
        folder, self.measure, threads = sys.argv[1:4]
        self.folder = Path(folder)
        self.threads = int(threads)
        self.enterprises = self.folder / "enterprises.parquet"
        self.hires = self.folder / "hires.parquet"
        self.nested = self.folder / "nested.parquet"

    def report(self, engine, program, outcome_of, prepare=lambda: None, whose=resource.RUSAGE_SELF):
        """Runs `program(prepare())` several times, of which the program is timed, and prints the medians; `outcome_of` makes arrays of the last result,
        by rule and in the order of the enterprises. The processor time is that of this process, or of its children."""
        walls, processors = [], []
        while not enough(walls):
            prepared = prepare()
            result = None
            wall, processor = time.perf_counter_ns(), processor_time(whose)
            result = program(prepared)
            walls.append(time.perf_counter_ns() - wall)
            processors.append(processor_time(whose) - processor)
        peak = resource.getrusage(whose).ru_maxrss // 1024
        outcome = outcome_of(result)
        enterprises = len(outcome["total"])
        answer = {
            "engine": engine,
            "enterprises": enterprises,
            "wall": median(walls) / enterprises,
            "cpu": median(processors) / enterprises,
            "peak": peak,
            "mismatches": mismatches(self.folder, outcome),
        }
        print(json.dumps(answer))


def processor_time(whose):
    usage = resource.getrusage(whose)
    return (usage.ru_utime + usage.ru_stime) * 1e9


def enough(walls):
    """Three runs at least, and up to eleven while they are short."""
    return len(walls) >= 11 or len(walls) >= 3 and sum(walls) > 20e9


def mismatches(folder, outcome):
    """How many enterprises come out otherwise in the reference."""
    reference = pq.read_table(folder / "reference.parquet")
    return {rule: int(np.sum(np.asarray(outcome[rule]) != reference[rule].to_numpy())) for rule in RULES}
