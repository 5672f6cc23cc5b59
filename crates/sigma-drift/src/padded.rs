//! Rows of numbers as long as a list of names that grows from one version to the next.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Writes the row as it is.
pub(crate) fn serialize<S: Serializer, const N: usize>(
    row: &[f64; N],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    row.as_slice().serialize(serializer)
}

/// Reads a row; one that was written when there were fewer names ends in zeros.
pub(crate) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
    deserializer: D,
) -> Result<[f64; N], D::Error> {
    let read = Vec::<f64>::deserialize(deserializer)?;
    if read.len() > N {
        return Err(D::Error::invalid_length(
            read.len(),
            &"no more numbers than there are names",
        ));
    }
    let mut row = [0.0; N];
    row[..read.len()].copy_from_slice(&read);
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Row(#[serde(with = "super")] [f64; 3]);

    #[test]
    fn a_shorter_row_ends_in_zeros_and_a_longer_one_is_refused() {
        let read = |text| serde_json::from_str::<Row>(text);
        assert_eq!(read("[1.0,2.0]").unwrap(), Row([1.0, 2.0, 0.0]));
        assert!(read("[1.0,2.0,3.0,4.0]").is_err());
        let row = Row([0.5, 0.25, -1.0]);
        let text = serde_json::to_string(&row).unwrap();
        assert_eq!(
            (text.as_str(), read(&text).unwrap()),
            ("[0.5,0.25,-1.0]", row)
        );
    }
}
