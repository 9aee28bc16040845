public import PareNumerics
public import PareText

/// A filter whose weights lie in registers, so that all that depends on them happens at run time: every tap is shifted by a
/// barrel shifter, and tested for zero.
///
/// What a kernel makes of quantized weights that it may not know beforehand, and what the hardware of this module's other
/// printers saves by knowing them. It is there to be measured beside that; nothing else uses it. A reset loads the weights;
/// before it the registers hold their complements, so that synthesis cannot take one for a constant.
public struct StoredWeightFIR: Hashable, Sendable {
  /// The shifts that one term of a weight chooses from: `base + step * code`, a code in `codeBits` bits.
  public struct Term: Hashable, Sendable {
    public let base: Int
    public let step: Int
    public let codeBits: Int

    /// - Precondition: at least one code, and shifts from 0 up.
    public init(base: Int, step: Int, codeBits: Int) {
      precondition(base >= 0 && step > 0 && (0...8).contains(codeBits), "shifts \(base), \(step)")
      self.base = base
      self.step = step
      self.codeBits = codeBits
    }

    func shift(_ code: Int) -> Int { base + step * code }
    var codes: Range<Int> { 0..<(1 << codeBits) }
  }

  /// How weights of a power of two are stored: a sign, a bit that tells a weight from zero, an exponent.
  ///
  /// - Parameter bits: those of the quantizer `pot(bits:)`.
  public static func powerOfTwo(bits: Int) -> [Term] {
    [Term(base: 0, step: 1, codeBits: bits - 1)]
  }

  /// How sums of powers with one sign are stored: each term has a bit of its own that tells it from zero, and an exponent from the
  /// set of its own.
  ///
  /// - Precondition: `terms` is a power of two that leaves every term as many exponents.
  public static func additivePowersOfTwo(terms: Int, bits: Int) -> [Term] {
    let exponents = 1 << (bits - 1)
    precondition(
      terms > 0 && terms.nonzeroBitCount == 1 && terms <= exponents,
      "\(terms) terms of \(bits) bits")
    return (0..<terms).map { term in
      // Exponents term, term + terms, ... below the largest; as shifts to the left they count from the other end.
      Term(
        base: (exponents - 1 - term) % terms, step: terms,
        codeBits: (exponents / terms).trailingZeroBitCount)
    }
  }

  /// A weight as it is stored: a code for each term, nil for a term that is zero.
  struct Weight: Hashable {
    let isNegative: Bool
    let codes: [Int?]
  }

  /// `[output][input][tap]`, tap 0 for the newest sample.
  let weights: [[[Weight]]]
  let terms: [Term]
  let inputFormat: WordFormat

  /// - Parameters:
  ///   - coefficients: `[output][input][tap]`, tap 0 for the newest sample; all rows of one length.
  ///   - format: of the inputs, signed.
  /// - Returns: nil when a coefficient is no sum of terms.
  public init?(_ coefficients: [[[Int64]]], terms: [Term], format: WordFormat) {
    precondition(!terms.isEmpty && format.isSigned, "\(terms.count) terms, inputs \(format)")
    let shapes = Set(coefficients.flatMap { $0.map(\.count) })
    precondition(
      shapes.count == 1 && shapes.first! > 0 && Set(coefficients.map(\.count)).count == 1,
      "filters of different shapes")
    var table: [Int64: [Int?]] = [:]
    Self.enumerate(terms[...], sum: 0, codes: []) { table[$0] = table[$0] ?? $1 }
    var weights: [[[Weight]]] = []
    for rows in coefficients {
      var line: [[Weight]] = []
      for row in rows {
        let words = row.compactMap { value in
          table[abs(value)].map { Weight(isNegative: value < 0, codes: $0) }
        }
        guard words.count == row.count else { return nil }
        line.append(words)
      }
      weights.append(line)
    }
    self.weights = weights
    self.terms = terms
    inputFormat = format
  }

  /// All sums of terms, with fewer terms first.
  private static func enumerate(
    _ rest: ArraySlice<Term>, sum: Int64, codes: [Int?], _ body: (Int64, [Int?]) -> Void
  ) {
    guard let term = rest.first else { return body(sum, codes) }
    enumerate(rest.dropFirst(), sum: sum, codes: codes + [nil], body)
    for code in term.codes {
      enumerate(
        rest.dropFirst(), sum: sum + 1 << Int64(term.shift(code)), codes: codes + [code], body)
    }
  }

  public var inputCount: Int { weights[0].count }
  public var outputCount: Int { weights.count }
  public var tapCount: Int { weights[0][0].count }

  /// Samples between one that is accepted and its result at the outputs, beside one clock: the levels of the adder tree.
  public var flushCount: Int {
    var (level, count) = (0, inputCount * tapCount)
    while count > 1 { (level, count) = (level + 1, (count + 1) / 2) }
    return level
  }

  /// Bits of an output: no sum of the largest products overflows them.
  public var outputWordLength: Int { productWordLength + flushCount }

  private var productWordLength: Int {
    inputFormat.wordLength + terms.map { $0.shift($0.codes.upperBound - 1) }.max()! + terms.count
  }

  /// Bits of a stored weight: a sign, and for each term a bit and a code.
  private var storedBits: Int { terms.reduce(1) { $0 + 1 + $1.codeBits } }
}

extension StoredWeightFIR {
  /// The filter as one Verilog-2005 module with the ports and the timing of a generated design; inputs `x0`, `x1`, ..., outputs `y0`,
  /// `y1`, ....
  ///
  /// A register behind each product and each level of adders, as in a design without a clock to meet.
  ///
  /// - Throws: ``RTLError`` when the name cannot be used.
  public func verilog(named name: String) throws(RTLError) -> SourceBundle {
    let inputs = (0..<inputCount).map { "x\($0)" }
    let outputs = (0..<outputCount).map { "y\($0)" }
    let taken = ["clk", "rst", "in_valid", "out_valid"] + inputs + outputs
    guard NamingRules.verilog.isUnitName(name, apartFrom: taken) else {
      throw RTLError(.badModuleName(name))
    }
    var out = SourceWriter()
    out.comment("\(name).v: weights in registers, each tap shifted and tested for zero at run time")
    out.line("module \(name) (")
    out.indented { out in
      out.line("input  wire clk, rst, in_valid,")
      for input in inputs {
        out.line("input  wire signed [\(inputFormat.wordLength - 1):0] \(input),")
      }
      out.line("output reg  out_valid,")
      for output in outputs {
        out.line(
          "output wire signed [\(outputWordLength - 1):0] \(output)"
            + (output == outputs.last ? "" : ","))
      }
    }
    out.line(");")
    handshake(&out)
    delayLines(&out)
    for output in 0..<outputCount {
      for input in 0..<inputCount {
        for tap in 0..<tapCount { product(output, input, tap, &out) }
      }
      adderTree(output, &out)
    }
    out.line("endmodule")
    return SourceBundle(top: name, design: [SourceFile(path: "\(name).v", text: out.finish())])
  }

  private func handshake(_ out: inout SourceWriter) {
    let last = flushCount
    out.line()
    if last > 0 {
      out.comment("live[k]: at least k samples were accepted since the reset")
      out.line("reg [\(last):1] live;")
      out.line("always @(posedge clk)")
      out.line("  if (rst) live <= 0;")
      out.line(
        "  else if (in_valid) live <= \(last == 1 ? "1'b1" : "{live[\(last - 1):1], 1'b1}");")
    }
    out.line("always @(posedge clk)")
    out.line("  if (rst) out_valid <= 0;")
    out.line("  else out_valid <= in_valid\(last > 0 ? " && live[\(last)]" : "");")
  }

  private func delayLines(_ out: inout SourceWriter) {
    let word = inputFormat.wordLength
    for input in 0..<inputCount {
      out.line()
      out.line("wire signed [\(word - 1):0] x\(input)_0 = x\(input);")
      for tap in 1..<max(tapCount, 1) {
        out.line("reg signed [\(word - 1):0] x\(input)_\(tap);")
        out.line("always @(posedge clk)")
        out.line("  if (rst) x\(input)_\(tap) <= 0;")
        out.line("  else if (in_valid) x\(input)_\(tap) <= x\(input)_\(tap - 1);")
      }
    }
  }

  /// A stored weight, and the register behind what it makes of a sample.
  private func product(_ output: Int, _ input: Int, _ tap: Int, _ out: inout SourceWriter) {
    let weight = weights[output][input][tap]
    let name = "\(output)_\(input)_\(tap)"
    let width = productWordLength
    out.line()
    out.line("reg [\(storedBits - 1):0] w\(name) = \(literal(weight, inverted: true));")
    out.line("always @(posedge clk) if (rst) w\(name) <= \(literal(weight, inverted: false));")
    var place = 1
    var sum: [String] = []
    for (index, term) in terms.enumerated() {
      let code = "w\(name)[\(place + term.codeBits):\(place + 1)]"
      let base = "($signed(\(width)'sd0) + x\(input)_\(tap)) <<< \(term.base)"
      let amount = term.codeBits == 0 ? "" : " <<< (\(term.step) * \(code))"
      out.line(
        "wire signed [\(width - 1):0] t\(name)_\(index) = w\(name)[\(place)] ? ((\(base))\(amount)) : \(width)'sd0;"
      )
      sum.append("t\(name)_\(index)")
      place += 1 + term.codeBits
    }
    out.line("wire signed [\(width - 1):0] m\(name) = \(sum.joined(separator: " + "));")
    out.line("reg signed [\(width - 1):0] p\(name);")
    out.line("always @(posedge clk) if (in_valid) p\(name) <= w\(name)[0] ? -m\(name) : m\(name);")
  }

  private func literal(_ weight: Weight, inverted: Bool) -> String {
    // The sign comes last in the text, as the lowest bit.
    var bits = ""
    for (term, code) in zip(terms, weight.codes).reversed() {
      let digits = String(code ?? 0, radix: 2)
      if term.codeBits > 0 {
        bits += String(repeating: "0", count: term.codeBits - digits.count) + digits
      }
      bits += code == nil ? "0" : "1"
    }
    bits += weight.isNegative ? "1" : "0"
    if inverted { bits = String(bits.map { $0 == "0" ? "1" : "0" }) }
    return "\(storedBits)'b\(bits)"
  }

  private func adderTree(_ output: Int, _ out: inout SourceWriter) {
    var names = (0..<inputCount).flatMap { input in
      (0..<tapCount).map { "p\(output)_\(input)_\($0)" }
    }
    var width = productWordLength
    var level = 0
    out.line()
    while names.count > 1 {
      level += 1
      width += 1
      var next: [String] = []
      for place in stride(from: 0, to: names.count, by: 2) {
        let name = "s\(output)_\(level)_\(place / 2)"
        let pair = names[place..<min(place + 2, names.count)].joined(separator: " + ")
        out.line("reg signed [\(width - 1):0] \(name);")
        out.line("always @(posedge clk) if (in_valid) \(name) <= \(pair);")
        next.append(name)
      }
      names = next
    }
    out.line("assign y\(output) = \(names[0]);")
  }
}
