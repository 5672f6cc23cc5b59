//! Published figures on the test splits, the whole dialogue seen: to be read beside ours with care.

use super::metrics::Figures;

/// A published row.
pub(crate) struct Published {
    /// Sets whose name begins so.
    set: &'static str,
    pub(crate) name: &'static str,
    pk: f64,
    wd: f64,
    f1: f64,
}

impl Published {
    pub(crate) fn figures(&self) -> Figures {
        Figures::new(self.pk, self.wd, self.f1)
    }
}

const fn row(set: &'static str, name: &'static str, pk: f64, wd: f64, f1: f64) -> Published {
    Published {
        set,
        name,
        pk,
        wd,
        f1,
    }
}

/// The best row without labels and the best with, where there is one.
const ROWS: [Published; 5] = [
    row("tiage", "published: CSM", 0.400, 0.420, 0.427),
    row("tiage", "published: RoBERTa", 0.265, 0.287, 0.572),
    row("dialseg711", "published: DialSTART", 0.179, 0.198, 0.733),
    row("superdialseg", "published: DialSTART", 0.373, 0.412, 0.627),
    row("superdialseg", "published: RoBERTa", 0.185, 0.192, 0.784),
];

/// The rows that were published for a set of this name.
pub(crate) fn beside(set: &str) -> impl Iterator<Item = &'static Published> {
    let set = set.to_lowercase();
    ROWS.iter().filter(move |row| set.starts_with(row.set))
}
