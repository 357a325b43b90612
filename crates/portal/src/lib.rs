//! The portal: pages and an interface for programs, over one office.
