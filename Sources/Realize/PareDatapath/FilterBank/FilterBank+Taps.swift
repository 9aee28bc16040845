import PareNumerics

/// Refuses a value of a description of filters.
func demand(
  _ condition: Bool, _ path: String, _ reason: @autoclosure () -> String
) throws(FilterBankError) {
  if !condition { throw FilterBankError(path: path, reason: reason()) }
}

extension FilterBank.Tap {
  /// Greatest magnitude of a coefficient: products with a word of 14 bits still fit 63.
  private static let limit = Int64(1) << 48

  /// - Parameter fractionBits: binary places that the products are moved to, those of the coefficient apart.
  func validate(
    in inputs: [FilterBank.Input], alignedTo fractionBits: Int, path: String
  ) throws(FilterBankError) {
    try demand(
      inputs.indices.contains(input), path,
      "input \(input) does not exist; there are \(inputs.count)")
    try demand((0...65_535).contains(delay), path, "delay \(delay) is outside 0...65535")
    try demand(
      coefficient.magnitude <= Self.limit, path, "coefficient \(coefficient) is beyond 2^48")
    try demand(
      fractionBits - inputs[input].format.fractionBits <= 62, path,
      "the inputs' fraction bits differ by more than 62")
  }

  /// The tap with another's coefficient added.
  fileprivate func adding(
    _ other: FilterBank.Tap, path: String
  ) throws(FilterBankError) -> FilterBank.Tap {
    let (sum, overflow) = coefficient.addingReportingOverflow(other.coefficient)
    try demand(
      !overflow && sum.magnitude <= Self.limit, path,
      "the taps for input \(input), delay \(delay) sum to more than 2^48")
    return FilterBank.Tap(input: input, delay: delay, coefficient: sum)
  }
}

extension FilterBank.Output {
  private struct Place: Hashable {
    let input: Int
    let delay: Int
  }

  /// The output with one tap per input and delay, each where its first stood.
  ///
  /// - Parameter notes: gets a sentence for every tap that was added to another.
  func merged(path: String, notes: inout [String]) throws(FilterBankError) -> FilterBank.Output {
    var places: [Place: Int] = [:]
    var sums: [FilterBank.Tap] = []
    for (index, tap) in taps.enumerated() {
      let place = Place(input: tap.input, delay: tap.delay)
      guard let first = places[place] else {
        places[place] = sums.count
        sums.append(tap)
        continue
      }
      let tapPath = "\(path).taps[\(index)]"
      sums[first] = try sums[first].adding(tap, path: tapPath)
      notes.append(
        "\(tapPath): a second tap for input \(tap.input), delay \(tap.delay) was added to the first"
      )
    }
    return FilterBank.Output(name: name, taps: sums, bias: bias, requantizer: requantizer)
  }
}
