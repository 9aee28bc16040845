import CPareKernels
import PareNumerics
import Testing

/// Every instruction set gives the bits of the portable one.
@Suite struct RecurrentKernelTests {
  private static func draw(_ count: Int, _ size: Float, _ label: String) -> [Float] {
    var random = RandomStream(seed: 5).fork(label)
    return (0..<count).map { _ in Float(random.normal()) * size }
  }

  /// Output, trace and derivative of a unit with a state of 13.
  private static func run(_ variant: pare_variant, count: Int) -> [UInt32] {
    let (hidden, features) = (13, 6)
    let block = Int(PARE_GATE_BLOCK)
    let gate = (hidden + 2 + block - 1) / block * block
    let input = draw(features * 3 * gate, 0.4, "input")
    let state = draw(hidden * 3 * gate, 0.3, "state")
    let x = draw(count * features, 0.5, "x")
    let direction = draw(count * features, 0.5, "direction")
    var trace = [Float](repeating: 0, count: count * 5 * gate)
    var y = [Float](repeating: 0, count: 2 * count)
    var slope = y
    unsafe input.withUnsafeBufferPointer { input in
      unsafe state.withUnsafeBufferPointer { state in
        var layer = unsafe pare_gru_layer(
          hidden: hidden, gate: gate, features: features, input_weights: input.baseAddress!,
          recurrent_weights: state.baseAddress!)
        unsafe pare_gru(variant, &layer, count, x, &trace, &y)
        unsafe pare_gru_derivative(variant, &layer, count, trace, direction, &slope)
      }
    }
    return bits(y) + bits(trace) + bits(slope)
  }

  @Test(arguments: Variant.all) func `a recurrent unit has the same bits`(variant: Variant) throws {
    try variant.require()
    let portable = try #require(Variant.all.first)
    #expect(Self.run(variant.value, count: 50) == Self.run(portable.value, count: 50))
  }

  @Test(arguments: Variant.all, [(1, 8), (5, 520), (19, 1544)])
  func `products of rows in double have the same bits`(
    variant: Variant, size: (rows: Int, count: Int)
  ) throws {
    try variant.require()
    let x = Self.draw(size.rows * size.count, 1, "rows")
    func gram(_ variant: pare_variant) -> [Double] {
      var gram = [Double](repeating: 0.5, count: size.rows * size.rows)
      unsafe pare_gram_double(variant, size.rows, size.count, x, size.count, &gram)
      return gram
    }
    let portable = try #require(Variant.all.first)
    let own = gram(variant.value)
    #expect(own.map(\.bitPattern) == gram(portable.value).map(\.bitPattern))
    // Against sums in order: as many roundings as there are samples.
    for i in 0..<size.rows {
      for j in 0...i {
        let direct = (0..<size.count).reduce(0.5) {
          $0 + Double(x[i * size.count + $1]) * Double(x[j * size.count + $1])
        }
        #expect(abs(own[i * size.rows + j] - direct) < 1e-10)
      }
    }
  }
}
