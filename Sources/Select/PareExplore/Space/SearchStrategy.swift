/// Which points of a space a sweep works out.
public enum SearchStrategy: Hashable, Sendable {
  /// All of them.
  case grid
  /// So many different ones, each as likely as any other.
  case random(count: Int)
  /// Those that a multi-objective evolutionary search proposes.
  case evolution(EvolutionSettings)
}

/// Knobs of the evolutionary search.
public struct EvolutionSettings: Hashable, Sendable {
  /// Points that survive a generation, and about as many as each proposes.
  public var population = 64
  /// The first, drawn at random, included.
  public var generations = 20
  /// At least two, each better when smaller unless ``Metric/isMaximized`` says otherwise.
  public var objectives: [Metric] = [.nmse, .nnz]
  /// Whether a dense network that is trained is used for all its pruning levels and quantizers, which cost little once it
  /// is there; a generation then proposes dense networks until their points are `population`.
  public var wholeParents = true
  /// How likely a child has two parents; it then takes each place from either.
  public var crossover = 0.9
  /// Axes that a child changes by itself, on average.
  public var mutations = 1.0

  public init() {}
}
