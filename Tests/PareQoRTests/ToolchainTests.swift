import PareText
import PareTools
import Synchronization
import Testing

@testable import PareQoR

@Suite struct ToolchainTests {
  /// Two multiply-free taps: y[n] = 5 x[n] - 3 x[n-1], a register on every adder.
  private func filter(_ coefficient: Int = 5) -> SourceBundle {
    SourceBundle(
      top: "filter",
      design: [
        SourceFile(
          path: "filter.v",
          text: """
            module filter(input clk, input signed [11:0] x, output reg signed [15:0] y);
              reg signed [11:0] d0, d1;
              reg signed [15:0] a, b;
              always @(posedge clk) begin
                d0 <= x;
                d1 <= d0;
                a <= (d0 <<< 2) \(coefficient == 5 ? "+" : "-") d0;
                b <= (d1 <<< 1) + d1;
                y <= a - b;
              end
            endmodule

            """)
      ])
  }

  @Test func `a device without a part is compiled for and not synthesized for`() async throws {
    let folder = Folder(scratchPath())
    let tools = try await Toolchain.openSource(for: [.generic])
    let error = try await #require(throws: QoRError.self) {
      try await tools.implement(filter(), on: [.zynq7010, .generic], in: folder)
    }
    #expect(error.code == .compileOnly(device: "generic"))
    #expect(!folder.has("qor.json"))
  }

  @Test func `a 7-series device has carry cells of four bits and no others`() async throws {
    let folder = Folder(scratchPath())
    let tools = try await Toolchain.openSource(for: [.artix35t])
    let qor = try await tools.implement(filter(), on: [.artix35t, .zynq7010], in: folder)
    let record = try #require(qor.record(.synthesis, on: .artix35t))
    #expect(record[.carry8] == nil && record[.uram] == nil)
    #expect((8...14).contains(record[.carry] ?? 0))
    #expect(qor.record(.synthesis, on: .zynq7010)?[.lut] == record[.lut])
    try folder.remove()
  }

  @Test func `one call gives figures for both families and a second call runs nothing`()
    async throws
  {
    let folder = Folder(scratchPath())
    let devices: [Device] = [.zcu104, .ecp5(.k25), .ecp5(.k85)]
    let tools = try await Toolchain.openSource(for: devices)
    let options = RoutingOptions(seeds: [1, 2])
    let steps = Mutex<[String]>([])
    let first = try await tools.implement(
      filter(), on: devices, in: folder, options: options, latencyClocks: 3
    ) { step in steps.withLock { $0.append(step.stage) } }

    #expect(
      first.records.map { "\($0.target) \($0.stage.rawValue)" } == [
        "zcu104 synthesis", "ecp5-25k synthesis", "ecp5-25k placeAndRoute", "ecp5-85k synthesis",
        "ecp5-85k placeAndRoute",
      ])
    let xilinx = try #require(first.record(.synthesis, on: .zcu104))
    #expect(xilinx[.dsp] == 0)
    #expect(xilinx[.fmaxMHz] == nil)
    #expect(xilinx[.latencyClocks] == 3)
    #expect(xilinx.figures[.lutSites]?.provenance.kind == .estimated)
    #expect(xilinx.figures[.lut]?.provenance.kind == .measured)
    #expect(xilinx.figures[.lut]?.provenance.version == xilinx.version)
    // Three adders of at most 16 bits and their registers.
    #expect((20...60).contains(xilinx[.lut] ?? 0))
    #expect((55...75).contains(xilinx[.ff] ?? 0))
    let routed = try #require(first.record(.placeAndRoute, on: .ecp5(.k25)))
    #expect(routed.seeds.map(\.seed) == [1, 2])
    #expect(routed[.fmaxMHz] == routed.seeds.compactMap(\.fmaxMHz).max())
    #expect((150...700).contains(routed[.fmaxMHz] ?? 0))
    #expect(routed.criticalPath != nil && routed.fits)
    // The Lattice netlist is made once for both sizes.
    #expect(steps.withLock { $0.filter { $0.hasPrefix("synthesis") } }.count == 2)

    let bytes = try folder.read("qor.json")
    let second = try await tools.implement(
      filter(), on: devices, in: folder, options: options, latencyClocks: 3
    ) { step in Issue.record("ran \(step.stage): \(step.detail)") }
    #expect(try folder.read("qor.json") == bytes)
    #expect(second.text == first.text)

    // Other sources: every stage that sees them runs again.
    let again = Mutex<Set<String>>([])
    let third = try await tools.implement(
      filter(3), on: [.ecp5(.k25)], in: folder, options: options
    ) { step in again.withLock { _ = $0.insert(step.stage) } }
    #expect(again.withLock { $0 } == ["synthesis for ecp5", "place and route"])
    #expect(third.records.count == 2)
    #expect(third.record(.placeAndRoute, on: .ecp5(.k25))?[.lut] != routed[.lut])
    try folder.remove()
  }

  @Test func `a result file that was cut short is made again`() async throws {
    let folder = Folder(scratchPath())
    let tools = try await Toolchain.openSource(for: [.ecp5(.k25)])
    let options = RoutingOptions(seeds: [1])
    let first = try await tools.implement(
      filter(), on: [.ecp5(.k25)], in: folder, options: options)
    let whole = try folder.read("route-ecp5-25k/result.json")
    try folder.write(whole.prefix(whole.count / 2), to: "route-ecp5-25k/result.json")
    try folder.folder("route-ecp5-25k.part").create()
    let stages = Mutex<Set<String>>([])
    let second = try await tools.implement(
      filter(), on: [.ecp5(.k25)], in: folder, options: options
    ) { step in stages.withLock { _ = $0.insert(step.stage) } }
    #expect(stages.withLock { $0 } == ["place and route"])
    #expect(second.text == first.text, "the same seeds give the same result")
    #expect(!folder.has("route-ecp5-25k.part"))
    try folder.remove()
  }

  @Test func `tools that are missing are named before any work`() async throws {
    let nothing = ToolLocator(
      variables: ["PATH": "/nonexistent"], startingFolders: [Folder("/nonexistent")])
    let error = try await #require(throws: ToolError.self) {
      try await Toolchain.openSource(nothing, for: [.zcu104])
    }
    #expect(error.kind == .toolMissing)
  }

  @Test func `capacities of the device table are those that nextpnr reports`() async throws {
    let folder = Folder(scratchPath())
    let synthesis = try await YosysSynthesizer().synthesize(
      filter(), for: SynthesisTarget(.ecp5), in: folder.folder("s"))
    let router = try await NextpnrECP5()
    for size in ECP5Part.Size.allCases {
      let device = Device.ecp5(size)
      let routed = try await router.placeAndRoute(
        synthesis, on: .standard(size), options: RoutingOptions(seeds: [1]),
        in: folder.folder("r-\(size.rawValue)"))
      let available = routed.best.available
      #expect(device.capacity[.lut] == available["TRELLIS_COMB"].map(Double.init))
      #expect(device.capacity[.ff] == available["TRELLIS_FF"].map(Double.init))
      #expect(device.capacity[.dsp] == available["MULT18X18D"].map(Double.init))
      #expect(device.capacity[.bram] == available["DP16KD"].map(Double.init))
      #expect(ECP5Part.standard(size).ioCount == available["TRELLIS_IO"])
    }
    try folder.remove()
  }
}
