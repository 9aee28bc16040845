import PareText

/// A bound on a metric, such as `power<=0.5W`.
public struct Budget: Hashable, Sendable, CustomStringConvertible {
  public enum Relation: String, Hashable, Sendable, CaseIterable {
    case atMost = "<="
    case atLeast = ">="
    case below = "<"
    case above = ">"
  }

  public let metric: Metric
  public let relation: Relation
  /// In the metric's unit.
  public let limit: Double

  public init(_ metric: Metric, _ relation: Relation, _ limit: Double) {
    self.metric = metric
    self.relation = relation
    self.limit = limit
  }

  /// Reads a metric, `<=`, `>=`, `<` or `>`, and a number with or without the metric's unit; watts also as mW or uW.
  ///
  /// - Throws: ``ExploreError`` that says which part cannot be read.
  public init(parsing text: String) throws {
    // The longer signs come first, so that `<=` is not read as `<`.
    guard
      let relation = Relation.allCases.first(where: { text.firstRange(of: $0.rawValue) != nil }),
      let sign = text.firstRange(of: relation.rawValue)
    else {
      throw Self.fault(text, "has none of <=, >=, <, >")
    }
    metric = try Metric(parsing: String(text[..<sign.lowerBound]).trimmed)
    self.relation = relation
    let amount = String(text[sign.upperBound...]).trimmed
    var scales = [("", 1.0)]
    if !metric.unit.isEmpty { scales.append((metric.unit.lowercased(), 1)) }
    if metric == .power { scales = [("mw", 1e-3), ("uw", 1e-6)] + scales.reversed() }
    if metric == .energy { scales = [("nj", 1e-9), ("pj", 1e-12)] + scales.reversed() }
    let lowered = amount.lowercased()
    for (unit, scale) in scales.sorted(by: { $0.0.count > $1.0.count })
    where lowered.hasSuffix(unit) {
      if let number = Double(String(lowered.dropLast(unit.count)).trimmed), number.isFinite {
        limit = number * scale
        return
      }
    }
    throw Self.fault(
      text,
      "'\(amount)' is no number\(metric.unit.isEmpty ? "" : " of \(metric.unit)")")
  }

  public var description: String {
    "\(metric.rawValue)\(relation.rawValue)\(limit)\(metric.unit.isEmpty ? "" : " " + metric.unit)"
  }

  /// Whether a candidate has the figure and it keeps the bound.
  public func holds(for metrics: Metrics) -> Bool {
    guard let value = metrics[metric] else { return false }
    return switch relation {
    case .atMost: value <= limit
    case .atLeast: value >= limit
    case .below: value < limit
    case .above: value > limit
    }
  }

  private static func fault(_ text: String, _ reason: String) -> ExploreError {
    ExploreError(
      .option("budget"), "the budget '\(text)' \(reason)", hint: "such as 'power<=0.5W'",
      kind: .usage)
  }
}
