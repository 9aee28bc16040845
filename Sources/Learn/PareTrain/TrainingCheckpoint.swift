public import PareNetwork

/// A dense training between two steps.
///
/// Going on from it with the same recipe, data and seed ends in the bits of a run that was never stopped.
public struct TrainingCheckpoint: Hashable, Sendable, Codable {
  public let architecture: Architecture
  public let seed: UInt64
  /// Optimizer steps done.
  public var step: Int { state.step }
  let state: DescentState

  /// Whether every array has the size that the architecture needs: a damaged file does not.
  var isWhole: Bool {
    let count = architecture.layerShapes.reduce(0) { $0 + $1.weightCount + $1.outputChannels }
    let arrays = [
      state.parameters, state.firstMoment, state.secondMoment, state.best?.parameters ?? [],
    ]
    return arrays.allSatisfy { $0.count == count && $0.allSatisfy(\.isFinite) } && step >= 1
  }
}
