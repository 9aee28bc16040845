extension Op {
  /// The wires that the op reads, in order, with repetitions.
  public var operands: [Wire] {
    switch self {
    case .input, .constant: []
    case .delay(let wire, _), .relu(let wire), .clamp(let wire, _, _), .requantize(let wire, _, _),
      .lookup(let wire, _, _):
      [wire]
    case .linear(let terms, _): terms.map(\.wire)
    case .add(let operands): operands.map(\.wire)
    case .multiply(let a, let b): [a, b]
    }
  }

  /// The same op on other wires.
  public func mapped(_ move: (Wire) -> Wire) -> Op {
    switch self {
    case .input, .constant: self
    case .delay(let wire, let samples): .delay(move(wire), samples: samples)
    case .linear(let terms, let bias):
      .linear(
        terms.map { LinearTerm($0.coefficient, move($0.wire), delay: $0.delay) }, bias: bias)
    case .add(let operands):
      .add(operands.map { Operand(move($0.wire), shift: $0.shift, isNegated: $0.isNegated) })
    case .multiply(let a, let b): .multiply(move(a), move(b))
    case .relu(let wire): .relu(move(wire))
    case .clamp(let wire, let lower, let upper): .clamp(move(wire), lower: lower, upper: upper)
    case .requantize(let wire, let rounding, let overflow):
      .requantize(move(wire), rounding, overflow)
    case .lookup(let wire, let shift, let table): .lookup(move(wire), shift: shift, table: table)
    }
  }

  /// The word that the text form uses.
  public var keyword: String {
    switch self {
    case .input: "input"
    case .constant: "constant"
    case .delay: "delay"
    case .linear: "linear"
    case .add: "add"
    case .multiply: "multiply"
    case .relu: "relu"
    case .clamp: "clamp"
    case .requantize: "requantize"
    case .lookup: "lookup"
    }
  }
}
