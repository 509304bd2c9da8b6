//! The byte product with AVX-512 VNNI and with AVX2.
//!
//! This module uses `unsafe` because these instructions have no safe equivalent of the same speed; docs/PERFORMANCE.md
//! has the figures. Every product checks the sizes that it relies on before it reads.

use std::arch::x86_64::*;

use super::{GROUP, Kernel, LANES, Packed, Scaled, block};

/// AVX-512 with byte dot products (`vpdpbusd` on 512 bits).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx512(());

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

impl Avx2 {
    /// Returns the kernel if this processor supports it.
    pub(crate) fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Self(()))
    }
}

/// Checks everything that the loops below rely on when they access memory through pointers, and returns the number of
/// rows.
fn check(rows: &[u8], w: &Packed, from: usize, n: usize, out: &Scaled) -> usize {
    assert!(w.inputs > 0 && w.inputs.is_multiple_of(GROUP) && rows.len().is_multiple_of(w.inputs));
    let count = rows.len() / w.inputs;
    assert!((from + n) * (w.inputs / GROUP) <= w.groups.len());
    assert!([w.starts.len(), out.scales.len(), out.bias.len()].iter().all(|&len| (from + n) * LANES <= len));
    assert!(
        count <= out.rows.len() && out.first + w.outputs <= out.stride && count * out.stride <= out.out.len()
    );
    count
}

impl Kernel for Avx512 {
    #[inline(always)]
    fn product<const N: usize>(self, rows: &[u8], w: &Packed, from: usize, out: &mut Scaled) {
        let count = check(rows, w, from, N, out);
        let mut r = 0;
        // SAFETY: `detect` made this value only on a processor with these instructions; `check` has shown that `count`
        // rows of inputs and of outputs and `N` blocks of weights exist.
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
    }
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

impl Kernel for Avx2 {
    #[inline(always)]
    fn product<const N: usize>(self, rows: &[u8], w: &Packed, from: usize, out: &mut Scaled) {
        for r in 0..check(rows, w, from, N, out) {
            for b in from..from + N {
                let mut sums = *block(&w.starts, b);
                // SAFETY: `detect` made this value only on a processor with AVX2; `check` has shown the sizes.
                unsafe { avx2_row(rows, w, b, &mut sums, r) };
                out.take(r, b, w.outputs, &sums);
            }
        }
    }
}

/// Adds the products of one row and one block of outputs to their sums.
///
/// # Safety
///
/// Row `r` and block `b` must exist, as `check` ensures, and the processor must have AVX2.
#[target_feature(enable = "avx2")]
unsafe fn avx2_row(rows: &[u8], w: &Packed, b: usize, out: &mut [i32; LANES], r: usize) {
    let size = w.inputs * LANES;
    // SAFETY: as in `avx512_tile`; a block's group holds 64 bytes, read as four times 16.
    unsafe {
        let x = rows.as_ptr().add(r * w.inputs);
        let block = w.groups.as_ptr().cast::<i8>().add(b * size);
        // Each holds, for four outputs, the sums of the first two and of the last two inputs of a group.
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
            let both = _mm256_permute4x64_epi64::<0b11_01_10_00>(both);
            let out = out.as_mut_ptr().cast();
            _mm256_storeu_si256(out, _mm256_add_epi32(both, _mm256_loadu_si256(out)));
        }
    }
}
