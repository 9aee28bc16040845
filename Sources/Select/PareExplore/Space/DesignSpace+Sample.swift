import PareNumerics
import PareText

extension DesignSpace {
  /// Different points, every set of them as likely as any other, in the order of the space.
  ///
  /// Places are drawn and those that are no point drawn again; a space so constrained that this would be slow is walked
  /// through instead.
  ///
  /// - Throws: ``ExploreError`` when there are fewer points.
  func sample(_ count: Int, seed: UInt64) throws -> [Point] {
    var stream = RandomStream(seed: seed).fork("random points")
    let grid = SpaceGrid(self)
    if let combinations = grid.combinationCount, combinations <= 50 * count {
      return try sampleByWalk(count, &stream)
    }
    var recipes = RecipeTable(self)
    var found: [SpaceGrid.Place: Point] = [:]
    var misses = 0
    while found.count < count {
      let place = grid.randomPlace(&stream)
      if found[place] == nil, let point = grid.point(at: place, &recipes) {
        found[place] = point
        misses = 0
      } else {
        misses += 1
        // Fewer than one place in ten thousand is a new point.
        if misses > 100_000 { return try sampleByWalk(count, &stream) }
      }
    }
    return found.values.sorted { $0.place.lexicographicallyPrecedes($1.place) }
  }

  /// Selection sampling in one walk with constant memory.
  ///
  /// - Source: Vitter, Random Sampling with a Reservoir, ACM TOMS 11, 1985, algorithm R.
  private func sampleByWalk(_ count: Int, _ stream: inout RandomStream) throws -> [Point] {
    var kept: [Point] = []
    var seen = 0
    for point in points {
      seen += 1
      if kept.count < count {
        kept.append(point)
      } else {
        let index = stream.index(below: seen)
        if index < count { kept[index] = point }
      }
    }
    guard seen >= count else {
      throw ExploreError(
        .option("strategy"),
        "the strategy 'random' asks for \(count.grouped) points, and the space has \(seen.grouped)",
        hint: "give a smaller count, or the strategy grid")
    }
    return kept.sorted { $0.place.lexicographicallyPrecedes($1.place) }
  }
}

extension SpaceGrid {
  func randomPlace(_ stream: inout RandomStream) -> Place {
    axes.map { stream.index(below: $0.count) }
  }

  /// The point at a place; nil when the place is none.
  func point(at place: Place, _ recipes: inout RecipeTable) -> DesignSpace.Point? {
    guard let architecture = (try? architecture(at: place)) ?? nil, isPoint(place, architecture),
      fits(quantizer(at: place), architecture)
    else { return nil }
    return made(at: place, architecture, &recipes)
  }
}
