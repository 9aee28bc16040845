import CPareKernels
import PareNumerics

/// How a generated module takes a stream, and how its netlist is fed with one: in stretches, one in each lane.
///
/// A stretch that begins in the middle of a segment is warmed with the samples before it, as many as the circuit can remember,
/// so that each result is the one of the whole stream. One that begins with its segment comes out of a reset.
public struct NetlistStream: Sendable {
  /// Words of the stream: `[port][sample]`, raw integers.
  public let inputs: [(port: String, words: [Int64])]
  /// What each output must show.
  public let expected: [(port: String, words: [Int64])]
  /// Stretches that cover the samples in order; the circuit is reset before each.
  public let segments: [Range<Int>]
  /// Result k stands at the outputs after the clock that accepts sample k + this.
  public let flushCount: Int
  /// Samples before a stretch that fill its registers.
  public let warmUpCount: Int

  /// - Precondition: all ports have words for all samples, which the segments cover.
  public init(
    inputs: [(port: String, words: [Int64])], expected: [(port: String, words: [Int64])],
    segments: [Range<Int>], flushCount: Int, warmUpCount: Int
  ) {
    let count = segments.last?.upperBound ?? 0
    for port in inputs + expected {
      precondition(
        port.words.count == count, "\(port.words.count) words of \(port.port), \(count) samples")
    }
    self.inputs = inputs
    self.expected = expected
    self.segments = segments
    self.flushCount = flushCount
    self.warmUpCount = warmUpCount
  }

  public var count: Int { segments.last?.upperBound ?? 0 }

  /// A word that differs.
  public struct Mismatch: Hashable, Sendable {
    /// Of the stream, or of the handshake when the port is `out_valid`.
    public let sample: Int
    public let port: String
    public let expected: Int64
    public let got: Int64
  }

  /// What a run found.
  public struct Outcome: Sendable {
    /// Samples whose every output bit was compared.
    public internal(set) var samples = 0
    /// The mismatch of the earliest sample.
    public internal(set) var mismatch: Mismatch?
    /// Clocks that were simulated, each in all lanes, warm-up included.
    public internal(set) var clocks = 0
  }

  /// Part of a segment, for one lane.
  struct Stretch {
    let own: Range<Int>
    let segment: Range<Int>
  }

  /// Cuts the segments so that all lanes have something to do, if the stream is long enough for that.
  func stretches(lanes: Int) -> [Stretch] {
    // Shorter than the warm-up a stretch would be mostly warm-up.
    let length = max((count + lanes - 1) / lanes, warmUpCount, 1)
    return segments.flatMap { segment -> [Stretch] in
      let parts = (segment.count + length - 1) / length
      return (0..<parts).map { part in
        let first = segment.lowerBound + segment.count * part / parts
        let end = segment.lowerBound + segment.count * (part + 1) / parts
        return Stretch(own: first..<end, segment: segment)
      }
    }
  }

  /// Feeds the stream and compares every output.
  ///
  /// - Parameters:
  ///   - simulator: of the netlist; its toggle counts get those of the stream, warm-up not counted.
  ///   - bubbles: whether a quarter of the clocks carry no sample but noise. Counts are taken without.
  /// - Throws: ``NetlistError`` when the netlist lacks a port.
  public func run(
    on simulator: inout NetlistSimulator, bubbles: Bool = false
  ) throws -> Outcome {
    let gates = simulator.gates
    for name in inputs.map(\.port) + ["rst", "in_valid"] where gates.waiting[name] == nil {
      throw NetlistError(.noPort(name, module: gates.name))
    }
    for name in expected.map(\.port) + ["out_valid"] where gates.ports[name] == nil {
      throw NetlistError(.noPort(name, module: gates.name))
    }
    var outcome = Outcome()
    let stretches = stretches(lanes: NetlistSimulator.laneCount)
    var start = 0
    while start < stretches.count {
      let end = min(start + NetlistSimulator.laneCount, stretches.count)
      let batch = StreamBatch(self, Array(stretches[start..<end]), gates)
      batch.run(&simulator, bubbles: bubbles, &outcome)
      start = end
    }
    outcome.samples = count
    return outcome
  }
}

/// The stretches that run side by side.
private struct StreamBatch {
  let stream: NetlistStream
  let stretches: [NetlistStream.Stretch]
  let gates: GateNetlist
  private let words = NetlistSimulator.wordCount

  init(
    _ stream: NetlistStream, _ stretches: [NetlistStream.Stretch], _ gates: GateNetlist
  ) {
    self.stream = stream
    self.stretches = stretches
    self.gates = gates
  }

  /// The sample that a lane takes in a step; the first step of all is a reset.
  private func sample(_ lane: Int, _ step: Int) -> Int {
    stretches[lane].own.lowerBound - stream.warmUpCount - 1 + step
  }

  /// Lanes for which something holds.
  private func lanes(where holds: (Int) -> Bool) -> [UInt64] {
    var mask = Array(repeating: UInt64(0), count: words)
    for lane in stretches.indices where holds(lane) { mask[lane / 64] |= 1 << UInt64(lane % 64) }
    return mask
  }

  func run(
    _ simulator: inout NetlistSimulator, bubbles: Bool, _ outcome: inout NetlistStream.Outcome
  ) {
    let (warm, flush) = (stream.warmUpCount, stream.flushCount)
    let longest = stretches.map(\.own.count).max() ?? 0
    let stepCount = 1 + warm + longest + flush + 1
    var random = RandomStream(seed: 3)
    let none = Array(repeating: UInt64(0), count: words)
    let all = Array(repeating: ~UInt64(0), count: words)
    // The last step with a reset, of each lane.
    let resets = stretches.map { max(0, warm + $0.segment.lowerBound - $0.own.lowerBound) }
    var isFirst = true
    var step = 0
    var follows = false
    while step < stepCount {
      let isBubble = bubbles && step > warm + 1 && random.next() & 3 == 0
      if !isFirst { simulator.edge() }
      isFirst = false
      feed(&simulator, step, isBubble ? random.next() : nil)
      // Before the first reset is over nothing is known of a lane.
      let resetting = isBubble ? none : lanes { step == 0 || step <= resets[$0] }
      set("rst", resetting, &simulator)
      set("in_valid", isBubble ? none : all, &simulator)
      if simulator.mode != .plain {
        simulator.count(
          in: isBubble ? none : lanes { stretches[$0].own.contains(sample($0, step)) })
      }
      simulator.settle()
      outcome.clocks += 1
      // The outputs show what the edge before made of the step before.
      if step > 0 {
        compare(simulator, step, wasBubble: follows, resets, &outcome)
      }
      follows = isBubble
      if !isBubble { step += 1 }
    }
    simulator.count(in: none)
    simulator.edge()
  }

  private func set(_ port: String, _ words: [UInt64], _ simulator: inout NetlistSimulator) {
    for slot in gates.waiting[port]! { simulator.set(slot, words: words[...]) }
  }

  /// A word per lane, bit by bit in words of lanes: `[bit][word]`.
  private func spread(_ width: Int, _ value: (Int) -> UInt64) -> [UInt64] {
    var rows = Array(repeating: UInt64(0), count: width * words)
    var block = Array(repeating: UInt64(0), count: 64)
    for word in 0..<words where word * 64 < stretches.count {
      for bit in 0..<64 {
        let lane = word * 64 + bit
        block[bit] = lane < stretches.count ? value(lane) : 0
      }
      unsafe block.withUnsafeMutableBufferPointer { unsafe pare_transpose64($0.baseAddress!) }
      for bit in 0..<width { rows[bit * words + word] = block[min(bit, 63)] }
    }
    return rows
  }

  private func feed(
    _ simulator: inout NetlistSimulator, _ step: Int, _ noise: UInt64?
  ) {
    for input in stream.inputs {
      let slots = gates.waiting[input.port]!
      let rows = spread(slots.count) { lane in
        if let noise { return noise &* UInt64(2 * lane + 1) }
        let place = sample(lane, step)
        let segment = stretches[lane].segment
        return segment.contains(place) ? UInt64(bitPattern: input.words[place]) : 0
      }
      for (bit, slot) in slots.enumerated() {
        simulator.set(slot, words: rows[bit * words..<(bit + 1) * words])
      }
    }
  }

  private func compare(
    _ simulator: NetlistSimulator, _ step: Int, wasBubble: Bool, _ resets: [Int],
    _ outcome: inout NetlistStream.Outcome
  ) {
    let flush = stream.flushCount
    // Accepted steps up to the edge before this one; a bubble accepts none.
    let accepted = step - 1
    let valid = lanes { lane in
      !wasBubble && accepted - resets[lane] > flush
    }
    check("out_valid", gates.ports["out_valid"]!.slots[0], valid, lanes { _ in true }, simulator) {
      lane, got in
      report(
        NetlistStream.Mismatch(
          sample: max(sample(lane, accepted) - flush, stretches[lane].segment.lowerBound),
          port: "out_valid", expected: got ? 0 : 1, got: got ? 1 : 0), &outcome)
    }
    if wasBubble { return }
    let due = lanes { stretches[$0].own.contains(sample($0, accepted) - flush) }
    guard due.contains(where: { $0 != 0 }) else { return }
    for output in stream.expected {
      let slots = gates.ports[output.port]!.slots
      let rows = spread(slots.count) { lane in
        let place = sample(lane, accepted) - flush
        return stretches[lane].own.contains(place) ? UInt64(bitPattern: output.words[place]) : 0
      }
      for (bit, slot) in slots.enumerated() {
        check(
          output.port, slot, Array(rows[bit * words..<(bit + 1) * words]), due, simulator
        ) { lane, _ in
          let place = sample(lane, accepted) - flush
          let raw = simulator.value(output.port, lane: lane)
          let unused = UInt64(64 - slots.count)
          // Expected words tell whether the port is signed.
          let isSigned = output.words.contains { $0 < 0 }
          let got =
            isSigned ? Int64(bitPattern: raw << unused) >> Int64(unused) : Int64(bitPattern: raw)
          report(
            NetlistStream.Mismatch(
              sample: place, port: output.port, expected: output.words[place], got: got), &outcome)
        }
      }
    }
  }

  private func check(
    _ port: String, _ slot: Int32, _ wanted: [UInt64], _ mask: [UInt64],
    _ simulator: NetlistSimulator, _ differs: (Int, Bool) -> Void
  ) {
    for (word, got) in simulator.words(slot).enumerated() {
      var wrong = (got ^ wanted[word]) & mask[word]
      while wrong != 0 {
        let lane = word * 64 + wrong.trailingZeroBitCount
        differs(lane, got >> UInt64(lane % 64) & 1 == 1)
        wrong &= wrong - 1
      }
    }
  }

  private func report(
    _ mismatch: NetlistStream.Mismatch, _ outcome: inout NetlistStream.Outcome
  ) {
    if let first = outcome.mismatch, first.sample <= mismatch.sample { return }
    outcome.mismatch = mismatch
  }
}
