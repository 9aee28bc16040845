import PareFixed
import PareText

extension NetworkPlan {
  func activationWords(_ plan: LayerPlan) -> String {
    switch plan.layer.activation {
    case .identity: "no activation"
    case .relu: "ReLU"
    case .leakyReLU(let shift): "leaky ReLU with the slope 2^-\(shift)"
    case .hardTanh: "hard tanh, limited to -1 and 1"
    case .lookup(let table): "tanh by a table of \(table.values.count) entries"
    }
  }

  /// The function from a sum to a word of the layer's result. Its `return` rounds and limits.
  func write(activationOf plan: LayerPlan, _ out: inout SourceWriter) {
    let sum = plan.sumType.name
    let result = plan.resultType.name
    switch plan.layer.activation {
    case .identity: out.comment("Rounds and limits a sum.")
    case .relu: out.comment("max(sum, 0), rounded and limited.")
    case .leakyReLU(let shift): out.comment("sum, or sum * 2^-\(shift) where it is negative.")
    case .hardTanh: out.comment("sum, limited to -1 and 1.")
    case .lookup:
      out.comment(
        "tanh by its table of one sign: for negative sums the mirror image about -1/2 unit.")
    }
    out.block("static inline \(result) \(plan.activate)(\(sum) sum)") { out in
      switch plan.layer.activation {
      case .identity: out.line("return \(result)(sum);")
      case .relu:
        out.line("if (sum < 0) return \(result)(0);")
        out.line("return \(result)(sum);")
      case .leakyReLU(let shift):
        let active = plan.activeType.name
        out.line("if (sum < 0) return \(result)(\(active)(sum) >> \(shift));")
        out.line("return \(result)(sum);")
      case .hardTanh:
        out.line("if (sum > 1) return \(result)(1);")
        out.line("if (sum < -1) return \(result)(-1);")
        out.line("return \(result)(sum);")
      case .lookup(let table):
        let word = "ap_int<\(plan.sumType.wordLength)>"
        out.line("\(word) word;")
        out.line("word.range() = sum.range();")
        out.line("const bool is_negative = sum < 0;")
        out.line("if (is_negative) word = ~word;")
        out.line(
          "const \(word) step = word >> \(table.shift);", comment: "bits below a step of the table")
        out.line("const int last = \(plan.table)_entries - 1;")
        out.line("const int entry = step > last ? last : step.to_int();")
        out.line("const \(result) magnitude = number<\(result)>(\(plan.table)[entry]);")
        out.line("if (is_negative) return \(result)(-magnitude);")
        out.line("return magnitude;")
      }
    }
    out.line()
  }
}
