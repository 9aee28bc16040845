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

      // One bit of one table flipped is found, where it is one that the stream reads.
      let cells = check.netlist.cells
      let tables = cells.filter { ["LUT2", "LUT6_2", "CCU2C", "LUT4"].contains($0.cell.type) }
      let victim = try #require(tables.dropFirst(tables.count / 2).first)
      let name = victim.cell.parameters["INIT"] == nil ? "INIT0" : "INIT"
      let bits = Array(try #require(victim.cell.parameters[name]))
      var found: [ExploreError] = []
      for bit in bits.indices where found.isEmpty {
        var flipped = bits
        flipped[bit] = flipped[bit] == "0" ? "1" : "0"
        let wrong = check.netlist.replacing(victim.name, parameter: name, with: String(flipped))
        do {
          _ = try design.checkNetlist(
            wrong, named: "wrong.json", on: [stimulus], unitDelayClocks: 0)
        } catch let error as ExploreError {
          found.append(error)
        }
      }
      let error = try #require(found.first)
      #expect(error.code == .simulationMismatch && error.kind == .failed)
      #expect(error.message.contains("wrong.json") && error.message.contains("expected"))
    }
  }

  @Test func `a datapath that was edited is found before anything is simulated`() async throws {
    try await withTemporaryFolder { folder in
      let bank = try FilterBank(
        taps: [[[3, -5, 7]]], format: WordFormat(wordLength: 8, integerBits: 8))
      var options = CompileOptions(generator: "pare test")
      options.effort = .fast
      let design = try DesignFolder.compile(
        .filterBank(bank), options: options, to: "\(folder)/design")
      let stimulus = try design.cornerStimulus(randomCount: 50)
      #expect(try design.netlistStream(stimulus).count == stimulus.count)

      let file = "\(folder)/design/datapath.txt"
      let text = try TextFile.read(file)
      let edited = text.replacing("= delay %0, 1", with: "= delay %0, 3")
      try #require(edited != text)
      try TextFile.write(edited, to: file)
      let opened = try DesignFolder(opening: "\(folder)/design")
      let error = try #require(throws: ExploreError.self) {
        try opened.netlistStream(stimulus)
      }
      #expect(error.code == .simulationMismatch && error.kind == .failed)
      #expect(error.message.contains("datapath.txt: differs from the integer model of taps.json"))
    }
  }
}

extension Netlist {
  /// The same with another parameter of one cell.
  fileprivate func replacing(_ cell: String, parameter: String, with value: String) -> Netlist {
    var cells = Dictionary(uniqueKeysWithValues: self.cells.map { ($0.name, $0.cell) })
    guard let old = cells[cell] else { preconditionFailure("no cell \(cell)") }
    var parameters = old.parameters
    parameters[parameter] = value
    cells[cell] = Netlist.Cell(
      type: old.type, connections: old.connections, parameters: parameters)
    return Netlist(name: name, cells: cells, ports: ports, names: names)
  }
}
