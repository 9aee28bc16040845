// Samples per second of processor time that networks run in integers, one thread, `<16,6>`, nothing pruned.
//
//   bench-integers
//
// The median of nine runs over 400,000 samples; speed does not depend on the values.
import Measurement
import PareFixed
import PareNetwork
import PareNumerics

let shapes: [(kernel: Int, hidden: [Int], activation: Activation)] = [
  (5, [8], .relu), (5, [8], .hardTanh), (5, [8], .tanh), (7, [8, 8], .relu), (11, [16, 16], .tanh),
]

var random = RandomStream(seed: 1)
let input = (0..<2).map { _ in
  (0..<400_000).map { _ in Int64(random.index(below: 2048)) - 1024 }
}
print("network               kernels    million samples a second")
for shape in shapes {
  let architecture = try Architecture(
    hiddenChannels: shape.hidden, kernelSize: shape.kernel, activation: shape.activation)
  let layers = architecture.layerShapes.map { layer in
    QuantizedLayer(
      shape: layer, quantizer: .none,
      scaleExponents: Array(repeating: 0, count: layer.outputChannels), digits: nil,
      weights: (0..<layer.weightCount).map { _ in Float(random.uniform() - 0.5) },
      biases: (0..<layer.outputChannels).map { _ in Float(random.uniform() - 0.5) })
  }
  let fixed = try QuantizedNetwork(
    architecture: architecture, scheme: QuantizationScheme(.none), layers: layers
  ).fixed(to: .uniform(for: architecture))
  let rates = (0..<9).map { _ in
    400_000 / processorSeconds { _ = fixed.run(input) } / 1e6
  }
  print(
    "\(architecture.name.left(22))\(KernelChoice.name.left(11))\(rates.median.rounded(to: 1))")
}
