import PareNetwork

/// The design spaces that have names.
public enum SpacePreset: String, Hashable, Sendable, CaseIterable {
  /// The published grid: 1,344 points of 56 dense networks.
  case paper
  /// A small one that shows everything in about a minute: 48 points of 4 dense networks.
  case quick
  /// The networks of the paper's second table and what may do better: 432 points of 18 dense networks.
  case table2

  public var space: DesignSpace {
    var space = DesignSpace()
    space.activations = [.tanh]
    switch self {
    case .paper:
      space.kernelSizes = [3, 5, 7, 11]
      space.widths = .uniform(convolutions: [2, 3], channels: [2, 4, 6, 8, 10, 14, 16])
      space.sparsities = [0, 0.30, 0.65, 0.83, 0.91, 0.95, 0.98, 0.99]
      space.quantizers = [.none, .pot(), .apot()]
    case .table2:
      space.activations = [.relu, .tanh]
      space.kernelSizes = [3, 5, 7]
      space.widths = .uniform(convolutions: [2], channels: [4, 8, 14])
      space.sparsities = [0, 0.30, 0.65, 0.83, 0.91, 0.95, 0.98, 0.99]
      space.quantizers = [.none, .pot(), .apot()]
    case .quick:
      space.kernelSizes = [3, 5]
      space.widths = .uniform(convolutions: [2], channels: [4, 8])
      space.sparsities = [0, 0.50, 0.80, 0.95]
      space.quantizers = [.none, .pot(), .apot()]
    }
    return space
  }
}
