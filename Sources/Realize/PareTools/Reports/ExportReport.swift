/// What the HLS tool reports of the run of Vivado that it started: `export_impl` or `export_syn`, as text or XML.
public struct ExportReport: Sendable, Hashable, Codable {
  public enum Stage: String, Sendable, Hashable, Codable {
    case synthesis
    /// After place and route.
    case implementation
  }

  public let source: ReportSource
  public let stage: Stage
  /// Nanoseconds.
  public let targetNs: Double
  /// The period that the design reaches at the end of the run; absent when there is no path between two registers.
  public let achievedNs: Double?
  public let postSynthesisNs: Double?
  public let postRouteNs: Double?
  /// Of the worst path at the end of the run.
  public let slackNs: Double?
  /// Absent in the text form.
  public let slackPostSynthesisNs: Double?
  /// Absent in the text form.
  public let totalNegativeSlackNs: Double?
  /// Absent when there is no path to be timed.
  public let isTimingMet: Bool?
  public let resources: [ResourceKind: ResourceUse]

  // MARK: XML

  init(_ root: ReportElement, _ text: ReportText) throws(VendorReportError) {
    func word(_ path: String...) throws(VendorReportError) -> String {
      var place = root
      for name in path {
        guard let next = place[name] else {
          throw text.fault(.missing("<\(path.joined(separator: "/"))>"))
        }
        place = next
      }
      return place.text
    }
    func element(_ name: String, in parent: ReportElement?, _ path: String)
      throws(VendorReportError) -> ReportElement
    {
      guard let found = parent?[name] else { throw text.fault(.missing("<\(path)>")) }
      return found
    }
    let version = try word("RunData", "VIVADO_VERSION")
    let run = try word("RunData", "RUN_TYPE")
    switch run {
    case "impl": stage = .implementation
    case "synth", "syn": stage = .synthesis
    default: throw text.fault(.unreadable(what: "the type of the run", text: run))
    }
    let items = root["GeneralInfo"]?.children ?? []
    source = ReportSource(
      tool: "Vivado", version: version.hasPrefix("v.") ? String(version.dropFirst(2)) : version,
      part: items.first { $0.attributes["NAME"] == "Target device" }?.attributes["VALUE"],
      state: run == "impl" ? "Routed" : "Synthesized")
    let timing = try element("TimingReport", in: root, "TimingReport")
    func time(_ tag: String) throws(VendorReportError) -> Double? {
      guard let word = timing[tag]?.text else { return nil }
      return try text.optionalNumber(word, "<\(tag)>")
    }
    targetNs = try text.number(try word("TimingReport", "TargetClockPeriod"), "<TargetClockPeriod>")
    achievedNs = try text.optionalNumber(
      try word("TimingReport", "AchievedClockPeriod"), "<AchievedClockPeriod>")
    postSynthesisNs = try time("CP_SYNTH")
    postRouteNs = try time("CP_ROUTE")
    slackNs = try time(timing["WNS_FINAL"] == nil ? "SLACK_FINAL" : "WNS_FINAL")
    slackPostSynthesisNs = try time(timing["WNS_SYNTH"] == nil ? "SLACK_SYNTH" : "WNS_SYNTH")
    totalNegativeSlackNs = try time("TNS_FINAL")
    switch timing["TIMING_MET"]?.text {
    case .some("TRUE"): isTimingMet = true
    case .some("FALSE"): isTimingMet = false
    case .some("NA"), nil: isTimingMet = nil
    case .some(let word): throw text.fault(.unreadable(what: "<TIMING_MET>", text: word))
    }
    let area = try element("AreaReport", in: root, "AreaReport")
    resources = try text.resources(
      used: element("Resources", in: area, "AreaReport/Resources"),
      available: element("AvailableResources", in: area, "AreaReport/AvailableResources"),
      required: [.lut, .ff, .dsp, .bram18])
  }

  // MARK: Text since 2020

  init(_ text: ReportText) throws(VendorReportError) {
    func section(_ end: String) throws(VendorReportError) -> ArraySlice<String> {
      guard let section = text.section(titled: end), !section.isEmpty else {
        throw text.fault(.missing("section '\(end)'"))
      }
      return section
    }
    func value(_ key: String) throws(VendorReportError) -> String {
      for line in text.lines {
        if let (name, value) = line.drop(while: { " *".contains($0) }).keyAndValue, name == key,
          !value.isEmpty
        {
          return value
        }
      }
      throw text.fault(.missing("line '\(key)'"))
    }
    stage = text.title == "== Place & Route" ? .implementation : .synthesis
    source = ReportSource(
      tool: "Vivado", version: try value("Version").split(separator: " ").first.map(String.init),
      part: try value("Target device"),
      state: stage == .implementation ? "Routed" : "Synthesized")
    resources = try text.resources(in: section("Resource Summary"))
    let timing = try section("Timing Summary")
    isTimingMet = text.timingVerdict(timing)
    guard let periods = try text.tables(in: timing, of: "the timing summary").first else {
      throw text.fault(.missing("table of the timing summary"))
    }
    let table = try NamedTable(periods, in: "the timing summary", text)
    let name = try table.column("Timing")
    let period = try table.column("Period (ns)")
    func time(_ row: String) throws(VendorReportError) -> Double? {
      guard let cells = table.rows.first(where: { $0[name].trimmed == row }) else { return nil }
      return try text.optionalNumber(cells[period], "'\(row)' of the timing summary")
    }
    guard let target = try time("Target") else { throw text.fault(.missing("target period")) }
    targetNs = target
    postSynthesisNs = try time("Post-Synthesis")
    postRouteNs = try time("Post-Route")
    achievedNs = stage == .implementation ? postRouteNs : postSynthesisNs
    slackPostSynthesisNs = nil
    totalNegativeSlackNs = nil
    slackNs = try Self.pathSlack(text, isExpected: achievedNs != nil)
  }

  /// The slack of the first path, which is the worst.
  private static func pathSlack(_ text: ReportText, isExpected: Bool) throws(VendorReportError)
    -> Double?
  {
    guard let section = text.section(titled: "Timing Paths") else {
      // At levels 0 and 1 the tool leaves the paths out.
      let level = text.lines.lazy.compactMap { $0.keyAndValue }
        .first { $0.0.hasSuffix("config_export -vivado_report_level") }?.1
      guard isExpected, level == "2" else { return nil }
      throw text.fault(.missing("section 'Timing Paths'"))
    }
    guard let paths = try text.tables(in: section, of: "'Timing Paths'").first else {
      guard isExpected else { return nil }
      throw text.fault(.missing("table of timing paths"))
    }
    let table = try NamedTable(paths, in: "'Timing Paths'", text)
    let slack = try table.column("SLACK")
    guard let first = table.rows.first else {
      throw text.fault(.missing("row in the table of timing paths"))
    }
    return try text.optionalNumber(first[slack], "the slack of the first path")
  }

  // MARK: Text before

  init(older text: ReportText) throws(VendorReportError) {
    func value(_ key: String) throws(VendorReportError) -> String {
      guard
        let value = text.lines.lazy.compactMap({ $0.keyAndValue }).first(where: { $0.0 == key })?.1,
        !value.isEmpty
      else { throw text.fault(.missing("line '\(key)'")) }
      return value
    }
    func part(_ isTitle: (String) -> Bool) -> (String, ArraySlice<String>)? {
      guard let start = text.lines.firstIndex(where: { $0.hasPrefix("#===") && isTitle($0) }) else {
        return nil
      }
      return (
        text.lines[start], text.lines[(start + 1)...].prefix { !$0.hasPrefix("#===") }
      )
    }
    let words = try value("Implementation tool").split(separator: " ")
    guard let version = words.first(where: { $0.hasPrefix("v.") })?.dropFirst(2) else {
      throw text.fault(
        .unreadable(what: "the implementation tool", text: words.joined(separator: " ")))
    }
    guard let (title, counts) = part({ $0.contains("Resource usage") }) else {
      throw text.fault(.missing("section 'Resource usage'"))
    }
    stage = title.contains("Post-Implementation") ? .implementation : .synthesis
    source = ReportSource(
      tool: "Vivado", version: String(version), part: try value("Device target"),
      state: stage == .implementation ? "Routed" : "Synthesized")
    resources = try text.resources(in: counts)
    guard let (_, timing) = part({ $0.contains("Final timing") }) else {
      throw text.fault(.missing("section 'Final timing'"))
    }
    targetNs = try text.number(value("CP required"), "the required period")
    postSynthesisNs = try text.optionalNumber(
      value("CP achieved post-synthesis"), "the period after synthesis")
    postRouteNs =
      stage == .synthesis
      ? nil
      : try text.optionalNumber(
        value("CP achieved post-implementation"), "the period after implementation")
    achievedNs = stage == .implementation ? postRouteNs : postSynthesisNs
    isTimingMet = text.timingVerdict(timing)
    guard isTimingMet != nil || timing.contains(where: { $0.trimmed == "No Sequential Path" })
    else { throw text.fault(.missing("line that says whether timing was met")) }
    slackNs = nil
    slackPostSynthesisNs = nil
    totalNegativeSlackNs = nil
  }
}

extension ReportText {
  /// Lines such as `LUT:    176`.
  fileprivate func resources(in lines: ArraySlice<String>) throws(VendorReportError)
    -> [ResourceKind: ResourceUse]
  {
    var uses: [ResourceKind: ResourceUse] = [:]
    for line in lines {
      guard let (name, count) = line.keyAndValue, let kind = ResourceKind(tag: name),
        uses[kind] == nil
      else { continue }
      uses[kind] = ResourceUse(used: try amount(count, "the count of \(name)"), available: nil)
    }
    for kind in [ResourceKind.lut, .ff, .dsp, .bram18] where uses[kind] == nil {
      throw fault(.missing("count of \(kind.rawValue)"))
    }
    return uses
  }

  /// The line that says whether timing was met; nil without one.
  fileprivate func timingVerdict(_ lines: ArraySlice<String>) -> Bool? {
    for line in lines {
      switch line.drop(while: { " *".contains($0) }).trimmed.lowercased() {
      case "timing was met", "timing met": return true
      case "timing was not met", "timing not met": return false
      default: continue
      }
    }
    return nil
  }
}
