//! Measures the encoder alone: word pieces per second on one thread, by kernel and window length.
//!
//! `cargo run --release -p onrecord-encoder --example rate -- MODEL.onnx`

use std::time::Instant;

use onrecord_encoder::{Encoder, Input, Workspace};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: rate MODEL.onnx")?;
    let loading = Instant::now();
    let mut encoder = Encoder::parse(std::fs::read(path)?.into())?;
    println!("loaded in {:.3} s", loading.elapsed().as_secs_f64());
    let mut workspace = Workspace::default();
    for kernel in Encoder::kernels() {
        assert!(encoder.use_kernel(kernel));
        for length in [64, 128, 256] {
            let inputs: Vec<Input> = (0..length)
                .map(|i| Input { id: i * 7919 % 30522, shape: [(i % 7) as u8, (i % 5) as u8, (i % 3) as u8] })
                .collect();
            encoder.run(&inputs, &mut workspace);
            let runs = if kernel == "portable" { 2 } else { 40 };
            let start = Instant::now();
            for _ in 0..runs {
                encoder.run(&inputs, &mut workspace);
            }
            let rate = (runs * length) as f64 / start.elapsed().as_secs_f64();
            println!("{:8}  {length:3} pieces a window  {rate:8.0} pieces/s", encoder.kernel());
        }
    }
    let inputs: Vec<Input> = (0..200)
        .map(|i| Input { id: i * 7919 % 30522, shape: [(i % 7) as u8, (i % 5) as u8, (i % 3) as u8] })
        .collect();
    let s = encoder.run(&inputs, &mut workspace);
    println!("{:?} {:?} {:?}", &s.row(0)[..6], &s.row(1)[..6], &s.row(199)[..4]);
    Ok(())
}
