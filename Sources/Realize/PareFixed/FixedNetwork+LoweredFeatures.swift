import PareDatapath
import PareNetwork
import PareNumerics

extension FixedNetwork {
  /// The features' wires, in their order.
  ///
  /// - Parameter lag: samples by which everything waits.
  func lowerFeatures(
    of inputs: [Wire], lag: Int, into builder: inout DatapathBuilder
  ) throws -> [Wire] {
    var delays = SharedDelays()
    let envelopes = try lowerEnvelopes(of: inputs, lag: lag, &delays, into: &builder)
    var products = features.products[...]
    return try architecture.features.map { feature in
      let carrier = feature.channel.map {
        delays.wire(inputs[$0], samples: lag + feature.carrierLag, in: &builder)
      }
      guard feature.hasEnvelope else { return carrier! }
      let envelope = delays.wire(
        envelopes[feature.envelope]!, samples: feature.envelopeLag, in: &builder)
      guard let carrier else { return envelope }
      let label = feature.label
      let product = try builder.multiply(carrier, envelope, label: label)
      return try builder.requantize(product, by: products.removeFirst(), label: label)
    }
  }

  private func lowerEnvelopes(
    of inputs: [Wire], lag: Int, _ delays: inout SharedDelays, into builder: inout DatapathBuilder
  ) throws -> [Feature.Envelope: Wire] {
    var wires: [Feature.Envelope: Wire] = [:]
    for (envelope, requantizer) in zip(architecture.features.envelopes, features.envelopes) {
      let label = envelope.label
      let exact: Wire
      switch envelope.origin {
      case .squares:
        let signal = inputs[..<2].map { delays.wire($0, samples: lag, in: &builder) }
        let squares = try signal.enumerated().map {
          LinearTerm(1, try builder.multiply($1, $1, label: "x\($0)sq"))
        }
        exact = try builder.linear(
          squares, fractionBits: 2 * inputFormat.fractionBits, label: label)
      case .correlation(let distance, let part):
        let now = inputs[..<2].map { delays.wire($0, samples: lag, in: &builder) }
        let past = inputs[..<2].map { delays.wire($0, samples: lag + distance, in: &builder) }
        let pairs = part == .real ? [(0, 0), (1, 1)] : [(1, 0), (0, 1)]
        let terms = try pairs.enumerated().map { place, pair in
          LinearTerm(
            place == 1 && part == .imaginary ? -1 : 1,
            try builder.multiply(
              now[pair.0], past[pair.1], label: "x\(pair.0)x\(pair.1)d\(distance)"))
        }
        exact = try builder.linear(
          terms, fractionBits: 2 * inputFormat.fractionBits, label: label)
      case .product(let a, let b):
        exact = try builder.multiply(wires[a]!, wires[b]!, label: label)
      case .root:
        let table = features.magnitude!
        wires[envelope] = try builder.lookup(
          wires[.power(2)]!, shift: table.shift, table: table.values, format: requantizer.format,
          label: label)
        continue
      }
      wires[envelope] = try builder.requantize(exact, by: requantizer, label: label)
    }
    return wires
  }
}

/// Delayed wires, each made once.
private struct SharedDelays {
  private struct Key: Hashable {
    let wire: Wire
    let samples: Int
  }

  private var known: [Key: Wire] = [:]

  mutating func wire(_ wire: Wire, samples: Int, in builder: inout DatapathBuilder) -> Wire {
    let key = Key(wire: wire, samples: samples)
    if let delayed = known[key] { return delayed }
    let delayed = builder.delay(wire, samples: samples)
    known[key] = delayed
    return delayed
  }
}

extension DatapathBuilder {
  fileprivate mutating func requantize(
    _ wire: Wire, by requantizer: Requantizer, label: String
  ) throws -> Wire {
    try requantize(
      wire, to: requantizer.format, rounding: requantizer.rounding, overflow: requantizer.overflow,
      label: label)
  }
}
