import PareDatapath
import PareNumerics
import PareTools
import Testing

@testable import PareQoR

@Suite struct PowerCalibrationTests {
  private let prior = PowerModel.standard(for: .ultraScalePlus)!
  /// Joules; all unlike those of the standard model.
  private let known: [PowerModel.Term: Double] = [
    .clock: 31e-15, .lut: 90e-15, .net: 75e-15, .netLoad: 28e-15, .carry: 110e-15,
    .shiftRegister: 60e-15, .dspIdle: 0.9e-12, .dsp: 4.1e-12,
  ]

  private func profile(_ name: String, scale: Double = 1) -> SwitchingProfile {
    var stream = RandomStream(seed: 7).fork(name)
    func some(_ low: Double, _ high: Double) -> Double {
      scale * (low + (high - low) * stream.uniform())
    }
    var profile = SwitchingProfile(origin: .netlist, clocks: 1000)
    profile.flipFlops = Int(some(1000, 20000))
    profile.shiftRegisterLUTs = Int(some(50, 900))
    profile.dspBlocks = Int(some(4, 60))
    profile.lutToggles = some(300, 6000)
    profile.netToggles = some(400, 9000)
    profile.netLoadToggles = profile.netToggles * (1.5 + 2 * stream.uniform())
    profile.carryToggles = some(20, 600)
    profile.dspToggles = Double(profile.dspBlocks) * (0.1 + 0.4 * stream.uniform())
    return profile
  }

  private func watts(_ profile: SwitchingProfile, _ part: PowerEstimate.Part) -> Double {
    PowerModel.Term.allCases.filter { $0.part == part }.reduce(0) {
      $0 + $1.amount(in: profile) * known[$1]! * 200e6
    }
  }

  /// Designs whose parts are told, each wrong by up to `noise` of itself.
  private func samples(_ count: Int, noise: Double = 0) throws -> [PowerSample] {
    var stream = RandomStream(seed: 11).fork("noise")
    return try (0..<count).map { index in
      let profile = profile("design \(index)")
      return try PowerSample(
        name: "design\(index).rpt", profile: profile, clockHz: 200e6,
        parts: Dictionary(
          uniqueKeysWithValues: PowerEstimate.Part.allCases.map {
            ($0, BoundedNumber(watts(profile, $0) * (1 + noise * (2 * stream.uniform() - 1))))
          }))
    }
  }

  private func whole(_ profile: SwitchingProfile) -> Double {
    PowerEstimate.Part.allCases.reduce(0) { $0 + watts(profile, $1) }
  }

  @Test func `without noise the known energies come back, and every report is predicted`() throws {
    let calibration = try PowerCalibration(samples(6), for: .ultraScalePlus)
    #expect(calibration.kept.isEmpty)
    for (term, energy) in known {
      // Rounding times the condition of random amounts.
      #expect(abs(calibration.model.joules(of: term) / energy - 1) < 1e-9, "\(term)")
    }
    #expect(calibration.worstHeldOutError < 1e-9)
    #expect(calibration.rankCorrelation == 1)
  }

  @Test func `totals alone are enough when there are more of them than terms`() throws {
    let totals = try (0..<14).map { index in
      let profile = profile("design \(index)")
      return try PowerSample(
        name: "\(index)", profile: profile, clockHz: 200e6, dynamicW: whole(profile))
    }
    let calibration = try PowerCalibration(totals, for: .ultraScalePlus)
    #expect(calibration.kept.isEmpty)
    for (term, energy) in known {
      #expect(abs(calibration.model.joules(of: term) / energy - 1) < 1e-7, "\(term)")
    }
    #expect(throws: QoRError.self) {
      try PowerCalibration(Array(totals.prefix(8)), for: .ultraScalePlus)
    }
  }

  @Test func `with noise the reports are met within it, and each lies in its held-out range`()
    throws
  {
    let noise = 0.03
    let given = try samples(30, noise: noise)
    let calibration = try PowerCalibration(given, for: .ultraScalePlus)
    // The mean of reports is off by less than any one may be; held out, a fit to 29 others adds little to the noise.
    #expect(calibration.meanHeldOutError < noise)
    #expect(calibration.worstHeldOutError < 2 * noise)
    #expect(calibration.worstHeldOutError > 0)
    #expect(try #require(calibration.rankCorrelation) > 0.98)
    for (sample, row) in zip(given, calibration.rows) {
      let estimate = calibration.model.estimate(
        sample.profile, clockHz: 200e6, samplesPerClock: 1, device: nil)
      // The sums have other orders.
      #expect(estimate.dynamic.low <= row.reportedW * (1 + 1e-12))
      #expect(estimate.dynamic.high >= row.reportedW * (1 - 1e-12))
      #expect(abs(estimate.dynamic.typical / row.fittedW - 1) < 1e-12)
    }
    // The term that most of a part is made of is known about as well as the reports are.
    #expect(abs(calibration.model.joules(of: .clock) / known[.clock]! - 1) < noise)
    let clock = try #require(calibration.model.energies[.clock])
    #expect(clock.value.low < known[.clock]! && known[.clock]! < clock.value.high)
  }

  @Test func `a small design counts as much as a large one`() throws {
    // Two energies that cannot both be right: the relative errors are what is balanced, so that the mean of 1 and 2 is weighed
    // by 1 and 1/4: (1 + 1/2) / (1 + 1/4) = 1.2 whatever the sizes are.
    func energy(_ sizes: [Int]) throws -> Double {
      let given = try sizes.enumerated().map { index, size in
        var profile = SwitchingProfile(origin: .netlist, clocks: 1)
        profile.flipFlops = size
        let energy = index < 2 ? 100e-15 : 200e-15
        return try PowerSample(
          name: "\(index)", profile: profile, clockHz: 1e9,
          parts: [.clock: .init(Double(size) * energy * 1e9)])
      }
      return try PowerCalibration(given, for: .ultraScalePlus).model.joules(of: .clock)
    }
    #expect(abs(try energy([100, 200, 1_000, 500]) / 120e-15 - 1) < 1e-12)
    #expect(abs(try energy([100, 200, 100_000, 70_000]) / 120e-15 - 1) < 1e-12)
  }

  @Test func `a bound is kept to, and is no power of its own`() throws {
    var given = try samples(6)
    var small = SwitchingProfile(origin: .netlist, clocks: 1)
    small.flipFlops = 3000
    small.lutToggles = 20
    small.carryToggles = 1
    // The logic is 0.38 mW, so that the bound is true; taken for the power it would raise the energies.
    given.append(
      try PowerSample(
        name: "small", profile: small, clockHz: 200e6,
        parts: [
          .clock: .init(watts(small, .clock)), .logic: .init(0.001, isUpperBound: true),
        ]))
    let kept = try PowerCalibration(given, for: .ultraScalePlus)
    for term in [PowerModel.Term.lut, .carry, .clock] {
      #expect(abs(kept.model.joules(of: term) / known[term]! - 1) < 1e-9)
    }
    // Not true of 60 mW, which the fit then has to come down for.
    given[6] = try PowerSample(
      name: "small", profile: profile("design 0"), clockHz: 200e6,
      parts: [
        .clock: .init(watts(profile("design 0"), .clock)),
        .logic: .init(0.001, isUpperBound: true),
        .signals: .init(watts(profile("design 0"), .signals)),
        .dsp: .init(watts(profile("design 0"), .dsp)),
      ])
    let pulled = try PowerCalibration(given, for: .ultraScalePlus)
    #expect(pulled.model.joules(of: .lut) < 0.9 * known[.lut]!)
  }

  @Test func `terms that reports do not tell keep their energies and say so`() throws {
    let given = try samples(5).enumerated().map { index, sample in
      var profile = sample.profile
      profile.shiftRegisterLUTs = 0
      profile.netLoadToggles = 2 * profile.netToggles
      if index > 1 {
        profile.dspBlocks = 0
        profile.dspToggles = 0
      }
      return try PowerSample(
        name: sample.name, profile: profile, clockHz: 200e6,
        parts: Dictionary(
          uniqueKeysWithValues: PowerEstimate.Part.allCases.map {
            ($0, BoundedNumber(watts(profile, $0)))
          }))
    }
    let calibration = try PowerCalibration(given, for: .ultraScalePlus)
    let two = PowerCalibration.Reason.tooFew(equations: 2, terms: 2)
    #expect(
      calibration.kept == [
        .shiftRegister: .unseen, .netLoad: .inProportion, .dsp: two, .dspIdle: two,
      ])
    for term in calibration.kept.keys {
      #expect(calibration.model.energies[term]?.value == prior.energies[term]?.value)
      #expect(calibration.model.energies[term]?.source.contains("(kept: ") == true)
    }
    #expect(abs(calibration.model.joules(of: .clock) / known[.clock]! - 1) < 1e-9)
  }

  @Test func `the file that is written is the file that is read`() throws {
    let file = try PowerCalibration(samples(6, noise: 0.1), for: .ultraScalePlus).file
    #expect(try PowerModelFile(json: Array(file.json.utf8), file: "f") == file)
    let ecp5 = try PowerCalibration(samples(6, noise: 0.1), for: .ecp5)
    #expect(!ecp5.model.isRankingOnly)
    #expect(try PowerModelFile(json: Array(ecp5.file.json.utf8), file: "f") == ecp5.file)
    // Lent energies and a reason.
    let standard = PowerModelFile(version: prior.version, models: [.standard(for: .ecp5)!, prior])
    #expect(try PowerModelFile(json: Array(standard.json.utf8), file: "f") == standard)
  }

  @Test func `what cannot be fitted is refused by name`() throws {
    func reason(_ work: () throws -> Void) -> String? {
      #expect(throws: QoRError.self) { try work() }?.message
    }
    let given = try samples(4)
    #expect(
      reason { _ = try PowerCalibration(Array(given.prefix(2)), for: .ecp5) }
        == "design0.rpt, design1.rpt: 2 of at least 3 reports")
    #expect(
      reason { _ = try PowerCalibration(given + [given[0]], for: .ecp5) }
        == "design0.rpt: given twice, so that it would be held out from itself")
    #expect(
      reason { _ = try PowerCalibration(given, for: .generic) }?.hasPrefix("generic: ") == true)
    let nothing = SwitchingProfile(origin: .netlist, clocks: 1)
    #expect(
      reason { _ = try PowerSample(name: "r", profile: nothing, clockHz: 1, dynamicW: 1) }
        == "r: nothing switches in the profile")
    #expect(
      reason { _ = try PowerSample(name: "r", profile: given[0].profile, clockHz: 1, dynamicW: 0) }
        == "r: it has no dynamic power of clocks, logic, signals and DSP blocks")
  }
}
