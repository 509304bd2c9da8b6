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
