public import PareQoR
import PareText

/// A selection as people and programs read it.
public struct SelectionReport: Encodable, Sendable {
  public let schemaVersion = 1
  public let objectives: [String]
  public let rules: ExclusionRules?
  public let budgets: [String]
  public let candidates: Int
  public let considered: Int
  public let incomparable: Int
  /// A figure for each objective.
  public let reference: [Double]?
  public let fronts: [Front]
  public let merged: Front
  public let removals: [ExclusionRules.Removal]
  public let final: Front
  /// What was picked, in order.
  public let picked: [Design]
  public let best: Design?
  /// Where hardware figures come from; nil when they are the cost model's.
  public let figures: Origin?
  /// How many members are of each kind of quantizer; nil unless it was asked for.
  public let schemes: SchemeCensus?

  private let topCount: Int?
  private let isRestricted: Bool

  public struct Front: Encodable, Sendable {
    /// Nil for a front of all.
    public let quantizer: String?
    /// Of how many candidates.
    public let candidates: Int
    public let hypervolume: Double
    public let members: [String]
  }

  /// A candidate with the figures that it has.
  public struct Design: Encodable, Sendable {
    public let key: String
    public let name: String
    public let quantizer: String
    /// By name of the metric, in its unit.
    public let metrics: [String: Double]
    /// What it alone adds to the final front's hypervolume.
    public let contribution: Double?
  }

  /// One stage on one device, for all candidates alike.
  public struct Origin: Encodable, Sendable {
    public let stage: QoRStage
    public let device: String
    /// Hash of the settings, and a line about them.
    public let settings: String
    public let summary: String
    /// Candidates that were left out, as they have no figures of the stage.
    public let missing: Int
    /// Metrics that were derived from what the stage made, and not counted on it.
    public let derived: [String]

    public init(_ implemented: ImplementedFigures, _ candidates: ImplementedFigures.Candidates) {
      stage = implemented.group.stage
      device = implemented.group.device
      settings = implemented.group.settings
      summary = implemented.group.summary
      missing = candidates.missing
      derived = Metric.allCases.filter(candidates.derived.contains).map(\.rawValue)
    }
  }

  private enum CodingKeys: CodingKey {
    case schemaVersion, objectives, rules, budgets, candidates, considered, incomparable, reference
    case fronts, merged, removals, final, picked, best, figures, schemes
  }

  /// - Parameters:
  ///   - figures: where the candidates' hardware figures come from, if not from the cost model.
  ///   - schemes: a census of the same candidates.
  public init(
    _ selection: Selection, figures: Origin? = nil, schemes: SchemeCensus? = nil
  ) {
    self.figures = figures
    self.schemes = schemes
    func front(_ front: ParetoFront, of count: Int, _ quantizer: String? = nil) -> Front {
      Front(
        quantizer: quantizer, candidates: count,
        hypervolume: selection.hypervolume(of: front), members: front.members.map(\.key))
    }
    objectives = selection.settings.objectives.map(\.description)
    rules = selection.settings.rules
    budgets = selection.settings.budgets.map(\.description)
    candidates = selection.candidateCount
    considered = selection.consideredCount
    incomparable = selection.incomparableCount
    reference = selection.reference
    fronts = selection.fronts.map { front($0.front, of: $0.candidateCount, $0.quantizer) }
    let united = selection.fronts.reduce(0) { $0 + $1.front.members.count }
    merged = front(selection.merged, of: united)
    removals = selection.removals
    final = front(selection.final, of: united - selection.removals.count)
    let contributions = selection.reference.map {
      Dictionary(
        uniqueKeysWithValues: zip(
          selection.final.members.map(\.key), selection.final.contributions(reference: $0)))
    }
    func design(_ candidate: CandidateSummary) -> Design {
      var metrics: [String: Double] = [:]
      for metric in Metric.allCases { metrics[metric.rawValue] = candidate.metrics[metric] }
      return Design(
        key: candidate.key, name: candidate.name, quantizer: candidate.quantizer,
        metrics: metrics.filter(\.value.isFinite), contribution: contributions?[candidate.key])
    }
    picked = selection.picked.map(design)
    best = selection.best.map(design)
    topCount = selection.settings.top
    isRestricted = !selection.settings.budgets.isEmpty
  }

  /// Tables for a terminal.
  ///
  /// - Parameter withRemovals: adds a line for each candidate that a rule took out.
  public func text(withRemovals: Bool) -> String {
    var parts = [heading, steps]
    if withRemovals, !removals.isEmpty { parts.append(lines(of: removals)) }
    parts.append(picked.isEmpty ? "no design is left" : table)
    if let schemes { parts.append(schemes.text) }
    if isRestricted, let best {
      parts.append(
        "best within the budget: \(best.name), \(figure(.nmse, best)) dB, \(figure(.nnz, best)) nnz, "
          + "\(figure(.power, best)) mW\(figures == nil ? " (est.)" : "")")
    }
    return parts.joined(separator: "\n\n")
  }

  private var heading: String {
    var text = "\(candidates.grouped) candidates by \(objectives.joined(separator: ", "))"
    if !budgets.isEmpty { text += ", \(budgets.joined(separator: ", "))" }
    if considered < candidates { text += "; \(considered.grouped) considered" }
    if incomparable > 0 { text += "; \(incomparable.grouped) lack a figure and are left out" }
    if let figures {
      text +=
        "\nhardware figures of \(figures.stage.rawValue) on \(figures.device) (\(figures.summary))"
      if figures.missing > 0 {
        text +=
          "; \((figures.missing).grouped) more candidates have none and are left out (pare qor run)"
      }
    }
    guard let reference else { return text }
    let point = zip(objectives, reference).map { "\($0) \($1.fixed(3))" }.joined(separator: ", ")
    return text + "\nhypervolume measured from \(point)"
  }

  private var steps: String {
    var table = TextTable([
      ("step", .left), ("of", .right), ("members", .right), ("hypervolume", .right),
    ])
    func add(_ name: String, _ front: Front) {
      table.add([
        name, front.candidates.grouped, front.members.count.grouped, front.hypervolume.fixed(2),
      ])
    }
    for front in fronts { add("front of \(front.quantizer ?? "all")", front) }
    add("merged", merged)
    if rules != nil {
      for rule in 1...5 {
        let count = removals.count { $0.rule == rule }
        if count > 0 { table.add(["rule \(rule)", "", "-\(count.grouped)", ""]) }
      }
      add("after the rules", final)
    }
    if let topCount { table.add(["top \(topCount)", "", picked.count.grouped, ""]) }
    return table.text
  }

  private func lines(of removals: [ExclusionRules.Removal]) -> String {
    removals.map(\.reason).joined(separator: "\n")
  }

  private var table: String {
    let columns = columns
    var table = TextTable(
      [("design", .left), ("quantizer", .left)] + columns.map { ($0.heading, .right) }
        + [("volume", .right), ("key", .left)])
    for design in picked {
      table.add(
        [design.name, design.quantizer] + columns.map { figure($0.metric, design) }
          + [design.contribution?.fixed(2) ?? "", design.key])
    }
    return table.text
  }

  /// What a table shows of every design: figures that all have, those of the hardware, and what else was asked for.
  private var columns: [(metric: Metric, heading: String)] {
    var shown: [Metric] = [.nnz, .nmse, .testNMSE, .adders, .lut]
    if figures != nil {
      shown += [.ff, .dsp, .fmax].filter { metric in
        picked.contains { ($0.metrics[metric.rawValue] ?? 0) != 0 }
      }
    }
    shown.append(.power)
    for word in objectives {
      if let metric = (try? Objective(parsing: word))?.metric, !shown.contains(metric) {
        shown.append(metric)
      }
    }
    return shown.map { ($0, heading($0)) }
  }

  private func heading(_ metric: Metric) -> String {
    let name =
      switch metric {
      case .nmse: "NMSE dB"
      case .testNMSE: "test dB"
      case .floatNMSE: "float dB"
      case .floatTestNMSE: "float test dB"
      case .quality: "Q dB"
      case .testQuality: "test Q dB"
      case .lut: "LUT"
      case .power: "mW"
      case .ff: "FF"
      case .dsp: "DSP"
      case .bram: "BRAM"
      case .fmax: "fmax MHz"
      case .energy: "nJ"
      case .nnz, .weights, .multiplications, .adders, .adderBits, .registerBits, .tableBits,
        .latency, .channels, .convolutions, .kernelSize, .sparsity:
        metric.rawValue
      }
    return figures == nil && metric.isEstimate ? "\(name) est." : name
  }

  /// Whether a figure was not counted or timed: it carries a tilde.
  private func isEstimated(_ metric: Metric) -> Bool {
    figures.map { $0.derived.contains(metric.rawValue) } ?? metric.isEstimate
  }

  private func figure(_ metric: Metric, _ design: Design) -> String {
    guard let value = design.metrics[metric.rawValue] else { return "" }
    let text =
      switch metric {
      case .power: (value * 1000).fixed(1)
      case .energy: (value * 1e9).fixed(3)
      case .nmse, .testNMSE, .floatNMSE, .floatTestNMSE, .quality, .testQuality: value.fixed(2)
      case .fmax, .bram: value.fixed(1)
      case .sparsity: value.fixed(3)
      case .nnz, .weights, .multiplications, .adders, .adderBits, .registerBits, .tableBits, .lut,
        .latency, .channels, .convolutions, .kernelSize, .ff, .dsp:
        Int(value.rounded()).grouped
      }
    return (isEstimated(metric) ? "~" : "") + text
  }
}
