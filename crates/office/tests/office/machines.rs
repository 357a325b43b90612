//! The page of machines in the documentation is the one that the tables draw.

use std::path::Path;

#[test]
fn the_documentation_shows_the_machines_as_they_are() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/machines.md");
    let drawn = meed_office::machine::diagrams();
    if std::env::var_os("MEED_BLESS").is_some() {
        std::fs::write(&path, &drawn).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        drawn,
        "run with MEED_BLESS=1 to draw the page again"
    );
}
