import PareNumerics
public import PareSignal

extension VolterraAmplifier {
  /// What a fit is told beside the capture.
  public struct Prior: Sendable {
    /// An amplifier that the small-signal response outside the band should be near to.
    public let amplifier: any DifferentiableAmplifier
    /// Half the occupied band in cycles per sample; noise beyond it probes the response.
    public let halfBand: Double
    /// Weight of that error against the capture's.
    public let weight: Double

    public init(amplifier: any DifferentiableAmplifier, halfBand: Double, weight: Double) {
      self.amplifier = amplifier
      self.halfBand = halfBand
      self.weight = weight
    }
  }

  /// Fits the coefficients to a capture by least squares with a ridge.
  ///
  /// A capture of limited band says nothing about what the amplifier does with a drive outside the band, as a predistorted one
  /// is. With a prior, the response to weak noise out there is held near another amplifier's:
  ///
  ///     |Phi(x) c - y|^2 + weight |D Phi(x)[w] c - D f(x)[w]|^2 + ridge |c|^2
  ///
  /// where columns count in units of their norms.
  ///
  /// - Parameters:
  ///   - margin: samples at each end that do not count.
  ///   - ridge: over the number of terms' unit norms.
  /// - Throws: ``PredistortionError`` when the capture's lengths differ or the equations are singular; `CancellationError`.
  public init(
    name: String, terms: [VolterraTerm], input: IQSignal, output: IQSignal, margin: Int,
    ridge: Double = 1e-7, prior: Prior? = nil, seed: UInt64 = 1
  ) throws {
    let equations = try ComplexEquations(
      of: terms, input: input, output: output, margin: margin, prior: prior, seed: seed)
    self.init(name: name, terms: terms, coefficients: try equations.solution(ridge: ridge))
  }
}

extension VolterraAmplifier.Prior {
  /// White noise with an empty band around 0.
  func noise(count: Int, seed: UInt64, rms: Double) -> IQSignal {
    let transform = FourierTransform(count: FourierTransform.fastCount(atLeast: count))
    var random = RandomStream(seed: seed).fork("out of band")
    var re = (0..<transform.count).map { _ in random.normal() }
    var im = (0..<transform.count).map { _ in random.normal() }
    transform.forward(&re, &im)
    for k in 0..<transform.count {
      let place = k < (transform.count + 1) / 2 ? k : k - transform.count
      if abs(Double(place)) / Double(transform.count) < halfBand {
        re[k] = 0
        im[k] = 0
      }
    }
    transform.inverse(&re, &im)
    let noise = IQSignal(i: Array(re[..<count]), q: Array(im[..<count]))
    return noise.scaled(by: Complex(rms / noise.rms))
  }
}
