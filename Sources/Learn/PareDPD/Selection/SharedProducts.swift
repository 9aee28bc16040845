/// The signals that terms have computed on their way, each once for all that need it.
struct SharedProducts: Sendable {
  /// How many terms of a set need each signal.
  typealias Users = [Int]

  /// Signals that each term needs.
  private let needs: [[Int]]
  /// Multiplications of two signals in each.
  private let costs: [Int]

  init(_ terms: [PredistorterTerm]) {
    var places: [FeatureChannel.Node: Int] = [:]
    var costs: [Int] = []
    needs = terms.map { term in
      term.channel.nodes.map { node in
        if let place = places[node] { return place }
        places[node] = costs.count
        costs.append(node.products)
        return costs.count - 1
      }
    }
    self.costs = costs
  }

  var noUsers: Users { Array(repeating: 0, count: costs.count) }

  /// Multiplications of two signals for all that are needed.
  func total(_ users: Users) -> Int {
    zip(users, costs).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
  }

  /// Multiplications that nobody needs yet.
  func fresh(_ term: Int, _ users: Users) -> Int {
    needs[term].reduce(0) { users[$1] == 0 ? $0 + costs[$1] : $0 }
  }

  /// Multiplications that only this term needs.
  func freed(_ term: Int, _ users: Users) -> Int {
    needs[term].reduce(0) { users[$1] == 1 ? $0 + costs[$1] : $0 }
  }

  func add(_ term: Int, to users: inout Users) {
    for place in needs[term] { users[place] += 1 }
  }

  func drop(_ term: Int, from users: inout Users) {
    for place in needs[term] { users[place] -= 1 }
  }
}
