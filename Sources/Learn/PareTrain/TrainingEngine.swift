import CPareKernels
import PareNetwork

/// The buffers and parameters of one network in training; serial, and allocates nothing while it works.
///
/// Parameters are flat: each layer's weights `[out][in][tap]`, then its biases, in the order of
/// `Architecture.layerShapes`. Biases that the architecture does not have are there too: zero, and not trainable.
final class TrainingEngine {
  /// One layer's place in the flat parameters.
  struct Plan {
    let shape: LayerShape
    let weights: Range<Int>
    let biases: Range<Int>
    let hasBiases: Bool
  }

  /// Two parameters that are one number, up to the sign.
  struct Tie {
    let leader: Int
    let follower: Int
    let isNegated: Bool
  }

  let architecture: Architecture
  let plans: [Plan]
  let ties: [Tie]
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
  let batch: FrameBatch

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
          hasBiases: architecture.hasBiases(inLayer: index)))
    }
    self.plans = plans
    ties = architecture.ties.map { tie in
      let first = plans[tie.layer].weights.lowerBound
      return Tie(
        leader: first + tie.leader, follower: first + tie.follower, isNegated: tie.isNegated)
    }
    parameterCount = next
    parameters = FloatBuffer(count: next)
    trainable = FloatBuffer(count: next)
    gradient = FloatBuffer(count: next)
    firstMoment = FloatBuffer(count: next)
    secondMoment = FloatBuffer(count: next)
    lanes = FloatBuffer(count: next * PARE_LANES)
    batch = FrameBatch(architecture, plans, frameLength: frameLength)
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
      for index in plan.biases { trainable[index] = plan.hasBiases ? 1 : 0 }
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
