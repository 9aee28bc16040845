import PareDatapath
import PareNumerics
import RandomDatapaths
import Testing

@Suite struct SwitchingProfileTests {
  private let word = WordFormat(wordLength: 4, integerBits: 4)

  @Test func `adds up a circuit of one adder`() throws {
    var builder = DatapathBuilder()
    let x = builder.input("x", word)
    let old = builder.delay(x, samples: 1)
    builder.output("y", try builder.add([Operand(x), Operand(old)], fractionBits: 0))
    let pipeline = try builder.finish().pipelined(PipelineOptions(family: .ultraScalePlus))
    // x: 0 0 1 3, one sample of memory. Counted: 0 -> 1 -> 3, so 2 changed bits of x; sums 0 1 4, so 1 + 2 of the sum.
    let profile = try pipeline.switchingProfile(on: [[0, 0, 1, 3]])
    #expect(profile.origin == .datapath)
    #expect(profile.clocks == 2)
    #expect(profile.flipFlops == pipeline.resources().cells.flipFlops)
    // Per sample: 1.5 toggles of the sum's tables.
    #expect(profile.lutToggles == 1.5)
    #expect(profile.carryToggles == 1.5 / 8)
    // x: 1 toggle, 2 nets (register, chain of 1), 3 loads (two reads and the chain); the sum: 1.5, a net from the carries to its
    // register and one from there to the output.
    #expect(profile.netToggles == 2 + 2 * 1.5)
    #expect(profile.netLoadToggles == 3 + 2 * 1.5)
    #expect(profile.dspBlocks == 0 && profile.dspToggles == 0)
  }

  @Test func `a wire that is only shifted has no net of its own`() throws {
    var builder = DatapathBuilder()
    let x = builder.input("x", word)
    builder.output("y", try builder.add([Operand(x, shift: 1)], fractionBits: 1))
    let profile = try builder.finish().pipelined().switchingProfile(on: [[0, 5, 2, 1]])
    // 5, 7 and 3 differ from each other in 2, 3, 2 bits: toggles of the input's net, read by the shift and by the output.
    // The last place may differ: the sum of two terms here, a product there.
    #expect(abs(profile.netToggles - 7.0 / 3) < 1e-12)
    #expect(abs(profile.netLoadToggles - 14.0 / 3) < 1e-12)
    #expect(profile.lutToggles == 0)
  }

  @Test func `a row of three operands toggles at both outputs of its tables`() throws {
    func profile(_ family: LogicFamily) throws -> SwitchingProfile {
      var builder = DatapathBuilder()
      let inputs = ["a", "b", "c"].map { builder.input($0, word) }
      builder.output("y", try builder.add(inputs.map { Operand($0) }, fractionBits: 0))
      return try builder.finish().pipelined(PipelineOptions(family: family))
        .switchingProfile(on: [[0, 1], [0, 0], [0, 0]])
    }
    let row = try profile(.ultraScalePlus)
    #expect(row.lutToggles == 2)
    #expect(row.carryToggles == 1.0 / 8)
    // Two rows of two operands, whose tables are in the carry cells but for what joins the rows.
    #expect(try profile(.ecp5).lutToggles == 1)
    #expect(try profile(.ecp5).carryToggles == 2.0 / 8)
  }

  @Test func `a constant input switches nothing`() throws {
    let pipeline = try RandomDatapath.network(seed: 3, table: true).optimized().pipelined()
    let still = Array(repeating: Array(repeating: Int64(77), count: 90), count: 2)
    var profile = try pipeline.switchingProfile(on: still)
    #expect(profile.flipFlops > 0)
    profile.flipFlops = 0
    profile.shiftRegisterLUTs = 0
    #expect(profile == SwitchingProfile(origin: .datapath, clocks: profile.clocks))
  }

  @Test(arguments: UInt64(0)..<8)
  func `more channels switch more of everything`(seed: UInt64) throws {
    let profiles = try [2, 4, 8].map { channels in
      let datapath = try RandomDatapath.network(seed: seed, channels: channels, table: true)
        .optimized()
      return try datapath.pipelined().switchingProfile(
        on: RandomDatapath.stimulus(for: datapath, count: 120, seed: seed))
    }
    for (small, large) in zip(profiles, profiles.dropFirst()) {
      #expect(small.flipFlops < large.flipFlops)
      #expect(small.lutToggles < large.lutToggles)
      #expect(small.carryToggles < large.carryToggles)
      #expect(small.netToggles < large.netToggles)
      #expect(small.netLoadToggles < large.netLoadToggles)
    }
  }

  @Test func `products of signals toggle in DSP blocks, per bit of their words`() throws {
    var builder = DatapathBuilder()
    let a = builder.input("a", WordFormat(wordLength: 16, integerBits: 6))
    builder.output("y", try builder.multiply(a, a))
    let pipeline = try builder.finish().pipelined(PipelineOptions(family: .ultraScalePlus))
    let profile = try pipeline.switchingProfile(on: [[0, 1, 0]])
    #expect(profile.dspBlocks == 1)
    // The product goes 0, 1, 0: one bit of its word each time.
    let bits = pipeline.datapath.nodes.first { if case .multiply = $0.op { true } else { false } }!
      .range.signedBits
    #expect(profile.dspToggles == 1 / Double(bits))
    #expect(profile.lutToggles == 0)
  }
}
