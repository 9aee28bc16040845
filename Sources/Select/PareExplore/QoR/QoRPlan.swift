public import PareDatapath
public import PareQoR
import PareText

/// Which candidates of a ledger are implemented, on what, and how far: the section `qor` of a sweep's `experiment.yaml`.
public struct QoRPlan: Hashable, Sendable {
  /// Candidates that are synthesized.
  public enum Designs: String, Hashable, Sendable, CaseIterable {
    /// The final front, after the exclusion rules.
    case final
    /// The merged front, before any rule.
    case merged
    /// The front of every quantizer, before they are merged.
    case fronts
    /// Every candidate within the budgets.
    case all
  }

  public var designs = Designs.final
  /// Names of devices.
  public var devices = ["zcu104"]
  /// How many of the designs are placed and routed too.
  public var top = 0
  /// What these are the best in; of equals the smaller key.
  public var order = Objective(.nmse)
  /// The clock to pipeline and to route for; nil puts a register behind every row of adders and routes for 200 MHz.
  public var clockMHz: Double?
  public var effort = Effort.normal
  public var samplesPerClock = 1
  /// Of place and route.
  public var seeds = [1, 2, 3]

  public init() {}

  /// The devices, each once, in the order of the table.
  ///
  /// - Throws: `QoRError` for an unknown device and one without synthesis, ``ExploreError`` for none, and for designs to be
  ///   routed where no device can be.
  public func deviceList() throws -> [Device] {
    let wanted = try devices.map { try Device(named: $0) }
    if let device = wanted.first(where: { $0.family == nil }) {
      throw QoRError(.compileOnly(device: device.name))
    }
    guard !wanted.isEmpty else {
      throw ExploreError(
        .option("--device"), "there is no device", hint: "name one, such as zcu104", kind: .usage)
    }
    guard top == 0 || wanted.contains(where: { $0.ecp5 != nil }) else {
      throw ExploreError(
        .option("--top"),
        "open tools place and route ECP5 parts alone, and the devices are "
          + wanted.map(\.name).joined(separator: ", "),
        hint: "add --device ecp5, or leave --top out", kind: .usage)
    }
    return Device.all.filter { wanted.contains($0) }
  }

  /// The candidates to synthesize, and of these the ones to route, best first.
  public func members(
    of candidates: [CandidateSummary], _ settings: Selection.Settings
  ) throws -> (synthesized: [CandidateSummary], routed: [CandidateSummary]) {
    let selection = try Selection(of: candidates, settings)
    let chosen: [CandidateSummary] =
      switch designs {
      case .final: selection.final.members
      case .merged: selection.merged.members
      case .fronts: selection.fronts.flatMap(\.front.members)
      case .all: selection.considered
      }
    let ranked = chosen.sorted {
      let (a, b) = (order.cost(of: $0.metrics), order.cost(of: $1.metrics))
      return a != b ? (a ?? .infinity) < (b ?? .infinity) : $0.key < $1.key
    }
    return (ranked, Array(ranked.prefix(top)))
  }

  /// How a design is compiled for devices of one family.
  func compileOptions(for family: LogicFamily, generator: String) -> CompileOptions {
    var options = CompileOptions(generator: generator)
    // One folder serves all devices of a family, whichever were asked for.
    options.targets = [Device.all.first { $0.logicFamily == family }!.name]
    options.clockMHz = clockMHz
    options.effort = effort
    options.samplesPerClock = samplesPerClock
    return options
  }
}

extension QoRPlan {
  /// Reads the section; keys that are left out have their defaults.
  ///
  /// - Throws: ``ExploreError`` with the line.
  init(_ section: inout YAMLSection) throws {
    self.init()
    designs = try section.parsed("designs", or: designs, Experiment.caseParser("qor.designs"))
    devices = try section.axis("devices", or: devices, .words) { try Device(named: $0.text).name }
    top = try section.integer("top", or: top, in: 0...1_000_000)
    order = try section.parsed("order", or: order) { try Objective(parsing: $0) }
    if order.metric.isImplemented {
      throw section.fault(
        section.line(of: "order"),
        "'\(order.metric.rawValue)' is known of implemented designs alone",
        hint: "order by a figure of the ledger, such as nmse or lut")
    }
    let clock = try section.number("clock", or: 0, in: 0...2000)
    clockMHz = clock > 0 ? clock : nil
    effort = try section.parsed("effort", or: effort, Experiment.caseParser("qor.effort"))
    samplesPerClock = try section.integer("samplesPerClock", or: samplesPerClock, in: 1...8)
    guard CompileOptions.samplesPerClockChoices.contains(samplesPerClock) else {
      throw section.fault(
        section.line(of: "samplesPerClock"), "\(samplesPerClock) samples per clock",
        hint: "one of 1, 2, 4, 8")
    }
    let words = try section.axis("seeds", or: seeds, .words) { value in
      Int(value.text).flatMap { $0 > 0 ? $0 : nil } ?? 0
    }
    guard !words.contains(0), Set(words).count == words.count else {
      throw section.fault(
        section.line(of: "seeds"), "'seeds' are not different positive whole numbers",
        hint: "such as seeds: [1, 2, 3]")
    }
    seeds = words
    try section.rejectUnknownKeys()
    do {
      _ = try deviceList()
    } catch let error as any PareError {
      throw section.fault(section.line, error.message, hint: error.hint)
    }
  }
}
