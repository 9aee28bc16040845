public import PareExplore

/// What a report shows, gathered and selected: plain values, so that a page depends on nothing else.
public struct ReportData: Hashable, Sendable {
  /// A line above the plots.
  public struct Fact: Hashable, Sendable {
    public var title: String
    public var text: String
    /// A command line, set in the type of one.
    public var isCommand: Bool

    public init(_ title: String, _ text: String, isCommand: Bool = false) {
      self.title = title
      self.text = text
      self.isCommand = isCommand
    }
  }

  /// How far a point came in the selection.
  public struct Standing: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Not dominated by a point of its quantizer.
    public static let schemeFront = Standing(rawValue: 1)
    /// Not dominated by any point.
    public static let merged = Standing(rawValue: 2)
    /// In the final front, when the exclusion rules are through. A point can be in it and not in the merged front: what
    /// dominated it may have given way to a rule.
    public static let kept = Standing(rawValue: 4)
    /// Among those of the final front that are worth most.
    public static let top = Standing(rawValue: 8)
  }

  /// A member of a front that an exclusion rule took away.
  public struct Removal: Hashable, Sendable {
    /// The rule in words, with its number.
    public var rule: String
    /// Index of the point in ``ReportData/points``.
    public var removed: Int
    /// Index of the one that it gave way to.
    public var kept: Int
    /// The values that decided.
    public var reason: String

    public init(rule: String, removed: Int, kept: Int, reason: String) {
      self.rule = rule
      self.removed = removed
      self.kept = kept
      self.reason = reason
    }
  }

  /// A point without a result.
  public struct Failure: Hashable, Sendable {
    public var key: String
    public var name: String
    public var reason: String

    public init(key: String, name: String, reason: String) {
      self.key = key
      self.name = name
      self.reason = reason
    }
  }

  /// Name of the run, as the title and in the names of exported plots.
  public var run: String
  public var facts: [Fact] = []
  public var points: [CandidateSummary]
  /// One for each point.
  public var standings: [Standing]
  /// What the fronts were selected by, in words such as `nmse` or `max:sparsity`.
  public var objectives: [String]
  /// Whether the objectives are the validation NMSE and nnz, both minimized: a front is then a staircase of the plots.
  public var hasStairs: Bool
  public var removals: [Removal] = []
  /// Those that are listed; ``failureCount`` counts all.
  public var failures: [Failure] = []
  public var failureCount = 0
  /// File name of the page about implemented candidates, beside this one; nil when there is none.
  public var qorPage: String?
  /// Path of a point's model, relative to the page; by index of the point.
  public var modelPaths: [Int: String] = [:]

  /// - Precondition: as many standings as points; a point is `top` only when `kept`.
  public init(
    run: String, points: [CandidateSummary], standings: [Standing], objectives: [String],
    hasStairs: Bool
  ) {
    precondition(
      points.count == standings.count, "\(standings.count) standings of \(points.count) points")
    for (point, standing) in zip(points, standings) {
      precondition(
        !standing.contains(.top) || standing.contains(.kept),
        "\(point.key) has the standing \(standing.rawValue)")
    }
    self.run = run
    self.points = points
    self.standings = standings
    self.objectives = objectives
    self.hasStairs = hasStairs
  }

  func indices(_ standing: Standing) -> [Int] {
    standings.indices.filter { standings[$0].contains(standing) }
  }
}
