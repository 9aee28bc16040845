import Foundation
import PareDatapath
import PareNumerics
import RandomDatapaths
import Testing

@Suite struct FilterBankTests {
  private let word = WordFormat(wordLength: 12, integerBits: 1)

  private func random(seed: UInt64, requantizer: Requantizer? = nil) throws -> FilterBank {
    var random = RandomStream(seed: seed)
    let taps = (0..<3).map { _ in
      (0..<2).map { _ in (0..<5).map { _ in Int64(random.index(below: 401) - 200) } }
    }
    let biases = (0..<3).map { _ in Int64(random.index(below: 2001) - 1000) }
    return try FilterBank(taps: taps, format: word, biases: biases, requantizer: requantizer)
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `its graph gives the plain sums`(seed: UInt64) throws {
    let requantizer =
      seed % 2 == 0
      ? nil
      : Requantizer(
        to: WordFormat(wordLength: 10, integerBits: 4),
        rounding: Rounding.allCases[Int(seed) % 3], overflow: .saturate)
    let bank = try random(seed: seed, requantizer: requantizer)
    let datapath = try bank.lowered()
    let x = RandomDatapath.stimulus(for: datapath, count: 300, seed: seed)
    let segments = [0..<100, 100..<300]
    let expected = bank.run(x, segments: segments)
    #expect(try datapath.run(x, segments: segments) == expected)
    #expect(try datapath.optimized().run(x, segments: segments) == expected)
  }

  @Test func `an impulse shows the taps`() throws {
    let bank = try FilterBank(taps: [[[3, -5, 7]]], format: word)
    #expect(bank.run([[1, 0, 0, 0]]) == [[3, -5, 7, 0]])
  }

  @Test func `aligns inputs of different binary points`() throws {
    // 2 * x0 + 3 * x1 with x0 = 1/4 and x1 = 1/2 is 2; the sum has two binary places.
    let bank = try FilterBank(
      inputs: [
        .init(name: "a", format: WordFormat(wordLength: 8, integerBits: 6)),
        .init(name: "b", format: WordFormat(wordLength: 8, integerBits: 7)),
      ],
      outputs: [
        .init(
          name: "y",
          taps: [
            .init(input: 0, delay: 0, coefficient: 2), .init(input: 1, delay: 0, coefficient: 3),
          ])
      ])
    #expect(bank.fractionBits == 2)
    #expect(bank.run([[1], [1]]) == [[8]])
    #expect(try bank.lowered().run([[1], [1]]) == [[8]])
  }

  @Test func `reads back what it writes`() throws {
    let bank = try random(
      seed: 4, requantizer: Requantizer(to: .paper, rounding: .floor, overflow: .wrap))
    #expect(try FilterBank(json: bank.json(), file: "taps.json") == bank)
  }

  @Test func `the example shows its taps`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appending(path: "Examples/fir/taps.json")
    let bank = try FilterBank(json: Data(contentsOf: file), file: "taps.json")
    let impulse: [Int64] = [1] + Array(repeating: 0, count: 8)
    let silence = Array(repeating: Int64(0), count: 9)
    let low: [Int64] = [-3, 0, 19, 56, 75, 56, 19, 0, -3]
    let datapath = try bank.lowered().optimized()
    #expect(try datapath.run([impulse, silence])[0] == low)
    #expect(try datapath.run([silence, impulse])[1] == low)
    #expect(try datapath.run([silence, impulse])[0] == [0, 0, 0, -2, 7, -2, 0, 0, 0])
    #expect(try datapath.run([impulse, silence])[1] == [0, 0, 0, 2, -7, 2, 0, 0, 0])
  }

  @Test func `reads the shortest form`() throws {
    let text = """
      {"inputs": [{"name": "x0", "format": "<12,1>"}],
       "outputs": [{"name": "y0", "taps": [[0, 0, 5], [0, 3, -2]], "bias": 0}]}
      """
    let bank = try FilterBank(json: Data(text.utf8), file: "t.json")
    #expect(bank.run([[1, 0, 0, 0]]) == [[5, 0, 0, -2]])
  }

  @Test(arguments: [
    ("{", "not valid JSON"),
    (#"{"outputs": []}"#, "the key 'inputs' is missing"),
    (#"{"inputs": [{"name": "x", "format": "<12>"}], "outputs": []}"#, "inputs[0].format"),
    (#"{"inputs": [{"name": "x", "format": "<12,1>"}], "outputs": []}"#, "there are no outputs"),
    (out(#"{"name": "y", "taps": [[0, 0]]}"#), "outputs[0].taps[0]"),
    (out(#"{"name": "y", "taps": [[0, 0, 1, 2]]}"#), "outputs[0].taps[0]"),
    (out(#"{"name": "y", "taps": [[0, 0, 1], [1, 0, 2]]}"#), "outputs[0].taps[1]: input 1"),
    (out(#"{"name": "y", "taps": [[0, -1, 1]]}"#), "delay -1"),
    (out(#"{"name": "y", "taps": [[0, 1, 5], [0, -1, 1], [0, 1, 2]]}"#), "taps[1]: delay -1"),
    (
      out(#"{"name": "y", "taps": [[0, 3, 281474976710656], [0, 0, 1], [0, 3, 1]]}"#),
      "outputs[0].taps[2]: the taps for input 0, delay 3 sum to more than 2^48"
    ),
    (out(#"{"name": "y", "taps": [[0, 70000, 1]]}"#), "outputs[0].taps[0]: delay 70000"),
    (out(#"{"name": "y", "taps": [[-1, 0, 1]]}"#), "outputs[0].taps[0]: input -1"),
    (out(#"{"name": "y", "taps": [[0, 0, 1e300]]}"#), "outputs[0].taps[0]"),
    (out(#"{"name": "y", "taps": [], "bias": 1e30}"#), "outputs[0].bias: 1e+30 is not"),
    (out(#"{"name": "y", "taps": [], "format": "<0,1>"}"#), "outputs[0].format"),
    (#"{"inputs": [{"name": "x", "format": "<0,0>"}], "outputs": []}"#, "inputs[0].format"),
    (out(#"{"name": "y", "taps": [[0, 0, 1.5]]}"#), "outputs[0].taps[0]: 1.5 is not"),
    (out(#"{"name": "x", "taps": []}"#), "two ports are named x"),
    (out(#"{"name": "y", "tap": []}"#), "did you mean 'taps'?"),
    (out(#"{"name": "y", "taps": [], "rounding": "floor"}"#), "need a format"),
    (out(#"{"name": "y", "taps": [[0, 0, 999999999999999]]}"#), "beyond 2^48"),
  ])
  func `says what is wrong with a file`(text: String, words: String) throws {
    let error = #expect(throws: FilterBankError.self) {
      try FilterBank(json: Data(text.utf8), file: "t.json")
    }
    #expect(error?.message.hasPrefix("t.json: ") == true)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test func `sums taps for the same input and delay, with a note`() throws {
    let text = out(#"{"name": "y", "taps": [[0, 1, 5], [0, 0, 3], [0, 1, -2], [0, 1, 4]]}"#)
    let bank = try FilterBank(json: Data(text.utf8), file: "t.json")
    #expect(
      bank.outputs[0].taps == [
        .init(input: 0, delay: 1, coefficient: 7), .init(input: 0, delay: 0, coefficient: 3),
      ])
    #expect(
      bank.notes == [
        "outputs[0].taps[2]: a second tap for input 0, delay 1 was added to the first",
        "outputs[0].taps[3]: a second tap for input 0, delay 1 was added to the first",
      ])
    #expect(bank.run([[1, 0, 0]]) == [[3, 7, 0]])
    #expect(try bank.lowered().optimized().run([[1, 0, 0]]) == [[3, 7, 0]])
    let again = try FilterBank(json: bank.json(), file: "t.json")
    #expect(again == bank)
    #expect(again.notes.isEmpty)
  }

  @Test(arguments: [
    (#"{"name": "y", "taps": []}"#, 0),
    (#"{"name": "y", "taps": [], "bias": -77}"#, -77),
    (#"{"name": "y", "taps": [[0, 0, 0], [0, 5, 0]], "bias": 9}"#, 9),
    (#"{"name": "y", "taps": [[0, 2, 4], [0, 2, -4]]}"#, 0),
  ])
  func `an output without products is a constant`(output: String, value: Int64) throws {
    let bank = try FilterBank(json: Data(out(output).utf8), file: "t.json")
    let datapath = try bank.lowered().optimized()
    let x = RandomDatapath.stimulus(for: datapath, count: 20, seed: 1)
    #expect(try datapath.run(x) == [Array(repeating: value, count: 20)])
    #expect(bank.run(x) == [Array(repeating: value, count: 20)])
  }

  @Test func `a coefficient of more than 32 bits is like any other`() throws {
    let bank = try FilterBank(taps: [[[1 << 48, -((1 << 40) + 12_345)]]], format: word)
    let datapath = try bank.lowered().optimized()
    let x = RandomDatapath.stimulus(for: datapath, count: 50, seed: 1)
    #expect(try datapath.run(x) == bank.run(x))
  }

  @Test func `lowers 100,000 taps`() throws {
    var random = RandomStream(seed: 5)
    let taps = (0..<2).map { _ in (0..<50_000).map { _ in Int64(random.index(below: 255) - 127) } }
    let bank = try FilterBank(taps: [taps], format: WordFormat(wordLength: 8, integerBits: 8))
    let datapath = try bank.lowered()
    // Inputs of -128...127, older ones also 0: the bounds are sums of magnitudes.
    let positive = taps.joined().reduce(0) { $0 + max(0, $1) }
    let negative = taps.joined().reduce(0) { $0 - min(0, $1) }
    let sum = datapath[datapath.outputs[0].wire]
    #expect(
      sum.range
        == IntegerRange(-128 * positive - 127 * negative, 127 * positive + 128 * negative))
    #expect(bank.outputs[0].taps.count == taps.joined().count { $0 != 0 })
  }

  @Test func `refuses ragged taps`() throws {
    #expect(throws: FilterBankError.self) {
      try FilterBank(taps: [[[1], [2]], [[1]]], format: word)
    }
  }

  @Test func `refuses sums beyond 63 bits`() throws {
    let wide = WordFormat(wordLength: 60, integerBits: 60)
    let bank = try FilterBank(taps: [[[1 << 20]]], format: wide)
    let error = #expect(throws: FilterBankError.self) { try bank.lowered() }
    #expect(error?.message == "outputs[0]: the sum of output y0 may not fit 63 bits")
  }
}

/// A file with one input and this output.
private func out(_ output: String) -> String {
  #"{"inputs": [{"name": "x", "format": "<12,1>"}], "outputs": [\#(output)]}"#
}
