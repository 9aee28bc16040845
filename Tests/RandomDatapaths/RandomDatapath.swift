public import PareDatapath
import PareNumerics

/// Graphs to try laws on.
public enum RandomDatapath {
  /// Any ops on any wires, with narrow formats, so that limits, ties and wraps happen.
  public static func anything(seed: UInt64, nodeCount: Int = 24) throws -> Datapath {
    var random = RandomStream(seed: seed)
    var builder = DatapathBuilder()
    var wires: [Wire] = []
    for channel in 0..<2 {
      let word = 3 + random.index(below: 6)
      wires.append(
        builder.input(
          "x\(channel)",
          WordFormat(
            wordLength: word, integerBits: random.index(below: 4),
            isSigned: random.index(below: 3) > 0)))
    }
    while builder.count < nodeCount {
      // Recent wires first, so that graphs grow deep.
      let pick = { (random: inout RandomStream) -> Wire in
        wires[max(0, wires.count - 1 - random.index(below: 6))]
      }
      let a = pick(&random)
      let b = pick(&random)
      do {
        wires.append(try node(a, b, &builder, &random))
      } catch let error as DatapathError {
        guard case .rangeOverflow = error.code else { throw error }
        // The random node was too wide; another one is drawn.
      }
    }
    for output in 0..<3 { builder.output("y\(output)", wires[wires.count - 1 - output * 2]) }
    return try builder.finish(lookAhead: random.index(below: 4))
  }

  private static func node(
    _ a: Wire, _ b: Wire, _ builder: inout DatapathBuilder, _ random: inout RandomStream
  ) throws -> Wire {
    let fraction = builder[a].format.fractionBits
    func number(_ bound: Int) -> Int64 { Int64(random.index(below: 2 * bound + 1) - bound) }
    switch random.index(below: 9) {
    case 0: return builder.delay(a, samples: 1 + random.index(below: 4))
    case 1, 2:
      let terms = [a, b, a, b].prefix(1 + random.index(below: 4)).map {
        LinearTerm(number(9), $0, delay: random.index(below: 4))
      }
      return try builder.linear(
        Array(terms), bias: number(20), fractionBits: fraction + random.index(below: 3))
    case 3:
      let operands = [a, b, a].prefix(1 + random.index(below: 3)).map {
        Operand($0, shift: random.index(below: 3), isNegated: random.index(below: 2) == 0)
      }
      return try builder.add(Array(operands), fractionBits: fraction)
    case 4:
      // Products of wide words grow without end; keep them for narrow ones.
      guard builder[a].range.signedBits + builder[b].range.signedBits < 24 else {
        return try builder.relu(a)
      }
      return try builder.multiply(a, b)
    case 5: return try builder.relu(a)
    case 6:
      let lower = number(40)
      return try builder.clamp(
        a, lower: lower, upper: lower + Int64(random.index(below: 60)))
    case 7:
      let word = 2 + random.index(below: 8)
      let shift = random.index(below: 8) - 1
      let format = WordFormat(
        wordLength: word, integerBits: word - (fraction - shift),
        isSigned: random.index(below: 4) > 0)
      return try builder.requantize(
        a, to: format, rounding: Rounding.allCases[random.index(below: 3)],
        overflow: Overflow.allCases[random.index(below: 2)])
    default:
      let table = (0..<(1 + random.index(below: 9))).map { _ in number(100) }
      return try builder.lookup(
        a, shift: random.index(below: 4), table: table,
        format: WordFormat(wordLength: 9, integerBits: 2))
    }
  }

  /// Two convolutions with biases, an activation, a skip and a look-ahead: what a network lowers to.
  public static func network(
    seed: UInt64, channels: Int = 3, kernel: Int = 4, table: Bool = false, tableCount: Int = 128
  ) throws -> Datapath {
    var random = RandomStream(seed: seed)
    let word = WordFormat(wordLength: 12, integerBits: 3)
    var builder = DatapathBuilder()
    let inputs = ["xi", "xq"].map { builder.input($0, word, label: $0) }
    func taps(_ wires: [Wire]) -> [LinearTerm] {
      wires.flatMap { wire in
        (0..<kernel).compactMap { delay in
          let coefficient = Int64(random.index(below: 129) - 64)
          return random.index(below: 3) == 0 ? nil : LinearTerm(coefficient, wire, delay: delay)
        }
      }
    }
    let bias = { (random: inout RandomStream) in Int64(random.index(below: 200_001) - 100_000) }
    let hidden = try (0..<channels).map { channel in
      let sum = try builder.linear(
        taps(inputs), bias: bias(&random), fractionBits: 15, label: "l0c\(channel)")
      if table {
        let word = try builder.requantize(sum, to: word, label: "l0c\(channel)_q")
        return try builder.lookup(
          word, shift: tableCount > 256 ? 1 : 3,
          table: (0..<tableCount).map { Int64(5 + 1024 * $0 / tableCount) },
          format: WordFormat(wordLength: 12, integerBits: 3), label: "l0c\(channel)_act")
      }
      return try builder.requantize(
        try builder.relu(sum, label: "l0c\(channel)_relu"), to: word, label: "l0c\(channel)_q")
    }
    let lookAhead = kernel / 2
    for (index, name) in ["yi", "yq"].enumerated() {
      let skip = LinearTerm(64, inputs[index], delay: lookAhead)
      let sum = try builder.linear(
        taps(hidden) + [skip], bias: bias(&random), fractionBits: 15, label: "l1c\(index)")
      builder.output(name, try builder.requantize(sum, to: word, label: "\(name)_word"))
    }
    return try builder.finish(lookAhead: lookAhead)
  }

  /// Samples that fill the inputs' ranges, their ends often.
  public static func stimulus(for datapath: Datapath, count: Int, seed: UInt64) -> [[Int64]] {
    var random = RandomStream(seed: seed)
    var channels = Array(repeating: [Int64](), count: datapath.inputs.count)
    for node in datapath.nodes {
      guard case .input(let channel) = node.op else { continue }
      let span = Int(node.range.upper - node.range.lower) + 1
      channels[channel] = (0..<count).map { _ in
        switch random.index(below: 8) {
        case 0: node.range.lower
        case 1: node.range.upper
        case 2: 0
        default: node.range.lower + Int64(random.index(below: span))
        }
      }
    }
    return channels
  }
}
