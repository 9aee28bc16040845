public import PareTools

extension VendorReport {
  /// How far the design had come that the report is about.
  public var stage: QoRStage {
    switch self {
    case .csynth: return .highLevelSynthesis
    case .cosim: return .cosimulation
    case .export(let report):
      return report.stage == .implementation ? .placeAndRoute : .synthesis
    case .utilization, .timing, .timingSummary, .power:
      // "Routed", "Fully Routed", "Physopt postRoute", "Fully Placed"; report_timing does not always tell.
      let state = source.state?.lowercased() ?? ""
      return state.contains("rout") || state.contains("placed") ? .placeAndRoute : .synthesis
    }
  }

  /// The report's numbers as figures, each with the tool, the version and the stage that it comes from.
  ///
  /// What the report does not know is absent. HLS tools count block memories in units of 18 kbit; two make one here.
  public func figures() -> [FigureName: Figure] {
    let kind = provenanceKind
    func figure(_ value: Double?, _ note: String? = nil) -> Figure? {
      value.map {
        Figure(
          $0,
          Provenance(
            kind, tool: source.tool, version: source.version, stage: stage, note: note))
      }
    }
    func clocks(_ value: Int?, _ note: String? = nil) -> Figure? {
      figure(value.map(Double.init), note)
    }
    func frequency(_ periodNs: Double?, _ note: String) -> Figure? {
      // A slack as large as the period would be a path of no length.
      periodNs.flatMap { $0 > 0 ? figure(1000 / $0, note) : nil }
    }
    var figures: [FigureName: Figure] = [:]
    switch self {
    case .csynth(let report):
      figures = Self.cells(report.resources) { figure($0, $1) }
      figures[.fmaxMHz] = frequency(report.estimatedNs, "1000 / estimated clock period in ns")
      figures[.latencyClocks] = clocks(report.latencyWorst, "worst case")
      figures[.initiationInterval] = clocks(report.intervalMax, "largest interval")
    case .cosim(let report):
      let runs = report.simulated
      figures[.latencyClocks] = clocks(runs.compactMap(\.latencyMax).max(), "largest of the run")
      figures[.initiationInterval] = clocks(
        runs.compactMap(\.intervalMax).max(), "largest interval of the run")
    case .export(let report):
      figures = Self.cells(report.resources) { figure($0, $1) }
      figures[.fmaxMHz] = frequency(report.achievedNs, "1000 / achieved clock period in ns")
    case .utilization(let report):
      figures = Self.cells(report.resources) { figure($0, $1) }
      figures[.carry] = report.primitives.first { $0.name == "CARRY4" }.flatMap {
        clocks($0.used, "CARRY4")
      }
    case .timing(let report):
      figures[.fmaxMHz] = frequency(
        report.path.period, "1000 / (requirement - slack of the first path)")
    case .timingSummary(let report):
      // With several clocks the worst slack and the shortest period may be of different ones.
      figures[.fmaxMHz] = frequency(
        report.worstSetupPath?.period ?? report.singleClockPeriod,
        "1000 / (period - worst setup slack)")
    case .power(let report):
      func watts(_ value: BoundedNumber) -> Figure? {
        figure(
          value.value,
          [
            value.isUpperBound ? "an upper bound" : nil, "confidence \(report.confidence)",
            report.activityFile.map { _ in "simulated activity" } ?? "activity guessed by the tool",
          ].compactMap { $0 }.joined(separator: ", "))
      }
      figures[.powerTotalW] = watts(report.totalW)
      figures[.powerDynamicW] = watts(report.dynamicW)
      figures[.powerStaticW] = watts(report.staticW)
    }
    return figures
  }

  /// Cells are counted. Times before routing and watts are what the tool believes.
  private var provenanceKind: Provenance.Kind {
    switch self {
    case .csynth, .power: .estimated
    case .timing, .timingSummary: stage == .placeAndRoute ? .measured : .estimated
    case .cosim, .export, .utilization: .measured
    }
  }

  private static func cells(
    _ resources: [ResourceKind: ResourceUse], _ figure: (Double?, String?) -> Figure?
  ) -> [FigureName: Figure] {
    var figures: [FigureName: Figure] = [:]
    for (name, kind) in [
      (FigureName.lut, ResourceKind.lut), (.ff, .ff), (.dsp, .dsp), (.uram, .uram), (.srl, .srl),
      (.carry8, .carry8), (.latches, .latch), (.lutRAM, .lutRAM),
    ] {
      figures[name] = figure(resources[kind]?.used, nil)
    }
    figures[.bram] =
      resources[.bramTile].flatMap { figure($0.used, nil) }
      ?? resources[.bram18].flatMap { figure($0.used / 2, "half the count of 18 kbit units") }
    let muxes = [ResourceKind.muxF7, .muxF8, .muxF9].compactMap { resources[$0]?.used }
    figures[.muxes] = muxes.isEmpty ? nil : figure(muxes.reduce(0, +), "F7, F8 and F9")
    return figures
  }
}

extension TimingPath {
  /// The period that the path would just meet, in nanoseconds; nil without a constraint.
  fileprivate var period: Double? {
    guard let requirementNs, let slackNs else { return nil }
    return requirementNs - slackNs
  }
}

extension TimingSummaryReport {
  /// Where paths were left out of the report, a single clock still tells.
  fileprivate var singleClockPeriod: Double? {
    guard clocks.count == 1, let slack = setup.worstSlackNs else { return nil }
    return clocks[0].periodNs - slack
  }
}
