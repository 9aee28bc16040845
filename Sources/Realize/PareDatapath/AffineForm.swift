import PareNumerics

/// A wire written as a sum of products of other wires: `bias + Σ coefficient * wire[n - delay]`.
///
/// Linear nodes, adders and delays are expanded; every other node is an atom. The form knows that `8x - x` is `7x`,
/// which bounds of the single adder do not.
struct AffineForm: Hashable, Sendable {
  struct Atom: Hashable, Sendable, Comparable {
    let wire: Wire
    let delay: Int

    static func < (a: Atom, b: Atom) -> Bool { (a.wire, a.delay) < (b.wire, b.delay) }
  }

  /// Ascending atoms, no coefficient 0.
  let terms: [(atom: Atom, coefficient: Int64)]
  let bias: Int64

  static func == (a: AffineForm, b: AffineForm) -> Bool {
    a.bias == b.bias
      && a.terms.elementsEqual(b.terms) {
        $0.atom == $1.atom && $0.coefficient == $1.coefficient
      }
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(bias)
    for term in terms {
      hasher.combine(term.atom)
      hasher.combine(term.coefficient)
    }
  }

  static func atom(_ wire: Wire) -> AffineForm {
    AffineForm(terms: [(Atom(wire: wire, delay: 0), 1)], bias: 0)
  }

  static func constant(_ value: Int64) -> AffineForm { AffineForm(terms: [], bias: value) }

  /// The sum of products, or nil when a number leaves 64 bits.
  static func sum(
    of products: [(form: AffineForm, factor: Int64)], bias: Int64
  ) -> AffineForm? {
    var total = bias
    var parts: [(atom: Atom, coefficient: Int64)] = []
    parts.reserveCapacity(products.reduce(0) { $0 + $1.form.terms.count })
    for (form, factor) in products where factor != 0 {
      guard let scaled = form.scaled(by: factor) else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(scaled.bias)
      if overflow { return nil }
      total = sum
      parts += scaled.terms
    }
    parts.sort { $0.atom < $1.atom }
    var terms: [(atom: Atom, coefficient: Int64)] = []
    var place = 0
    while place < parts.count {
      var part = parts[place]
      place += 1
      while place < parts.count, parts[place].atom == part.atom {
        let (both, overflow) = part.coefficient.addingReportingOverflow(parts[place].coefficient)
        if overflow { return nil }
        part.coefficient = both
        place += 1
      }
      if part.coefficient != 0 { terms.append(part) }
    }
    return AffineForm(terms: terms, bias: total)
  }

  /// The form multiplied by a factor, or nil when a number leaves 64 bits.
  func scaled(by factor: Int64) -> AffineForm? {
    guard factor != 0 else { return .constant(0) }
    var scaled: [(atom: Atom, coefficient: Int64)] = []
    scaled.reserveCapacity(terms.count)
    for term in terms {
      let (product, overflow) = term.coefficient.multipliedReportingOverflow(by: factor)
      if overflow { return nil }
      scaled.append((term.atom, product))
    }
    let (product, overflow) = bias.multipliedReportingOverflow(by: factor)
    return overflow ? nil : AffineForm(terms: scaled, bias: product)
  }

  /// The sum, or nil when a number leaves 64 bits.
  func adding(_ other: AffineForm) -> AffineForm? {
    var sum: [(atom: Atom, coefficient: Int64)] = []
    sum.reserveCapacity(terms.count + other.terms.count)
    var i = 0
    var j = 0
    while i < terms.count || j < other.terms.count {
      if j == other.terms.count || (i < terms.count && terms[i].atom < other.terms[j].atom) {
        sum.append(terms[i])
        i += 1
      } else if i == terms.count || other.terms[j].atom < terms[i].atom {
        sum.append(other.terms[j])
        j += 1
      } else {
        let (both, overflow) = terms[i].coefficient.addingReportingOverflow(
          other.terms[j].coefficient)
        if overflow { return nil }
        if both != 0 { sum.append((terms[i].atom, both)) }
        i += 1
        j += 1
      }
    }
    let (total, overflow) = bias.addingReportingOverflow(other.bias)
    return overflow ? nil : AffineForm(terms: sum, bias: total)
  }

  /// The form `samples` samples ago, or nil when it has a bias: before the first sample a delay holds 0, and a form
  /// with a bias does not give 0 from zeros.
  func delayed(by samples: Int) -> AffineForm? {
    if samples == 0 { return self }
    guard bias == 0 else { return nil }
    return AffineForm(
      terms: terms.map {
        (Atom(wire: $0.atom.wire, delay: $0.atom.delay + samples), $0.coefficient)
      },
      bias: 0)
  }

  /// Bounds from the bounds of the atoms, or nil when they leave 64 bits.
  func range(of wireRange: (Wire) -> IntegerRange) -> IntegerRange? {
    var total = IntegerRange(bias)
    for (atom, coefficient) in terms {
      var range = wireRange(atom.wire)
      if atom.delay > 0 { range = range.union(IntegerRange(0)) }
      guard let product = range.scaled(by: coefficient), let sum = total.adding(product) else {
        return nil
      }
      total = sum
    }
    return total
  }
}
