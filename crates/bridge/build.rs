//! Embeds the console's built files. Without them a plain page stands in, so that Rust alone builds the program.
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let dist = root.join("../../console/dist");
    println!("cargo:rerun-if-changed={}", dist.display());
    println!("cargo:rerun-if-changed=src/web/fallback.html");
    let mut files = Vec::new();
    if dist.join("index.html").is_file() {
        collect(&dist, &dist, &mut files)?;
    } else {
        files.push(("/index.html".to_owned(), root.join("src/web/fallback.html")));
    }
    files.sort();
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("console_files.rs");
    fs::write(out, table(&files)?)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Ok(name) = path.strip_prefix(root) {
            files.push((format!("/{}", name.to_string_lossy().replace('\\', "/")), path));
        }
    }
    Ok(())
}

fn table(files: &[(String, PathBuf)]) -> io::Result<String> {
    let mut table = String::from("static FILES: &[File] = &[\n");
    for (name, path) in files {
        let path = fs::canonicalize(path)?;
        let media_type = media_type(name);
        let line = format!(
            "File {{ path: {name:?}, media_type: {media_type:?}, content: include_bytes!({path:?}) }},"
        );
        let _ = writeln!(table, "{line}");
    }
    table.push_str("];\n");
    Ok(table)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
