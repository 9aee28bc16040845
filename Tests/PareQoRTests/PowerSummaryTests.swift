import PareDatapath
import PareTools
import Testing

@testable import PareQoR

@Suite struct PowerSummaryTests {
  private func design(
    _ name: String, _ family: LogicFamily, flipFlops: Int, samplesPerClock: Int = 1
  ) throws -> (name: String, target: String, profile: SwitchingProfile, estimate: PowerEstimate) {
    var profile = SwitchingProfile(origin: .netlist, clocks: 4096)
    profile.flipFlops = flipFlops
    profile.lutToggles = Double(flipFlops) / 4
    let model = try #require(PowerModel.standard(for: family))
    let device: Device = family == .ecp5 ? .ecp5(.k25) : .zcu104
    return (
      name, device.name, profile,
      model.estimate(
        profile, clockHz: 200e6, samplesPerClock: samplesPerClock, device: device)
    )
  }

  @Test func `watts have their range, and every energy its source`() throws {
    let summary = PowerSummary([
      try design("a", .ultraScalePlus, flipFlops: 1000),
      try design("b", .ultraScalePlus, flipFlops: 3000, samplesPerClock: 2),
    ])
    let text = summary.text
    // 1000 * 36 fJ * 200 MHz, with 20 and 42 fJ at the ends.
    #expect(text.contains("clocks and registers, mW  4.00     7.20   8.40"))
    #expect(text.contains("static, whole part, mW     593      593    814"))
    #expect(text.contains("b                      3.000              1.500"))
    for term in PowerModel.Term.allCases {
      let source = try #require(PowerModel.standard(for: .ultraScalePlus)?.energies[term]?.source)
      #expect(text.contains(source))
    }
    // Roundings of a few sums and a division.
    #expect(abs(try #require(summary.designs[1].relativePower) - 3) < 1e-12)
    #expect(abs(try #require(summary.designs[1].relativeEnergy) - 1.5) < 1e-12)
  }

  @Test func `without published energies there are shares and ratios, and no watts`() throws {
    let summary = PowerSummary([
      try design("a", .ecp5, flipFlops: 1000), try design("b", .ecp5, flipFlops: 1500),
      try design("c", .ultraScalePlus, flipFlops: 1000),
    ])
    #expect(summary.designs[0].dynamicW == nil && summary.designs[0].energyPerSampleJ == nil)
    #expect(abs(try #require(summary.designs[1].relativePower) - 1.5) < 1e-12)
    // Of another family.
    #expect(summary.designs[2].relativePower == nil)
    let shares = summary.designs[0].shares
    #expect(abs(PowerEstimate.Part.allCases.reduce(0) { $0 + shares[$1]! } - 1) < 1e-12)
    let first = try #require(summary.text.split(separator: "\n\n").first)
    #expect(first.contains("for ranking designs of this family only: no published energies"))
    #expect(!first.contains("mW") && !first.contains("pJ"))
  }

  private func record(_ flipFlops: Int, _ family: LogicFamily) throws -> QoR {
    let made = try design("d", family, flipFlops: flipFlops)
    return QoR([
      QoRRecord(
        design: "d", stage: .synthesis, tool: "yosys", version: "0.70", target: made.target,
        figures: made.estimate.figures(stage: .synthesis))
    ])
  }

  @Test func `tables of records print no watts that mean nothing`() throws {
    let known = try record(1000, .ultraScalePlus).text
    #expect(known.contains("dynamic W") && known.contains("pJ/sample"))
    let ranked = try record(1000, .ecp5).text
    #expect(!ranked.contains("dynamic W") && !ranked.contains("pJ/sample"))
    #expect(ranked.contains("ecp5-25k synthesis: no watts"))
  }

  @Test func `comparisons of them are relative`() throws {
    func text(_ family: LogicFamily) throws -> String {
      try QoRComparison(
        .init(name: "optimized", qor: record(1000, family)),
        .init(name: "baseline", qor: record(2500, family))
      ).text
    }
    let ranked = try text(.ecp5)
    #expect(ranked.contains("dynamic power, relative"))
    #expect(ranked.contains("~1.00     ~2.50  ~2.50"))
    #expect(!ranked.contains("mW") && !ranked.contains("pJ"))
    let known = try text(.ultraScalePlus)
    #expect(known.contains("dynamic power, mW") && !known.contains("relative"))
  }

  @Test(arguments: [
    ("xczu7ev-ffvc1156-2-e", LogicFamily.ultraScalePlus), ("xcu50-fsvh2104-2-e", .ultraScalePlus),
    ("xck26-sfvc784-2LV-c", .ultraScalePlus), ("xcvu19p-fsva3824-1-e", .ultraScalePlus),
    ("xcku5p-ffva676-1-i", .ultraScalePlus), ("xcau10p-ffvb676-1-i", .ultraScalePlus),
    ("xc7a35tcpg236-1", .series7), ("xcku040-ffva1156-2-e", nil), ("LFE5U-25F", nil),
    ("no part", nil),
  ]) func `parts are of the family whose energies they share`(part: String, family: LogicFamily?) {
    #expect(LogicFamily(part: part) == family)
  }
}
