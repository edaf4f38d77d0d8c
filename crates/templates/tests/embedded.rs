//! Every embedded file reads and checks without an error or a warning, and says of itself what the list says of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use grieta_core::Process;
use grieta_core::definition::Variant;
use grieta_templates::Template;

fn every() -> impl Iterator<Item = Template> {
    grieta_templates::all().into_iter().chain(grieta_templates::skeletons()).chain([grieta_templates::in_use()])
}

#[test]
fn every_template_is_sound_enough_to_be_checked() {
    for template in every() {
        let process = template.process().unwrap_or_else(|problems| panic!("{template}\n{problems}"));
        assert!(process.warnings().is_empty(), "{template}\n{}", process.warnings());
    }
}

#[test]
fn the_list_says_what_the_files_say() {
    for template in every() {
        let definition = template.definition();
        assert_eq!(definition.title.as_deref(), Some(template.title()), "{template}");
        assert_eq!(definition.variant, template.variant(), "{template}");
        assert!(definition.process.starts_with(template.id()), "{template}");
        assert!(Process::new(definition).is_ok());
    }
}

#[test]
fn every_file_is_embedded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("process-templates");
    let mut files = BTreeSet::new();
    collect(&folder, &mut files).unwrap();
    let files: BTreeSet<_> = files.iter().filter_map(|file| file.strip_prefix(&folder).ok()).collect();
    let embedded = every().map(|template| Path::new(template.file()).strip_prefix("process-templates").unwrap());
    assert_eq!(files, embedded.collect());
}

/// Definitions: neither scenarios nor parameters nor life cycles.
fn collect(folder: &Path, files: &mut BTreeSet<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.to_str().unwrap_or_default();
        if path.is_dir() {
            collect(&path, files)?;
        } else if name.ends_with(".yaml")
            && ![".test.yaml", "parameters.yaml", "life-cycle.yaml"].iter().any(|end| name.ends_with(end))
        {
            files.insert(path);
        }
    }
    Ok(())
}

#[test]
fn every_file_of_the_life_cycle_is_embedded() {
    let life_cycle = Path::new(env!("CARGO_MANIFEST_DIR")).join("process-templates/customer-life-cycle.yaml");
    assert_eq!(grieta_templates::CUSTOMER_LIFE_CYCLE, std::fs::read_to_string(life_cycle).unwrap());
    assert_eq!(grieta_templates::file("customer-life-cycle/in-use.yaml"), Some(grieta_templates::in_use()));
    assert_eq!(grieta_templates::file("lead-qualification/to-be.yaml"), Some(grieta_templates::lead_qualification()));
    assert_eq!(grieta_templates::file("nothing.yaml"), None);
}

#[test]
fn templates_are_found_by_name() {
    assert!(grieta_templates::skeleton("case-escalation").is_some());
    assert!(grieta_templates::skeleton("hello").is_none());
    let found = grieta_templates::find("lead-qualification", Variant::AsIs);
    assert_eq!(found, Some(grieta_templates::lead_qualification_as_is()));
}
