import Foundation
import PareNetwork
import PareNumerics
import Testing

@Suite struct `Features` {
  /// One of every kind, with the lags that are allowed.
  static let all: [Feature] = {
    let powers = (1...8).map { Feature.Envelope.power($0) }
    let correlations = [1, 3, 16].flatMap { lag in
      Feature.Part.allCases.flatMap { part in
        [0, 2].map { Feature.Envelope.correlation(lag: lag, part: part, power: $0) }
      }
    }
    let envelopes = powers + correlations
    return [0, 1, 2].map { Feature.signal($0) }
      + envelopes.map { Feature(channel: nil, envelope: $0) }
      + envelopes.flatMap { envelope in
        [(0, 0, 0), (1, 0, 0), (0, 2, 0), (1, 0, 4), (2, 11, 0)].map {
          Feature(channel: $0, carrierLag: $1, envelope: envelope, envelopeLag: $2)
        }
      }
  }()

  @Test(arguments: all) func `a feature reads what it prints`(feature: Feature) throws {
    #expect(try Feature(parsing: feature.description) == feature)
    let coded = try JSONEncoder().encode([feature])
    #expect(try JSONDecoder().decode([Feature].self, from: coded) == [feature])
  }

  @Test func `no two features print the same`() {
    #expect(Set(Self.all).count == Self.all.count)
    #expect(Set(Self.all.map(\.description)).count == Self.all.count)
  }

  @Test(arguments: [
    "i", "q", "x2", "|x|^2", "i|x|^2", "q|x|^8", "x3|x|^4", "|x|^1", "i|x|^3", "q|x|^1",
    "i[-2]|x|^2", "i|x[-3]|^2", "re(x x[-1]*)", "q re(x x[-2]*)", "i[-1] im(x x[-3]*)|x|^2",
    "i re(x[-2] x[-4]*)", "i im(x[-2] x[-18]*)|x[-2]|^2",
  ])
  func `a feature prints what it reads`(text: String) throws {
    #expect(try Feature(parsing: text).description == text)
  }

  @Test func `spellings are what they say`() throws {
    #expect(
      try Feature(parsing: "i re(x[-2] x[-4]*)")
        == Feature(
          channel: 0, envelope: .correlation(lag: 2, part: .real, power: 0), envelopeLag: 2))
    #expect(
      try Feature(parsing: "q[-1] im(x x[-3]*)|x|^2")
        == Feature(
          channel: 1, carrierLag: 1, envelope: .correlation(lag: 3, part: .imaginary, power: 2)))
    #expect(try Feature(parsing: "X1|x[-3]|^5").description == "q|x[-3]|^5")
  }

  @Test(arguments: [
    "", "j", "|x|^0", "i|x|^0", "i|x|^9", "i|y|^2", "x1.5", "i|x|^2|", "x-1", "i[-1]", "i[-0]|x|^2",
    "|x[-1]|^2", "i[-1]|x[-1]|^2", "i[2]|x|^2", "re(x x*)", "re(x x[-17]*)", "re(x[-2] x[-1]*)",
    "re(x[-2] x[-2]*)", "re(x[-1] x[-2]*)", "i  re(x x[-1]*)", "ire(x x[-1]*)", " re(x x[-1]*)",
    "i re(x x[-1]*)|x|^4", "i re(x[-1] x[-2]*)|x|^2", "i re(x x[-2])", "i|x[-4097]|^2",
    "i|x[-99999999999999999999]|^2", "x99999999999999999999", "[-1]|x|^2",
    "i re(x[-9223372036854775807] x[-99999999999999999999]*)",
  ])
  func `other features are refused`(text: String) {
    #expect(throws: NetworkError.self) { try Feature(parsing: text) }
  }

  @Test func `a feature is its formula`() {
    let signal: [[Float]] = [[0.5, -1], [0.25, 2]]
    #expect(Feature.power(signal) == [0.3125, 5])
    #expect(Feature(channel: 1, envelopePower: 4)(signal) == [0.25 * 0.3125 * 0.3125, 50])
    #expect(Feature.signal(0)(signal) == signal[0])
    let root = Float(5).squareRoot()
    #expect(Feature(channel: nil, envelopePower: 3)(signal)[1] == 5 * root)
    // (-1 + 2j)(0.5 - 0.25j) = 0 + 1.25j
    let imaginary = Feature.Envelope.correlation(lag: 1, part: .imaginary, power: 0)
    #expect(Feature(channel: nil, envelope: imaginary)(signal) == [0, 1.25])
  }

  @Test(arguments: all) func `values are those of complex arithmetic`(feature: Feature) {
    var random = RandomStream(seed: 11)
    let count = 60
    let signal = (0..<3).map { _ in (0..<count).map { _ in Float(random.normal() * 0.5) } }
    func x(_ time: Int) -> (Double, Double) {
      time < 0 ? (0, 0) : (Double(signal[0][time]), Double(signal[1][time]))
    }
    let values = feature(signal)
    #expect(values.count == count)
    for time in 0..<count {
      let then = time - feature.envelopeLag
      let (re, im) = x(then)
      let magnitude = hypot(re, im)
      let envelope: Double
      switch feature.envelope {
      case .power(let power): envelope = pow(magnitude, Double(power))
      case .correlation(let lag, let part, let power):
        let (a, b) = x(then - lag)
        // (re + j im)(a - j b)
        let product = part == .real ? re * a + im * b : im * a - re * b
        envelope = product * pow(magnitude, Double(power))
      }
      let past = time - feature.carrierLag
      let carrier = feature.channel.map { past < 0 ? 0 : Double(signal[$0][past]) } ?? 1
      // Ten roundings of 32-bit floats, of terms that may cancel in a correlation.
      let size = max(1, pow(magnitude, 8)) * max(1, abs(carrier)) * 4
      #expect(abs(Double(values[time]) - carrier * envelope) < size * 0x1p-20, "\(time)")
    }
  }

  @Test(arguments: all) func `a stretch of a segment needs the past that is told`(feature: Feature)
  {
    var random = RandomStream(seed: 12)
    let signal = (0..<3).map { _ in (0..<90).map { _ in Float(random.normal() * 0.5) } }
    let segment = 20..<80
    let whole = feature(signal.map { Array($0[segment]) })
    for times in [20..<21, 20..<80, 25..<40, 79..<80] {
      #expect(
        feature(signal, at: times, in: segment)
          == Array(whole[(times.lowerBound - 20)..<(times.upperBound - 20)]))
    }
    #expect(feature.pastSamples <= 20)
    // A change so far in the past is seen, one beyond is not.
    func answer(_ pulse: Int) -> Float {
      var changed = signal
      for channel in 0..<3 { changed[channel][pulse] += 1 }
      return feature(changed)[50]
    }
    #expect(answer(50 - feature.pastSamples) != feature(signal)[50])
    #expect(answer(49 - feature.pastSamples) == feature(signal)[50])
  }

  @Test(arguments: all) func `a feature is silent where the signal is`(feature: Feature) {
    let noise = (0..<3).map { channel in (0..<25).map { Float($0 + channel + 1) * 0.1 } }
    let signal = noise.map { Array(repeating: 0, count: 10) + $0 + Array(repeating: 0, count: 30) }
    let values = feature(signal)
    #expect(values[..<10].allSatisfy { $0 == 0 } && values[35...].allSatisfy { $0 == 0 })
    #expect(values[10..<35].contains { $0 != 0 })
  }

  @Test func `envelopes come in one order, each after what it is made of`() throws {
    let features = try ["q im(x x[-1]*)|x|^2", "i|x|^7", "re(x x[-3]*)", "|x|^3"].map {
      try Feature(parsing: $0)
    }
    #expect(
      features.envelopes.map(\.description) == [
        "|x|^2", "|x|^4", "|x|^6", "|x|^1", "|x|^3", "|x|^7", "im(x x[-1]*)", "re(x x[-3]*)",
        "im(x x[-1]*)|x|^2",
      ])
    #expect(
      Feature.memoryPolynomial(order: 9).envelopes.map(\.description)
        == ["|x|^2", "|x|^4", "|x|^6", "|x|^8"])
    #expect([Feature.signal(0)].envelopes == [])
  }

  @Test func `lags lengthen the receptive field`() throws {
    let features = [
      Feature(channel: 0, carrierLag: 3, envelopePower: 2),
      Feature(channel: 1, envelope: .correlation(lag: 4, part: .real, power: 0), envelopeLag: 2),
    ]
    let architecture = try Architecture(
      features: features, hiddenChannels: [2], kernelSize: 4, lookAhead: 5)
    #expect(architecture.featurePastSamples == 6)
    #expect(architecture.convolutionMemory == 6)
    #expect(architecture.stackPastSamples == 7 && architecture.receptiveField == 13)
  }
}

extension Feature {
  fileprivate init(channel: Int?, carrierLag: Int, envelopePower: Int) {
    self.init(channel: channel, carrierLag: carrierLag, envelope: .power(envelopePower))
  }
}
