/// The slowest path between two registers after routing.
public struct CriticalPath: Sendable, Hashable {
  /// Cell and port where it starts and where it ends, by the names that synthesis gave them.
  public let from: String
  public let to: String
  /// Nanoseconds in all, including clock-to-output and set-up; then the part in cells and the part in wires.
  public let nanoseconds: Double
  public let logicNanoseconds: Double
  public let routingNanoseconds: Double
  /// Cells passed between the two registers.
  public let levels: Int
  /// The cells on the way, first and last register included; empty when the tool does not list them, or when
  /// ``stretches`` tell more.
  public let steps: [Step]
  /// The same way in the names of the design, cells of one signal joined; empty when nobody translated it.
  public let stretches: [Stretch]

  /// A cell on the way.
  public struct Step: Sendable, Hashable, Codable {
    public let cell: String
    /// Where the path leaves the cell, or where it ends.
    public let port: String
    /// In the cell: clock-to-output, logic, or set-up.
    public let nanoseconds: Double
    /// On the wire to the cell.
    public let routingNanoseconds: Double

    public init(cell: String, port: String, nanoseconds: Double, routingNanoseconds: Double) {
      self.cell = cell
      self.port = port
      self.nanoseconds = nanoseconds
      self.routingNanoseconds = routingNanoseconds
    }
  }

  /// Neighbouring cells that make one signal of the design.
  public struct Stretch: Sendable, Hashable, Codable {
    /// The signal's name in the generated hardware, or the cell's where it is none of the design's.
    public let signal: String
    /// What it computes; absent when the cell belongs to no signal.
    public let meaning: String?
    public let cells: Int
    public let nanoseconds: Double
    public let routingNanoseconds: Double

    public init(
      signal: String, meaning: String?, cells: Int, nanoseconds: Double, routingNanoseconds: Double
    ) {
      self.signal = signal
      self.meaning = meaning
      self.cells = cells
      self.nanoseconds = nanoseconds
      self.routingNanoseconds = routingNanoseconds
    }
  }

  public init(
    from: String, to: String, nanoseconds: Double, logicNanoseconds: Double,
    routingNanoseconds: Double, levels: Int, steps: [Step] = [], stretches: [Stretch] = []
  ) {
    self.from = from
    self.to = to
    self.nanoseconds = nanoseconds
    self.logicNanoseconds = logicNanoseconds
    self.routingNanoseconds = routingNanoseconds
    self.levels = levels
    self.steps = steps
    self.stretches = stretches
  }

  /// The path with ``stretches`` in place of ``steps``; without steps, of its two ends.
  ///
  /// - Parameter name: signal and meaning of a cell; nil for one that belongs to no signal of the design.
  public func translated(
    _ name: (_ cell: String, _ port: String) -> (signal: String, meaning: String)?
  ) -> CriticalPath {
    let known =
      steps.isEmpty
      ? [from, to].map { end in
        let dot = end.lastIndex(where: { $0 == "." || $0 == "/" }) ?? end.endIndex
        return Step(
          cell: String(end[..<dot]), port: String(end[dot...].dropFirst()), nanoseconds: 0,
          routingNanoseconds: 0)
      } : steps
    var stretches: [Stretch] = []
    for step in known {
      let found = name(step.cell, step.port)
      let signal = found?.signal ?? step.cell
      let last = stretches.last
      if let last, last.signal == signal, last.meaning == found?.meaning {
        stretches[stretches.count - 1] = Stretch(
          signal: signal, meaning: last.meaning, cells: last.cells + 1,
          nanoseconds: last.nanoseconds + step.nanoseconds,
          routingNanoseconds: last.routingNanoseconds + step.routingNanoseconds)
      } else {
        stretches.append(
          Stretch(
            signal: signal, meaning: found?.meaning, cells: 1, nanoseconds: step.nanoseconds,
            routingNanoseconds: step.routingNanoseconds))
      }
    }
    return CriticalPath(
      from: from, to: to, nanoseconds: nanoseconds, logicNanoseconds: logicNanoseconds,
      routingNanoseconds: routingNanoseconds, levels: levels, stretches: stretches)
  }
}

extension CriticalPath: Codable {
  private enum Key: String, CodingKey {
    case from, to, nanoseconds, logicNanoseconds, routingNanoseconds, levels, steps, stretches
  }

  public func encode(to encoder: any Encoder) throws {
    var path = encoder.container(keyedBy: Key.self)
    try path.encode(from, forKey: .from)
    try path.encode(to, forKey: .to)
    try path.encode(nanoseconds, forKey: .nanoseconds)
    try path.encode(logicNanoseconds, forKey: .logicNanoseconds)
    try path.encode(routingNanoseconds, forKey: .routingNanoseconds)
    try path.encode(levels, forKey: .levels)
    if !steps.isEmpty { try path.encode(steps, forKey: .steps) }
    if !stretches.isEmpty { try path.encode(stretches, forKey: .stretches) }
  }

  /// Files of earlier versions have neither steps nor stretches.
  public init(from decoder: any Decoder) throws {
    let path = try decoder.container(keyedBy: Key.self)
    from = try path.decode(String.self, forKey: .from)
    to = try path.decode(String.self, forKey: .to)
    nanoseconds = try path.decode(Double.self, forKey: .nanoseconds)
    logicNanoseconds = try path.decode(Double.self, forKey: .logicNanoseconds)
    routingNanoseconds = try path.decode(Double.self, forKey: .routingNanoseconds)
    levels = try path.decode(Int.self, forKey: .levels)
    steps = try path.decodeIfPresent([Step].self, forKey: .steps) ?? []
    stretches = try path.decodeIfPresent([Stretch].self, forKey: .stretches) ?? []
  }
}
