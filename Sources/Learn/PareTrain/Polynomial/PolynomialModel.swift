/// A weighted sum of terms of a dictionary: a memory polynomial, as a predistorter or as a model of an amplifier.
///
/// `y[n] = sum over terms of coefficient * x[n - delay] |x[n - delay - lag]|^order`, with complex coefficients.
public struct PolynomialModel: Hashable, Sendable {
  /// A term with its complex coefficient.
  public struct WeightedTerm: Hashable, Sendable {
    public let term: PolynomialTerm
    public let re: Double
    public let im: Double

    public init(_ term: PolynomialTerm, re: Double, im: Double) {
      self.term = term
      self.re = re
      self.im = im
    }
  }

  /// Where the terms come from; its memory, not that of the terms, says which outputs have true context, so that models
  /// of different size from one dictionary are scored on the same samples.
  public let dictionary: PolynomialDictionary
  /// In the order of their choice.
  public let terms: [WeightedTerm]

  /// - Throws: ``TrainingError`` with code `.dictionary` when a term is not part of the dictionary, stands there twice, or
  ///   has a coefficient that is not finite.
  public init(
    dictionary: PolynomialDictionary, terms: [WeightedTerm]
  ) throws(TrainingError) {
    var seen: Set<PolynomialTerm> = []
    for weighted in terms {
      func bad(_ reason: String) -> TrainingError {
        TrainingError(
          .dictionary, "the term \(weighted.term) \(reason)",
          hint: "give terms of the dictionary, each once, with finite coefficients")
      }
      guard dictionary.index(of: weighted.term) != nil else {
        throw bad("is not part of the dictionary")
      }
      guard seen.insert(weighted.term).inserted else { throw bad("stands there twice") }
      guard weighted.re.isFinite, weighted.im.isFinite else {
        throw bad("has no finite coefficient")
      }
    }
    self.dictionary = dictionary
    self.terms = terms
  }

  /// Runs the model over an I/Q signal.
  ///
  /// Every segment is a stream of its own: zeros lie before its first sample and after its last.
  ///
  /// - Parameters:
  ///   - channels: `[2][time]`, I and Q.
  ///   - segments: independent stretches that cover the signal in order; nil for one.
  /// - Returns: the output, `[2][time]`, computed in double precision and then rounded.
  public func callAsFunction(_ channels: [[Float]], segments: [Range<Int>]? = nil) -> [[Float]] {
    precondition(
      channels.count == 2 && channels[0].count == channels[1].count,
      "\(channels.map(\.count)) are not an I/Q pair")
    let count = channels[0].count
    let segments = segments ?? (count == 0 ? [] : [0..<count])
    precondition(
      zip([0] + segments.map(\.upperBound), segments.map(\.lowerBound) + [count])
        .allSatisfy { $0 == $1 }, "segments \(segments) do not cover 0..<\(count)")
    let samples = PolynomialSamples(
      input: channels, target: nil, segments: segments, for: dictionary)
    var output: [[Float]] = [[], []]
    for channel in output.indices { output[channel].reserveCapacity(count) }
    var run = PolynomialRun([self], on: samples)
    for segment in samples.segments {
      run.forEachBlock(of: segment) { _, _, re, im, count in
        for n in 0..<count {
          output[0].append(Float(re[n]))
          output[1].append(Float(im[n]))
        }
      }
    }
    return output
  }
}

extension PolynomialModel: Codable {
  private enum CodingKeys: String, CodingKey { case dictionary, terms }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      dictionary: values.decode(PolynomialDictionary.self, forKey: .dictionary),
      terms: values.decode([WeightedTerm].self, forKey: .terms))
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(dictionary, forKey: .dictionary)
    try values.encode(terms, forKey: .terms)
  }
}

extension PolynomialModel.WeightedTerm: Codable {
  private enum CodingKeys: String, CodingKey { case delay, lag, order, re, im }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let term = try PolynomialTerm(
      checkedDelay: values.decode(Int.self, forKey: .delay),
      lag: values.decode(Int.self, forKey: .lag), order: values.decode(Int.self, forKey: .order))
    self.init(
      term, re: try values.decode(Double.self, forKey: .re),
      im: try values.decode(Double.self, forKey: .im))
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(term.delay, forKey: .delay)
    try values.encode(term.lag, forKey: .lag)
    try values.encode(term.order, forKey: .order)
    try values.encode(re, forKey: .re)
    try values.encode(im, forKey: .im)
  }
}
