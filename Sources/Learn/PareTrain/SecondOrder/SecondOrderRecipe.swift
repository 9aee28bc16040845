import PareNetwork

/// Knobs of second-order training and pruning; plain data. What is absent when decoding has its default.
public struct SecondOrderRecipe: Hashable, Sendable, Codable {
  /// What damping adds to the diagonal of the normal equations.
  public enum DampingScale: String, Hashable, Sendable, Codable, CaseIterable {
    /// Each parameter's own diagonal entry, so that its unit does not matter.
    case diagonal
    /// The mean diagonal entry for all.
    case identity
  }

  /// Networks with more free parameters are left to first-order training; 0 turns second-order training off.
  public var maximumParameters = 500
  /// Linearizations of one refinement, at most.
  public var iterations = 20
  /// Training outputs, spread evenly, whose error is minimized; at most all.
  public var samples = 16_384
  /// Damping of the first iteration, relative to the scale.
  public var damping = 1e-2
  public var dampingScale = DampingScale.diagonal
  /// Weight decay: the error relative to the target's power grows by this times the sum of squared parameters.
  public var ridge = 0.0
  /// Standard deviation of the rounding that every hidden activation gets in hardware. What it adds to the error on average,
  /// its variance times the squares of the weights that read the activations, is made small together with the error, here
  /// and in the Gauss-Newton steps of pruning and quantization: large weights that cancel each other do not survive. -1
  /// leaves it to who knows the word formats, and is 0 otherwise.
  public var activationRounding = -1.0
  /// A refinement ends after three iterations in a row that lower the error by less than this share.
  public var tolerance = 1e-4
  /// Share of the live weights that pruning drops between two linearizations, at least one weight.
  public var dropFraction = 0.04
  /// Training outputs on which a linearization for pruning stands, and on which candidates are compared.
  public var pruningSamples = 16_384
  /// Linearizations of the refinement after each of these groups.
  public var roundIterations = 3
  /// Weights of least predicted saliency whose absence is measured before one of them is dropped.
  public var candidates = 8
  /// Damping of the curvature that predicts saliencies, relative to the scale: keeps the survivors' updates in the range
  /// where the linearization holds.
  public var pruningDamping = 1e-3

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case maximumParameters, iterations, samples, damping, dampingScale, ridge, activationRounding,
      tolerance, dropFraction, pruningSamples, roundIterations, candidates, pruningDamping
  }

  public init() {}

  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
      value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    try read(.maximumParameters, into: &maximumParameters)
    try read(.iterations, into: &iterations)
    try read(.samples, into: &samples)
    try read(.damping, into: &damping)
    try read(.dampingScale, into: &dampingScale)
    try read(.ridge, into: &ridge)
    try read(.activationRounding, into: &activationRounding)
    try read(.tolerance, into: &tolerance)
    try read(.dropFraction, into: &dropFraction)
    try read(.pruningSamples, into: &pruningSamples)
    try read(.roundIterations, into: &roundIterations)
    try read(.candidates, into: &candidates)
    try read(.pruningDamping, into: &pruningDamping)
  }

  /// What the rounding of activations adds to the relative error, for each square of a weight of a layer: the sum over
  /// its outputs' error powers is a mean over all outputs and relative to the target's power.
  func roundingPrice(
    ofLayer layer: Int, in architecture: Architecture, targetPower: Double
  ) -> Double {
    guard activationRounding > 0, (1..<architecture.convolutions).contains(layer) else { return 0 }
    return activationRounding * activationRounding
      / (Double(architecture.outputChannels) * targetPower)
  }

  /// Whether a dense training ends with a refinement of this network.
  func suits(_ network: Network) -> Bool {
    iterations > 0 && FreeParameters(allOf: network).list(for: network).count <= maximumParameters
  }

  /// Checks every knob.
  ///
  /// - Throws: ``TrainingError`` with code `.recipe` naming the first knob that is out of range.
  public func validate() throws(TrainingError) {
    try check("maximumParameters", maximumParameters, in: 0...4_096)
    try check("iterations", iterations, in: 0...100_000)
    try check("samples", samples, in: 1...1_000_000_000)
    try check("damping", damping, in: 1e-15...1e6)
    try check("ridge", ridge, in: 0...1e6)
    try check("activationRounding", activationRounding, in: -1...1)
    try check("tolerance", tolerance, in: 0...1)
    try check("dropFraction", dropFraction, in: 1e-6...1)
    try check("pruningSamples", pruningSamples, in: 1...1_000_000_000)
    try check("roundIterations", roundIterations, in: 0...100_000)
    try check("candidates", candidates, in: 1...10_000)
    try check("pruningDamping", pruningDamping, in: 1e-15...1e6)
  }

  /// NaN is in no range, so it is caught too.
  private func check<Value: Comparable>(
    _ name: String, _ value: Value, in range: ClosedRange<Value>
  ) throws(TrainingError) {
    guard range.contains(value) else {
      throw TrainingError(
        .recipe("secondOrder.\(name)"), "secondOrder.\(name) is \(value)",
        hint: "give a value from \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
