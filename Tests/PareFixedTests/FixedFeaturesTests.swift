import PareDatapath
import PareNetwork
import PareNumerics
import RandomNetworks
import Testing

@testable import PareFixed

/// Features in words, against their definition in integers of 128 bits.
@Suite struct FixedFeaturesTests {
  /// A network that gives its features as they are: one tap of weight 1 for each output.
  private static func passing(
    _ features: [Feature], _ change: (inout FixedFormats) -> Void
  ) throws -> FixedNetwork {
    let architecture = try Architecture(
      features: features, hiddenChannels: [], outputChannels: features.count, kernelSize: 1,
      hasSkip: false, hasBiases: false)
    let one = SignedDigit(exponent: 0, isNegative: false)
    let digits = features.indices.flatMap { output in
      features.indices.map { $0 == output ? [one] : [] }
    }
    let layer = QuantizedLayer(
      shape: architecture.layerShapes[0], quantizer: .pot(bits: 4),
      scaleExponents: features.map { _ in 0 }, digits: digits,
      weights: digits.map { $0.isEmpty ? 0 : 1 }, biases: features.map { _ in 0 })
    var formats = FixedFormats.uniform(for: architecture)
    change(&formats)
    // Holds the words of every feature exactly.
    formats.output = WordFormat(wordLength: 50, integerBits: 25)
    return try QuantizedNetwork(architecture: architecture, scheme: .pot(), layers: [layer])
      .fixed(to: formats)
  }

  private static func shuffled(_ seed: UInt64, _ formats: inout FixedFormats) {
    var random = RandomStream(seed: seed).fork("formats")
    func format() -> WordFormat {
      WordFormat(wordLength: 7 + random.index(below: 9), integerBits: 1 + random.index(below: 4))
    }
    formats.input = format()
    formats.envelopes = formats.envelopes.map { _ in format() }
    formats.products = formats.products.map { _ in format() }
    formats.rounding = Rounding.allCases[random.index(below: 3)]
    formats.overflow = Overflow.allCases[random.index(below: 2)]
    formats.magnitudeTableBits = 2 + random.index(below: 11)
  }

  /// The definition of requantizing, on the rational number `value / 2^fractionBits`.
  private static func rounded(_ value: Int128, _ fractionBits: Int, _ to: Requantizer) -> Int128 {
    let format = to.format
    let places = fractionBits - format.fractionBits
    var word: Int128
    if places <= 0 {
      word = value << Int128(-places)
    } else {
      let step = Int128(1) << Int128(places)
      let (low, rest) = (
        (value - ((value % step) + step) % step) / step, ((value % step) + step) % step
      )
      switch to.rounding {
      case .floor: word = low
      case .nearest: word = 2 * rest >= step ? low + 1 : low
      case .convergent:
        word = 2 * rest > step || (2 * rest == step && low % 2 != 0) ? low + 1 : low
      }
    }
    let size = Int128(1) << Int128(format.wordLength)
    let (minimum, maximum) = (Int128(format.minimumRaw), Int128(format.maximumRaw))
    switch to.overflow {
    case .saturate: return min(max(word, minimum), maximum)
    case .wrap:
      word = ((word % size) + size) % size
      return word > maximum ? word - size : word
    }
  }

  /// A feature of a signal, one time after the other and nothing kept.
  private struct Definition {
    let network: FixedNetwork
    let signal: [[Int64]]

    func x(_ channel: Int, _ time: Int) -> Int128 {
      time < 0 ? 0 : Int128(signal[channel][time])
    }

    func requantizer(_ envelope: Feature.Envelope) -> Requantizer {
      let all = network.architecture.features.envelopes
      return network.features.envelopes[all.firstIndex(of: envelope)!]
    }

    func bits(_ envelope: Feature.Envelope) -> Int { requantizer(envelope).format.fractionBits }

    func product(_ a: Feature.Envelope, _ b: Feature.Envelope, _ time: Int) -> (Int128, Int) {
      (value(a, time) * value(b, time), bits(a) + bits(b))
    }

    func value(_ envelope: Feature.Envelope, _ t: Int) -> Int128 {
      guard t >= 0 else { return 0 }
      let exact: (Int128, Int)
      let double = 2 * network.inputFormat.fractionBits
      switch envelope {
      case .power(1):
        let table = network.features.magnitude!
        let square = value(.power(2), t)
        let m = Int(square < 0 ? -square - 1 : square) >> table.shift
        return square < 0 ? -Int128(table.values[m]) : Int128(table.values[m])
      case .power(2): exact = (x(0, t) * x(0, t) + x(1, t) * x(1, t), double)
      case .power(let p) where p % 2 == 0: exact = product(.power(p - 2), .power(2), t)
      case .power(let p): exact = product(.power(p - 1), .power(1), t)
      case .correlation(let l, .real, 0):
        exact = (x(0, t) * x(0, t - l) + x(1, t) * x(1, t - l), double)
      case .correlation(let l, .imaginary, 0):
        exact = (x(1, t) * x(0, t - l) - x(0, t) * x(1, t - l), double)
      case .correlation(let l, let part, _):
        exact = product(.correlation(lag: l, part: part, power: 0), .power(2), t)
      }
      return rounded(exact.0, exact.1, requantizer(envelope))
    }

    /// A feature's word, and its fraction bits.
    func value(_ feature: Feature, _ time: Int, _ product: Requantizer?) -> (Int128, Int) {
      let input = network.inputFormat.fractionBits
      let carrier = feature.channel.map { x($0, time - feature.carrierLag) }
      guard feature.envelope != .power(0) else { return (carrier!, input) }
      let envelope = value(feature.envelope, time - feature.envelopeLag)
      guard let carrier, let product else { return (envelope, bits(feature.envelope)) }
      return (
        rounded(carrier * envelope, input + bits(feature.envelope), product),
        product.format.fractionBits
      )
    }
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `words are those of the definition, in every machine`(seed: UInt64) throws {
    let features = Feature.random(seed: seed)
    let network = try Self.passing(features) { Self.shuffled(seed, &$0) }
    let input = words(network.inputFormat, seed: seed, count: 330)
    // One segment is longer than a chunk.
    let segments = [0..<290, 290..<291, 291..<330]
    let got = network.run(input, segments: segments)
    #expect(
      network.run(input, segments: segments, in: FixedStream<Int64>(network)).outputs == got)
    #expect(try network.lowered().run(input, segments: segments) == got)
    let unit = network.outputFormat.fractionBits
    for segment in segments {
      let definition = Definition(network: network, signal: input.map { Array($0[segment]) })
      var products = network.features.products[...]
      for (channel, feature) in features.enumerated() {
        let product = feature.isProduct ? products.removeFirst() : nil
        for time in segment {
          let (word, bits) = definition.value(feature, time - segment.lowerBound, product)
          #expect(word << Int128(unit - bits) == Int128(got[channel][time]), "\(feature) \(time)")
        }
      }
    }
  }

  @Test func `three-lag features by hand`() throws {
    let features = try ["i re(x x[-1]*)", "q|x[-1]|^1", "i[-1] im(x x[-1]*)|x|^2"].map {
      try Feature(parsing: $0)
    }
    let network = try Self.passing(features) { formats in
      let format = WordFormat(wordLength: 12, integerBits: 8)
      formats.input = format
      formats.envelopes = formats.envelopes.map { _ in format }
      formats.products = formats.products.map { _ in format }
    }
    // x = 3 + 4j, then 1 - 2j: x[1] conj x[0] = (1 - 2j)(3 - 4j) = -5 - 10j, |x[1]|^2 = 5, |x[0]| = 5.
    let got = network.real(network.run([[48, 16], [64, -32]]))
    #expect(got == [[0, -5], [0, -10], [0, -128]])
    // 3 * -10 * 5 is below -128.
  }

  @Test func `silence stays silent and features end with the signal`() throws {
    var features: [Feature] = []
    for feature in (0..<20 as Range<UInt64>).flatMap({ Feature.random(seed: $0) })
    where !features.contains(feature) {
      features.append(feature)
    }
    let network = try Self.passing(features) { $0.magnitudeTableBits = 2 }
    let signal = words(network.inputFormat, seed: 3, count: 30).map {
      $0 + [Int64](repeating: 0, count: 30)
    }
    for channel in network.run(signal) { #expect(channel[30...].allSatisfy { $0 == 0 }) }
    let silence = [[Int64]](repeating: [Int64](repeating: 0, count: 20), count: 2)
    for channel in network.run(silence) { #expect(channel.allSatisfy { $0 == 0 }) }
  }

  @Test func `products beyond 61 bits are refused by name`() throws {
    func code(_ text: String, _ change: (inout FixedFormats) -> Void) throws -> FixedError.Code? {
      let feature = try Feature(parsing: text)
      return #expect(throws: FixedError.self) { try Self.passing([feature], change) }?.code
    }
    let long = WordFormat(wordLength: 34, integerBits: 2)
    #expect(try code("i re(x x[-2]*)") { $0.input = long } == .product(feature: "re(x x[-2]*)"))
    #expect(
      try code("i|x|^3") { $0.envelopes = [long, long, long] } == .product(feature: "|x|^3"))
    #expect(
      try code("i[-2] im(x x[-2]*)|x|^2") {
        $0.envelopes[2] = WordFormat(wordLength: 50, integerBits: 2)
      } == .product(feature: "i[-2] im(x x[-2]*)|x|^2"))
    #expect(
      try code("i|x|^1") {
        $0.overflow = .wrap
        $0.envelopes[1] = WordFormat(wordLength: 8, integerBits: 1, isSigned: false)
      } == .format(tensor: "|x|^1"))
  }

  // MARK: - Tables of magnitudes

  @Test(arguments: [(12, 2, 11), (12, 2, 6), (16, 4, 11), (8, 1, 14), (20, 1, 9)], [6, 10, 14])
  func `a table of magnitudes is near the root, rises, and is exact where it can be`(
    square: (wordLength: Int, integerBits: Int, bits: Int), rootLength: Int
  ) {
    let from = WordFormat(wordLength: square.wordLength, integerBits: square.integerBits)
    let to = WordFormat(wordLength: rootLength, integerBits: 3)
    let table = OddTable.magnitude(bits: square.bits, of: from, result: Requantizer(to: to))
    #expect(table.values.count == 1 << min(square.bits, square.wordLength - 1))
    #expect(table.isMagnitude(of: from, result: to))
    #expect(table(0) == 0)
    #expect(zip(table.values, table.values.dropFirst()).allSatisfy { $0 <= $1 })
    let half = Int64(1) << Int64(table.shift)
    for word in stride(
      from: Int64(0), through: from.maximumRaw, by: 1 + Int(from.maximumRaw / 5000))
    {
      let exact = (Double(word) * from.resolution).squareRoot()
      let got = Double(table(word)) * to.resolution
      // Half a unit, and half a step times the slope where the step is steepest. The first step is 0.
      let low = Double(word / half * half) * from.resolution
      let step = Double(half - 1) * from.resolution
      let slope =
        word < half ? (step > 0 ? step.squareRoot() : 0) : step / 2 / (2 * low.squareRoot())
      #expect(abs(got - exact) <= to.resolution / 2 + slope * (1 + 1e-12), "\(word)")
    }
  }

  @Test func `a 12-bit square has the exact root of every word`() {
    let from = WordFormat(wordLength: 12, integerBits: 1)
    let to = WordFormat(wordLength: 12, integerBits: 1)
    let table = OddTable.magnitude(bits: 11, of: from, result: Requantizer(to: to))
    #expect(table.shift == 0 && table.values.count == 2048)
    for k in 0..<2048 {
      // r is the nearest integer to sqrt(k * 2048): (2r - 1)^2 <= 4 * 2048 k < (2r + 1)^2.
      let r = Int(table.values[k])
      let four = 4 * 2048 * k
      #expect(
        k == 0 ? r == 0 : (2 * r - 1) * (2 * r - 1) <= four && four < (2 * r + 1) * (2 * r + 1))
    }
  }
}
