import PareSignal
import Testing

/// Figures of the uncorrected amplifier on the test splits, computed independently with NumPy and SciPy (the `legacy`
/// ones with OpenDPD's own code), compared to the digits that were printed.
struct ReferenceTableTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String { name }

    let name: String
    let gain: (re: Double, im: Double)
    let peakGain: Double
    /// Against least squares on the test split itself.
    let nmseWithoutModel: Double
    /// NMSE, EVM, ACLR left and right as published.
    let legacy: [Double]
    /// The same from OpenDPD's functions run in double precision.
    let legacyInDouble: [Double]
    let pooledNMSE: Double
    let acrossJoins: [Double]
    /// ACLR left and right, ACPR left and right, EVM with windows inside the segments.
    let spectral: [Double]
  }

  static let rows = [
    Row(
      name: "DPA_200MHz", gain: (3.16564, 0), peakGain: 2.520809, nmseWithoutModel: -19.76,
      legacy: [-10.916259, -11.605933, -31.307343, -29.907594],
      legacyInDouble: [-10.91625764, -11.60593266, -31.30734290, -29.90759428],
      pooledNMSE: -10.9319,
      acrossJoins: [-30.2813, -27.5962, -33.6438, -31.5860],
      spectral: [-31.3073, -29.9076, -34.2699, -32.4254, -11.0999]),
    Row(
      name: "APA_200MHz", gain: (1.16257, -0.00353), peakGain: 1, nmseWithoutModel: -19.64,
      legacy: [-13.822891, -14.290996, -27.708082, -27.629294],
      legacyInDouble: [-13.82289013, -14.29099558, -27.70808186, -27.62929361],
      pooledNMSE: -13.8229,
      acrossJoins: [-27.7081, -27.6271, -30.7698, -31.0619],
      spectral: [-27.7081, -27.6271, -30.7698, -31.0619, -14.0554]),
    Row(
      name: "APA_200MHz_b", gain: (1.15215, -0.00141), peakGain: 1, nmseWithoutModel: -18.72,
      legacy: [-13.888150, -14.449616, -27.229170, -26.970841],
      legacyInDouble: [-13.88814945, -14.44961675, -27.22917060, -26.97084099],
      pooledNMSE: -13.8881,
      acrossJoins: [-27.2292, -26.9702, -30.3870, -30.5682],
      spectral: [-27.2292, -26.9702, -30.3870, -30.5682, -14.1791]),
    Row(
      name: "DPA_160MHz", gain: (2.90234, 0), peakGain: 2.295543, nmseWithoutModel: -19.23,
      legacy: [-10.464416, -11.223342, -34.720896, -34.171247],
      legacyInDouble: [-10.46441502, -11.22334179, -34.72089637, -34.17124513],
      pooledNMSE: -10.4694,
      acrossJoins: [-34.5264, -32.8178, -36.9818, -35.5658],
      spectral: [-34.7209, -34.1712, -37.0907, -36.3898, -10.5132]),
  ]

  /// Half a unit of the last printed digit, and a little for the reference's own rounding.
  static let (sixDigits, fiveDigits, fourDigits, twoDigits) = (5.1e-7, 5.1e-6, 5.1e-5, 5.1e-3)

  @Test(arguments: rows)
  func `gains of the training split`(row: Row) throws {
    let dataset = try Measured.dataset(row.name)
    let gain = dataset.leastSquaresGain
    #expect(abs(gain.re - row.gain.re) < Self.fiveDigits)
    #expect(abs(gain.im - row.gain.im) < Self.fiveDigits)
    #expect(abs(dataset.peakGain - row.peakGain) < Self.sixDigits)
  }

  @Test(arguments: rows)
  func `NMSE without a model`(row: Row) throws {
    let test = try Measured.dataset(row.name).test
    let gain = leastSquaresGain(from: test.input, to: test.output)
    let error = nmse(test.output, against: test.input.scaled(by: gain))
    #expect(abs(error - row.nmseWithoutModel) < Self.twoDigits)
  }

  @Test(arguments: rows)
  func `legacy profile`(row: Row) throws {
    let dataset = try Measured.dataset(row.name)
    let report = try dataset.metrics(of: dataset.test.output, on: .test, profile: .legacy)
    let found = [report.nmse, report.evm, report.aclrLeft, report.aclrRight]
    // The published figures come from single precision, whose own steps are 1e-6 and 2e-6 at these sizes.
    for (value, wanted) in zip(found, row.legacy) { #expect(abs(value - wanted) < 2e-6) }
    for (value, wanted) in zip(found, row.legacyInDouble) { #expect(abs(value - wanted) < 1e-8) }
    #expect(report.acprLeft == nil && report.acprRight == nil)
  }

  @Test(arguments: rows)
  func `spectral profile across joins`(row: Row) throws {
    let dataset = try Measured.dataset(row.name)
    let report = try dataset.metrics(of: dataset.test.output, on: .test, acrossJoins: true)
    let found = [
      report.aclrLeft, report.aclrRight, try #require(report.acprLeft),
      try #require(report.acprRight),
    ]
    #expect(abs(report.nmse - row.pooledNMSE) < Self.fourDigits)
    for (value, wanted) in zip(found, row.acrossJoins) {
      #expect(abs(value - wanted) < Self.fourDigits)
    }
  }

  @Test(arguments: rows)
  func `spectral profile inside segments`(row: Row) throws {
    let dataset = try Measured.dataset(row.name)
    let report = try dataset.metrics(of: dataset.test.output, on: .test)
    let found = [
      report.aclrLeft, report.aclrRight, try #require(report.acprLeft),
      try #require(report.acprRight), report.evm,
    ]
    #expect(abs(report.nmse - row.pooledNMSE) < Self.fourDigits)
    for (value, wanted) in zip(found, row.spectral) {
      #expect(abs(value - wanted) < Self.fourDigits)
    }
  }

  @Test(arguments: [("DPA_200MHz", 9, 3), ("DPA_160MHz", 18, 6), ("APA_200MHz", 1, 1)])
  func `segments of training and test`(name: String, training: Int, test: Int) throws {
    let dataset = try Measured.dataset(name)
    #expect(dataset.segments(of: .training).count == training)
    #expect(dataset.segments(of: .test).count == test)
    #expect(dataset.segmentsAreIndependent == name.hasPrefix("DPA"))
  }
}
