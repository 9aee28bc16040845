import PareText

/// How far apart two figures may be and still count as equal.
public struct Tolerance: Hashable, Sendable, Codable {
  /// dB.
  public var nmse: Double
  /// Weights.
  public var nnz: Double

  /// - Precondition: neither is negative.
  public init(nmse: Double = 0.1, nnz: Double = 0) {
    precondition(nmse >= 0 && nnz >= 0, "a tolerance of \(nmse) dB and \(nnz) weights")
    self.nmse = nmse
    self.nnz = nnz
  }
}

/// Which of two good things is not given up for a little of the other.
public enum Preference: String, Hashable, Sendable, Codable, CaseIterable {
  /// Fewer weights are worth an NMSE that is worse within its tolerance.
  case nnz
  /// An NMSE is never given up for fewer weights, unless it is exactly equal.
  case nmse
}

/// The paper's five tie-breaks between solutions that are nearly the same.
///
/// 1. NMSE equal, more weights: removed.
/// 2. Weights equal, NMSE worse: removed.
/// 3. Both equal, different quantizers: those of the quantizer with the least power stay.
/// 4. Both and the quantizer equal: those with the fewest channels stay.
/// 5. Channels equal too: those with the fewest convolutions stay.
///
/// "Equal" means within the ``Tolerance``. As that is not transitive, each rule forms groups: candidates are taken in a fixed order,
/// and each joins the group of the earliest anchor that is equal to it, or becomes an anchor. The order is by (nnz, NMSE,
/// key), for rule 2 by (NMSE, nnz, key), so that rules 1 and 2 keep their anchors and equality cannot creep along a chain. No
/// other order enters, so neither does that of the candidates. What is equal after rule 5 stays.
///
/// The rules run again until none removes anything: a rule may take away what an earlier one compared with.
public struct ExclusionRules: Hashable, Sendable, Codable {
  public var tolerance: Tolerance
  /// With `nmse`, rule 2 comes before rule 1, and rule 1 wants NMSE exactly equal.
  public var preference: Preference

  public init(tolerance: Tolerance = Tolerance(), preference: Preference = .nnz) {
    self.tolerance = tolerance
    self.preference = preference
  }

  /// One candidate that was taken out for another.
  public struct Removal: Hashable, Sendable, Codable {
    /// 1 to 5.
    public let rule: Int
    /// Keys; what was kept can itself be taken out by a later removal.
    public let kept: String
    public let removed: String
    public let keptValues: Values
    public let removedValues: Values

    /// What the rules look at.
    public struct Values: Hashable, Sendable, Codable {
      public let name: String
      public let quantizer: String
      public let nmse: Double
      public let nnz: Double
      public let power: Double?
      public let channels: Double?
      public let convolutions: Double?

      init(_ candidate: CandidateSummary) {
        name = candidate.name
        quantizer = candidate.quantizer
        nmse = candidate.metrics[.nmse]!
        nnz = candidate.metrics[.nnz]!
        power = candidate.metrics[.power]
        channels = candidate.metrics[.channels]
        convolutions = candidate.metrics[.convolutions]
      }
    }

    /// One sentence.
    public var reason: String {
      func pair(_ values: Values) -> String { "\(values.nmse.fixed(2)) dB, \(Int(values.nnz)) nnz" }
      func figure(_ value: Double?) -> String { value.map { "\(Int($0))" } ?? "unknown" }
      let why =
        switch rule {
        case 1: "equal NMSE, fewer weights"
        case 2: "equal weights, better NMSE"
        case 3:
          "both equal, less power: \(Self.milliwatts(keptValues.power)) "
            + "instead of \(Self.milliwatts(removedValues.power))"
        case 4:
          "same quantizer, fewer channels: \(figure(keptValues.channels)) "
            + "instead of \(figure(removedValues.channels))"
        default:
          "same quantizer and channels, fewer convolutions: \(figure(keptValues.convolutions)) "
            + "instead of \(figure(removedValues.convolutions))"
        }
      return "rule \(rule): \(removedValues.name) (\(pair(removedValues))) for "
        + "\(keptValues.name) (\(pair(keptValues))): \(why)"
    }

    private static func milliwatts(_ power: Double?) -> String {
      power.map { "~\(($0 * 1000).fixed(1)) mW" } ?? "unknown"
    }
  }

  /// Takes out what the rules exclude.
  ///
  /// - Parameter candidates: in any order, keys differ. One without NMSE or nnz is kept and excludes nothing; power, channels or
  ///   convolutions that are missing count as the most.
  /// - Returns: the rest by (nnz, NMSE, key), and each removal in the order made.
  /// - Complexity: O(n log n) per run of the rules.
  public func callAsFunction(
    _ candidates: [CandidateSummary]
  ) -> (kept: [CandidateSummary], removals: [Removal]) {
    func isComplete(_ candidate: CandidateSummary) -> Bool {
      candidate.metrics[.nmse] != nil && candidate.metrics[.nnz] != nil
    }
    var contest = RuleContest(candidates.filter(isComplete), self)
    contest.run()
    let rest = candidates.filter { !isComplete($0) }.sorted { $0.key < $1.key }
    return (contest.survivors + rest, contest.removals)
  }
}
