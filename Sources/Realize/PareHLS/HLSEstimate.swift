public import PareFixed
import PareNetwork
import PareNumerics

/// What a design is expected to need, counted from its directives and its network; no tool has run.
///
/// A loop that is not unrolled takes a clock per trip, and everything else of a layer one clock. A multiplier takes as many
/// DSP blocks as tiles of 27 x 18 bits cover its operands (the DSP48E2 of UltraScale+); a tool may build narrow ones of logic.
public struct HLSEstimate: Hashable, Sendable, Codable {
  /// Clocks from one sample to the next.
  public let initiationInterval: Int
  /// Multipliers of all layers and features.
  public let multipliers: Int
  /// DSP blocks.
  public let dsp: Int
  public let provenance: String

  public static let ownEstimate = "estimated by pare from the directives; no vendor tool has run"

  /// - Throws: ``HLSError`` as the generator does.
  public init(_ network: FixedNetwork, named name: String = "dpd", options: HLSOptions) throws {
    self.init(try NetworkPlan(network, named: name, options: options))
  }

  init(_ plan: NetworkPlan) {
    var multipliers = 0
    var dsp = 0
    func add(_ count: Int, _ a: Int, _ b: Int) {
      multipliers += count
      let isFabric = plan.directives.multipliers?.implementation == .fabric
      dsp += isFabric ? 0 : count * Self.tiles(a, b)
    }
    for layer in plan.layers where layer.fir.multiplications > 0 {
      add(plan.multipliers(of: layer.fir), layer.inputType.wordLength, layer.fir.weightBits)
    }
    if let fir = plan.direct?.fir, fir.multiplications > 0 {
      add(plan.multipliers(of: fir), plan.signalType.wordLength, fir.weightBits)
    }
    // Products of the features: two of the signal for the square and each correlation, one for an envelope made of two
    // others, one for each carrier.
    let share = max(1, plan.directives.pipelineInterval ?? 1)
    let signal = plan.signalType.wordLength
    for envelope in plan.envelopes {
      switch envelope.envelope.origin {
      case .squares, .correlation: add((2 + share - 1) / share, signal, signal)
      case .product(let a, let b):
        add(1, plan.plan(of: a).type.wordLength, plan.plan(of: b).type.wordLength)
      case .root: break
      }
    }
    for feature in plan.architecture.features where feature.isProduct {
      add(1, signal, plan.plan(of: feature.envelope).type.wordLength)
    }
    self.multipliers = multipliers
    self.dsp = dsp
    initiationInterval = plan.estimatedInterval
    provenance = Self.ownEstimate
  }

  static func tiles(_ a: Int, _ b: Int) -> Int {
    let (wide, narrow) = (max(a, b), min(a, b))
    return ((wide + 26) / 27) * ((narrow + 17) / 18)
  }
}

extension NetworkPlan {
  /// Multipliers that a filter's products share.
  func multipliers(of fir: FIRPlan) -> Int {
    guard fir.multiplications > 0 else { return 0 }
    let sharing = max(directives.reuseFactor ?? 1, directives.pipelineInterval ?? 1)
    let shared = (fir.multiplications + sharing - 1) / sharing
    guard options.form == .loops, directives.pipelineInterval == nil else { return shared }
    switch directives.unroll {
    case .full: return shared
    case .none: return 1
    case .factor(let factor): return min(factor, fir.multiplications)
    }
  }

  var estimatedInterval: Int {
    if let interval = directives.pipelineInterval { return interval }
    var parts = layers.map { clocks(of: $0.fir, delays: $0.fir.depth, channels: $0.fir.shape) }
    if let direct {
      parts.append(
        clocks(
          of: direct.fir, delays: direct.depth, channels: layers[layers.count - 1].fir.shape))
    }
    return directives.isDataflow ? parts.max() ?? 1 : parts.reduce(0, +)
  }

  private func clocks(of fir: FIRPlan?, delays: Int, channels: LayerShape) -> Int {
    var total = 1
    if !isWhole { total += fir.map { $0.shape.inputChannels * delays } ?? delays }
    let count = fir?.taps.count ?? 0
    switch options.form {
    case .unrolled:
      let interval = directives.isDataflow ? directives.loopInterval ?? directives.reuseFactor : nil
      total = max(total, interval ?? 1)
    case .loops:
      if !isWhole { total += 2 * channels.outputChannels }
      switch directives.unroll {
      case .full: break
      case .none: total += count * (directives.loopInterval ?? 1)
      case .factor(let factor):
        total += (count + factor - 1) / factor * (directives.loopInterval ?? 1)
      }
    }
    return total
  }
}
