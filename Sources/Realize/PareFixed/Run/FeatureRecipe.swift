import PareNetwork
import PareNumerics

/// The steps from the signal's words to those of the features, for rows of a chunk behind their history.
struct FeatureRecipe<Word: ExactWord> {
  /// A word some samples ago: a row of the signal or of the envelopes.
  struct Operand {
    let row: Int
    var lag = 0
  }

  struct EnvelopeStep {
    enum Kind {
      /// The sum of the products of two pairs of the signal's words, or their difference.
      case twoProducts((Operand, Operand), (Operand, Operand), isDifference: Bool)
      /// The product of two earlier envelopes.
      case product(Int, Int)
      /// An earlier envelope through a table.
      case lookup(Int, OddTable, [Word])
    }

    let kind: Kind
    /// Fraction bits of an exact product.
    let fractionBits: Int
    let requantizer: Requantizer
  }

  struct FeatureStep {
    enum Kind {
      case signal(Operand)
      case envelope(Operand)
      case product(signal: Operand, envelope: Operand, fractionBits: Int, Requantizer)
    }

    let kind: Kind
  }

  let envelopes: [EnvelopeStep]
  let features: [FeatureStep]
  /// Samples of the past that steps read, of the signal and of the envelopes.
  let signalPast: Int
  let envelopePast: Int

  init(_ network: FixedNetwork) {
    let features = network.architecture.features
    let needed = features.envelopes
    let fixed = network.features
    let input = network.inputFormat.fractionBits
    func place(_ envelope: Feature.Envelope) -> Int { needed.firstIndex(of: envelope)! }
    func bits(_ envelope: Feature.Envelope) -> Int {
      fixed.envelopes[place(envelope)].format.fractionBits
    }
    let i = Operand(row: 0)
    let q = Operand(row: 1)
    envelopes = zip(needed, fixed.envelopes).map { envelope, requantizer in
      switch envelope.origin {
      case .squares:
        return EnvelopeStep(
          kind: .twoProducts((i, i), (q, q), isDifference: false), fractionBits: 2 * input,
          requantizer: requantizer)
      case .correlation(let lag, let part):
        let pastI = Operand(row: 0, lag: lag)
        let pastQ = Operand(row: 1, lag: lag)
        return EnvelopeStep(
          kind: part == .real
            ? .twoProducts((i, pastI), (q, pastQ), isDifference: false)
            : .twoProducts((q, pastI), (i, pastQ), isDifference: true),
          fractionBits: 2 * input, requantizer: requantizer)
      case .product(let a, let b):
        return EnvelopeStep(
          kind: .product(place(a), place(b)), fractionBits: bits(a) + bits(b),
          requantizer: requantizer)
      case .root:
        let table = fixed.magnitude!
        return EnvelopeStep(
          kind: .lookup(place(.power(2)), table, table.values.map { Word(word: $0) }),
          fractionBits: requantizer.format.fractionBits, requantizer: requantizer)
      }
    }
    var products = fixed.products[...]
    self.features = features.map { feature in
      let carrier = feature.channel.map { Operand(row: $0, lag: feature.carrierLag) }
      guard feature.hasEnvelope else { return FeatureStep(kind: .signal(carrier!)) }
      let envelope = Operand(row: place(feature.envelope), lag: feature.envelopeLag)
      guard let carrier else { return FeatureStep(kind: .envelope(envelope)) }
      return FeatureStep(
        kind: .product(
          signal: carrier, envelope: envelope, fractionBits: input + bits(feature.envelope),
          products.removeFirst()))
    }
    signalPast = max(
      features.map(\.carrierLag).max() ?? 0, needed.map(\.pastSamples).max() ?? 0)
    envelopePast = features.map(\.envelopeLag).max() ?? 0
  }

  /// The envelopes of a chunk of the signal, each after those that it is made of.
  func makeEnvelopes(
    _ count: Int, of signal: FixedPlane<Word>, into plane: inout FixedPlane<Word>
  ) {
    let (own, past) = (RowLayout(plane), RowLayout(signal))
    unsafe plane.words.withUnsafeMutableBufferPointer { rows in
      guard let first = rows.baseAddress else { return }
      unsafe signal.words.withUnsafeBufferPointer { signalRows in
        let x = signalRows.baseAddress!
        for (row, step) in envelopes.enumerated() {
          let target = unsafe first + own.place(row)
          switch step.kind {
          case .twoProducts(let one, let two, let isDifference):
            unsafe Word.multiply(
              x + past.place(one.0), x + past.place(one.1), to: target, count: count)
            unsafe Word.addProduct(
              x + past.place(two.0), x + past.place(two.1), isNegated: isDifference,
              to: target, count: count)
          case .product(let a, let b):
            unsafe Word.multiply(
              first + own.place(a), first + own.place(b), to: target, count: count)
          case .lookup(let source, let table, let entries):
            // The table's entries are words of the result already.
            unsafe target.update(from: first + own.place(source), count: count)
            unsafe Word.activate(
              target, by: .lookup(table), table: entries, fractionBits: step.fractionBits,
              count: count)
            continue
          }
          unsafe Word.requantize(
            target, by: step.requantizer, fractionBits: step.fractionBits, count: count)
        }
      }
    }
  }

  /// The features of a chunk of the signal and its envelopes.
  func makeFeatures(
    _ count: Int, of signal: FixedPlane<Word>, _ envelopePlane: FixedPlane<Word>,
    into plane: inout FixedPlane<Word>
  ) {
    let (own, past, made) = (RowLayout(plane), RowLayout(signal), RowLayout(envelopePlane))
    unsafe plane.words.withUnsafeMutableBufferPointer { rows in
      unsafe signal.words.withUnsafeBufferPointer { x in
        unsafe envelopePlane.words.withUnsafeBufferPointer { e in
          for (row, step) in features.enumerated() {
            let target = unsafe rows.baseAddress! + own.place(row)
            switch step.kind {
            case .signal(let source):
              unsafe target.update(from: x.baseAddress! + past.place(source), count: count)
            case .envelope(let source):
              unsafe target.update(
                from: e.baseAddress! + made.place(source), count: count)
            case .product(let carrier, let envelope, let fractionBits, let requantizer):
              unsafe Word.multiply(
                x.baseAddress! + past.place(carrier),
                e.baseAddress! + made.place(envelope), to: target, count: count)
              unsafe Word.requantize(
                target, by: requantizer, fractionBits: fractionBits, count: count)
            }
          }
        }
      }
    }
  }
}

/// Where rows stand in a plane; apart from it, so that places are known while its words are written.
private struct RowLayout {
  private let history: Int
  private let stride: Int

  init<Word>(_ plane: FixedPlane<Word>) {
    history = plane.history
    stride = plane.stride
  }

  /// Of the first sample of the current chunk, or of one before it.
  func place(_ row: Int, lag: Int = 0) -> Int { row * stride + history - lag }

  func place<Word>(_ operand: FeatureRecipe<Word>.Operand) -> Int {
    place(operand.row, lag: operand.lag)
  }
}
