//! Finds the rooms of a crate that a source file uses: the first names after `crate::`, anywhere in
//! the file, found by parsing. Code that is compiled for tests only does not count.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, File, Item, Meta, UseTree};

/// The rooms that a file of `src` uses. `inside` is its path from there.
///
/// # Errors
/// If the source is not valid Rust.
pub fn used(inside: &Path, source: &str) -> Result<BTreeSet<String>> {
    let file: File = syn::parse_file(source).with_context(|| format!("{}", inside.display()))?;
    let mut found = Found { depth: depth(inside), rooms: BTreeSet::new() };
    found.visit_file(&file);
    Ok(found.rooms)
}

/// The source without comments, and without code that is compiled for tests only.
///
/// # Errors
/// If the source is not valid Rust.
pub fn code(source: &str) -> Result<String> {
    let file: File = syn::parse_file(source)?;
    let lines: Vec<&str> = source.lines().collect();
    let mut code = String::new();
    for item in file.items.iter().filter(|item| !is_for_tests(attributes(item))) {
        let span = item.span();
        for line in &lines[span.start().line - 1..span.end().line] {
            code.push_str(line.split("//").next().unwrap_or_default());
            code.push('\n');
        }
    }
    Ok(code)
}

/// The depth of a file's module: `history/files/mod.rs` has depth 2.
fn depth(inside: &Path) -> usize {
    let folders = inside.parent().map_or(0, |folder| folder.iter().count());
    let is_root =
        inside.file_stem().is_some_and(|stem| stem == "mod" || stem == "lib" || stem == "main");
    folders + usize::from(!is_root)
}

struct Found {
    /// The number of `super` steps from here to the root of the crate.
    depth: usize,
    rooms: BTreeSet<String>,
}

impl Found {
    /// Notes a path, given by its names.
    fn path(&mut self, names: &[String]) {
        let climbs = names.iter().take_while(|name| *name == "super").count();
        let start = match names.first().map(String::as_str) {
            Some("crate") => 1,
            Some("super") if climbs == self.depth => climbs,
            _ => return,
        };
        self.rooms.extend(names.get(start).cloned());
    }

    fn tree(&mut self, before: &[String], tree: &UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            UseTree::Name(name) => self.path(&with(&name.ident)),
            UseTree::Rename(name) => self.path(&with(&name.ident)),
            UseTree::Glob(_) => self.path(before),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(before, item)),
        }
    }

    /// Finds names that are joined by colons. The inside of a macro is not parsed as syntax yet.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut names: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.path(&std::mem::take(&mut names));
                    }
                    names.push(name.to_string());
                    colons = 0;
                }
                other => {
                    self.path(&std::mem::take(&mut names));
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        self.path(&names);
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item(&mut self, item: &'ast Item) {
        if is_for_tests(attributes(item)) {
            return;
        }
        let inner = usize::from(matches!(item, Item::Mod(_)));
        self.depth += inner;
        visit::visit_item(self, item);
        self.depth -= inner;
    }

    fn visit_use_tree(&mut self, tree: &'ast UseTree) {
        self.tree(&[], tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        self.path(&names);
        visit::visit_path(self, path);
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rooms(inside: &str, source: &str) -> Vec<String> {
        used(Path::new(inside), source).unwrap().into_iter().collect()
    }

    #[test]
    fn uses_are_found_in_every_form() {
        let source = "use crate::time::Time;\nuse crate::{ids::{NodeId, Addr}, rng as r, disk::Disk};\n\
            // crate::world in a comment\nfn f() -> crate::store::Store { call!(crate::run::x, 1) }\n";
        assert_eq!(rooms("a.rs", source), ["disk", "ids", "rng", "run", "store", "time"]);
    }

    #[test]
    fn what_follows_the_tests_counts_and_the_tests_do_not() {
        let source = "#[cfg(test)]\nmod tests;\n#[cfg(test)]\nuse crate::script;\n\
            #[cfg(test)] mod more { use crate::world::World; }\nuse crate::time::Time;";
        assert_eq!(rooms("a/mod.rs", source), ["time"]);
    }

    #[test]
    fn super_leads_to_other_rooms_too() {
        let source = "use super::near;\nuse super::super::far::Thing;\nmod inner { use super::super::super::third::X; }";
        assert_eq!(rooms("a/b.rs", source), ["far", "third"]);
        assert_eq!(rooms("a/mod.rs", "use super::b::C;"), ["b"]);
    }
}
