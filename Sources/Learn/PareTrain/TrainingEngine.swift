import CPareKernels
import PareNetwork

/// The buffers and parameters of one network in training; serial, and allocates nothing while it works.
///
/// Parameters are flat: each layer's weights `[out][in][tap]`, then its biases.
final class TrainingEngine {
  /// One layer's place in the flat parameters and its two convolutions.
  struct Plan {
    let shape: LayerShape
    let weights: Range<Int>
    let biases: Range<Int>
    /// Outputs that one frame output needs beyond itself: the taps of the layers behind.
    let extra: Int
  }

  let architecture: Architecture
  let plans: [Plan]
  let parameterCount: Int
  let frameLength: Int
  let variant = pare_best_variant()

  let parameters: FloatBuffer
  /// 1 where the optimizer may move a parameter, 0 elsewhere.
  let trainable: FloatBuffer
  let gradient: FloatBuffer
  let firstMoment: FloatBuffer
  let secondMoment: FloatBuffer
  /// Sixteen partial sums for each parameter.
  let lanes: FloatBuffer
  /// Each layer's weights as the gradient of its input needs them.
  let flipped: [FloatBuffer]

  /// Floats from one channel to the next in `signals`, `slopes` and `prediction`.
  let stride: Int
  /// Zeros before each channel in `slopes`.
  let halo: Int
  /// Outputs of each hidden layer after its activation.
  let signals: [FloatBuffer]
  /// Gradients of each layer's output before its activation, with zeros on both sides.
  let slopes: [FloatBuffer]
  let prediction: FloatBuffer
  /// Length of the frame that the zeros in `slopes` fit.
  var preparedCount = 0

  init(_ architecture: Architecture, frameLength: Int) {
    self.architecture = architecture
    self.frameLength = frameLength
    var next = 0
    var plans: [Plan] = []
    for (index, shape) in architecture.layerShapes.enumerated() {
      let weights = next..<next + shape.weightCount
      next = weights.upperBound + shape.outputChannels
      plans.append(
        Plan(
          shape: shape, weights: weights, biases: weights.upperBound..<next,
          extra: (architecture.convolutions - 1 - index) * (architecture.kernelSize - 1)))
    }
    self.plans = plans
    parameterCount = next
    parameters = FloatBuffer(count: next)
    trainable = FloatBuffer(count: next)
    gradient = FloatBuffer(count: next)
    firstMoment = FloatBuffer(count: next)
    secondMoment = FloatBuffer(count: next)
    lanes = FloatBuffer(count: next * PARE_LANES)
    flipped = plans.map { FloatBuffer(count: $0.shape.weightCount) }
    halo = architecture.kernelSize - 1
    // Room for the longest signal, both halos, and the zeros that fill the last sixteen.
    stride = frameLength + architecture.receptiveField + 2 * halo + 32
    let stride = stride
    signals = plans.dropLast().map { FloatBuffer(count: $0.shape.outputChannels * stride) }
    slopes = plans.map { FloatBuffer(count: $0.shape.outputChannels * stride) }
    prediction = FloatBuffer(count: architecture.outputChannels * stride)
  }

  /// Takes over weights and biases, lets the kept ones train, and forgets the optimizer's moments.
  func load(_ network: Network) {
    precondition(network.architecture == architecture, "\(network.architecture.name)")
    for (plan, layer) in zip(plans, network.layers) {
      for (index, weight) in zip(plan.weights, layer.weights) { parameters[index] = weight }
      for (index, bias) in zip(plan.biases, layer.biases) { parameters[index] = bias }
    }
    allowTraining(of: network.mask)
  }

  /// Lets the kept weights and all biases train, and forgets the optimizer's moments.
  func allowTraining(of mask: Mask) {
    for (plan, kept) in zip(plans, mask.layers) {
      for (index, isKept) in zip(plan.weights, kept) { trainable[index] = isKept ? 1 : 0 }
      for index in plan.biases { trainable[index] = 1 }
    }
    forgetMoments()
  }

  func forgetMoments() {
    firstMoment.zero()
    secondMoment.zero()
  }

  /// The network as it stands; masked weights are zero.
  func network(mask: Mask) -> Network {
    Network(
      architecture: architecture,
      layers: plans.map { plan in
        Layer(
          shape: plan.shape, weights: plan.weights.map { parameters[$0] },
          biases: plan.biases.map { parameters[$0] })
      }, mask: mask)
  }
}
