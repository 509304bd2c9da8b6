//! The forward pass against the same ONNX graph in an independent runtime, and the kernels against each other.

use onrecord_encoder::{Bytes, Encoder, Input, Workspace};
use onrecord_model_en::WEIGHTS;
use rten::ModelOptions;
use rten_tensor::NdTensor;

fn encoder() -> Encoder {
    Encoder::parse(Bytes::from_static(WEIGHTS)).expect("the model is sound")
}

/// A window of pieces that look like text: common pieces, shapes that fit.
fn window(length: usize) -> Vec<Input> {
    let piece = |i: usize| Input {
        id: [101, 1996, 3539, 2056, 2008, 1523, 1012, 2010, 7919][i % 9] + (i / 9) as u32 * 31,
        shape: [(i % 7) as u8, u8::from(i % 11 > 6), u8::from(i.is_multiple_of(40))],
    };
    (0..length).map(piece).collect()
}

fn scores(encoder: &Encoder, window: &[Input]) -> Vec<Vec<f32>> {
    let mut workspace = Workspace::default();
    let scores = encoder.run(window, &mut workspace);
    (0..scores.rows()).map(|r| scores.row(r).to_vec()).collect()
}

#[test]
fn scores_are_close_to_those_of_the_graph() {
    let window = window(120);
    let ids = NdTensor::from_data([window.len()], window.iter().map(|i| i.id as i32).collect::<Vec<_>>());
    let shapes: Vec<i32> = window.iter().flat_map(|i| i.shape.map(i32::from)).collect();
    let shapes = NdTensor::from_data([window.len(), 3], shapes);
    let model = ModelOptions::with_all_ops().load(WEIGHTS.to_vec()).expect("rten reads the model");
    let input = |name| model.node_id(name).expect("the graph has this input");
    let inputs = vec![(input("ids"), ids.into()), (input("shapes"), shapes.into())];
    let [expected] = model.run_n(inputs, [input("scores")], None).expect("rten runs the model");
    let expected: NdTensor<f32, 2> = expected.try_into().expect("a matrix of scores");

    let found = scores(&encoder(), &window);
    let (mut difference, mut size) = (0.0, 0.0);
    for (r, row) in found.iter().enumerate() {
        for (c, &score) in row.iter().enumerate() {
            difference += (score - expected[[r, c]]).powi(2);
            size += expected[[r, c]].powi(2);
        }
    }
    // The graph keeps activations in f32, the forward pass makes bytes of them: a few per cent lie between the two.
    let relative = (difference / size).sqrt();
    assert!(relative < 0.08, "relative difference {relative}");
}

#[test]
fn every_kernel_gives_the_same_bits() {
    let mut encoder = encoder();
    let kernels = Encoder::kernels();
    assert_eq!((encoder.kernel(), kernels.last()), (kernels[0], Some(&"portable")));
    for length in [1, 37, 120] {
        let window = window(length);
        let of_each = kernels.iter().map(|kernel| {
            assert!(encoder.use_kernel(kernel), "{kernel}");
            scores(&encoder, &window)
        });
        let of_each: Vec<_> = of_each.collect();
        for (kernel, scores) in kernels.iter().zip(&of_each) {
            assert!(scores == &of_each[0], "{kernel}, {length} pieces");
        }
    }
    assert!(!encoder.use_kernel("none"));
    assert_eq!(encoder.kernel(), "portable");
}

#[test]
fn a_workspace_carries_nothing_over() {
    let encoder = encoder();
    let mut workspace = Workspace::default();
    encoder.run(&window(90), &mut workspace);
    let again = encoder.run(&window(13), &mut workspace);
    let rows: Vec<Vec<f32>> = (0..again.rows()).map(|r| again.row(r).to_vec()).collect();
    assert_eq!(rows, scores(&encoder, &window(13)));
}

#[test]
fn a_damaged_model_is_refused() {
    for (bytes, message) in [
        (b"no model".to_vec(), "the model can't be used: it is not an ONNX model"),
        (Vec::new(), "the model can't be used: it holds no graph"),
        (WEIGHTS[..WEIGHTS.len() / 2].to_vec(), "the model can't be used: it is not an ONNX model"),
    ] {
        let error = Encoder::parse(bytes.into()).expect_err("an error").to_string();
        assert!(error.starts_with(message), "{error}");
    }
}
