//! Makes what Trunk built into what is published: the program packed, names that follow the content,
//! the service worker, and the single file.

use std::fs;
use std::io::Write;
use std::path::Path;

use lzma_rust2::{EncodeMode, LzmaOptions, LzmaWriter};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::dist::{list, name_of, write};
use crate::pack::{self, find_one, read};
use crate::split::split;
use crate::step::{Outcome, root};

/// Changes `dist` in place.
pub fn publish(dist: &Path) -> Outcome {
    for file in list(dist)? {
        if name_of(&file).ends_with(".css") || name_of(&file).ends_with(".js") {
            write(&file, without_comments(&read(&file)?).as_bytes())?;
        }
    }
    let mut html = read(&dist.join("index.html"))?;
    pack_program(dist, &mut html)?;
    let single = pack::template(dist, &html)?;
    let template = format!("single-{}.html", short_hash(single.html.as_bytes()));
    write(&dist.join(&template), single.html.as_bytes())?;

    let code = without_comments(&read(&root().join("www/sw.js"))?);
    let version = short_hash(format!("{html}{template}{code}").as_bytes());
    let names = format!("id=\"glue\" data-worker=\"./sw.js\" data-version=\"{version}\"");
    pack::replace(&mut html, "id=\"glue\"", &names)?;
    write(&dist.join("index.html"), html.as_bytes())?;

    let mut files: Vec<String> = list(dist)?.iter().map(|path| name_of(path)).collect();
    files.retain(|name| name != "index.html");
    let parts: serde_json::Map<_, _> =
        single.parts.iter().map(|(mark, file)| (mark.clone(), json!(file))).collect();
    let build = json!({ "version": version, "files": files, "template": template, "parts": parts });
    let worker = format!("\"use strict\";\nconst build = {build};\n{code}");
    write(&dist.join("sw.js"), worker.as_bytes())?;
    write(&dist.join("sargable.html"), single.fill(dist)?.as_bytes())
}

/// A script or a style without indentation and comments that have lines of their own.
fn without_comments(text: &str) -> String {
    let mut in_comment = false;
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(str::trim_start) {
        in_comment |= line.starts_with("/*");
        if !in_comment && !line.starts_with("//") && !line.is_empty() {
            out.push_str(line);
            out.push('\n');
        }
        in_comment &= !line.contains("*/");
    }
    out
}

/// Packs the program under a name of its own.
fn pack_program(dist: &Path, html: &mut String) -> Outcome {
    let program = find_one(dist, ".wasm")?;
    let bytes = fs::read(&program).map_err(|error| format!("{}: {error}", program.display()))?;
    let packed = lzma(&split(&bytes)?)?;
    let packed_name = format!("program-{}.lzma", short_hash(&packed));
    write(&dist.join(&packed_name), &packed)?;
    fs::remove_file(&program).map_err(|error| format!("{}: {error}", program.display()))?;
    // Once where it is loaded ahead, once where boot.js finds it.
    let name = name_of(&program);
    pack::replace(html, &name, &packed_name)?;
    pack::replace(html, &name, &packed_name)?;
    pack::replace(html, " type=\"application/wasm\"", "")
}

/// Packs as `www/unpack.js` unpacks. What is split is bytes, not words: their positions say nothing.
fn lzma(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut options = LzmaOptions::with_preset(9);
    options.mode = EncodeMode::Normal;
    (options.lc, options.lp, options.pb) = (2, 0, 0);
    options.nice_len = LzmaOptions::NICE_LEN_MAX;
    options.depth_limit = 512;
    LzmaWriter::new_use_header(Vec::new(), &options, Some(bytes.len() as u64))
        .and_then(|mut writer| {
            writer.write_all(bytes)?;
            writer.finish()
        })
        .map_err(|error| format!("the program could not be packed: {error}"))
}

/// Enough of a hash to tell contents apart in a name.
fn short_hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
