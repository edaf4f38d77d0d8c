//! Every definition that the repository holds as a file: templates, fixtures, examples of the pages; not those of the pages
//! on problems, half of which are wrong.

use std::fs;
use std::path::Path;

/// Their names and texts, in the order of the names.
pub fn corpus() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    for folder in ["process-templates", "crates/core/tests", "docs", "README.md"] {
        collect(&root.join(folder), &mut found);
    }
    found.sort();
    assert!(found.len() > 80, "only {} definitions were found", found.len());
    found
}

fn collect(path: &Path, found: &mut Vec<(String, String)>) {
    if path.ends_with("docs/problems") {
        return;
    }
    if path.is_dir() {
        return fs::read_dir(path).unwrap().for_each(|entry| collect(&entry.unwrap().path(), found));
    }
    let name = path.display().to_string();
    if [".test.yaml", ".rounds.yaml", "parameters.yaml", "life-cycle.yaml"].iter().any(|other| name.ends_with(other)) {
        return;
    }
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("yaml") => found.push((name, fs::read_to_string(path).unwrap())),
        Some("md") => {
            let page = fs::read_to_string(path).unwrap();
            let blocks = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split_once("\n```"));
            let whole = blocks.filter(|(block, _)| block.starts_with("process:") && block.contains("\nstart:"));
            found.extend(whole.enumerate().map(|(at, (block, _))| (format!("{name} {at}"), format!("{block}\n"))));
        }
        _ => {}
    }
}
