//! Reads the layers of an encoder from the weights of a file, and checks that they fit together.

use crate::ModelError;
use crate::forward::{Layer, Linear, Norm};
use crate::kernel::{GROUP, LANES, Packed};
use crate::math::OFFSET;
use crate::onnx::Weights;

/// The number that a property of the file is.
pub(crate) fn number(weights: &Weights, key: &str) -> Result<usize, ModelError> {
    let value = weights.property(key)?;
    value.parse().map_err(|_| ModelError::new(format!("“{value}” is not a number of {key}")))
}

/// The numbers of rows and columns of a matrix.
pub(crate) fn matrix(weights: &Weights, name: &str) -> Result<[usize; 2], ModelError> {
    let shape = weights.shape(name)?;
    shape.as_slice().try_into().map_err(|_| ModelError::new(format!("“{name}” is not a matrix")))
}

/// The name and length of each part of a row of scores.
pub(crate) fn parts(weights: &Weights) -> Result<Vec<(String, usize)>, ModelError> {
    let part = |part: &str| {
        let (name, size) = part.split_once(':')?;
        Some((name.to_owned(), size.parse().ok()?))
    };
    let parts = weights.property("parts")?.split(',').map(part).collect::<Option<_>>();
    parts.ok_or_else(|| ModelError::new("its list of parts is not name:size,…"))
}

pub(crate) fn linear(weights: &Weights, name: &str, inputs: usize) -> Result<Linear, ModelError> {
    let [_, outputs] = matrix(weights, name)?;
    let bytes = weights.bytes(name, &[inputs, outputs])?;
    let mut packed = Packed::default();
    let signed: Vec<i8> = bytes.iter().map(|&b| b as i8).collect();
    packed.fill_by_input(&signed, outputs, OFFSET);
    let padded = |part: &str| -> Result<Vec<f32>, ModelError> {
        let mut values = weights.floats(&format!("{name}.{part}"), &[outputs])?;
        values.resize(outputs.next_multiple_of(LANES), 0.0);
        Ok(values)
    };
    Ok(Linear { weights: packed, scales: padded("scale")?, bias: padded("bias")? })
}

pub(crate) fn norm(weights: &Weights, name: &str, width: usize) -> Result<Norm, ModelError> {
    Ok(Norm {
        weight: weights.floats(&format!("{name}.weight"), &[width])?,
        bias: weights.floats(&format!("{name}.bias"), &[width])?,
    })
}

/// The embeddings of one kind of shape.
pub(crate) fn shape(weights: &Weights, kind: &str) -> Result<Vec<f32>, ModelError> {
    let name = format!("shapes.{kind}");
    weights.floats(&name, &weights.shape(&name)?)
}

/// The layer with this number. `attended` is the length of the queries of all its heads.
pub(crate) fn layer(weights: &Weights, n: usize, width: usize, attended: usize) -> Result<Layer, ModelError> {
    let linear = |part: &str, inputs: usize| linear(weights, &format!("layers.{n}.{part}"), inputs);
    let norm = |part: &str| norm(weights, &format!("layers.{n}.{part}"), width);
    let up = linear("up", width)?;
    let inner = up.weights.outputs;
    if !inner.is_multiple_of(GROUP) {
        return Err(ModelError::new(format!("layer {n} has {inner} inner units")));
    }
    let layer = Layer {
        qkv: linear("qkv", width)?,
        out: linear("out", attended)?,
        norm1: norm("norm1")?,
        down: linear("down", inner)?,
        up,
        norm2: norm("norm2")?,
    };
    let outputs = [&layer.qkv, &layer.out, &layer.down].map(|linear| linear.weights.outputs);
    if outputs != [3 * attended, width, width] {
        return Err(ModelError::new(format!("a layer's outputs do not fit the width of {width}")));
    }
    Ok(layer)
}
