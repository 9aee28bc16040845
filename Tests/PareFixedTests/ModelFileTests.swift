import PareNetwork
import PareNumerics
import PareText
import RandomNetworks
import Testing

@testable import PareFixed

@Suite struct ModelFileTests {
  private func model(_ network: QuantizedNetwork) throws -> ModelFile {
    ModelFile(
      generator: "pare test",
      task: .init(
        dataset: "sample", datasetHash: "0123456789abcdef", direction: "inverse", gainI: 1.25,
        gainQ: -0.5, sampleRateHz: 1e9, bandwidthHz: 2e8),
      training: .init(
        seed: 7, steps: 100, sparsity: 0.65, validationNMSEdB: -30.25, testNMSEdB: -30.125),
      network: network, fixed: try network.fixed(to: .uniform(for: network.architecture)))
  }

  private func model(_ activation: Activation, _ quantizer: Quantizer) throws -> ModelFile {
    try model(
      sampleNetwork(seed: 31, hidden: [3, 2], activation: activation, quantizer: quantizer))
  }

  /// Features, dilation, a leaky rectifier, a complex branch, no biases, quantizers mixed, scales per channel.
  private func richModel() throws -> ModelFile {
    let architecture = try Architecture(
      features: Feature.memoryPolynomial(order: 5), hiddenChannels: [3], kernelSize: 3,
      dilations: [1, 2], activation: .leakyReLU(shift: 3), lookAhead: 2, hasBiases: false,
      branch: LinearBranch(kernelSize: 5, lookAhead: 3, structure: .complex))
    return try model(
      sampleNetwork(
        seed: 6, architecture,
        QuantizationScheme([.apot(terms: 2, bits: 4), .none, .digits(2)], scale: .channel)))
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `any architecture reads back to the bit and runs the same`(seed: UInt64) throws {
    let architecture = try Architecture.random(seed: seed)
    var model = try model(
      sampleNetwork(
        seed: seed, architecture, QuantizationScheme.random(seed: seed, for: architecture)))
    model.training?.trainingNMSEdB = -31.5
    model.training?.seeds = [
      .init(
        seed: 7, validationNMSEdB: -30.25, testNMSEdB: -30, fixedValidationNMSEdB: -30.125,
        fixedTestNMSEdB: -29.5)
    ]
    let again = try ModelFile(json: model.json, file: "model.json")
    #expect(again == model)
    #expect(again.json == model.json)
    let input = words(.paper, seed: seed, count: 40)
    #expect(again.fixed.run(input) == model.fixed.run(input))
    let signal = noise(seed: seed, count: 40)
    #expect(again.network.network(signal) == model.network.network(signal))
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
    (#""quantizer" : "apot:2:4""#, #""quantizer" : "pot:4""#, "is no level of pot:4"),
    (#""quantizer" : "apot:2:4""#, #""quantizer" : "pot:4,none""#, "2 quantizers for 3 layers"),
    (#""integerBits" : 6"#, #""integerBits" : 600"#, "<16,600>"),
    (#""accumulatorFractionBits" : "#, #""accumulatorFractionBits" : 9"#, "fraction bits"),
    (#""accumulatorFractionBits" : "#, #""accumulatorFractionBits" : -"#, "is not the weight"),
    (#""mask" : ["#, #""mask" : [["#, "bad.json"),
    (#""taps" : ["#, #""tabs" : ["#, "'fixed.layers[0].taps' is missing"),
    (#""scaleExponents""#, #""scaleExponent""#, "'layers[0].scaleExponents' is missing"),
    (#""mask""#, #""musk""#, "'layers[0].mask' is missing"),
    (#""quantizer""#, #""quantiser""#, "'quantizer' is missing"),
    (#""fixed""#, #""fixt""#, "'fixed' is missing"),
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

  @Test(arguments: [
    (#""i|x|^2""#, #""j|x|^2""#, "not a feature"),
    (#""q|x|^4""#, #""q|x|^6""#, "fixed.envelopes"),
    (#""q|x|^4""#, #""|x|^4""#, "fixed.products"),
    (#""structure" : "complex""#, #""structure" : "imaginary""#, "structure"),
    (#""hasBiases" : false"#, #""hasBiases" : 3"#, "hasBiases"),
    (#""lookAhead" : 3"#, #""lookAhead" : 5"#, "outside its 5 taps"),
    (#""activation" : "leaky:3""#, #""activation" : "leaky:4""#, "cannot stand here"),
    (#""activation" : "leaky:3""#, #""activation" : "leaky:9""#, "slope"),
    (#""activation" : "identity""#, #""activation" : "leaky:3""#, "cannot stand here"),
    (#""envelopes" : ["#, #""envelops" : ["#, "fixed.envelopes"),
    (#""products" : ["#, #""product" : ["#, "fixed.products"),
    (#"apot:2:4,none,digits:2/channel"#, #"apot:2:4,none,digits:2"#, "share a scale"),
    (#"apot:2:4,none,digits:2/channel"#, #"apot:2:4,digits:2,none/channel"#, "do not agree"),
  ])
  func `refuses a damaged file of a rich network and says where`(
    original: String, damage: String, message: String
  ) throws {
    let text = try richModel().json
    let range = try #require(text.firstRange(of: original), "the text has no \(original)")
    let damaged = text.replacingCharacters(in: range, with: damage)
    let error = #expect(throws: (any Error).self) { try ModelFile(json: damaged, file: "bad.json") }
    let words = (error as? any PareError)?.message ?? ""
    #expect(words.contains("bad.json") && words.contains(message), "\(words)")
  }

  @Test func `broken ties, biases that do not exist and other scales are refused`() throws {
    let document = ModelDocument(try richModel())
    func expect(_ words: String, _ damage: (inout ModelDocument) -> Void) {
      var damaged = document
      damage(&damaged)
      let error = #expect(throws: FixedError.self) { try damaged.model() }
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
    expect("layers[0].biases") { $0.layers[0].biases[0] = 1 }
    expect("fixed.layers[0].biases") { $0.fixed!.layers[0].biases[0] = 1 }
    expect("layers[2].biases") { $0.layers[2].biases[1] = 0.5 }
    expect("has a scale") { $0.layers[1].scaleExponents![1] = 1 }
    expect("layers[0].scaleExponents") { $0.layers[0].scaleExponents![0] = 61 }
    expect("is no level") { $0.layers[0].scaleExponents![0] -= 9 }
    expect("share a scale") { $0.layers[2].scaleExponents = [0, 1] }
    expect("fixed.branch") { $0.fixed!.branch = nil }
    expect("fixed.branch.taps") { $0.fixed!.branch?.taps[0][0].removeLast() }
    expect("is not the weight") { $0.fixed!.branch?.taps[0][1][2] += 1 }
    expect("fixed.layers") { $0.fixed!.layers.removeLast() }
    // Swaps the branch's outputs: every digit still sums to its weight, but the taps are no complex numbers.
    expect("[[a, -b], [b, a]]") {
      $0.layers[2].weights.swapAt(0, 1)
      $0.layers[2].digits?.swapAt(0, 1)
      $0.layers[2].mask!.swapAt(0, 1)
    }
  }

  /// Every kind of feature, in words of 8 bits.
  private func predistorter() throws -> ModelFile {
    let features = [
      "i", "q", "i|x|^1", "q|x[-2]|^3", "i[-1]|x|^2", "q re(x x[-1]*)", "i im(x x[-2]*)|x|^2",
    ]
    let architecture = try Architecture(
      features: features.map { try Feature(parsing: $0) }, hiddenChannels: [], kernelSize: 3)
    let network = sampleNetwork(seed: 2, architecture, .fixed(wordLength: 24))
    let fixed = try network.fixed(
      to: .uniform(WordFormat(wordLength: 8, integerBits: 2), for: architecture))
    return ModelFile(generator: "pare test", network: network, fixed: fixed)
  }

  @Test func `lags, correlations and the table of magnitudes read back`() throws {
    let model = try predistorter()
    let text = model.json
    let again = try ModelFile(json: text, file: "model.json")
    #expect(again == model && again.json == text)
    #expect(text.contains(#""i im(x x[-2]*)|x|^2""#) && text.contains(#""magnitude""#))
    #expect(again.fixed.features.magnitude?.values.count == 128)
    // Another list of the right kind is the file's affair: hardware computes what the file says.
    var document = ModelDocument(model)
    document.fixed!.magnitude!.values[5] = document.fixed!.magnitude!.values[6]
    #expect(try document.model().fixed.features.magnitude != model.fixed.features.magnitude)
  }

  @Test func `a damaged table of magnitudes is refused`() throws {
    let document = ModelDocument(try predistorter())
    func expect(_ words: String, _ damage: (inout ModelDocument) -> Void) {
      var damaged = document
      damage(&damaged)
      let error = #expect(throws: FixedError.self) { try damaged.model() }
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
    expect("fixed.magnitude: a feature needs a table") { $0.fixed!.magnitude = nil }
    expect("fixed.magnitude: a feature needs a table") { $0.fixed!.magnitude!.values = [] }
    expect("fixed.magnitude: a feature needs a table") { $0.fixed!.magnitude!.shift = -1 }
    expect("not a rising list") { $0.fixed!.magnitude!.values.swapAt(3, 100) }
    expect("not a rising list") { $0.fixed!.magnitude!.values[0] = 1 }
    expect("not a rising list") { $0.fixed!.magnitude!.values[127] = 128 }
    expect("not a rising list") { $0.fixed!.magnitude!.values.removeLast() }
    expect("not a rising list") { $0.fixed!.magnitude!.shift = 1 }
    expect("not a rising list") { $0.fixed!.magnitude!.shift = 62 }
    expect("fixed.envelopes") { $0.fixed!.envelopes!.removeLast() }
    expect("no feature needs a table") { document in
      let square = document.fixed!.envelopes![0]
      document.architecture = try! Architecture(
        features: ["i", "q", "i|x|^2", "q|x[-2]|^2", "i[-1]|x|^2", "q[-2]|x|^2", "i[-3]|x|^2"]
          .map { try Feature(parsing: $0) }, hiddenChannels: [], kernelSize: 3)
      document.fixed!.envelopes = [square]
    }
  }

  @Test func `numbers without bounds never trap`() throws {
    let document = ModelDocument(try richModel())
    for extreme in [Int.min, Int.max, 1 << 62, -(1 << 40)] {
      var damaged = Array(repeating: document, count: 6)
      damaged[0].fixed!.layers[0].accumulatorFractionBits = extreme
      damaged[1].layers[0].scaleExponents![0] = extreme
      damaged[2].layers[0].digits?[0][0][0] = [[1, extreme]]
      damaged[3].fixed!.inputFormat.integerBits = extreme
      damaged[4].fixed!.envelopes?[1].resultFormat.integerBits = extreme
      damaged[5].fixed!.layers[0].taps[0][0][0] = Int64(extreme)
      for document in damaged {
        #expect(throws: FixedError.self) { try document.model() }
      }
    }
    var coarse = document
    coarse.fixed!.products?[0].resultFormat = .init(
      WordFormat(wordLength: 2, integerBits: 64))
    #expect(throws: FixedError.self) { try coarse.model() }
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
    var formats = FixedFormats.uniform(for: network.architecture)
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
      fixed: try all.fixed(to: .uniform(for: all.architecture)))
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
