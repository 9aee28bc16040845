/// A term of a sum that is being factored: `± source[n - delay] << shift`. Sources are the inputs, then the shared nodes.
struct FactorTerm: Hashable {
  var source: Int32
  var delay: Int32
  var shift: Int32
  var isNegated: Bool

  /// The same for every term of this source, delay and shift; a sum has at most one of them.
  var place: UInt64 {
    UInt64(UInt32(bitPattern: source)) << 32 | UInt64(UInt32(bitPattern: delay)) << 6
      | UInt64(UInt32(bitPattern: shift))
  }
}

/// Two terms relative to each other: what can occur again, elsewhere, shifted, delayed and negated.
///
/// Packed into 64 bits: the lower source (21), the other source (21), delay (14) and shift (7) of the second relative to the
/// first, and whether their signs differ. Of two terms with one source the first is the one with less delay, then with
/// less shift.
struct PairPattern: Hashable {
  let key: UInt64

  static let largestDelay: Int32 = 8191
  static let sourceLimit = 1 << 21

  var first: Int32 { Int32(truncatingIfNeeded: key >> 43) }
  var second: Int32 { Int32(truncatingIfNeeded: (key >> 22) & 0x1F_FFFF) }
  var delay: Int32 { Int32(truncatingIfNeeded: (key >> 8) & 0x3FFF) - Self.largestDelay }
  var shift: Int32 { Int32(truncatingIfNeeded: (key >> 1) & 0x7F) - 63 }
  var signsDiffer: Bool { key & 1 == 1 }

  init(key: UInt64) { self.key = key }

  /// The pattern of two terms, and whether they come in the opposite order; nil when they are too far apart in time.
  @inline(__always)
  init?(_ a: FactorTerm, _ b: FactorTerm) {
    var (a, b) = (a, b)
    if Self.isReversed(a, b) { swap(&a, &b) }
    let delay = b.delay &- a.delay
    guard delay >= -Self.largestDelay, delay <= Self.largestDelay else { return nil }
    let shift = b.shift &- a.shift
    key =
      UInt64(UInt32(bitPattern: a.source)) << 43 | UInt64(UInt32(bitPattern: b.source)) << 22
      | UInt64(UInt32(bitPattern: delay &+ Self.largestDelay)) << 8
      | UInt64(UInt32(bitPattern: shift &+ 63)) << 1 | (a.isNegated != b.isNegated ? 1 : 0)
  }

  /// Whether the second of two terms is the pattern's first.
  @inline(__always)
  static func isReversed(_ a: FactorTerm, _ b: FactorTerm) -> Bool {
    if a.source != b.source { return a.source > b.source }
    if a.delay != b.delay { return a.delay > b.delay }
    return a.shift > b.shift
  }

  /// The term that makes this pattern with a first one; nil when its delay or shift would be impossible.
  func partner(of term: FactorTerm) -> FactorTerm? {
    let partner = FactorTerm(
      source: second, delay: term.delay + delay, shift: term.shift + shift,
      isNegated: term.isNegated != signsDiffer)
    return partner.delay >= 0 && (0...62).contains(partner.shift) ? partner : nil
  }
}

/// How often each pattern occurs: open addressing, since millions of them are counted.
struct PatternCounts {
  private var keys: [UInt64]
  private var counts: [Int32]
  private var mask: Int
  private var used = 0

  /// Marks a free place; no pattern has this key, since its first source would be beyond the limit.
  private static let free = UInt64.max

  init(expecting count: Int) {
    var size = 1024
    while size < count * 2 { size *= 2 }
    keys = Array(repeating: Self.free, count: size)
    counts = Array(repeating: 0, count: size)
    mask = size - 1
  }

  @inline(__always)
  private func place(_ key: UInt64) -> Int {
    // A multiplicative hash (Fibonacci hashing); the high bits are the mixed ones.
    var place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
    while keys[place] != key && keys[place] != Self.free { place = (place &+ 1) & mask }
    return place
  }

  subscript(key: UInt64) -> Int32 {
    let place = place(key)
    return keys[place] == key ? counts[place] : 0
  }

  /// Adds to a count and returns what it is then.
  @inline(__always)
  mutating func add(_ change: Int32, to key: UInt64) -> Int32 {
    var place = place(key)
    if keys[place] != key {
      if used * 3 > keys.count * 2 {
        grow()
        place = self.place(key)
      }
      keys[place] = key
      used += 1
    }
    counts[place] &+= change
    return counts[place]
  }

  /// Calls with every pattern that occurs at least twice, in an order that depends on the history of the table only.
  func forEachRepeated(_ body: (UInt64, Int32) -> Void) {
    for place in keys.indices where keys[place] != Self.free && counts[place] > 1 {
      body(keys[place], counts[place])
    }
  }

  private mutating func grow() {
    let old = (keys, counts)
    // Patterns that no longer occur are left behind.
    let live = old.1.count { $0 != 0 }
    var size = keys.count
    while size < live * 3 { size *= 2 }
    self.keys = Array(repeating: Self.free, count: size)
    self.counts = Array(repeating: 0, count: size)
    mask = size - 1
    used = 0
    for (key, count) in zip(old.0, old.1) where key != Self.free && count != 0 {
      let place = place(key)
      keys[place] = key
      counts[place] = count
      used += 1
    }
  }
}

/// Patterns by score, the highest first; what lies in it may be out of date, so that a pattern taken from it is looked
/// at again.
struct BucketQueue {
  private var buckets: [[UInt64]] = []
  private var highest = -1

  mutating func push(_ key: UInt64, score: Int) {
    if score >= buckets.count {
      buckets += Array(repeating: [], count: score + 1 - buckets.count)
    }
    buckets[score].append(key)
    highest = max(highest, score)
  }

  mutating func pop() -> (key: UInt64, score: Int)? {
    while highest >= 0 {
      if let key = buckets[highest].popLast() { return (key, highest) }
      highest -= 1
    }
    return nil
  }
}
