import PareNetwork
public import PareTrain

extension DesignSpace {
  /// A design point of a space, with the recipe that its axes make.
  public struct Point: Hashable, Sendable {
    public let point: DesignPoint
    public let recipe: TrainingRecipe
    public let recipeHash: String
    /// A place on each axis.
    let place: SpaceGrid.Place

    /// The point with its key.
    public func planned(by key: PointKey) -> PlannedPoint {
      PlannedPoint(point, recipe, recipeHash: recipeHash, by: key)
    }
  }

  /// All points, one at a time: those of one dense network follow each other, and so do those of one pruning chain.
  ///
  /// - Precondition: ``validate()`` passes.
  public struct Points: Sequence, IteratorProtocol {
    private let grid: SpaceGrid
    private var recipes: RecipeTable
    private var place: SpaceGrid.Place
    private var isOver = false
    private var architecture: Architecture?

    init(_ space: DesignSpace) {
      grid = SpaceGrid(space)
      recipes = RecipeTable(space)
      place = Array(repeating: 0, count: grid.axes.count)
      architecture = Self.architecture(grid, place)
    }

    private static func architecture(_ grid: SpaceGrid, _ place: SpaceGrid.Place) -> Architecture? {
      // Shapes that cannot be built and that the constraints drop are no points; validate() refuses the others.
      (try? grid.architecture(at: place)) ?? nil
    }

    public mutating func next() -> Point? {
      while !isOver {
        let current = place
        let shape = architecture
        advance(skippingArchitecture: shape == nil)
        guard let shape, grid.isPoint(current, shape),
          grid.fits(grid.quantizer(at: current), shape)
        else { continue }
        return grid.made(at: current, shape, &recipes)
      }
      return nil
    }

    private mutating func advance(skippingArchitecture: Bool) {
      var axis = (skippingArchitecture ? grid.architectureAxes : grid.axes.count) - 1
      while axis >= 0 {
        place[axis] += 1
        if place[axis] < grid.axes[axis].count {
          if axis < grid.architectureAxes { architecture = Self.architecture(grid, place) }
          return
        }
        place[axis] = 0
        axis -= 1
      }
      isOver = true
    }
  }

  public var points: Points { Points(self) }

  /// Whether a point with a recipe is one of the space's.
  public func contains(_ point: DesignPoint, recipe: TrainingRecipe) -> Bool {
    // The shape decides quickly; what remains of one shape is a short walk.
    guard sparsities.contains(point.sparsity), quantizers.contains(point.quantizer) else {
      return false
    }
    var narrow = self
    narrow.sparsities = sparsities.filter { $0 <= point.sparsity }
    narrow.quantizers = [point.quantizer]
    narrow.kernelSizes = kernelSizes.filter { $0 == point.architecture.kernelSize }
    narrow.activations =
      point.architecture.hiddenChannels.isEmpty
      ? activations : activations.filter { $0 == point.architecture.activation }
    narrow.branches = branches.filter { $0 == point.architecture.branch }
    narrow.features = features.filter { $0 == point.architecture.features }
    guard !narrow.kernelSizes.isEmpty, !narrow.activations.isEmpty, !narrow.branches.isEmpty,
      !narrow.features.isEmpty
    else { return false }
    return narrow.points.contains { $0.point == point && $0.recipe == recipe }
  }
}

extension SpaceGrid {
  /// Whether a list of quantizers has one for each layer.
  func fits(_ scheme: QuantizationScheme, _ architecture: Architecture) -> Bool {
    scheme.quantizers.count == 1 || scheme.quantizers.count == architecture.layerCount
  }

  /// The point at a place.
  ///
  /// - Precondition: the space is valid, and ``isPoint(_:_:)``.
  func made(
    at place: Place, _ architecture: Architecture, _ recipes: inout RecipeTable
  ) -> DesignSpace.Point {
    do {
      let recipe = try recipes.recipe(recipeChoice(at: place, architecture))
      return DesignSpace.Point(
        point: point(at: place, architecture), recipe: recipe.recipe, recipeHash: recipe.hash,
        place: place)
    } catch {
      preconditionFailure("a recipe of a valid space: \(error)")
    }
  }
}
