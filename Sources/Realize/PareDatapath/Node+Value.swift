import PareNumerics

extension Node {
  /// The node's value for one sample: the definition of every op, one integer at a time.
  ///
  /// Arithmetic wraps at 64 bits, so that a register which holds no sample yet cannot stop a simulation; for samples of
  /// the stream the proven ranges exclude it.
  ///
  /// - Parameter read: the value of a wire some samples ago. An input reads nothing, and has no value here.
  /// - Parameter fractionBits: of a wire.
  func value(
    reading read: (Wire, _ samplesAgo: Int) -> Int64, fractionBits: (Wire) -> Int
  ) -> Int64 {
    switch op {
    case .input: preconditionFailure("an input has no operands to be computed from")
    case .constant(let value): return value
    case .delay(let wire, let samples): return read(wire, samples)
    case .linear(let terms, let bias):
      return terms.reduce(bias) { $0 &+ $1.coefficient &* read($1.wire, $1.delay) }
    case .add(let operands):
      return operands.reduce(0) { sum, operand in
        let value = read(operand.wire, 0) << Int64(operand.shift)
        return operand.isNegated ? sum &- value : sum &+ value
      }
    case .multiply(let a, let b): return read(a, 0) &* read(b, 0)
    case .relu(let wire): return max(0, read(wire, 0))
    case .clamp(let wire, let lower, let upper): return min(max(read(wire, 0), lower), upper)
    case .requantize(let wire, let rounding, let overflow):
      return Self.requantized(
        read(wire, 0), by: fractionBits(wire) - format.fractionBits,
        Requantizer(to: format, rounding: rounding, overflow: overflow))
    case .lookup(let wire, let shift, let table):
      return Self.looked(up: read(wire, 0), shift: shift, table: table)
    }
  }

  @inline(__always)
  static func requantized(_ raw: Int64, by shift: Int, _ requantizer: Requantizer) -> Int64 {
    shift > 0
      ? requantizer.limited(Requantizer.shiftedRight(raw, by: shift, requantizer.rounding))
      : requantizer.limited(raw << Int64(-shift))
  }

  @inline(__always)
  static func looked(up raw: Int64, shift: Int, table: [Int64]) -> Int64 {
    let magnitude = raw < 0 ? ~raw : raw
    let entry = table[Int(min(magnitude >> Int64(shift), Int64(table.count - 1)))]
    return raw < 0 ? 0 &- entry : entry
  }
}
