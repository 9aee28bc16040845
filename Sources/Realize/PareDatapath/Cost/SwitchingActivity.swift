import PareNumerics

/// How many bits change from sample to sample, node by node, counted on a stretch of a stream.
///
/// A pipelined circuit shows each wire one value per sample, so these are the toggles of registers; what logic does within a
/// clock before it settles is not counted.
public struct SwitchingActivity: Hashable, Sendable {
  /// Steps from one sample to the next that were counted.
  public let stepCount: Int
  /// Changed bits of each node's word, summed over the steps. A delay has none of its own.
  public let toggles: [Int]
  /// Those of them that come out of logic: not the low bits that an adder passes through.
  public let logicToggles: [Int]
  /// Changed address bits of each table; 0 for all other nodes.
  public let addressToggles: [Int]
}

extension Datapath {
  /// Counts toggles over a stretch of the stream that starts from the state of zeros.
  ///
  /// The first ``memory`` samples only fill the delays and are not counted.
  ///
  /// - Parameter channels: raw integers `[input][sample]`, within the ranges of the inputs.
  /// - Throws: ``DatapathError`` for channels that do not fit, or fewer than two samples beyond the memory.
  /// - Precondition: the graph verifies.
  /// - Complexity: O(operands * samples).
  public func activity(on channels: [[Int64]]) throws(DatapathError) -> SwitchingActivity {
    _ = try checkedSegments(nil, for: channels)
    try checkRanges(of: channels)
    let count = channels.first?.count ?? 0
    let start = memory
    guard count >= start + 2 else {
      throw DatapathError(
        .badStream(
          "\(count) samples to count toggles on; the graph remembers \(start), so that at least "
            + "\(start + 2) are needed"))
    }
    var toggles = Array(repeating: 0, count: nodes.count)
    var logicToggles = toggles
    var addressToggles = toggles
    var run = StretchRun(self, count: count)
    let lead = run.lead
    run(channels) { index, row, run in
      let node = nodes[index]
      let word = Self.word(of: node.range.signedBits)
      toggles[index] = Self.toggles(row, from: lead + start, in: word)
      let passed = lowestLogicBit(of: node)
      logicToggles[index] =
        passed > 0
        ? Self.toggles(row, from: lead + start, in: word & (-1 << Int64(passed)))
        : toggles[index]
      if case .lookup(let wire, let shift, let table) = node.op {
        let (values, first) = run.row(of: wire)
        let addresses = values[(first + start)..<(first + count)].map { raw in
          min((raw < 0 ? ~raw : raw) >> Int64(shift), Int64(table.count - 1))
        }
        addressToggles[index] = Self.toggles(addresses, from: 0, in: -1)
      }
    }
    return SwitchingActivity(
      stepCount: count - start - 1, toggles: toggles, logicToggles: logicToggles,
      addressToggles: addressToggles)
  }

  private static func word(of bits: Int) -> Int64 {
    bits >= 64 ? -1 : (Int64(1) << Int64(bits)) - 1
  }

  private static func toggles(_ row: [Int64], from start: Int, in mask: Int64) -> Int {
    let values = row.span
    var sum: Int64 = 0
    precondition(start >= 0 && start < values.count, "start \(start) of \(values.count)")
    // The bounds are checked above.
    for i in (start + 1)..<values.count {
      let changed = unsafe (values[unchecked: i] ^ values[unchecked: i - 1]) & mask
      sum &+= Int64(truncatingIfNeeded: changed.nonzeroBitCount)
    }
    return Int(sum)
  }
}
