import PareNumerics

/// Rewrites the sums of chosen layers as products of signals and constants, for multipliers instead of adders.
///
/// What is left of the linear node adds the products, each with the coefficient 1. Coefficients that are a power of two, or
/// the negative of one, stay with it: a shift needs no multiplier.
public struct LinearToProducts: Pass {
  /// Words that the labels of the chosen nodes start with, such as `l0`; a digit may not follow, so that `l1` does not mean
  /// `l10`. All linear nodes when empty.
  public let layers: [String]

  public init(layers: [String] = []) { self.layers = layers }

  /// - Throws: ``DatapathError`` with code `.unknownLayer` for a word that fits no linear node.
  public func callAsFunction(_ datapath: Datapath) throws -> Datapath {
    let labels = datapath.nodes.compactMap { node -> String? in
      if case .linear = node.op { node.label } else { nil }
    }
    for layer in layers where !labels.contains(where: { Self.belongs($0, to: layer) }) {
      throw DatapathError(.unknownLayer(layer))
    }
    return try datapath.rewriting { builder, index, op in
      let node = datapath.nodes[index]
      guard case .linear(let terms, let bias) = op,
        layers.isEmpty || layers.contains(where: { Self.belongs(node.label, to: $0) })
      else { return try builder.rebuild(node, as: op) }
      let name = node.label.isEmpty ? "" : "\(node.label)_p"
      var count = 0
      let sum = try terms.map { term -> LinearTerm in
        if term.coefficient.magnitude.nonzeroBitCount <= 1 { return term }
        let wire = builder.delay(term.wire, samples: term.delay)
        let factor = try builder.constant(
          term.coefficient,
          fractionBits: node.format.fractionBits - builder[term.wire].format.fractionBits)
        let product = try builder.multiply(
          wire, factor, label: name.isEmpty ? "" : "\(name)\(count)")
        count += 1
        return LinearTerm(1, product)
      }
      return try builder.rebuild(node, as: .linear(sum, bias: bias))
    }
  }

  private static func belongs(_ label: String, to layer: String) -> Bool {
    label.hasPrefix(layer) && label.dropFirst(layer.count).first?.isNumber != true
  }
}
