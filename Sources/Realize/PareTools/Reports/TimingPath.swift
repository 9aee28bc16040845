/// A path of a timing report.
public struct TimingPath: Sendable, Hashable, Codable {
  /// Absent for a path without a constraint, of which the report says `inf`.
  public let slackNs: Double?
  /// Pins or ports.
  public let from: String
  public let to: String
  /// Name of the clock, or `(none)`.
  public let group: String?
  /// The time that the path may take; absent without a constraint.
  public let requirementNs: Double?
  /// In cells and wires together.
  public let delayNs: Double
  public let logicNs: Double
  public let routeNs: Double
  /// Cells between the two ends.
  public let levels: Int
}

extension ReportText {
  /// Whether a path begins with this line.
  static func isPath(_ line: String) -> Bool {
    line.hasPrefix("Slack") && line.contains(":") && !line.hasPrefix("Slack(")
  }

  /// The path whose first line has this index.
  ///
  /// - Parameter word: what the text after the colon of the first line is.
  func path(at start: Int) throws(VendorReportError) -> TimingPath {
    let block = lines[(start + 1)...].prefix { !$0.isBlank && !Self.isPath($0) }
    func value(_ key: String) -> String? {
      block.lazy.compactMap { $0.keyAndValue }.first { $0.0 == key }?.1
    }
    func required(_ key: String) throws(VendorReportError) -> String {
      guard let value = value(key), !value.isEmpty else {
        throw fault(.missing("line '\(key)' of a path"))
      }
      return value
    }
    let delay = try required("Data Path Delay").split(separator: " ")
    func part(_ name: String) throws(VendorReportError) -> Double {
      guard let index = delay.firstIndex(where: { $0 == name || $0 == "(\(name)" }),
        index + 1 < delay.count
      else { throw fault(.missing("part '\(name)' of a path's delay")) }
      return try nanoseconds(delay[index + 1], "the delay in '\(name)'")
    }
    return TimingPath(
      slackNs: try slack(at: start), from: try required("Source"), to: try required("Destination"),
      group: value("Path Group"),
      requirementNs: try value("Requirement")?.split(separator: " ").first.map {
        word throws(VendorReportError) in
        try nanoseconds(word, "the requirement of a path")
      },
      delayNs: try nanoseconds(delay[0], "the delay of a path"), logicNs: try part("logic"),
      routeNs: try part("route"),
      levels: try count(
        try required("Logic Levels").split(separator: " ").first ?? "", "the logic levels"))
  }

  /// The slack in the first line of a path; nil for `inf`.
  func slack(at line: Int) throws(VendorReportError) -> Double? {
    let word = lines[line].keyAndValue?.1.split(separator: " ").first ?? ""
    return word == "inf" ? nil : try nanoseconds(word, "the slack of a path")
  }

  /// Checks that the list of cells below a path is whole.
  func requireEnd(ofPathAt start: Int) throws(VendorReportError) {
    let rest = lines[(start + 1)...].prefix { !Self.isPath($0) }
    guard let list = rest.firstIndex(where: { $0.trimmed.hasPrefix("Location") }) else {
      throw fault(.missing("list of cells of a path"))
    }
    let isConstrained = try slack(at: start) != nil
    let isWhole =
      isConstrained
      ? rest[list...].contains { line in
        let words = line.split(separator: " ")
        return words.count == 2 && words[0] == "slack"
      } : rest[list...].filter { $0.trimmed.hasPrefix("-----") }.count >= 2
    guard isWhole else { throw fault(.missing("end of the list of cells of a path")) }
  }
}

extension TimingPath {
  /// The path as the record of a design has it.
  public var criticalPath: CriticalPath {
    CriticalPath(
      from: from, to: to, nanoseconds: delayNs, logicNanoseconds: logicNs,
      routingNanoseconds: routeNs, levels: levels)
  }
}
