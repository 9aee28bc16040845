import PareDatapath
import PareNumerics
import RandomDatapaths
import Testing

@Suite struct HardwareEstimateTests {
  /// Coefficients that are told apart in a sum.
  private let energies = EnergyCoefficients(
    clock: 1, lut: 10, net: 100, netLoad: 1000, carry: 80_000, dspIdle: 7, dsp: 3, dspActivity: 0.5
  )

  @Test func `adds up a circuit of one adder`() throws {
    var builder = DatapathBuilder()
    let x = builder.input("x", WordFormat(wordLength: 4, integerBits: 4))
    let old = builder.delay(x, samples: 1)
    builder.output("y", try builder.add([Operand(x), Operand(old)], fractionBits: 0))
    let pipeline = try builder.finish().pipelined()
    // x: 0 0 1 3, one sample of memory. Counted: 0 -> 1 -> 3, so 2 changed bits of x; sums 0 1 4, so 1 + 2 of the sum.
    let estimate = try HardwareEstimate(
      of: pipeline, on: [[0, 0, 1, 3]], clockHz: 2, energies: energies)
    #expect(estimate.adders == 1)
    #expect(estimate.adderBits == 5)
    #expect(estimate.lut == 5)
    #expect(estimate.registerBits == pipeline.registerBits)
    #expect(estimate.latency == pipeline.latency)
    #expect(estimate.energy.clock == Double(pipeline.registerBits))
    // Per sample: 1.5 toggles of the sum's tables.
    #expect(estimate.energy.logic == 15)
    #expect(estimate.energy.carry == 1.5 / 8 * 80_000)
    // x: 1 toggle, 2 nets (register, chain of 1), 3 loads (two reads and the chain); the sum: 1.5, a net, read by the output.
    let nets: Double = 2 * 100 + 3 * 1000
    let sum: Double = 1.5 * 1100
    #expect(estimate.energy.nets == nets + sum)
    #expect(estimate.power == estimate.energy.total * 2)
  }

  @Test func `a wire that is only shifted has no net of its own`() throws {
    func nets(_ shift: Int) throws -> Double {
      var builder = DatapathBuilder()
      let x = builder.input("x", WordFormat(wordLength: 4, integerBits: 4))
      builder.output("y", try builder.add([Operand(x, shift: shift)], fractionBits: shift))
      return try HardwareEstimate(
        of: builder.finish().pipelined(), on: [[0, 5, 2, 1]], energies: energies
      ).energy.nets
    }
    // 5, 7 and 3 differ from each other in 2, 3, 2 bits: toggles of the input's net, read by the shift and by the output.
    // Two terms are added up here and multiplied out there: the last place may differ.
    let expected = 7.0 / 3 * 2100
    #expect(abs(try nets(1) - expected) < 1e-9)
  }

  @Test func `a constant input switches nothing but the clock`() throws {
    let pipeline = try RandomDatapath.network(seed: 3, table: true).optimized().pipelined()
    let still = Array(repeating: Array(repeating: Int64(77), count: 90), count: 2)
    let energy = try HardwareEstimate(of: pipeline, on: still, energies: energies).energy
    #expect(energy.total == energy.clock)
    #expect(energy.clock == Double(pipeline.registerBits))
  }

  @Test(arguments: UInt64(0)..<8)
  func `more channels cost more of everything, and power follows the clock`(seed: UInt64) throws {
    let estimates = try [2, 4, 8].map { channels in
      let datapath = try RandomDatapath.network(seed: seed, channels: channels, table: true)
        .optimized()
      let channels = RandomDatapath.stimulus(for: datapath, count: 120, seed: seed)
      let pipeline = try datapath.pipelined()
      let slow = try HardwareEstimate(of: pipeline, on: channels, clockHz: 1e8)
      let fast = try HardwareEstimate(of: pipeline, on: channels, clockHz: 3e8)
      #expect(slow.energy == fast.energy)
      // Both are one product of the same energy, so that only the last places can differ.
      #expect(abs(fast.power / slow.power - 3) < 1e-12)
      return slow
    }
    for (small, large) in zip(estimates, estimates.dropFirst()) {
      #expect(small.lut < large.lut)
      #expect(small.adderBits < large.adderBits)
      #expect(small.registerBits < large.registerBits)
      #expect(small.tableBits < large.tableBits)
      #expect(small.power < large.power)
    }
  }

  @Test func `products of signals take DSP blocks and no tables`() throws {
    var builder = DatapathBuilder()
    let a = builder.input("a", WordFormat(wordLength: 16, integerBits: 6))
    let b = builder.input("b", WordFormat(wordLength: 24, integerBits: 6))
    builder.output("y", try builder.multiply(a, b))
    builder.output("z", try builder.multiply(b, b))
    let estimate = try HardwareEstimate(
      of: builder.finish().pipelined(), on: [[0, 1, -1], [5, 5, 5]], energies: energies)
    #expect(estimate.signalProducts == 2)
    // 16 by 24 bits fit 18 by 27; 24 by 24 take two.
    #expect(estimate.dspBlocks == 3)
    #expect(estimate.lut == 0)
    // The second product does not change, the first does: 0 -> 5 -> -5.
    #expect(estimate.energy.products > 3 * energies.dspIdle)
  }
}
