import PareText
import Testing

@testable import PareTools

@Suite struct PlaceAndRouteTests {
  @Test func `a counter is routed with each seed and has a path from register to register`()
    async throws
  {
    try await withScratch { folder in
      let synthesis = try await YosysSynthesizer().synthesize(
        Designs.counter, for: SynthesisTarget(.ecp5), in: folder.folder("s"))
      #expect(synthesis.counts.ff == 8)
      #expect(synthesis.counts.unknown.isEmpty)
      let router = try await NextpnrECP5()
      let routed = try await router.placeAndRoute(
        synthesis, on: .standard(.k25), options: RoutingOptions(seeds: [3, 1]),
        in: folder.folder("r"))
      #expect(routed.seeds.map(\.seed) == [3, 1])
      #expect(routed.harness == nil)
      #expect(routed.ff == 8)
      #expect(routed.lut >= synthesis.counts.lut)
      let speeds = routed.seeds.compactMap(\.fmaxMHz)
      #expect(speeds.count == 2)
      #expect(speeds.allSatisfy { (100...900).contains($0) })
      #expect(routed.best.fmaxMHz == speeds.max())
      #expect(routed.medianMHz == (speeds[0] + speeds[1]) / 2)
      // The slowest path is the period that fmax is the inverse of; the report rounds both.
      let path = try #require(routed.best.criticalPath)
      #expect(abs(1000 / path.nanoseconds - (speeds.max() ?? 0)) < 0.01 * 1000 / path.nanoseconds)
      #expect(abs(path.logicNanoseconds + path.routingNanoseconds - path.nanoseconds) < 1e-9)
      #expect(routed.best.available["TRELLIS_IO"] == ECP5Part.standard(.k25).ioCount)
      let bits = try await router.bitstream(of: routed, in: folder.folder("r"))
      let data = try folder.folder("r").read("counter.bit")
      #expect(bits.file == folder.file("r/counter.bit"))
      #expect(bits.bytes == data.count && bits.bytes > 1000)
      #expect(bits.seed == routed.best.seed && !bits.isHarness)
      #expect(!folder.has("r/counter.bit.part") && !folder.has("r/bitstream.cfg"))
    }
  }

  @Test func `a design with more ports than pins sits in a harness that is not counted`()
    async throws
  {
    try await withScratch { folder in
      let synthesis = try await YosysSynthesizer().synthesize(
        Designs.wide, for: SynthesisTarget(.ecp5), in: folder.folder("s"))
      #expect(synthesis.counts.ff == 200)
      let router = try await NextpnrECP5()
      let routed = try await router.placeAndRoute(
        synthesis, on: .standard(.k25), options: RoutingOptions(seeds: [1]),
        in: folder.folder("r"))
      let harness = try #require(routed.harness)
      #expect(harness.ff == 201 + 201)
      #expect(harness.lut == 200)
      #expect(routed.ff == 200)
      // The design is registers only, so what is left beside the harness is next to nothing.
      #expect((0...4).contains(routed.lut))
      #expect(routed.best.used["TRELLIS_IO"] == 3)
      #expect(routed.best.fmaxMHz != nil)
      let error = try await #require(throws: ToolError.self) {
        try await router.bitstream(of: routed, in: folder.folder("r"))
      }
      #expect(error.message.contains("serial harness"))
      #expect(!folder.has("r/wide.bit"))
      let bits = try await router.bitstream(
        of: routed, in: folder.folder("r"), allowsHarness: true)
      #expect(bits.isHarness && folder.has("r/wide.bit"))
    }
  }

  @Test func `a netlist of another family is refused before anything runs`() async throws {
    try await withScratch { folder in
      let synthesis = SynthesisResult(
        schemaVersion: 1, target: SynthesisTarget(.xcup), top: "counter",
        counts: CellCounts(ecp5: [:]), tool: .yosys, toolVersion: "0", warnings: [], seconds: 0,
        netlist: folder.file("never-read.json"), log: "")
      let error = try await #require(throws: ToolError.self) {
        try await NextpnrECP5().placeAndRoute(
          synthesis, on: .standard(.k25), in: folder.folder("r"))
      }
      #expect(error.kind == .badData)
      #expect(error.message.contains("xcup"))
      #expect(!folder.has("r") && !folder.has("r.part"))
    }
  }

  @Test func `ports go to the pins that preferences name`() async throws {
    try await withScratch { folder in
      let synthesis = try await YosysSynthesizer().synthesize(
        Designs.counter, for: SynthesisTarget(.ecp5), in: folder.folder("s"))
      let router = try await NextpnrECP5()
      _ = try await router.placeAndRoute(
        synthesis, on: .standard(.k25),
        options: RoutingOptions(
          seeds: [1], pinConstraints: "LOCATE COMP \"clk\" SITE \"A4\";\n"),
        in: folder.folder("r"))
      let log = String(decoding: try folder.folder("r").read("seed1.log"), as: UTF8.self)
      #expect(log.contains("pin 'clk$tr_io' constrained to Bel"))
      let error = try await #require(throws: ToolError.self) {
        try await router.placeAndRoute(
          synthesis, on: .standard(.k25),
          options: RoutingOptions(
            seeds: [1], pinConstraints: "LOCATE COMP \"clk\" SITE \"NO_SUCH\";\n"),
          in: folder.folder("q"))
      }
      #expect(error.message.contains("NO_SUCH"))
    }
  }

  @Test func `the harness asks for the clock port by name`() {
    let netlist = Netlist(
      name: "m", cells: [:],
      ports: ["ck": Netlist.Port(direction: "input", bits: [.net(2)])])
    #expect(throws: ToolError.self) { try SerialHarness(around: netlist, clock: "clk") }
  }
}
