import PareFixed
import PareNumerics
import PareText

extension NetworkPlan {
  var hasTables: Bool {
    options.form == .loops || layers.contains { $0.lookup != nil } || magnitude != nil
  }

  /// `dpd_tables.h`: biases and weights of the loops, and the tables of tanh and of |x|.
  func tablesFile() -> SourceFile? {
    guard hasTables else { return nil }
    let guardName = name.uppercased() + "_TABLES_H"
    var out = SourceWriter()
    out.line("#ifndef \(guardName)")
    out.line("#define \(guardName)")
    out.line()
    out.line("#include <cstdint>")
    out.line()
    out.line("#include \"\(name).h\"")
    out.line()
    out.line("namespace \(space) {")
    out.line()
    if let magnitude {
      out.comment("|x| for every |x|^2 >> \(magnitude.shift), as words of an envelope1_t.")
      write(magnitude, named: "magnitude_table", &out)
    }
    for plan in layers {
      if options.form == .loops {
        let bits = plan.layer.accumulatorFractionBits
        out.comment("Biases of layer \(plan.index), in units of 2^\(-bits).")
        out.line(
          "constexpr \(integerType(plan.layer.biases)) \(plan.name)_biases[\(outputChannels(of: plan))] = {"
        )
        out.indented { out in
          for bias in plan.layer.biases {
            out.line("\(bias),", comment: decimal(Double(bias) * powerOfTwo(-bits)))
          }
        }
        out.line("};")
        out.line()
        text(
          plan.fir, name: plan.name, weight: plan.weightType, input: plan.inputType,
          sum: plan.sumType
        )
        .table(&out)
        out.line()
      }
      if let table = plan.lookup { write(table, of: plan, &out) }
    }
    if options.form == .loops, let direct, let fir = direct.fir {
      text(
        fir, name: direct.name, weight: direct.weightType, input: direct.inputType,
        sum: direct.sumType
      )
      .table(&out)
      out.line()
    }
    out.line("}  // namespace \(space)")
    out.line()
    out.line("#endif")
    let opening = SourceFile.opening(
      "\(name)_tables.h", "constants of \(name)", header: options.header)
    return SourceFile(
      path: "src/\(name)_tables.h",
      text: opening + out.finish().replacing("}\n;\n", with: "};\n"))
  }

  private func text(
    _ fir: FIRPlan, name: String, weight: String, input: NumberType, sum: NumberType
  ) -> FIRText {
    FIRText(
      fir: fir, name: name, past: "", inputType: input, sumType: sum, weightType: weight,
      multiply: "", directives: directives)
  }

  private func write(_ table: OddTable, of plan: LayerPlan, _ out: inout SourceWriter) {
    let step = powerOfTwo(table.shift - plan.layer.accumulatorFractionBits)
    out.comment(
      "tanh((entry + 1/2) * \(decimal(step))), as words of a \(plan.resultType.name).")
    write(table, named: plan.table, &out)
  }

  private func write(_ table: OddTable, named name: String, _ out: inout SourceWriter) {
    out.line("constexpr int \(name)_entries = \(table.values.count);")
    out.line("constexpr \(integerType(table.values)) \(name)[\(name)_entries] = {")
    out.indented { out in
      let perLine = 12
      for start in stride(from: 0, to: table.values.count, by: perLine) {
        let row = table.values[start..<min(start + perLine, table.values.count)]
        out.line(row.map { "\($0)," }.joined(separator: " "))
      }
    }
    out.line("};")
    out.line()
  }
}

extension LayerPlan {
  var lookup: OddTable? {
    guard case .lookup(let table) = layer.activation else { return nil }
    return table
  }
}
