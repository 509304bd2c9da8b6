//! Reads the few parts of an ONNX file that the forward pass needs: its named weights and its metadata.
//!
//! The messages are those of `onnx.proto` (ONNX 1.x), reduced to the fields read here; protobuf skips the rest.

use std::collections::HashMap;

use prost::Message;
use prost::bytes::Bytes;

use crate::ModelError;

#[derive(Clone, PartialEq, Message)]
struct Model {
    #[prost(message, optional, tag = "7")]
    graph: Option<Graph>,
    #[prost(message, repeated, tag = "14")]
    metadata: Vec<Property>,
}

#[derive(Clone, PartialEq, Message)]
struct Graph {
    #[prost(message, repeated, tag = "5")]
    initializers: Vec<Tensor>,
}

#[derive(Clone, PartialEq, Message)]
struct Tensor {
    #[prost(int64, repeated, tag = "1")]
    dims: Vec<i64>,
    #[prost(int32, tag = "2")]
    data_type: i32,
    #[prost(string, tag = "8")]
    name: String,
    #[prost(bytes = "bytes", tag = "9")]
    raw: Bytes,
}

#[derive(Clone, PartialEq, Message)]
struct Property {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(string, tag = "2")]
    value: String,
}

/// `TensorProto.DataType`
const FLOAT: i32 = 1;
const INT8: i32 = 3;

/// The weights of a model by name.
pub(crate) struct Weights {
    tensors: HashMap<String, Tensor>,
    metadata: HashMap<String, String>,
}

impl Weights {
    pub(crate) fn parse(file: Bytes) -> Result<Self, ModelError> {
        let model =
            Model::decode(file).map_err(|e| ModelError::new(format!("it is not an ONNX model: {e}")))?;
        let graph = model.graph.ok_or_else(|| ModelError::new("it holds no graph"))?;
        Ok(Self {
            tensors: graph.initializers.into_iter().map(|t| (t.name.clone(), t)).collect(),
            metadata: model.metadata.into_iter().map(|p| (p.key, p.value)).collect(),
        })
    }

    /// Returns a metadata property.
    pub(crate) fn property(&self, key: &str) -> Result<&str, ModelError> {
        crate::property(&self.metadata, key)
    }

    /// Returns all metadata properties.
    pub(crate) fn into_metadata(self) -> HashMap<String, String> {
        self.metadata
    }

    /// Returns a tensor of 32-bit floats of this shape.
    pub(crate) fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        let raw = self.raw(name, FLOAT, shape, 4)?;
        Ok(raw.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }

    /// Returns a tensor of signed bytes of this shape.
    pub(crate) fn bytes(&self, name: &str, shape: &[usize]) -> Result<Bytes, ModelError> {
        self.raw(name, INT8, shape, 1)
    }

    /// Returns the shape of a tensor.
    pub(crate) fn shape(&self, name: &str) -> Result<Vec<usize>, ModelError> {
        let dims = &self.tensor(name)?.dims;
        dims.iter()
            .map(|&d| usize::try_from(d))
            .collect::<Result<_, _>>()
            .map_err(|_| ModelError::new(format!("“{name}” has the shape {dims:?}")))
    }

    fn tensor(&self, name: &str) -> Result<&Tensor, ModelError> {
        self.tensors.get(name).ok_or_else(|| ModelError::new(format!("it has no weight “{name}”")))
    }

    fn raw(&self, name: &str, data_type: i32, shape: &[usize], width: usize) -> Result<Bytes, ModelError> {
        let tensor = self.tensor(name)?;
        let length = shape.iter().product::<usize>() * width;
        if tensor.data_type != data_type || self.shape(name)? != shape || tensor.raw.len() != length {
            return Err(ModelError::new(format!(
                "“{name}” should be of shape {shape:?} and type {data_type}, not {:?} and {}",
                tensor.dims, tensor.data_type
            )));
        }
        Ok(tensor.raw.clone())
    }
}
