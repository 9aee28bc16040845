public import PareTools

/// The figures of one design after one stage on one device.
///
/// What a stage cannot know is absent, never zero.
public struct QoRRecord: Sendable, Hashable {
  public static let currentSchema = 1

  /// Name of the top module.
  public let design: String
  public let stage: QoRStage
  public let tool: String
  public let version: String
  /// Name of the device, or of the family where the stage knows no more.
  public let target: String
  /// The maker's part name; nil where the stage knows only the family.
  public let part: String?
  public let figures: [FigureName: Figure]
  /// The slowest path of the best seed.
  public let criticalPath: CriticalPath?
  /// What configures the device; its file is relative to the folder of `qor.json` in a design folder.
  public let bitstream: Bitstream?
  /// fmax of each seed, in MHz.
  public let seeds: [SeedResult]
  /// Used share of what the device has, 0 to 1 when it fits.
  public let utilization: [FigureName: Double]
  public let warnings: [String]
  /// Time that the stage took; not written to `qor.json`, which has the same bytes for the same design.
  public var seconds: Double?

  public struct SeedResult: Sendable, Hashable, Codable {
    public let seed: Int
    public let fmaxMHz: Double?
  }

  public init(
    design: String, stage: QoRStage, tool: String, version: String, target: String,
    part: String? = nil, figures: [FigureName: Figure], criticalPath: CriticalPath? = nil,
    bitstream: Bitstream? = nil, seeds: [SeedResult] = [], device: Device? = nil,
    warnings: [String] = [],
    seconds: Double? = nil
  ) {
    self.design = design
    self.stage = stage
    self.tool = tool
    self.version = version
    self.target = target
    self.part = part
    self.figures = figures
    self.criticalPath = criticalPath
    self.bitstream = bitstream
    self.seeds = seeds
    var utilization: [FigureName: Double] = [:]
    for (name, capacity) in device?.capacity ?? [:] {
      if let figure = figures[name] { utilization[name] = figure.value / capacity }
    }
    self.utilization = utilization
    self.warnings = warnings
    self.seconds = seconds
  }

  /// The record with more figures, or another reading of its path and files; utilization stays as it is.
  public func with(
    figures more: [FigureName: Figure] = [:], criticalPath: CriticalPath? = nil,
    bitstream: Bitstream? = nil, warnings: [String] = []
  ) -> QoRRecord {
    QoRRecord(
      copying: self, figures: figures.merging(more) { $1 },
      criticalPath: criticalPath ?? self.criticalPath, bitstream: bitstream ?? self.bitstream,
      warnings: self.warnings + warnings)
  }

  private init(
    copying record: QoRRecord, figures: [FigureName: Figure], criticalPath: CriticalPath?,
    bitstream: Bitstream?, warnings: [String]
  ) {
    design = record.design
    stage = record.stage
    tool = record.tool
    version = record.version
    target = record.target
    part = record.part
    self.figures = figures
    self.criticalPath = criticalPath
    self.bitstream = bitstream
    seeds = record.seeds
    utilization = record.utilization
    self.warnings = warnings
    seconds = record.seconds
  }

  /// The value of a figure; nil where the stage cannot know it.
  public subscript(name: FigureName) -> Double? { figures[name]?.value }

  /// Kinds of cells that the device has too few of, in a fixed order.
  public var overflowing: [FigureName] {
    FigureName.allCases.filter { (utilization[$0] ?? 0) > 1 }
  }

  /// False when the device has too few cells of some kind.
  public var fits: Bool { overflowing.isEmpty }
}

extension QoRRecord: Codable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Figures lie beside the other keys, their origins in `provenance` under the same names.
  public func encode(to encoder: any Encoder) throws {
    var record = encoder.container(keyedBy: Key.self)
    try record.encode(Self.currentSchema, forKey: Key("schemaVersion"))
    try record.encode(design, forKey: Key("design"))
    try record.encode(stage, forKey: Key("stage"))
    try record.encode(tool, forKey: Key("tool"))
    try record.encode(version, forKey: Key("version"))
    try record.encode(target, forKey: Key("target"))
    try record.encodeIfPresent(part, forKey: Key("part"))
    try record.encodeIfPresent(criticalPath, forKey: Key("criticalPath"))
    try record.encodeIfPresent(bitstream, forKey: Key("bitstream"))
    if !seeds.isEmpty { try record.encode(seeds, forKey: Key("seeds")) }
    if !utilization.isEmpty { try record.encode(utilization, forKey: Key("utilization")) }
    if !warnings.isEmpty { try record.encode(warnings, forKey: Key("warnings")) }
    for (name, figure) in figures { try record.encode(figure.value, forKey: Key(name.rawValue)) }
    try record.encode(figures.mapValues(\.provenance), forKey: Key("provenance"))
  }

  public init(from decoder: any Decoder) throws {
    let record = try decoder.container(keyedBy: Key.self)
    design = try record.decode(String.self, forKey: Key("design"))
    stage = try record.decode(QoRStage.self, forKey: Key("stage"))
    tool = try record.decode(String.self, forKey: Key("tool"))
    version = try record.decode(String.self, forKey: Key("version"))
    target = try record.decode(String.self, forKey: Key("target"))
    part = try record.decodeIfPresent(String.self, forKey: Key("part"))
    criticalPath = try record.decodeIfPresent(CriticalPath.self, forKey: Key("criticalPath"))
    bitstream = try record.decodeIfPresent(Bitstream.self, forKey: Key("bitstream"))
    seeds = try record.decodeIfPresent([SeedResult].self, forKey: Key("seeds")) ?? []
    utilization =
      try record.decodeIfPresent([FigureName: Double].self, forKey: Key("utilization")) ?? [:]
    warnings = try record.decodeIfPresent([String].self, forKey: Key("warnings")) ?? []
    let origins = try record.decode([FigureName: Provenance].self, forKey: Key("provenance"))
    var figures: [FigureName: Figure] = [:]
    for name in FigureName.allCases {
      let key = Key(name.rawValue)
      guard let value = try record.decodeIfPresent(Double.self, forKey: key) else { continue }
      guard let origin = origins[name] else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: record, debugDescription: "\(name.rawValue) without its provenance")
      }
      figures[name] = Figure(value, origin)
    }
    self.figures = figures
    seconds = nil
  }
}
