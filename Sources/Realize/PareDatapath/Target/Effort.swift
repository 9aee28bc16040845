/// How long the search for a small adder graph may take.
public enum Effort: String, Hashable, Sendable, Codable, CaseIterable {
  /// No search: every sum is a tree of its own, and nothing is shared.
  case none
  /// A single pass: a few milliseconds for a small layer.
  case fast
  /// Restarts with other signed-digit forms and other ways to break ties; seconds.
  case normal
  /// More of them; a minute and more.
  case high
}

/// What the search for a small adder graph aims at.
public struct SolverOptions: Hashable, Sendable, Codable {
  public var family: LogicFamily
  public var effort: Effort
  /// Of the restarts; the same seed gives the same graph, at any speed of the machine.
  public var seed: UInt64

  public init(family: LogicFamily = .generic, effort: Effort = .normal, seed: UInt64 = 1) {
    self.family = family
    self.effort = effort
    self.seed = seed
  }
}
