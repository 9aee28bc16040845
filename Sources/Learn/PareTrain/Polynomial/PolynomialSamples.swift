import PareNumerics

/// A complex signal in double precision with zeros around every segment, so that a filter that reads past a segment's end
/// meets zero state and never its neighbour.
struct PolynomialSamples {
  let re: [Double]
  let im: [Double]
  /// The target in the same layout; empty when there is none.
  let targetRe: [Double]
  let targetIm: [Double]
  /// Where the segments lie.
  let segments: [Range<Int>]
  /// Outputs with true context, one range per segment that has any.
  let usable: [Range<Int>]
  /// `|x|^order` of every order of the dictionary.
  let envelopes: [Int: [Double]]

  /// - Parameters:
  ///   - input: `[2][time]`, I and Q.
  ///   - target: the same, or nil.
  init(
    input: [[Float]], target: [[Float]]?, segments: [Range<Int>],
    for dictionary: PolynomialDictionary
  ) {
    let margin = dictionary.past + dictionary.lookAhead + 1
    var places: [Range<Int>] = []
    var next = margin
    for segment in segments {
      places.append(next..<next + segment.count)
      next += segment.count + margin
    }
    let length = next
    func laidOut(_ channel: [Float]) -> [Double] {
      var result = [Double](repeating: 0, count: length)
      for (segment, place) in zip(segments, places) {
        for offset in 0..<segment.count {
          result[place.lowerBound + offset] = Double(channel[segment.lowerBound + offset])
        }
      }
      return result
    }
    re = laidOut(input[0])
    im = laidOut(input[1])
    targetRe = target.map { laidOut($0[0]) } ?? []
    targetIm = target.map { laidOut($0[1]) } ?? []
    self.segments = places
    usable = places.map { dictionary.outputsWithTrueContext(of: $0) }.filter { !$0.isEmpty }
    envelopes = Self.envelopes(re, im, dictionary.orders)
  }

  /// - Throws: ``TrainingError`` with code `.data` when the set is no pair of I/Q signals, no segment is as long as the
  ///   dictionary's memory, the target is silent where it counts, or powers of the input leave the range of numbers.
  init(
    _ set: SampleSet, for dictionary: PolynomialDictionary, named name: String
  ) throws(TrainingError) {
    guard set.input.count == 2, set.target.count == 2 else {
      throw TrainingError(
        .data,
        "the \(name) set has \(set.input.count) inputs and \(set.target.count) targets, "
          + "a polynomial takes and gives one I/Q pair",
        hint: "give two channels each, I and Q")
    }
    self.init(
      input: set.input, target: set.target, segments: set.segments, for: dictionary)
    guard !usable.isEmpty else {
      throw TrainingError(
        .data,
        "no segment of the \(name) set is as long as the dictionary's memory, "
          + "\(dictionary.past + dictionary.lookAhead + 1) samples",
        hint: "give longer segments or fewer delays")
    }
    guard targetEnergy > 0 else {
      throw TrainingError(
        .data, "the target of the \(name) set is zero", hint: "check the data set's columns")
    }
    let peak = peak
    // The largest figure of a fit is the squared magnitude of the steepest term, summed over all samples.
    var largest = Double(max(set.count, 1))
    for _ in 0...(dictionary.orders.last ?? 0) { largest *= peak * peak }
    guard largest < 1e300 else {
      throw TrainingError(
        .data, "the \(name) input reaches \(peak), whose powers leave the range of numbers",
        hint: "scale the signals to about 1")
    }
  }

  /// Largest magnitude of the input.
  var peak: Double {
    var largest = 0.0
    for n in re.indices { largest = max(largest, re[n] * re[n] + im[n] * im[n]) }
    return largest.squareRoot()
  }

  /// Energy of the target over the usable outputs.
  var targetEnergy: Double {
    var sum = 0.0
    for range in usable {
      for n in range { sum += targetRe[n] * targetRe[n] + targetIm[n] * targetIm[n] }
    }
    return sum
  }

  private static func envelopes(
    _ re: [Double], _ im: [Double], _ orders: [Int]
  ) -> [Int: [Double]] {
    var result: [Int: [Double]] = [:]
    for order in orders {
      result[order] = re.indices.map { n in
        let square = re[n] * re[n] + im[n] * im[n]
        var power = order % 2 == 0 ? 1 : square.squareRoot()
        for _ in 0..<order / 2 { power *= square }
        return power
      }
    }
    return result
  }

  /// Writes features over the times `range` into rows of `stride` numbers, real parts then imaginary parts of each.
  ///
  /// - Precondition: `range` and its lagged copies lie within the layout.
  func write(
    _ features: [PolynomialFeature], over range: Range<Int>, stride: Int, to rows: inout [Double]
  ) {
    var row = 0
    for feature in features {
      if feature.order == 0 {
        for offset in 0..<range.count {
          rows[row + offset] = re[range.lowerBound + offset]
          rows[row + stride + offset] = im[range.lowerBound + offset]
        }
      } else {
        guard let envelope = envelopes[feature.order] else {
          preconditionFailure("no envelope of order \(feature.order)")
        }
        for offset in 0..<range.count {
          let time = range.lowerBound + offset
          let factor = envelope[time - feature.lag]
          rows[row + offset] = re[time] * factor
          rows[row + stride + offset] = im[time] * factor
        }
      }
      row += 2 * stride
    }
  }
}
