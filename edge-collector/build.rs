//! Names the code that folds, since stored partials are read by no other, and takes the indentation out of the API's description, which
//! would be a quarter of what it adds to the bundle.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

fn main() {
    let mut files = BTreeSet::new();
    for folder in ["../analytics/src", "../analytics/data", "../protocol/src"] {
        println!("cargo::rerun-if-changed={folder}");
        collect(Path::new(folder), &mut files);
    }
    let mut hasher = DefaultHasher::new();
    for file in files {
        (&file, std::fs::read(&file).unwrap_or_default()).hash(&mut hasher);
    }
    println!("cargo::rustc-env=PASSERBY_FOLDS={:016x}", hasher.finish());
    describe();
}

fn describe() {
    let described = "src/openapi.json";
    println!("cargo::rerun-if-changed={described}");
    // No string of JSON goes over lines.
    let compact: String = std::fs::read_to_string(described).unwrap_or_default().lines().map(str::trim_start).collect();
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    if let Err(error) = std::fs::write(folder.join("openapi.json"), compact) {
        println!("cargo::error=the API's description cannot be written: {error}");
    }
}

fn collect(folder: &Path, files: &mut BTreeSet<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => collect(&path, files),
            path => _ = files.insert(path),
        }
    }
}
