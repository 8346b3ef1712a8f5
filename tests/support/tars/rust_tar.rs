// SPDX-License-Identifier: MIT
//! rust_tar TREE: the tar crate's Builder with its defaults; the tar stream goes to standard output.

fn main() -> std::io::Result<()> {
    let tree = std::env::args().nth(1).expect("usage: rust_tar TREE");
    let mut archive = tar::Builder::new(std::io::stdout().lock());
    archive.append_dir_all(".", tree)?;
    archive.finish()
}
