import PareDatapath
import PareNumerics
import PareQoR
import PareText

extension QoRPage {
  // MARK: Area

  /// Cells by layer and by op as the model sees them, and what synthesis and routing made of them; a figure for each family of
  /// logic, whose LUTs are not each other's.
  func areaFigures(of design: QoRDesign, _ origins: inout OriginList) -> [String] {
    var figures: [String] = []
    for (grouping, path) in [
      ("layer", \QoRDesign.Resources.byLayer), ("op", \.byOp),
    ] {
      var bars: [BarFigure.Bar] = []
      let order = Self.mostCells(
        design.implementations.compactMap { $0.1.resources?[keyPath: path] }.flatMap { $0 })
      for (role, implementation) in design.implementations {
        guard let resources = implementation.resources else { continue }
        bars.append(
          Self.areaBar(
            role, resources, Self.folded(resources[keyPath: path], to: order), grouping, &origins))
      }
      if grouping == "layer" { bars += measuredBars(of: design, &origins) }
      guard bars.contains(where: { bar in bar.segments.contains { $0.value > 0 } }) else {
        continue
      }
      let lacking = design.implementations.filter { $0.1.resources == nil }.map(\.role)
      let note =
        lacking.isEmpty
        ? "" : " Of \(lacking.joined(separator: " and ")) there is no breakdown."
      figures.append(
        BarFigure(
          title: "Area by \(grouping)",
          note:
            "LUTs, and 100 for each DSP block by convention. Outlined: the model of cells, by \(grouping)\(grouping == "layer" ? "; filled: counted by the tools" : "").\(note)",
          bars: bars
        ).html)
    }
    return figures.isEmpty
      ? [
        "<figure class=\"plot\"><h3>Area</h3>\(Self.absent("area", "no stage counted LUTs"))</figure>"
      ] : figures
  }

  private static func areaBar(
    _ role: String, _ resources: QoRDesign.Resources, _ parts: [QoRDesign.Resources.Part],
    _ grouping: String, _ origins: inout OriginList
  ) -> BarFigure.Bar {
    let lut = parts.reduce(0) { $0 + $1.lut }
    let dsp = parts.reduce(0) { $0 + $1.dsp }
    let origin = FigureOrigin(resources)
    var segments = parts.filter { $0.lut > 0 }.map {
      BarFigure.Segment(
        name: $0.name, value: Double($0.lut), title: "\($0.name): \($0.lut.grouped) LUT, estimated")
    }
    if dsp > 0 {
      segments.append(
        BarFigure.Segment(
          name: Self.dspName, value: QoRQuantity.lutsPerDSP * Double(dsp),
          title: "\(dsp.grouped) DSP blocks, estimated, 100 LUTs each by convention"))
    }
    let mark = origins.mark(origin)
    let words = parts.filter { $0.lut > 0 || $0.dsp > 0 }.map { part in
      "\(HTMLText.escape(part.name))\u{A0}~\(part.lut.grouped)"
        + (part.dsp > 0 ? " and\u{A0}~\(part.dsp.grouped)\u{A0}DSP" : "")
    }
    return BarFigure.Bar(
      name: "\(role), \(resources.family.rawValue) model",
      value: origins.number(
        "\(lut.grouped)\u{A0}LUT" + (dsp > 0 ? " + \(dsp.grouped)\u{A0}DSP" : ""), origin),
      segments: segments, isEstimate: true, note: words.joined(separator: " \u{B7} ") + mark)
  }

  private func measuredBars(
    of design: QoRDesign, _ origins: inout OriginList
  ) -> [BarFigure.Bar] {
    design.implementations.flatMap { role, implementation in
      implementation.records.filter { $0.stage != .costModel }.compactMap { record in
        guard let lut = record.figures[.lut] else { return nil }
        let dsp = record.figures[.dsp]
        var segments = [
          BarFigure.Segment(
            name: "LUT, all", value: lut.value, title: "\(Int(lut.value).grouped) LUT")
        ]
        if let dsp, dsp.value > 0 {
          segments.append(
            BarFigure.Segment(
              name: Self.dspName, value: QoRQuantity.lutsPerDSP * dsp.value,
              title: "\(Int(dsp.value).grouped) DSP blocks, 100 LUTs each by convention"))
        }
        var value = origins.number(
          Int(lut.value).grouped + "\u{A0}LUT", FigureOrigin(lut.provenance))
        if let dsp, dsp.value > 0 {
          value +=
            " + "
            + origins.number(Int(dsp.value).grouped + "\u{A0}DSP", FigureOrigin(dsp.provenance))
        }
        return BarFigure.Bar(
          name: "\(role), \(record.target), \(record.stage.words)", value: value,
          segments: segments, isEstimate: lut.provenance.kind == .estimated)
      }
    }
  }

  private static let dspName = "DSP \u{D7} 100"
  private static let restName = "the rest"

  /// Six names with the most area, in the order of their first use: with DSP blocks and the rest, as many as there are colours.
  private static func mostCells(_ parts: [QoRDesign.Resources.Part]) -> [String] {
    var names: [String] = []
    var sizes: [String: Int] = [:]
    for part in parts {
      if sizes[part.name] == nil { names.append(part.name) }
      sizes[part.name, default: 0] += part.lut + Int(QoRQuantity.lutsPerDSP) * part.dsp
    }
    let largest = names.enumerated().sorted {
      (-sizes[$0.element]!, $0.offset) < (-sizes[$1.element]!, $1.offset)
    }.prefix(6)
    return largest.sorted { $0.offset < $1.offset }.map(\.element)
  }

  private static func folded(
    _ parts: [QoRDesign.Resources.Part], to names: [String]
  ) -> [QoRDesign.Resources.Part] {
    var result: [QoRDesign.Resources.Part] = []
    var rest = QoRDesign.Resources.Part(name: restName, lut: 0, dsp: 0)
    for part in parts {
      if names.contains(part.name) {
        result.append(
          .init(name: part.name.isEmpty ? "no layer" : part.name, lut: part.lut, dsp: part.dsp))
      } else {
        rest.lut += part.lut
        rest.dsp += part.dsp
      }
    }
    return rest.lut + rest.dsp > 0 ? result + [rest] : result
  }

  // MARK: Power

  private static let powerParts: [(FigureName, String)] = [
    (.powerClockW, "clock and flip-flops"), (.powerLogicW, "logic"), (.powerSignalsW, "nets"),
    (.powerDSPW, "DSP"),
  ]

  /// Dynamic power by part with the range of the model, and static power in a figure of its own, because it is the chip's and
  /// not the design's.
  func powerFigures(of design: QoRDesign, _ origins: inout OriginList) -> [String] {
    var dynamic: [BarFigure.Bar] = []
    var ranking: [BarFigure.Bar] = []
    var statics: [BarFigure.Bar] = []
    for (role, implementation) in design.implementations {
      for record in implementation.records {
        let name = "\(role), \(record.target), \(record.stage.words)"
        if let bar = Self.dynamicBar(name, record, &origins) {
          if Self.isRankingOnly(record) { ranking.append(bar) } else { dynamic.append(bar) }
        }
        if let bar = Self.staticBar(name, record, &origins) { statics.append(bar) }
      }
    }
    guard !dynamic.isEmpty || !ranking.isEmpty || !statics.isEmpty else {
      return [
        "<figure class=\"plot\"><h3>Power</h3>\(Self.absent("power", "no stage that ran has a power model of the device"))</figure>"
      ]
    }
    var figures: [String] = []
    if !dynamic.isEmpty {
      figures.append(
        BarFigure(
          title: "Dynamic power",
          note:
            "By what switches. The line at the end of a bar is the range in which the model believes the sum to lie; outlined: estimated.",
          bars: dynamic
        ).html)
    }
    if !ranking.isEmpty {
      figures.append(
        BarFigure(
          title: "Dynamic power, for ranking only",
          note:
            "Of this family no energies are published. The lengths compare designs of it, with the energies of another; they are no watts.",
          bars: ranking
        ).html)
    }
    if !statics.isEmpty {
      figures.append(
        BarFigure(
          title: "Static power",
          note: "What the whole device draws at rest, however little of it is used.", bars: statics
        ).html)
    }
    return figures
  }

  private static func isRankingOnly(_ record: QoRRecord) -> Bool {
    record.figures[.powerDynamicW]?.provenance.isRankingOnly ?? false
  }

  private static func dynamicBar(
    _ name: String, _ record: QoRRecord, _ origins: inout OriginList
  ) -> BarFigure.Bar? {
    guard let total = record.figures[.powerDynamicW] else { return nil }
    /// Watts, or a share of all where there are none.
    func words(_ value: Double) -> String {
      guard isRankingOnly(record) else { return EngineeringNumber(value).text("W") }
      return "\((100 * value / total.value).fixed(0))\u{A0}%"
    }
    let parts = powerParts.compactMap { key, words in
      record.figures[key].map { (words, $0) }
    }
    let isEstimate = total.provenance.kind == .estimated
    let notes = parts.map { name, figure in
      "\(name) \(origins.number(words(figure.value), FigureOrigin(figure.provenance)))"
    }
    var segments = parts.filter { $0.1.value > 0 }.map { name, figure in
      BarFigure.Segment(
        name: name, value: figure.value, title: "\(name): \(words(figure.value))")
    }
    // A bar is as long as the total says; parts that are not told, such as a vendor's, are one segment.
    let rest = total.value - segments.reduce(0) { $0 + $1.value }
    if rest > 0.001 * total.value {
      segments.append(
        BarFigure.Segment(
          name: parts.isEmpty ? "all" : "other", value: rest,
          title: words(rest)))
    }
    var whisker: ClosedRange<Double>?
    var range = ""
    if !isRankingOnly(record), let low = record[.powerDynamicLowW],
      let high = record[.powerDynamicHighW], low <= high
    {
      whisker = low...high
      range =
        "; \(EngineeringNumber(low).text("W")) to \(EngineeringNumber(high).text("W"))\(origins.mark(FigureOrigin(total.provenance)))"
    }
    return BarFigure.Bar(
      name: name,
      value: QoRQuantity.power.value(in: record).map {
        origins.number(QoRQuantity.power.text($0), $0.origin)
      } ?? "",
      segments: segments, whisker: whisker, isEstimate: isEstimate,
      note: (notes.isEmpty ? "parts are not known" : notes.joined(separator: " \u{B7} ")) + range)
  }

  private static func staticBar(
    _ name: String, _ record: QoRRecord, _ origins: inout OriginList
  ) -> BarFigure.Bar? {
    guard let figure = record.figures[.powerStaticW] else { return nil }
    var whisker: ClosedRange<Double>?
    if let low = record[.powerStaticLowW], let high = record[.powerStaticHighW], low <= high {
      whisker = low...high
    }
    return BarFigure.Bar(
      name: name,
      value: origins.number(
        EngineeringNumber(figure.value).text("W"), FigureOrigin(figure.provenance)),
      segments: [
        BarFigure.Segment(
          name: "static", value: figure.value, title: EngineeringNumber(figure.value).text("W"))
      ], whisker: whisker, isEstimate: figure.provenance.kind == .estimated)
  }

  // MARK: Utilization

  /// The share of what a device has, on a scale that ends at the whole device, or at the worst excess.
  func utilization(of design: QoRDesign, _ origins: inout OriginList) -> String {
    var bars: [BarFigure.Bar] = []
    var verdicts: [String] = []
    for (role, implementation) in design.implementations {
      for target in design.targets {
        // The last stage with shares says more than the ones before it.
        let known = implementation.records.filter {
          $0.target == target && !$0.utilization.isEmpty
        }
        guard
          let record = QoRStage.allCases.reversed().lazy
            .compactMap({ stage in known.first { $0.stage == stage } }).first
        else { continue }
        if !record.fits {
          verdicts.append(
            "<p class=\"misfit\">\(role) does not fit \(HTMLText.escape(target)): too many \(record.overflowing.map { Self.cellName($0) }.joined(separator: ", ")).</p>"
          )
        }
        for name in FigureName.allCases {
          guard let share = record.utilization[name], share > 0, let figure = record.figures[name]
          else { continue }
          let percent =
            share >= 0.1 ? (100 * share).fixed(0) : (100 * share).fixed(share < 0.001 ? 3 : 2)
          let count = origins.number(
            figure.value == figure.value.rounded()
              ? Int(figure.value).grouped : figure.value.fixed(1),
            FigureOrigin(figure.provenance))
          bars.append(
            BarFigure.Bar(
              name: "\(role), \(target): \(Self.cellName(name))",
              value: "\(percent)\u{A0}% (\(count))\(share > 1 ? " does not fit" : "")",
              segments: [
                BarFigure.Segment(
                  name: "used", value: share, title: "\(percent) % of \(target)")
              ], isEstimate: figure.provenance.kind == .estimated, isTooMuch: share > 1))
        }
      }
    }
    guard !bars.isEmpty else {
      return
        "<figure class=\"plot\"><h3>Utilization</h3>\(Self.absent("utilization", "no stage knows what the device has"))</figure>"
    }
    return BarFigure(
      title: "Utilization",
      note:
        "Of what the device has; the full width is \(bars.contains(where: \.isTooMuch) ? "the largest, and the line the whole device" : "the whole device").\(verdicts.isEmpty ? "" : "</p>" + verdicts.joined() + "<p class=\"note\">")",
      bars: bars, limit: bars.contains(where: \.isTooMuch) ? 1 : nil, isThin: true, fullScale: 1
    ).html
  }

  private static func cellName(_ name: FigureName) -> String {
    cellNames[name] ?? name.rawValue
  }

  private static let cellNames: [FigureName: String] = [
    .lut: "LUT", .lutSites: "LUT sites", .lutRAM: "LUT RAM", .srl: "shift-register LUTs", .ff: "FF",
    .carry: "carry cells", .carry8: "CARRY8", .dsp: "DSP", .bram: "BRAM", .uram: "URAM",
  ]
}
