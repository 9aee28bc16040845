import PareNetwork
import PareNumerics
import PareText

/// The statements of one FIR filter.
struct FIRText {
  let fir: FIRPlan
  let name: String
  let past: String
  let inputType: NumberType
  let sumType: NumberType
  let weightType: String
  let multiply: String
  let directives: Directives

  // MARK: - A statement per product

  private func local(_ tap: FIRPlan.Tap) -> String { "x\(tap.input)_\(tap.delay)" }

  /// A name for each sample that is used: `x1_2` is channel 1 two samples ago.
  func names(_ out: inout SourceWriter) {
    struct Place: Hashable, Comparable {
      let input: Int
      let delay: Int
      static func < (a: Place, b: Place) -> Bool { (a.input, a.delay) < (b.input, b.delay) }
    }
    let type = fir.kernel == .multiply ? inputType.name : sumType.name
    for place in Set(fir.taps.map { Place(input: $0.input, delay: $0.delay) }).sorted() {
      out.line(
        "const \(type) x\(place.input)_\(place.delay) = \(past)[\(place.input)][\(place.delay)];",
        comment: sample(place.input, place.delay))
    }
  }

  /// Adds the products of one output to a sum.
  func unrolled(_ output: Int, into sum: String, _ out: inout SourceWriter) {
    for tap in fir.taps where tap.output == output {
      let x = local(tap)
      let statement: String
      switch fir.kernel {
      case .multiply:
        statement = "+= \(multiply)(\(x), number<\(weightType)>(\(tap.weight)))"
      case .pot, .apot:
        let digits = FIRKernel.digits(of: tap.weight)!
        let terms = digits.map { x + shift(by: $0.exponent - fir.weightFractionBits) }
        let sign = digits[0].isNegative ? "-=" : "+="
        if digits.count == 1 {
          statement = "\(sign) \(terms[0])"
        } else {
          let isDifference = digits[0].isNegative != digits[1].isNegative
          let operands = zip(terms, digits).map { term, digit in
            digit.exponent == fir.weightFractionBits ? term : "(\(term))"
          }
          statement = "\(sign) \(operands[0]) \(isDifference ? "-" : "+") \(operands[1])"
        }
      }
      out.line(
        "\(sum) \(statement);",
        comment: "\(decimal(fir.value(tap))) * \(sample(tap.input, tap.delay))")
    }
  }

  // MARK: - A loop over a table

  func loop(_ out: inout SourceWriter) {
    guard !fir.taps.isEmpty else { return }
    let type = sumType.name
    out.block("for (int index = 0; index < \(name)_tap_count; ++index)") {
      out in
      if let interval = directives.loopInterval, directives.pipelineInterval == nil {
        out.pragma("PIPELINE II=\(interval)")
      }
      switch directives.unroll {
      case .none, .factor(1): break
      case .full: out.pragma("UNROLL")
      case .factor(let factor): out.pragma("UNROLL factor=\(min(factor, fir.taps.count))")
      }
      out.line("const \(name)_tap tap = \(name)_taps[index];")
      switch fir.kernel {
      case .multiply:
        out.line(
          "sums[tap.output] += \(multiply)(\(past)[tap.input][tap.delay], "
            + "number<\(weightType)>(tap.weight));")
      case .pot:
        out.line("const \(type) x = \(past)[tap.input][tap.delay];")
        out.line("const \(type) product = scaled(x, tap.exponent);")
        out.line("if (tap.is_negative) sums[tap.output] -= product;")
        out.line("else sums[tap.output] += product;")
      case .apot:
        out.line("const \(type) x = \(past)[tap.input][tap.delay];")
        out.line("\(type) product = scaled(x, tap.first_exponent);")
        out.line("const \(type) second = scaled(x, tap.second_exponent);")
        out.line("if (tap.second_is_added) product += second;")
        out.line("if (tap.second_is_subtracted) product -= second;")
        out.line("if (tap.is_negative) sums[tap.output] -= product;")
        out.line("else sums[tap.output] += product;")
      }
    }
  }

  /// The table that the loop runs over.
  func table(_ out: inout SourceWriter) {
    guard !fir.taps.isEmpty else { return }
    out.comment("The weights of \(name) that are not zero\(unit).")
    out.block("struct \(name)_tap") { out in
      out.line("std::uint16_t output;")
      out.line("std::uint16_t input;")
      out.line("std::uint16_t delay;", comment: "samples ago")
      switch fir.kernel {
      case .multiply:
        out.line(
          "\(integerType(fir.taps.map(\.weight))) weight;", comment: "the word of a \(weightType)")
      case .pot:
        out.line("bool is_negative;")
        out.line("std::int8_t exponent;", comment: "the weight is +-2^exponent")
      case .apot:
        out.line("bool is_negative;")
        out.line("std::int8_t first_exponent;", comment: "of the larger power of two")
        out.line("std::int8_t second_exponent;", comment: "of the smaller one, where there is one")
        out.line("bool second_is_added;")
        out.line("bool second_is_subtracted;")
      }
    }
    out.line(";")
    out.line("constexpr int \(name)_tap_count = \(fir.taps.count);")
    out.line("constexpr \(name)_tap \(name)_taps[\(name)_tap_count] = {")
    out.indented { out in
      for tap in fir.taps {
        out.line("{\(row(tap))},", comment: decimal(fir.value(tap)))
      }
    }
    out.line("};")
  }

  private var unit: String {
    fir.kernel == .multiply ? ", in units of 2^\(-fir.weightFractionBits)" : ""
  }

  private func row(_ tap: FIRPlan.Tap) -> String {
    let place = "\(tap.output), \(tap.input), \(tap.delay)"
    switch fir.kernel {
    case .multiply: return "\(place), \(tap.weight)"
    case .pot:
      let digit = FIRKernel.digits(of: tap.weight)![0]
      return "\(place), \(digit.isNegative), \(digit.exponent - fir.weightFractionBits)"
    case .apot:
      let digits = FIRKernel.digits(of: tap.weight)!
      let first = digits[0]
      let second = digits.count > 1 ? digits[1] : nil
      return "\(place), \(first.isNegative), \(first.exponent - fir.weightFractionBits), "
        + "\((second?.exponent ?? fir.weightFractionBits) - fir.weightFractionBits), "
        + "\(second.map { $0.isNegative == first.isNegative } ?? false), "
        + "\(second.map { $0.isNegative != first.isNegative } ?? false)"
    }
  }
}
