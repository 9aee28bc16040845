/// A linear filter from the signal straight to the output, beside the stack of convolutions.
///
///     y[o][n] += sum over i, k of weights[o][i][k] * x[i][n + lookAhead - k]
///
/// A layer like any other for pruning and quantization, without biases; it holds the memory that a short kernel cannot.
public struct LinearBranch: Hashable, Sendable, Codable {
  /// What the taps of a 2-by-2 branch may be.
  public enum Structure: String, Hashable, Sendable, Codable, CaseIterable {
    /// Any real tap from each input to each output.
    case real
    /// `[[a, -b], [b, a]]` at every delay: one complex tap `a + jb`, two free numbers.
    case complex
  }

  public let kernelSize: Int
  /// Samples of the future that the branch sees.
  public let lookAhead: Int
  public let structure: Structure

  public init(kernelSize: Int, lookAhead: Int = 0, structure: Structure = .real) {
    self.kernelSize = kernelSize
    self.lookAhead = lookAhead
    self.structure = structure
  }

  /// Past samples that an output depends on.
  public var pastSamples: Int { kernelSize - 1 - lookAhead }
}

/// Two weights of one layer that are one number, up to the sign.
public struct WeightTie: Hashable, Sendable {
  public let layer: Int
  /// Position of the free weight in the layer's flat `[out][in][tap]` array.
  public let leader: Int
  /// Position of the weight that follows it.
  public let follower: Int
  public let isNegated: Bool
}

extension Architecture {
  /// The weights that a complex-structured branch shares: `weight[1][1][k] = weight[0][0][k]` and
  /// `weight[0][1][k] = -weight[1][0][k]`. Empty otherwise.
  public var ties: [WeightTie] {
    guard let branch, branch.structure == .complex, let layer = branchLayer else { return [] }
    let shape = layerShapes[layer]
    return (0..<branch.kernelSize).flatMap { tap in
      [
        WeightTie(
          layer: layer, leader: shape.index(output: 0, input: 0, tap: tap),
          follower: shape.index(output: 1, input: 1, tap: tap), isNegated: false),
        WeightTie(
          layer: layer, leader: shape.index(output: 1, input: 0, tap: tap),
          follower: shape.index(output: 0, input: 1, tap: tap), isNegated: true),
      ]
    }
  }

  /// The first tie that weights break, if any.
  ///
  /// - Parameter weights: `[layer]`, then flat `[out][in][tap]`.
  public func brokenTie(in weights: [[Float]]) -> WeightTie? {
    ties.first { tie in
      let leader = weights[tie.layer][tie.leader]
      return weights[tie.layer][tie.follower] != (tie.isNegated ? -leader : leader)
    }
  }

  /// Whether a layer has biases of its own; the others' are 0.
  public func hasBiases(inLayer layer: Int) -> Bool { hasBiases && layer != branchLayer }

  /// - Precondition: no tie is broken, and biases that do not exist are 0.
  func requireTies(_ weights: [[Float]], biases: [[Float]]) {
    let broken = brokenTie(in: weights)
    precondition(broken == nil, "weights \(broken!) are not tied")
    for (layer, list) in biases.enumerated() where !hasBiases(inLayer: layer) {
      precondition(list.allSatisfy { $0 == 0 }, "layer \(layer) has no biases")
    }
  }
}
