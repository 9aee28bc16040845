#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a report of Vitis HLS, Vivado HLS or Vivado says.
///
/// The kind is recognized by the contents, never by the name of the file, and values are found by the headings of tables,
/// never by their place: columns come and go between versions.
///
///     let report = try VendorReport(contentsOf: "solution1/syn/report/csynth.xml")
///     if case .csynth(let synthesis) = report { print(synthesis.resources[.lut]) }
public enum VendorReport: Sendable, Hashable {
  /// C synthesis: an estimate made before any netlist.
  case csynth(CSynthReport)
  /// C and RTL simulated side by side.
  case cosim(CosimReport)
  /// What Vitis HLS says of the run of Vivado that it started.
  case export(ExportReport)
  case utilization(UtilizationReport)
  case timing(TimingReport)
  case timingSummary(TimingSummaryReport)
  case power(PowerReport)

  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    case csynth, cosim, export, utilization, timing, timingSummary, power

    /// As a person would call it.
    public var title: String {
      switch self {
      case .csynth: "C synthesis report (csynth.xml)"
      case .cosim: "co-simulation report"
      case .export: "export report (export_syn, export_impl)"
      case .utilization: "report_utilization"
      case .timing: "report_timing"
      case .timingSummary: "report_timing_summary"
      case .power: "report_power"
      }
    }
  }

  public var kind: Kind {
    switch self {
    case .csynth: .csynth
    case .cosim: .cosim
    case .export: .export
    case .utilization: .utilization
    case .timing: .timing
    case .timingSummary: .timingSummary
    case .power: .power
    }
  }

  /// Who wrote it, and about what.
  public var source: ReportSource {
    switch self {
    case .csynth(let report): report.source
    case .cosim(let report): report.source
    case .export(let report): report.source
    case .utilization(let report): report.source
    case .timing(let report): report.source
    case .timingSummary(let report): report.source
    case .power(let report): report.source
    }
  }

  /// Reads a report.
  ///
  /// - Parameters:
  ///   - text: the whole file; lines may end with CR LF.
  ///   - path: the name to blame in an error.
  public init(parsing text: String, from path: String) throws(VendorReportError) {
    let text = ReportText(text, path: path)
    guard let first = text.lines.first(where: { !$0.isBlank }) else {
      throw text.fault(.empty)
    }
    guard !text.lines.contains(where: { $0.utf8.contains(0) }) else { throw text.fault(.notText) }
    if first.trimmed.hasPrefix("<") {
      self = try Self.xml(text)
      return
    }
    switch text.title {
    case .some("Utilization Design Information"):
      self = .utilization(try UtilizationReport(text.read(as: .utilization)))
    case .some("Timing Report"): self = .timing(try TimingReport(text.read(as: .timing)))
    case .some("Timing Summary Report"):
      self = .timingSummary(try TimingSummaryReport(text.read(as: .timingSummary)))
    case .some("Power Report"): self = .power(try PowerReport(text.read(as: .power)))
    case .some("== Place & Route"), .some("== Synthesis"):
      self = .export(try ExportReport(text.read(as: .export)))
    case .some("#=== Export"): self = .export(try ExportReport(older: text.read(as: .export)))
    case .some("Co-simulation"): self = .cosim(try CosimReport(text.read(as: .cosim)))
    case .some("== HLS Report"):
      throw text.fault(
        .otherReport(
          "the text form of a C synthesis report", instead: "give csynth.xml, which lies beside it")
      )
    case .some(let title) where text.header["Tool Version"] != nil:
      throw text.fault(
        .otherReport(
          "'\(title.prefix(60))' of Vivado",
          instead: "give report_utilization, report_timing, report_timing_summary or report_power"))
    default: throw text.fault(.unknownKind(firstLine: String(first.trimmed.prefix(60))))
    }
  }

  private static func xml(_ text: ReportText) throws(VendorReportError) -> VendorReport {
    let root = try ReportElement(parsing: text)
    guard root.name == "profile" else {
      throw text.fault(.unknownKind(firstLine: "<\(root.name.prefix(60))>"))
    }
    if root["AreaReport"] != nil || root["RunData"] != nil {
      return .export(try ExportReport(root, text.read(as: .export)))
    }
    return .csynth(try CSynthReport(root, text.read(as: .csynth)))
  }

  /// Reads a report from a file.
  ///
  /// - Throws: ``VendorReportError``, or ``ToolError`` when the file cannot be read.
  public init(contentsOf path: String) throws {
    let file = Folder(path)
    let name = file.path.split(separator: "/").last.map(String.init) ?? ""
    let data = try file.parent.read(name)
    guard data.count <= Self.largest else {
      throw VendorReportError(.tooLarge(bytes: data.count), path: path)
    }
    // Only names of hosts and people can be in another encoding than ASCII; a bad byte of theirs is no fault.
    try self.init(parsing: String(decoding: data, as: UTF8.self), from: path)
  }

  /// Reports of the largest designs have a few megabytes.
  static let largest = 64 << 20
}

extension VendorReport: Codable {
  private enum Key: String, CodingKey {
    case kind
  }

  /// The keys of the report itself, and `kind` beside them.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: .kind)
    switch self {
    case .csynth(let report): try report.encode(to: encoder)
    case .cosim(let report): try report.encode(to: encoder)
    case .export(let report): try report.encode(to: encoder)
    case .utilization(let report): try report.encode(to: encoder)
    case .timing(let report): try report.encode(to: encoder)
    case .timingSummary(let report): try report.encode(to: encoder)
    case .power(let report): try report.encode(to: encoder)
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .csynth: self = .csynth(try CSynthReport(from: decoder))
    case .cosim: self = .cosim(try CosimReport(from: decoder))
    case .export: self = .export(try ExportReport(from: decoder))
    case .utilization: self = .utilization(try UtilizationReport(from: decoder))
    case .timing: self = .timing(try TimingReport(from: decoder))
    case .timingSummary: self = .timingSummary(try TimingSummaryReport(from: decoder))
    case .power: self = .power(try PowerReport(from: decoder))
    }
  }
}
