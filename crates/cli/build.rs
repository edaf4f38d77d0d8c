//! Lists the pages on the codes, so that they are embedded in the command.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("problems");
    // The folder itself, not the link to it.
    println!("cargo::rerun-if-changed={}", fs::canonicalize(&folder)?.display());
    let mut pages = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let Some(code) = path.file_stem().and_then(|name| name.to_str()) else { continue };
        pages.push(format!("({code:?}, include_str!({path:?}))"));
    }
    pages.sort_unstable();
    let target = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&target).join("pages.rs"), format!("&[{}]", pages.join(",\n")))
}
