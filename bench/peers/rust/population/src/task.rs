//! What a runner is asked to measure, and its answer: one line of JSON, as the runners in Python give it (`measure.py`).

use std::path::PathBuf;
use std::time::{Duration, Instant};

use rayon::ThreadPoolBuilder;
use rustix::time::{ClockId, clock_gettime};
use serde_json::json;

use crate::outcome::Outcome;

/// What time is taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The rules, with the population in memory as the program likes it.
    Rules,
    /// Reading the two Parquet files and the rules.
    Reading,
    /// Reading the one file with a row an enterprise and the rules.
    Nested,
}

/// One measurement.
#[derive(Clone, Debug)]
pub struct Task {
    /// Where the population and its reference are.
    pub folder: PathBuf,
    /// What time is taken of.
    pub measure: Measure,
    /// Threads that may be used.
    pub threads: usize,
    /// What else was asked for.
    pub rest: Vec<String>,
}

impl Task {
    /// `FOLDER rules|reading|nested THREADS …`, from the command line.
    pub fn from_arguments() -> Self {
        let mut arguments = std::env::args().skip(1);
        let mut next = || arguments.next().expect("usage: FOLDER rules|reading|nested THREADS");
        Self {
            folder: next().into(),
            measure: match next().as_str() {
                "rules" => Measure::Rules,
                "reading" => Measure::Reading,
                "nested" => Measure::Nested,
                other => panic!("`{other}` is not measured here"),
            },
            threads: next().parse().expect("a number of threads"),
            rest: arguments.collect(),
        }
    }

    /// Runs `work` on the task's threads.
    pub fn on_threads<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        let pool = ThreadPoolBuilder::new()
            .num_threads(self.threads)
            .build()
            .expect("threads");
        pool.install(work)
    }

    /// Runs `program` several times, compares what it fills in with the reference and prints the medians. The room for it is made once.
    pub fn report(&self, engine: &str, mut program: impl FnMut(&mut Outcome)) {
        let mut walls = Vec::new();
        let mut processors = Vec::new();
        let mut outcome = Outcome::default();
        while !enough(&walls) {
            let (wall, processor) = (Instant::now(), processor_time());
            program(&mut outcome);
            walls.push(wall.elapsed());
            processors.push(processor_time() - processor);
        }
        let peak = peak_kib() / 1024;
        let reference = Outcome::reference(&self.folder);
        let enterprises = outcome.total.len();
        let answer = json!({
            "engine": engine,
            "enterprises": enterprises,
            "wall": nanoseconds(median(walls), enterprises),
            "cpu": nanoseconds(median(processors), enterprises),
            "peak": peak,
            "mismatches": outcome.mismatches(&reference),
        });
        println!("{answer}");
    }
}

/// Three runs at least, and up to eleven while they are short.
fn enough(walls: &[Duration]) -> bool {
    let spent: Duration = walls.iter().sum();
    walls.len() >= 11 || walls.len() >= 3 && spent > Duration::from_secs(20)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn nanoseconds(time: Duration, enterprises: usize) -> f64 {
    time.as_nanos() as f64 / enterprises as f64
}

/// What all threads of the process have used so far.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// The most memory the process has had.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("a peak");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
