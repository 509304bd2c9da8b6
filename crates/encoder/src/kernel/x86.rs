//! The byte product with AVX-512 VNNI, AVX-VNNI and AVX2.
//!
//! This module uses `unsafe` because these instructions have no safe equivalent of the same speed; docs/PERFORMANCE.md
//! has the figures. Every product checks the sizes that it relies on before it reads.

use std::arch::x86_64::*;

use super::{GROUP, Kernel, LANES, Packed, Scaled, Scratch, block};

/// AVX-512 with byte dot products (`vpdpbusd` on 512 bits).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx512(());

/// AVX-VNNI: byte dot products on 256 bits (`vpdpbusd`), for processors without AVX-512.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AvxVnni(());

/// AVX2: bytes are widened to 16 bits, so that nothing saturates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx2(());

impl Avx512 {
    /// Returns the kernel if this processor supports it.
    pub(crate) fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vnni")
            && is_x86_feature_detected!("fma"))
        .then_some(Self(()))
    }
}

impl AvxVnni {
    /// Returns the kernel if this processor supports it.
    pub(crate) fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("avxvnni")
            && is_x86_feature_detected!("fma"))
        .then_some(Self(()))
    }
}

impl Avx2 {
    /// Returns the kernel if this processor supports it.
    pub(crate) fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Self(()))
    }
}

/// Checks everything that the loops of [`Avx512`] rely on when they access memory through pointers, and returns the
/// number of rows.
fn check(rows: &[u8], w: &Packed, out: &Scaled) -> usize {
    assert!(w.inputs > 0 && w.inputs.is_multiple_of(GROUP) && rows.len().is_multiple_of(w.inputs));
    let (count, blocks) = (rows.len() / w.inputs, w.blocks());
    assert!(blocks * (w.inputs / GROUP) <= w.groups.len() && w.outputs <= blocks * LANES);
    assert!(blocks * LANES <= out.scales.len() && blocks * LANES <= out.bias.len());
    assert!(
        count <= out.rows.len() && out.first + w.outputs <= out.stride && count * out.stride <= out.out.len()
    );
    count
}

impl Kernel for Avx512 {
    #[inline(always)]
    fn product(self, rows: &[u8], w: &Packed, _: &mut Scratch, mut out: Scaled) {
        let count = check(rows, w, &out);
        let mut from = 0;
        while from < w.blocks() {
            // SAFETY: `detect` made this value only on a processor with these instructions; `check` has shown that
            // `count` rows of inputs and of outputs and all blocks of weights exist.
            from += unsafe {
                match w.blocks() - from {
                    4.. => avx512_blocks::<4>(rows, w, from, count, &mut out),
                    2.. => avx512_blocks::<2>(rows, w, from, count, &mut out),
                    _ => avx512_blocks::<1>(rows, w, from, count, &mut out),
                }
            };
        }
    }
}

/// Computes the sums of rows `0..count` and `N` blocks of outputs, and returns `N`.
///
/// # Safety
///
/// These rows and blocks `from..from + N` must exist, as `check` ensures, and the processor must have the features.
#[inline(always)]
unsafe fn avx512_blocks<const N: usize>(
    rows: &[u8],
    w: &Packed,
    from: usize,
    count: usize,
    out: &mut Scaled,
) -> usize {
    let mut r = 0;
    // SAFETY: the caller guarantees what the tiles need.
    unsafe {
        // Some twenty sums fit in the registers beside weights and inputs.
        if N <= 2 {
            while r + 12 <= count {
                avx512_tile::<12, N>(rows, w, from, r, out);
                r += 12;
            }
        }
        while r + 6 <= count {
            avx512_tile::<6, N>(rows, w, from, r, out);
            r += 6;
        }
        while r + 2 <= count {
            avx512_tile::<2, N>(rows, w, from, r, out);
            r += 2;
        }
        while r < count {
            avx512_tile::<1, N>(rows, w, from, r, out);
            r += 1;
        }
    }
    N
}

/// Computes the sums of `R` rows and `N` blocks of outputs.
///
/// # Safety
///
/// Rows `first..first + R` and blocks `from..from + N` must exist, as `check` ensures, and the processor must have the
/// features.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn avx512_tile<const R: usize, const N: usize>(
    rows: &[u8],
    w: &Packed,
    from: usize,
    first: usize,
    out: &mut Scaled,
) {
    let groups = w.inputs / GROUP;
    let size = w.inputs * LANES;
    // SAFETY: all offsets stay within the bounds that the caller guarantees: inputs below `w.inputs` of a row below
    // `first + R`; weights, starts, scales and bias below the end of block `from + N`; outputs, as far as the mask lets
    // any through, below `w.outputs` after `out.first` of a row below `first + R`.
    unsafe {
        let x = rows.as_ptr().add(first * w.inputs);
        let blocks = w.groups.as_ptr().cast::<i8>().add(from * size);
        let mut starts = [_mm512_setzero_si512(); N];
        for (n, start) in starts.iter_mut().enumerate() {
            *start = _mm512_loadu_si512(w.starts.as_ptr().add((from + n) * LANES).cast());
        }
        let mut sums = [starts; R];
        for g in 0..groups {
            let mut weights = [_mm512_setzero_si512(); N];
            for (n, weight) in weights.iter_mut().enumerate() {
                *weight = _mm512_loadu_si512(blocks.add(n * size + g * LANES * GROUP).cast());
            }
            for (r, sums) in sums.iter_mut().enumerate() {
                let four = x.add(r * w.inputs + g * GROUP).cast::<i32>().read_unaligned();
                let four = _mm512_set1_epi32(four);
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum = _mm512_dpbusd_epi32(*sum, four, weight);
                }
            }
        }
        for n in 0..N {
            let at = (from + n) * LANES;
            let scale = _mm512_loadu_ps(out.scales.as_ptr().add(at));
            let bias = _mm512_loadu_ps(out.bias.as_ptr().add(at));
            let mask = u16::MAX >> LANES.saturating_sub(w.outputs - at);
            for (r, sums) in sums.iter().enumerate() {
                let row_scale = _mm512_set1_ps(*out.rows.get_unchecked(first + r));
                let value = _mm512_mul_ps(_mm512_cvtepi32_ps(sums[n]), row_scale);
                let to = out.out.as_mut_ptr().add((first + r) * out.stride + out.first + at);
                _mm512_mask_storeu_ps(to, mask, _mm512_fmadd_ps(value, scale, bias));
            }
        }
    }
}

/// The number of rows whose sums for one block fit in the registers beside weights and inputs.
const ROWS: usize = 6;

/// Calls the function for a tile of this many rows. Its number of rows is a constant, so that all sums stay in registers.
macro_rules! of_rows {
    ($rows:expr, $tile:ident($($argument:expr),*)) => {
        match $rows {
            1 => $tile::<1>($($argument),*),
            2 => $tile::<2>($($argument),*),
            3 => $tile::<3>($($argument),*),
            4 => $tile::<4>($($argument),*),
            5 => $tile::<5>($($argument),*),
            _ => $tile::<ROWS>($($argument),*),
        }
    };
}

impl Kernel for AvxVnni {
    #[inline(always)]
    fn product(self, rows: &[u8], w: &Packed, _: &mut Scratch, mut out: Scaled) {
        // SAFETY: `detect` made this value only on a processor with these instructions.
        unsafe { avxvnni_product(rows, w, &mut out) };
    }
}

#[target_feature(enable = "avx2,avxvnni,fma")]
fn avxvnni_product(rows: &[u8], w: &Packed, out: &mut Scaled) {
    for b in 0..w.blocks() {
        for (tile, rows) in rows.chunks(ROWS * w.inputs).enumerate() {
            let first = tile * ROWS;
            of_rows!(rows.len() / w.inputs, avxvnni_tile(rows, w, b, first, out));
        }
    }
}

/// Computes the sums of `R` rows, the first of which is row `first` of the product, and block `b` of the outputs.
#[target_feature(enable = "avx2,avxvnni,fma")]
fn avxvnni_tile<const R: usize>(rows: &[u8], w: &Packed, b: usize, first: usize, out: &mut Scaled) {
    assert!(rows.len() == R * w.inputs);
    let starts: *const __m256i = block(&w.starts, b).as_ptr().cast();
    // SAFETY: a block of starts and a group of weights are as long as two registers; each of the `R` rows has as many
    // groups of inputs as there are groups of weights.
    let sums = unsafe {
        let mut sums = [[_mm256_loadu_si256(starts), _mm256_loadu_si256(starts.add(1))]; R];
        for (g, group) in w.block(b).iter().enumerate() {
            let group: *const __m256i = group.as_ptr().cast();
            let (low, high) = (_mm256_loadu_si256(group), _mm256_loadu_si256(group.add(1)));
            for (r, [first, second]) in sums.iter_mut().enumerate() {
                let four = rows.as_ptr().add(r * w.inputs + g * GROUP).cast::<i32>().read_unaligned();
                let four = _mm256_set1_epi32(four);
                *first = _mm256_dpbusd_avx_epi32(*first, four, low);
                *second = _mm256_dpbusd_avx_epi32(*second, four, high);
            }
        }
        sums
    };
    store_halves(&sums, w, b, first, out);
}

/// The operands of a product as 16-bit integers, so that a multiplication takes two inputs at once and nothing
/// saturates. Of each group of inputs, the first and the third come together, then the second and the fourth; this order
/// needs only shifts.
#[derive(Default)]
pub(crate) struct Wide {
    /// For each row and each group of inputs, two pairs.
    rows: Vec<[u32; 2]>,
    /// For each group of inputs of one block, the weights for the first pair of each output, and those for the second.
    weights: Vec<[[__m256i; 2]; 2]>,
}

impl Kernel for Avx2 {
    #[inline(always)]
    fn product(self, rows: &[u8], w: &Packed, scratch: &mut Scratch, mut out: Scaled) {
        // SAFETY: `detect` made this value only on a processor with these instructions.
        unsafe { avx2_product(rows, w, &mut scratch.wide, &mut out) };
    }
}

#[target_feature(enable = "avx2,fma")]
fn avx2_product(rows: &[u8], w: &Packed, wide: &mut Wide, out: &mut Scaled) {
    wide.rows.resize(rows.len() / GROUP, [0; 2]);
    for (pairs, &four) in wide.rows.iter_mut().zip(rows.as_chunks().0) {
        let four = u32::from_le_bytes(four);
        *pairs = [four & 0x00ff_00ff, (four >> 8) & 0x00ff_00ff];
    }
    let groups = w.inputs / GROUP;
    for b in 0..w.blocks() {
        wide.weights.resize(groups, [[_mm256_setzero_si256(); 2]; 2]);
        for (g, group) in w.block(b).iter().enumerate() {
            let group: *const __m256i = group.as_ptr().cast();
            for half in 0..2 {
                // SAFETY: a group is as long as two registers.
                let weights = unsafe { _mm256_loadu_si256(group.add(half)) };
                let [first, second] = &mut wide.weights[g];
                first[half] = _mm256_srai_epi16::<8>(_mm256_slli_epi16::<8>(weights));
                second[half] = _mm256_srai_epi16::<8>(weights);
            }
        }
        for (tile, rows) in wide.rows.chunks(ROWS * groups).enumerate() {
            let first = tile * ROWS;
            of_rows!(rows.len() / groups, avx2_tile(rows, &wide.weights, w, b, first, out));
        }
    }
}

/// Computes the sums of `R` rows and block `b` of the outputs.
#[target_feature(enable = "avx2,fma")]
fn avx2_tile<const R: usize>(
    rows: &[[u32; 2]],
    weights: &[[[__m256i; 2]; 2]],
    w: &Packed,
    b: usize,
    first: usize,
    out: &mut Scaled,
) {
    let groups = weights.len();
    assert!(rows.len() == R * groups);
    let starts: *const __m256i = block(&w.starts, b).as_ptr().cast();
    // SAFETY: a block is as long as two registers; each of the `R` rows has as many groups of inputs as there are
    // groups of weights.
    let sums = unsafe {
        let mut sums = [[_mm256_loadu_si256(starts), _mm256_loadu_si256(starts.add(1))]; R];
        for (g, weights) in weights.iter().enumerate() {
            // Without optimisation across crates, `zip` is not inlined here and takes longer than the arithmetic.
            for (pair, &[low, high]) in weights.iter().enumerate() {
                for (r, [first, second]) in sums.iter_mut().enumerate() {
                    let x = _mm256_set1_epi32(rows.get_unchecked(r * groups + g)[pair] as i32);
                    *first = _mm256_add_epi32(*first, _mm256_madd_epi16(x, low));
                    *second = _mm256_add_epi32(*second, _mm256_madd_epi16(x, high));
                }
            }
        }
        sums
    };
    store_halves(&sums, w, b, first, out);
}

/// Scales and stores the sums of block `b` for the rows from `first`; each row has the sums of half a block in each of
/// two registers.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn store_halves(sums: &[[__m256i; 2]], w: &Packed, b: usize, first: usize, out: &mut Scaled) {
    let (scales, bias) = (block(out.scales, b).as_ptr(), block(out.bias, b).as_ptr());
    let mut values = [0.0; LANES];
    for (r, sums) in sums.iter().enumerate() {
        let row = &mut out.out[(first + r) * out.stride + out.first..][..w.outputs][b * LANES..];
        let whole = row.first_chunk_mut();
        let is_whole = whole.is_some();
        let to = whole.unwrap_or(&mut values).as_mut_ptr();
        let row_scale = _mm256_set1_ps(out.rows[first + r]);
        for (half, &sum) in sums.iter().enumerate() {
            // SAFETY: scales, biases and the values to be stored are blocks, each as long as two registers.
            unsafe {
                let (scale, bias) =
                    (_mm256_loadu_ps(scales.add(half * 8)), _mm256_loadu_ps(bias.add(half * 8)));
                let value = _mm256_mul_ps(_mm256_cvtepi32_ps(sum), row_scale);
                _mm256_storeu_ps(to.add(half * 8), _mm256_fmadd_ps(value, scale, bias));
            }
        }
        if !is_whole {
            row.copy_from_slice(&values[..row.len()]);
        }
    }
}
