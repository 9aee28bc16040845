import Foundation
import PareDatapath
import PareFixed
import PareNetwork
import PareNumerics
import PareQoR
import PareText
import PareTools
import RandomNetworks
import Testing

@testable import PareExplore

/// What `implement` adds to the records of the tools.
@Suite(.serialized) struct ImplementTests {
  private func design(_ folder: String, for device: String) throws -> DesignFolder {
    let network = try sampleNetwork(seed: 5, hidden: [2], kernelSize: 2)
    let model = ModelFile(
      generator: "pare test", network: network,
      fixed: try network.fixed(
        to: .uniform(
          WordFormat(wordLength: 8, integerBits: 2), for: network.architecture)))
    var options = CompileOptions(generator: "pare test")
    options.targets = [device]
    return try DesignFolder.compile(.model(model), options: options, to: "\(folder)/design")
  }

  @Test func `an ECP5 design ends with a bitstream and a path in its own names`() async throws {
    try await withTemporaryFolder { folder in
      let design = try design(folder, for: "ecp5-25k")
      let device = Device.ecp5(.k25)
      let options = RoutingOptions(seeds: [1], bitstream: .design)
      let tools = try await Toolchain.openSource(for: [device], bitstream: .design)
      let qor = try await design.implement(on: [device], with: tools, options: options)
      let record = try #require(qor.record(.placeAndRoute, on: device))
      let bits = try #require(record.bitstream)
      #expect(bits.file == "synth/route-ecp5-25k/dpd.bit")
      let size = try FileManager.default.attributesOfItem(atPath: "\(design.path)/\(bits.file)")
      #expect(size[.size] as? Int == bits.bytes)
      let labels = Set(design.datapath.nodes.map(\.label))
      let path = try #require(record.criticalPath)
      #expect(path.steps.isEmpty && path.stretches.count >= 2)
      for stretch in path.stretches where stretch.meaning != nil {
        #expect(
          labels.contains { !$0.isEmpty && stretch.signal.hasPrefix($0) }
            || ["in_valid", "out_valid", "rst", "live"].contains(stretch.signal),
          "\(stretch)")
      }
      #expect(path.stretches.contains { $0.meaning != nil })
      let times = path.stretches.reduce(0) { $0 + $1.nanoseconds + $1.routingNanoseconds }
      // Sums of the same numbers in another order.
      #expect(abs(times - path.nanoseconds) < 1e-9)
      #expect(try QoR(contentsOf: "\(design.path)/qor.json").records == qor.records.map(\.timeless))

      try FileManager.default.removeItem(atPath: "\(design.path)/\(bits.file)")
      let again = try await design.implement(on: [device], with: tools, options: options)
      #expect(try again.json() == qor.json())
      #expect(FileManager.default.fileExists(atPath: "\(design.path)/\(bits.file)"))
    }
  }

  @Test func `a design in a harness says why it has no bitstream`() async throws {
    try await withTemporaryFolder { folder in
      let design = try design(folder, for: "ecp5-25k")
      let device = Device.ecp5(.k25)
      let tools = try await Toolchain.openSource(for: [device], bitstream: .harness)
      func record(_ choice: RoutingOptions.BitstreamChoice) async throws -> QoRRecord? {
        try await design.implement(
          on: [device], with: tools,
          options: RoutingOptions(seeds: [1], harness: .always, bitstream: choice)
        ).record(.placeAndRoute, on: device)
      }
      let without = try await record(.design)
      #expect(without?.bitstream == nil)
      #expect(without?.warnings.contains { $0.hasPrefix("no bitstream: ") } == true)
      let with = try await record(.harness)
      #expect(with?.bitstream?.isHarness == true)
      #expect(with?.warnings.contains { $0.hasPrefix("no bitstream: ") } == false)
    }
  }

  @Test func `where nothing is routed the clock is an estimate that says so`() async throws {
    try await withTemporaryFolder { folder in
      let design = try design(folder, for: "artix35t")
      let tools = try await Toolchain.openSource(for: [.artix35t])
      let qor = try await design.implement(
        on: [.artix35t], with: tools, options: RoutingOptions())
      for record in qor.records {
        let figure = try #require(record.figures[.fmaxMHz])
        #expect(figure.value == design.manifest.timing.modelMHz)
        #expect(figure.provenance.kind == .estimated)
        #expect(figure.provenance.note?.contains("nothing of it was routed") == true)
      }
    }
  }

  @Test func `each netlist is compared with the integers, and its power says what toggled`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let design = try design(folder, for: "zcu104")
      let tools = try await Toolchain.openSource(for: [.zcu104])
      func record(_ options: ExaminationOptions) async throws -> QoRRecord {
        let qor = try await design.implement(
          on: [.zcu104], with: tools, options: RoutingOptions(frequencyMHz: 100),
          examination: options)
        return try #require(qor.record(.synthesis, on: .zcu104))
      }
      let whole = try await record(ExaminationOptions(checkSamples: 500))
      // 500 words of noise, and the corners before them.
      #expect((whole[.verifiedSamples] ?? 0) > 500)
      let power = try #require(whole.figures[.powerDynamicW])
      #expect(power.provenance.kind == .estimated)
      #expect(
        power.provenance.note?.contains(
          "corner words and noise over the whole range (the model names no data set)")
          == true)
      let low = try #require(whole[.powerDynamicLowW])
      let high = try #require(whole[.powerDynamicHighW])
      #expect(0 < low && low < power.value && power.value < high)
      // Watts over 1e8 samples a second; both are rounded once.
      let energy = try #require(whole[.energyPerSampleJ])
      #expect(abs(energy * 1e8 / power.value - 1) < 1e-12)

      let dry = try await record(ExaminationOptions(checkSamples: 500, estimatesPower: false))
      #expect(dry[.powerDynamicW] == nil && dry[.verifiedSamples] == whole[.verifiedSamples])
      let none = try await record(ExaminationOptions(checkSamples: 0))
      #expect(none[.powerDynamicW] == nil && none[.verifiedSamples] == nil)
      #expect(none.warnings.contains { $0.contains("0 samples were asked for") })
    }
  }

  @Test func `a netlist of another design is an error before it is placed`() async throws {
    try await withTemporaryFolder { folder in
      let design = try design(folder, for: "ecp5-25k")
      let file = "\(design.path)/rtl/dpd.v"
      var text = try String(contentsOfFile: file, encoding: .utf8)
      let sum = try #require(text.firstMatch(of: #/<= [^;\/]*? (\+) [^;\/]*?;/#))
      text.replaceSubrange(sum.output.1.startIndex..<sum.output.1.endIndex, with: "-")
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let tools = try await Toolchain.openSource(for: [.ecp5(.k25)])
      let error = try await #require(throws: ExploreError.self) {
        try await design.implement(
          on: [.ecp5(.k25)], with: tools, options: RoutingOptions(seeds: [1]),
          examination: ExaminationOptions(checkSamples: 500))
      }
      #expect(error.code == .simulationMismatch)
      #expect(!FileManager.default.fileExists(atPath: "\(design.path)/synth/route-ecp5-25k"))
    }
  }

  @Test func `a packer that is missing is an error before any work`() async throws {
    let real = try await NextpnrECP5().tool
    let locator = ToolLocator(
      variables: ["PATH": "/nonexistent", "PARE_NEXTPNR_ECP5": real.path],
      startingFolders: [Folder("/nonexistent")])
    let error = try await #require(throws: ToolError.self) {
      try await NextpnrECP5(locator, packs: true)
    }
    #expect(error.kind == .toolMissing)
    #expect(error.message.contains("ecppack"))
  }
}

extension QoRRecord {
  /// Without what is not written.
  fileprivate var timeless: QoRRecord {
    var record = self
    record.seconds = nil
    return record
  }
}
