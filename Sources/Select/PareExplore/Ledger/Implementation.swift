import PareNumerics
public import PareQoR
import PareText

/// What one stage made of one design on one device: a row of the ledger's table `implementation`.
///
/// Designs that are the same hardware share a row, whichever candidates they belong to.
public struct Implementation: Hashable, Sendable {
  /// Of design, stage, device and settings: sixteen hexadecimal digits.
  public let key: String
  /// Hash of the design's datapath before it is optimized and of what it is compiled with.
  public let design: String
  public let stage: QoRStage
  /// Name of the device.
  public let device: String
  public let settings: ImplementationSettings
  /// Nil when the stage failed.
  public let record: QoRRecord?
  /// Why there is no record.
  public let failure: String?
  /// Program and version.
  public let generator: String
  /// The machine that did it.
  public let host: String
  /// ISO 8601, UTC.
  public let finishedAt: String
  public let seconds: Double

  /// A stage with its figures.
  public init(
    design: String, record: QoRRecord, settings: ImplementationSettings, generator: String,
    host: String, finishedAt: String, seconds: Double
  ) {
    self.init(
      design: design, stage: record.stage, device: record.target, settings: settings,
      record: record, failure: nil, generator: generator, host: host, finishedAt: finishedAt,
      seconds: seconds)
  }

  /// A stage that failed.
  public init(
    design: String, stage: QoRStage, device: String, failure: String,
    settings: ImplementationSettings, generator: String, host: String, finishedAt: String,
    seconds: Double
  ) {
    self.init(
      design: design, stage: stage, device: device, settings: settings, record: nil,
      failure: failure, generator: generator, host: host, finishedAt: finishedAt, seconds: seconds)
  }

  init(
    design: String, stage: QoRStage, device: String, settings: ImplementationSettings,
    record: QoRRecord?, failure: String?, generator: String, host: String, finishedAt: String,
    seconds: Double
  ) {
    self.design = design
    self.stage = stage
    self.device = device
    self.settings = settings
    self.record = record
    self.failure = failure
    self.generator = generator
    self.host = host
    self.finishedAt = finishedAt
    self.seconds = seconds
    key = Self.key(design: design, stage: stage, device: device, settings: settings.hash)
  }

  /// - Parameter settings: their hash.
  static func key(design: String, stage: QoRStage, device: String, settings: String) -> String {
    var hash = StableHash()
    for text in [design, stage.rawValue, device, settings] { hash.combine(text) }
    return hash.hex
  }
}

/// All but the design and the device that decides the figures of a stage; only figures of equal settings are compared.
public struct ImplementationSettings: Hashable, Sendable, Codable {
  /// Counted up when the meaning of a key changes.
  public var version = 1
  public var compile: CompileOptions
  /// Programs with their versions, such as `yosys 0.70`.
  public var tools: [String]
  /// What the design is fed with where its toggles are counted; nil where none are.
  public var stimulus: String?
  /// Nil for stages before place and route.
  public var routing: Routing?

  public struct Routing: Hashable, Sendable, Codable {
    public var frequencyMHz: Double
    public var seeds: [Int]

    public init(frequencyMHz: Double, seeds: [Int]) {
      self.frequencyMHz = frequencyMHz
      self.seeds = seeds
    }
  }

  public init(
    compile: CompileOptions, tools: [String], stimulus: String? = nil, routing: Routing? = nil
  ) {
    self.compile = compile
    self.tools = tools
    self.stimulus = stimulus
    self.routing = routing
  }

  /// Sixteen hexadecimal digits.
  public var hash: String {
    var hash = StableHash()
    hash.combine(LedgerJSON.encode(self))
    return hash.hex
  }

  /// One line for a reader who has to choose between several.
  public var summary: String {
    var words = [
      compile.clockMHz.map { "\($0.fixed(0)) MHz" } ?? "no clock", "effort \(compile.effort)",
    ]
    if compile.samplesPerClock > 1 { words.append("\(compile.samplesPerClock) samples per clock") }
    words += tools
    if let routing {
      words.append(
        "routed for \(routing.frequencyMHz.fixed(0)) MHz, seeds "
          + routing.seeds.map(String.init).joined(separator: " "))
    }
    if let stimulus { words.append("fed with \(stimulus)") }
    return (words + [compile.generator]).joined(separator: ", ")
  }
}
