//! Makes each scenario of a process a Rust test. Used through `scenarios!` of `grieta-testkit`.

mod names;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro::{Group, Ident, TokenStream, TokenTree};

/// The word that stands for the path of the testkit in what is written here.
const TESTKIT: &str = "__testkit";

/// The test of what a simulation of the process is to show.
const SIMULATION: &str = "the_simulation_is_as_expected";

/// `tests!(path::of::testkit, "glob")`: a `#[test]` for each scenario in the files that the glob finds.
#[doc(hidden)]
#[proc_macro]
pub fn tests(input: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = input.into_iter().collect();
    let pattern = tokens.pop().map(|token| token.to_string()).unwrap_or_default();
    // The comma.
    tokens.pop();
    let testkit: TokenStream = tokens.into_iter().collect();
    let written = match text_of(&pattern).and_then(written) {
        Ok(written) => written,
        Err(problem) => format!("compile_error!({problem:?});"),
    };
    match written.parse::<TokenStream>() {
        Ok(tokens) => with_testkit(tokens, &testkit),
        Err(error) => format!("compile_error!({:?});", error.to_string()).parse().unwrap_or_default(),
    }
}

/// The text of a literal.
fn text_of(literal: &str) -> Result<&str, String> {
    let plain = literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    plain
        .filter(|text| !text.contains('\\'))
        .ok_or_else(|| format!("expected a glob such as \"process-templates/**/*.test.yaml\", found {literal}"))
}

/// The tests, as Rust.
fn written(pattern: &str) -> Result<String, String> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(|error| error.to_string())?);
    let mut text = String::new();
    let mut known = String::new();
    let mut modules = BTreeMap::new();
    for file in files(&root, pattern)? {
        let shown = file.strip_prefix(&root).unwrap_or(&file).display().to_string();
        let yaml = fs::read_to_string(&file).map_err(|error| format!("cannot read `{shown}`: {error}"))?;
        let names = names::of(&yaml).map_err(|problem| format!("{shown}: {problem}"))?;
        let module = unique(&identifier(shown.strip_suffix(".test.yaml").unwrap_or(&shown)), &mut modules);
        let path = file.display().to_string();
        let mut used = BTreeMap::new();
        // The file is part of what is compiled, so that a change of it compiles this again.
        let _ = write!(text, "mod {module} {{ const _: &[u8] = include_bytes!({path:?});");
        if names::has_simulation(&yaml) {
            let test = unique(SIMULATION, &mut used);
            let _ = write!(text, "#[test] fn {test}() {{ {TESTKIT}::scenario::is_as_expected({shown:?}) }}");
        }
        for name in &names {
            let test = unique(&identifier(name), &mut used);
            let _ = write!(text, "#[test] fn {test}() {{ {TESTKIT}::scenario::passes({shown:?}, {name:?}) }}");
        }
        text += "}";
        let _ = write!(known, "({shown:?}, &{names:?}),");
    }
    if modules.is_empty() {
        return Err(format!("`{pattern}` finds no file, seen from the folder of Cargo.toml"));
    }
    let _ = write!(
        text,
        "#[test] fn no_scenario_is_forgotten() {{ {TESTKIT}::scenario::are_all({pattern:?}, &[{known}]) }}"
    );
    Ok(text)
}

fn files(root: &Path, pattern: &str) -> Result<Vec<PathBuf>, String> {
    let whole = format!("{}/{pattern}", glob::Pattern::escape(&root.display().to_string()));
    let found = glob::glob(&whole).map_err(|error| format!("`{pattern}` is no glob: {error}"))?;
    found.map(|file| file.map_err(|error| error.to_string())).collect()
}

/// The name as Rust can have it.
fn identifier(name: &str) -> String {
    let words: Vec<String> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let joined = words.join("_");
    let begins = joined.starts_with(char::is_alphabetic);
    // A name that is a word of Rust, or a name that begins with a digit, needs something before it.
    if begins && joined.contains('_') { joined } else { format!("scenario_{joined}") }
}

/// The same with a number where it is taken.
fn unique(name: &str, taken: &mut BTreeMap<String, u32>) -> String {
    let mut candidate = name.to_owned();
    while let Some(times) = taken.get_mut(&candidate) {
        *times += 1;
        candidate = format!("{candidate}_{times}");
    }
    taken.insert(candidate.clone(), 1);
    candidate
}

/// The path of the testkit, as the caller sees it, in the place of the word for it.
fn with_testkit(tokens: TokenStream, testkit: &TokenStream) -> TokenStream {
    let replaced = |token: TokenTree| match token {
        TokenTree::Ident(word) if is_testkit(&word) => testkit.clone(),
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), with_testkit(group.stream(), testkit));
            inner.set_span(group.span());
            TokenStream::from(TokenTree::Group(inner))
        }
        other => TokenStream::from(other),
    };
    tokens.into_iter().flat_map(replaced).collect()
}

fn is_testkit(word: &Ident) -> bool {
    word.to_string() == TESTKIT
}
