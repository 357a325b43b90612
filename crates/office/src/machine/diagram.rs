//! The documentation's page of machines, drawn from their tables.

use std::fmt::Write as _;

use super::{ALL, Machine};

/// The page `docs/machines.md`: a diagram and a table for each machine.
pub fn diagrams() -> String {
    let mut page = String::from(
        "# Machines\n\nEvery case, award and payment is in one state of one machine. This page is drawn from the tables that the code\nand the \
         database obey; `MEED_BLESS=1 cargo test -p meed-office --test office` draws it again.\n",
    );
    for machine in ALL {
        // Writing to a String cannot fail.
        let _ = draw(&mut page, machine);
    }
    page
}

fn draw(page: &mut String, machine: &Machine) -> std::fmt::Result {
    let title = machine.table.replace('_', " ");
    writeln!(
        page,
        "\n## {title}\n\n{}\n\n```mermaid\nstateDiagram-v2",
        machine.about.trim()
    )?;
    for start in machine.starts {
        writeln!(page, "    [*] --> {start}")?;
    }
    for one in machine.moves {
        writeln!(page, "    {} --> {}: {}", one.from, one.to, one.event.replace('_', " "))?;
    }
    for state in machine.states.iter().filter(|state| machine.is_final(state)) {
        writeln!(page, "    {state} --> [*]")?;
    }
    writeln!(page, "```")
}
