import PareNumerics
import PareQoR
import PareText

/// What designs are compared in.
enum QoRQuantity: CaseIterable {
  case lut, ff, dsp, area, power, energy, fmax, latency

  /// A DSP block stands for this many LUTs in sums of area: a convention, not a property of a device.
  static let lutsPerDSP = 100.0

  var name: String {
    switch self {
    case .lut: "LUT"
    case .ff: "FF"
    case .dsp: "DSP"
    case .area: "area, LUT + 100 DSP"
    case .power: "dynamic power"
    case .energy: "energy per sample"
    case .fmax: "fmax"
    case .latency: "latency"
    }
  }

  var isMoreBetter: Bool { self == .fmax }

  /// Keys of the figure, and of the ends of its range.
  private var keys: (figure: FigureName, low: FigureName?, high: FigureName?)? {
    switch self {
    case .lut: (.lut, nil, nil)
    case .ff: (.ff, nil, nil)
    case .dsp: (.dsp, nil, nil)
    case .area: nil
    case .power: (.powerDynamicW, .powerDynamicLowW, .powerDynamicHighW)
    case .energy: (.energyPerSampleJ, .energyPerSampleLowJ, .energyPerSampleHighJ)
    case .fmax: (.fmaxMHz, nil, nil)
    case .latency: (.latencyClocks, nil, nil)
    }
  }

  func text(_ value: Double) -> String {
    switch self {
    case .lut, .ff, .dsp, .area: Int(value.rounded()).grouped
    case .power: EngineeringNumber(value).text("W")
    case .energy: EngineeringNumber(value).text("J")
    case .fmax: value.fixed(1) + "\u{A0}MHz"
    case .latency: value.fixed(0) + "\u{A0}clocks"
    }
  }

  /// A known value with its origin and, for what a model knows only roughly, its range.
  struct Value {
    var value: Double
    var range: ClosedRange<Double>?
    var origin: FigureOrigin
    /// Whether it orders designs of one family and tells no watts.
    var isRankingOnly = false
  }

  /// A value with its unit; what only ranks has none.
  func text(_ value: Value) -> String {
    guard value.isRankingOnly else { return text(value.value) }
    let number = self == .energy ? value.value * 1e12 : value.value * 1e3
    return number.fixed(number < 100 ? 1 : 0) + "\u{A0}(ranks\u{A0}only)"
  }

  /// - Returns: nil where the record does not know it.
  func value(in record: QoRRecord) -> Value? {
    guard let (name, low, high) = keys else {
      guard let lut = record.figures[.lut], let dsp = record.figures[.dsp] else { return nil }
      let isMeasured = [lut, dsp].allSatisfy { $0.provenance.kind == .measured }
      return Value(
        value: lut.value + Self.lutsPerDSP * dsp.value, range: nil,
        origin: FigureOrigin(
          isMeasured ? .derived : .estimated, tool: "pare", version: nil,
          stage: record.stage.words,
          note:
            "LUT and DSP of \(record.tool) \(record.version), each DSP block counted as \(Self.lutsPerDSP.fixed(0)) LUTs by convention"
        ))
    }
    guard let figure = record.figures[name], figure.value.isFinite else { return nil }
    var range: ClosedRange<Double>?
    if let low = low.flatMap({ record[$0] }), let high = high.flatMap({ record[$0] }), low <= high {
      range = low...high
    }
    let isRankingOnly = figure.provenance.isRankingOnly
    return Value(
      value: figure.value, range: isRankingOnly ? nil : range,
      origin: FigureOrigin(figure.provenance), isRankingOnly: isRankingOnly)
  }

  /// The value of the latest stage that knows it on a target.
  func best(of records: [QoRRecord], on target: String) -> Value? {
    for stage in QoRStage.allCases.reversed() {
      for record in records where record.target == target && record.stage == stage {
        if let value = value(in: record) { return value }
      }
    }
    return nil
  }
}

extension QoRDesign {
  /// Targets of both implementations in the order of the records; the cost model's `any` only where there is no other.
  var targets: [String] {
    let all = implementations.flatMap { $0.1.records.map(\.target) }
    var seen: Set<String> = []
    let unique = all.filter { seen.insert($0).inserted }
    let devices = unique.filter { $0 != "any" }
    return devices.isEmpty ? unique : devices
  }
}
