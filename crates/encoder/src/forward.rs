//! The forward pass: a BERT-shaped transformer encoder (Vaswani et al. 2017) whose weights are bytes.
//!
//! Weights are bytes with one scale per output, fixed when the model was exported; activations are converted to bytes
//! with one scale per row as they arise. Queries, keys, values and attention weights are bytes too, so that one kernel
//! computes every product. The steps between the products are in [`crate::math`].

use crate::kernel::{Kernel, LANES, Packed, Scaled, Scratch};
use crate::math::{self, OFFSET};

/// The sizes of a network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// The length of a hidden state.
    pub(crate) width: usize,
    /// The number of attention heads of a layer, and the length of each head's query, key or value.
    pub(crate) heads: usize,
    pub(crate) head: usize,
}

/// A linear layer: weights as bytes, with a scale and a bias per output, padded to whole blocks.
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

/// Buffers that are reused from one forward pass to the next, because touching fresh memory for the first time costs
/// more than the arithmetic on it.
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
    attention: Attention,
    scratch: Scratch,
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
    no_bias: Vec<f32>,
}

/// The number of rows that pass through the feed-forward part together, so that their inner states stay in the cache.
const CHUNK: usize = 48;

/// Runs the layers over `buffers.x`, then the heads over the result, and writes the scores to `buffers.scores`.
#[inline(always)]
pub(crate) fn forward<K: Kernel>(
    kernel: K,
    sizes: Sizes,
    layers: &[Layer],
    heads: &Linear,
    buffers: &mut Buffers,
) {
    let Buffers { x, scores, qkv, mixed, hidden, bytes, row_scales, attention, scratch } = buffers;
    let width = sizes.width;
    for layer in layers {
        quantize_rows(x, width, bytes, row_scales);
        linear(kernel, &layer.qkv, bytes, row_scales, scratch, qkv);
        attend(kernel, sizes, qkv, attention, scratch, mixed);
        quantize_rows(mixed, sizes.heads * sizes.head, bytes, row_scales);
        linear(kernel, &layer.out, bytes, row_scales, scratch, mixed);
        add_and_normalise(x, mixed, &layer.norm1);
        for rows in x.chunks_mut(CHUNK * width) {
            quantize_rows(rows, width, bytes, row_scales);
            linear(kernel, &layer.up, bytes, row_scales, scratch, hidden);
            for v in hidden.iter_mut() {
                *v = math::gelu(*v);
            }
            quantize_rows(hidden, layer.up.weights.outputs, bytes, row_scales);
            linear(kernel, &layer.down, bytes, row_scales, scratch, mixed);
            add_and_normalise(rows, mixed, &layer.norm2);
        }
    }
    quantize_rows(x, width, bytes, row_scales);
    linear(kernel, heads, bytes, row_scales, scratch, scores);
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

/// Resizes a buffer to this length; its contents are arbitrary.
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

/// Computes `out[r][o] = Σ_i x[r][i] w[i][o] + bias[o]` for rows given as bytes with a scale each.
#[inline(always)]
fn linear<K: Kernel>(
    kernel: K,
    layer: &Linear,
    bytes: &[u8],
    row_scales: &[f32],
    scratch: &mut Scratch,
    out: &mut Vec<f32>,
) {
    let Linear { weights, scales, bias } = layer;
    let stride = weights.outputs;
    let out = sized(out, row_scales.len() * stride);
    let to = Scaled { rows: row_scales, scales, bias, out, stride, first: 0 };
    kernel.product(bytes, weights, scratch, to);
}

/// The queries, keys and values of one head. In each row of `qkv`, those of all heads stand side by side.
#[derive(Clone, Copy)]
struct Head<'a> {
    qkv: &'a [f32],
    /// The length of the queries of all heads together, and of this head's.
    width: usize,
    size: usize,
    head: usize,
}

impl<'a> Head<'a> {
    #[inline(always)]
    fn query(self, row: usize) -> &'a [f32] {
        self.part(row, 0)
    }

    #[inline(always)]
    fn key(self, row: usize) -> &'a [f32] {
        self.part(row, 1)
    }

    #[inline(always)]
    fn value(self, row: usize) -> &'a [f32] {
        self.part(row, 2)
    }

    #[inline(always)]
    fn part(self, row: usize, which: usize) -> &'a [f32] {
        let Self { qkv, width, size, head } = self;
        &qkv[row * 3 * width + which * width + head * size..][..size]
    }
}

/// Multi-head self-attention over all rows; `qkv` holds the queries, keys and values of all heads side by side.
#[inline(always)]
fn attend<K: Kernel>(
    kernel: K,
    sizes: Sizes,
    qkv: &[f32],
    buffers: &mut Attention,
    scratch: &mut Scratch,
    out: &mut Vec<f32>,
) {
    let Sizes { heads, head: size, .. } = sizes;
    let width = heads * size;
    let n = qkv.len() / (3 * width);
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
        no_bias,
    } = buffers;
    let no_bias = sized(no_bias, n.max(size).next_multiple_of(LANES));
    for head in 0..heads {
        let of_head = Head { qkv, width, size, head };
        let queries = sized(queries, n * size);
        let query_scales = sized(query_scales, n);
        let signed = sized(signed, n * size);
        let key_scales = sized(key_scales, n.next_multiple_of(LANES));
        let value_scales = sized(value_scales, size.next_multiple_of(LANES));
        let inverses = sized(inverses, value_scales.len());
        quantize_queries(of_head, queries, query_scales);
        quantize_keys(of_head, signed, key_scales);
        keys.fill_by_output(signed, size, OFFSET);
        quantize_values(of_head, signed, value_scales, inverses);
        values.fill_by_input(signed, size, 0);

        let padded = values.inputs;
        let chunks = queries.chunks(CHUNK * size).zip(query_scales.chunks(CHUNK));
        for ((queries, query_scales), out) in chunks.zip(out.chunks_mut(CHUNK * width)) {
            let rows = query_scales.len();
            let logits = sized(logits, rows * n);
            let to = Scaled {
                rows: query_scales,
                scales: key_scales,
                bias: no_bias,
                out: logits,
                stride: n,
                first: 0,
            };
            kernel.product(queries, keys, scratch, to);
            let weights = sized(weights, rows * padded);
            let totals = sized(totals, rows);
            let each = logits.chunks_exact(n).zip(weights.chunks_exact_mut(padded)).zip(totals.iter_mut());
            for ((logits, weights), total) in each {
                *total = soft_maximum(logits, weights);
            }
            let to = Scaled {
                rows: totals,
                scales: value_scales,
                bias: no_bias,
                out,
                stride: width,
                first: head * size,
            };
            kernel.product(weights, values, scratch, to);
        }
    }
}

/// Converts the queries of a head to bytes with one scale per row, divided by the root of their length.
#[inline(always)]
fn quantize_queries(head: Head<'_>, bytes: &mut [u8], scales: &mut [f32]) {
    let shrink = 1.0 / (head.size as f32).sqrt();
    for (r, (bytes, scale)) in bytes.chunks_exact_mut(head.size).zip(scales).enumerate() {
        *scale = math::quantize(head.query(r), bytes) * shrink;
    }
}

/// Converts the keys of a head to bytes with one scale per row.
#[inline(always)]
fn quantize_keys(head: Head<'_>, bytes: &mut [i8], scales: &mut [f32]) {
    for (r, (bytes, scale)) in bytes.chunks_exact_mut(head.size).zip(scales).enumerate() {
        *scale = math::quantize_signed(head.key(r), bytes);
    }
}

/// Converts the values of a head to bytes with one scale per column, because the product sums over their rows.
#[inline(always)]
fn quantize_values(head: Head<'_>, bytes: &mut [i8], scales: &mut [f32], inverses: &mut [f32]) {
    scales.fill(0.0);
    for r in 0..bytes.len() / head.size {
        for (largest, &v) in scales.iter_mut().zip(head.value(r)) {
            *largest = math::larger(v.abs(), *largest);
        }
    }
    for (scale, inverse) in scales.iter_mut().zip(inverses.iter_mut()) {
        *scale = math::scale_of(*scale);
        *inverse = 1.0 / *scale;
    }
    for (r, bytes) in bytes.chunks_exact_mut(head.size).enumerate() {
        for ((byte, &v), &inverse) in bytes.iter_mut().zip(head.value(r)).zip(inverses.iter()) {
            *byte = math::nearest(v * inverse) as i8;
        }
    }
}

/// Converts the logits of a row to weights in bytes, padded with zeros, and returns the factor by which they sum to 1.
#[inline(always)]
fn soft_maximum(logits: &[f32], weights: &mut [u8]) -> f32 {
    let largest = math::max(logits);
    let mut sum = 0;
    for (weight, &logit) in weights.iter_mut().zip(logits) {
        let byte = math::nearest(math::exp(logit - largest) * 255.0);
        sum += byte;
        *weight = byte as u8;
    }
    weights[logits.len()..].fill(0);
    1.0 / sum as f32
}
