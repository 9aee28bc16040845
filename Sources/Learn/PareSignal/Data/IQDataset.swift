/// The three parts of a data set.
public enum Split: String, Hashable, Sendable, Codable, CaseIterable {
  case training = "train"
  case validation = "val"
  case test
}

/// What went into an amplifier and what came out, sample by sample.
public struct IQPair: Hashable, Sendable {
  public let input: IQSignal
  public let output: IQSignal

  public var count: Int { input.count }

  /// - Precondition: both signals have one length.
  public init(input: IQSignal, output: IQSignal) {
    precondition(input.count == output.count, "\(input.count) in, \(output.count) out")
    self.input = input
    self.output = output
  }

  public subscript(range: Range<Int>) -> IQPair {
    IQPair(input: input[range], output: output[range])
  }
}

/// Measured (or synthesized) input and output of a power amplifier, split for learning.
///
///     let dataset = try IQDataset(contentsOf: "datasets/APA_200MHz")
///     let splits = dataset.sampleSplits(for: .inverse)
public struct IQDataset: Hashable, Sendable {
  public let name: String
  /// Free text about the origin; may be empty.
  public let about: String
  public let training: IQPair
  public let validation: IQPair
  public let test: IQPair
  public let plan: BandPlan
  /// Width of one sub-channel in Hz as the data set states it (carriers may be narrower than their slots).
  public let subChannelBandwidth: Double
  /// Whether each split is a row of unrelated stretches of `segmentLength` samples glued together.
  ///
  /// Then no filter context and no spectral window may cross a joint.
  public let segmentsAreIndependent: Bool

  /// Samples per second.
  public var sampleRate: Double { plan.sampleRate }
  /// Width of the main channel in Hz.
  public var bandwidth: Double { plan.bandwidth }
  public var subChannelCount: Int { plan.subChannelCount }
  public var segmentLength: Int { plan.segmentLength }

  /// Largest magnitude of a sample; anything beyond is a broken capture, and could overflow single precision.
  static let largestSample = 1e12

  /// - Throws: ``SignalError`` when a split is empty, a sample is not finite or absurdly large, or a training signal is
  ///   silent or unrelated to its partner.
  public init(
    name: String, about: String = "", training: IQPair, validation: IQPair, test: IQPair,
    plan: BandPlan, subChannelBandwidth: Double? = nil, segmentsAreIndependent: Bool = false
  ) throws(SignalError) {
    func bad(_ reason: String) -> SignalError {
      SignalError(.badDataset(name: name, reason: reason))
    }
    for (split, pair) in [(Split.training, training), (.validation, validation), (.test, test)] {
      guard pair.count > 0 else { throw bad("the \(split.rawValue) split is empty") }
      for (role, signal) in [("input", pair.input), ("output", pair.output)] {
        // A comparison that is false for NaN, so that one test finds every kind of bad sample.
        let limit = Self.largestSample
        for n in 0..<signal.count where !(abs(signal.i[n]) <= limit && abs(signal.q[n]) <= limit) {
          throw bad(
            "\(split.rawValue) \(role), sample \(n): \(signal[n]) is not a finite number below 1e12"
          )
        }
      }
    }
    let width = subChannelBandwidth ?? plan.subChannelWidth
    guard width > 0, width * Double(plan.subChannelCount) <= plan.bandwidth * (1 + 1e-9) else {
      throw bad(
        "\(plan.subChannelCount) sub-channels of \(width) Hz do not fit \(plan.bandwidth) Hz")
    }
    guard training.input.peak > 0 else { throw bad("the training input is zero throughout") }
    guard training.output.peak > 0 else { throw bad("the training output is zero throughout") }
    guard correlation(training.input, training.output) > 1e-6 else {
      throw bad("training input and output are unrelated")
    }
    self.name = name
    self.about = about
    self.training = training
    self.validation = validation
    self.test = test
    self.plan = plan
    self.subChannelBandwidth = width
    self.segmentsAreIndependent = segmentsAreIndependent
  }

  public subscript(split: Split) -> IQPair {
    switch split {
    case .training: training
    case .validation: validation
    case .test: test
    }
  }

  /// Stretches of a split that hang together in time, in order, without gaps; the last may be shorter.
  public func segments(of split: Split) -> [Range<Int>] {
    let count = self[split].count
    guard segmentsAreIndependent else { return [0..<count] }
    return stride(from: 0, to: count, by: segmentLength).map {
      $0..<min($0 + segmentLength, count)
    }
  }

  /// Cuts one aligned recording into training, validation and test samples, 60 : 20 : 20 in order of time.
  ///
  /// - Throws: ``SignalError`` as the plain initializer, and when there are too few samples for three parts.
  public init(
    name: String, about: String = "", splitting pair: IQPair, plan: BandPlan,
    subChannelBandwidth: Double? = nil
  ) throws(SignalError) {
    let count = pair.count
    guard count >= 5 else {
      throw SignalError(.tooShort(what: "data set '\(name)'", count: count, needed: 5))
    }
    let (trainingEnd, validationEnd) = (count * 3 / 5, count * 4 / 5)
    try self.init(
      name: name, about: about, training: pair[0..<trainingEnd],
      validation: pair[trainingEnd..<validationEnd], test: pair[validationEnd..<count], plan: plan,
      subChannelBandwidth: subChannelBandwidth)
  }
}
