//! Holds the benchmarks in `benches/`; see `bench/README.md`.
