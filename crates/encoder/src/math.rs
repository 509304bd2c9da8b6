//! The floating-point steps between the products, written so that every processor computes the same bits.
//!
//! Sums run over sixteen lanes in a fixed order and then fold the lanes in a fixed order; products are fused where
//! `mul_add` says so and nowhere else. Compilers may widen such code to any vectors but may not reorder it.

/// The number of lanes in every sum.
const LANES: usize = 16;

/// Combines values lane by lane and then combines the lanes. Arrays of a fixed size stay in registers.
#[inline(always)]
fn reduce(values: &[f32], start: f32, join: impl Fn(f32, f32) -> f32, of: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [start; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, &v) in lanes.iter_mut().zip(chunk) {
            *lane = join(*lane, of(v));
        }
    }
    for (lane, &v) in lanes.iter_mut().zip(rest) {
        *lane = join(*lane, of(v));
    }
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            lanes[i] = join(lanes[i], lanes[i + width]);
        }
        width /= 2;
    }
    lanes[0]
}

#[inline(always)]
pub(crate) fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The largest of the values.
#[inline(always)]
pub(crate) fn max(values: &[f32]) -> f32 {
    reduce(values, f32::MIN, larger, |v| v)
}

/// The largest absolute value.
#[inline(always)]
fn max_abs(values: &[f32]) -> f32 {
    reduce(values, 0.0, larger, f32::abs)
}

/// The nearest integer, with ties to even, for |v| below 2^22. Adding and reading the low bits vectorises on every
/// processor.
#[inline(always)]
pub(crate) fn nearest(v: f32) -> i32 {
    const SHIFT: f32 = 12_582_912.0; // 1.5 * 2^23
    (v + SHIFT).to_bits() as i32 - SHIFT.to_bits() as i32
}

/// The scale at which values up to `largest` fill a signed byte.
#[inline(always)]
pub(crate) fn scale_of(largest: f32) -> f32 {
    if largest > 0.0 { largest / 127.0 } else { 1.0 }
}

/// The value that is added to make a signed byte unsigned.
pub(crate) const OFFSET: i32 = 128;

/// Writes a row as bytes, `OFFSET + v / scale`, and returns the scale.
#[inline(always)]
pub(crate) fn quantize(row: &[f32], out: &mut [u8]) -> f32 {
    let scale = scale_of(max_abs(row));
    let inverse = 1.0 / scale;
    for (out, &v) in out.iter_mut().zip(row) {
        *out = (nearest(v * inverse) + OFFSET) as u8;
    }
    scale
}

/// Writes a row as signed bytes, `v / scale`, and returns the scale.
#[inline(always)]
pub(crate) fn quantize_signed(row: &[f32], out: &mut [i8]) -> f32 {
    let scale = scale_of(max_abs(row));
    let inverse = 1.0 / scale;
    for (out, &v) in out.iter_mut().zip(row) {
        *out = nearest(v * inverse) as i8;
    }
    scale
}

/// Layer normalisation of a row in place (Ba et al. 2016), with BERT's epsilon.
#[inline(always)]
pub(crate) fn normalise(row: &mut [f32], weight: &[f32], bias: &[f32]) {
    let mean = sum(row, |v| v) / row.len() as f32;
    let variance = sum(row, |v| (v - mean) * (v - mean)) / row.len() as f32;
    let inverse = 1.0 / (variance + 1e-12).sqrt();
    for ((v, &w), &b) in row.iter_mut().zip(weight).zip(bias) {
        *v = ((*v - mean) * inverse).mul_add(w, b);
    }
}

#[inline(always)]
fn sum(values: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    reduce(values, 0.0, |a, b| a + b, of)
}

/// e^v for v ≤ 0, with a relative error of up to 8e-5; 0 below -87. The result is converted to bytes, so this is exact
/// enough.
#[inline(always)]
pub(crate) fn exp(v: f32) -> f32 {
    // The best polynomial of this degree for 2^f with f from -0.5 to 0.5, by relative error.
    const POWER: [f32; 4] = [9.999281e-1, 6.93261e-1, 2.4261117e-1, 5.517163e-2];
    let t = v * std::f32::consts::LOG2_E;
    let t = if t < -126.0 { -126.0 } else { t };
    let n = nearest(t);
    horner(t - n as f32, &POWER) * f32::from_bits(((n + 127) << 23) as u32)
}

/// The Gaussian error linear unit, `v Φ(v)`, with an error of up to 5e-4 for values up to 9. The result is converted to
/// bytes, so this is exact enough.
#[inline(always)]
pub(crate) fn gelu(v: f32) -> f32 {
    // The best polynomial of this degree in w² for (Φ(w) - 0.5) / w up to EDGE, by its error in v Φ(v).
    const EDGE: f32 = 4.0;
    const HALF_NORMAL: [f32; 8] = [
        3.9867337e-01,
        -6.588_781e-2,
        9.505_379e-3,
        -1.0064854e-03,
        7.4854348e-05,
        -3.6570796e-06,
        1.0419394e-07,
        -1.3012608e-09,
    ];
    let w = if v > EDGE { EDGE } else { v };
    let w = if w < -EDGE { -EDGE } else { w };
    v * w.mul_add(horner(w * w, &HALF_NORMAL), 0.5)
}

/// The value at `v` of the polynomial with these coefficients, the constant first.
#[inline(always)]
fn horner<const N: usize>(v: f32, coefficients: &[f32; N]) -> f32 {
    let [rest @ .., last] = coefficients.as_slice() else { return 0.0 };
    rest.iter().rev().fold(*last, |sum, &c| sum.mul_add(v, c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_and_gelu_are_close_to_the_real_ones() {
        for i in -8000..=0 {
            let v = i as f32 / 100.0;
            let real = f64::from(v).exp();
            assert!((f64::from(exp(v)) - real).abs() <= 9e-5 * real, "exp {v}");
        }
        // Values of Φ from tables.
        for (v, phi) in [
            (0.0, 0.5),
            (1.0, 0.841_344_7),
            (-1.0, 0.158_655_3),
            (2.5, 0.993_790_3),
            (-3.0, 0.001_349_9),
            (5.0, 1.0),
            (-9.0, 0.0),
        ] {
            assert!((gelu(v) - v * phi).abs() < 5e-4, "gelu {v}");
        }
    }

    #[test]
    fn rounding_is_to_the_nearest() {
        for (v, n) in [(0.5, 0), (1.5, 2), (-1.5, -2), (126.7, 127), (-127.0, -127)] {
            assert_eq!(nearest(v), n, "{v}");
        }
    }

    #[test]
    fn a_row_of_zeros_has_a_scale() {
        let mut out = [0; 3];
        assert_eq!((quantize(&[0.0; 3], &mut out), out), (1.0, [128; 3]));
    }
}
