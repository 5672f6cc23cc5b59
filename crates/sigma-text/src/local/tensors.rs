//! Tensors of a safetensors file as numbers.

use super::LoadError;
use ndarray::{Array1, Array2};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

/// The tensors of a file.
pub(super) struct Tensors<'a> {
    file: SafeTensors<'a>,
    prefix: &'static str,
}

/// Before the names of tensors in files that were saved with a head on the model.
const PREFIX: &str = "bert.";

impl<'a> Tensors<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, LoadError> {
        let file = SafeTensors::deserialize(bytes)?;
        let prefixed = file.names().iter().any(|name| name.starts_with(PREFIX));
        Ok(Self {
            file,
            prefix: if prefixed { PREFIX } else { "" },
        })
    }

    /// A tensor of two dimensions, whatever they are.
    pub(super) fn matrix(&self, name: &str) -> Result<Array2<f32>, LoadError> {
        let view = self.view(name)?;
        let &[rows, columns] = view.shape() else {
            return Err(bad(name));
        };
        Array2::from_shape_vec((rows, columns), numbers(name, &view)?).map_err(|_| bad(name))
    }

    /// A tensor of two dimensions that must have this shape.
    pub(super) fn matrix_of(
        &self,
        name: &str,
        shape: (usize, usize),
    ) -> Result<Array2<f32>, LoadError> {
        let matrix = self.matrix(name)?;
        if matrix.dim() == shape {
            Ok(matrix)
        } else {
            Err(bad(name))
        }
    }

    /// A tensor of one dimension of this length.
    pub(super) fn vector_of(&self, name: &str, length: usize) -> Result<Array1<f32>, LoadError> {
        let numbers = numbers(name, &self.view(name)?)?;
        if numbers.len() == length {
            Ok(numbers.into())
        } else {
            Err(bad(name))
        }
    }

    /// All numbers of a tensor that may be left out.
    pub(super) fn optional(&self, name: &str) -> Result<Option<Vec<f32>>, LoadError> {
        self.view(name)
            .ok()
            .map(|view| numbers(name, &view))
            .transpose()
    }

    /// Whole numbers of a tensor that may be left out.
    pub(super) fn optional_indices(&self, name: &str) -> Result<Option<Vec<usize>>, LoadError> {
        let Ok(view) = self.view(name) else {
            return Ok(None);
        };
        let wide = |x: i64| usize::try_from(x).map_err(|_| bad(name));
        let data = view.data();
        match view.dtype() {
            Dtype::I64 => data
                .as_chunks()
                .0
                .iter()
                .map(|b| wide(i64::from_le_bytes(*b)))
                .collect(),
            Dtype::I32 => data
                .as_chunks()
                .0
                .iter()
                .map(|b| wide(i32::from_le_bytes(*b).into()))
                .collect(),
            _ => Err(bad(name)),
        }
        .map(Some)
    }

    fn view(&self, name: &str) -> Result<TensorView<'_>, LoadError> {
        let full = format!("{}{name}", self.prefix);
        self.file
            .tensor(&full)
            .map_err(|_| LoadError::MissingTensor(full))
    }
}

fn bad(name: &str) -> LoadError {
    LoadError::BadTensor(name.to_owned())
}

/// The numbers of a tensor; 16-bit and 8-bit ones are widened.
fn numbers(name: &str, view: &TensorView<'_>) -> Result<Vec<f32>, LoadError> {
    let data = view.data();
    Ok(match view.dtype() {
        Dtype::F32 => data
            .as_chunks()
            .0
            .iter()
            .map(|b| f32::from_le_bytes(*b))
            .collect(),
        Dtype::F64 => data
            .as_chunks()
            .0
            .iter()
            .map(|b| f64::from_le_bytes(*b) as f32)
            .collect(),
        Dtype::BF16 => {
            let wide = |b: &[u8; 2]| f32::from_bits(u32::from(u16::from_le_bytes(*b)) << 16);
            data.as_chunks().0.iter().map(wide).collect()
        }
        Dtype::F16 => data
            .as_chunks()
            .0
            .iter()
            .map(|b| half(u16::from_le_bytes(*b)))
            .collect(),
        Dtype::I8 => data.iter().map(|b| f32::from(b.cast_signed())).collect(),
        _ => return Err(bad(name)),
    })
}

/// IEEE half precision.
fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    sign * match exponent {
        0 => fraction * 2_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction / 1024.0) * 2_f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::half;

    #[test]
    fn half_precision() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (0x7bff, 65504.0),
            (0x0001, 5.960_464_5e-8),
            (0x7c00, f32::INFINITY),
        ] {
            assert_eq!(half(bits), value, "{bits:x}");
        }
        assert!(half(0x7e00).is_nan());
    }
}
