/// A set of so many terms within a budget of products, and of little error: several priced paths, then exchanges.
///
/// An exchange adds one of the best terms and drops the cheapest; a larger one drops all terms of a channel and refills the
/// set. Both are exact on the quadratic error, stay within the budget, and are kept only where the error falls.
struct SupportSearch {
  /// Ascending.
  let support: [Int]
  let error: Double
  let products: Int

  struct Settings: Sendable {
    var overshoot = 1.4
    var prices = [0.25, 1, 4]
    /// Terms that an exchange tries to add.
    var trials = 48
    /// Exchanges end when one lowers the error by less than this part of it.
    var tolerance = 1e-4
    var rounds = 4
  }

  /// - Parameter limit: multiplications of two signals.
  /// - Throws: ``PredistortionError`` with code `.badRequest` when there are not so many terms; `CancellationError`.
  init(
    _ equations: SpectralEquations, size: Int, products limit: Int,
    _ settings: Settings = Settings()
  ) throws {
    var best: ActiveSet?
    for price in settings.prices {
      var active = ActiveSet(equations)
      try active.grow(to: Int(Double(size) * settings.overshoot), price: price)
      while active.count > size { active.drop(active.cheapest(price: price)) }
      try active.fit(size: size, within: limit, price: price)
      try active.improve(within: limit, settings)
      guard active.count == size else { continue }
      if active.error < best?.error ?? .infinity { best = active }
    }
    guard let best else {
      throw PredistortionError(
        .badRequest(
          reason: "no set of \(size) terms with at most \(limit) products is in the dictionary"))
    }
    support = best.members.sorted()
    error = best.error
    products = best.products
  }
}

extension ActiveSet {
  /// Drops whole channels, those first that lose least per product, until the products fit; then refills.
  fileprivate mutating func fit(size: Int, within limit: Int, price: Double) throws {
    while products > limit {
      try Task.checkCancellation()
      var best: (channel: FeatureChannel, score: Double)?
      for channel in productChannels() {
        let (loss, freed) = try loss(dropping: channel)
        guard freed > 0 else { continue }
        let score = loss / Double(freed)
        if score < best?.score ?? .infinity { best = (channel, score) }
      }
      guard let best else { return }
      drop(channel: best.channel)
      try grow(to: size, price: price, limit: max(limit, products))
    }
    try grow(to: size, price: 0, limit: limit)
  }

  fileprivate mutating func improve(within limit: Int, _ settings: SupportSearch.Settings) throws {
    let size = count
    for _ in 0..<settings.rounds {
      let before = error
      while try exchange(within: limit, settings) {}
      for channel in productChannels() {
        try Task.checkCancellation()
        var trial = self
        trial.drop(channel: channel)
        try trial.grow(to: size + size / 10, price: 0.25, limit: limit)
        while trial.count > size { trial.drop(trial.cheapest(price: 0)) }
        if trial.count == size && trial.error < error * (1 - settings.tolerance) { self = trial }
      }
      if error > before * (1 - 10 * settings.tolerance) { return }
    }
  }

  /// The best of some exchanges of one term, if it helps.
  private mutating func exchange(
    within limit: Int, _ settings: SupportSearch.Settings
  ) throws -> Bool {
    try Task.checkCancellation()
    var best: (place: Int, index: Int)?
    var least = -settings.tolerance * error
    for place in strongest(settings.trials) {
      guard let found = exchange(adding: place, within: limit), found.change < least else {
        continue
      }
      (best, least) = ((place, found.index), found.change)
    }
    guard let best else { return false }
    // The one just added is the last, so the index stays.
    add(best.place)
    drop(best.index)
    return true
  }

  /// Terms of the largest gain: half of them any, half of those that need no new product.
  private func strongest(_ count: Int) -> [Int] {
    var any: [(gain: Double, place: Int)] = []
    var free = any
    func insert(_ place: Int, _ gain: Double, into list: inout [(gain: Double, place: Int)]) {
      guard list.count < count / 2 || gain > list.last!.gain else { return }
      let at = list.firstIndex { $0.gain < gain } ?? list.count
      list.insert((gain, place), at: at)
      if list.count > count / 2 { list.removeLast() }
    }
    for place in slopes.indices where canAdd(place) {
      let gain = gain(place)
      insert(place, gain, into: &any)
      if fresh(place) == 0 { insert(place, gain, into: &free) }
    }
    let known = Set(any.map(\.place))
    return any.map(\.place) + free.map(\.place).filter { !known.contains($0) }
  }
}
