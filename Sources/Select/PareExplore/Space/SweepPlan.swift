import PareNetwork
import PareTrain

/// What a sweep amounts to before it runs; what `pare sweep --dry-run` prints.
public struct SweepPlan: Hashable, Sendable {
  /// Points of one quantizer.
  public struct QuantizerCount: Hashable, Sendable, Codable {
    public let quantizer: String
    public let points: Int
  }

  /// Points to work out; for an evolutionary search the most that it will propose.
  public private(set) var points = 0
  /// Of the whole space, whatever the strategy takes of it.
  public private(set) var pointsOfSpace = 0
  /// Dense networks of different shapes or dense recipes; each is trained once per seed. For an evolutionary search the
  /// most that there can be.
  public private(set) var denseParents = 0
  /// Trainings: dense parents times their seeds.
  public private(set) var trainings = 0
  /// Pruning chains: parents times their different pruning recipes times seeds.
  public private(set) var chains = 0
  /// In the order of the space.
  public private(set) var quantizers: [QuantizerCount] = []
  /// Weights of the smallest and the largest network.
  public private(set) var leastWeights = 0
  public private(set) var mostWeights = 0
  /// Whether ``points`` and what follows from it are bounds, as of an evolutionary search.
  public private(set) var isBound = false
  /// An estimate of the computing time on one core.
  public private(set) var seconds = 0.0

  /// Counts a sweep.
  ///
  /// A grid is counted shape by shape, never point by point, in constant memory.
  ///
  /// - Throws: ``ExploreError`` when the space has fewer points than the strategy asks for.
  /// - Complexity: O(shapes times sparsities) for a grid and an evolutionary search.
  public init(_ experiment: SweepExperiment, cost: SweepCost = SweepCost()) throws {
    countGrid(experiment.space, cost)
    pointsOfSpace = points
    switch experiment.strategy {
    case .grid: break
    case .random: countPoints(try experiment.plannedPoints(), experiment.space, cost)
    case .evolution(let settings):
      let most = settings.population * settings.generations
      // The last litter of a generation may go beyond the population.
      let litter =
        settings.wholeParents ? experiment.space.sparsities.count * quantizers.count - 1 : 0
      let share = min(1, Double(most + litter * settings.generations) / Double(max(1, points)))
      isBound = true
      scale(by: share, parentsAtMost: most)
    }
  }

  /// Walks the points of a grid; the slow twin of what ``init(_:cost:)`` counts.
  init(counting space: DesignSpace, cost: SweepCost) {
    countPoints(Array(space.points), space, cost)
    pointsOfSpace = points
  }

  /// Computing time over so many jobs at once, seconds.
  public func wallSeconds(jobs: Int) -> Double { seconds / Double(max(1, min(jobs, trainings))) }
}

extension SweepPlan {
  private mutating func countGrid(_ space: DesignSpace, _ cost: SweepCost) {
    let grid = SpaceGrid(space)
    var perQuantizer = Array(repeating: 0, count: space.quantizers.count)
    var shared: [Activation: [Bool: SharedCounts]] = [:]
    grid.forEachShape { shape in
      let sparsities = space.sparsities.filter { grid.allows(shape, sparsity: $0) }
      guard !sparsities.isEmpty else { return }
      let hasHidden = !shape.hiddenChannels.isEmpty
      let counts =
        shared[shape.activation]?[hasHidden] ?? SharedCounts(of: space, like: shape)
      shared[shape.activation, default: [:]][hasHidden] = counts
      let isPruned = sparsities.contains { $0 > 0 }
      var quantized = Array(repeating: 0, count: sparsities.count)
      var found = 0
      for (index, scheme) in space.quantizers.enumerated() where grid.fits(scheme, shape) {
        for (level, sparsity) in sparsities.enumerated() {
          let some = counts.points(sparsity: sparsity, isQuantized: !scheme.isNone)
          perQuantizer[index] += some
          found += some
          if !scheme.isNone { quantized[level] += some }
        }
      }
      guard found > 0 else { return }
      points += found
      add(
        shape: shape, parents: counts.parents, pruningRecipes: isPruned ? counts.pruning : 1,
        points: found, quantized: Array(zip(sparsities, quantized)), space, cost)
    }
    quantizers = zip(space.quantizers, perQuantizer).map {
      QuantizerCount(quantizer: $0.description, points: $1)
    }
  }

  private mutating func countPoints(
    _ list: [DesignSpace.Point], _ space: DesignSpace, _ cost: SweepCost
  ) {
    reset()
    var byShape: [Architecture: [DesignSpace.Point]] = [:]
    var order: [Architecture] = []
    for point in list {
      let shape = point.point.architecture
      if byShape[shape] == nil { order.append(shape) }
      byShape[shape, default: []].append(point)
    }
    for shape in order {
      let members = byShape[shape]!
      let pruned = members.filter { $0.point.sparsity > 0 }
      add(
        shape: shape,
        parents: Set(members.map { $0.point.parent(with: $0.recipe) }).count,
        pruningRecipes: max(1, Set(pruned.map(\.recipe.pruning)).count),
        points: members.count,
        quantized: space.sparsities.filter { level in
          members.contains { $0.point.sparsity == level }
        }.map { level in
          (level, members.count { $0.point.sparsity == level && !$0.point.quantizer.isNone })
        }, space, cost)
    }
    points = list.count
    quantizers = space.quantizers.map { scheme in
      QuantizerCount(
        quantizer: scheme.description, points: list.count { $0.point.quantizer == scheme })
    }
  }

  private mutating func reset() {
    let whole = pointsOfSpace
    (points, denseParents, trainings, chains, seconds) = (0, 0, 0, 0, 0)
    (leastWeights, mostWeights, pointsOfSpace) = (0, 0, whole)
  }

  /// Adds the points of one shape.
  ///
  /// - Parameter quantized: every sparsity that has points, with how many of these have a quantizer.
  private mutating func add(
    shape: Architecture, parents: Int, pruningRecipes: Int, points: Int,
    quantized: [(sparsity: Double, points: Int)], _ space: DesignSpace, _ cost: SweepCost
  ) {
    let weights = shape.weightCount
    leastWeights = denseParents == 0 ? weights : min(leastWeights, weights)
    mostWeights = max(mostWeights, weights)
    let seeds = space.seedCount
    denseParents += parents
    trainings += parents * seeds
    var perSeed = Double(parents) * cost.dense(shape, space.recipe) + Double(points) * cost.point
    let deepest = quantized.map(\.sparsity).max()!
    if deepest > 0 {
      let count = parents * pruningRecipes
      chains += count * seeds
      let levels = space.ladder(to: deepest) + [deepest]
      perSeed += Double(count) * cost.chain(shape, levels, space.recipe)
    }
    for (sparsity, points) in quantized where points > 0 {
      perSeed += Double(points) * cost.quantization(shape, sparsity: sparsity, space.recipe)
    }
    seconds += perSeed * Double(seeds)
  }

  private mutating func scale(by share: Double, parentsAtMost most: Int) {
    func part(_ count: Int) -> Int { Int((Double(count) * share).rounded(.up)) }
    points = part(points)
    let perParent = Double(trainings) / Double(max(1, denseParents))
    let chainsPerParent = Double(chains) / Double(max(1, denseParents))
    denseParents = min(denseParents, most)
    trainings = Int((Double(denseParents) * perParent).rounded(.up))
    chains = Int((Double(denseParents) * chainsPerParent).rounded(.up))
    seconds *= share
    quantizers = quantizers.map { QuantizerCount(quantizer: $0.quantizer, points: part($0.points)) }
  }
}

/// What shapes with one activation have in common: counts over the axes that are no architecture.
private struct SharedCounts {
  /// Different dense recipes, told how coarse the formats are.
  let parents: Int
  let pruning: Int
  let quantization: Int
  /// Combinations of formats, dense recipes and ways to round.
  let others: Int

  init(of space: DesignSpace, like shape: Architecture) {
    func count(_ belongs: (String) -> Bool) -> Int {
      space.recipeAxes.filter { belongs($0.name) }.reduce(1) { $0 * $1.values.count }
    }
    pruning = count(SpaceGrid.isOfPruning)
    quantization = count(SpaceGrid.isOfQuantization)
    // The walk over one dense, unquantized point of this shape meets every format and dense recipe.
    var narrow = space
    narrow.widths = .listed([shape.hiddenChannels])
    narrow.kernelSizes = [shape.kernelSize]
    narrow.dilations = [shape.dilations]
    narrow.lookAheads = [.samples(shape.lookAhead)]
    narrow.activations = [shape.activation]
    narrow.skips = [shape.hasSkip]
    narrow.biases = [shape.hasBiases]
    narrow.features = [shape.features]
    narrow.branches = [shape.branch]
    narrow.sparsities = [0]
    narrow.quantizers = [.none]
    narrow.constraints = []
    var recipes: Set<TrainingRecipe> = []
    var met = 0
    for point in narrow.points {
      met += 1
      recipes.insert(point.point.parent(with: point.recipe).recipe)
    }
    others = met
    parents = recipes.count
  }

  func points(sparsity: Double, isQuantized: Bool) -> Int {
    others * (sparsity > 0 ? pruning : 1) * (isQuantized ? quantization : 1)
  }
}

extension DesignSpace {
  /// The most seeds that a point of the space is worked out with.
  fileprivate var seedCount: Int {
    let values = recipeAxes.first { $0.name == "seedCount" }?.values.compactMap { Int($0) } ?? []
    return values.max() ?? recipe.seedCount
  }
}

extension SpaceGrid {
  /// Every network of the space; those that cannot be built and that constraints drop are left out.
  fileprivate func forEachShape(_ body: (Architecture) -> Void) {
    var place = Array(repeating: 0, count: architectureAxes)
    repeat {
      if let shape = (try? architecture(at: place)) ?? nil { body(shape) }
    } while advance(&place)
  }
}
