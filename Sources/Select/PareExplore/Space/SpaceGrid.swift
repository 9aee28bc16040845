import PareNetwork
import PareNumerics
import PareTrain

/// The combinations of a space's axes: a place on each axis makes a point.
///
/// Axes are in an order that lets neighbours share work: those that decide the dense network first, then those of the
/// pruning chain, then those of a single point; the last axis moves quickest.
struct SpaceGrid: Sendable {
  /// What an axis sets.
  enum Knob: Hashable, Sendable {
    case convolutions, channels, hiddenChannels, kernelSize, dilations, lookAhead, activation, skip,
      biases, features, branch
    case wordLength, integerBits, tanhTableBits
    /// A place in ``DesignSpace/recipeAxes``.
    case recipe(Int)
    case sparsity, quantizer, rounding, overflow
  }

  struct Axis: Sendable {
    let knob: Knob
    let count: Int
    /// Whether neighbouring values are alike.
    let isOrdered: Bool
  }

  /// A place on each axis.
  typealias Place = [Int]

  let space: DesignSpace
  let axes: [Axis]
  /// Axes before this one decide the architecture.
  let architectureAxes: Int
  /// The place of each kind of axis.
  private let places: [Knob: Int]

  /// - Precondition: no axis is empty.
  init(_ space: DesignSpace) {
    self.space = space
    var axes: [Axis] = []
    func add(_ knob: Knob, _ count: Int, ordered: Bool = false) {
      precondition(count > 0, "the axis \(knob) has no value")
      axes.append(Axis(knob: knob, count: count, isOrdered: ordered))
    }
    func addRecipe(where belongs: (String) -> Bool) {
      for (index, axis) in space.recipeAxes.enumerated() where belongs(axis.name) {
        let isNumeric = axis.values.allSatisfy { Double($0) != nil }
        add(.recipe(index), axis.values.count, ordered: isNumeric)
      }
    }
    switch space.widths {
    case .uniform(let convolutions, let channels):
      add(.convolutions, convolutions.count, ordered: true)
      add(.channels, channels.count, ordered: true)
    case .listed(let lists): add(.hiddenChannels, lists.count)
    }
    add(.kernelSize, space.kernelSizes.count, ordered: true)
    add(.dilations, space.dilations.count)
    add(.lookAhead, space.lookAheads.count)
    add(.activation, space.activations.count)
    add(.skip, space.skips.count)
    add(.biases, space.biases.count)
    add(.features, space.features.count)
    add(.branch, space.branches.count)
    architectureAxes = axes.count
    add(.wordLength, space.wordLengths.count, ordered: true)
    add(.integerBits, space.integerBits.count, ordered: true)
    add(.tanhTableBits, space.tanhTableBits.count, ordered: true)
    addRecipe { !Self.isOfPruning($0) && !Self.isOfQuantization($0) }
    addRecipe(where: Self.isOfPruning)
    add(.sparsity, space.sparsities.count, ordered: true)
    add(.quantizer, space.quantizers.count)
    addRecipe(where: Self.isOfQuantization)
    add(.rounding, space.roundings.count)
    add(.overflow, space.overflows.count)
    self.axes = axes
    places = Dictionary(uniqueKeysWithValues: axes.enumerated().map { ($1.knob, $0) })
  }

  static func isOfPruning(_ knob: String) -> Bool { knob.hasPrefix("pruning.") }
  static func isOfQuantization(_ knob: String) -> Bool { knob.hasPrefix("quantization.") }

  /// Combinations of all axes, those included that are no point; nil when an `Int` cannot hold them.
  var combinationCount: Int? { product(of: axes) }

  /// Combinations of the axes that decide the architecture.
  var architectureCombinationCount: Int? { product(of: axes.prefix(architectureAxes)) }

  private func product(of axes: some Sequence<Axis>) -> Int? {
    axes.reduce(1) { product, axis in
      product.flatMap {
        let (value, overflow) = $0.multipliedReportingOverflow(by: axis.count)
        return overflow ? nil : value
      }
    }
  }

  func index(of knob: Knob) -> Int {
    guard let index = places[knob] else { preconditionFailure("no axis \(knob)") }
    return index
  }

  // MARK: - Architecture

  func hiddenChannels(at place: Place) -> [Int] {
    switch space.widths {
    case .uniform(let convolutions, let channels):
      Array(
        repeating: channels[place[index(of: .channels)]],
        count: convolutions[place[index(of: .convolutions)]] - 1)
    case .listed(let lists): lists[place[index(of: .hiddenChannels)]]
    }
  }

  /// The network's shape at a place; nil where another place has the same one.
  ///
  /// - Parameter place: at least the axes of the architecture.
  /// - Throws: `NetworkError` when these values make no network.
  func architecture(at place: Place) throws(NetworkError) -> Architecture? {
    func value<Value>(_ values: [Value], _ knob: Knob) -> Value { values[place[index(of: knob)]] }
    let hidden = hiddenChannels(at: place)
    let convolutions = hidden.count + 1
    if hidden.isEmpty {
      if case .uniform = space.widths, place[index(of: .channels)] > 0 { return nil }
      if place[index(of: .activation)] > 0 { return nil }
    }
    let kernelSize = value(space.kernelSizes, .kernelSize)
    let allDilations = space.dilations.map { Experiment.spread($0, over: convolutions) }
    let dilations = value(allDilations, .dilations)
    guard isFirst(allDilations, .dilations, place) else { return nil }
    let field = dilations.reduce(0, +) * (kernelSize - 1) + 1
    let allLookAheads = space.lookAheads.map { $0.samples(ofField: field) }
    guard isFirst(allLookAheads, .lookAhead, place) else { return nil }
    return try Architecture(
      features: value(space.features, .features), hiddenChannels: hidden, kernelSize: kernelSize,
      dilations: dilations,
      activation: hidden.isEmpty ? .relu : value(space.activations, .activation),
      lookAhead: value(allLookAheads, .lookAhead), hasSkip: value(space.skips, .skip),
      hasBiases: value(space.biases, .biases), branch: value(space.branches, .branch))
  }

  /// Whether no earlier value of an axis comes to the same at this place.
  private func isFirst<Value: Equatable>(_ values: [Value], _ knob: Knob, _ place: Place) -> Bool {
    values.firstIndex(of: values[place[index(of: knob)]]) == place[index(of: knob)]
  }

  // MARK: - The point

  /// Whether an axis beyond the architecture matters at a place.
  func isActive(_ knob: Knob, _ architecture: Architecture, at place: Place) -> Bool {
    switch knob {
    case .tanhTableBits: architecture.activation == .tanh
    case .recipe(let axis) where Self.isOfPruning(space.recipeAxes[axis].name):
      sparsity(at: place) > 0
    case .recipe(let axis) where Self.isOfQuantization(space.recipeAxes[axis].name):
      !quantizer(at: place).isNone
    default: true
    }
  }

  func sparsity(at place: Place) -> Double { space.sparsities[place[index(of: .sparsity)]] }

  func quantizer(at place: Place) -> QuantizationScheme {
    space.quantizers[place[index(of: .quantizer)]]
  }

  /// Whether a place stands for a point of its own that the constraints allow, given its architecture.
  func isPoint(_ place: Place, _ architecture: Architecture) -> Bool {
    for index in architectureAxes..<axes.count where place[index] > 0 {
      guard isActive(axes[index].knob, architecture, at: place) else { return false }
    }
    return allows(architecture, sparsity: sparsity(at: place))
  }

  func allows(_ architecture: Architecture, sparsity: Double) -> Bool {
    space.constraints.allSatisfy { $0.holds(for: architecture, sparsity: sparsity) }
  }

  func point(at place: Place, _ architecture: Architecture) -> DesignPoint {
    func value<Value>(_ values: [Value], _ knob: Knob) -> Value { values[place[index(of: knob)]] }
    var point = DesignPoint(architecture: architecture)
    point.sparsity = value(space.sparsities, .sparsity)
    point.ladder = space.ladder(to: point.sparsity)
    point.quantizer = value(space.quantizers, .quantizer)
    let wordLength = value(space.wordLengths, .wordLength)
    switch value(space.integerBits, .integerBits) {
    case .count(let count):
      point.formats = .uniform(WordFormat(wordLength: wordLength, integerBits: count))
    case .observed: point.formats = .observed(wordLength: wordLength)
    }
    if architecture.activation == .tanh {
      point.tanhTableBits = value(space.tanhTableBits, .tanhTableBits)
    }
    point.rounding = value(space.roundings, .rounding)
    point.overflow = value(space.overflows, .overflow)
    return point
  }

  /// Values of the recipe's axes at a place; nil for one that does not matter there.
  func recipeChoice(at place: Place, _ architecture: Architecture) -> [Int?] {
    space.recipeAxes.indices.map {
      isActive(.recipe($0), architecture, at: place) ? place[index(of: .recipe($0))] : nil
    }
  }
}
