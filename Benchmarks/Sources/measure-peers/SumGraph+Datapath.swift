import BenchmarkLayers
import PareDatapath
import PareNumerics

extension SumGraph {
  /// The rows as a datapath with the layer's ports.
  ///
  /// - Precondition: the graph is lowered to rows.
  func datapath(of layer: BenchmarkMatrix) throws -> Datapath {
    var builder = DatapathBuilder()
    let inputs = (0..<layer.inputCount).map {
      builder.input("x\($0)", layer.inputFormat, label: "x\($0)")
    }
    var rows: [Wire] = []
    for node in nodes {
      let operands = node.terms.map { operand(of: $0, inputs, rows, &builder) }
      rows.append(try builder.add(operands, fractionBits: 0))
    }
    for (index, output) in outputs.enumerated() {
      guard let term = output.terms.first else {
        builder.output("y\(index)", try builder.constant(output.bias, fractionBits: 0))
        continue
      }
      let operand = operand(of: term, inputs, rows, &builder)
      let isWire = operand.shift == 0 && !operand.isNegated
      builder.output(
        "y\(index)", isWire ? operand.wire : try builder.add([operand], fractionBits: 0))
    }
    return try builder.finish()
  }

  private func operand(
    of term: Term, _ inputs: [Wire], _ rows: [Wire], _ builder: inout DatapathBuilder
  ) -> Operand {
    let source =
      switch term.source {
      case .input(let input): inputs[input]
      case .node(let node): rows[node]
      }
    return Operand(
      builder.delay(source, samples: term.delay), shift: term.shift, isNegated: term.isNegated)
  }
}

extension BenchmarkMatrix {
  /// Whole numbers.
  var inputFormat: WordFormat { WordFormat(wordLength: inputBits, integerBits: inputBits) }

  func filterBank() throws -> FilterBank {
    try FilterBank(name: "layer", taps: taps, format: inputFormat)
  }
}
