/// A set of terms with the exact effect of adding or dropping any one of them, kept up to date by updates of rank one.
///
/// With G restricted to the members: `coefficients = G^-1 b`; adding a term j lowers the error by `slopes[j]^2 / norms[j]`,
/// dropping the member i raises it by `coefficients[i]^2 / inverse[i][i]`.
///
/// - Complexity: O(members * terms) for each change.
/// - Source: Hager, Updating the inverse of a matrix, 1989 (bordering and deletion).
struct ActiveSet {
  private let equations: SpectralEquations
  /// Places of the terms in the equations, in the order in which they came.
  private(set) var members: [Int] = []
  private(set) var coefficients: [Double] = []
  /// `energy - 2 b'c + c'Gc`.
  private(set) var error: Double
  /// Of every term: what of `b` the members leave, and what of its norm; 0 for members.
  private(set) var slopes: [Double]
  private(set) var norms: [Double]
  private var users: SharedProducts.Users
  private var isMember: [Bool]
  /// Of G over the members, `[row][column]`.
  private var inverse: [[Double]] = []

  init(_ equations: SpectralEquations) {
    self.equations = equations
    error = equations.energy
    slopes = equations.right
    norms = (0..<equations.count).map { equations.gram[$0 * equations.count + $0] }
    isMember = Array(repeating: false, count: equations.count)
    users = equations.products.noUsers
  }

  init(_ equations: SpectralEquations, members: [Int]) {
    self.init(equations)
    for place in members where canAdd(place) { add(place) }
  }

  var count: Int { members.count }
  /// Multiplications of two signals per sample.
  var products: Int { equations.products.total(users) }

  func channel(_ place: Int) -> FeatureChannel { equations.terms[place].channel }

  /// Whether a term is no member, nor all but a combination of the members.
  func canAdd(_ place: Int) -> Bool {
    !isMember[place]
      && norms[place] > 1e-9 * equations.gram[place * equations.count + place]
  }

  /// By how much the error falls when a term joins. Meaningful where ``canAdd(_:)``.
  func gain(_ place: Int) -> Double { slopes[place] * slopes[place] / norms[place] }

  /// By how much the error rises when a member leaves.
  func loss(_ index: Int) -> Double {
    coefficients[index] * coefficients[index] / inverse[index][index]
  }

  /// Products that a term would add.
  func fresh(_ place: Int) -> Int { equations.products.fresh(place, users) }

  /// Products that only this member needs.
  func freed(_ index: Int) -> Int { equations.products.freed(members[index], users) }

  /// The member whose place a term should take within a number of products, and by how much the error then rises.
  ///
  /// - Complexity: O(members^2).
  func exchange(adding place: Int, within limit: Int) -> (index: Int, change: Double)? {
    let weights = weights(of: place)
    let norm = norms[place]
    let step = slopes[place] / norm
    var after = users
    equations.products.add(place, to: &after)
    let total = equations.products.total(after)
    var best: (index: Int, change: Double)?
    for (index, member) in members.enumerated() {
      guard total - equations.products.freed(member, after) <= limit else { continue }
      let coefficient = coefficients[index] - weights[index] * step
      let pivot = inverse[index][index] + weights[index] * weights[index] / norm
      let change = coefficient * coefficient / pivot - slopes[place] * step
      if change < best?.change ?? .infinity { best = (index, change) }
    }
    return best
  }

  /// The members' combination that is nearest to a term.
  private func weights(of place: Int) -> [Double] {
    let column = members.map { equations.gram[place * equations.count + $0] }
    return inverse.map { line in zip(line, column).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  mutating func add(_ place: Int) {
    precondition(canAdd(place), "term \(place) is a member or depends on them")
    let n = equations.count
    let row = equations.gram[place * n..<(place + 1) * n]
    let weights = weights(of: place)
    let norm = norms[place]
    let step = slopes[place] / norm
    error -= slopes[place] * step
    update(row, minus: weights, factor: 1 / norm, step: -step)
    for a in members.indices {
      coefficients[a] -= weights[a] * step
      let factor = weights[a] / norm
      for b in members.indices { inverse[a][b] += factor * weights[b] }
      inverse[a].append(-factor)
    }
    inverse.append(weights.map { -$0 / norm } + [1 / norm])
    members.append(place)
    coefficients.append(step)
    isMember[place] = true
    equations.products.add(place, to: &users)
    for member in members {
      slopes[member] = 0
      norms[member] = 0
    }
  }

  /// Removes the member at an index of ``members``.
  mutating func drop(_ index: Int) {
    let place = members[index]
    let column = inverse[index]
    let pivot = column[index]
    let step = coefficients[index] / pivot
    error += coefficients[index] * step
    update([], minus: column.map { -$0 }, factor: -1 / pivot, step: step)
    members.remove(at: index)
    coefficients.remove(at: index)
    inverse.remove(at: index)
    var rest = column
    rest.remove(at: index)
    for a in members.indices {
      coefficients[a] -= rest[a] * step
      inverse[a].remove(at: index)
      let factor = rest[a] / pivot
      for b in members.indices { inverse[a][b] -= factor * rest[b] }
    }
    isMember[place] = false
    equations.products.drop(place, from: &users)
    for member in members {
      slopes[member] = 0
      norms[member] = 0
    }
    // Exactly what the sums above would give without rounding.
    slopes[place] = step
    norms[place] = 1 / pivot
  }

  /// With `h = row - sum over members of weights * G`: norms lose `factor * h^2`, slopes gain `step * h`.
  private mutating func update(
    _ row: ArraySlice<Double>, minus weights: [Double], factor: Double, step: Double
  ) {
    let n = equations.count
    var change = row.isEmpty ? [Double](repeating: 0, count: n) : Array(row)
    unsafe change.withUnsafeMutableBufferPointer { change in
      let change = change.baseAddress!
      unsafe equations.gram.withUnsafeBufferPointer { gram in
        for (member, weight) in zip(members, weights) {
          let line = unsafe gram.baseAddress! + member * n
          for j in 0..<n { unsafe change[j] -= weight * line[j] }
        }
      }
      for j in 0..<n {
        unsafe norms[j] -= factor * change[j] * change[j]
        unsafe slopes[j] += step * change[j]
      }
    }
  }
}

extension ActiveSet {
  /// The channels of members that cost products, in a fixed order.
  func productChannels() -> [FeatureChannel] {
    Set(members.map(channel)).filter { $0.envelope != .one }.sorted()
  }

  /// By how much the error rises when all members of a channel leave, and the products that this frees.
  func loss(dropping channel: FeatureChannel) throws(PredistortionError) -> (Double, freed: Int) {
    let gone = members.indices.filter { self.channel(members[$0]) == channel }
    var after = users
    for index in gone { equations.products.drop(members[index], from: &after) }
    let block = QuadraticError(
      matrix: gone.flatMap { a in gone.map { inverse[a][$0] } },
      right: gone.map { coefficients[$0] }, energy: 0)
    let solution = try block.solution()
    let loss = zip(solution, block.right).reduce(0) { $0 + $1.0 * $1.1 }
    return (loss, products - equations.products.total(after))
  }

  /// Removes all members of a channel.
  mutating func drop(channel gone: FeatureChannel) {
    for index in members.indices.reversed() where channel(members[index]) == gone { drop(index) }
  }
}
