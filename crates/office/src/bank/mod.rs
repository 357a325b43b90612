//! Banks: what an instruction, its answers and a statement are, and the files they travel in.
