//! A course of values in one line of characters.

const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// One cell of the line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cell {
    /// The character.
    pub(crate) glyph: char,
    /// The highest value that the cell stands for; `None` where nothing was measured.
    pub(crate) value: Option<f64>,
}

/// At most `width` cells for `values`; each shows the highest value it stands for, on a scale from 0
/// to `top`.
pub(crate) fn spark(values: &[Option<f64>], width: usize, top: f64) -> Vec<Cell> {
    let cells = values.len().min(width);
    (0..cells)
        .map(|cell| {
            let of = &values[cell * values.len() / cells..(cell + 1) * values.len() / cells];
            let value = of.iter().copied().flatten().reduce(f64::max);
            let level = |value: f64| {
                let step =
                    (value / top * LEVELS.len() as f64).clamp(0.0, LEVELS.len() as f64 - 1.0);
                LEVELS[step as usize]
            };
            Cell {
                glyph: value.map_or('·', level),
                value,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(values: &[Option<f64>], width: usize) -> String {
        spark(values, width, 0.8)
            .iter()
            .map(|cell| cell.glyph)
            .collect()
    }

    #[test]
    fn a_cell_shows_the_highest_of_its_values() {
        assert_eq!(
            line(&[Some(0.0), Some(0.4), None, Some(2.0), Some(f64::NAN)], 9),
            "▁▅·█▁"
        );
        assert_eq!(line(&[Some(0.0), Some(0.8), Some(0.1), None], 2), "█▂");
        assert_eq!(line(&[], 5), "");
    }
}
