//! Reading English structurally: sentences, words, verb groups, clauses, subjects, force and time.

mod fact;
mod group;
mod names;
mod piece;
mod scan;
mod subject;
mod tag;
mod time;
mod token;

pub(crate) use fact::{Fact, Sentence};
pub(crate) use group::Group;
pub(crate) use names::{Names, Whose};
pub(crate) use piece::Link;
pub(crate) use scan::sentence_end;
pub(crate) use time::When;
pub(crate) use token::{Mark, Open, Tag, Token, tokens};
