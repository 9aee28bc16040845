import PareText
public import PareTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Everything known about the implementation of a design: one record for each stage and device.
public struct QoR: Sendable, Hashable {
  public let records: [QoRRecord]

  public init(_ records: [QoRRecord]) {
    self.records = records
  }

  /// The records of one stage.
  public func records(at stage: QoRStage) -> [QoRRecord] { records.filter { $0.stage == stage } }

  /// The record of a stage on a device, or on its family.
  public func record(_ stage: QoRStage, on device: Device) -> QoRRecord? {
    records.first { $0.stage == stage && $0.target == device.name }
  }

  // MARK: qor.json

  /// The list of records with sorted keys; the same design gives the same bytes.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(records), as: UTF8.self) + "\n"
  }

  /// Writes `qor.json` into a folder, whole or not at all.
  public func write(to folder: Folder, as name: String = "qor.json") throws {
    try folder.write(try json(), to: name)
  }

  /// Reads a file that ``write(to:as:)`` made.
  ///
  /// - Throws: ``QoRError`` when it is something else, `ToolError` when it cannot be read.
  public init(contentsOf path: String) throws {
    struct Version: Decodable {
      let schemaVersion: Int
    }
    let file = Folder(path)
    let data = try file.parent.read(file.path.split(separator: "/").last.map(String.init) ?? "")
    do {
      let decoder = JSONDecoder()
      for record in try decoder.decode([Version].self, from: data)
      where record.schemaVersion != QoRRecord.currentSchema {
        throw QoRError(.unknownSchema(path: path, version: record.schemaVersion))
      }
      records = try decoder.decode([QoRRecord].self, from: data)
    } catch let error as DecodingError {
      throw QoRError(.recordUnreadable(path: path, reason: "not a list of records (\(error))"))
    }
  }

  // MARK: Text

  /// A table with a line per record; an estimate carries `~`, a figure that a stage cannot know a `-`.
  public var text: String {
    let shown: [(FigureName, String)] = [
      (.lut, "LUT"), (.lutSites, "sites"), (.ff, "FF"), (.carry, "carry"), (.carry8, "CARRY8"),
      (.srl, "SRL"), (.dsp, "DSP"), (.bram, "BRAM"), (.fmaxMHz, "fmax MHz"),
      (.fmaxMedianMHz, "median"), (.fmaxSpreadMHz, "spread"), (.latencyClocks, "latency"),
      (.initiationInterval, "II"), (.powerDynamicW, "dynamic W"), (.powerStaticW, "static W"),
      (.energyPerSampleJ, "pJ/sample"), (.verifiedSamples, "verified"),
    ]
    let columns = shown.filter { name, _ in records.contains { $0.cell(name) != "-" } }
    var table = TextTable(
      [("target", .left), ("stage", .left), ("tool", .left)]
        + columns.map { ($0.1, .right) } + [("device used", .right)])
    for record in records {
      table.add(
        [record.target, record.stage.rawValue, "\(record.tool) \(record.version)"]
          + columns.map { record.cell($0.0) } + [record.utilizationText])
    }
    var lines = [table.text]
    if records.contains(where: { $0.figures.values.contains { $0.provenance.kind == .estimated } })
    {
      lines.append("~ estimated, not measured; see the provenance in qor.json")
    }
    for record in records where record.figures[.powerDynamicW]?.provenance.isRankingOnly == true {
      lines.append(
        "\(record.target) \(record.stage.rawValue): no watts, since no energies of the family are published; 'pare qor "
          + "compare' ranks designs by estimated power")
    }
    for record in records {
      if !record.fits {
        lines.append(
          "\(record.design) does not fit \(record.target): too many "
            + record.overflowing.map(\.rawValue).joined(separator: ", "))
      }
      if let path = record.criticalPath { lines += path.lines(of: record) }
      if let bitstream = record.bitstream {
        lines.append(
          "\(record.target) bitstream \(bitstream.file), \(bitstream.bytes.grouped) bytes, seed "
            + "\(bitstream.seed)" + (bitstream.isHarness ? ", serial harness included" : ""))
      }
      lines += record.warnings.map { "warning: \(record.target) \(record.stage.rawValue): \($0)" }
    }
    return lines.joined(separator: "\n")
  }
}

extension QoRRecord {
  fileprivate func cell(_ name: FigureName) -> String {
    guard let figure = figures[name], !figure.provenance.isRankingOnly else { return "-" }
    let text =
      switch name {
      case .fmaxMHz, .fmaxMedianMHz, .fmaxSpreadMHz: figure.value.fixed(1)
      case .powerTotalW, .powerDynamicW, .powerStaticW: figure.value.fixed(3)
      case .energyPerSampleJ: (figure.value * 1e12).fixed(1)
      case .bram: figure.value.fixed(figure.value == figure.value.rounded() ? 0 : 1)
      default: Int(figure.value).grouped
      }
    return (figure.provenance.kind == .estimated ? "~" : "") + text
  }

  /// The fullest kind of cell.
  fileprivate var utilizationText: String {
    let fullest = FigureName.allCases.compactMap { name in utilization[name].map { (name, $0) } }
      .max { $0.1 < $1.1 }
    guard let (name, share) = fullest else { return "-" }
    return fits ? "\((100 * share).fixed(2)) % \(name.rawValue)" : "does not fit"
  }
}

extension CriticalPath {
  /// The path for a person: its ends, and what lies between where it is known.
  fileprivate func lines(of record: QoRRecord) -> [String] {
    let start = stretches.first
    let end = stretches.last
    var lines = [
      "\(record.target) critical path \(nanoseconds.fixed(2)) ns "
        + "(\(logicNanoseconds.fixed(2)) in cells, \(routingNanoseconds.fixed(2)) in "
        + "wires, \(levels) levels): \(start?.signal ?? from) to \(end?.signal ?? to)"
    ]
    for stretch in stretches {
      let time = stretch.nanoseconds + stretch.routingNanoseconds
      lines.append(
        "  \(stretch.signal)" + (stretch.meaning.map { ": \($0)" } ?? ": no signal of the design")
          + (time > 0
            ? " (\(stretch.cells) \(stretch.cells == 1 ? "cell" : "cells"), \(time.fixed(2)) ns)"
            : ""))
    }
    return lines
  }
}
