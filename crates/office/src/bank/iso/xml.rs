//! XML as ISO 20022 uses it: elements of one namespace with text or elements inside. Everything else that XML has (document types,
//! entities, processing instructions) is refused, and so is what is larger or deeper than a message can be.

use quick_xml::NsReader;
use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use crate::bank::file::MOST_BYTES;
use crate::bank::violation::{Fault, Limit, Place, Violation};

const MOST_ELEMENTS: usize = 2_000_000;
const DEEPEST: usize = 24;

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its name without prefix.
    pub name: String,
    /// Its attributes but those that declare namespaces.
    pub attributes: Vec<(String, String)>,
    /// The text between its tags; of an element with others inside, only what is more than space.
    pub text: String,
    /// The elements inside.
    pub children: Vec<Element>,
    /// The byte at which it begins in what was read.
    pub at: usize,
}

impl Element {
    /// An element with these inside.
    pub fn with(name: &str, children: Vec<Self>) -> Self {
        Self {
            name: name.to_owned(),
            attributes: Vec::new(),
            text: String::new(),
            children,
            at: 0,
        }
    }

    /// An element with this text.
    pub fn text(name: &str, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::with(name, Vec::new())
        }
    }

    /// All elements inside with this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The element at a path of names, the first at every step.
    pub fn find(&self, path: &str) -> Option<&Self> {
        path.split('/')
            .try_fold(self, |at, name| at.children.iter().find(|child| child.name == name))
    }

    /// The text at a path of names.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.find(path).map(|element| element.text.as_str())
    }

    fn write(&self, out: &mut String, depth: usize) {
        out.extend(std::iter::repeat_n(' ', depth));
        out.push('<');
        out.push_str(&self.name);
        for (name, value) in &self.attributes {
            out.push_str(&format!(" {name}=\"{}\"", quick_xml::escape::escape(value.as_str())));
        }
        out.push('>');
        if self.children.is_empty() {
            out.push_str(&partial_escape(self.text.as_str()));
        } else {
            out.push('\n');
            for child in &self.children {
                child.write(out, depth.saturating_add(1));
            }
            out.extend(std::iter::repeat_n(' ', depth));
        }
        out.push_str(&format!("</{}>\n", self.name));
    }
}

/// A document of one namespace.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// The namespace of all its elements.
    pub namespace: String,
    /// The outermost element.
    pub root: Element,
    source: &'a str,
}

/// A document's bytes.
pub fn write(namespace: &str, root: Element) -> Vec<u8> {
    let mut root = root;
    root.attributes.push(("xmlns".to_owned(), namespace.to_owned()));
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    root.write(&mut out, 0);
    out.into_bytes()
}

/// Reads a document.
pub fn read(bytes: &[u8]) -> Result<Document<'_>, Violation> {
    if bytes.len() > MOST_BYTES {
        return Err(Fault::TooMuch(Limit::Bytes, MOST_BYTES).at(Place::File));
    }
    let source = std::str::from_utf8(bytes).map_err(|_| Fault::Encoding.at(Place::File))?;
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    if let Some((at, c)) = source.char_indices().find(|(_, c)| !in_xml(*c)) {
        return Err(malformed(&format!("character U+{:04X}", u32::from(c))).at(line(source, at)));
    }
    let mut builder = Builder::default();
    let mut reader = NsReader::from_str(source);
    let config = reader.config_mut();
    config.check_comments = true;
    config.expand_empty_elements = true;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = match reader.read_resolved_event() {
            Ok((ResolveResult::Bound(namespace), event)) => builder
                .event(&event, namespace.as_ref(), at)
                .map(|()| matches!(event, Event::Eof)),
            Ok((_, event)) => builder.event(&event, b"", at).map(|()| matches!(event, Event::Eof)),
            Err(error) => Err(malformed(&error.to_string())),
        };
        if event.map_err(|fault| fault.at(line(source, at)))? {
            break;
        }
    }
    let end = line(source, source.len());
    let root = builder
        .root
        .ok_or_else(|| Fault::Missing("Document".to_owned()).at(end.clone()))?;
    if !builder.open.is_empty() {
        return Err(malformed("it ends in the middle").at(end));
    }
    Ok(Document {
        namespace: builder.namespace,
        root,
        source,
    })
}

/// `Char` of XML 1.0.
fn in_xml(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

fn malformed(detail: &str) -> Fault {
    Fault::Malformed(detail.chars().take(120).collect())
}

/// The place of a byte.
fn line(source: &str, at: usize) -> Place {
    let (line, column) = position(source, at);
    Place::Line(line, Some(column))
}

fn position(source: &str, at: usize) -> (usize, usize) {
    let before = source.get(..at).unwrap_or(source);
    let line = before.matches('\n').count().saturating_add(1);
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count());
    (line, column.saturating_add(1))
}

impl Document<'_> {
    /// The place of one of its elements.
    pub fn place(&self, element: &Element) -> Place {
        let mut path = format!("/{}", self.root.name);
        let mut at = &self.root;
        // Elements begin one after the other, so the way to one leads through the last that begins no later.
        while at.at < element.at
            && let Some(next) = at.children.iter().rfind(|child| child.at <= element.at)
        {
            path.push('/');
            path.push_str(&next.name);
            at = next;
        }
        let (line, column) = position(self.source, element.at);
        Place::Element(path, line, column)
    }
}

/// The tree while it grows.
#[derive(Default)]
struct Builder {
    namespace: String,
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Builder {
    fn event(&mut self, event: &Event<'_>, namespace: &[u8], at: usize) -> Result<(), Fault> {
        let not_text = |error: &dyn std::fmt::Display| malformed(&error.to_string());
        match event {
            Event::Start(tag) | Event::Empty(tag) => self.start(tag, namespace, at),
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(&text.xml10_content().map_err(|error| not_text(&error))?),
            Event::CData(text) => self.text(&text.xml10_content().map_err(|error| not_text(&error))?),
            Event::GeneralRef(reference) => {
                let name = reference.decode().map_err(|error| not_text(&error))?;
                let c = match name.as_ref() {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "apos" => '\'',
                    "quot" => '"',
                    _ => reference
                        .resolve_char_ref()
                        .map_err(|error| not_text(&error))?
                        .filter(|c| in_xml(*c))
                        .ok_or(Fault::Forbidden("an entity"))?,
                };
                self.text(c.encode_utf8(&mut [0; 4]))
            }
            Event::Decl(declaration) => {
                let utf_8 = |encoding: &[u8]| encoding.eq_ignore_ascii_case(b"utf-8");
                let encoding = declaration.encoding().transpose().map_err(|error| not_text(&error))?;
                if at != 0 {
                    return Err(malformed("an XML declaration in the middle"));
                }
                encoding
                    .is_none_or(|name| utf_8(&name))
                    .then_some(())
                    .ok_or(Fault::Encoding)
            }
            Event::DocType(_) => Err(Fault::Forbidden("a document type")),
            Event::PI(_) => Err(Fault::Forbidden("a processing instruction")),
            Event::Comment(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, namespace: &[u8], at: usize) -> Result<(), Fault> {
        let outermost = self.open.is_empty();
        if outermost && self.root.is_some() {
            return Err(malformed("a second outermost element"));
        }
        if outermost {
            self.namespace = String::from_utf8_lossy(namespace).into_owned();
        } else if self.namespace.as_bytes() != namespace {
            return Err(Fault::Namespace(String::from_utf8_lossy(namespace).into_owned()));
        }
        self.elements = self.elements.saturating_add(1);
        if self.elements > MOST_ELEMENTS {
            return Err(Fault::TooMuch(Limit::Elements, MOST_ELEMENTS));
        }
        if self.open.len() >= DEEPEST {
            return Err(Fault::TooMuch(Limit::Depth, DEEPEST));
        }
        let name = String::from_utf8_lossy(tag.local_name().as_ref()).into_owned();
        let mut element = Element::with(&name, Vec::new());
        element.at = at;
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| malformed(&error.to_string()))?;
            let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_err(|error| malformed(&error.to_string()))?;
            // A schema's location is a hint; nothing is ever fetched from it.
            let hint = outermost && name == "xsi:schemaLocation";
            if name != "xmlns" && !name.starts_with("xmlns:") && !hint {
                element.attributes.push((name, value.into_owned()));
            }
        }
        self.open.push(element);
        Ok(())
    }

    fn end(&mut self) -> Result<(), Fault> {
        let mut element = self.open.pop().ok_or_else(|| malformed("an end without a beginning"))?;
        if !element.children.is_empty() && element.text.trim().is_empty() {
            element.text.clear();
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Fault> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(malformed("text outside the document")),
        }
        Ok(())
    }
}
