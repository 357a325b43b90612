//! A population as a folder of CSV files, or a workbook of sheets: which there are, and their columns.
//!
//! `enterprise.csv` has a row an applicant, `hires.csv` a row for each of their hires, `projects.costs.csv` one for each cost of a project. A row of a list names
//! who holds it by the holders' keys, `enterprise_uscc` and `project_id`. A record held inside has its columns in its holder's file: `owner.citizen`.

mod template;

use meed_facts::check::Complaint;
use meed_facts::schema::{EntityId, FactType, Schema};

use crate::columns::{Meaning, Place};
use crate::decode::{AWARD_KEYS, TITLE_KEYS};
use crate::layout::Layout;

pub use template::{DESCRIPTION, periods, write_template};

/// A file and those of the lists in its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What the rows are: the entity, or for titles and awards that of their holder.
    pub entity: EntityId,
    /// Its name without ending.
    pub file: String,
    /// The list's name in its holder: `hires`, `owner.cars`.
    pub name: String,
    /// Columns with the holders' keys, from the applicant down.
    pub links: Vec<String>,
    /// The columns after those.
    pub columns: Vec<String>,
    /// The column among them that identifies a row, where it has one.
    pub key: Option<String>,
    /// Whether the rows are titles or awards, whose columns no vocabulary names.
    pub is_items: bool,
    /// The files of lists.
    pub lists: Vec<Node>,
}

/// The files for a layout.
///
/// # Errors
/// Records that hold lists have no key by which their items could name them.
pub fn tree(place: Place<'_>, layout: &Layout) -> Result<Node, Complaint> {
    let name = place.schema.entities[place.entity].named.name.to_lowercase();
    records(place, layout, name, String::new(), Vec::new())
}

fn records(
    place: Place<'_>,
    layout: &Layout,
    file: String,
    name: String,
    links: Vec<String>,
) -> Result<Node, Complaint> {
    let key = place.schema.entities[place.entity].key;
    let key = key.map(|key| place.schema.facts[key].named.name.to_string());
    let mut node = Node {
        entity: place.entity,
        file,
        name,
        links,
        columns: Vec::new(),
        key,
        is_items: false,
        lists: Vec::new(),
    };
    columns(place, layout, "", &mut node)?;
    Ok(node)
}

// The name of the column by which items name their holder.
pub(crate) fn link(schema: &Schema, entity: EntityId) -> Result<String, Complaint> {
    let named = &schema.entities[entity];
    let Some(key) = named.key else {
        let message = (
            format!(
                "{} has no key, so its lists cannot have files of their own",
                named.named.name
            ),
            format!("{} 没有键，其列表不能另有文件", named.named.name),
        );
        return Err(Complaint::new(
            message,
            ("use Parquet, Arrow or JSON lines", "请用 Parquet、Arrow 或 JSON 行格式"),
        ));
    };
    Ok(format!(
        "{}_{}",
        named.named.name.to_lowercase(),
        schema.facts[key].named.name
    ))
}

fn columns(place: Place<'_>, layout: &Layout, prefix: &str, node: &mut Node) -> Result<(), Complaint> {
    for meaning in &layout.columns {
        let name = format!("{prefix}{}", place.name(*meaning));
        match *meaning {
            Meaning::Fact(_, _) => node.columns.push(name),
            // Comes with its list.
            Meaning::Complete(_) => {}
            Meaning::Records(slot) => {
                let (FactType::Many(held) | FactType::One(held)) = place.schema.facts[slot.0].ty else {
                    continue;
                };
                let empty = Layout::new(held);
                let inside = layout.records.get(&slot).unwrap_or(&empty);
                if matches!(place.schema.facts[slot.0].ty, FactType::One(_)) {
                    columns(place.inside(held), inside, &format!("{name}."), node)?;
                    continue;
                }
                let (file, links) = list(place, node, &name)?;
                node.lists.push(records(place.inside(held), inside, file, name, links)?);
            }
            Meaning::Titles => items(place, node, &name, &TITLE_KEYS.map(|(key, _)| key))?,
            Meaning::Awards => items(place, node, &name, &AWARD_KEYS.map(|(key, _)| key))?,
            Meaning::Chosen => {
                node.columns
                    .extend(layout.groups.iter().map(|group| format!("{name}.{group}")));
            }
        }
    }
    Ok(())
}

// A list's file, its links, and the column in its holder's file that says whether it is whole.
fn list(place: Place<'_>, node: &mut Node, name: &str) -> Result<(String, Vec<String>), Complaint> {
    node.columns.push(format!("{name}_complete"));
    let file = match node.links.is_empty() {
        true => name.to_owned(),
        false => format!("{}.{name}", node.file),
    };
    let mut links = node.links.clone();
    links.push(link(place.schema, node.entity)?);
    Ok((file, links))
}

fn items(place: Place<'_>, node: &mut Node, name: &str, keys: &[&str]) -> Result<(), Complaint> {
    let (file, links) = list(place, node, name)?;
    node.lists.push(Node {
        entity: place.entity,
        file,
        name: name.to_owned(),
        links,
        columns: keys.iter().map(|key| (*key).to_owned()).collect(),
        key: None,
        is_items: true,
        lists: Vec::new(),
    });
    Ok(())
}
