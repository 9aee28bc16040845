import PareDatapath
import PareTools
import Testing

@testable import PareQoR

@Suite struct PowerModelTests {
  private let model = PowerModel.standard(for: .ultraScalePlus)!

  private func profile(_ fill: (inout SwitchingProfile) -> Void) -> SwitchingProfile {
    var profile = SwitchingProfile(origin: .netlist, clocks: 1000)
    fill(&profile)
    return profile
  }

  @Test func `the built-in file has a model with all energies for every family with parts`() {
    for device in Device.all where device.family != nil {
      let model = PowerModel.standard(for: device.logicFamily)
      #expect(model?.energies.count == PowerModel.Term.allCases.count, "\(device.name)")
      #expect(model?.isRankingOnly == (device.logicFamily != .ultraScalePlus))
      #expect(model?.energies.values.allSatisfy { !$0.source.isEmpty && !$0.unit.isEmpty } == true)
    }
    #expect(PowerModel.standard(for: .generic) == nil)
  }

  /// From public reports of an XCZU7EV at 317 MHz.
  @Test(arguments: [
    (1_264, 0.013), (1_457, 0.017),
  ]) func `published clock power lies within the range`(flipFlops: Int, watts: Double) {
    let clock = model.estimate(
      profile { $0.flipFlops = flipFlops }, clockHz: 317e6, samplesPerClock: 1, device: nil)
    let part = clock.parts[.clock]!
    #expect(part.low <= watts && watts <= part.high)
    // Typical within a fifth.
    #expect(abs(part.typical / watts - 1) < 0.2)
  }

  @Test func `published power of DSP blocks lies within the range`() {
    let estimate = model.estimate(
      profile {
        $0.dspBlocks = 8
        $0.dspToggles = 8 * 0.38
      }, clockHz: 317e6, samplesPerClock: 1, device: nil)
    let part = estimate.parts[.dsp]!
    #expect(part.low < 0.006 && part.high > 0.007)
    #expect(part.typical > 0.006 && part.typical < 0.007)
    #expect(estimate.dynamic == part)
  }

  /// 475,034 LUTs at 1.235 W, 1,062,891 nets at 3.132 W, 12.5 % activity, two loads a net; the clock is the same for both.
  @Test func `logic and signals of a published Alveo U50 are in proportion`() {
    let estimate = model.estimate(
      profile {
        $0.lutToggles = 0.125 * 475_034
        $0.netToggles = 0.125 * 1_062_891
        $0.netLoadToggles = 2 * $0.netToggles
      }, clockHz: 181e6, samplesPerClock: 1, device: nil)
    let logic = estimate.parts[.logic]!
    let signals = estimate.parts[.signals]!
    // Energies have two digits.
    #expect(abs(logic.typical / signals.typical / (1.235 / 3.132) - 1) < 0.02)
    #expect(logic.low / signals.high < 1.235 / 3.132 && 1.235 / 3.132 < logic.high / signals.low)
  }

  @Test func `each amount costs its own energy, and parts add up to the whole`() {
    for term in PowerModel.Term.allCases {
      let one = profile { profile in
        switch term {
        case .clock: profile.flipFlops = 1
        case .lut: profile.lutToggles = 1
        case .net: profile.netToggles = 1
        case .netLoad: profile.netLoadToggles = 1
        case .carry: profile.carryToggles = 1
        case .shiftRegister: profile.shiftRegisterLUTs = 1
        case .dspIdle: profile.dspBlocks = 1
        case .dsp: profile.dspToggles = 1
        }
      }
      let estimate = model.estimate(one, clockHz: 1, samplesPerClock: 1, device: nil)
      #expect(estimate.dynamic == model.energies[term]!.value, "\(term)")
      #expect(estimate.parts[term.part] == estimate.dynamic)
    }
  }

  @Test func `power is in proportion to the clock, energy per sample to the samples of a clock`() {
    let some = profile {
      $0.flipFlops = 100
      $0.lutToggles = 12.5
      $0.netLoadToggles = 40
    }
    let slow = model.estimate(some, clockHz: 100e6, samplesPerClock: 1, device: .zcu104)
    let fast = model.estimate(some, clockHz: 400e6, samplesPerClock: 4, device: .zcu104)
    // Exact: factors of two.
    #expect(fast.dynamic == slow.dynamic * 4)
    #expect(abs(fast.energyPerSample.typical * 4 / slow.energyPerSample.typical - 1) < 1e-12)
    #expect(slow.staticPower == Bounded(low: 0.593, typical: 0.593, high: 0.814))
    #expect(slow.staticPower == fast.staticPower)
  }

  @Test func `every figure says what it rests on`() throws {
    let some = profile { $0.flipFlops = 1000 }
    let known = model.estimate(some, clockHz: 250e6, samplesPerClock: 1, device: .zcu104)
      .figures(stage: .synthesis)
    #expect(known[.powerStaticHighW]?.value == 0.814)
    for (name, figure) in known {
      #expect(figure.provenance.kind == .estimated, "\(name)")
      #expect(figure.provenance.tool == "pare power model")
      #expect(figure.provenance.version == model.version)
      #expect(figure.provenance.note?.contains("ranking") == false)
    }
    let ecp5 = try #require(PowerModel.standard(for: .ecp5))
    let ranked = ecp5.estimate(some, clockHz: 250e6, samplesPerClock: 1, device: .ecp5(.k25))
      .figures(stage: .synthesis)
    #expect(ranked[.powerStaticW] == nil)
    #expect(ranked.values.allSatisfy { $0.provenance.note?.contains("for ranking only") == true })
  }

  // MARK: Files

  private func file(
    clock: String = #"{"low": 1, "typical": 2, "high": 3, "unit": "J", "source": "s"}"#,
    schema: Int = 1, leaveOut: String? = nil, more: String = ""
  ) -> [UInt8] {
    let terms = PowerModel.Term.allCases.map(\.rawValue).filter { $0 != "clock" && $0 != leaveOut }
      .map { #""\#($0)": {"low": 1, "typical": 1, "high": 1, "unit": "J", "source": "s"}"# }
    return Array(
      """
      {"schemaVersion": \(schema), "version": "v", "models": [{"family": "ecp5", "isRankingOnly": false,
       "coefficients": {"clock": \(clock), \(terms.joined(separator: ", "))\(more)}, "static": []}]}
      """.utf8)
  }

  @Test func `a file of one's own is read`() throws {
    let model = try PowerModelFile(json: file(), file: "f").model(for: .ecp5, file: "f")
    #expect(model.energies[.clock]?.value == Bounded(low: 1, typical: 2, high: 3))
    #expect(model.version == "v")
    let error = #expect(throws: QoRError.self) {
      try PowerModelFile(json: file(), file: "f").model(for: .series7, file: "f")
    }
    #expect(error?.message == "f: has no model of 7-series")
  }

  @Test func `a bad file is refused with the place`() {
    func reason(_ json: [UInt8]) -> String? {
      #expect(throws: QoRError.self) { try PowerModelFile(json: json, file: "f") }?.message
    }
    func clock(_ low: String, _ typical: String, _ high: String) -> String {
      #"{"low": \#(low), "typical": \#(typical), "high": \#(high), "unit": "J", "source": "s"}"#
    }
    #expect(reason(file(schema: 2)) == "f: schema version 2 is not known, only 1")
    #expect(reason(file(leaveOut: "lut")) == "f: ecp5, lut is missing")
    #expect(
      reason(file(clock: clock("-1", "2", "3")))
        == "f: ecp5, clock: low is -1.0, which no energy or power can be")
    #expect(
      reason(file(clock: clock("3", "2", "1")))
        == "f: ecp5, clock: low 3.0, typical 2.0, high 1.0 do not rise")
    #expect(
      reason(file(more: #", "heat": \#(clock("1", "1", "1"))"#))
        == "f: ecp5 has an energy 'heat', which nothing is counted for")
    #expect(reason(Array("{}".utf8)) == "f: the file has no 'schemaVersion'")
    #expect(reason(Array("[".utf8))?.hasPrefix("f: ") == true)
  }
}
