import CPareKernels
import PareNumerics

/// Runs a netlist in ``laneCount`` copies at once, clock by clock: bit by bit the same circuit on different data.
///
///     simulator.set("x0", lane: 5, to: -3)
///     simulator.settle()
///     let sum = simulator.value("y0", lane: 5)
///     simulator.edge()
///
/// - Complexity: about a word operation of ``laneCount`` bits for each of ``GateNetlist/operationCount``, and three times that with
///   counts.
public struct NetlistSimulator: Sendable {
  /// Copies of the circuit.
  public static let laneCount = PARE_GATE_LANES
  static let wordCount = PARE_GATE_WORDS

  public enum Mode: Hashable, Sendable {
    case plain
    /// With toggles of each net, from one settled state to the next.
    case counting
    /// With every toggle of each net when every cell takes one unit of time. A carry cell is one cell of four, eight or two bits: its
    /// carries are an order of magnitude faster than a LUT and a wire, so that a unit for each bit would show glitches that no
    /// device has.
    case unitDelay
  }

  public let gates: GateNetlist
  public let mode: Mode
  private let programs: ClockPrograms
  private let variant = pare_best_variant()
  private var state: [UInt64]
  /// By slot.
  private(set) var toggles: [UInt64]
  private(set) var ones: [UInt64]
  /// Clocks in which toggles counted, summed over lanes.
  public private(set) var countedClocks = 0

  public init(_ gates: GateNetlist, mode: Mode = .plain) {
    self.gates = gates
    self.mode = mode
    programs = gates.programs(mode)
    state = Array(repeating: 0, count: programs.slotCount * Self.wordCount)
    toggles = Array(repeating: 0, count: mode == .plain ? 0 : programs.slotCount)
    ones = Array(repeating: 0, count: mode == .counting ? programs.slotCount : 0)
    fill(FixedSlot.one, with: ~0)
    // A register that must be reset before it is read shows it when each lane starts from something else.
    var noise = RandomStream(seed: 0x9E37_79B9_7F4A_7C15)
    for register in gates.registers {
      if let value = register.initial {
        fill(register.slot, with: value ? ~0 : 0)
      } else {
        for word in 0..<Self.wordCount {
          state[Int(register.slot) * Self.wordCount + word] = noise.next()
        }
      }
    }
    run(programs.settle, isCounted: false)
  }

  private mutating func fill(_ slot: Int32, with word: UInt64) {
    for index in 0..<Self.wordCount { state[Int(slot) * Self.wordCount + index] = word }
  }

  // MARK: - Time

  /// The rising edge of the clock.
  public mutating func edge() { run(programs.edge, isCounted: true) }

  /// Lets the inputs in and all logic settle.
  public mutating func settle() {
    run(programs.settle, isCounted: true)
    guard mode != .plain else { return }
    let mask = Int(FixedSlot.mask) * Self.wordCount
    countedClocks += state[mask..<(mask + Self.wordCount)].reduce(0) { $0 + $1.nonzeroBitCount }
  }

  private mutating func run(_ program: GateProgram, isCounted: Bool) {
    // The programs name slots below the count that the state was made for.
    unsafe program.words.withUnsafeBufferPointer { words in
      unsafe state.withUnsafeMutableBufferPointer { state in
        unsafe toggles.withUnsafeMutableBufferPointer { toggles in
          unsafe ones.withUnsafeMutableBufferPointer { ones in
            guard let program = words.baseAddress, let values = state.baseAddress else { return }
            unsafe pare_gates_run(
              variant, program, words.count / PARE_GATE_FIELDS, values,
              Int(FixedSlot.mask), toggles.baseAddress, ones.isEmpty ? nil : ones.baseAddress)
          }
        }
      }
    }
  }

  // MARK: - Values

  /// Lanes in which toggles count from here on; none at first. Bit `l % 64` of word `l / 64` is lane l.
  mutating func count(in lanes: [UInt64]) {
    precondition(lanes.count == Self.wordCount, "\(lanes.count) words of lanes")
    for (index, word) in lanes.enumerated() {
      state[Int(FixedSlot.mask) * Self.wordCount + index] = word
    }
  }

  /// Lanes in which toggles count from here on; none at first.
  public mutating func countInAllLanes() {
    count(in: Array(repeating: ~0, count: Self.wordCount))
  }

  /// Sets one bit of an input in all lanes.
  mutating func set(_ slot: Int32, words: ArraySlice<UInt64>) {
    let start = Int(slot) * Self.wordCount
    for (index, word) in words.enumerated() { state[start + index] = word }
  }

  /// Gives an input a word in one lane; it arrives with the next ``settle()``. Higher bits than the port has are dropped.
  ///
  /// - Precondition: the netlist has the input, and the lane is there.
  public mutating func set(_ port: String, lane: Int, to value: Int64) {
    guard let slots = gates.waiting[port] else {
      preconditionFailure("no input \(port) of \(gates.name)")
    }
    for (bit, slot) in slots.enumerated() {
      let place = Int(slot) * Self.wordCount + lane / 64
      let one = UInt64(1) << UInt64(lane % 64)
      let isSet = value >> Int64(min(bit, 63)) & 1 == 1
      state[place] = isSet ? state[place] | one : state[place] & ~one
    }
  }

  /// The same word in all lanes.
  public mutating func set(_ port: String, to value: Int64) {
    guard let slots = gates.waiting[port] else {
      preconditionFailure("no input \(port) of \(gates.name)")
    }
    for (bit, slot) in slots.enumerated() {
      fill(slot, with: value >> Int64(min(bit, 63)) & 1 == 1 ? ~0 : 0)
    }
  }

  /// The settled word of a port in one lane, as an unsigned number.
  ///
  /// - Precondition: the netlist has the port, of at most 64 bits, and the lane is there.
  public func value(_ port: String, lane: Int) -> UInt64 {
    guard let slots = gates.ports[port]?.slots else {
      preconditionFailure("no port \(port) of \(gates.name)")
    }
    precondition(slots.count <= 64, "port \(port) has \(slots.count) bits")
    return slots.enumerated().reduce(0) {
      $0 | (bit($1.element, lane: lane) ? 1 << UInt64($1.offset) : 0)
    }
  }

  func bit(_ slot: Int32, lane: Int) -> Bool {
    state[Int(slot) * Self.wordCount + lane / 64] >> UInt64(lane % 64) & 1 == 1
  }

  /// All lanes of one bit.
  func words(_ slot: Int32) -> ArraySlice<UInt64> {
    state[Int(slot) * Self.wordCount..<(Int(slot) + 1) * Self.wordCount]
  }
}
