//! What recall looks things up in. Rebuilt from frames; never stored.

mod bodies;
mod lexicon;
mod marks;
mod rows;

pub(crate) use bodies::{Bodies, Body};
pub(crate) use lexicon::{CAPACITY, Lexicon, Match};
pub(crate) use marks::{Live, Mark, Marks, Names, NewMark};
pub(crate) use rows::{Probe, Rows};
