import PareNumerics

/// A multi-objective evolutionary search over a design space: NSGA-II, with networks bred whole where that is cheap.
///
/// Every generation proposes points; what came of them decides the next. Nothing but the seed and those results does, and
/// only results of points that the search itself proposed are looked at, so a search that was stopped comes to the same
/// points again whatever else a ledger holds:
///
///     var search = EvolutionarySearch(experiment, settings)
///     while !search.isOver {
///       let points = search.proposals.map { $0.planned(by: key) }
///       // ... evaluate those that the ledger lacks ...
///       search.advance { ledger.metrics($0.planned(by: key).key) }
///     }
///
/// Parents meet in binary tournaments by rank and crowding distance, children take each place on the axes from either
/// parent and move on some axes: to a neighbouring value, or, on axes without an order and now and then on others, to any.
/// Constraints are known before a point is evaluated, so a child that breaks one is made again rather than ranked; a point
/// that failed ranks behind all others. No point is proposed twice.
///
/// ## Whole parents
/// Training a dense network costs far more than pruning it to all levels and quantizing each. With
/// ``EvolutionSettings/wholeParents`` a child stands for its dense network, and all points of that network are proposed.
///
/// - Source: Deb et al. 2002, doi:10.1109/4235.996017.
public struct EvolutionarySearch: Sendable {
  public let settings: EvolutionSettings
  /// Counted from 0.
  public private(set) var generation = 0
  /// The points of this generation; empty when the search is over.
  public private(set) var proposals: [DesignSpace.Point] = []

  private let grid: SpaceGrid
  private let stream: RandomStream
  private var recipes: RecipeTable
  /// Survivors, the best first.
  private var population: [Individual] = []
  private var proposed: Set<SpaceGrid.Place> = []

  private struct Individual: Sendable {
    let place: SpaceGrid.Place
    /// All to be small; nil when the point failed.
    let objectives: [Double]?
  }

  /// - Precondition: the space is valid.
  public init(_ space: DesignSpace, _ settings: EvolutionSettings, seed: UInt64) {
    precondition(settings.population > 0, "a population of \(settings.population)")
    self.settings = settings
    grid = SpaceGrid(space)
    recipes = RecipeTable(space)
    stream = RandomStream(seed: seed).fork("evolution")
    var stream = stream.fork("generation 0")
    var spread = SpreadPlaces(grid)
    propose { [grid] attempt in
      attempt < 20 ? spread.next(&stream) : grid.randomPlace(&stream)
    }
  }

  /// The search of an experiment; nil when its strategy is another.
  public init?(_ experiment: SweepExperiment) {
    guard case .evolution(let settings) = experiment.strategy else { return nil }
    self.init(experiment.space, settings, seed: experiment.seed)
  }

  /// The proposals of a generation, given what came of all before it: what ``advance(_:)`` makes, step by step.
  public static func next(
    _ generation: Int, of experiment: SweepExperiment, evaluated: [String: Metrics],
    by key: PointKey
  ) -> [PlannedPoint] {
    guard var search = EvolutionarySearch(experiment) else { return [] }
    while search.generation < generation, !search.isOver {
      search.advance { evaluated[$0.planned(by: key).key] }
    }
    return search.proposals.map { $0.planned(by: key) }
  }

  /// Whether all generations are done, or no point is left to propose.
  public var isOver: Bool { proposals.isEmpty }

  /// Goes to the next generation.
  ///
  /// - Parameter metrics: of each proposal; nil for one that failed.
  public mutating func advance(_ metrics: (DesignSpace.Point) -> Metrics?) {
    precondition(!isOver, "the search is over")
    let all =
      population
      + proposals.map { Individual(place: $0.place, objectives: objectives(of: metrics($0))) }
    population = Array(
      NonDominatedSort(all.map(\.objectives)).order.prefix(settings.population).map { all[$0] })
    generation += 1
    proposals = []
    guard generation < settings.generations else { return }
    let ranking = NonDominatedSort(population.map(\.objectives))
    var stream = stream.fork("generation \(generation)")
    propose { [population, grid, settings] attempt in
      // A search that keeps meeting its own children looks elsewhere.
      guard attempt < 20 else { return grid.randomPlace(&stream) }
      func parent() -> SpaceGrid.Place {
        let first = stream.index(below: population.count)
        let second = stream.index(below: population.count)
        return population[ranking.isBetter(second, than: first) ? second : first].place
      }
      let mother = parent()
      let father = parent()
      return grid.child(of: mother, father, settings, &stream)
    }
  }

  private func objectives(of metrics: Metrics?) -> [Double]? {
    guard let metrics else { return nil }
    let values = settings.objectives.compactMap { metric in
      metrics[metric].map { metric.isMaximized ? -$0 : $0 }
    }
    return values.count == settings.objectives.count ? values : nil
  }

  // MARK: - Proposals

  /// Attempts in a row that bring nothing new before the space is walked for what is left.
  private static let patience = 2_000
  /// Combinations of a space beyond which it is not walked but counts as used up.
  private static let longestWalk = 20_000_000

  /// Networks that the first generation has at least: one or two have nothing to pass on.
  private static let fewestFounders = 4

  /// Fills ``proposals`` with points that were never proposed.
  ///
  /// - Parameter make: a place, given how many in a row have brought nothing.
  private mutating func propose(_ make: (_ attempt: Int) -> SpaceGrid.Place) {
    var attempt = 0
    var missing = generation == 0 ? Self.fewestFounders : 1
    while proposals.count < settings.population || missing > 0, attempt < Self.patience {
      let place = make(attempt)
      let found = settings.wholeParents ? litter(of: place) : single(place)
      attempt = found.isEmpty ? attempt + 1 : 0
      missing -= found.isEmpty ? 0 : 1
      proposals += found
    }
    if proposals.isEmpty { proposeLeftovers() }
  }

  /// Points that chance does not find: the last ones of a small space, and those of one that constraints leave little of.
  private mutating func proposeLeftovers() {
    guard let combinations = grid.combinationCount, combinations <= Self.longestWalk else { return }
    var stream = stream.fork("leftovers of generation \(generation)")
    var kept: [SpaceGrid.Place] = []
    var seen = 0
    for point in grid.space.points where !proposed.contains(point.place) {
      seen += 1
      if kept.count < settings.population {
        kept.append(point.place)
      } else {
        let index = stream.index(below: seen)
        if index < kept.count { kept[index] = point.place }
      }
    }
    for place in kept where proposals.count < settings.population {
      proposals += settings.wholeParents ? litter(of: place) : single(place)
    }
  }

  private mutating func single(_ place: SpaceGrid.Place) -> [DesignSpace.Point] {
    guard !proposed.contains(place), let point = grid.point(at: place, &recipes) else { return [] }
    proposed.insert(place)
    return [point]
  }

  /// All points of a place's dense network but those of other word formats and recipes.
  private mutating func litter(of place: SpaceGrid.Place) -> [DesignSpace.Point] {
    var found: [DesignSpace.Point] = []
    var place = place
    for sparsity in grid.space.sparsities.indices {
      place[grid.index(of: .sparsity)] = sparsity
      for quantizer in grid.space.quantizers.indices {
        place[grid.index(of: .quantizer)] = quantizer
        found += single(place)
      }
    }
    return found
  }
}

/// Places of which every few take each value of every axis equally often, so that a small first generation misses none.
///
/// - Source: McKay, Beckman, Conover, Technometrics 21(2), 1979, Latin hypercube sampling.
private struct SpreadPlaces {
  private let axes: [SpaceGrid.Axis]
  /// Values of each axis that are left of the current round.
  private var left: [[Int]]

  init(_ grid: SpaceGrid) {
    axes = grid.axes
    left = grid.axes.map { _ in [] }
  }

  mutating func next(_ stream: inout RandomStream) -> SpaceGrid.Place {
    axes.indices.map { axis in
      if left[axis].isEmpty { left[axis] = Array(0..<axes[axis].count) }
      return left[axis].remove(at: stream.index(below: left[axis].count))
    }
  }
}

extension SpaceGrid {
  /// A child of two places; not always a point.
  fileprivate func child(
    of mother: Place, _ father: Place, _ settings: EvolutionSettings,
    _ stream: inout RandomStream
  ) -> Place {
    var child = mother
    if stream.uniform() < settings.crossover {
      for axis in child.indices where stream.uniform() < 0.5 { child[axis] = father[axis] }
    }
    let free = axes.indices.filter {
      axes[$0].count > 1
        && !(settings.wholeParents && [.sparsity, .quantizer].contains(axes[$0].knob))
    }
    let chance = settings.mutations / Double(max(1, free.count))
    for axis in free where stream.uniform() < chance {
      child[axis] = moved(child[axis], on: axes[axis], &stream)
    }
    return child
  }

  /// Another value of an axis: one time in four any, else a neighbour where there is an order.
  private func moved(_ value: Int, on axis: Axis, _ stream: inout RandomStream) -> Int {
    guard axis.isOrdered, stream.uniform() < 0.75 else {
      let other = stream.index(below: axis.count - 1)
      return other < value ? other : other + 1
    }
    if value == 0 { return 1 }
    if value == axis.count - 1 { return value - 1 }
    return stream.uniform() < 0.5 ? value - 1 : value + 1
  }
}
