import PareFixed
import PareNetwork
import PareNumerics
import PareText
import Testing

@Suite struct ModelFileTests {
  private func model(_ activation: Activation, _ quantizer: Quantizer) throws -> ModelFile {
    let network = try sampleNetwork(
      seed: 31, hidden: [3, 2], activation: activation, quantizer: quantizer)
    return ModelFile(
      generator: "pare test",
      task: .init(
        dataset: "sample", datasetHash: "0123456789abcdef", direction: "inverse", gainI: 1.25,
        gainQ: -0.5, sampleRateHz: 1e9, bandwidthHz: 2e8),
      training: .init(
        seed: 7, steps: 100, sparsity: 0.65, validationNMSEdB: -30.25, testNMSEdB: -30.125),
      network: network, fixed: try network.fixed(to: .uniform(hiddenConvolutions: 2)))
  }

  @Test(arguments: [Activation.relu, .tanh], [Quantizer.none, .apot(terms: 2, bits: 4)])
  func `reads back what it wrote, to the bit`(activation: Activation, quantizer: Quantizer) throws {
    let model = try model(activation, quantizer)
    let again = try ModelFile(json: model.json, file: "model.json")
    #expect(again == model)
    #expect(again.json == model.json)
  }

  @Test(arguments: [
    (#""schemaVersion" : 2"#, #""schemaVersion" : 99"#, "schema version 99"),
    (#""kernelSize" : 3"#, #""kernelSize" : 4"#, "shape"),
    (#""activation" : "relu","#, #""activation" : "sine","#, "activation"),
    (#""quantizer" : "apot:2:4""#, #""quantizer" : "apod""#, "not a quantizer"),
    (#""quantizer" : "apot:2:4""#, #""quantizer" : "none""#, "do not agree"),
    (#""integerBits" : 6"#, #""integerBits" : 600"#, "<16,600>"),
    (#""weightFractionBits" : "#, #""weightFractionBits" : 1"#, "fraction bits"),
    (#""mask" : ["#, #""mask" : [["#, "bad.json"),
    (#""taps" : ["#, #""tabs" : ["#, "'fixed.layers[0].taps' is missing"),
    (#""scaleExponents""#, #"scaleExponent"#, "bad.json"),
  ])
  func `refuses a damaged file and says where`(
    original: String, damage: String, message: String
  ) throws {
    let text = try model(.relu, .apot(terms: 2, bits: 4)).json
    let range = try #require(text.firstRange(of: original), "the text has no \(original)")
    let damaged = text.replacingCharacters(in: range, with: damage)
    let error = #expect(throws: (any Error).self) { try ModelFile(json: damaged, file: "bad.json") }
    let words = (error as? any PareError)?.message ?? ""
    #expect(words.contains("bad.json") && words.contains(message), "\(words)")
  }

  @Test func `a sign that has no magnitude in 64 bits is refused`() throws {
    var text = try model(.relu, .apot(terms: 2, bits: 4)).json
    let range = try #require(text.firstRange(of: "[-1, -"))
    text.replaceSubrange(range, with: "[-9223372036854775808, -")
    let error = #expect(throws: FixedError.self) { try ModelFile(json: text, file: "bad.json") }
    #expect(error?.message.contains("digits") == true)
  }

  @Test func `a result format that sums cannot be moved to is refused`() throws {
    let network = try sampleNetwork(
      seed: 31, hidden: [3, 2], activation: .relu, quantizer: .apot(terms: 2, bits: 4))
    var formats = FixedFormats.uniform(hiddenConvolutions: 2)
    formats.output = WordFormat(wordLength: 63, integerBits: 1)
    let error = #expect(throws: FixedError.self) { try network.fixed(to: formats) }
    #expect(error?.code == .accumulator(layer: 2))
  }

  @Test func `a kept weight that was quantized to 0 stays in the mask`() throws {
    let pruned = try sampleNetwork(seed: 5)
    let all = QuantizedNetwork(
      architecture: pruned.architecture, scheme: pruned.scheme, layers: pruned.layers,
      mask: Mask(allOf: pruned.architecture))
    #expect(all.nonZeroCount < all.mask.count)
    let model = ModelFile(
      generator: "pare test", network: all,
      fixed: try all.fixed(to: .uniform(hiddenConvolutions: 1)))
    #expect(try ModelFile(json: model.json, file: "model.json").network.mask == all.mask)
    #expect(all.network.mask == all.mask)
  }

  @Test func `a digit list that sums to another weight is refused`() throws {
    var text = try model(.relu, .apot(terms: 2, bits: 4)).json
    // The first signed digit of the file changes its sign.
    let range = try #require(text.firstRange(of: "[-1, -"))
    text.replaceSubrange(range, with: "[1, -")
    let error = #expect(throws: FixedError.self) { try ModelFile(json: text, file: "bad.json") }
    #expect(error?.message.contains("digits") == true)
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
