import PareText

/// A metric, and which way is better.
public struct Objective: Hashable, Sendable, Codable, CustomStringConvertible {
  public let metric: Metric
  public let isMaximized: Bool

  /// - Parameter isMaximized: the metric's own direction when nothing is said.
  public init(_ metric: Metric, isMaximized: Bool? = nil) {
    self.metric = metric
    self.isMaximized = isMaximized ?? metric.isMaximized
  }

  /// Reads `nmse`, `min:latency`, `max:nnz`, or `-nnz` for the opposite of the metric's own direction.
  ///
  /// - Throws: ``ExploreError`` for an unknown metric, with the nearest known one.
  public init(parsing text: String) throws {
    for (prefix, isMaximized) in [("min:", false), ("max:", true)] where text.hasPrefix(prefix) {
      self.init(try Metric(parsing: text.dropFirst(prefix.count)), isMaximized: isMaximized)
      return
    }
    let metric = try Metric(parsing: text.hasPrefix("-") ? text.dropFirst() : text[...])
    self.init(metric, isMaximized: text.hasPrefix("-") != metric.isMaximized)
  }

  /// Reads objectives with commas between them.
  ///
  /// - Throws: ``ExploreError`` for an unknown metric, and for one that stands twice.
  public static func list(parsing text: String) throws -> [Objective] {
    let objectives = try text.split(separator: ",", omittingEmptySubsequences: false)
      .map { try Objective(parsing: String($0).trimmed) }
    var seen: Set<Metric> = []
    for objective in objectives where !seen.insert(objective.metric).inserted {
      throw ExploreError(
        .option("objectives"), "the objective '\(objective.metric.rawValue)' stands twice",
        hint: "name each metric once", kind: .usage)
    }
    return objectives
  }

  /// What ``init(parsing:)`` reads.
  public var description: String {
    isMaximized == metric.isMaximized
      ? metric.rawValue : (isMaximized ? "max:" : "min:") + metric.rawValue
  }

  /// The figure as a cost, of which less is better; nil when there is none or it is not finite.
  func cost(of metrics: Metrics) -> Double? {
    guard let value = metrics[metric], value.isFinite else { return nil }
    return cost(value)
  }

  func cost(_ value: Double) -> Double { isMaximized ? -value : value }
  func value(_ cost: Double) -> Double { isMaximized ? -cost : cost }
}

extension [Objective] {
  /// What the paper selects by.
  public static let paper = [Objective(.nmse), Objective(.nnz)]
}

extension Metric {
  /// Reads a metric's name, in any case.
  ///
  /// - Throws: ``ExploreError`` with the nearest known name.
  public init(parsing text: some StringProtocol) throws {
    let name = String(text)
    if let metric = Self.allCases.first(where: {
      $0.rawValue.lowercased() == name.lowercased()
    }) {
      self = metric
      return
    }
    let names = Self.allCases.map(\.rawValue)
    throw ExploreError(
      .option("metric"), "'\(name)' is not a metric",
      hint: nearestWord(to: name, among: names).map { "did you mean '\($0)'?" }
        ?? "one of \(names.joined(separator: ", "))", kind: .usage)
  }
}

extension String {
  /// Without the spaces at both ends.
  var trimmed: String {
    var text = self[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
