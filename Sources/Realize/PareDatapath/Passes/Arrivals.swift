/// When wires are ready, in pipeline stages, if every op is registered as full pipelining does.
struct Arrivals {
  private var stages: [Int] = []

  mutating func stage(of wire: Wire, in builder: DatapathBuilder) -> Int {
    while stages.count < builder.count {
      let node = builder[Wire(stages.count)]
      switch node.op {
      case .delay(let source, let samples):
        stages.append(max(0, stages[Int(source.index)] - samples))
      case .input, .constant, .linear, .add, .multiply, .relu, .clamp, .requantize, .lookup:
        let start = node.op.operands.map { stages[Int($0.index)] }.max() ?? 0
        stages.append(start + node.registerCount { builder[$0] })
      }
    }
    return stages[Int(wire.index)]
  }
}
