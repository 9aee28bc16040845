import PareText

extension SweepPlan {
  /// The table of `pare sweep --dry-run`.
  ///
  /// - Parameter jobs: trainings at a time, for the estimate.
  public func text(jobs: Int) -> String {
    let most = isBound ? "at most " : ""
    var table = TextTable([("", .left), ("", .right)])
    table.add(["points", most + points.grouped])
    if points != pointsOfSpace { table.add(["points of the space", pointsOfSpace.grouped]) }
    for count in quantizers {
      table.add(["  quantizer \(count.quantizer)", most + count.points.grouped])
    }
    table.add(["dense networks", most + denseParents.grouped])
    table.add(["trainings (networks x seeds)", most + trainings.grouped])
    table.add(["pruning chains", most + chains.grouped])
    table.add([
      "weights of a network",
      leastWeights == mostWeights
        ? leastWeights.grouped : "\(leastWeights.grouped) to \(mostWeights.grouped)",
    ])
    table.add([
      "time with \(jobs == 1 ? "1 job" : "\(jobs) jobs"), estimated",
      most + Self.duration(wallSeconds(jobs: jobs)),
    ])
    // The headings and their rule say nothing here.
    return table.text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2).joined(
      separator: "\n")
  }

  /// What `--json` prints.
  public struct Report: Hashable, Sendable, Codable {
    public let points: Int
    public let pointsOfSpace: Int
    public let quantizers: [QuantizerCount]
    public let denseParents: Int
    public let trainings: Int
    public let chains: Int
    public let leastWeights: Int
    public let mostWeights: Int
    /// Whether the counts are the most that there can be.
    public let isBound: Bool
    /// Wall time.
    public let estimatedSeconds: Double
  }

  public func report(jobs: Int) -> Report {
    Report(
      points: points, pointsOfSpace: pointsOfSpace, quantizers: quantizers,
      denseParents: denseParents, trainings: trainings, chains: chains, leastWeights: leastWeights,
      mostWeights: mostWeights, isBound: isBound, estimatedSeconds: wallSeconds(jobs: jobs))
  }

  /// A time with no more digits than an estimate deserves.
  static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<99.5: "\(seconds.fixed(0)) s"
    case ..<5_970: "\((seconds / 60).fixed(0)) min"
    case ..<(99.5 * 3600): "\((seconds / 3600).fixed(1)) h"
    default: "\((seconds / 86_400).fixed(1)) days"
    }
  }
}
