public import PareDPD
public import PareSignal

/// What a drive is worth through every one of several judges, and the worst of it.
public struct DriveScores: Sendable, Encodable {
  /// One drive through one judge; dB throughout, lower is better but for the quality.
  public struct Figures: Hashable, Sendable, Encodable {
    public let nmseDB: Double
    /// Absent on a split without a whole symbol.
    public let evmDB: Double?
    /// Error in the band over the target in the band.
    public let bandErrorDB: Double
    public let aclrLowerDB: Double
    public let aclrUpperDB: Double
    /// Power of the output over the target's.
    public let powerErrorDB: Double
    /// Whether the power is close enough for the score to count.
    public let isFeasible: Bool

    public init(_ score: LinearizationScore) {
      nmseDB = score.nmse
      evmDB = score.evm
      bandErrorDB = score.bandError
      aclrLowerDB = score.aclrLower
      aclrUpperDB = score.aclrUpper
      powerErrorDB = score.powerError
      isFeasible = score.isFeasible
    }

    /// Column by column the worst, of the powers the one farthest from the target's.
    fileprivate init(worstOf all: [Figures]) {
      func largest(_ value: (Figures) -> Double) -> Double { all.map(value).max()! }
      nmseDB = largest(\.nmseDB)
      evmDB = all.compactMap(\.evmDB).max()
      bandErrorDB = largest(\.bandErrorDB)
      aclrLowerDB = largest(\.aclrLowerDB)
      aclrUpperDB = largest(\.aclrUpperDB)
      powerErrorDB = all.map(\.powerErrorDB).max { abs($0) < abs($1) }!
      isFeasible = all.allSatisfy(\.isFeasible)
    }
  }

  public struct Row: Hashable, Sendable, Encodable {
    public let judge: String
    public let drive: Figures
    /// The input without predistortion, scaled to the wanted power, through the same judge.
    public let baseline: Figures
    /// Half the gain in EVM (in the band's error, where there is no EVM) and half the gain of the worse ACLR side.
    public let qualityDB: Double
    /// NMSE of the judge itself, fed with the unpredistorted input, against what the real amplifier put out.
    public let fidelityDB: Double
  }

  public struct Minimum: Hashable, Sendable, Encodable {
    public let drive: Figures
    public let qualityDB: Double
  }

  /// What the in-band half of the quality is made of.
  public enum InBandMeasure: String, Hashable, Sendable, Encodable {
    case evm
    case bandError
  }

  public let split: String
  public let sampleCount: Int
  public let inBandMeasure: InBandMeasure
  public let judges: [Row]
  /// The least quality over the judges, and of every figure the worst.
  public let minimum: Minimum

  /// - Precondition: at least one judge.
  /// - Throws: `PredistortionError` for a drive of another length, or with samples that are not finite.
  public init(
    of drive: IQSignal, on split: BenchmarkSplit, through judges: [Judge],
    in benchmark: PredistortionBenchmark
  ) throws {
    precondition(!judges.isEmpty, "a score without a judge")
    var inBand = InBandMeasure.evm
    let rows = try judges.map { judge in
      try Task.checkCancellation()
      let score = try benchmark.score(drive, on: split, through: judge.amplifier)
      let baseline = try benchmark.baseline(on: split, through: judge.amplifier)
      if score.evm == nil { inBand = .bandError }
      return Row(
        judge: judge.name, drive: Figures(score), baseline: Figures(baseline),
        qualityDB: score.quality(over: baseline),
        fidelityDB: benchmark.fidelity(of: judge.amplifier, on: split))
    }
    self.split = split.rawValue
    sampleCount = drive.count
    inBandMeasure = inBand
    self.judges = rows
    minimum = Minimum(
      drive: Figures(worstOf: rows.map(\.drive)), qualityDB: rows.map(\.qualityDB).min()!)
  }
}
