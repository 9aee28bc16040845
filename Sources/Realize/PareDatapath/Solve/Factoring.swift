import PareNumerics

/// How patterns are valued while sums are factored.
struct FactorPolicy: Hashable {
  /// Operands that a row adds: with three of them a pattern of two terms saves half a row wherever it occurs.
  var operands = 2
  /// 0 values a pattern by the rows that it saves, 1 by their bits.
  var bitWeight = 1.0
  /// Scores are multiplied by 1 plus at most this.
  var noise = 0.0
  var seed: UInt64 = 0
  /// Patterns that are compared before the best is taken; matters for three operands.
  var candidates = 6
}

/// Sums whose common patterns are pulled out one after the other: common subexpression elimination in the z domain.
///
/// A pattern is two or three terms relative to each other, in shift, delay and sign; it may occur anywhere in any sum.
/// Counts of all pairs are kept up to date, so that a step costs as much as the terms that it touches.
///
/// - Source: pairs of terms after Hartley, Subexpression Sharing in Filters Using Canonic Signed Digit Multipliers, IEEE
///   Trans. CAS-II 43, 1996; over whole matrices Aksoy et al., Optimization of Area in Digital FIR Filters using Gate-Level
///   Metrics, DAC 2007. Relative delay and three terms are our own.
struct Factoring {
  /// The sums of the problem, then those of the nodes.
  private(set) var sums: [[FactorTerm]]
  private(set) var sources: [SourceWord]
  let inputCount: Int
  let outputCount: Int
  /// Changes of counts so far: a measure of work that is the same on every machine.
  private(set) var work = 0

  private let policy: FactorPolicy
  private var places: [[UInt64: Int32]]
  /// Sums in which a source stands or stood.
  private var holders: [[Int32]]
  private var counts: PatternCounts
  private var queue = BucketQueue()

  /// What scoring has to know of a source.
  struct SourceWord: Hashable {
    /// Bits of its word.
    var bits: Int32
  }

  init(_ sums: [[FactorTerm]], outputCount: Int, inputs: [SourceWord], policy: FactorPolicy) {
    self.policy = policy
    self.sums = sums
    self.outputCount = outputCount
    inputCount = inputs.count
    sources = inputs
    places = sums.map { terms in
      Dictionary(uniqueKeysWithValues: terms.enumerated().map { ($1.place, Int32($0)) })
    }
    // Nodes that are there from the start.
    for sum in sums.dropFirst(outputCount) {
      sources.append(SourceWord(bits: Self.bits(of: sum, sources)))
    }
    holders = Array(repeating: [], count: sources.count)
    for (index, sum) in sums.enumerated() {
      for term in sum where holders[Int(term.source)].last != Int32(index) {
        holders[Int(term.source)].append(Int32(index))
      }
    }
    counts = PatternCounts(
      expecting: min(1 << 22, sums.reduce(0) { $0 + $1.count * $1.count / 3 }))
    for terms in sums {
      for i in terms.indices {
        for j in terms[(i + 1)...].indices {
          guard let pattern = PairPattern(terms[i], terms[j]) else { continue }
          _ = counts.add(1, to: pattern.key)
        }
      }
      work += terms.count * terms.count / 2
    }
    var queue = BucketQueue()
    counts.forEachRepeated { queue.push($0, score: score($0, count: $1)) }
    self.queue = queue
  }

  /// Pulls out patterns until none saves anything, or so much work is done.
  mutating func run(workLimit: Int) throws {
    while sources.count < PairPattern.sourceLimit - 1, work < workLimit {
      try Task.checkCancellation()
      guard let best = takeBest() else { return }
      extract(best)
    }
  }

  // MARK: - Choice

  private struct Candidate {
    let pattern: PairPattern
    /// The third term relative to the pattern's first.
    let third: FactorTerm?
    let gain: Double
  }

  /// The pattern that saves most, among those that stand highest.
  private mutating func takeBest() -> Candidate? {
    var best: Candidate?
    var seen: [(key: UInt64, score: Int)] = []
    while seen.count < policy.candidates, let (key, score) = queue.pop() {
      let claimed = counts[key]
      guard claimed > 1 else { continue }
      let now = self.score(key, count: claimed)
      if now < score {
        queue.push(key, score: now)
        continue
      }
      let pattern = PairPattern(key: key)
      let count = occurrences(of: pattern).count
      guard count > 1 else { continue }
      let trueScore = self.score(key, count: Int32(count))
      if trueScore < score * 3 / 4 {
        // Overlapping occurrences were counted; it stands lower than it seemed.
        queue.push(key, score: trueScore)
        continue
      }
      let candidate = candidate(pattern, count: count)
      seen.append((key, trueScore))
      guard candidate.gain > 0 else { continue }
      if best == nil || candidate.gain > best!.gain { best = candidate }
      if policy.operands == 2 { break }
    }
    if best != nil {
      for (key, score) in seen where key != best?.pattern.key { queue.push(key, score: score) }
    }
    return best
  }

  private mutating func candidate(_ pattern: PairPattern, count: Int) -> Candidate {
    let value = value(bits: patternBits(pattern)) * noise(pattern.key)
    if policy.operands == 2 {
      return Candidate(pattern: pattern, third: nil, gain: Double(count - 1) * value)
    }
    let pair = (Double(count) / 2 - 1) * value
    guard let (third, thirdCount) = bestThird(of: pattern) else {
      return Candidate(pattern: pattern, third: nil, gain: pair)
    }
    let triple = Double(thirdCount - 1) * value
    return triple > pair
      ? Candidate(pattern: pattern, third: third, gain: triple)
      : Candidate(pattern: pattern, third: nil, gain: pair)
  }

  /// The term that most often stands with a pattern, relative to the pattern's first term, and how often.
  private mutating func bestThird(of pattern: PairPattern) -> (FactorTerm, Int)? {
    var seen: [UInt64: (term: FactorTerm, count: Int)] = [:]
    var best: (FactorTerm, Int)?
    for (sum, first, second) in occurrences(of: pattern) {
      let base = sums[sum][first]
      work += sums[sum].count
      for (index, term) in sums[sum].enumerated() where index != first && index != second {
        let relative = FactorTerm(
          source: term.source, delay: term.delay - base.delay, shift: term.shift - base.shift,
          isNegated: term.isNegated != base.isNegated)
        guard let key = PairPattern(base, term), abs(relative.delay) <= PairPattern.largestDelay
        else { continue }
        // The order within the pair depends on the relation alone, so the pattern's key tells third terms apart, but for
        // a source that is the first one's own, where the two orders differ in their sign of delay and shift.
        let isReversed = PairPattern.isReversed(base, term)
        let slot = key.key &* 2 &+ (isReversed ? 1 : 0)
        let count = (seen[slot]?.count ?? 0) + 1
        seen[slot] = (relative, count)
        if count > 1, count > (best?.1 ?? 1) { best = (relative, count) }
      }
    }
    return best
  }

  private func noise(_ key: UInt64) -> Double {
    if policy.noise == 0 { return 1 }
    var x = (key ^ policy.seed) &* 0x9E37_79B9_7F4A_7C15
    x = (x ^ (x >> 29)) &* 0xBF58_476D_1CE4_E5B9
    x ^= x >> 32
    return 1 + policy.noise * Double(x >> 11) / Double(UInt64(1) << 53)
  }

  private func value(bits: Int) -> Double {
    policy.bitWeight * Double(bits) + (1 - policy.bitWeight) * 16
  }

  private func score(_ key: UInt64, count: Int32) -> Int {
    let saved = Double(count - 1)
    let scale = saved * value(bits: patternBits(PairPattern(key: key))) * noise(key)
    return min(1 << 20, Int(scale * 2))
  }

  /// Bits of the row that adds a pattern's two terms.
  private func patternBits(_ pattern: PairPattern) -> Int {
    let a = sources[Int(pattern.first)].bits + max(0, -pattern.shift)
    let b = sources[Int(pattern.second)].bits + max(0, pattern.shift)
    return max(1, Int(max(a, b) + 1 - abs(pattern.shift)))
  }

  // MARK: - Occurrences

  /// Places where a pattern occurs, no term used twice: sum, index of its first and of its second term.
  private mutating func occurrences(
    of pattern: PairPattern
  ) -> [(sum: Int, first: Int, second: Int)] {
    var found: [(sum: Int, first: Int, second: Int)] = []
    let source = pattern.first
    for holder in holders[Int(source)] {
      let sum = Int(holder)
      let terms = sums[sum]
      work += terms.count / 8
      // A chain of a source with itself is taken from its end on, every second link.
      var taken: Set<Int> = []
      let isChain = pattern.second == source
      var starts = terms.indices.filter { terms[$0].source == source }
      if starts.isEmpty { continue }
      if isChain {
        starts.sort { (terms[$0].delay, terms[$0].shift) < (terms[$1].delay, terms[$1].shift) }
      }
      for first in starts where !isChain || !taken.contains(first) {
        guard let partner = pattern.partner(of: terms[first]),
          let place = places[sum][partner.place]
        else { continue }
        let second = Int(place)
        guard terms[second].isNegated == partner.isNegated, !isChain || !taken.contains(second)
        else { continue }
        if isChain {
          taken.insert(first)
          taken.insert(second)
        }
        found.append((sum, first, second))
      }
    }
    return found
  }

  // MARK: - Extraction

  private mutating func extract(_ candidate: Candidate) {
    let pattern = candidate.pattern
    let node = Int32(sources.count)
    var members = [
      FactorTerm(source: pattern.first, delay: 0, shift: 0, isNegated: false),
      FactorTerm(
        source: pattern.second, delay: pattern.delay, shift: pattern.shift,
        isNegated: pattern.signsDiffer),
    ]
    if let third = candidate.third { members.append(third) }
    let delay = members.map(\.delay).min()!
    let shift = members.map(\.shift).min()!
    let normalized = members.map {
      FactorTerm(
        source: $0.source, delay: $0.delay - delay, shift: $0.shift - shift,
        isNegated: $0.isNegated)
    }
    sources.append(SourceWord(bits: Self.bits(of: normalized, sources)))
    holders.append([])
    // Terms are moved by removals, so that occurrences are known by the place of their first term.
    let starts = occurrences(of: pattern).map { ($0.sum, sums[$0.sum][$0.first]) }
    for (sum, base) in starts {
      let wanted = members.map {
        FactorTerm(
          source: $0.source, delay: base.delay + $0.delay, shift: base.shift + $0.shift,
          isNegated: base.isNegated != $0.isNegated)
      }
      let isThere = wanted.allSatisfy { term in
        guard term.delay >= 0, (0...62).contains(term.shift),
          let place = places[sum][term.place]
        else { return false }
        return sums[sum][Int(place)].isNegated == term.isNegated
      }
      if !isThere { continue }
      for term in wanted { remove(term, from: sum) }
      insert(
        FactorTerm(
          source: node, delay: base.delay + delay, shift: base.shift + shift,
          isNegated: base.isNegated), into: sum)
    }
    if normalized.count == 2 {
      // Its only pattern is itself, which occurs nowhere else any more.
      sums.append(normalized)
      places.append([:])
      for term in normalized { hold(term, in: sums.count - 1) }
    } else {
      sums.append([])
      places.append([:])
      for term in normalized { insert(term, into: sums.count - 1) }
    }
  }

  private mutating func hold(_ term: FactorTerm, in sum: Int) {
    if holders[Int(term.source)].last != Int32(sum) {
      holders[Int(term.source)].append(Int32(sum))
    }
  }

  private mutating func remove(_ term: FactorTerm, from sum: Int) {
    guard let place = places[sum].removeValue(forKey: term.place) else {
      preconditionFailure("sum \(sum) has no term \(term)")
    }
    let last = sums[sum].removeLast()
    if Int(place) < sums[sum].count {
      sums[sum][Int(place)] = last
      places[sum][last.place] = place
    }
    for other in sums[sum] {
      guard let pattern = PairPattern(term, other) else { continue }
      _ = counts.add(-1, to: pattern.key)
    }
    work += sums[sum].count
  }

  private mutating func insert(_ term: FactorTerm, into sum: Int) {
    for other in sums[sum] {
      guard let pattern = PairPattern(term, other) else { continue }
      let count = counts.add(1, to: pattern.key)
      if count > 1 { queue.push(pattern.key, score: score(pattern.key, count: count)) }
    }
    work += sums[sum].count
    places[sum][term.place] = Int32(sums[sum].count)
    sums[sum].append(term)
    hold(term, in: sum)
  }

  private static func bits(of sum: [FactorTerm], _ sources: [SourceWord]) -> Int32 {
    let widths = sum.map { sources[Int($0.source)].bits + $0.shift }.sorted()
    guard let widest = widths.last else { return 1 }
    // One more for a sum, unless a far narrower word is added.
    return widest + 1
  }
}
