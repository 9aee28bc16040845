// GFLOP/s of the convolution kernels at the layers of the networks of bench-training, beside the core's measured peak.
//
//   bench-kernels
//
// The best of 15 tries of some milliseconds of processor time each, so that a busy machine disturbs little.
import CPareKernels
import Measurement

let variant = pare_best_variant()
let peak = measuredPeak(variant)
unsafe print(
  "\(String(cString: pare_variant_name(variant))), peak \((peak * 1e-9).rounded(to: 1)) GFLOP/s")
print("outputs <- inputs, taps, samples    forward   % of peak    weight gradient   % of peak")

func bench(outputs: Int, inputs: Int, taps: Int, samples: Int) {
  let stride = samples / 32 * 32 + 80
  var shape = pare_conv1d(
    output_channels: outputs, input_channels: inputs, kernel_size: taps, dilation: 1,
    input_stride: stride, output_stride: stride)
  let noise = (0..<stride * inputs).map { Float($0 * 7_919 % 1_000) / 1_000 - 0.5 }
  let weights = (0..<outputs * inputs * taps).map { Float($0 * 7_919 % 1_000) / 1_000 - 0.5 }
  let biases = [Float](repeating: 0.1, count: outputs)
  var y = [Float](repeating: 0, count: stride * outputs)
  var weightLanes = [Float](repeating: 0, count: weights.count * PARE_LANES)
  var biasLanes = [Float](repeating: 0, count: outputs * PARE_LANES)
  let operations = 2.0 * Double(weights.count * samples)
  let repetitions = Int(2e8 / operations) + 1
  var (forward, gradient) = (0.0, 0.0)
  for _ in 0..<15 {
    let forwardSeconds = processorSeconds {
      for _ in 0..<repetitions {
        unsafe pare_conv1d_activated(
          variant, &shape, samples, noise, weights, biases, PARE_RELU, 0, &y)
      }
    }
    let gradientSeconds = processorSeconds {
      for _ in 0..<repetitions {
        unsafe pare_conv1d_weight_gradient(
          variant, &shape, samples, noise, y, &weightLanes, &biasLanes)
      }
    }
    forward = max(forward, operations * Double(repetitions) / forwardSeconds)
    gradient = max(gradient, operations * Double(repetitions) / gradientSeconds)
  }
  func text(_ speed: Double) -> String {
    (speed * 1e-9).rounded(to: 1).right(9) + (100 * speed / peak).rounded(to: 0).right(12)
  }
  let name = "\(outputs) <- \(inputs), \(taps), \(samples)"
  print(name.left(34) + text(forward) + "       " + text(gradient))
}

for (kernel, channels) in [(3, 2), (5, 4), (5, 8), (7, 8), (11, 16)] {
  bench(outputs: channels, inputs: 2, taps: kernel, samples: 1_040)
  bench(outputs: 2, inputs: channels, taps: kernel, samples: 1_040)
}
bench(outputs: 16, inputs: 16, taps: 11, samples: 1_040)
