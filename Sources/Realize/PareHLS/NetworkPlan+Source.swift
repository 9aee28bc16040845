import PareFixed
import PareNetwork
import PareNumerics
import PareText

extension NetworkPlan {
  /// `dpd.cpp`: a function per layer, and the top.
  func sourceFile() -> SourceFile {
    var out = SourceWriter()
    out.line("#include \"\(name).h\"")
    if hasTables { out.line("#include \"\(name)_tables.h\"") }
    out.line()
    out.line("namespace \(space) {")
    out.line()
    write(numbers: &out)
    for plan in layers {
      write(plan, &out)
      out.line()
    }
    if let direct {
      write(direct, &out)
      out.line()
    }
    write(features: &out)
    write(streams: &out)
    out.line("}  // namespace \(space)")
    out.line()
    write(top: &out)
    write(restart: &out)
    let opening = SourceFile.opening(
      "\(name).cpp", "\(network.architecture.name)", header: options.header)
    return SourceFile(path: "src/\(name).cpp", text: opening + out.finish())
  }

  // MARK: - What the functions share

  private func write(numbers out: inout SourceWriter) {
    out.comment("The number whose word is `word`.")
    out.line("template <class Number>")
    out.block("static inline Number number(long long word)") { out in
      out.line("Number value = 0;")
      out.line("value.range() = word;")
      out.line("return value;")
    }
    out.line()
    if usesScaled {
      out.comment("x * 2^exponent.")
      out.line("template <class Number>")
      out.block("static inline Number scaled(Number x, int exponent)") { out in
        out.line("if (exponent < 0) return x >> -exponent;")
        out.line("return x << exponent;")
      }
      out.line()
    }
    guard
      layers.contains(where: { $0.fir.depth > 0 }) || direct != nil || !pastsOfFeatures.isEmpty
    else { return }
    out.comment("Moves all delay lines by one sample and takes in the newest.")
    out.line("template <class Number, int channels, int samples>")
    out.function(
      "static inline void shift_in",
      ["Number (&past)[channels][samples]", "const Number (&newest)[channels]"]
    ) { out in
      if isWhole { out.pragma("INLINE") }
      out.block("for (int channel = 0; channel < channels; ++channel)") { out in
        if isWhole { out.pragma("UNROLL") }
        out.block("for (int sample = samples - 1; sample > 0; --sample)") { out in
          if isWhole { out.pragma("UNROLL") }
          out.line("past[channel][sample] = past[channel][sample - 1];")
        }
        out.line("past[channel][0] = newest[channel];")
      }
    }
    out.line()
  }

  private var usesScaled: Bool {
    options.form == .loops
      && (layers.map(\.fir) + [direct?.fir].compactMap { $0 })
        .contains { $0.kernel != .multiply && !$0.taps.isEmpty }
  }

  /// Whether the small loops beside those over taps are unrolled.
  var isWhole: Bool { directives.unroll != .none || directives.pipelineInterval != nil }

  // MARK: - Layers

  private func write(_ plan: LayerPlan, _ out: inout SourceWriter) {
    let shape = plan.layer.shape
    out.comment(
      "Layer \(plan.index): \(shape.inputChannels) -> \(shape.outputChannels) channels, kernel "
        + "\(shape.kernelSize)"
        + (shape.dilation == 1 ? "" : ", dilation \(shape.dilation)")
        + "; \(plan.fir.taps.count) of \(shape.weightCount) weights are not zero;")
    out.comment("\(plan.fir.kernel.words); \(activationWords(plan)).")
    if plan.fir.depth > 0 {
      out.line(
        "static \(plan.inputType.name) \(plan.past)[\(inputChannels(of: plan))][\(plan.samples)];")
    }
    out.line()
    write(
      multiply: plan.multiply, plan.fir, input: plan.inputType.name, weight: plan.weightType,
      product: plan.productType, &out)
    write(activationOf: plan, &out)
    let isLast = plan.isOutput && direct != nil
    let parameters =
      ["const \(plan.inputType.name) (&in)[\(inputChannels(of: plan))]"]
      + (isLast ? ["const \(plan.sumType.name) (&more)[result_channels]"] : [])
      + ["\(plan.resultType.name) (&out)[\(outputChannels(of: plan))]"]
    out.function("static void \(plan.name)", parameters) { out in
      write(pragmasOf: plan.fir, past: plan.fir.depth > 0 ? plan.past : nil, &out)
      if plan.fir.depth > 0 { out.line("shift_in(\(plan.past), in);") }
      let bodies = FIRText(
        fir: plan.fir, name: plan.name, past: plan.past, inputType: plan.inputType,
        sumType: plan.sumType, weightType: plan.weightType, multiply: plan.multiply,
        directives: directives)
      switch options.form {
      case .unrolled:
        bodies.names(&out)
        for output in 0..<shape.outputChannels {
          out.line()
          let sum = "sum\(output)"
          let bias = plan.layer.biases[output]
          let value = Double(bias) * powerOfTwo(-plan.layer.accumulatorFractionBits)
          out.line(
            "\(plan.sumType.name) \(sum) = number<\(plan.sumType.name)>(\(bias));",
            comment: "bias \(decimal(value))")
          bodies.unrolled(output, into: sum, &out)
          if isLast { out.line("\(sum) += more[\(output)];", comment: "the direct path") }
          out.line("out[\(output)] = \(plan.activate)(\(sum));")
        }
      case .loops:
        let channels = outputChannels(of: plan)
        out.line("\(plan.sumType.name) sums[\(channels)];")
        write(partition: "sums", &out)
        out.block(
          "for (int channel = 0; channel < \(channels); ++channel)"
        ) { out in
          if isWhole { out.pragma("UNROLL") }
          out.line(
            "sums[channel] = number<\(plan.sumType.name)>(\(plan.name)_biases[channel]);")
        }
        bodies.loop(&out)
        out.block(
          "for (int channel = 0; channel < \(channels); ++channel)"
        ) { out in
          if isWhole { out.pragma("UNROLL") }
          if isLast { out.line("sums[channel] += more[channel];") }
          out.line("out[channel] = \(plan.activate)(sums[channel]);")
        }
      }
      if plan.fir.depth == 0 { out.line("(void)in;", comment: "no weight is left") }
    }
  }

  private func write(_ direct: DirectPlan, _ out: inout SourceWriter) {
    var parts: [String] = []
    if let fir = direct.fir {
      parts.append(
        "a linear filter, \(fir.taps.count) of \(fir.shape.weightCount) weights not zero, "
          + fir.kernel.words)
    }
    if direct.skipDelay != nil { parts.append("the signal itself") }
    out.comment(
      "Direct path, from the signal to the output's sums: \(parts.joined(separator: "; ")).")
    let isEmpty = direct.depth == 0
    if !isEmpty {
      out.line("static signal_t \(direct.past)[signal_channels][\(direct.samples)];")
    }
    out.line()
    if let fir = direct.fir {
      write(
        multiply: direct.multiply, fir, input: "signal_t", weight: direct.weightType,
        product: direct.productType, &out)
    }
    let sum = direct.sumType.name
    out.function(
      "static void direct",
      ["const signal_t (&in)[signal_channels]", "\(sum) (&sums)[result_channels]"]
    ) { out in
      write(pragmasOf: direct.fir, past: isEmpty ? nil : direct.past, &out)
      if isEmpty {
        out.line("(void)in;", comment: "no weight is left")
      } else {
        out.line("shift_in(\(direct.past), in);")
      }
      let bodies = direct.fir.map {
        FIRText(
          fir: $0, name: direct.name, past: direct.past, inputType: direct.inputType,
          sumType: direct.sumType, weightType: direct.weightType, multiply: direct.multiply,
          directives: directives)
      }
      let start = { (channel: String) -> String in
        direct.skipDelay.map {
          "\(sum)(\(direct.past)[\(channel)][\($0 == 0 ? "0" : "look_ahead")])"
        }
          ?? "\(sum)(0)"
      }
      switch options.form {
      case .unrolled:
        bodies?.names(&out)
        for output in 0..<direct.channels {
          out.line()
          out.line(
            "\(sum) sum\(output) = \(start("\(output)"));",
            comment: direct.skipDelay.map { "the skip, \(sample(output, $0))" } ?? "no skip")
          bodies?.unrolled(output, into: "sum\(output)", &out)
          out.line("sums[\(output)] = sum\(output);")
        }
      case .loops:
        out.block("for (int channel = 0; channel < result_channels; ++channel)") {
          out in
          if isWhole { out.pragma("UNROLL") }
          out.line("sums[channel] = \(start("channel"));")
        }
        bodies?.loop(&out)
      }
    }
  }

  private func write(
    multiply function: String, _ fir: FIRPlan, input: String, weight: String, product: String,
    _ out: inout SourceWriter
  ) {
    guard fir.kernel == .multiply, !fir.taps.isEmpty else { return }
    out.block("static inline \(product) \(function)(\(input) x, \(weight) weight)") { out in
      if directives.multipliers != nil { out.pragma("INLINE") }
      out.line("const \(product) product = x * weight;")
      if let binding = directives.multipliers {
        out.pragma(
          "BIND_OP variable=product op=mul impl=\(binding.implementation.rawValue)"
            + (binding.latency.map { " latency=\($0)" } ?? ""))
      }
      out.line("return product;")
    }
    out.line()
  }

  private func write(
    pragmasOf fir: FIRPlan?, past: String?, _ out: inout SourceWriter
  ) {
    if let past { write(partition: past, &out) }
    if directives.isDataflow, options.form == .unrolled {
      out.pragma("PIPELINE II=\(directives.loopInterval ?? directives.reuseFactor ?? 1)")
    }
    if let factor = directives.reuseFactor, factor > 1, let fir, fir.multiplications > 0 {
      out.pragma(
        "ALLOCATION operation instances=mul limit=\((fir.multiplications + factor - 1) / factor)")
    }
  }

  func write(partition array: String, _ out: inout SourceWriter) {
    switch directives.partition {
    case .none: break
    case .complete: out.pragma("ARRAY_PARTITION variable=\(array) type=complete dim=0")
    case .cyclic(let factor):
      out.pragma("ARRAY_PARTITION variable=\(array) type=cyclic factor=\(factor) dim=1")
    case .block(let factor):
      out.pragma("ARRAY_PARTITION variable=\(array) type=block factor=\(factor) dim=1")
    }
  }
}
