public import PareQoR
import PareText

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
    /// The design folder.
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

  // MARK: Text

  /// The tables that the command line prints.
  public var text: String {
    """
    \(dataset), \(activation), \(device) at \(clockMHz.fixed(0)) MHz; NMSE of the test split, in integers

    \(mainTable)

    best: the fewest estimated LUTs among \(candidates) networks whose validation NMSE is no worse

    \(bestTable)

    \(notes.joined(separator: "\n"))
    """
  }

  private var mainTable: String {
    var table = TextTable([
      ("model", .left), ("design", .left), ("quantizer", .left), ("nnz", .right),
      ("NMSE dB", .right), ("LUT", .right), ("FF", .right), ("DSP", .right),
      ("dynamic mW", .right), ("area", .right), ("power", .right), ("loss dB", .right),
    ])
    for row in rows {
      let paper = row.published
      table.add([
        row.name, "published", row.quantizer, "", "", paper.lut.grouped, paper.ff.grouped,
        "\(paper.dsp)", "\((1e3 * paper.powerW).fixed(0)) in all", "", "", "",
      ])
      let (own, twin) = (figures(row.optimized), figures(row.twin))
      add("unoptimized", row.twin, "none", twin, against: nil, loss: nil, to: &table)
      add(
        "Pare", row.optimized, row.quantizer, own, against: twin,
        loss: row.optimized.testNMSEdB - row.twin.testNMSEdB, to: &table)
    }
    return table.text
  }

  private var bestTable: String {
    var table = TextTable([
      ("model", .left), ("design", .left), ("quantizer", .left), ("nnz", .right),
      ("NMSE dB", .right), ("LUT", .right), ("FF", .right), ("DSP", .right),
      ("dynamic mW", .right), ("area", .right), ("power", .right), ("loss dB", .right),
    ])
    for row in rows {
      add(
        row.best.name, row.best, "", figures(row.best), against: figures(row.twin),
        loss: row.best.testNMSEdB - row.twin.testNMSEdB, to: &table, model: row.name)
    }
    return table.text
  }

  private func figures(_ design: Design) -> Figures? { Figures(design.synthesis(on: device)) }

  private func add(
    _ label: String, _ design: Design, _ quantizer: String, _ figures: Figures?,
    against twin: Figures?, loss: Double?, to table: inout TextTable, model: String = ""
  ) {
    func ratio(_ a: Double?, _ b: Double?) -> String {
      guard let a, let b, a > 0, b > 0 else { return "" }
      return b >= a ? "\((b / a).fixed(1))x less" : "\((a / b).fixed(1))x more"
    }
    table.add([
      model, label, quantizer, "\(design.nnz)", design.testNMSEdB.fixed(2),
      figures.map { Int($0.lut).grouped } ?? "-", figures.map { Int($0.ff).grouped } ?? "-",
      figures.map { Int($0.dsp).grouped } ?? "-",
      figures?.dynamicMW.map {
        "~\($0.typical.fixed(1)) (\($0.low.fixed(1)) to \($0.high.fixed(1)))"
      } ?? "-",
      ratio(figures?.area, twin?.area),
      ratio(figures?.dynamicMW?.typical, twin?.dynamicMW?.typical),
      loss.map { $0.fixed(2) } ?? "",
    ])
  }

  private var notes: [String] {
    var lines = [
      "area: LUT + \(Int(Self.lutsPerDSP)) x DSP; ratios are to the unoptimized twin: the same network dense, in 16-bit words, "
        + "a multiplication on a DSP block for each weight",
      "~ dynamic power by Pare's model on counted toggles, with its range; published power is of the whole chip, static included",
    ]
    var tools = Set<String>()
    for design in designs {
      if let record = design.synthesis(on: device) {
        tools.insert("\(record.tool) \(record.version)")
      }
      for record in design.records where !record.fits {
        lines.append("\(design.name) does not fit \(record.target)")
      }
    }
    let checked = designs.compactMap { $0.synthesis(on: device)?[.verifiedSamples] }
    lines.append("LUT, FF, DSP: counted by \(tools.sorted().joined(separator: ", "))")
    if !checked.isEmpty {
      lines.append(
        "netlist = integers in every bit of \(Int(checked.reduce(0, +)).grouped) samples over \(checked.count) netlists"
      )
    }
    return lines + ["everything is in \(folder)"]
  }

  private var designs: [Design] {
    var seen = Set<String>()
    return rows.flatMap { [$0.optimized, $0.twin, $0.best] }.filter {
      seen.insert($0.folder).inserted
    }
  }
}
