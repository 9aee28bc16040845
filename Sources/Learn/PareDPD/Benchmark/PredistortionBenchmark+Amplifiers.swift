import PareSignal

/// Kinds of amplifier models that are fitted to the benchmark's measured output.
public enum FittedAmplifier: String, Hashable, Sendable, CaseIterable {
  /// A generalized memory polynomial.
  case gmp
  /// The same with third-order terms of three different times.
  case volterra
  /// Odd orders only, with such terms over more samples.
  case oddVolterra = "odd-volterra"
  /// Few terms, chosen one by one.
  case sparse
  /// A convolutional network beside a linear filter; fitted in minutes, the others in seconds.
  case network
}

extension PredistortionBenchmark {
  /// Fits a model to what the real amplifier put out on the training split; the frozen model has no part in it.
  ///
  /// The capture is limited in band, so the response to weak noise outside the band is held near that of a memoryless
  /// polynomial fitted to the same capture.
  ///
  /// - Parameters:
  ///   - priorWeight: of that response's error against the capture's; 1e-3 costs 0.1 dB of fidelity on validation, and without
  ///     it the models lose the drive of a predistorter by tens of dB.
  ///   - onStep: of a network's fit, the iteration and the error over the target in dB.
  /// - Throws: ``PredistortionError``; `CancellationError`.
  public func fitted(
    _ kind: FittedAmplifier, priorWeight: Double = 1e-3,
    onStep: (Int, Double) -> Void = { _, _ in }
  ) throws -> any StoredAmplifier {
    func polynomial(_ terms: [VolterraTerm]) throws -> VolterraAmplifier {
      try VolterraAmplifier(
        name: kind.rawValue, terms: terms, input: transmitted(input(.train)),
        output: measured(.train), margin: calibration.windows[.train]!.metricStart,
        prior: outOfBandPrior(weight: priorWeight))
    }
    return switch kind {
    case .gmp: try polynomial(VolterraTerm.memoryPolynomial)
    case .volterra: try polynomial(VolterraTerm.volterra)
    case .oddVolterra: try polynomial(VolterraTerm.oddVolterra)
    case .sparse: try fittedSparse(priorWeight: priorWeight)
    case .network: try fittedNetwork(priorWeight: priorWeight, onStep: onStep)
    }
  }

  /// Fits sparse models, their terms chosen from ``VolterraTerm/selectable``, to the training split, and takes the smallest that is nearly as good on the
  /// validation split as the best.
  ///
  /// - Parameters:
  ///   - sizes: numbers of terms, ascending.
  ///   - slack: in dB of NMSE.
  /// - Throws: ``PredistortionError``; `CancellationError`.
  public func fittedSparse(
    sizes: [Int] = [60, 80, 100, 120, 150, 200, 250], slack: Double = 0.1,
    priorWeight: Double = 1e-3
  ) throws -> VolterraAmplifier {
    precondition(!sizes.isEmpty && slack >= 0, "\(sizes), \(slack) dB")
    let models = try VolterraAmplifier.path(
      name: "sparse", from: VolterraTerm.selectable, sizes: sizes,
      input: transmitted(input(.train)),
      output: measured(.train), margin: calibration.windows[.train]!.metricStart,
      prior: outOfBandPrior(weight: priorWeight))
    let errors = models.map { fidelity(of: $0, on: .validation) }
    let limit = errors.min()! + slack
    return models[errors.firstIndex { $0 <= limit }!]
  }

  /// Fits a convolutional network to the training split, as ``fitted(_:priorWeight:)`` fits polynomials.
  ///
  /// - Parameter onStep: the iteration, and the error over the target in dB.
  /// - Throws: ``PredistortionError``; `CancellationError`.
  public func fittedNetwork(
    _ shape: ConvolutionalAmplifier.Shape = .judge, priorWeight: Double = 1e-3,
    _ settings: ConvolutionalAmplifier.FitSettings = .init(),
    onStep: (Int, Double) -> Void = { _, _ in }
  ) throws -> ConvolutionalAmplifier {
    try ConvolutionalAmplifier(
      name: "network", shape: shape, input: transmitted(input(.train)), output: measured(.train),
      margin: calibration.windows[.train]!.metricStart,
      prior: outOfBandPrior(weight: priorWeight), settings, onStep: onStep)
  }

  /// The response of a memoryless polynomial fitted to the training split.
  private func outOfBandPrior(weight: Double) throws -> VolterraAmplifier.Prior {
    let plain = try VolterraAmplifier(
      name: "memoryless",
      terms: (0...6).map { VolterraTerm(carrier: 0, envelope: .power($0), delay: 0) },
      input: transmitted(input(.train)), output: measured(.train),
      margin: calibration.windows[.train]!.metricStart)
    // A little beyond the band's edge, where the carriers' skirts end.
    let halfBand = 1.05 * calibration.bandwidth / 2 / calibration.sampleRate
    return VolterraAmplifier.Prior(amplifier: plain, halfBand: halfBand, weight: weight)
  }
}

extension ConvolutionalAmplifier.Shape {
  /// 674 parameters: on the validation split of the benchmark as near to the measured output as the best polynomials.
  public static let judge = Self(
    hidden: 16, inputTaps: 9, inputAhead: 4, outputTaps: 5, outputAhead: 2, filterTaps: 33,
    filterAhead: 8)
}
