//! The forward pass: a transformer encoder (Vaswani et al. 2017) in the shape of BERT, with bytes for weights.
//!
//! Weights are bytes with one scale per output, fixed when the model was exported; activations become bytes with one
//! scale per row as they arise. Queries, keys, values and attention weights are bytes too, so that one kernel serves
//! every product. What lies between the products is in [`crate::math`].

use crate::kernel::{Kernel, LANES, Packed};
use crate::math;

/// The sizes of a network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub(crate) width: usize,
    pub(crate) heads: usize,
}

/// A linear layer: bytes, a scale per output, a bias per output.
pub(crate) struct Linear {
    pub(crate) weights: Packed,
    pub(crate) scales: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

/// The weight and bias of a layer normalisation.
pub(crate) struct Norm {
    pub(crate) weight: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

/// One transformer layer.
pub(crate) struct Layer {
    pub(crate) qkv: Linear,
    pub(crate) out: Linear,
    pub(crate) norm1: Norm,
    pub(crate) up: Linear,
    pub(crate) down: Linear,
    pub(crate) norm2: Norm,
}

/// Buffers that one forward pass after another reuses: a first touch of fresh memory costs more than the arithmetic
/// on it.
#[derive(Default)]
pub(crate) struct Buffers {
    /// The hidden states, one row per piece.
    pub(crate) x: Vec<f32>,
    /// The outputs of the last linear layer.
    pub(crate) scores: Vec<f32>,
    qkv: Vec<f32>,
    mixed: Vec<f32>,
    hidden: Vec<f32>,
    bytes: Vec<u8>,
    row_scales: Vec<f32>,
    sums: Vec<i32>,
    attention: Attention,
}

#[derive(Default)]
struct Attention {
    queries: Vec<u8>,
    query_scales: Vec<f32>,
    keys: Packed,
    key_scales: Vec<f32>,
    signed: Vec<i8>,
    values: Packed,
    value_scales: Vec<f32>,
    inverses: Vec<f32>,
    logits: Vec<f32>,
    weights: Vec<u8>,
    totals: Vec<f32>,
}

/// Rows that pass through the feed-forward part together, so that their inner states stay in the cache.
const CHUNK: usize = 48;

/// Runs the layers over `buffers.x` and the heads over the outcome, into `buffers.scores`.
#[inline(always)]
pub(crate) fn forward<K: Kernel>(
    kernel: K,
    sizes: Sizes,
    layers: &[Layer],
    heads: &Linear,
    buffers: &mut Buffers,
) {
    let Buffers { x, scores, qkv, mixed, hidden, bytes, row_scales, sums, attention } = buffers;
    let width = sizes.width;
    for layer in layers {
        quantize_rows(x, width, bytes, row_scales);
        linear(kernel, &layer.qkv, bytes, row_scales, sums, qkv);
        attend(kernel, sizes, qkv, sums, attention, mixed);
        quantize_rows(mixed, width, bytes, row_scales);
        linear(kernel, &layer.out, bytes, row_scales, sums, mixed);
        add_and_normalise(x, mixed, &layer.norm1);
        for rows in x.chunks_mut(CHUNK * width) {
            quantize_rows(rows, width, bytes, row_scales);
            linear(kernel, &layer.up, bytes, row_scales, sums, hidden);
            for v in hidden.iter_mut() {
                *v = math::gelu(*v);
            }
            quantize_rows(hidden, layer.up.weights.outputs, bytes, row_scales);
            linear(kernel, &layer.down, bytes, row_scales, sums, mixed);
            add_and_normalise(rows, mixed, &layer.norm2);
        }
    }
    quantize_rows(x, width, bytes, row_scales);
    linear(kernel, heads, bytes, row_scales, sums, scores);
}

#[inline(always)]
fn add_and_normalise(x: &mut [f32], y: &[f32], norm: &Norm) {
    let width = norm.weight.len();
    for (x, y) in x.chunks_exact_mut(width).zip(y.chunks_exact(width)) {
        for (x, y) in x.iter_mut().zip(y) {
            *x += y;
        }
        math::normalise(x, &norm.weight, &norm.bias);
    }
}

/// Gives a buffer this length; what it holds is arbitrary.
#[inline(always)]
fn sized<T: Copy + Default>(buffer: &mut Vec<T>, length: usize) -> &mut [T] {
    buffer.resize(length, T::default());
    buffer
}

#[inline(always)]
fn quantize_rows(x: &[f32], width: usize, bytes: &mut Vec<u8>, scales: &mut Vec<f32>) {
    let rows = x.len() / width;
    let bytes = sized(bytes, x.len()).chunks_exact_mut(width);
    for ((row, bytes), scale) in x.chunks_exact(width).zip(bytes).zip(sized(scales, rows)) {
        *scale = math::quantize(row, bytes);
    }
}

/// `out[r][o] = Σ_i x[r][i] w[i][o] + bias[o]` for rows given as bytes with a scale each.
#[inline(always)]
fn linear<K: Kernel>(
    kernel: K,
    layer: &Linear,
    bytes: &[u8],
    row_scales: &[f32],
    sums: &mut Vec<i32>,
    out: &mut Vec<f32>,
) {
    let w = &layer.weights;
    let outputs = w.outputs;
    let out = sized(out, row_scales.len() * outputs);
    let mut from = 0;
    while from < w.blocks() {
        let blocks = if from + 4 <= w.blocks() { 4 } else { 1 };
        let first = from * LANES;
        let count = (blocks * LANES).min(outputs - first);
        let chunks = bytes.chunks(CHUNK * w.inputs).zip(row_scales.chunks(CHUNK));
        for ((rows, scales), out) in chunks.zip(out.chunks_mut(CHUNK * outputs)) {
            let sums = sized(sums, scales.len() * blocks * LANES);
            match blocks {
                4 => kernel.product::<4>(rows, w, from, sums),
                _ => kernel.product::<1>(rows, w, from, sums),
            }
            let rows = sums.chunks_exact(blocks * LANES).zip(scales).zip(out.chunks_exact_mut(outputs));
            for ((sums, &row_scale), out) in rows {
                let parts = out[first..first + count].iter_mut().zip(sums).zip(&w.sums[first..first + count]);
                let parts =
                    parts.zip(&layer.scales[first..first + count]).zip(&layer.bias[first..first + count]);
                for ((((out, &sum), &column), &scale), &bias) in parts {
                    *out = ((sum - 128 * column) as f32 * row_scale).mul_add(scale, bias);
                }
            }
        }
        from += blocks;
    }
}

/// Multi-head self-attention over all rows: `qkv` holds queries, keys and values of every head side by side.
#[inline(always)]
fn attend<K: Kernel>(
    kernel: K,
    sizes: Sizes,
    qkv: &[f32],
    sums: &mut Vec<i32>,
    buffers: &mut Attention,
    out: &mut Vec<f32>,
) {
    let Sizes { width, heads } = sizes;
    let n = qkv.len() / (3 * width);
    let size = width / heads;
    let part =
        |row: usize, which: usize, head: usize| &qkv[row * 3 * width + which * width + head * size..][..size];
    let out = sized(out, n * width);
    let Attention {
        queries,
        query_scales,
        keys,
        key_scales,
        signed,
        values,
        value_scales,
        inverses,
        logits,
        weights,
        totals,
    } = buffers;
    let shrink = 1.0 / (size as f32).sqrt();
    for head in 0..heads {
        let queries = sized(queries, n * size);
        let query_scales = sized(query_scales, n);
        for (r, (bytes, scale)) in queries.chunks_exact_mut(size).zip(query_scales.iter_mut()).enumerate() {
            *scale = math::quantize(part(r, 0, head), bytes) * shrink;
        }
        let signed = sized(signed, n * size);
        let key_scales = sized(key_scales, n);
        for (r, (bytes, scale)) in signed.chunks_exact_mut(size).zip(key_scales.iter_mut()).enumerate() {
            *scale = math::quantize_signed(part(r, 1, head), bytes);
        }
        keys.fill_by_output(signed, size);

        // Values have one scale per column, because their rows are what the product sums over.
        let value_scales = sized(value_scales, size);
        value_scales.fill(0.0);
        for r in 0..n {
            for (largest, &v) in value_scales.iter_mut().zip(part(r, 2, head)) {
                *largest = math::larger(v.abs(), *largest);
            }
        }
        let inverses = sized(inverses, size);
        for (scale, inverse) in value_scales.iter_mut().zip(inverses.iter_mut()) {
            *scale = math::scale_of(*scale);
            *inverse = 1.0 / *scale;
        }
        for (r, bytes) in signed.chunks_exact_mut(size).enumerate() {
            for ((byte, &v), &inverse) in bytes.iter_mut().zip(part(r, 2, head)).zip(inverses.iter()) {
                *byte = math::nearest(v * inverse) as i8;
            }
        }
        values.fill_by_input(signed, size);

        let padded = values.inputs;
        let chunks = queries.chunks(CHUNK * size).zip(query_scales.chunks(CHUNK));
        for ((queries, query_scales), out) in chunks.zip(out.chunks_mut(CHUNK * width)) {
            let rows = query_scales.len();
            let logits = sized(logits, rows * n);
            let mut from = 0;
            while from < keys.blocks() {
                let blocks = if from + 4 <= keys.blocks() { 4 } else { 1 };
                let first = from * LANES;
                let count = (blocks * LANES).min(n - first);
                let sums = sized(sums, rows * blocks * LANES);
                match blocks {
                    4 => kernel.product::<4>(queries, keys, from, sums),
                    _ => kernel.product::<1>(queries, keys, from, sums),
                }
                let rows =
                    sums.chunks_exact(blocks * LANES).zip(query_scales).zip(logits.chunks_exact_mut(n));
                for ((sums, &query_scale), logits) in rows {
                    let parts = logits[first..first + count].iter_mut().zip(sums);
                    let parts =
                        parts.zip(&keys.sums[first..first + count]).zip(&key_scales[first..first + count]);
                    for (((logit, &sum), &column), &scale) in parts {
                        *logit = (sum - 128 * column) as f32 * (query_scale * scale);
                    }
                }
                from += blocks;
            }
            let weights = sized(weights, rows * padded);
            let totals = sized(totals, rows);
            let each = logits.chunks_exact(n).zip(weights.chunks_exact_mut(padded)).zip(totals.iter_mut());
            for ((logits, weights), total) in each {
                let largest = math::max(logits);
                let mut sum = 0;
                for (weight, &logit) in weights.iter_mut().zip(logits) {
                    let byte = math::nearest(math::exp(logit - largest) * 255.0);
                    sum += byte;
                    *weight = byte as u8;
                }
                weights[n..].fill(0);
                *total = 1.0 / sum as f32;
            }
            let mut from = 0;
            while from < values.blocks() {
                let blocks = if from + 2 <= values.blocks() { 2 } else { 1 };
                let first = from * LANES;
                let count = (blocks * LANES).min(size - first);
                let sums = sized(sums, rows * blocks * LANES);
                match blocks {
                    2 => kernel.product::<2>(weights, values, from, sums),
                    _ => kernel.product::<1>(weights, values, from, sums),
                }
                let rows =
                    sums.chunks_exact(blocks * LANES).zip(totals.iter()).zip(out.chunks_exact_mut(width));
                for ((sums, &total), out) in rows {
                    let to = head * size + first;
                    let parts =
                        out[to..to + count].iter_mut().zip(sums).zip(&value_scales[first..first + count]);
                    for ((out, &sum), &scale) in parts {
                        *out = sum as f32 * (total * scale);
                    }
                }
                from += blocks;
            }
        }
    }
}
