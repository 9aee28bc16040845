/// Two designs side by side, stage by stage and device by device.
///
/// Ratios are those of the second to the first: beside an optimized design, how many times more its baseline needs. A ratio
/// in which one side is measured and the other estimated says so.
public struct QoRComparison: Sendable, Hashable, Encodable {
  /// One of the two designs.
  public struct Side: Sendable, Hashable {
    /// How it is called in tables.
    public let name: String
    public let qor: QoR
    /// NMSE of the integers on the test split in dB; nil when unknown.
    public let nmseDB: Double?

    public init(name: String, qor: QoR, nmseDB: Double? = nil) {
      self.name = name
      self.qor = qor
      self.nmseDB = nmseDB
    }
  }

  /// What is compared.
  public enum Quantity: String, Sendable, Hashable, Codable, CaseIterable {
    case lut, ff, dsp
    /// LUTs and a hundred for each DSP block.
    case area
    case powerDynamicW, energyPerSampleJ, fmaxMHz, latencyClocks
  }

  /// What stands behind a ratio.
  public enum Basis: String, Sendable, Hashable, Codable {
    case measured
    case estimated
    /// Measured on one side, estimated on the other.
    case mixed
  }

  /// A value with the ends of the range that it may lie in, where the stage knows them.
  public struct Value: Sendable, Hashable, Encodable {
    public let value: Double
    public let low: Double?
    public let high: Double?
    public let kind: Provenance.Kind
    /// Whether only the ratio means anything.
    public let isRankingOnly: Bool
  }

  public struct Row: Sendable, Hashable, Encodable {
    public let quantity: Quantity
    public let first: Value?
    public let second: Value?
    /// Second over first; absent when a side is unknown, or the first is 0.
    public let ratio: Double?
    public let basis: Basis?
  }

  /// The rows of one stage on one device.
  public struct Part: Sendable, Hashable, Encodable {
    public let stage: QoRStage
    public let target: String
    /// The tool and version of each side.
    public let tools: [String]
    public let rows: [Row]
  }

  public let names: [String]
  public let parts: [Part]
  /// NMSE of each side in dB; absent where it is unknown.
  public let nmseDB: [Double?]
  /// Stages and devices that only one side has, by side.
  public let unmatched: [[String]]
  /// Devices that a side does not fit, by side.
  public let tooBig: [[String]]

  /// - Parameter device: the only device to compare on; nil for all that both sides have.
  /// - Throws: ``QoRError`` with code `noCommonDevice` when there is nothing to compare, or a side lacks the device.
  public init(_ first: Side, _ second: Side, on device: Device? = nil) throws {
    let sides = [first, second]
    for side in sides {
      if let device, !side.qor.records.contains(where: { $0.target == device.name }) {
        throw QoRError(
          .noCommonDevice(
            wanted: device.name, sides: sides.map { .init($0.name, $0.qor.targets) }))
      }
    }
    func isWanted(_ record: QoRRecord) -> Bool {
      device.map { record.target == $0.name || record.target == QoR.anyTarget } ?? true
    }
    func matches(_ a: QoRRecord, _ b: QoRRecord) -> Bool {
      a.stage == b.stage && a.target == b.target
    }
    let records = sides.map { $0.qor.records.filter(isWanted) }
    let pairs = records[0].compactMap { record in
      records[1].first { matches(record, $0) }.map { (record, $0) }
    }
    let targets = sides.map { Set($0.qor.targets) }
    // The cost model is of no device; two designs for different ones have no more in common.
    guard !pairs.isEmpty,
      targets.contains(where: \.isEmpty) || !targets[0].isDisjoint(with: targets[1])
    else {
      throw QoRError(
        .noCommonDevice(wanted: nil, sides: sides.map { .init($0.name, $0.qor.targets) }))
    }
    names = sides.map(\.name)
    nmseDB = sides.map(\.nmseDB)
    parts = pairs.map { a, b in
      Part(
        stage: a.stage, target: a.target, tools: [a, b].map { "\($0.tool) \($0.version)" },
        rows: Quantity.allCases.compactMap { Row($0, a, b) })
    }
    unmatched = [(records[0], records[1]), (records[1], records[0])].map { own, other in
      own.filter { record in !other.contains { matches(record, $0) } }
        .map { "\($0.stage.rawValue) on \($0.target)" }
    }
    tooBig = records.map { side in
      var seen: Set<String> = []
      return side.filter { !$0.fits && seen.insert($0.target).inserted }.map {
        "\($0.target) (too many \($0.overflowing.map(\.rawValue).joined(separator: ", ")))"
      }
    }
  }
}

extension QoR {
  /// The target of records that are of no device.
  static let anyTarget = "any"

  /// The devices of the records, in their order.
  public var targets: [String] {
    var seen: Set<String> = [Self.anyTarget]
    return records.map(\.target).filter { seen.insert($0).inserted }
  }
}

extension QoRComparison.Row {
  /// - Returns: nil when neither side knows the quantity.
  fileprivate init?(
    _ quantity: QoRComparison.Quantity, _ a: QoRRecord, _ b: QoRRecord
  ) {
    let values = [a, b].map { QoRComparison.Value(quantity, of: $0) }
    guard values.contains(where: { $0 != nil }) else { return nil }
    self.quantity = quantity
    first = values[0]
    second = values[1]
    if let first = values[0], let second = values[1], first.value != 0 {
      ratio = second.value / first.value
      basis =
        first.kind != second.kind ? .mixed : first.kind == .measured ? .measured : .estimated
    } else {
      ratio = nil
      basis = nil
    }
  }
}

extension QoRComparison.Value {
  fileprivate init?(_ quantity: QoRComparison.Quantity, of record: QoRRecord) {
    func figure(_ name: FigureName, _ low: FigureName? = nil, _ high: FigureName? = nil) -> Self? {
      record.figures[name].map {
        Self(
          value: $0.value, low: low.flatMap { record[$0] }, high: high.flatMap { record[$0] },
          kind: $0.provenance.kind, isRankingOnly: $0.provenance.isRankingOnly)
      }
    }
    let found: Self? =
      switch quantity {
      case .lut: figure(.lut)
      case .ff: figure(.ff)
      case .dsp: figure(.dsp)
      case .fmaxMHz: figure(.fmaxMHz)
      case .latencyClocks: figure(.latencyClocks)
      case .powerDynamicW: figure(.powerDynamicW, .powerDynamicLowW, .powerDynamicHighW)
      case .energyPerSampleJ:
        figure(.energyPerSampleJ, .energyPerSampleLowJ, .energyPerSampleHighJ)
      case .area: Self(areaOf: record)
      }
    guard let found else { return nil }
    self = found
  }

  private init?(areaOf record: QoRRecord) {
    guard let lut = record.figures[.lut], let dsp = record.figures[.dsp] else { return nil }
    let isMeasured = [lut, dsp].allSatisfy { $0.provenance.kind == .measured }
    self.init(
      value: lut.value + 100 * dsp.value, low: nil, high: nil,
      kind: isMeasured ? .measured : .estimated, isRankingOnly: false)
  }
}
