//! What anybody reads of an office that is at work.

use crate::support::{Town, facts};

#[test]
fn a_title_stands_in_the_register_as_soon_as_the_office_knows_of_it() {
    let town = Town::new();
    let read = |path: &str| town.get(None, path).body;
    for path in ["/titles", "/data/titles.csv"] {
        assert!(!read(path).contains("丙企业"), "{path}");
    }
    let before = read("/data/figures.csv");
    assert_eq!(read("/data/figures.csv"), before);
    town.giver().import("丙企业", facts(3));
    for path in ["/titles", "/data/titles.csv"] {
        assert!(read(path).contains("丙企业"), "{path}");
    }
    assert_ne!(read("/data/figures.csv"), before);
}
