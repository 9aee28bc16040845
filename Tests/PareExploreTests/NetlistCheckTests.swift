import PareDatapath
import PareExplore
import PareFixed
import PareNetwork
import PareNumerics
import PareQoR
import PareText
import PareTools
import RandomNetworks
import Testing

/// Netlists of compiled designs against the integer model.
@Suite(.serialized) struct NetlistCheckTests {
  private func model(features: Bool) throws -> ModelFile {
    let architecture =
      try features
      ? Architecture(
        features: Feature.memoryPolynomial(order: 3), hiddenChannels: [2], kernelSize: 2,
        activation: .relu, lookAhead: 1)
      : Architecture(
        features: [.signal(0), .signal(1)], hiddenChannels: [2], kernelSize: 3,
        activation: .hardTanh, lookAhead: 1, branch: LinearBranch(kernelSize: 5, lookAhead: 2))
    let network = sampleNetwork(seed: 5, architecture, .apot(terms: 2, bits: 4))
    let formats = FixedFormats.uniform(
      WordFormat(wordLength: 9, integerBits: 2), for: architecture)
    return ModelFile(
      generator: "pare test", network: network, fixed: try network.fixed(to: formats))
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let target: String
    let family: SynthesisTarget.Family
    var features = false
    var samplesPerClock = 1
    var testDescription: String {
      "\(target), \(features ? "products" : "sums"), \(samplesPerClock) samples per clock"
    }
  }

  static let cases = [
    Case(target: "zcu104", family: .xcup),
    Case(target: "zcu104", family: .xcup, samplesPerClock: 2),
    Case(target: "zcu104", family: .xcup, features: true),
    Case(target: "zynq7010", family: .xc7, features: true), Case(target: "ecp5", family: .ecp5),
    Case(target: "ecp5", family: .ecp5, features: true),
  ]

  @Test(arguments: cases) func `the netlist of a design equals the integer model`(
    example: Case
  ) async throws {
    let model = try model(features: example.features)
    try await withTemporaryFolder { folder in
      var options = CompileOptions(generator: "pare test")
      options.targets = [example.target]
      options.samplesPerClock = example.samplesPerClock
      let design = try DesignFolder.compile(.model(model), options: options, to: "\(folder)/design")
      let synthesis = try await YosysSynthesizer().synthesize(
        design.rtl(), for: SynthesisTarget(example.family, usesDSP: example.features),
        in: Folder("\(folder)/synth"))
      let stimulus = try design.cornerStimulus(randomCount: 900)
      let check = try design.checkNetlist(synthesis, on: [stimulus], unitDelayClocks: 256)
      #expect(check.samples == stimulus.count)
      #expect(check.settled.flipFlops == synthesis.counts.ff)
      #expect(check.settled.dspBlocks == synthesis.counts.dsp)
      #expect((check.settled.dspBlocks > 0) == example.features)
      #expect(check.settled.netToggles > 0 && check.settled.carryToggles > 0)
      let delayed = try #require(check.unitDelay)
      #expect(delayed.origin == .netlistUnitDelay && check.settled.origin == .netlist)

      // One entry of one table flipped is found, where it is one that matters.
      let cells = check.netlist.cells
      let tables = cells.filter { ["LUT2", "LUT6_2", "CCU2C", "LUT4"].contains($0.cell.type) }
      let victim = try #require(tables.dropFirst(tables.count / 2).first)
      var changed = Dictionary(uniqueKeysWithValues: cells.map { ($0.name, $0.cell) })
      var parameters = victim.cell.parameters
      for (name, value) in parameters where name.hasPrefix("INIT") {
        parameters[name] = String(value.map { $0 == "0" ? "1" : "0" })
      }
      changed[victim.name] = Netlist.Cell(
        type: victim.cell.type, connections: victim.cell.connections, parameters: parameters)
      let wrong = Netlist(
        name: check.netlist.name, cells: changed, ports: check.netlist.ports,
        names: check.netlist.names)
      let error = try #require(throws: ExploreError.self) {
        try design.checkNetlist(wrong, named: "wrong.json", on: [stimulus], unitDelayClocks: 0)
      }
      #expect(error.code == .simulationMismatch && error.kind == .failed)
      #expect(error.message.contains("wrong.json") && error.message.contains("expected"))
    }
  }
}
