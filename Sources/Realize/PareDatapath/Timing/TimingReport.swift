import PareNumerics

/// What the ``DelayModel`` says about the paths of a pipeline.
public struct TimingReport: Hashable, Sendable, Codable {
  public let family: LogicFamily
  public let basis: DelayModel.Basis
  /// The clock that was asked for, in Hz.
  public let clockHz: Double?
  /// The fastest clock, in Hz.
  public let fmaxHz: Double
  /// The slowest path to each of the registers that are reached last, slowest first.
  public let worst: [Path]

  /// A way between two registers.
  public struct Path: Hashable, Sendable, Codable {
    /// Nodes whose logic lies on the path, in order; it ends in the register behind the last.
    public let wires: [Wire]
    /// What the first of them reads from a register, or a port; the node itself when that is a table inside of which the
    /// path lies.
    public let start: Wire
    /// Bits of the widest result on the way.
    public let bits: Int
    /// Register to register, clock-to-output and set-up included.
    public let nanoseconds: Double

    /// For a person: `path l0c2_a3 -> y0 (17 bits, 2 nodes) takes 4.31 ns in the model`.
    public func description(naming name: (Wire) -> String) -> String {
      "path \(name(start)) -> \(name(wires.last ?? start)) (\(bits) bits, \(wires.count) "
        + "\(wires.count == 1 ? "node" : "nodes")) takes \(nanoseconds.hundredths) ns in the model"
    }
  }

  /// Nanoseconds of the asked clock.
  public var limit: Double? { clockHz.map { 1e9 / $0 } }

  /// The paths of ``worst`` that the asked clock does not give enough time; empty when it is met, or when none was asked for.
  public var missed: [Path] {
    guard let limit else { return [] }
    return worst.filter { $0.nanoseconds > limit }
  }

  /// The first path that misses the clock, for a person: `path ... takes 4.31 ns in the model, limit 4.00`.
  public func shortfall(naming name: (Wire) -> String) -> String? {
    guard let limit, let path = missed.first else { return nil }
    return path.description(naming: name) + ", limit \(limit.hundredths)"
  }
}

extension PipelinedDatapath {
  /// The timing of the pipeline in the delay model of its family.
  ///
  /// - Parameter worst: paths to report, at least 1.
  /// - Complexity: O(operands).
  public func timing(_ model: DelayModel? = nil, worst: Int = 5) -> TimingReport {
    precondition(worst > 0, "\(worst) paths to report")
    let model = model ?? DelayModel(options.family)
    let analysis = TimingAnalysis(self, model)
    let ends = analysis.ends.sorted { ($1.time, $0.wire) < ($0.time, $1.wire) }
    let paths = ends.prefix(worst).map { end in
      let wires = analysis.path(to: end)
      return TimingReport.Path(
        wires: wires.nodes, start: wires.start,
        bits: wires.nodes.map { datapath[$0].range.signedBits }.max() ?? 0,
        nanoseconds: Double(end.time + model.register) / 1000)
    }
    let period = (ends.first?.time ?? 0) + model.register
    return TimingReport(
      family: options.family, basis: model.basis, clockHz: options.clockHz,
      fmaxHz: 1e12 / Double(period), worst: paths)
  }
}

/// Arrival times in a pipeline, register by register.
private struct TimingAnalysis {
  struct End {
    let wire: Wire
    let time: Int
    let isInside: Bool
  }

  private let pipeline: PipelinedDatapath
  /// The node whose result comes to each node last, when it is not a register.
  private var latest: [Int?]
  private var starts: [Wire]
  private let isWire: [Bool]
  private(set) var ends: [End] = []

  init(_ pipeline: PipelinedDatapath, _ model: DelayModel) {
    self.pipeline = pipeline
    let datapath = pipeline.datapath
    let graph = CombinationalGraph(datapath, PipelineReads(datapath), model)
    let count = datapath.nodes.count
    isWire = graph.delays.map(\.isWire)
    var results = graph.alone
    var latest = [Int?](repeating: nil, count: count)
    var starts = datapath.nodes.indices.map { Wire($0) }
    for (index, node) in datapath.nodes.enumerated() where !node.isDelay {
      if let operand = node.op.operands.first {
        starts[index] = datapath.undelayed(operand).wire
      }
      var worst = results[index]
      for operand in node.op.operands {
        let tap = pipeline.tap(of: operand, readBy: Wire(index))
        let source = Int(tap.wire.index)
        guard tap.registers == 0, pipeline.placements[source].registers == 0,
          !datapath.nodes[source].isConstant
        else { continue }
        guard
          let edge = graph.edges[source].first(where: {
            $0.reader == index && $0.delay == tap.delay
          })
        else { continue }
        let arrival = graph.delays[index](results[source].delayed(by: edge.net))
        if arrival.high > worst.high || (arrival.high == worst.high && latest[index] == nil) {
          latest[index] = source
          starts[index] = starts[source]
        }
        worst = worst.joined(arrival)
      }
      results[index] = worst
      let isRegister = pipeline.placements[index].registers > 0
      if worst.high > 0, isRegister || pipeline.placements[index].chain > 0 {
        ends.append(End(wire: Wire(index), time: worst.high, isInside: false))
      }
      let inside = model.innerDelay(of: node, in: datapath)
      if inside > 0 { ends.append(End(wire: Wire(index), time: inside, isInside: true)) }
    }
    self.latest = latest
    self.starts = starts
  }

  func path(to end: End) -> (start: Wire, nodes: [Wire]) {
    if end.isInside { return (end.wire, [end.wire]) }
    var nodes: [Wire] = []
    var node: Int? = Int(end.wire.index)
    while let index = node {
      if !isWire[index] { nodes.append(Wire(index)) }
      node = latest[index]
    }
    return (starts[Int(end.wire.index)], nodes.reversed())
  }
}

extension Double {
  /// Two decimals.
  fileprivate var hundredths: String {
    let all = Int((self * 100).rounded())
    let rest = all % 100
    return "\(all / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
