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

/// The weights of one group of inputs for one block of outputs: 64 bytes, one register.
type Group = [[i8; GROUP]; LANES];

/// A matrix of signed bytes, `inputs` by `outputs`, laid out for the kernels: blocks of [`LANES`] outputs, in each
/// block groups of [`GROUP`] inputs, in each group the outputs side by side. Padded with zeros.
#[derive(Default)]
pub(crate) struct Packed {
    pub(crate) groups: Vec<Group>,
    /// For each output the sum of its column: what an offset of one in every input adds.
    pub(crate) sums: Vec<i32>,
    /// Inputs, rounded up to whole groups.
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
}

impl Packed {
    /// Gives the matrix its size and fills it with zeros.
    #[inline(always)]
    fn clear(&mut self, inputs: usize, outputs: usize) {
        let groups = inputs.div_ceil(GROUP);
        let blocks = outputs.div_ceil(LANES);
        self.inputs = groups * GROUP;
        self.outputs = outputs;
        self.groups.clear();
        self.groups.resize(blocks * groups, [[0; GROUP]; LANES]);
        self.sums.clear();
        self.sums.resize(blocks * LANES, 0);
    }

    /// Packs a matrix given output by output: `rows` holds the `inputs` weights of each output.
    #[inline(always)]
    pub(crate) fn fill_by_output(&mut self, rows: &[i8], inputs: usize) {
        assert!(inputs.is_multiple_of(GROUP) && inputs > 0);
        let per_block = inputs / GROUP;
        self.clear(inputs, rows.len() / inputs);
        for (o, row) in rows.chunks_exact(inputs).enumerate() {
            let block = &mut self.groups[o / LANES * per_block..][..per_block];
            let mut sum = 0;
            for (group, four) in block.iter_mut().zip(row.as_chunks::<GROUP>().0) {
                group[o % LANES] = *four;
                sum += four.iter().map(|&w| i32::from(w)).sum::<i32>();
            }
            self.sums[o] = sum;
        }
    }

    /// Packs a matrix given input by input: `rows` holds the `outputs` weights of each input.
    #[inline(always)]
    pub(crate) fn fill_by_input(&mut self, rows: &[i8], outputs: usize) {
        self.clear(rows.len() / outputs, outputs);
        let per_block = self.inputs / GROUP;
        for (g, four) in rows.chunks(GROUP * outputs).enumerate() {
            for b in 0..self.sums.len() / LANES {
                let group = &mut self.groups[b * per_block + g];
                let lanes = LANES.min(outputs - b * LANES);
                let sums = &mut self.sums[b * LANES..][..LANES];
                for (i, row) in four.chunks_exact(outputs).enumerate() {
                    let row = &row[b * LANES..][..lanes];
                    for ((slot, sum), &w) in group.iter_mut().zip(sums.iter_mut()).zip(row) {
                        slot[i] = w;
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

    /// The groups of one block.
    fn block(&self, b: usize) -> &[Group] {
        let size = self.inputs / GROUP;
        &self.groups[b * size..(b + 1) * size]
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
                for (x, group) in row.as_chunks::<GROUP>().0.iter().zip(w.block(from + n)) {
                    for (sum, w) in sums.iter_mut().zip(group) {
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
        w.fill_by_input(&weights, outputs);
        let mut turned = Packed::default();
        let by_output: Vec<i8> =
            (0..outputs * inputs).map(|n| weights[n % inputs * outputs + n / inputs]).collect();
        turned.fill_by_output(&by_output, inputs);
        prop_assert_eq!((&w.groups, &w.sums), (&turned.groups, &turned.sums));
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
