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
