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
    var trials = 12
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
      var best: (set: ActiveSet, score: Double)?
      for channel in productChannels() {
        var trial = self
        trial.drop(channel: channel)
        let freed = products - trial.products
        guard freed > 0 else { continue }
        let score = (trial.error - error) / Double(freed)
        if score < best?.score ?? .infinity { best = (trial, score) }
      }
      guard let next = best?.set else { return }
      self = next
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

  /// The best of a few exchanges of one term, if it helps.
  private mutating func exchange(
    within limit: Int, _ settings: SupportSearch.Settings
  ) throws -> Bool {
    try Task.checkCancellation()
    var best: ActiveSet?
    for place in strongest(settings.trials, limit: limit) {
      var trial = self
      trial.add(place)
      // The one just added is the last.
      guard
        let index = (0..<count)
          .filter({ trial.products - trial.freed($0) <= limit })
          .min(by: { trial.loss($0) < trial.loss($1) })
      else { continue }
      trial.drop(index)
      if trial.error < best?.error ?? error * (1 - settings.tolerance) { best = trial }
    }
    guard let best else { return false }
    self = best
    return true
  }

  /// Terms of the largest gain; those that need more products than there are may take the place of others.
  private func strongest(_ count: Int, limit: Int) -> [Int] {
    var places = slopes.indices.filter { canAdd($0) && fresh($0) <= limit - products }
    places.sort { (gain($1), $0) < (gain($0), $1) }
    return Array(places.prefix(count))
  }
}
