public import PareQoR

/// What a reproduction of the paper's second table measured.
public struct TableTwoReport: Sendable, Codable {
  /// One network as gates.
  public struct Design: Sendable, Codable {
    /// The candidate's short name.
    public let name: String
    /// The candidate's key in the ledger.
    public let key: String
    /// Integer weights that are not 0.
    public let nnz: Int
    /// In integers, in dB.
    public let validationNMSEdB: Double
    public let testNMSEdB: Double
    /// Of the design folder: all stages on all devices.
    public let records: [QoRRecord]
    /// The design folder of the first device.
    public let folder: String

    /// The record that the table shows: synthesis on a device.
    public func synthesis(on device: String) -> QoRRecord? {
      records.first { $0.stage == .synthesis && $0.target == device }
    }
  }

  public struct Row: Sendable, Codable {
    public let name: String
    public let quantizer: String
    public let published: PaperDesign.Published
    public let isPruned: Bool
    public let optimized: Design
    /// Dense, 16 bits, a multiplication for each weight.
    public let twin: Design
    /// The smallest candidate that is no worse than ``optimized``.
    public let best: Design

    init(
      paper: PaperDesign, isPruned: Bool, optimized: Design, twin: Design, best: Design
    ) {
      name = paper.name
      quantizer = paper.quantizer.shortName
      published = paper.published
      self.isPruned = isPruned
      self.optimized = optimized
      self.twin = twin
      self.best = best
    }
  }

  public let dataset: String
  public let device: String
  public let clockMHz: Double
  public let activation: String
  /// Networks that ``Row/best`` is chosen from.
  public let candidates: Int
  public let rows: [Row]
  public let folder: String

  /// LUTs that a DSP block counts as in ``Figures/area``.
  public static let lutsPerDSP = 100.0

  /// What the table shows of a design.
  public struct Figures: Sendable {
    public let lut: Double
    public let ff: Double
    public let dsp: Double
    /// Milliwatts; nil without a power model for the part.
    public let dynamicMW: (low: Double, typical: Double, high: Double)?
    public var area: Double { lut + TableTwoReport.lutsPerDSP * dsp }

    init?(_ record: QoRRecord?) {
      guard let record, let lut = record[.lut], let ff = record[.ff] else { return nil }
      self.lut = lut
      self.ff = ff
      dsp = record[.dsp] ?? 0
      if let typical = record[.powerDynamicW], let low = record[.powerDynamicLowW],
        let high = record[.powerDynamicHighW]
      {
        dynamicMW = (1e3 * low, 1e3 * typical, 1e3 * high)
      } else {
        dynamicMW = nil
      }
    }
  }
}
