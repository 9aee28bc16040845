public import PareFixed
import PareText

/// The usual choices of ``Directives``.
public enum DirectivePreset: String, Hashable, Sendable, Codable, CaseIterable {
  /// A sample per clock: one pipeline, everything unrolled, every register of its own.
  case throughput
  /// One multiplier per layer, which all of its products share.
  case area
  /// Nothing is told: what the tool makes of the code alone.
  case baseline

  /// - Parameters:
  ///   - form: a pipeline of unrolled code shares multipliers by its interval, loops do so by their trips.
  ///   - reuseFactor: multiplications per multiplier in place of the preset's own choice, which is 1 for `throughput` and
  ///     all of a layer for `area`.
  /// - Throws: ``HLSError`` for a factor that is not positive, or one for `baseline`.
  public func directives(
    for network: FixedNetwork, form: HLSForm, reuseFactor: Int? = nil
  ) throws -> Directives {
    guard self != .baseline else {
      guard reuseFactor == nil else {
        throw HLSError(
          .directive("reuse factor"), "the preset 'baseline' tells the tool nothing",
          hint: "leave the reuse factor out, or take 'throughput' or 'area'")
      }
      return Directives()
    }
    let products =
      network.layers.map { $0.taps.count { $0 != 0 } }
      + (network.branch.map { [$0.taps.count { $0 != 0 }] } ?? [])
    let all = max(1, products.max() ?? 1)
    let factor = reuseFactor ?? (self == .throughput ? 1 : all)
    // Before anything is divided by it.
    try Directives(reuseFactor: factor).check()
    let directives =
      switch form {
      case .unrolled:
        Directives(
          pipelineInterval: factor, partition: .complete, multipliers: .init(.dsp),
          interface: .axiStream, reuseFactor: factor)
      case .loops where factor == 1:
        Directives(
          pipelineInterval: 1, unroll: .full, partition: .complete, multipliers: .init(.dsp),
          interface: .axiStream, reuseFactor: 1)
      case .loops:
        Directives(
          loopInterval: 1, unroll: .factor(max(1, (all + factor - 1) / factor)),
          partition: .complete, multipliers: .init(.dsp), interface: .axiStream,
          reuseFactor: factor)
      }
    try directives.check()
    return directives
  }
}
