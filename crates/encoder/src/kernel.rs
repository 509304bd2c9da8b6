//! The matrix product that takes nearly all the time: unsigned times signed bytes, summed in 32 bits.
//!
//! Integer arithmetic gives the same result on every processor. The safe [`Portable`] kernel is the reference. The
//! kernels in [`x86`] use the processor's byte dot products and must match it bit for bit, which tests check.

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "byte dot products have no safe equivalent of the same speed")]
pub(crate) mod x86;

/// The number of outputs side by side in a [`Packed`] matrix.
pub(crate) const LANES: usize = 16;
/// The number of inputs that one dot-product instruction takes together.
pub(crate) const GROUP: usize = 4;

/// The weights of one group of inputs for one block of outputs: 64 bytes, one register.
type Group = [[i8; GROUP]; LANES];

/// A matrix of signed bytes, `inputs` by `outputs`, laid out for the kernels and padded with zeros. It consists of
/// blocks of [`LANES`] outputs. Each block consists of groups of [`GROUP`] inputs, and each group has the outputs side
/// by side.
#[derive(Default)]
pub(crate) struct Packed {
    pub(crate) groups: Vec<Group>,
    /// The initial sum of each output, which cancels what the offset of the inputs adds.
    pub(crate) starts: Vec<i32>,
    /// The number of inputs, rounded up to whole groups.
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
}

impl Packed {
    /// Sets the size of the matrix and fills it with zeros.
    #[inline(always)]
    fn clear(&mut self, inputs: usize, outputs: usize) {
        let groups = inputs.div_ceil(GROUP);
        let blocks = outputs.div_ceil(LANES);
        self.inputs = groups * GROUP;
        self.outputs = outputs;
        self.groups.clear();
        self.groups.resize(blocks * groups, [[0; GROUP]; LANES]);
        self.starts.clear();
        self.starts.resize(blocks * LANES, 0);
    }

    /// Packs a matrix given output by output: `rows` holds the `inputs` weights of each output. `offset` has been added
    /// to each input.
    #[inline(always)]
    pub(crate) fn fill_by_output(&mut self, rows: &[i8], inputs: usize, offset: i32) {
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
            self.starts[o] = -offset * sum;
        }
    }

    /// Packs a matrix given input by input: `rows` holds the `outputs` weights of each input. `offset` has been added
    /// to each input.
    #[inline(always)]
    pub(crate) fn fill_by_input(&mut self, rows: &[i8], outputs: usize, offset: i32) {
        self.clear(rows.len() / outputs, outputs);
        let per_block = self.inputs / GROUP;
        for (g, four) in rows.chunks(GROUP * outputs).enumerate() {
            for b in 0..self.blocks() {
                let group = &mut self.groups[b * per_block + g];
                let lanes = LANES.min(outputs - b * LANES);
                let starts = &mut self.starts[b * LANES..][..LANES];
                for (i, row) in four.chunks_exact(outputs).enumerate() {
                    let row = &row[b * LANES..][..lanes];
                    for ((slot, start), &w) in group.iter_mut().zip(starts.iter_mut()).zip(row) {
                        slot[i] = w;
                        *start -= offset * i32::from(w);
                    }
                }
            }
        }
    }

    /// The number of blocks of outputs.
    pub(crate) fn blocks(&self) -> usize {
        self.starts.len() / LANES
    }

    /// The groups of one block.
    fn block(&self, b: usize) -> &[Group] {
        let size = self.inputs / GROUP;
        &self.groups[b * size..(b + 1) * size]
    }
}

/// Block `b` of a slice that is padded to whole blocks.
#[inline(always)]
fn block<T>(padded: &[T], b: usize) -> &[T; LANES] {
    &padded.as_chunks().0[b]
}

/// Receives the sums of a product while they are in registers: each is multiplied by the scales of its row and its
/// output, and a bias is added.
pub(crate) struct Scaled<'a> {
    /// The scale of each row.
    pub(crate) rows: &'a [f32],
    /// The scale and bias of each output, padded to whole blocks.
    pub(crate) scales: &'a [f32],
    pub(crate) bias: &'a [f32],
    /// The rows of the result, each `stride` wide; the outputs go into the columns from `first`.
    pub(crate) out: &'a mut [f32],
    pub(crate) stride: usize,
    pub(crate) first: usize,
}

impl Scaled<'_> {
    /// Stores the sums of row `r` and block `b`; `outputs` is the total number of outputs.
    #[inline(always)]
    fn take(&mut self, r: usize, b: usize, outputs: usize, sums: &[i32; LANES]) {
        let (scales, bias) = (block(self.scales, b), block(self.bias, b));
        let row = &mut self.out[r * self.stride + self.first..][..outputs][b * LANES..];
        for (((out, &sum), &scale), &bias) in row.iter_mut().zip(sums).zip(scales).zip(bias) {
            *out = (sum as f32 * self.rows[r]).mul_add(scale, bias);
        }
    }
}

/// Memory in which a kernel prepares its operands. It is reused from one product to the next.
#[derive(Default)]
pub(crate) struct Scratch {
    #[cfg(target_arch = "x86_64")]
    wide: x86::Wide,
}

/// A product of byte matrices.
pub(crate) trait Kernel: Copy {
    /// Passes to `out` the sums of every row `r` for every output `o`: `w.starts[o] + Σ_i rows[r][i] · w[i][o]`.
    ///
    /// `rows` holds rows of `w.inputs` bytes.
    fn product(self, rows: &[u8], w: &Packed, scratch: &mut Scratch, out: Scaled);
}

/// The reference kernel, in safe Rust.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

impl Kernel for Portable {
    #[inline(always)]
    fn product(self, rows: &[u8], w: &Packed, _: &mut Scratch, mut out: Scaled) {
        for (r, row) in rows.chunks_exact(w.inputs).enumerate() {
            for b in 0..w.blocks() {
                let mut sums = *block(&w.starts, b);
                for (x, group) in row.as_chunks::<GROUP>().0.iter().zip(w.block(b)) {
                    for (sum, w) in sums.iter_mut().zip(group) {
                        for (&x, &w) in x.iter().zip(w) {
                            *sum += i32::from(x) * i32::from(w);
                        }
                    }
                }
                out.take(r, b, w.outputs, &sums);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OFFSET: i32 = 128;
    /// The columns of a row before and after the outputs, which must not change.
    const BEFORE: usize = 3;
    const BEHIND: usize = 2;

    /// A source of pseudo-random numbers.
    struct Noise(u64);

    impl Noise {
        fn byte(&mut self) -> u8 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 24) as u8
        }

        fn floats(&mut self, count: usize) -> Vec<f32> {
            (0..count).map(|_| f32::from(self.byte()) / 7.0 - 11.0).collect()
        }
    }

    struct Given<'a> {
        x: &'a [u8],
        w: &'a Packed,
        row_scales: &'a [f32],
        scales: &'a [f32],
        bias: &'a [f32],
        before: &'a [f32],
    }

    impl Given<'_> {
        fn product<K: Kernel>(&self, kernel: K) -> Vec<f32> {
            let mut out = self.before.to_vec();
            let stride = BEFORE + self.w.outputs + BEHIND;
            let (rows, scales, bias) = (self.row_scales, self.scales, self.bias);
            let to = Scaled { rows, scales, bias, out: &mut out, stride, first: BEFORE };
            kernel.product(self.x, self.w, &mut Scratch::default(), to);
            out
        }
    }

    fn check(seed: u64, rows: usize, groups: usize, outputs: usize) -> Result<(), TestCaseError> {
        let inputs = groups * GROUP;
        let mut noise = Noise(seed | 1);
        let x: Vec<u8> = (0..rows * inputs).map(|_| noise.byte()).collect();
        let weights: Vec<i8> = (0..inputs * outputs).map(|_| noise.byte() as i8).collect();
        let mut w = Packed::default();
        w.fill_by_input(&weights, outputs, OFFSET);
        let mut turned = Packed::default();
        let by_output: Vec<i8> =
            (0..outputs * inputs).map(|n| weights[n % inputs * outputs + n / inputs]).collect();
        turned.fill_by_output(&by_output, inputs, OFFSET);
        prop_assert_eq!((&w.groups, &w.starts), (&turned.groups, &turned.starts));

        let row_scales = noise.floats(rows);
        let (scales, bias) = (noise.floats(w.starts.len()), noise.floats(w.starts.len()));
        let stride = BEFORE + outputs + BEHIND;
        let before = noise.floats(rows * stride);
        let mut expected = before.clone();
        for (r, x) in x.chunks_exact(inputs).enumerate() {
            for o in 0..outputs {
                let weights = weights[o..].iter().step_by(outputs);
                let sum: i32 =
                    x.iter().zip(weights).map(|(&x, &w)| (i32::from(x) - OFFSET) * i32::from(w)).sum();
                expected[r * stride + BEFORE + o] = (sum as f32 * row_scales[r]).mul_add(scales[o], bias[o]);
            }
        }
        let given =
            Given { x: &x, w: &w, row_scales: &row_scales, scales: &scales, bias: &bias, before: &before };
        prop_assert_eq!(&given.product(Portable), &expected);
        #[cfg(target_arch = "x86_64")]
        {
            if let Some(kernel) = x86::Avx512::detect() {
                prop_assert_eq!(&given.product(kernel), &expected);
            }
            if let Some(kernel) = x86::AvxVnni::detect() {
                prop_assert_eq!(&given.product(kernel), &expected);
            }
            if let Some(kernel) = x86::Avx2::detect() {
                prop_assert_eq!(&given.product(kernel), &expected);
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn every_kernel_computes_the_same(seed: u64, rows in 0usize..20, groups in 1usize..12, outputs in 1usize..140) {
            check(seed, rows, groups, outputs)?;
        }
    }
}
