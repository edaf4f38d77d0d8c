//! A BPMN file as a tree of its own elements, with their places. Nothing is expanded, and everything is bounded.
//!
//! Elements of other namespaces (diagrams, what vendors add) and texts for people are checked for form and left out.

use grieta_core::diagnostic::{Code, Path, Place, Problem};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};

/// The most bytes of a file.
pub(crate) const MOST_BYTES: usize = 8 << 20;

/// How deep elements may stand inside one another.
const DEEPEST: usize = 256;

/// How many attributes an element may have.
const MOST_ATTRIBUTES: usize = 256;

/// The namespace of BPMN 2.0, whatever prefix a file gives it.
const MODEL: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";

/// Elements of BPMN that hold texts for people, or what vendors add.
const TEXTS: [&str; 2] = ["documentation", "extensionElements"];

/// An element of BPMN with what is inside it.
#[derive(Debug)]
pub(crate) struct Element {
    /// Its name without a prefix.
    pub name: String,
    attributes: Vec<(String, String)>,
    pub inside: Vec<Element>,
    text: String,
    pub place: Place,
}

impl Element {
    /// An attribute of BPMN.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Whether an attribute says so.
    pub fn says(&self, name: &str, value: &str) -> bool {
        self.attribute(name).is_some_and(|found| found.trim() == value)
    }

    /// The name that the element has for people, on one line.
    pub fn title(&self) -> Option<String> {
        let words: Vec<&str> = self.attribute("name")?.split_whitespace().collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// The text directly inside.
    pub fn text(&self) -> &str {
        self.text.trim()
    }

    /// The first element of that name directly inside.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.inside.iter().find(|inside| inside.name == name)
    }
}

/// The text of a file in UTF-8, or in Latin 1 where it says so.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, Box<Problem>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let declaration = String::from_utf8_lossy(&bytes[..bytes.len().min(100)]).to_ascii_lowercase();
    let declaration = declaration.split("?>").next().unwrap_or_default();
    if declaration.starts_with("<?xml") && declaration.contains("iso-8859-1") {
        return Ok(bytes.iter().map(|byte| char::from(*byte)).collect());
    }
    let text = std::str::from_utf8(bytes).map(str::to_owned);
    text.map_err(|error| {
        let message = format!("the file is not UTF-8: byte {} cannot be read", error.valid_up_to() + 1);
        Box::new(Problem::error(Code::NotUtf8, Path::default(), message).help("save it as UTF-8"))
    })
}

/// The root of a file.
pub(crate) fn read(text: &str) -> Result<Element, Box<Problem>> {
    let mut reader = NsReader::from_str(text);
    let mut tree = Tree { open: Vec::new(), root: None, left_out: 0, cursor: Cursor::at_start(text) };
    loop {
        let begin = reader.buffer_position();
        let (namespace, event) = match reader.read_resolved_event() {
            Ok((namespace, event)) => (Namespace::of(&namespace), event),
            Err(error) => {
                tree.cursor.advance(reader.error_position());
                return Err(not_bpmn(error.to_string(), tree.cursor.place(1), EXPORT));
            }
        };
        tree.cursor.advance(begin);
        match event {
            Event::Start(start) => {
                tree.begin(&start, namespace)?;
                if tree.left_out + tree.open.len() > DEEPEST {
                    return Err(tree.too_large(format!("elements may be at most {DEEPEST} deep")));
                }
            }
            Event::Empty(start) => {
                tree.begin(&start, namespace)?;
                tree.end();
            }
            Event::End(_) => tree.end(),
            Event::Text(text) => tree.write(&text),
            Event::CData(text) => tree.write(&text),
            Event::GeneralRef(entity) => tree.entity(&entity)?,
            Event::DocType(_) => {
                let message = "a document type declaration is not accepted: no entity is expanded";
                return Err(not_bpmn(message, tree.cursor.place(9), "remove the line that begins with `<!DOCTYPE`"));
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    match tree {
        Tree { open, left_out, cursor, .. } if left_out > 0 || !open.is_empty() => {
            let opened = open.last().map(|open| (format!("`{}` has no end", open.name), open.place));
            let (message, place) = opened.unwrap_or_else(|| ("an element has no end".to_owned(), cursor.place(1)));
            Err(not_bpmn(message, place, "the file is probably cut off: export it again"))
        }
        Tree { root: Some(root), .. } => Ok(root),
        Tree { cursor, .. } => Err(not_bpmn("the file holds no element", cursor.place(1), EXPORT)),
    }
}

const EXPORT: &str = "export the model as BPMN 2.0 XML";

fn not_bpmn(message: impl Into<String>, place: Place, help: &str) -> Box<Problem> {
    let problem = Problem::error(Code::NotBpmn, Path::default(), message).help(help);
    Box::new(Problem { place: Some(place), ..problem })
}

/// Where an element belongs.
enum Namespace {
    Model,
    Other,
    None,
    Undeclared(String),
}

impl Namespace {
    fn of(resolved: &ResolveResult<'_>) -> Namespace {
        match resolved {
            ResolveResult::Bound(namespace) if namespace.0 == MODEL => Namespace::Model,
            ResolveResult::Bound(_) => Namespace::Other,
            ResolveResult::Unbound => Namespace::None,
            ResolveResult::Unknown(prefix) => Namespace::Undeclared(prefix.clone()),
        }
    }
}

/// The tree as far as it was read.
struct Tree<'a> {
    open: Vec<Element>,
    root: Option<Element>,
    /// How many elements are open that are left out.
    left_out: usize,
    cursor: Cursor<'a>,
}

impl Tree<'_> {
    fn begin(&mut self, start: &BytesStart<'_>, namespace: Namespace) -> Result<(), Box<Problem>> {
        let name = start.local_name().as_ref().to_owned();
        let place = self.cursor.place(start.name().as_ref().chars().count() + 1);
        if let Namespace::Undeclared(prefix) = namespace {
            return Err(not_bpmn(format!("the prefix `{prefix}` is not declared"), place, EXPORT));
        }
        if self.left_out > 0 {
            self.left_out += 1;
            return Ok(());
        }
        let model = matches!(namespace, Namespace::Model);
        if self.open.is_empty() && (self.root.is_some() || !model || name != "definitions") {
            let message = format!("expected `definitions` of the namespace {MODEL}, found `{name}`");
            return Err(not_bpmn(message, place, EXPORT));
        }
        if matches!(namespace, Namespace::None) {
            let message = format!("`{name}` belongs to no namespace, so nobody can say what it means");
            return Err(not_bpmn(message, place, "give it the prefix of BPMN, or remove it"));
        }
        if !model || TEXTS.contains(&name.as_str()) {
            self.left_out = 1;
            return Ok(());
        }
        let attributes = self.attributes(start)?;
        self.open.push(Element { name, attributes, inside: Vec::new(), text: String::new(), place });
        Ok(())
    }

    /// Those without a prefix: all others are not of BPMN.
    fn attributes(&self, start: &BytesStart<'_>) -> Result<Vec<(String, String)>, Box<Problem>> {
        let mut attributes = Vec::new();
        for (count, attribute) in start.attributes().enumerate() {
            let here = |message: String| not_bpmn(message, self.cursor.place(1), EXPORT);
            let attribute = attribute.map_err(|error| here(error.to_string()))?;
            if count == MOST_ATTRIBUTES {
                return Err(self.too_large(format!("an element may have at most {MOST_ATTRIBUTES} attributes")));
            }
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| here(error.to_string()))?;
            let name = attribute.key;
            if name.prefix().is_none() && name.as_ref() != "xmlns" {
                attributes.push((name.as_ref().to_owned(), value.into_owned()));
            }
        }
        Ok(attributes)
    }

    fn end(&mut self) {
        if self.left_out > 0 {
            self.left_out -= 1;
        } else if let Some(ended) = self.open.pop() {
            match self.open.last_mut() {
                Some(around) => around.inside.push(ended),
                None => self.root = Some(ended),
            }
        }
    }

    fn write(&mut self, text: &str) {
        if self.left_out == 0
            && let Some(open) = self.open.last_mut()
        {
            open.text.push_str(text);
        }
    }

    fn entity(&mut self, entity: &BytesRef<'_>) -> Result<(), Box<Problem>> {
        let unknown = || not_bpmn(format!("the entity `&{};` is not known", &**entity), self.cursor.place(1), EXPORT);
        let character = entity.resolve_char_ref().map_err(|_| unknown())?;
        match (character, resolve_predefined_entity(entity)) {
            (Some(character), _) => self.write(character.encode_utf8(&mut [0; 4])),
            (None, Some(text)) => self.write(text),
            (None, None) => return Err(unknown()),
        }
        Ok(())
    }

    fn too_large(&self, message: String) -> Box<Problem> {
        let problem = Problem::error(Code::TooLarge, Path::default(), message).help("split the model");
        Box::new(Problem { place: Some(self.cursor.place(1)), ..problem })
    }
}

/// Follows the reader through the text, so that no line is counted twice.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    column: u32,
}

impl Cursor<'_> {
    fn at_start(text: &str) -> Cursor<'_> {
        Cursor { text, at: 0, line: 1, column: 1 }
    }

    fn advance(&mut self, to: u64) {
        let to = usize::try_from(to).unwrap_or(usize::MAX);
        let Some(passed) = self.text.get(self.at..to) else { return };
        for character in passed.chars() {
            match character {
                '\n' => (self.line, self.column) = (self.line + 1, 1),
                _ => self.column += 1,
            }
        }
        self.at = to;
    }

    fn place(&self, length: usize) -> Place {
        Place { line: self.line, column: self.column, length: u32::try_from(length).unwrap_or(1) }
    }
}
