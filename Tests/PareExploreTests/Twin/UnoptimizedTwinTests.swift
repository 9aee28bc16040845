import Foundation
import PareDatapath
import PareFixed
import PareNetwork
import PareNumerics
import PareSignal
import PareText
import PareTools
import PareTrain
import RandomNetworks
import Testing

@testable import PareExplore

/// The unpruned, unquantized, unshared network beside a design.
@Suite(.serialized) struct UnoptimizedTwinTests {
  private let architecture: Architecture

  init() throws { architecture = try Architecture(hiddenChannels: [2], kernelSize: 3) }

  private func model(
    _ scheme: QuantizationScheme, seed: UInt64 = 3, keepsAll: Bool = false,
    direction: String = "inverse", _ format: WordFormat = WordFormat(wordLength: 12, integerBits: 3)
  ) throws -> ModelFile {
    let sample = sampleNetwork(seed: seed, architecture, scheme)
    let network = QuantizedNetwork(
      architecture: architecture, scheme: scheme, layers: sample.layers,
      mask: keepsAll ? Mask(layers: sample.layers.map { $0.weights.map { _ in true } }) : nil)
    return ModelFile(
      generator: "pare test",
      task: .init(
        dataset: "some/data", datasetHash: "0123456789abcdef", direction: direction, gainI: 1,
        gainQ: 0, sampleRateHz: 1e8, bandwidthHz: 1e7),
      training: .init(
        seed: 7, steps: 10, sparsity: 0, validationNMSEdB: -20, testNMSEdB: -19,
        fixedValidationNMSEdB: -18, fixedTestNMSEdB: -17),
      network: network, fixed: try network.fixed(to: .uniform(format, for: architecture)))
  }

  private func twin() throws -> UnoptimizedTwin {
    try UnoptimizedTwin(
      of: model(.apot()), dense: model(.none, seed: 4, keepsAll: true),
      origin: .file(path: "dense.json"), name: "dense.json")
  }

  @Test func `the twin has words of 16 bits and no score of other integers`() throws {
    let model = try twin().model
    #expect(model.fixed.inputFormat == WordFormat(wordLength: 16, integerBits: 6))
    #expect(model.network.scheme == .none)
    #expect(model.training?.testNMSEdB == -19)
    #expect(model.training?.fixedTestNMSEdB == nil)
  }

  @Test func `scores stay with integers that are the same already`() throws {
    let dense = try model(.none, keepsAll: true, .paper)
    let twin = try UnoptimizedTwin(
      of: dense, dense: dense, origin: .file(path: "d"), name: "d")
    #expect(twin.model == dense)
  }

  @Test func `another, a pruned, and a quantized network are no twin`() throws {
    func message(_ dense: ModelFile) throws -> String {
      let own = try model(.apot())
      return try #require(throws: ExploreError.self) {
        try UnoptimizedTwin(of: own, dense: dense, origin: .file(path: "d"), name: "d.json")
      }.message
    }
    #expect(try message(model(.none)).contains("weights are pruned away"))
    #expect(try message(model(.pot(), keepsAll: true)).contains("quantized"))
    #expect(try message(model(.none, keepsAll: true, direction: "forward")).contains("trained on"))
    let wide = sampleNetwork(
      seed: 1, try Architecture(hiddenChannels: [3], kernelSize: 3), .none)
    let other = ModelFile(
      generator: "t", network: wide, fixed: try wide.fixed(to: .uniform(for: wide.architecture)))
    #expect(try message(other).contains("architecture"))
  }

  @Test func `the ledger's dense row of the same architecture and data is found`() throws {
    let own = try model(.apot())
    let dense = try model(.none, seed: 4, keepsAll: true)
    let folder = scratch()
    let ledger = try Ledger(at: folder)
    #expect(try UnoptimizedTwin(of: own, in: ledger) == nil)
    func add(_ index: Int, nmse: Double, _ change: (inout DesignPoint) -> Void) throws -> String {
      var point = DesignPoint(architecture: architecture)
      change(&point)
      var metrics = Metrics()
      metrics[.nmse] = nmse
      let key = LedgerSamples.key(index)
      try ledger.finish(
        Candidate(
          key: key, point: point, dataset: "some/data", datasetHash: "0123456789abcdef",
          task: .inverse, recipeHash: LedgerSamples.recipeHash,
          seeds: [.init(seed: 1, nmse: nmse, testNMSE: nmse, nnz: 1)], bestSeed: 1,
          metrics: metrics, generator: "t", host: "h", finishedAt: "2026-01-02T03:04:05Z",
          seconds: 1), recipe: LedgerSamples.recipe, model: dense.json)
      return key
    }
    _ = try add(1, nmse: -40) { $0.sparsity = 0.5 }
    _ = try add(2, nmse: -40) { $0.quantizer = .apot() }
    _ = try add(3, nmse: -20) { _ in }
    let best = try add(4, nmse: -21) { $0.overflow = .wrap }
    let twin = try #require(try UnoptimizedTwin(of: own, in: ledger))
    #expect(twin.origin == .ledger(path: ledger.path, key: best))
    #expect(twin.model.network == dense.network)
  }

  @Test func `training it takes the model's data, seed and architecture, and no pruning`() throws {
    let experiment = try UnoptimizedTwin.experiment(
      of: model(.apot()), recipe: .quick, path: "m.json")
    #expect(experiment.dataset == "some/data" && experiment.seed == 7)
    #expect(experiment.architecture == architecture)
    #expect(experiment.sparsity == 0 && experiment.quantizer == .none)
    #expect(experiment.recipe.seedCount == 1)
    var unknown = try model(.apot())
    unknown.task = nil
    #expect(throws: ExploreError.self) {
      try UnoptimizedTwin.experiment(of: unknown, recipe: .quick, path: "m.json")
    }
  }

  @Test(arguments: [("zcu104", SynthesisTarget.Family.xcup), ("ecp5-85k", .ecp5)])
  func `its products are DSP blocks, and its Verilog equals the integers`(
    device: String, family: SynthesisTarget.Family
  ) async throws {
    try await withTemporaryFolder { folder in
      var options = CompileOptions(generator: "pare test")
      options.targets = [device]
      let design = try DesignFolder.compile(
        .model(model(.apot())), options: options, to: "\(folder)/design")
      let twin = try twin().compile(like: design, to: "\(folder)/twin")
      let taps = twin.source
      guard case .model(let model) = taps else { preconditionFailure("no network") }
      let products = model.fixed.layers.reduce(0) { sum, layer in
        sum + layer.taps.count { $0.magnitude.nonzeroBitCount > 1 }
      }
      #expect(products > 10)
      #expect(twin.manifest.statistics.multiplyCount == products)
      let synthesis = try await YosysSynthesizer().synthesize(
        twin.rtl(), for: SynthesisTarget(family, usesDSP: true), in: Folder("\(folder)/synth"))
      #expect(synthesis.counts.dsp == products)
      #expect(
        synthesis.counts.byType[family == .xcup ? "DSP48E2" : "MULT18X18D"] == products,
        "\(synthesis.counts.byType)")
      let stimulus = try twin.cornerStimulus(randomCount: 400)
      let simulation = try await twin.simulate([stimulus], with: try await IcarusSimulator())
      #expect(simulation.summary.samples == stimulus.count)
    }
  }
}

private func scratch() -> String {
  FileManager.default.temporaryDirectory.appending(
    path: "pare-tests-\(UUID().uuidString).sqlite"
  ).path(percentEncoded: false)
}
