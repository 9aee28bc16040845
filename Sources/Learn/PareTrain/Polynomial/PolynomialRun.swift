/// Outputs of several models of one dictionary, block by block, with the features that any of them uses computed once.
struct PolynomialRun {
  private static let block = 1024

  private let samples: PolynomialSamples
  private let delays: ClosedRange<Int>
  private let features: [PolynomialFeature]
  /// `[model]`: feature, delay and coefficient of each term.
  private let plans: [[(row: Int, delay: Int, re: Double, im: Double)]]
  private let stride: Int
  private var rows: [Double]
  private var re = [Double](repeating: 0, count: Self.block)
  private var im = [Double](repeating: 0, count: Self.block)

  /// - Precondition: the models share one dictionary, for which the samples were laid out.
  init(_ models: [PolynomialModel], on samples: PolynomialSamples) {
    self.samples = samples
    let dictionary = models.first?.dictionary
    precondition(
      models.allSatisfy { $0.dictionary == dictionary }, "models of several dictionaries")
    delays = dictionary?.delays ?? 0...0
    var features: [PolynomialFeature] = []
    plans = models.map { model in
      model.terms.map { weighted in
        let feature = PolynomialFeature(lag: weighted.term.lag, order: weighted.term.order)
        if !features.contains(feature) { features.append(feature) }
        return (features.firstIndex(of: feature)!, weighted.term.delay, weighted.re, weighted.im)
      }
    }
    self.features = features
    stride = Self.block + delays.count - 1
    rows = [Double](repeating: 0, count: 2 * stride * max(features.count, 1))
  }

  /// Calls `body` with the model, the start of the block, and real and imaginary parts of its outputs; models run within
  /// blocks, blocks rise.
  mutating func forEachBlock(
    of range: Range<Int>,
    _ body: (_ model: Int, _ start: Int, _ re: [Double], _ im: [Double], _ count: Int) throws ->
      Void
  ) rethrows {
    for start in Swift.stride(from: range.lowerBound, to: range.upperBound, by: Self.block) {
      let count = min(Self.block, range.upperBound - start)
      samples.write(
        features, over: start - delays.upperBound..<start + count - delays.lowerBound,
        stride: stride, to: &rows)
      for (model, plan) in plans.enumerated() {
        for n in 0..<count { (re[n], im[n]) = (0, 0) }
        for term in plan {
          let first = 2 * stride * term.row + delays.upperBound - term.delay
          for n in 0..<count {
            let (xRe, xIm) = (rows[first + n], rows[first + stride + n])
            re[n] += term.re * xRe - term.im * xIm
            im[n] += term.re * xIm + term.im * xRe
          }
        }
        try body(model, start, re, im, count)
      }
    }
  }

  /// Energy of every model's error over the outputs with true context.
  mutating func errors(modelCount: Int) throws -> [Double] {
    let samples = samples
    var errors = [Double](repeating: 0, count: modelCount)
    for range in samples.usable {
      try forEachBlock(of: range) { model, start, re, im, count in
        if model == 0 { try Task.checkCancellation() }
        var sum = 0.0
        for n in 0..<count {
          let differenceRe = re[n] - samples.targetRe[start + n]
          let differenceIm = im[n] - samples.targetIm[start + n]
          sum += differenceRe * differenceRe + differenceIm * differenceIm
        }
        errors[model] += sum
      }
    }
    return errors
  }
}
