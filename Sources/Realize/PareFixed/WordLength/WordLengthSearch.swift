import PareNetwork
import PareNumerics
public import PareText

/// Looks for the cheapest formats that lose no more than a given number of decibels.
///
/// 1. The shortest word length that serves all tensors at once, integer bits as observed, is found; the descent starts
///    some bits above it, so that every tensor has something to give.
/// 2. Descent: of all moves (a fraction bit less of one tensor, an integer bit less, a table of half the size) that stay
///    within the limit, the one that saves the most hardware per decibel is made, until none is left.
/// 3. Exchange: one tensor gets a bit back and the descent goes on from there; the result is kept if it is cheaper.
///
/// Losses are measured by running the integers, cost is what the caller counts; both are remembered. Each accepted
/// move of a descent removes a bit and each exchange lowers the cost, so the search ends; it is greedy and promises no optimum.
public struct WordLengthSearch: Sendable {
  /// Formats on the way.
  public struct Step: Hashable, Sendable {
    public let formats: FixedFormats
    public let figures: OutputFigures
    /// In the caller's unit.
    public let cost: Double
    /// What was changed, in words.
    public let move: String
  }

  public let study: WordLengthStudy
  public let metric: LossMetric
  /// dB that the figure may be worse than that of the network in floats.
  public let limit: Double
  /// What a network takes, such as LUT.
  public let cost: @Sendable (FixedNetwork) throws -> Double

  /// - Precondition: `limit` is positive and finite.
  public init(
    _ study: WordLengthStudy, losingAtMost limit: Double, of metric: LossMetric = .nmse,
    cost: @escaping @Sendable (FixedNetwork) throws -> Double
  ) {
    precondition(limit > 0 && limit.isFinite, "a loss of at most \(limit) dB")
    self.study = study
    self.limit = limit
    self.metric = metric
    self.cost = cost
  }

  /// Bits above the shortest common word length at which the descent starts.
  static let headroom = 2
  /// Word lengths below carry no signal that a search could judge.
  static let shortest = 2
  static let smallestTableBits = 4
  /// Where the descent starts with a tanh table; a larger one only if it must.
  static let usualTableBits = 11

  /// - Parameter onStep: every accepted step, the start first.
  /// - Returns: the accepted steps; the last has the formats.
  /// - Throws: ``WordLengthError`` when no word length up to the study's generous one stays within the limit, or the
  ///   metric was not measured; `CancellationError`.
  public func run(onStep: (Step) -> Void = { _ in }) throws -> [Step] {
    guard let reference = metric(study.reference) else {
      throw WordLengthError.notMeasured(metric)
    }
    var memory = Memory(search: self, reference: reference)
    var steps = [try start(&memory)]
    onStep(steps[0])
    try descend(&steps, &memory, onStep: onStep)
    var improved = true
    while improved {
      improved = false
      for tensor in study.network.fixedTensors {
        let last = steps[steps.count - 1]
        var formats = last.formats
        formats[tensor] = formats[tensor].longer()
        guard formats[tensor].wordLength <= WordLengthStudy.generousWordLength,
          let trial = try memory.step(formats, "\(tensor) a bit more")
        else { continue }
        var branch = [trial]
        try descend(&branch, &memory, onStep: { _ in })
        guard let end = branch.last, end.cost < last.cost else { continue }
        for step in branch { onStep(step) }
        steps += branch
        improved = true
      }
    }
    return steps
  }

  private func start(_ memory: inout Memory) throws -> Step {
    let largest = study.modes.tanhTableBits
    for tableBits in min(Self.usualTableBits, largest)...largest {
      if let step = try start(tableBits: tableBits, &memory) { return step }
    }
    throw WordLengthError.unreachable(
      metric, limit: limit, loss: try memory.loss(study.modes) ?? .infinity)
  }

  /// Nil when no word length serves with a table of this size.
  private func start(tableBits: Int, _ memory: inout Memory) throws -> Step? {
    func observed(_ wordLength: Int) -> FixedFormats {
      var formats = study.observed(wordLength: wordLength)
      formats.tanhTableBits = tableBits
      return formats
    }
    var shortest: Int?
    for wordLength in (Self.shortest...WordLengthStudy.generousWordLength).reversed() {
      guard
        try memory.step(observed(wordLength), "", needsCost: false) != nil
      else { break }
      shortest = wordLength
    }
    guard let shortest else { return nil }
    // More bits are not always better, so the first of those above that is within the limit.
    for extra in (0...Self.headroom).reversed() {
      let wordLength = min(shortest + extra, WordLengthStudy.generousWordLength)
      if let step = try memory.step(observed(wordLength), "all of \(wordLength) bits") {
        return step
      }
    }
    preconditionFailure("\(shortest) bits were within the limit and no longer are")
  }

  private func descend(
    _ steps: inout [Step], _ memory: inout Memory, onStep: (Step) -> Void
  ) throws {
    while true {
      let current = steps[steps.count - 1]
      let loss = metric(current.figures)! - memory.reference
      var best: (step: Step, worth: Double)?
      for (formats, move) in moves(from: current.formats) {
        guard let step = try memory.step(formats, move), step.cost <= current.cost else { continue }
        // A move that costs nothing, or even gains, is worth what it saves against a hundredth of the limit.
        let price = max(metric(step.figures)! - memory.reference - loss, limit / 100)
        let worth = (current.cost - step.cost) / price
        if best.map({ worth > $0.worth }) ?? true { best = (step, worth) }
      }
      guard let best else { return }
      steps.append(best.step)
      onStep(best.step)
    }
  }

  /// Everything that takes one bit away, in the order of the tensors.
  private func moves(from formats: FixedFormats) -> [(FixedFormats, String)] {
    var moves: [(FixedFormats, String)] = []
    for tensor in study.network.fixedTensors where formats[tensor].wordLength > Self.shortest {
      let format = formats[tensor]
      for (integers, kind) in [
        (format.integerBits, "a fraction"), (format.integerBits - 1, "an integer"),
      ] {
        var next = formats
        next[tensor] = WordFormat(wordLength: format.wordLength - 1, integerBits: integers)
        moves.append((next, "\(tensor) \(next[tensor]), \(kind) bit less"))
      }
    }
    if study.network.architecture.activation == .tanh,
      formats.tanhTableBits > Self.smallestTableBits
    {
      var next = formats
      next.tanhTableBits -= 1
      moves.append((next, "tanh table of 2^\(next.tanhTableBits)"))
    }
    return moves
  }

  /// Formats that were measured before.
  private struct Memory {
    let search: WordLengthSearch
    let reference: Double
    private var figures: [FixedFormats: OutputFigures?] = [:]
    private var costs: [FixedFormats: Double] = [:]

    init(search: WordLengthSearch, reference: Double) {
      self.search = search
      self.reference = reference
    }

    /// The loss; nil when the network cannot be built.
    mutating func loss(_ formats: FixedFormats) throws -> Double? {
      try measured(formats).flatMap { search.metric($0) }.map { $0 - reference }
    }

    /// Nil when the formats lose too much.
    mutating func step(
      _ formats: FixedFormats, _ move: String, needsCost: Bool = true
    ) throws -> Step? {
      guard let figures = try measured(formats), let value = search.metric(figures),
        value - reference <= search.limit
      else { return nil }
      if needsCost, costs[formats] == nil {
        costs[formats] = try search.cost(search.study.network.fixed(to: formats))
      }
      return Step(formats: formats, figures: figures, cost: costs[formats] ?? 0, move: move)
    }

    private mutating func measured(_ formats: FixedFormats) throws -> OutputFigures? {
      try Task.checkCancellation()
      if let known = figures[formats] { return known }
      var result: OutputFigures?
      do {
        result = try search.study.figures(of: formats, withSpectrum: search.metric != .nmse)
      } catch is FixedError {
        // Cannot be built: not a candidate.
      }
      figures[formats] = .some(result)
      return result
    }
  }
}

extension WordFormat {
  /// One fraction bit more.
  fileprivate func longer() -> WordFormat {
    WordFormat(wordLength: wordLength + 1, integerBits: integerBits)
  }
}

/// A search for word lengths that cannot succeed.
public enum WordLengthError: PareError {
  case unreachable(LossMetric, limit: Double, loss: Double)
  case notMeasured(LossMetric)

  public var message: String {
    switch self {
    case .unreachable(let metric, let limit, let loss):
      "no word length up to \(WordLengthStudy.generousWordLength) keeps the loss of \(metric.rawValue) within \(limit) dB; "
        + "the longest loses \(loss.fixed(3)) dB"
    case .notMeasured(let metric): "\(metric.rawValue) was not measured on these samples"
    }
  }

  public var hint: String {
    switch self {
    case .unreachable: "allow a larger loss"
    case .notMeasured: "use nmse, or samples of a waveform with a bandwidth"
    }
  }

  public var kind: FailureKind { .badData }
}
