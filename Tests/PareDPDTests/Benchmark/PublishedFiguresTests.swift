import PareDPD
import PareSignal
import Testing

/// The scorer against figures that the benchmark's authors publish, computed by their own code.
@Suite struct PublishedFiguresTests {
  /// They computed the amplifier in single precision on another machine.
  static let tolerance = 0.001

  static func expect(
    _ score: LinearizationScore, nmse: Double, evm: Double, band: Double, lower: Double,
    upper: Double, power: Double
  ) throws {
    #expect(abs(score.nmse - nmse) < tolerance, "NMSE \(score.nmse), published \(nmse)")
    let own = try #require(score.evm)
    #expect(abs(own - evm) < tolerance, "EVM \(own), published \(evm)")
    #expect(abs(score.bandError - band) < tolerance, "band \(score.bandError), published \(band)")
    #expect(
      abs(score.aclrLower - lower) < tolerance, "lower \(score.aclrLower), published \(lower)")
    #expect(
      abs(score.aclrUpper - upper) < tolerance, "upper \(score.aclrUpper), published \(upper)")
    #expect(
      abs(score.powerError - power) < tolerance, "power \(score.powerError), published \(power)")
  }

  @Test func `without predistortion`() throws {
    let arena = try Arena.benchmark()
    let published = try #require(try Arena.publishedMemoryPolynomial(budget: 250))
    let figures = try #require(published.judges.first)
    let scale = arena.baselineScale()
    #expect(abs(scale.re - published.baseline_input_scale_real) < 1e-5)
    #expect(abs(scale.im - published.baseline_input_scale_imag) < 1e-5)
    try Self.expect(
      try arena.baseline(on: .test), nmse: figures.baseline_nmse_db, evm: figures.baseline_evm_db,
      band: figures.baseline_ib_error_db, lower: figures.baseline_aclr_l_db,
      upper: figures.baseline_aclr_r_db, power: figures.baseline_power_error_db)
  }

  /// The second has dependent columns: 35 of its 245 directions are cut.
  @Test(arguments: [(250, 5, 25), (500, 7, 35)])
  func `memory polynomials`(budget: Int, orders: Int, taps: Int) throws {
    let arena = try Arena.benchmark()
    let published = try #require(try Arena.publishedMemoryPolynomial(budget: budget))
    let figures = try #require(published.judges.first)
    let polynomial = try arena.memoryPolynomial(orders: orders, taps: taps)
    #expect(polynomial.coefficients.count == published.fit?.n_coefficients)
    #expect(polynomial.rank == published.fit?.rank)
    let score = try arena.score(polynomial.predistort(arena.input(.test)), on: .test)
    try Self.expect(
      score, nmse: figures.nmse_db, evm: figures.evm_db, band: figures.ib_error_db,
      lower: figures.aclr_l_db, upper: figures.aclr_r_db, power: figures.power_error_db)
    #expect(score.isFeasible)
  }

  /// The figure stands in the calibration as `pa_test_nmse_db`, `pa_validation_nmse_db`.
  @Test(arguments: [(BenchmarkSplit.test, -39.718271), (.validation, -40.072726)])
  func `the frozen amplifier describes the real one as published`(
    split: BenchmarkSplit, published: Double
  ) throws {
    let arena = try Arena.benchmark()
    let own = arena.fidelity(of: try #require(arena.amplifier), on: split)
    #expect(abs(own - published) < Self.tolerance, "\(own), published \(published)")
  }

  @Test func `a silent drive, one of another length and one that is not finite are refused`() throws
  {
    let arena = try Arena.benchmark()
    let count = arena.input(.validation).count
    var samples = [Double](repeating: 0, count: count)
    let silence = IQSignal(i: samples, q: samples)
    let silent = try #require(throws: PredistortionError.self) {
      try arena.score(silence, on: .validation)
    }
    #expect(silent.message.contains("silent"))
    let short = try #require(throws: PredistortionError.self) {
      try arena.score(silence, on: .test)
    }
    #expect(short.message.contains("'test'") && short.message.contains("\(count)"))
    samples[17] = .nan
    let broken = try #require(throws: PredistortionError.self) {
      try arena.score(IQSignal(i: samples, q: silence.q), on: .validation)
    }
    #expect(broken.code == .notFinite(what: "the drive", sample: 17))
  }
}
