import PareQoR
public import PareText

extension TableTwoReport {
  /// A table with a line of what it shows.
  public struct Section: Sendable {
    public let title: String
    public let table: TextTable
  }

  /// The six networks beside the published ones and their twins, then the networks that do better.
  public var sections: [Section] {
    [
      Section(
        title:
          "\(dataset), \(activation), \(device) at \(clockMHz.fixed(0)) MHz; NMSE of the test split, in integers",
        table: mainTable),
      Section(
        title:
          "best: the fewest estimated LUTs among \(candidates) networks whose validation NMSE is no worse",
        table: bestTable),
    ]
  }

  /// What the command line prints.
  public var text: String {
    (sections.map { "\($0.title)\n\n\($0.table.text)\n" }
      + [(notes + ["everything is in \(folder)"]).joined(separator: "\n")]).joined(separator: "\n")
  }

  public var markdown: String {
    (sections.map { "\($0.title)\n\n\($0.table.markdown)\n" }
      + [notes.map { "- \($0)" }.joined(separator: "\n")]).joined(separator: "\n") + "\n"
  }

  private var mainTable: TextTable {
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
    return table
  }

  private var bestTable: TextTable {
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
    return table
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

  /// What the figures are and where they come from.
  public var notes: [String] {
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
    return lines
  }

  private var designs: [Design] {
    var seen = Set<String>()
    return rows.flatMap { [$0.optimized, $0.twin, $0.best] }.filter {
      seen.insert($0.folder).inserted
    }
  }
}
