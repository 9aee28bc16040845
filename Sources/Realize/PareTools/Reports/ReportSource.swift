/// Who wrote a report, and about what; what the file does not name is absent.
public struct ReportSource: Sendable, Hashable, Codable {
  /// `Vivado`, `Vitis HLS` or `Vivado HLS`.
  public let tool: String
  /// Such as `2023.2` or `2023.2.2`.
  public let version: String?
  /// As the tool prints it: `xczu7ev-ffvc1156-2-e`, or `7a35t-cpg236`.
  public let part: String?
  /// The speed grade, where it is not a part of the part's name.
  public let speed: String?
  /// Name of the top module or function.
  public let design: String?
  /// How far the design had come: `Synthesized`, `Routed`.
  public let state: String?
  /// The command that made the report.
  public let command: String?

  init(
    tool: String, version: String? = nil, part: String? = nil, speed: String? = nil,
    design: String? = nil, state: String? = nil, command: String? = nil
  ) {
    self.tool = tool
    self.version = version
    self.part = part
    self.speed = speed
    self.design = design
    self.state = state
    self.command = command
  }

  /// Of the header that Vivado puts before every report.
  init(header text: ReportText) throws(VendorReportError) {
    let words = try text.headerValue("Tool Version").split(separator: " ")
    guard words.count >= 2, words[1].hasPrefix("v."), words[1].count > 2 else {
      throw text.fault(
        .unreadable(what: "the tool version", text: words.prefix(3).joined(separator: " ")))
    }
    self.init(
      tool: String(words[0]), version: String(words[1].dropFirst(2)),
      part: try text.headerValue("Device"),
      speed: text.header["Speed File"].flatMap { $0.split(separator: " ").first.map(String.init) },
      design: try text.headerValue("Design"), state: text.header["Design State"],
      command: text.header["Command"])
  }
}

/// Cells of one kind: how many a design takes, and how many the part has.
public struct ResourceUse: Sendable, Hashable, Codable {
  /// Half a block memory is possible.
  public let used: Double
  public let available: Double?

  public init(used: Double, available: Double?) {
    self.used = used
    self.available = available
  }
}

/// Kinds of cells that reports count; the names are keys of JSON.
public enum ResourceKind: String, Sendable, Hashable, Codable, CodingKeyRepresentable, CaseIterable
{
  case lut, lutLogic, lutMemory, lutRAM, srl, ff, latch, carry8
  case muxF7, muxF8, muxF9, slice, clb
  /// Block memories of 36 kbit, halves counted as halves.
  case bramTile
  case ramb36
  case ramb18
  /// Block memories counted in units of 18 kbit, as the HLS tools do.
  case bram18
  case uram, dsp, io
}
