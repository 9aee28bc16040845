import PareSignal

/// Envelopes of a signal, and their derivatives along a direction.
struct VolterraBasis: Sendable {
  let input: IQSignal
  private let places: [VolterraEnvelope: Int]
  private let values: [IQSignal]

  init(_ envelopes: [VolterraEnvelope], of x: IQSignal) {
    input = x
    var places: [VolterraEnvelope: Int] = [:]
    var values: [IQSignal] = []
    for envelope in envelopes where places[envelope] == nil {
      places[envelope] = values.count
      values.append(Self.value(envelope, x))
    }
    self.places = places
    self.values = values
  }

  /// The derivatives of the same envelopes when the signal moves along a direction.
  init(derivativeOf basis: VolterraBasis, along direction: IQSignal) {
    input = direction
    places = basis.places
    var values = basis.values
    for (envelope, place) in basis.places {
      values[place] = Self.derivative(envelope, basis.input, direction)
    }
    self.values = values
  }

  func envelope(_ envelope: VolterraEnvelope) -> IQSignal { values[places[envelope]!] }

  private static func value(_ envelope: VolterraEnvelope, _ x: IQSignal) -> IQSignal {
    let count = x.count
    var (i, q) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    switch envelope {
    case .power(let exponent):
      for n in 0..<count { i[n] = magnitude(x.i[n] * x.i[n] + x.q[n] * x.q[n], exponent) }
    case .correlation(let lag, let power):
      for n in max(0, lag)..<max(max(0, lag), min(count, count + lag)) {
        let (a, b, c, d) = (x.i[n], x.q[n], x.i[n - lag], x.q[n - lag])
        let scale = magnitude(a * a + b * b, power)
        i[n] = (a * c + b * d) * scale
        q[n] = (b * c - a * d) * scale
      }
    }
    return IQSignal(i: i, q: q)
  }

  private static func derivative(
    _ envelope: VolterraEnvelope, _ x: IQSignal, _ dx: IQSignal
  ) -> IQSignal {
    let count = x.count
    var (i, q) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    switch envelope {
    case .power(0): break
    case .power(let exponent):
      for n in 0..<count {
        let slope = x.i[n] * dx.i[n] + x.q[n] * dx.q[n]
        i[n] = Self.slope(x.i[n] * x.i[n] + x.q[n] * x.q[n], exponent) * slope
      }
    case .correlation(let lag, let power):
      for n in max(0, lag)..<max(max(0, lag), min(count, count + lag)) {
        let (a, b, c, d) = (x.i[n], x.q[n], x.i[n - lag], x.q[n - lag])
        let (da, db, dc, dd) = (dx.i[n], dx.q[n], dx.i[n - lag], dx.q[n - lag])
        let scale = magnitude(a * a + b * b, power)
        let bend = power == 0 ? 0 : Self.slope(a * a + b * b, power) * (a * da + b * db)
        i[n] = (da * c + a * dc + db * d + b * dd) * scale + (a * c + b * d) * bend
        q[n] = (db * c + b * dc - da * d - a * dd) * scale + (b * c - a * d) * bend
      }
    }
    return IQSignal(i: i, q: q)
  }

  /// `|x|^exponent` from `|x|^2`.
  private static func magnitude(_ square: Double, _ exponent: Int) -> Double {
    var result = exponent % 2 == 1 ? square.squareRoot() : 1
    for _ in 0..<exponent / 2 { result *= square }
    return result
  }

  /// `d |x|^exponent` is this times `Re(conj x dx)`; the magnitude itself has no derivative at 0, where 0 stands for it.
  private static func slope(_ square: Double, _ exponent: Int) -> Double {
    guard square > 0 else { return 0 }
    return Double(exponent) * magnitude(square, exponent) / square
  }
}

extension VolterraTerm {
  /// The term over the signal of a basis.
  func values(_ basis: VolterraBasis) -> IQSignal {
    let envelope = basis.envelope(self.envelope)
    return product(basis.input, envelope)
  }

  /// The change of the term along a direction.
  func derivative(_ basis: VolterraBasis, _ change: VolterraBasis) -> IQSignal {
    product(change.input, basis.envelope(envelope))
      .adding(product(basis.input, change.envelope(envelope)), times: 1)
  }

  /// `x(n - carrier) * e(n - delay)`, 0 where either is outside.
  private func product(_ x: IQSignal, _ e: IQSignal) -> IQSignal {
    let count = x.count
    var (i, q) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    // The constant envelope has no delay.
    let delay = envelope == .power(0) ? 0 : self.delay
    let first = max(0, carrier, delay)
    for n in first..<max(first, min(count, count + carrier, count + delay)) {
      let (a, b) = (x.i[n - carrier], x.q[n - carrier])
      let (c, d) = (e.i[n - delay], e.q[n - delay])
      i[n] = a * c - b * d
      q[n] = a * d + b * c
    }
    return IQSignal(i: i, q: q)
  }
}
