import Foundation
import PareFixed
import PareHLS
import PareNetwork
import PareNumerics
import PareTools
import RandomNetworks
import Testing

/// The generated C++ against the integer model, over networks that have some of everything.
@Suite struct EqualityTests {
  /// A network and all ways to write it.
  private struct Sample {
    let network: FixedNetwork
    let activation: Activation

    init(seed: UInt64) throws {
      let architecture = try Architecture.random(seed: seed)
      let quantized = sampleNetwork(
        seed: seed, architecture, .random(seed: seed, for: architecture))
      network = try quantized.fixed(to: .random(seed: seed, for: architecture))
      activation = architecture.activation
    }

    var stimulus: HLSStimulus {
      HLSStimulus(
        channels: words(network.inputFormat, seed: 5, count: 400),
        segments: [0..<1, 1..<40, 40..<400])
    }
  }

  private static let samples = Result { try (0..<11).map { try Sample(seed: UInt64($0)) } }

  /// Each network in both forms: as its weights suggest in the one, by multiplications in the other; or in one form only.
  private static func designs(isShort: Bool) throws -> DesignSet {
    var set = DesignSet()
    for (index, sample) in try samples.get().enumerated() {
      for (place, form) in HLSForm.allCases.enumerated() {
        // Every other pair, so that both forms have networks of both versions.
        if isShort, index >= 8 || place != index / 2 % 2 { continue }
        var options = HLSOptions()
        options.form = form
        let isMultiplied = (index % 2 == 0) == (form == .loops)
        options.kernels = isMultiplied ? [.multiply] : nil
        // Pragmas say nothing to this compiler; they must not break the code either.
        let preset = DirectivePreset.allCases[index % 3]
        options.directives = try preset.directives(for: sample.network, form: form)
        options.directives.isDataflow =
          index % 4 == 0 && options.directives.pipelineInterval == nil
        try set.add(sample.network, options, stimulus: sample.stimulus)
      }
    }
    // Weights of one digit by two shifts and an add, which nothing above chooses.
    for form in HLSForm.allCases {
      let quantized = try sampleNetwork(seed: 8, hidden: [2, 2], quantizer: .pot(bits: 4))
      let network = try quantized.fixed(to: .uniform(for: quantized.architecture))
      var options = HLSOptions()
      options.form = form
      options.kernels = [.apot]
      let channels = words(network.inputFormat, seed: 6, count: 400)
      try set.add(network, options, stimulus: HLSStimulus(channels: channels, segments: [0..<400]))
    }
    return set
  }

  private func check(_ headers: CxxSimulator.Headers, isShort: Bool = false) async throws {
    let set = try Self.designs(isShort: isShort)
    let (verdicts, warnings) = try await set.run(headers)
    #expect(warnings == "")
    #expect(verdicts == set.names.map { "\($0): PASS samples 400" })
  }

  @Test func `the samples have everything that a network can have`() throws {
    let samples = try Self.samples.get()
    let shapes = samples.map(\.network.architecture)
    #expect(Set(shapes.map { $0.activation.rawValue.prefix(5) }).count == 4)
    #expect(Set(shapes.map(\.hasSkip)).count == 2)
    #expect(Set(shapes.map { $0.branch != nil }).count == 2)
    #expect(shapes.contains { $0.features.contains { $0.envelope == .power(4) } })
    let envelopes = shapes.flatMap(\.features.envelopes)
    #expect(envelopes.contains(.power(1)) && envelopes.contains { $0.pastSamples > 0 })
    #expect(shapes.contains { $0.features.contains { $0.carrierLag > 0 } })
    #expect(shapes.contains { $0.features.contains { $0.envelopeLag > 0 } })
    #expect(shapes.contains { $0.futureSamples > $0.lookAhead })
    #expect(Set(samples.map { $0.network.layers[0].result.rounding }).count == 3)
    #expect(Set(samples.map { $0.network.layers[0].result.overflow }).count == 2)
  }

  @Test func `both forms equal the integer model in our own numbers`() async throws {
    try await check(.own)
  }

  @Test(.enabled(if: XilinxNumbers.areHere, XilinxNumbers.hint))
  func `both forms equal the integer model in the vendor's numbers`() async throws {
    let headers = try #require(try XilinxHeaders.find())
    // They take three times as long to compile.
    try await check(.xilinx(headers), isShort: true)
  }
}

/// Whether the vendor's headers were fetched.
enum XilinxNumbers {
  static let areHere =
    ProcessInfo.processInfo.environment["PARE_REQUIRE_AP_TYPES"] == "1"
    || (try? XilinxHeaders.find()) != nil
  static let hint: Comment = "run 'make tools' for the vendor's ap_types"
}
