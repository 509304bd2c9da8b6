//! A small transformer encoder for CPUs: converts text to word pieces, and word pieces to scores.
//!
//! The crate reads one ONNX file, written by `training/`, whose weights are bytes, and runs the one architecture that
//! such a file may hold: BERT's, with extra embeddings for the shape of each piece, and one linear layer of scores on
//! top. The meaning of shapes and scores is up to the caller.
//!
//! Results are identical to the bit on every processor: products are sums of integers, and the steps between them are
//! written so that compilers cannot reorder them. The fastest kernel that the processor supports is chosen when the
//! model is loaded.
//!
//! ```
//! use onrecord_encoder::{Bytes, Encoder, Input, Workspace};
//!
//! let encoder = Encoder::parse(Bytes::from_static(onrecord_model_en::WEIGHTS))?;
//! let mut workspace = Workspace::default();
//! let scores = encoder.run(&[Input { id: 101, shape: [0; 3] }], &mut workspace);
//! assert_eq!(scores.rows(), 1);
//! # Ok::<(), onrecord_encoder::ModelError>(())
//! ```

#![deny(unsafe_code)]
#![warn(clippy::must_use_candidate, clippy::print_stderr, clippy::print_stdout)]

mod forward;
mod kernel;
mod load;
mod math;
mod onnx;
pub mod wordpiece;

use std::collections::HashMap;
use std::fmt;

pub use prost::bytes::Bytes;

use forward::{Buffers, Layer, Linear, Norm, Sizes};
use onnx::Weights;

/// The embeddings that are added to a piece's own, one for each kind of shape.
const SHAPES: [&str; 3] = ["case", "layer", "layout"];

/// An error in a model that makes it unusable, with a description.
#[derive(Debug, thiserror::Error)]
#[error("the model can't be used: {0}")]
pub struct ModelError(String);

impl ModelError {
    /// Creates an error with a description of what is wrong with the model.
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

/// One piece as input to the encoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input {
    /// The index of the piece in the vocabulary.
    pub id: u32,
    /// The index of its shape in each of the shape vocabularies.
    pub shape: [u8; 3],
}

/// An encoder with its weights.
pub struct Encoder {
    sizes: Sizes,
    words: Embedding,
    positions: Vec<f32>,
    shapes: [Vec<f32>; SHAPES.len()],
    norm: Norm,
    layers: Vec<Layer>,
    heads: Linear,
    parts: Vec<(String, usize)>,
    properties: HashMap<String, String>,
    isa: Isa,
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder")
            .field("name", &self.name())
            .field("sizes", &self.sizes)
            .finish_non_exhaustive()
    }
}

/// Word embeddings, stored as bytes with a scale per row.
struct Embedding {
    bytes: Bytes,
    scales: Vec<f32>,
}

/// Memory that is reused from one run to the next. Use one per thread.
#[derive(Default)]
pub struct Workspace(Buffers);

impl fmt::Debug for Workspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workspace").finish_non_exhaustive()
    }
}

/// The scores of a run: one row per input.
#[derive(Clone, Copy, Debug)]
pub struct Scores<'a> {
    values: &'a [f32],
    width: usize,
}

impl<'a> Scores<'a> {
    /// Returns the number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.values.len() / self.width
    }

    /// Returns the scores of one input, with all parts side by side in the order of [`Encoder::parts`].
    ///
    /// # Panics
    ///
    /// If there is no such row.
    #[must_use]
    pub fn row(&self, row: usize) -> &'a [f32] {
        &self.values[row * self.width..][..self.width]
    }
}

fn property<'a>(properties: &'a HashMap<String, String>, key: &str) -> Result<&'a str, ModelError> {
    let value = properties.get(key).map(String::as_str);
    value.ok_or_else(|| ModelError::new(format!("its metadata has no “{key}”")))
}

/// The kernels that can be used for a run.
#[derive(Clone, Copy)]
enum Isa {
    #[cfg(target_arch = "x86_64")]
    Avx512(kernel::x86::Avx512),
    #[cfg(target_arch = "x86_64")]
    AvxVnni(kernel::x86::AvxVnni),
    #[cfg(target_arch = "x86_64")]
    Avx2(kernel::x86::Avx2),
    Portable,
}

impl Isa {
    /// Every kernel that this processor supports, the fastest first.
    fn supported() -> Vec<Self> {
        let mut kernels = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            kernels.extend(kernel::x86::Avx512::detect().map(Self::Avx512));
            kernels.extend(kernel::x86::AvxVnni::detect().map(Self::AvxVnni));
            kernels.extend(kernel::x86::Avx2::detect().map(Self::Avx2));
        }
        kernels.push(Self::Portable);
        kernels
    }

    fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(_) => "avx512",
            #[cfg(target_arch = "x86_64")]
            Self::AvxVnni(_) => "avxvnni",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => "avx2",
            Self::Portable => "portable",
        }
    }
}

impl Encoder {
    /// Reads an ONNX file as written by `training/export.py`.
    ///
    /// # Errors
    ///
    /// If the file is not an ONNX model, lacks a weight, or has a weight of the wrong shape or type.
    pub fn parse(file: Bytes) -> Result<Self, ModelError> {
        let weights = Weights::parse(file)?;
        let [vocabulary, width] = load::matrix(&weights, "words")?;
        let [positions, _] = load::matrix(&weights, "positions")?;
        // The heads of a layer may be fewer than its width has room for.
        let [attended, _] = load::matrix(&weights, "layers.0.out")?;
        let heads = load::number(&weights, "attention_heads")?;
        if heads == 0 || attended == 0 || !attended.is_multiple_of(heads * kernel::GROUP) {
            return Err(ModelError::new(format!(
                "an attention of {attended} does not divide into {heads} heads"
            )));
        }
        let layers = (0..load::number(&weights, "layers")?)
            .map(|n| load::layer(&weights, n, width, attended))
            .collect::<Result<Vec<_>, _>>()?;
        let parts = load::parts(&weights)?;
        let scores = load::linear(&weights, "heads", width)?;
        if parts.iter().map(|p| p.1).sum::<usize>() != scores.weights.outputs {
            return Err(ModelError::new("its parts do not add up to its scores"));
        }
        let [case, layer, layout] = SHAPES.map(|name| load::shape(&weights, name));
        Ok(Self {
            sizes: Sizes { width, heads, head: attended / heads },
            words: Embedding {
                bytes: weights.bytes("words", &[vocabulary, width])?,
                scales: weights.floats("words.scale", &[vocabulary])?,
            },
            positions: weights.floats("positions", &[positions, width])?,
            shapes: [case?, layer?, layout?],
            norm: load::norm(&weights, "norm", width)?,
            layers,
            heads: scores,
            parts,
            properties: weights.into_metadata(),
            isa: Isa::supported()[0],
        })
    }

    /// Returns the model's name and version.
    pub fn name(&self) -> &str {
        self.properties.get("name").map_or("unnamed", String::as_str)
    }

    /// Returns a property from the file's metadata.
    ///
    /// # Errors
    ///
    /// If the file does not have this property.
    pub fn property(&self, key: &str) -> Result<&str, ModelError> {
        property(&self.properties, key)
    }

    /// Returns the name and length of each part of a row of scores, in order.
    pub fn parts(&self) -> &[(String, usize)] {
        &self.parts
    }

    /// Returns the largest number of inputs in one run.
    pub fn longest(&self) -> usize {
        self.positions.len() / self.sizes.width
    }

    /// Returns the names of the kernels that this processor supports, the fastest first: `avx512`, `avxvnni`, `avx2`
    /// and `portable`. All of them compute the same scores, bit for bit.
    pub fn kernels() -> Vec<&'static str> {
        Isa::supported().into_iter().map(Isa::name).collect()
    }

    /// Uses the kernel of this name from now on, for tests and measurements, and returns whether this processor supports
    /// it. A new encoder uses the fastest one.
    #[must_use]
    pub fn use_kernel(&mut self, name: &str) -> bool {
        let kernel = Isa::supported().into_iter().find(|kernel| kernel.name() == name);
        self.isa = kernel.unwrap_or(self.isa);
        kernel.is_some()
    }

    /// Returns the name of the kernel in use, one of [`Encoder::kernels`].
    pub fn kernel(&self) -> &'static str {
        self.isa.name()
    }

    /// Returns the scores of every input; all inputs are processed together.
    ///
    /// An id or shape outside its vocabulary counts as number 0.
    ///
    /// # Panics
    ///
    /// If there are more inputs than [`Encoder::longest`].
    #[cfg_attr(
        target_arch = "x86_64",
        expect(
            unsafe_code,
            reason = "only the caller knows that the processor has the features of a kernel"
        )
    )]
    pub fn run<'w>(&self, inputs: &[Input], workspace: &'w mut Workspace) -> Scores<'w> {
        let buffers = &mut workspace.0;
        let width = self.heads.weights.outputs;
        if inputs.is_empty() {
            return Scores { values: &[], width };
        }
        match self.isa {
            // SAFETY: such a kernel value exists only where the processor has the features.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512(kernel) => unsafe { self.run_avx512(kernel, inputs, buffers) },
            // SAFETY: likewise.
            #[cfg(target_arch = "x86_64")]
            Isa::AvxVnni(kernel) => unsafe { self.run_avx2(kernel, inputs, buffers) },
            // SAFETY: likewise.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2(kernel) => unsafe { self.run_avx2(kernel, inputs, buffers) },
            Isa::Portable => self.run_with(kernel::Portable, inputs, buffers),
        }
        Scores { values: &buffers.scores, width }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma")]
    fn run_avx512(&self, kernel: kernel::x86::Avx512, inputs: &[Input], buffers: &mut Buffers) {
        self.run_with(kernel, inputs, buffers);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    fn run_avx2(&self, kernel: impl kernel::Kernel, inputs: &[Input], buffers: &mut Buffers) {
        self.run_with(kernel, inputs, buffers);
    }

    /// Runs the whole pass. It is inlined into its callers, so that it is compiled for the instructions that each may
    /// use.
    #[inline(always)]
    fn run_with<K: kernel::Kernel>(&self, kernel: K, inputs: &[Input], buffers: &mut Buffers) {
        self.embed(inputs, &mut buffers.x);
        forward::forward(kernel, self.sizes, &self.layers, &self.heads, buffers);
    }

    #[inline(always)]
    fn embed(&self, inputs: &[Input], x: &mut Vec<f32>) {
        let width = self.sizes.width;
        assert!(inputs.len() <= self.longest(), "{} inputs, {} at most", inputs.len(), self.longest());
        x.resize(inputs.len() * width, 0.0);
        let rows = x.chunks_exact_mut(width).zip(self.positions.chunks_exact(width)).zip(inputs);
        for ((row, position), input) in rows {
            let id = Some(input.id as usize).filter(|&id| id < self.words.scales.len()).unwrap_or(0);
            let (word, scale) = (&self.words.bytes[id * width..][..width], self.words.scales[id]);
            for ((v, &w), &p) in row.iter_mut().zip(word).zip(position) {
                *v = f32::from(w as i8).mul_add(scale, p);
            }
            for (table, &shape) in self.shapes.iter().zip(&input.shape) {
                let from = shape as usize * width;
                let shape = table.get(from..from + width).unwrap_or(&table[..width]);
                for (v, &s) in row.iter_mut().zip(shape) {
                    *v += s;
                }
            }
            math::normalise(row, &self.norm.weight, &self.norm.bias);
        }
    }
}
