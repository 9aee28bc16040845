import CPareKernels

/// What one clock runs: first the edge, then the inputs and the logic.
struct ClockPrograms: Hashable, Sendable {
  var edge = GateProgram()
  var settle = GateProgram()
  var slotCount = 0
}

extension GateNetlist {
  func programs(_ mode: NetlistSimulator.Mode) -> ClockPrograms {
    var writer = ProgramWriter(base: slotCount)
    writer.edge(registers, counting: mode == .plain ? nil : nets)
    let waits = waiting.sorted { $0.key < $1.key }.flatMap { name, slots in
      zip(ports[name]!.slots, slots).map { (target: $0, source: $1) }
    }
    for wait in waits {
      writer.settle.append(
        Gate(
          op: mode == .plain ? PARE_GATE_COPY : PARE_GATE_COMMIT, target: wait.target,
          a: wait.source))
    }
    switch mode {
    case .plain: for node in nodes { writer.plain(node) }
    case .counting: for node in nodes { writer.counted(node) }
    case .unitDelay:
      // Within a unit readers run before what they read, so that each sees the values of the unit before.
      for unit in 1..<(depth + 1) {
        for index in nodes.indices.reversed() where windows[index].contains(unit) {
          writer.counted(nodes[index])
        }
      }
    }
    return writer.programs
  }
}

/// Gives intermediate results slots and writes gates in the order in which they run.
private struct ProgramWriter {
  let base: Int
  var edge = GateProgram()
  var settle = GateProgram()
  private var highest: Int

  init(base: Int) {
    self.base = base
    highest = base
  }

  var programs: ClockPrograms {
    ClockPrograms(edge: edge, settle: settle, slotCount: highest)
  }

  private func slots(of node: CellLogic.Node) -> [Int32: Int32] {
    Dictionary(
      uniqueKeysWithValues: node.gates.enumerated().map { ($1.target, Int32(base + $0)) })
  }

  /// Outputs are computed in their places.
  mutating func plain(_ node: CellLogic.Node) {
    var slots = slots(of: node)
    highest = max(highest, base + node.gates.count)
    var copies: [(slot: Int32, source: Int32)] = []
    var placed = Set<Int32>()
    for (slot, source) in node.outputs {
      if source >= CellLogic.temporary, placed.insert(source).inserted {
        slots[source] = slot
      } else {
        copies.append((slot, source))
      }
    }
    for gate in node.gates { settle.append(gate.replacing { slots[$0] ?? $0 }) }
    for copy in copies {
      settle.append(
        Gate(op: PARE_GATE_COPY, target: copy.slot, a: slots[copy.source] ?? copy.source))
    }
  }

  /// Outputs are computed beside their places, compared, and moved there.
  mutating func counted(_ node: CellLogic.Node) {
    let slots = slots(of: node)
    highest = max(highest, base + node.gates.count)
    for gate in node.gates { settle.append(gate.replacing { slots[$0] ?? $0 }) }
    for (slot, source) in node.outputs {
      settle.append(Gate(op: PARE_GATE_COMMIT, target: slot, a: slots[source] ?? source))
    }
  }

  /// Registers in place, each before those that it reads.
  mutating func edge(_ registers: [CellLogic.Register], counting nets: Range<Int32>?) {
    let index = Dictionary(uniqueKeysWithValues: registers.enumerated().map { ($1.slot, $0) })
    // How many registers still have to read each.
    var readers = Array(repeating: 0, count: registers.count)
    var sources: [[Int]] = []
    for (own, register) in registers.enumerated() {
      let read = Set([register.next, register.enable, register.reset].compactMap { index[$0] })
        .subtracting([own]).sorted()
      for source in read { readers[source] += 1 }
      sources.append(read)
    }
    var moved: [Int32: Int32] = [:]
    var ready = registers.indices.filter { readers[$0] == 0 }
    var isDone = Array(repeating: false, count: registers.count)
    var waiting = 0
    while true {
      guard let own = ready.popLast() else {
        while waiting < registers.count, isDone[waiting] || moved[registers[waiting].slot] != nil {
          waiting += 1
        }
        guard waiting < registers.count else { return }
        // A ring: one of its registers is read from a copy.
        let slot = registers[waiting].slot
        let copy = Int32(base + moved.count)
        moved[slot] = copy
        highest = max(highest, Int(copy) + 1)
        edge.append(Gate(op: PARE_GATE_COPY, target: copy, a: slot))
        readers[waiting] = 0
        ready.append(waiting)
        continue
      }
      if isDone[own] { continue }
      isDone[own] = true
      let register = registers[own]
      let isCounted = nets?.contains(register.slot) == true
      let op =
        switch (register.isSetByReset, isCounted) {
        case (false, false): PARE_GATE_REGISTER_CLEAR
        case (true, false): PARE_GATE_REGISTER_SET
        case (false, true): PARE_GATE_REGISTER_CLEAR_COUNTED
        case (true, true): PARE_GATE_REGISTER_SET_COUNTED
        }
      func place(_ slot: Int32) -> Int32 { slot == register.slot ? slot : moved[slot] ?? slot }
      edge.append(
        Gate(
          op: op, target: register.slot, a: place(register.next), b: place(register.enable),
          c: place(register.reset)))
      for source in sources[own] where !isDone[source] && moved[registers[source].slot] == nil {
        readers[source] -= 1
        if readers[source] == 0 { ready.append(source) }
      }
    }
  }
}
