/// `csynth.xml`: what C synthesis estimates of a function in clocks and cells.
public struct CSynthReport: Sendable, Hashable, Codable {
  public let source: ReportSource
  public let productFamily: String?
  /// Nanoseconds.
  public let targetNs: Double
  /// What the tool leaves for placement and routing, in nanoseconds.
  public let uncertaintyNs: Double
  public let estimatedNs: Double
  /// Clocks from start to end; absent where it depends on the data (`undef`).
  public let latencyBest: Int?
  public let latencyAverage: Int?
  public let latencyWorst: Int?
  /// Clocks between two starts.
  public let intervalMin: Int?
  public let intervalMax: Int?
  /// `no`, `yes`, `dataflow`.
  public let pipelineType: String?
  /// Of the top function with all below it.
  public let resources: [ResourceKind: ResourceUse]

  init(_ root: ReportElement, _ text: ReportText) throws(VendorReportError) {
    func element(_ path: [String]) throws(VendorReportError) -> ReportElement {
      var place = root
      for name in path {
        guard let next = place[name] else {
          throw text.fault(.missing("<\(path.joined(separator: "/"))>"))
        }
        place = next
      }
      return place
    }
    func word(_ path: String...) throws(VendorReportError) -> String {
      let word = try element(path).text
      guard !word.isEmpty else { throw text.fault(.missing("<\(path.joined(separator: "/"))>")) }
      return word
    }
    let version = try word("ReportVersion", "Version")
    let assignments = try element(["UserAssignments"])
    let timing = try element(["PerformanceEstimates", "SummaryOfTimingAnalysis"])
    for unit in [assignments["unit"], timing["unit"]].compactMap({ $0?.text }) where unit != "ns" {
      throw text.fault(.unreadable(what: "the unit of time", text: unit))
    }
    // Vivado HLS, whose last release was 2020.1, has no flow target.
    let isVitis =
      assignments["FlowTarget"] != nil || !ToolVersion(version).isOlder(than: [2020, 2])
    source = ReportSource(
      tool: isVitis ? "Vitis HLS" : "Vivado HLS", version: version,
      part: try word("UserAssignments", "Part"),
      design: try word("UserAssignments", "TopModelName"))
    productFamily = assignments["ProductFamily"]?.text
    targetNs = try text.number(
      try word("UserAssignments", "TargetClockPeriod"), "the target clock period")
    uncertaintyNs = try text.number(
      try word("UserAssignments", "ClockUncertainty"), "the clock uncertainty")
    estimatedNs = try text.number(
      try word("PerformanceEstimates", "SummaryOfTimingAnalysis", "EstimatedClockPeriod"),
      "the estimated clock period")
    func clocks(_ tag: String) throws(VendorReportError) -> Int? {
      try text.optionalCount(
        try word("PerformanceEstimates", "SummaryOfOverallLatency", tag), "<\(tag)>")
    }
    latencyBest = try clocks("Best-caseLatency")
    latencyAverage = try clocks("Average-caseLatency")
    latencyWorst = try clocks("Worst-caseLatency")
    intervalMin = try clocks("Interval-min")
    intervalMax = try clocks("Interval-max")
    pipelineType = root["PerformanceEstimates"]?["PipelineType"]?.text
    resources = try text.resources(
      used: try element(["AreaEstimates", "Resources"]),
      available: try element(["AreaEstimates", "AvailableResources"]),
      required: [.lut, .ff, .dsp, .bram18])
  }
}

extension ReportText {
  /// The counts of two elements with a tag for each kind of cell.
  func resources(
    used: ReportElement, available: ReportElement, required: [ResourceKind]
  ) throws(VendorReportError) -> [ResourceKind: ResourceUse] {
    func counts(_ element: ReportElement) throws(VendorReportError) -> [ResourceKind: Double] {
      var counts: [ResourceKind: Double] = [:]
      for child in element.children {
        guard let kind = ResourceKind(tag: child.name), counts[kind] == nil else { continue }
        counts[kind] = try amount(child.text, "<\(child.name)>")
      }
      return counts
    }
    let used = try counts(used)
    let available = try counts(available)
    for kind in required where used[kind] == nil {
      throw fault(.missing("count of \(kind.rawValue)"))
    }
    var uses: [ResourceKind: ResourceUse] = [:]
    for (kind, count) in used { uses[kind] = ResourceUse(used: count, available: available[kind]) }
    return uses
  }
}

extension ResourceKind {
  /// The kind that the HLS tools call so: `DSP48E` to 2019, `DSP` since.
  init?(tag: some StringProtocol) {
    switch tag {
    case "LUT": self = .lut
    case "FF": self = .ff
    case "BRAM_18K", "BRAM": self = .bram18
    case "URAM": self = .uram
    case "SRL": self = .srl
    case "LATCH": self = .latch
    case "SLICE": self = .slice
    case "CLB": self = .clb
    case "DSP", "DSP48E": self = .dsp
    default: return nil
    }
  }
}
