import PareNumerics

/// Restarts and repairs of a factoring, and the best solution so far.
///
/// A restart takes other digit forms and noisy scores. A repair dissolves some of the best solution's nodes and factors the
/// rest again (large neighbourhood search): it finds what a greedy order missed, at a fraction of the price of a restart.
/// The budget is counted in changes of pattern counts, so that a result does not depend on the machine.
struct FactorSearch {
  private let problem: SumProblem
  private let options: SolverOptions
  private let inputs: [Factoring.SourceWord]
  private var random: RandomStream
  /// The best by the estimate.
  private var best: (sums: FactoredSums, cost: FactorCost)?
  /// What repairs start from: the best, or a solution that came after it and is hardly worse.
  private var current: (sums: FactoredSums, cost: FactorCost)?
  /// The solution that is best once it is rows: the estimate before that cannot tell neighbours apart.
  private var lowered: (factored: SumGraph, value: Int)?
  private var work = 0

  /// Bits and rows of the best solution so far, weighted.
  var bestValue: Int? { lowered?.value }

  init(_ problem: SumProblem, _ options: SolverOptions) {
    self.problem = problem
    self.options = options
    inputs = problem.inputs.map {
      Factoring.SourceWord(bits: Int32($0.range.union(IntegerRange(0)).signedBits))
    }
    random = RandomStream(seed: options.seed)
  }

  /// Work that may be done before the last restart begins.
  private var budget: Int {
    switch options.effort {
    case .none, .fast: 0
    case .normal: 120_000_000
    case .high: 1_200_000_000
    }
  }

  /// A problem of a few terms is searched so often that more is in vain.
  private var mostAttempts: Int {
    switch options.effort {
    case .none, .fast: 1
    case .normal: 2000
    case .high: 20_000
    }
  }

  mutating func run() throws -> SumGraph {
    let operands = options.family.adderOperands
    try attempt(digits(chance: 0), FactorPolicy(operands: operands))
    try attempt(digits(chance: 0), FactorPolicy(operands: operands, bitWeight: 0))
    if operands > 2 { try attempt(digits(chance: 0), FactorPolicy(operands: 2)) }
    // Wins when sparse; sums of very many terms are not, and take long to be lowered.
    if problem.outputs.reduce(0, { $0 + $1.products.count }) <= 4096 {
      judge(MultipleConstants.factored(problem))
    }
    var attempts = 0
    while work < budget, attempts < mostAttempts {
      try Task.checkCancellation()
      attempts += 1
      let policy = FactorPolicy(
        operands: operands, bitWeight: random.uniform() < 0.5 ? 1 : 0,
        noise: 0.5 * random.uniform(), seed: random.next(), candidates: 2 + random.index(below: 8))
      if attempts % 4 == 0 {
        try attempt(digits(chance: random.uniform()), policy)
      } else {
        try repair(policy)
      }
    }
    guard let lowered else { preconditionFailure("no attempt was made") }
    return lowered.factored
  }

  /// The outputs as signed digits.
  private mutating func digits(chance: Double) -> FactoredSums {
    let outputs = problem.outputs.map { output in
      output.products.flatMap { product in
        DigitForms.digits(of: product.coefficient, chance: chance, &random).map {
          FactorTerm(
            source: Int32(product.input), delay: Int32(product.delay), shift: Int32($0.shift),
            isNegated: $0.isNegated)
        }
      }
    }
    return FactoredSums(inputCount: problem.inputs.count, outputs: outputs, nodes: [])
      .split(intoSumsOf: longestSum(outputs))
  }

  /// Pairs are counted within a sum, so that their number grows with its square; very long sums are cut.
  private func longestSum(_ outputs: [[FactorTerm]]) -> Int {
    let pairLimit = 8_000_000
    return max(24, 2 * pairLimit / max(1, outputs.reduce(0) { $0 + $1.count }))
  }

  /// Work after which a single attempt ends with what it has.
  private var attemptLimit: Int {
    switch options.effort {
    case .none, .fast: 500_000_000
    case .normal: 1_500_000_000
    case .high: 10_000_000_000
    }
  }

  private mutating func attempt(_ start: FactoredSums, _ policy: FactorPolicy) throws {
    var factoring = Factoring(
      start.outputs + start.nodes, outputCount: start.outputs.count, inputs: inputs,
      policy: policy)
    try factoring.run(workLimit: attemptLimit)
    work += factoring.work
    var result = FactoredSums(
      inputCount: inputs.count,
      outputs: Array(factoring.sums.prefix(start.outputs.count)),
      nodes: Array(factoring.sums.dropFirst(start.outputs.count))
    ).ordered().inlined()
    result.shorten()
    result = result.inlined()
    let cost = FactorCost(result, inputs, operands: options.family.adderOperands)
    if best == nil || cost <= best!.cost {
      best = (result, cost)
      current = best
    } else {
      // What is a little worse may lead further; what is not is dropped.
      if cost.isHardlyWorse(than: best!.cost) { current = (result, cost) }
      if !cost.isNear(best!.cost) { return }
    }
    judge(result.graph(problem))
  }

  /// Keeps the graph when it is the best so far once it is rows.
  private mutating func judge(_ graph: SumGraph) {
    let rows = graph.rowCost(for: problem, family: options.family)
    // Lowering compares the pairs or triples of a sum's terms.
    work += (graph.nodes + graph.outputs).reduce(0) { work, sum in
      let terms = min(40, sum.terms.count)
      return work + terms * terms * (options.family.adderOperands > 2 ? terms : 2) / 4
    }
    let value = FactorCost.value(bits: rows.lutBits, rows: rows.rows)
    if lowered == nil || value < lowered!.value { lowered = (graph, value) }
  }

  private mutating func repair(_ policy: FactorPolicy) throws {
    guard let current, !current.sums.nodes.isEmpty else {
      return try attempt(digits(chance: random.uniform()), policy)
    }
    // Small neighbourhoods as often as large ones.
    let share = 0.02 + 0.5 * random.uniform() * random.uniform()
    let dissolved = current.sums.nodes.map { _ in random.uniform() < share }
    var start = current.sums.dissolving(dissolved)
    if random.uniform() < 0.5 {
      start.recode(share: random.uniform() * random.uniform(), spare: 1, &random)
    }
    try attempt(start, policy)
  }
}

/// Sums and shared nodes while they are searched for.
struct FactoredSums {
  let inputCount: Int
  var outputs: [[FactorTerm]]
  var nodes: [[FactorTerm]]

  /// Without the nodes that are marked, written out where they were read.
  func dissolving(_ isDissolved: [Bool]) -> FactoredSums {
    var written: [[FactorTerm]?] = Array(repeating: nil, count: nodes.count)
    var index: [Int32] = []
    var kept: [[FactorTerm]] = []
    func rewritten(_ terms: [FactorTerm]) -> [FactorTerm] {
      var sum = TermSum()
      for term in terms {
        let node = Int(term.source) - inputCount
        if node < 0 {
          sum.add(term)
        } else if let inner = written[node] {
          for part in inner {
            sum.add(
              FactorTerm(
                source: part.source, delay: part.delay + term.delay,
                shift: part.shift + term.shift, isNegated: part.isNegated != term.isNegated))
          }
        } else {
          var moved = term
          moved.source = index[node]
          sum.add(moved)
        }
      }
      return sum.terms
    }
    for (node, terms) in nodes.enumerated() {
      let terms = rewritten(terms)
      // What is left of a node can be one term, once terms cancel.
      if isDissolved[node] || terms.count < 2 {
        written[node] = terms
        index.append(-1)
      } else {
        index.append(Int32(inputCount + kept.count))
        kept.append(terms)
      }
    }
    return FactoredSums(
      inputCount: inputCount, outputs: outputs.map(rewritten), nodes: kept)
  }

  /// The same with sums of at most so many terms; the parts are nodes.
  func split(intoSumsOf limit: Int) -> FactoredSums {
    var nodes = nodes
    let outputs = outputs.map { terms in
      if terms.count <= limit { return terms }
      return stride(from: 0, to: terms.count, by: limit).map { start in
        nodes.append(Array(terms[start..<min(terms.count, start + limit)]))
        return FactorTerm(
          source: Int32(inputCount + nodes.count - 1), delay: 0, shift: 0, isNegated: false)
      }
    }
    return FactoredSums(inputCount: inputCount, outputs: outputs, nodes: nodes)
  }

  /// The same with every node after those that it reads: a pattern that was pulled out late may stand in an early node.
  func ordered() -> FactoredSums {
    var order: [Int] = []
    var isPlaced = Array(repeating: false, count: nodes.count)
    for root in nodes.indices {
      // Depth first, without recursion: a chain of nodes may be long.
      var stack = [root]
      while let node = stack.last {
        if isPlaced[node] {
          stack.removeLast()
          continue
        }
        let missing = nodes[node].map { Int($0.source) - inputCount }
          .filter { $0 >= 0 && !isPlaced[$0] }
        if missing.isEmpty {
          isPlaced[node] = true
          order.append(node)
          stack.removeLast()
        } else {
          stack += missing
        }
      }
    }
    var index = Array(repeating: Int32(0), count: nodes.count)
    for (place, node) in order.enumerated() { index[node] = Int32(inputCount + place) }
    func moved(_ terms: [FactorTerm]) -> [FactorTerm] {
      terms.map { term in
        var term = term
        if Int(term.source) >= inputCount { term.source = index[Int(term.source) - inputCount] }
        return term
      }
    }
    return FactoredSums(
      inputCount: inputCount, outputs: outputs.map(moved), nodes: order.map { moved(nodes[$0]) })
  }

  /// Without the nodes that are read once or never, or that are no sums.
  func inlined() -> FactoredSums {
    var uses = Array(repeating: 0, count: nodes.count)
    for terms in outputs + nodes {
      for term in terms where Int(term.source) >= inputCount {
        uses[Int(term.source) - inputCount] += 1
      }
    }
    let isNeedless = zip(uses, nodes).map { $0 < 2 || $1.count < 2 }
    if !isNeedless.contains(true) { return self }
    return dissolving(isNeedless).inlined()
  }

  /// Writes what each sum takes of a source at a delay in a form with fewer digits, where there is one: 8 - 4 is 4.
  mutating func shorten() {
    for index in nodes.indices { nodes[index] = Self.shortened(nodes[index]) }
    for index in outputs.indices { outputs[index] = Self.shortened(outputs[index]) }
  }

  /// Writes this share of it in other forms, by chance.
  mutating func recode(share: Double, spare: Int, _ random: inout RandomStream) {
    for index in nodes.indices {
      nodes[index] = Self.recoded(nodes[index], share, spare, &random)
    }
    for index in outputs.indices {
      outputs[index] = Self.recoded(outputs[index], share, spare, &random)
    }
  }

  /// Digits in higher places do not add up in 64 bits; sums that have them stay as they are.
  private static let highestPlace: Int32 = 60

  private static func shortened(_ terms: [FactorTerm]) -> [FactorTerm] {
    if terms.contains(where: { $0.shift > highestPlace }) { return terms }
    let groups = groups(of: terms)
    if groups.allSatisfy({ DigitForms.weight($0.coefficient) == $0.count }) { return terms }
    var random = RandomStream(seed: 0)
    return groups.flatMap { group in
      written(DigitForms.digits(of: group.coefficient, chance: 0, &random), group.first)
    }
  }

  private static func recoded(
    _ terms: [FactorTerm], _ share: Double, _ spare: Int, _ random: inout RandomStream
  ) -> [FactorTerm] {
    if terms.contains(where: { $0.shift > highestPlace }) { return terms }
    return groups(of: terms).flatMap { group in
      written(
        DigitForms.digits(
          of: group.coefficient, chance: random.uniform() < share ? 0.5 : 0, spare: spare, &random),
        group.first)
    }
  }

  private static func written(
    _ digits: [(shift: Int, isNegated: Bool)], _ place: FactorTerm
  ) -> [FactorTerm] {
    digits.map {
      FactorTerm(
        source: place.source, delay: place.delay, shift: Int32($0.shift), isNegated: $0.isNegated)
    }
  }

  /// What a sum takes of each source at each delay.
  private static func groups(
    of terms: [FactorTerm]
  ) -> [(first: FactorTerm, coefficient: Int64, count: Int)] {
    var groups: [(first: FactorTerm, coefficient: Int64, count: Int)] = []
    let sorted = terms.sorted { ($0.source, $0.delay, $0.shift) < ($1.source, $1.delay, $1.shift) }
    for term in sorted {
      let digit = Int64(term.isNegated ? -1 : 1) << Int64(term.shift)
      if let last = groups.last, last.first.source == term.source, last.first.delay == term.delay {
        groups[groups.count - 1].coefficient += digit
        groups[groups.count - 1].count += 1
      } else {
        groups.append((term, digit, 1))
      }
    }
    return groups
  }

  /// The same with the problem's biases.
  func graph(_ problem: SumProblem) -> SumGraph {
    func sum(_ terms: [FactorTerm], bias: Int64) -> SumGraph.Sum {
      SumGraph.Sum(
        terms.map { term in
          let source = Int(term.source)
          return SumGraph.Term(
            source < inputCount ? .input(source) : .node(source - inputCount),
            shift: Int(term.shift), delay: Int(term.delay), isNegated: term.isNegated)
        }, bias: bias)
    }
    return SumGraph(
      nodes: nodes.map { sum($0, bias: 0) },
      outputs: zip(outputs, problem.outputs).map { sum($0, bias: $1.bias) })
  }
}

/// Terms of which equal ones are added up: two of them are one a place higher, opposite ones are none.
private struct TermSum {
  private(set) var terms: [FactorTerm] = []
  private var places: [UInt64: Int] = [:]

  mutating func add(_ term: FactorTerm) {
    var term = term
    while let place = places[term.place] {
      let other = terms[place]
      places[term.place] = nil
      let last = terms.removeLast()
      if place < terms.count {
        terms[place] = last
        places[last.place] = place
      }
      if other.isNegated != term.isNegated { return }
      term.shift += 1
    }
    places[term.place] = terms.count
    terms.append(term)
  }
}

/// What a solution costs before it is lowered: rows, and their bits.
struct FactorCost: Comparable {
  let bits: Int
  let rows: Int

  init(_ sums: FactoredSums, _ inputs: [Factoring.SourceWord], operands: Int) {
    var widths = inputs.map { Int($0.bits) }
    var rows = 0
    var bits = 0
    for terms in sums.nodes + sums.outputs {
      let spans = terms.map { (low: Int($0.shift), high: widths[Int($0.source)] + Int($0.shift)) }
        .sorted { $0.high < $1.high }
      let own = (terms.count + operands - 3) / (operands - 1)
      rows += max(0, own)
      // Rows add the narrowest first; each is as wide as what it has met so far.
      var met = 1
      var lowest = spans.first?.low ?? 0
      while met < terms.count {
        let next = min(terms.count, met + operands - 1)
        let group = spans[met..<next]
        let high = group.last!.high + 1
        bits += max(1, high - max(lowest, group.map(\.low).min()!))
        lowest = min(lowest, group.map(\.low).min()!)
        met = next
      }
      widths.append((spans.last?.high ?? 1) + (terms.count > 1 ? 1 : 0))
    }
    self.bits = bits
    self.rows = rows
  }

  /// A row costs a little more than its bits: the ends of a carry chain, and a level of depth.
  private var value: Int { Self.value(bits: bits, rows: rows) }

  static func value(bits: Int, rows: Int) -> Int { bits + 3 * rows }

  /// Whether it is at most 0.4 % above another, and at most a row.
  func isHardlyWorse(than other: FactorCost) -> Bool {
    value <= other.value + min(20, other.value / 250)
  }

  /// Whether the rows may turn out as good as another's.
  func isNear(_ other: FactorCost) -> Bool { value * 100 <= other.value * 103 }

  static func < (a: FactorCost, b: FactorCost) -> Bool {
    (a.value, a.rows) < (b.value, b.rows)
  }
}
