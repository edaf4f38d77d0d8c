//! A file in XML as a tree, as far as tests look at one.

use quick_xml::Reader;
use quick_xml::events::Event;

/// An element with what is inside it.
#[derive(Debug, Default)]
pub struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    inside: Vec<Element>,
    text: String,
}

impl Element {
    /// The tree of a file, under an element without a name.
    pub fn read(text: &str) -> Element {
        let mut reader = Reader::from_str(text);
        let mut open = vec![Element::default()];
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => open.push(Element::begun(&start)),
                Event::Empty(start) => open.last_mut().unwrap().inside.push(Element::begun(&start)),
                Event::End(_) => {
                    let ended = open.pop().unwrap();
                    open.last_mut().unwrap().inside.push(ended);
                }
                Event::Text(text) => open.last_mut().unwrap().text += &text,
                Event::GeneralRef(entity) => {
                    let character = match &*entity {
                        "lt" => '<',
                        "gt" => '>',
                        "amp" => '&',
                        "quot" => '"',
                        "apos" => '\'',
                        other => panic!("the entity {other}"),
                    };
                    open.last_mut().unwrap().text.push(character);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        open.pop().unwrap()
    }

    fn begun(start: &quick_xml::events::BytesStart) -> Element {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            (attribute.key.local_name().as_ref().to_owned(), attribute.value.to_string())
        });
        let attributes = attributes.collect();
        Element { name: start.local_name().as_ref().to_owned(), attributes, ..Element::default() }
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        self.text.trim().to_owned()
    }

    /// All elements of that name inside, however deep, in the order of the file.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Element> {
        let mut found = Vec::new();
        self.collect(name, &mut found);
        found.into_iter()
    }

    pub fn first(&self, name: &str) -> Option<&Element> {
        self.all(name).next()
    }

    fn collect<'a>(&'a self, name: &str, found: &mut Vec<&'a Element>) {
        for inside in &self.inside {
            if inside.name == name {
                found.push(inside);
            }
            inside.collect(name, found);
        }
    }
}
