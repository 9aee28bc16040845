import PareNumerics
import PareText

/// How closely a model of an amplifier follows its measurement.
///
/// Whatever is found out through a model is uncertain by this much at least, and by more out of band, where a band-limited
/// capture does not define the amplifier.
public struct ModelFidelity: Hashable, Sendable, Codable, CustomStringConvertible {
  /// NMSE of the model's output against the measured one on the test split, in dB.
  public let nmse: Double
  /// Name of the data set that was measured.
  public let dataset: String

  private enum CodingKeys: String, CodingKey {
    case nmse = "nmseDB"
    case dataset
  }

  public init(nmse: Double, dataset: String) {
    self.nmse = nmse
    self.dataset = dataset
  }

  /// Such as `-38.0 dB fidelity (NMSE on the test split of APA_200MHz)`.
  public var description: String {
    "\(nmse.fixed(1)) dB fidelity (NMSE on the test split of \(dataset))"
  }
}

/// A model of a measured amplifier in the convention of the learning tasks: it takes the input `x` and gives `y / g`, with
/// `g` the least-squares gain over the training split.
///
/// Anything that maps I and Q to I and Q can serve, a polynomial as well as a network:
///
///     let model = try AmplifierModel(named: "GMP, 40 terms", of: dataset, margin: 34) { polynomial($0) }
public struct AmplifierModel: PowerAmplifier {
  /// From `[2][time]` to the same, one stream from zero state.
  public typealias Function = @Sendable ([[Float]]) throws -> [[Float]]

  public let name: String
  public let about: String
  /// The largest input magnitude that the model was trained on; beyond it a polynomial is an extrapolation.
  public let nominalPeak: Double
  public let fidelity: ModelFidelity
  /// What outputs were divided by.
  public let gain: Complex
  public var groupDelay: Int { 0 }
  private let function: Function

  /// A model whose fidelity is known, such as one read from a file.
  public init(
    named name: String, about: String = "", nominalPeak: Double, gain: Complex,
    fidelity: ModelFidelity, _ function: @escaping Function
  ) {
    self.name = name
    self.about = about
    self.nominalPeak = nominalPeak
    self.gain = gain
    self.fidelity = fidelity
    self.function = function
  }

  /// A model whose fidelity is measured here, on the test split.
  ///
  /// - Parameter margin: samples at both ends of every segment that do not count, because the model sees zeros instead of
  ///   signal there: its memory.
  /// - Throws: ``SignalError`` when the output is not usable, or nothing is left between the margins; what `function`
  ///   throws.
  public init(
    named name: String, about: String = "", of dataset: IQDataset, margin: Int = 0,
    _ function: @escaping Function
  ) throws {
    let output = try runModel(
      function, named: name, on: dataset.test.input, segments: dataset.segments(of: .test))
    let gain = dataset.leastSquaresGain
    let wanted = dataset.test.output.scaled(by: gain.reciprocal)
    let inner = try innerRanges(of: dataset.segments(of: .test), margin: margin, of: wanted)
    self.init(
      named: name, about: about, nominalPeak: dataset.training.input.peak, gain: gain,
      fidelity: ModelFidelity(
        nmse: nmse(output, against: wanted, in: inner), dataset: dataset.name), function)
  }

  /// The output, divided by the gain, for segments that are streams of their own.
  ///
  /// - Throws: ``SignalError`` when the function gives other than two channels of the input's length, or a number that is
  ///   not finite; what the function throws.
  public func output(for input: IQSignal, segments: [Range<Int>]? = nil) throws -> IQSignal {
    try runModel(function, named: name, on: input, segments: segments ?? [0..<input.count])
  }

  /// - Precondition: the function accepts the input and gives two finite channels of its length.
  public func amplify(_ input: IQSignal) -> IQSignal {
    do {
      return try output(for: input)
    } catch {
      preconditionFailure("the amplifier model '\(name)' failed: \(error)")
    }
  }
}

/// Runs a function over every segment by itself and joins the results.
func runModel(
  _ function: ([[Float]]) throws -> [[Float]], named name: String, on input: IQSignal,
  segments: [Range<Int>]
) throws -> IQSignal {
  func bad(_ reason: String) -> SignalError {
    SignalError(.badModelOutput(model: name, reason: reason))
  }
  var joined: [[Float]] = [[], []]
  for segment in segments where !segment.isEmpty {
    let output = try function(input[segment].channels)
    guard output.count == 2, output.allSatisfy({ $0.count == segment.count }) else {
      throw bad(
        "\(output.map(\.count)) samples for two channels of \(segment.count)")
    }
    for channel in 0..<2 {
      if let place = output[channel].firstIndex(where: { !$0.isFinite }) {
        throw bad("sample \(segment.lowerBound + place) is not finite")
      }
      joined[channel] += output[channel]
    }
  }
  return IQSignal(channels: joined)
}

/// Segments without their margins.
///
/// - Throws: ``SignalError`` when nothing with any energy is left.
func innerRanges(
  of segments: [Range<Int>], margin: Int, of signal: IQSignal
) throws(SignalError) -> [Range<Int>] {
  precondition(margin >= 0, "margin \(margin)")
  let inner = segments.filter { $0.count > 2 * margin }
    .map { $0.lowerBound + margin..<$0.upperBound - margin }
  guard !inner.isEmpty else {
    throw SignalError(
      .tooShort(
        what: "every segment", count: segments.map(\.count).max() ?? 0, needed: 2 * margin + 1))
  }
  guard inner.contains(where: { signal.energy(in: $0) > 0 }) else {
    throw SignalError(.silent(what: "the reference"))
  }
  return inner
}
