import PareNumerics
import RandomDatapaths
import Testing

@testable import PareDatapath

@Suite struct SwitchingActivityTests {
  @Test(arguments: UInt64(0)..<20)
  func `shows the interpreter's values of every node`(seed: UInt64) throws {
    for datapath in [
      try RandomDatapath.anything(seed: seed),
      try RandomDatapath.network(seed: seed, table: seed % 2 == 0).optimized(),
    ] {
      let count = 70
      let channels = RandomDatapath.stimulus(for: datapath, count: count, seed: seed)
      var interpreter = Interpreter(datapath)
      interpreter.process(count: count) { channels[$0][...] }
      var run = StretchRun(datapath, count: count)
      let lead = run.lead
      var seen = 0
      run(channels) { index, row, _ in
        seen += 1
        #expect(Array(row[lead...]) == Array(interpreter.block(of: Wire(index))), "node \(index)")
      }
      #expect(seen == datapath.nodes.count { !$0.isDelay })
    }
  }

  @Test(arguments: UInt64(0)..<10)
  func `counts the bits that change in the words as they are printed`(seed: UInt64) throws {
    let datapath = try RandomDatapath.network(seed: seed, table: true).optimized()
    let count = datapath.memory + 33
    let channels = RandomDatapath.stimulus(for: datapath, count: count, seed: seed)
    let activity = try datapath.activity(on: channels)
    #expect(activity.stepCount == 32)
    var interpreter = Interpreter(datapath)
    interpreter.process(count: count) { channels[$0][...] }
    for (index, node) in datapath.nodes.enumerated() where !node.isDelay {
      // The word as a row of digits, sign bits included.
      let words = interpreter.block(of: Wire(index)).map { value in
        (0..<node.range.signedBits).map { (value >> Int64($0)) & 1 }
      }
      let steps = zip(words.dropFirst(datapath.memory), words.dropFirst(datapath.memory + 1))
      let changed = steps.reduce(0) { $0 + zip($1.0, $1.1).count { $0 != $1 } }
      #expect(activity.toggles[index] == changed, "node \(index)")
      #expect(activity.logicToggles[index] <= changed)
    }
  }

  @Test func `bits that an adder passes through are none of its logic`() throws {
    var builder = DatapathBuilder()
    let x = builder.input("x", WordFormat(wordLength: 4, integerBits: 4))
    // x + 8x: the lowest three bits are those of x.
    let sum = try builder.add([Operand(x), Operand(x, shift: 3)], fractionBits: 0)
    builder.output("y", sum)
    let datapath = try builder.finish()
    // 9 * 0, 9 * 1 = 1001: one changed bit passes, one comes out of the adder.
    let activity = try datapath.activity(on: [[0, 1]])
    #expect(activity.toggles == [1, 2])
    #expect(activity.logicToggles == [1, 1])
  }

  @Test func `refuses a stretch that only fills the memory`() throws {
    let datapath = try RandomDatapath.network(seed: 1).optimized()
    let short = RandomDatapath.stimulus(for: datapath, count: datapath.memory + 1, seed: 1)
    let error = try #require(throws: DatapathError.self) { try datapath.activity(on: short) }
    #expect(error.message.contains("\(datapath.memory + 2)"))
    var wide = RandomDatapath.stimulus(for: datapath, count: datapath.memory + 9, seed: 1)
    wide[0][3] = 1 << 40
    #expect(throws: DatapathError.self) { try datapath.activity(on: wide) }
  }
}
