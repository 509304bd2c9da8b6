//! The byte product with AVX-512 VNNI and with AVX2.
//!
//! There is `unsafe` here because these instructions have no safe counterpart that reaches their speed; the figures
//! are in docs/PERFORMANCE.md. Every product checks the sizes that it relies on before it reads.

use std::arch::x86_64::*;

use super::{GROUP, Kernel, LANES, Packed};

/// AVX-512 with byte dot products (`vpdpbusd` on 512 bits).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx512(());

/// AVX2: bytes widened to 16 bits, so that nothing saturates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx2(());

impl Avx512 {
    /// The kernel, where this processor has what it needs.
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

impl Avx2 {
    /// The kernel, where this processor has what it needs.
    pub(crate) fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Self(()))
    }
}

/// What the loops below rely on when they read and write through pointers; returns the number of rows.
fn check(rows: &[u8], w: &Packed, from: usize, n: usize, out: &[i32]) -> usize {
    assert!(w.inputs > 0 && w.inputs.is_multiple_of(GROUP) && rows.len().is_multiple_of(w.inputs));
    assert!((from + n) * (w.inputs / GROUP) <= w.groups.len());
    let count = rows.len() / w.inputs;
    assert_eq!(out.len(), count * n * LANES);
    count
}

impl Kernel for Avx512 {
    #[inline(always)]
    fn product<const N: usize>(self, rows: &[u8], w: &Packed, from: usize, out: &mut [i32]) {
        let count = check(rows, w, from, N, out);
        let mut r = 0;
        // SAFETY: `detect` made this value only on a processor with these instructions; `check` has shown that
        // `count` rows of inputs and of outputs and `N` blocks of weights are there.
        unsafe {
            // Some twenty sums fit the registers beside weights and inputs.
            if N <= 2 {
                while r + 12 <= count {
                    avx512_tile::<12, N>(rows, w, from, out, r);
                    r += 12;
                }
            }
            while r + 6 <= count {
                avx512_tile::<6, N>(rows, w, from, out, r);
                r += 6;
            }
            while r < count {
                avx512_tile::<1, N>(rows, w, from, out, r);
                r += 1;
            }
        }
    }
}

/// The sums of `R` rows and `N` blocks of outputs.
///
/// # Safety
///
/// Rows `first..first + R` and blocks `from..from + N` exist, as `check` says, and the processor has the features.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn avx512_tile<const R: usize, const N: usize>(
    rows: &[u8],
    w: &Packed,
    from: usize,
    out: &mut [i32],
    first: usize,
) {
    let groups = w.inputs / GROUP;
    let size = w.inputs * LANES;
    // SAFETY: all offsets stay within the bounds that the caller vouches for: inputs below `w.inputs` of a row below
    // `first + R`, weights below the end of block `from + N`, outputs below row `first + R`.
    unsafe {
        let x = rows.as_ptr().add(first * w.inputs);
        let blocks = w.groups.as_ptr().cast::<i8>().add(from * size);
        let mut sums = [[_mm512_setzero_si512(); N]; R];
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
        let to = out.as_mut_ptr().add(first * N * LANES);
        for (r, sums) in sums.iter().enumerate() {
            for (n, sum) in sums.iter().enumerate() {
                _mm512_storeu_si512(to.add((r * N + n) * LANES).cast(), *sum);
            }
        }
    }
}

impl Kernel for Avx2 {
    #[inline(always)]
    fn product<const N: usize>(self, rows: &[u8], w: &Packed, from: usize, out: &mut [i32]) {
        let count = check(rows, w, from, N, out);
        for r in 0..count {
            for n in 0..N {
                // SAFETY: `detect` made this value only on a processor with AVX2; `check` has shown the sizes.
                unsafe { avx2_row(rows, w, from + n, &mut out[(r * N + n) * LANES..][..LANES], r) };
            }
        }
    }
}

/// The sums of one row and one block of outputs.
///
/// # Safety
///
/// Row `r` and block `b` exist, as `check` says, and the processor has AVX2.
#[target_feature(enable = "avx2")]
unsafe fn avx2_row(rows: &[u8], w: &Packed, b: usize, out: &mut [i32], r: usize) {
    let size = w.inputs * LANES;
    // SAFETY: as in `avx512_tile`; a block's group holds 64 bytes, read as four times 16.
    unsafe {
        let x = rows.as_ptr().add(r * w.inputs);
        let block = w.groups.as_ptr().cast::<i8>().add(b * size);
        // Each holds, for four outputs, the sums of the first and of the last two inputs of a group.
        let mut sums = [_mm256_setzero_si256(); 4];
        for g in 0..w.inputs / GROUP {
            let four = x.add(g * GROUP).cast::<i32>().read_unaligned();
            let four = _mm256_cvtepu8_epi16(_mm_set1_epi32(four));
            for (q, sum) in sums.iter_mut().enumerate() {
                let weights = _mm_loadu_si128(block.add(g * LANES * GROUP + q * 16).cast());
                *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(four, _mm256_cvtepi8_epi16(weights)));
            }
        }
        for (pair, out) in sums.chunks_exact(2).zip(out.chunks_exact_mut(8)) {
            let both = _mm256_hadd_epi32(pair[0], pair[1]);
            _mm256_storeu_si256(out.as_mut_ptr().cast(), _mm256_permute4x64_epi64::<0b11_01_10_00>(both));
        }
    }
}
