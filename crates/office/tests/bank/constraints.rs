//! Every row of the schemas' tables refuses something and allows what lies just within: the examples are made from the table, so that a
//! row which refuses nothing fails here.

use meed_office::bank::iso::schema::{Content, Form, Group, Message, Row};
use meed_office::bank::{Fault, Place, validate};

/// An element of an example.
#[derive(Clone)]
struct Node {
    name: String,
    currency: Option<&'static str>,
    text: String,
    children: Vec<Node>,
}

impl Node {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            currency: None,
            text: String::new(),
            children: Vec::new(),
        }
    }

    fn write(&self, out: &mut String) {
        out.push_str(&format!("<{}", self.name));
        if let Some(currency) = self.currency {
            out.push_str(&format!(" Ccy=\"{currency}\""));
        }
        out.push_str(&format!(">{}", self.text));
        self.children.iter().for_each(|child| child.write(out));
        out.push_str(&format!("</{}>", self.name));
    }

    fn at(&mut self, path: &[usize]) -> &mut Self {
        path.iter().fold(self, |node, index| &mut node.children[*index])
    }
}

fn document(message: Message, root: &Node) -> Vec<u8> {
    let mut out = String::new();
    root.children.iter().for_each(|child| child.write(&mut out));
    format!("<Document xmlns=\"{}\">{out}</Document>", message.namespace()).into_bytes()
}

/// An element with everything in it, once; of a choice, the alternative on the way to what is looked at, or the first.
fn full(row: &Row, way: &[&str]) -> Node {
    let mut node = Node::new(row.element);
    match row.content {
        Content::Group(group) => node.children = inside(group, way),
        Content::Amount => node.currency = Some("CNY"),
        _ => {}
    }
    node.text = lawful(row.content).to_owned();
    node
}

fn inside(group: &Group, way: &[&str]) -> Vec<Node> {
    let (next, rest) = way
        .split_first()
        .map_or((None, way), |(next, rest)| (Some(*next), rest));
    let on_way = |row: &&Row| Some(row.element) == next;
    let below = |row: &Row| full(row, if on_way(&row) { rest } else { &[] });
    if group.choice {
        let chosen = group.rows.iter().find(on_way).unwrap_or(&group.rows[0]);
        return vec![below(chosen)];
    }
    group.rows.iter().map(below).collect()
}

fn lawful(content: Content) -> &'static str {
    match content {
        Content::Group(_) | Content::Open => "",
        Content::Text(..) => "x",
        Content::Code(codes) => codes[0],
        Content::Digits(_) | Content::Decimal(..) => "1",
        Content::Amount => "1.00",
        Content::Date => "2026-03-05",
        Content::Instant => "2026-03-05T10:11:12+08:00",
        Content::Truth => "true",
        Content::Form(Form::Bic) => "ICBKCNBJHLJ",
        Content::Form(Form::Iban) => "DE12500105170648489890",
        Content::Form(Form::Uuid) => "8a562c67-ca16-48ba-b074-65581be6f011",
        Content::Form(Form::Currency) => "CNY",
    }
}

/// Texts that must not be in an element, and texts just within its bounds.
fn texts(content: Content) -> (Vec<String>, Vec<String>) {
    let all = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    match content {
        Content::Group(_) => (all(&["x"]), vec![]),
        Content::Open => (vec![], all(&["x"])),
        Content::Text(least, most) => (
            vec!["公".repeat(least - 1), "公".repeat(most + 1)],
            vec!["公".repeat(least), "公".repeat(most)],
        ),
        Content::Code(codes) => (all(&["", "ZZZZ", &codes[0].to_lowercase()]), all(codes)),
        Content::Digits(most) => (
            vec![String::new(), "1".repeat(most + 1), "x".to_owned(), "-1".to_owned()],
            vec![format!("{:0>most$}", 1)],
        ),
        Content::Decimal(total, fraction) => {
            let long = "1".repeat(total + 1);
            let part = format!("0.{}", "1".repeat(fraction + 1));
            (
                vec![
                    long,
                    part,
                    String::new(),
                    "1e3".to_owned(),
                    "1,000".to_owned(),
                    "NaN".to_owned(),
                ],
                vec![],
            )
        }
        Content::Amount => {
            let long = format!("{}.00", "1".repeat(17));
            (
                vec![
                    long,
                    "1.005".to_owned(),
                    "-1.00".to_owned(),
                    "1e3".to_owned(),
                    String::new(),
                ],
                vec![],
            )
        }
        Content::Date => (
            all(&["", "2026-02-30", "20260305", "05.03.2026"]),
            all(&["2024-02-29", "2026-03-05+08:00"]),
        ),
        Content::Instant => (
            all(&["", "2026-03-05", "2026-03-05T24:01:00", "2026-03-05 10:11:12"]),
            all(&["2026-03-05T02:11:12.345Z"]),
        ),
        Content::Truth => (all(&["", "yes", "TRUE"]), all(&["false", "0", "1"])),
        Content::Form(Form::Bic) => (
            all(&["", "ICBKCNB", "ICBK1NBJ", "icbkcnbj", "ICBKCNBJHL"]),
            all(&["ICBKCNBJ"]),
        ),
        Content::Form(Form::Iban) => (all(&["", "D112", "DE1", "DE12 5001"]), all(&["DE121"])),
        Content::Form(Form::Uuid) => (
            all(&[
                "",
                "8a562c67-ca16-38ba-b074-65581be6f011",
                "8a562c67ca1648bab07465581be6f011",
            ]),
            vec![],
        ),
        Content::Form(Form::Currency) => (all(&["", "cny", "CN", "CNYY"]), all(&["USD"])),
    }
}

/// Where a row is in the example that has it.
struct Spot<'a> {
    message: Message,
    way: Vec<&'static str>,
    path: Vec<usize>,
    row: &'a Row,
    choice: bool,
}

fn rows(message: Message) -> Vec<Spot<'static>> {
    let mut found = Vec::new();
    walk(message, message.document(), &[], &[], &mut found);
    found
}

fn walk(message: Message, group: &'static Group, way: &[&'static str], path: &[usize], found: &mut Vec<Spot<'static>>) {
    for (index, row) in group.rows.iter().enumerate() {
        let way = [way, &[row.element]].concat();
        let path = [path, &[if group.choice { 0 } else { index }]].concat();
        if let Content::Group(inner) = row.content {
            walk(message, inner, &way, &path, found);
        }
        let choice = group.choice;
        found.push(Spot {
            message,
            way,
            path,
            row,
            choice,
        });
    }
}

impl Spot<'_> {
    fn name(&self) -> String {
        format!("{:?} /Document/{}", self.message, self.way.join("/"))
    }

    fn root(&self) -> Node {
        let mut root = Node::new("Document");
        root.children = inside(self.message.document(), &self.way);
        root
    }

    /// The example, changed at this row.
    fn changed(&self, change: impl FnOnce(&mut Vec<Node>, usize)) -> Vec<u8> {
        let mut root = self.root();
        let (index, parent) = self.path.split_last().unwrap();
        change(&mut root.at(parent).children, *index);
        document(self.message, &root)
    }

    fn allowed(&self, what: &str, change: impl FnOnce(&mut Vec<Node>, usize)) {
        let bytes = self.changed(change);
        assert_eq!(validate(&bytes), vec![], "{}: {what}", self.name());
    }

    /// One negative example: refused at this path (or its parent's), for this reason, in both languages.
    fn refused(
        &self,
        what: &str,
        reason: impl Fn(&Fault) -> bool,
        change: impl FnOnce(&mut Vec<Node>, usize),
    ) -> usize {
        let bytes = self.changed(change);
        let found = validate(&bytes);
        let path = format!("/Document/{}", self.way.join("/"));
        let parent = path.rsplit_once('/').unwrap().0;
        let here = found.iter().find(|violation| match violation.place() {
            Place::Element(at, line, column) => {
                // Of the element itself, of one beside it, of the one around it, or of a stranger in it.
                let near = at == parent
                    || at
                        .rsplit_once('/')
                        .is_some_and(|(around, _)| around == parent || around == path);
                near && *line == 1 && *column > 0 && reason(violation.fault())
            }
            _ => false,
        });
        let violation = here.unwrap_or_else(|| panic!("{}: {what} is allowed: {found:?}", self.name()));
        assert!(
            violation.to_string().contains("; ") && violation.zh().contains('；'),
            "{violation} has no fix"
        );
        1
    }
}

/// All negative examples of a row; how many there are.
fn negatives(place: &Spot<'_>) -> usize {
    let row = place.row;
    let mut count = 0;
    if row.least > 0 {
        count += place.refused(
            "none",
            |fault| matches!(fault, Fault::Missing(_)),
            |all, at| drop(all.remove(at)),
        );
    }
    if row.most < usize::MAX {
        let reason = |fault: &Fault| match fault {
            Fault::Repeated(name, most) => name == row.element && *most == row.most,
            Fault::Choice(_) => place.choice,
            _ => false,
        };
        let copy = |times: usize| {
            move |all: &mut Vec<Node>, at: usize| all.splice(at..at, vec![all[at].clone(); times]).for_each(drop)
        };
        count += place.refused("one more", reason, copy(row.most));
        if row.most > 1 {
            place.allowed("as many", copy(row.most - 1));
        }
    }
    if *place.path.last().unwrap() > 0 {
        let reason = |fault: &Fault| matches!(fault, Fault::OutOfOrder(_));
        count += place.refused("another order", reason, |all, at| all.swap(at - 1, at));
    }
    let (wrong, right) = texts(row.content);
    let reason = |fault: &Fault| {
        matches!(
            fault,
            Fault::Length { .. } | Fault::Form { .. } | Fault::Digits { .. } | Fault::Unknown(_)
        )
    };
    for text in wrong {
        count += place.refused(&text.clone(), reason, |all, at| all[at].text = text);
    }
    for text in right {
        place.allowed(&text.clone(), |all, at| all[at].text = text);
    }
    match row.content {
        Content::Group(_) => {
            count += place.refused(
                "a stranger",
                |fault| *fault == Fault::Unknown("Xyz".to_owned()),
                |all, at| all[at].children.insert(0, Node::new("Xyz")),
            );
        }
        Content::Amount => {
            count += place.refused(
                "no currency",
                |fault| *fault == Fault::Missing("@Ccy".to_owned()),
                |all, at| all[at].currency = None,
            );
            count += place.refused(
                "no code",
                |fault| matches!(fault, Fault::Form { .. }),
                |all, at| all[at].currency = Some("cny"),
            );
        }
        Content::Open => {}
        _ => {
            let reason = |fault: &Fault| *fault == Fault::Unknown("@Ccy".to_owned());
            count += place.refused("an attribute", reason, |all, at| all[at].currency = Some("CNY"));
        }
    }
    count
}

#[test]
fn every_row_refuses_something() {
    let mut rows_seen = 0;
    for message in Message::ALL {
        for place in rows(message) {
            place.allowed("everything once", |_, _| {});
            assert!(negatives(&place) > 0, "{}: nothing is refused", place.name());
            rows_seen += 1;
        }
    }
    assert!(rows_seen > 500, "{rows_seen}");
}
