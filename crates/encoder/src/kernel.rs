//! The one product of matrices that takes nearly all the time: unsigned times signed bytes, summed in 32 bits.
//!
//! Integers make the outcome the same on every processor. The safe [`Portable`] kernel is the reference; the ones in
//! [`x86`] use the processor's byte dot products and must agree with it to the bit, which tests check.

#[cfg(target_arch = "x86_64")]
pub(crate) mod x86;

/// Outputs that stand side by side in a [`Packed`] matrix.
pub(crate) const LANES: usize = 16;
/// Inputs that one dot-product instruction takes together.
pub(crate) const GROUP: usize = 4;

/// A matrix of signed bytes, `inputs` by `outputs`, laid out for the kernels: blocks of [`LANES`] outputs, in each
/// block groups of [`GROUP`] inputs, in each group the outputs side by side. Padded with zeros.
#[derive(Default)]
pub(crate) struct Packed {
    pub(crate) bytes: Vec<i8>,
    /// For each output the sum of its column: what an offset of one in every input adds.
    pub(crate) sums: Vec<i32>,
    /// Inputs, rounded up to whole groups.
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
}

impl Packed {
    /// Packs `weight(input, output)`, reusing the buffers.
    #[inline(always)]
    pub(crate) fn fill(&mut self, inputs: usize, outputs: usize, weight: impl Fn(usize, usize) -> i8) {
        let groups = inputs.div_ceil(GROUP);
        let blocks = outputs.div_ceil(LANES);
        self.inputs = groups * GROUP;
        self.outputs = outputs;
        self.bytes.clear();
        self.bytes.resize(blocks * groups * LANES * GROUP, 0);
        self.sums.clear();
        self.sums.resize(blocks * LANES, 0);
        for (b, block) in self.bytes.chunks_exact_mut(groups * LANES * GROUP).enumerate() {
            let lanes = LANES.min(outputs - b * LANES);
            let sums = &mut self.sums[b * LANES..b * LANES + lanes];
            for (g, group) in block.chunks_exact_mut(LANES * GROUP).enumerate() {
                let left = GROUP.min(inputs - g * GROUP);
                for (lane, sum) in sums.iter_mut().enumerate() {
                    for i in 0..left {
                        let w = weight(g * GROUP + i, b * LANES + lane);
                        group[lane * GROUP + i] = w;
                        *sum += i32::from(w);
                    }
                }
            }
        }
    }

    /// The number of blocks of outputs.
    pub(crate) fn blocks(&self) -> usize {
        self.sums.len() / LANES
    }

    /// The bytes of one block.
    fn block(&self, b: usize) -> &[i8] {
        let size = self.inputs * LANES;
        &self.bytes[b * size..(b + 1) * size]
    }
}

/// A product of byte matrices.
pub(crate) trait Kernel: Copy {
    /// `out[r][o] = Σ_i rows[r][i] · w[i][o]` for every row and for the outputs of the blocks `from..from + N`.
    ///
    /// `rows` holds rows of `w.inputs` bytes; `out` gets rows of `N * LANES` sums.
    fn product<const N: usize>(self, rows: &[u8], w: &Packed, from: usize, out: &mut [i32]);
}

/// The reference, in safe Rust.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

impl Kernel for Portable {
    #[inline(always)]
    fn product<const N: usize>(self, rows: &[u8], w: &Packed, from: usize, out: &mut [i32]) {
        for (row, out) in rows.chunks_exact(w.inputs).zip(out.chunks_exact_mut(N * LANES)) {
            for (n, out) in out.chunks_exact_mut(LANES).enumerate() {
                let mut sums = [0i32; LANES];
                for (x, w) in row.chunks_exact(GROUP).zip(w.block(from + n).chunks_exact(LANES * GROUP)) {
                    for (sum, w) in sums.iter_mut().zip(w.chunks_exact(GROUP)) {
                        for (&x, &w) in x.iter().zip(w) {
                            *sum += i32::from(x) * i32::from(w);
                        }
                    }
                }
                out.copy_from_slice(&sums);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn product<K: Kernel, const N: usize>(kernel: K, rows: &[u8], w: &Packed) -> Vec<i32> {
        let mut out = vec![0; rows.len() / w.inputs * N * LANES];
        kernel.product::<N>(rows, w, w.blocks() - N, &mut out);
        out
    }

    /// The sums by their definition.
    fn by_hand(
        rows: &[u8],
        weights: &[i8],
        inputs: usize,
        outputs: usize,
        from: usize,
        count: usize,
    ) -> Vec<i32> {
        let row = |r: &[u8], o: usize| {
            if o >= outputs {
                return 0;
            }
            (0..inputs).map(|i| i32::from(r[i]) * i32::from(weights[i * outputs + o])).sum()
        };
        rows.chunks_exact(inputs).flat_map(|r| (from..from + count).map(move |o| row(r, o))).collect()
    }

    fn check<const N: usize>(
        seed: u64,
        rows: usize,
        groups: usize,
        outputs: usize,
    ) -> Result<(), TestCaseError> {
        let inputs = groups * GROUP;
        let mut state = seed | 1;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 24) as u8
        };
        let x: Vec<u8> = (0..rows * inputs).map(|_| random()).collect();
        let weights: Vec<i8> = (0..inputs * outputs).map(|_| random() as i8).collect();
        let mut w = Packed::default();
        w.fill(inputs, outputs, |i, o| weights[i * outputs + o]);
        if w.blocks() < N {
            return Ok(());
        }
        let from = (w.blocks() - N) * LANES;
        let expected = by_hand(&x, &weights, inputs, outputs, from, N * LANES);
        prop_assert_eq!(&product::<_, N>(Portable, &x, &w), &expected);
        #[cfg(target_arch = "x86_64")]
        {
            if let Some(kernel) = x86::Avx512::detect() {
                prop_assert_eq!(&product::<_, N>(kernel, &x, &w), &expected);
            }
            if let Some(kernel) = x86::Avx2::detect() {
                prop_assert_eq!(&product::<_, N>(kernel, &x, &w), &expected);
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn every_kernel_computes_the_same_sums(seed: u64, rows in 0usize..20, groups in 1usize..12, outputs in 1usize..140) {
            check::<1>(seed, rows, groups, outputs)?;
            check::<2>(seed, rows, groups, outputs)?;
            check::<4>(seed, rows, groups, outputs)?;
        }
    }
}
