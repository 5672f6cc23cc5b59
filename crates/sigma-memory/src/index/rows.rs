//! Vectors in one contiguous block, eight bits a component, with a 256-bit sketch each.

use pulp::Arch;

use crate::vector::{Codes, dot, inverse_norm};

/// Bits of a sketch.
const BITS: usize = 256;
type Sketch = [u64; BITS / 64];

#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    dimensions: usize,
    codes: Vec<i8>,
    /// `1 / |row|`; 0 where a frame has no vector.
    scales: Vec<f32>,
    sketches: Vec<Sketch>,
}

/// A query vector, ready for comparison.
#[derive(Debug, Clone)]
pub(crate) struct Probe {
    codes: Codes,
    scale: f32,
    sketch: Sketch,
}

impl Probe {
    pub(crate) fn new(values: &[f32]) -> Self {
        let codes = Codes::of_slice(values);
        let scale = inverse_norm(codes.as_slice());
        let sketch = sketch(codes.as_slice());
        Self {
            codes,
            scale,
            sketch,
        }
    }
}

impl Rows {
    /// Adds the next frame's row. A vector of other dimensions than the first counts as missing.
    pub(crate) fn push(&mut self, codes: Option<&Codes>) {
        if self.dimensions == 0
            && let Some(first) = codes.filter(|c| c.dimensions() > 0)
        {
            self.dimensions = first.dimensions();
            self.codes = vec![0; self.scales.len() * self.dimensions];
        }
        if let Some(codes) = codes.filter(|c| c.dimensions() == self.dimensions) {
            self.codes.extend_from_slice(codes.as_slice());
            self.scales.push(inverse_norm(codes.as_slice()));
            self.sketches.push(sketch(codes.as_slice()));
        } else {
            self.codes.resize(self.codes.len() + self.dimensions, 0);
            self.scales.push(0.0);
            self.sketches.push([0; BITS / 64]);
        }
    }

    pub(crate) fn has(&self, frame: u32) -> bool {
        self.scales.get(frame as usize).is_some_and(|s| *s > 0.0)
    }

    #[expect(
        clippy::inline_always,
        reason = "it runs in code made for the processor"
    )]
    #[inline(always)]
    pub(crate) fn row(&self, frame: u32) -> &[i8] {
        let start = frame as usize * self.dimensions;
        self.codes
            .get(start..start + self.dimensions)
            .unwrap_or(&[])
    }

    /// Cosine of a frame and the probe; 0 where there is no vector.
    #[expect(
        clippy::inline_always,
        reason = "it runs in code made for the processor"
    )]
    #[inline(always)]
    pub(crate) fn cosine(&self, frame: u32, probe: &Probe) -> f32 {
        if probe.codes.dimensions() != self.dimensions {
            return 0.0;
        }
        dot(self.row(frame), probe.codes.as_slice()) as f32
            * self.scales[frame as usize]
            * probe.scale
    }

    /// Cosines of several frames and the probe, by the widest instructions that the processor has;
    /// whole numbers are added, so that they are the same on all.
    pub(crate) fn cosines(&self, frames: &[u32], probe: &Probe) -> Vec<f32> {
        let mut cosines = vec![0.0; frames.len()];
        Arch::new().dispatch(|| {
            for (cosine, frame) in cosines.iter_mut().zip(frames) {
                *cosine = self.cosine(*frame, probe);
            }
        });
        cosines
    }

    /// Cosine of two frames.
    pub(crate) fn between(&self, a: u32, b: u32) -> f32 {
        dot(self.row(a), self.row(b)) as f32 * self.scales[a as usize] * self.scales[b as usize]
    }

    /// The frames whose sketches differ least from the probe's, about `most` of them.
    ///
    /// One pass over the sketches measures distances; the distance up to which `most` frames lie
    /// then selects, without sorting.
    pub(crate) fn nearest_sketches(&self, probe: &Probe, most: usize) -> Vec<u32> {
        let mut distances = vec![0_u8; self.sketches.len()];
        Arch::new().dispatch(|| {
            for (apart, sketch) in distances.iter_mut().zip(&self.sketches) {
                *apart = distance(sketch, &probe.sketch);
            }
        });
        let limit = limit(&distances, most);
        let mut close = Vec::with_capacity(most);
        for (block, distances) in distances.chunks(BLOCK).enumerate() {
            // hardly any block holds a close one: the compiler tells in a few steps
            if distances.iter().fold(u8::MAX, |least, d| least.min(*d)) > limit {
                continue;
            }
            let near = distances.iter().enumerate().filter(|(_, d)| **d <= limit);
            close.extend(near.map(|(at, _)| (block * BLOCK + at) as u32));
            if close.len() >= most.saturating_mul(2) {
                break;
            }
        }
        close
    }

    /// Bytes held, without the allocator's own.
    pub(crate) fn bytes(&self) -> usize {
        self.codes.capacity() + self.scales.capacity() * 4 + self.sketches.capacity() * BITS / 8
    }
}

/// Distances looked at together.
const BLOCK: usize = 64;

/// The distance within which about `most` frames lie.
fn limit(distances: &[u8], most: usize) -> u8 {
    // four counts side by side: the same one twice in a row would wait for itself
    let mut counts = [[0_usize; 1 << 8]; 4];
    let (fours, rest) = distances.as_chunks::<4>();
    for four in fours {
        for (count, apart) in counts.iter_mut().zip(four) {
            count[usize::from(*apart)] += 1;
        }
    }
    for apart in rest {
        counts[0][usize::from(*apart)] += 1;
    }
    let mut within = 0;
    let reached = (0..=u8::MAX).find(|apart| {
        let here = counts.iter().map(|count| count[usize::from(*apart)]);
        within += here.sum::<usize>();
        within >= most
    });
    reached.unwrap_or(u8::MAX)
}

/// Bits that differ; all of them count as one less.
#[expect(
    clippy::inline_always,
    reason = "it runs in code made for the processor"
)]
#[inline(always)]
fn distance(a: &Sketch, b: &Sketch) -> u8 {
    let differ: u32 = a.iter().zip(b).map(|(x, y)| (x ^ y).count_ones()).sum();
    differ.min(u32::from(u8::MAX)) as u8
}

/// Signs after a fixed rotation (random signs, then Walsh-Hadamard), so that every bit tells as much
/// as any other, whatever the order of the model's components.
fn sketch(codes: &[i8]) -> Sketch {
    let mut values = [0i32; BITS];
    for (at, code) in codes.iter().enumerate() {
        let flip = (FLIPS[(at / 64) % FLIPS.len()] >> (at % 64)) & 1 == 1;
        let value = i32::from(*code);
        values[at % BITS] += if flip { -value } else { value };
    }
    let mut half = 1;
    while half < BITS {
        for block in values.chunks_exact_mut(half * 2) {
            let (low, high) = block.split_at_mut(half);
            for (a, b) in low.iter_mut().zip(high) {
                (*a, *b) = (*a + *b, *a - *b);
            }
        }
        half *= 2;
    }
    let mut bits = [0; BITS / 64];
    for (at, value) in values.iter().enumerate() {
        bits[at / 64] |= u64::from(*value > 0) << (at % 64);
    }
    bits
}

/// Fixed random signs: the fractional digits of pi.
const FLIPS: [u64; 8] = [
    0x243f_6a88_85a3_08d3,
    0x1319_8a2e_0370_7344,
    0xa409_3822_299f_31d0,
    0x082e_fa98_ec4e_6c89,
    0x4528_21e6_38d0_1377,
    0xbe54_66cf_34e9_0c6c,
    0xc0ac_29b7_c97c_50dd,
    0x3f84_d5b5_b547_0917,
];
