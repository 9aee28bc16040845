public import PareNetwork
import PareText

/// What the demo measured, row by row.
public struct DemoReport: Sendable, Codable {
  /// A trained design point; the best seed on the validation split.
  public struct Point: Sendable, Codable {
    public let kernelSize: Int
    public let sparsity: Double
    public let quantizer: QuantizationScheme
    public let seed: UInt64
    public let nonZeroCount: Int
    public let validationNMSEdB: Double
    public let testNMSEdB: Double
    public let isPicked: Bool
  }

  /// One step of the way from data to gates; what does not apply is absent.
  public struct Row: Sendable, Codable {
    public let step: String
    public var testNMSEdB: Double?
    public var nonZeroCount: Int?
    public var adders: Int?
    public var lut: Int?
    public var ff: Int?
    public var dsp: Int?
    public var fmaxMHz: Double?
    public var latencySamples: Int?
    public var seconds: Double?
    /// Whether the seconds are of an earlier run whose result was kept.
    public var wasKept = false
    /// Tool and version that the figures come from.
    public var source: String

    init(_ step: String, source: String) {
      self.step = step
      self.source = source
    }
  }

  public let dataset: String
  public let isSynthetic: Bool
  public let points: [Point]
  public let picked: String
  public let rows: [Row]
  public let comparedSamples: Int
  /// Post-route fmax of every seed.
  public let routedMHz: [Double]
  public let folder: String

  /// The tables that the command line prints.
  public var text: String {
    """
    \(dataset)\(isSynthetic ? " (synthetic amplifier, not a measurement)" : "")

    \(pointTable)

    picked: \(picked)

    \(rowTable)

    RTL = integer model in every bit of \(comparedSamples.grouped) samples; ECP5 fmax \
    by seed: \(routedMHz.map { $0.fixed(1) }.joined(separator: ", ")) MHz
    everything is in \(folder)
    """
  }

  private var pointTable: String {
    var table = TextTable([
      ("kernel", .right), ("channels", .right), ("pruned %", .right), ("quantizer", .left),
      ("nnz", .right), ("validation dB", .right), ("test dB", .right), ("", .left),
    ])
    for point in points {
      table.add([
        "\(point.kernelSize)", "8", (point.sparsity * 100).fixed(0), point.quantizer.description,
        "\(point.nonZeroCount)", point.validationNMSEdB.fixed(2), point.testNMSEdB.fixed(2),
        point.isPicked ? "<- picked" : "",
      ])
    }
    return table.text
  }

  private var rowTable: String {
    var table = TextTable([
      ("step", .left), ("NMSE dB", .right), ("nnz", .right), ("adders", .right), ("LUT", .right),
      ("FF", .right), ("DSP", .right), ("fmax MHz", .right), ("latency", .right),
      ("seconds", .right), ("from", .left),
    ])
    func cell(_ value: Int?) -> String { value?.grouped ?? "" }
    for row in rows {
      let seconds = row.seconds.map { $0.fixed(1) + (row.wasKept ? " kept" : "") } ?? ""
      table.add([
        row.step, row.testNMSEdB?.fixed(3) ?? "", cell(row.nonZeroCount), cell(row.adders),
        cell(row.lut), cell(row.ff), cell(row.dsp), row.fmaxMHz?.fixed(1) ?? "",
        cell(row.latencySamples), seconds, row.source,
      ])
    }
    return table.text
  }
}
