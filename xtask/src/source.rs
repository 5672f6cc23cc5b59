//! Rust sources, parsed: what the checks need to know of them.

use quote::ToTokens as _;
use std::path::{Path, PathBuf};
use syn::{Attribute, Item, Meta};

use crate::root::{self, FileError};

/// One parsed source file.
pub(crate) struct Source {
    /// Where it lies, below the workspace's root.
    pub(crate) path: PathBuf,
    /// What is in it.
    pub(crate) file: syn::File,
}

/// Parses all `.rs` files below `folder` of the workspace at `root`.
pub(crate) fn load(root: &Path, folder: &str) -> Result<Vec<Source>, FileError> {
    let mut sources = Vec::new();
    for path in root::files(&root.join(folder), "rs")? {
        let file = syn::parse_file(&root::read(&path)?).map_err(|error| FileError::Malformed {
            path: path.clone(),
            source: Box::new(error),
        })?;
        let path = path
            .strip_prefix(root)
            .map_or_else(|_| path.clone(), Path::to_path_buf);
        sources.push(Source { path, file });
    }
    Ok(sources)
}

/// Whether the attributes leave an item out of a build that is not a test.
pub(crate) fn is_test_only(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => {
            attribute.path().is_ident("cfg")
                && list.tokens.to_string().split_whitespace().next() == Some("test")
        }
        Meta::Path(path) => path
            .segments
            .last()
            .is_some_and(|last| last.ident == "test"),
        Meta::NameValue(_) => false,
    })
}

/// The attributes of an item.
pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(x) => &x.attrs,
        Item::Enum(x) => &x.attrs,
        Item::ExternCrate(x) => &x.attrs,
        Item::Fn(x) => &x.attrs,
        Item::ForeignMod(x) => &x.attrs,
        Item::Impl(x) => &x.attrs,
        Item::Macro(x) => &x.attrs,
        Item::Mod(x) => &x.attrs,
        Item::Static(x) => &x.attrs,
        Item::Struct(x) => &x.attrs,
        Item::Trait(x) => &x.attrs,
        Item::TraitAlias(x) => &x.attrs,
        Item::Type(x) => &x.attrs,
        Item::Union(x) => &x.attrs,
        Item::Use(x) => &x.attrs,
        _ => &[],
    }
}

/// The tokens of everything in a file that is not for tests only, comments left out, a blank
/// between each two.
pub(crate) fn shipped_tokens(items: &[Item]) -> String {
    let mut text = String::new();
    for item in items.iter().filter(|item| !is_test_only(attributes(item))) {
        if let Item::Mod(module) = item
            && let Some((_, inner)) = &module.content
        {
            text.push_str(&shipped_tokens(inner));
        } else {
            text.push_str(&without_doc(item).to_string());
        }
        text.push('\n');
    }
    text
}

/// Doc comments are attributes, and what they say is not code.
fn without_doc(item: &Item) -> proc_macro2::TokenStream {
    fn strip(stream: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
        use proc_macro2::{Group, TokenTree};
        stream
            .into_iter()
            .map(|tree| match tree {
                TokenTree::Group(group) => {
                    TokenTree::Group(Group::new(group.delimiter(), strip(group.stream())))
                }
                TokenTree::Literal(literal) if literal.to_string().starts_with(['"', 'r', 'b']) => {
                    TokenTree::Literal(proc_macro2::Literal::string(""))
                }
                other => other,
            })
            .collect()
    }
    strip(item.to_token_stream())
}
