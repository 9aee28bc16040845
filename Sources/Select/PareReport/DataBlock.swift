import PareExplore

/// The points of a report as the page's script reads them: one JSON object of columns.
///
/// Words that repeat are numbers into `levels`; figures are rounded to what a plot or a tip can show: 0.0001 dB, 0.1 µW.
struct DataBlock {
  /// Figures that the page draws, filters by or tells.
  static let metrics: [Metric] = [
    .nmse, .testNMSE, .nnz, .multiplications, .adders, .lut, .latency, .power, .channels,
    .convolutions, .kernelSize, .sparsity,
  ]

  /// Points that are drawn one by one in one plot; of more, those off the front are binned.
  static let drawnLimit = 20_000

  let data: ReportData

  var bytes: [UInt8] {
    var out = JSONBytes()
    let points = data.points
    out.raw("{\"count\":\(points.count),\"drawnLimit\":\(Self.drawnLimit)")
    out.raw(",\"stairs\":\(data.hasStairs),\"top\":\(data.indices(.top).count)")
    out.raw(
      ",\"hasRemoved\":\(data.standings.contains { $0.contains(.merged) && !$0.contains(.kept) })")
    out.raw(",\"standingBits\":{\"schemeFront\":1,\"merged\":2,\"kept\":4,\"top\":8}")
    let quantizers = Levels(points.map(\.quantizer)) { $0 == "none" ? "" : $0 }
    let activations = Levels(points.map(\.activation)) { $0 }
    let widths = Levels(points.map(\.hiddenChannels)) { $0 }
    out.raw(",\n\"levels\":{")
    for (index, (name, levels)) in [
      ("quantizer", quantizers), ("activation", activations), ("hiddenChannels", widths),
    ].enumerated() {
      out.raw("\(index == 0 ? "" : ",")\"\(name)\":")
      out.list(levels.words) { $0.string($1) }
    }
    out.raw("}")
    for (name, levels) in [
      ("quantizer", quantizers), ("activation", activations), ("hiddenChannels", widths),
    ] {
      out.raw(",\n\"\(name)\":")
      out.list(levels.places) { $0.number(Double($1), decimals: 0) }
    }
    out.raw(",\n\"metrics\":{")
    for (index, metric) in Self.metrics.enumerated() {
      out.raw("\(index == 0 ? "" : ",\n")\"\(metric.rawValue)\":")
      out.list(points) { $0.number($1.metrics[metric], decimals: metric.shownDecimals) }
    }
    out.raw("},\n\"standing\":")
    out.list(data.standings) { $0.number(Double($1.rawValue), decimals: 0) }
    out.raw(",\n\"names\":")
    out.list(points) { $0.string($1.name) }
    out.raw(",\n\"keys\":")
    out.list(points) { $0.string($1.key) }
    out.raw(",\n\"models\":{")
    for (index, point) in data.modelPaths.keys.sorted().enumerated() {
      out.raw("\(index == 0 ? "" : ",")\"\(point)\":")
      out.string(data.modelPaths[point]!)
    }
    out.raw("}}")
    return out.bytes
  }

  /// The different words of a column, sorted, and where each row's stands among them.
  struct Levels {
    let words: [String]
    let places: [Int]

    /// - Parameter rank: what to sort by; numbers in it sort by value, so that `10` follows `8`.
    init(_ column: [String], rank: (String) -> String) {
      words = Set(column).map { (NaturalOrder(rank($0)), $0) }
        .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.1)
      let place = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, $0) })
      places = column.map { place[$0]! }
    }
  }
}

/// An order of words in which digits count as numbers.
private struct NaturalOrder: Comparable {
  private enum Part: Comparable {
    case number(Int)
    case letters(String)
  }
  private let parts: [Part]

  init(_ text: String) {
    var parts: [Part] = []
    var rest = text[...]
    while let first = rest.first {
      let isDigit = first.isASCII && first.isNumber
      let piece = rest.prefix { ($0.isASCII && $0.isNumber) == isDigit }
      rest = rest.dropFirst(piece.count)
      parts.append(isDigit ? .number(Int(piece) ?? .max) : .letters(String(piece)))
    }
    self.parts = parts
  }

  static func < (left: NaturalOrder, right: NaturalOrder) -> Bool {
    left.parts.lexicographicallyPrecedes(right.parts)
  }
}

extension Metric {
  /// Decimals that a reader of a plot can use.
  var shownDecimals: Int {
    switch self {
    case .nmse, .testNMSE, .floatNMSE, .floatTestNMSE, .quality, .testQuality: 4
    case .power: 7
    case .energy: 15
    case .nnz, .weights, .multiplications, .adders, .adderBits, .registerBits, .tableBits, .lut,
      .latency, .channels, .convolutions, .kernelSize, .sparsity, .ff, .dsp, .bram, .fmax:
      6
    }
  }
}
