import PareNumerics
public import PareSignal

/// The drive that makes an amplifier give a target, found by iterative learning control.
///
/// The small-signal response around the starting drive is measured through the derivative with white noise; each
/// iteration then adds the error, filtered by the regularized inverse of that response.
///
/// - Source: Chani-Cahuana, Landin, Fager, Eriksson, Iterative Learning Control for RF Power Amplifier Linearization, 2016;
///   differs: a dynamic inverse of the linearized model takes the place of a constant gain.
public struct IdealDrive: Sendable {
  public let drive: IQSignal
  /// Error over target after each iteration in dB, the start first.
  public let errors: [Double]

  /// What steers the iteration.
  public struct Settings: Hashable, Sendable {
    public var iterations = 18
    public var step = 0.8
    /// Added to the squared response, relative to a gain of 1.
    public var regularization = 1e-3
    /// The response is kept over this many samples to both sides.
    public var reach = 48
    public var peak = 1.0
    /// Samples at each end that do not count.
    public var margin = 200
    public init() {}
  }

  /// - Throws: ``PredistortionError`` with code `.diverged` when the error rises by 3 dB above its best; `CancellationError`.
  public init(
    for amplifier: any DifferentiableAmplifier, target: IQSignal, start: IQSignal, seed: UInt64,
    _ settings: Settings = Settings()
  ) throws {
    let count = target.count
    guard start.count == count else {
      throw PredistortionError(
        .wrongLength(what: "the starting drive", count: start.count, expected: count))
    }
    guard count > 2 * settings.margin + 4 * settings.reach else {
      throw PredistortionError(
        .wrongLength(
          what: "the target", count: count, expected: 2 * settings.margin + 4 * settings.reach + 1))
    }
    let transform = FourierTransform(
      count: FourierTransform.fastCount(atLeast: count + 4 * settings.reach))
    let inverse = Self.inverseResponse(
      of: amplifier, at: start, transform: transform, seed: seed, settings)
    let scored = settings.margin..<count - settings.margin
    let energy = target.energy(in: scored)
    var drive = start.limited(to: settings.peak)
    var best = drive
    var errors: [Double] = []
    for iteration in 0...settings.iterations {
      try Task.checkCancellation()
      let error = target - amplifier.amplify(drive)
      let level = decibels(error.energy(in: scored) / energy)
      let lowest = errors.min() ?? .infinity
      guard level.isFinite, level < lowest + 3 else {
        throw PredistortionError(
          .diverged(
            iteration: iteration, errorDB: level, bestDB: lowest,
            reason: "the response measured at the start does not describe the amplifier any more"))
      }
      if level < lowest { best = drive }
      errors.append(level)
      guard iteration < settings.iterations else { break }
      drive = drive.adding(Self.filter(error, by: inverse, transform), times: settings.step)
        .limited(to: settings.peak)
    }
    self.drive = best
    self.errors = errors
  }

  /// `conj(H) / (|H|^2 + regularization)` on the transform's grid.
  private static func inverseResponse(
    of amplifier: any DifferentiableAmplifier, at start: IQSignal, transform: FourierTransform,
    seed: UInt64, _ settings: Settings
  ) -> IQSignal {
    let count = start.count
    var random = RandomStream(seed: seed).fork("probe")
    func draw() -> [Double] { (0..<count).map { _ in random.normal() } }
    let probe = IQSignal(i: draw(), q: draw())
    let answer = amplifier.tangent(at: start).derivative(along: probe)
    // The probe is white: its correlation with the answer is the impulse response, times its energy.
    var padded = (re: [Double](repeating: 0, count: transform.count), im: [Double]())
    padded.im = padded.re
    var answered = padded
    padded.re.replaceSubrange(0..<count, with: probe.i)
    padded.im.replaceSubrange(0..<count, with: probe.q)
    answered.re.replaceSubrange(0..<count, with: answer.i)
    answered.im.replaceSubrange(0..<count, with: answer.q)
    transform.forward(&padded.re, &padded.im)
    transform.forward(&answered.re, &answered.im)
    for k in 0..<transform.count {
      let p = Complex(padded.re[k], -padded.im[k]) * Complex(answered.re[k], answered.im[k])
      answered.re[k] = p.re
      answered.im[k] = p.im
    }
    transform.inverse(&answered.re, &answered.im)
    let energy = probe.energy()
    for n in 0..<transform.count {
      let isNear = n <= settings.reach || n >= transform.count - settings.reach
      answered.re[n] *= isNear ? 1 / energy : 0
      answered.im[n] *= isNear ? 1 / energy : 0
    }
    transform.forward(&answered.re, &answered.im)
    for k in 0..<transform.count {
      let h = Complex(answered.re[k], answered.im[k])
      let inverse = (1 / (h.squaredMagnitude + settings.regularization)) * h.conjugate
      answered.re[k] = inverse.re
      answered.im[k] = inverse.im
    }
    return IQSignal(i: answered.re, q: answered.im)
  }

  private static func filter(
    _ signal: IQSignal, by response: IQSignal, _ transform: FourierTransform
  ) -> IQSignal {
    let padding = [Double](repeating: 0, count: transform.count - signal.count)
    var (re, im) = (signal.i + padding, signal.q + padding)
    transform.forward(&re, &im)
    for k in 0..<transform.count {
      let product = Complex(re[k], im[k]) * response[k]
      re[k] = product.re
      im[k] = product.im
    }
    transform.inverse(&re, &im)
    return IQSignal(i: Array(re[..<signal.count]), q: Array(im[..<signal.count]))
  }
}
