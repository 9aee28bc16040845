import PareFixed
import PareNetwork
import PareText

extension NetworkPlan {
  /// `dpd.h`: sizes, types and the top function.
  func headerFile() -> SourceFile {
    let guardName = name.uppercased() + "_H"
    var out = SourceWriter()
    out.line("#ifndef \(guardName)")
    out.line("#define \(guardName)")
    out.line()
    out.line("#include <ap_fixed.h>")
    out.line("#include <ap_int.h>")
    out.line("#include <hls_stream.h>")
    out.line()
    out.line("namespace \(space) {")
    out.line()
    out.comment("Sizes. Delay lines hold the newest sample first.")
    for (constant, value, comment) in sizes {
      out.line("constexpr int \(constant) = \(value);", comment: comment)
    }
    out.line()
    out.comment("Number types: word length and bits before the binary point, sign included.")
    for type in types { out.line(type.definition, comment: type.comment) }
    out.line()
    out.comment("One sample of all channels, as the streams carry it.")
    out.block("struct input_t") { $0.line("signal_t x[signal_channels];") }
    // A struct's definition ends in a semicolon.
    out.line(";")
    out.block("struct output_t") { $0.line("result_t y[result_channels];") }
    out.line(";")
    out.line()
    out.line("}  // namespace \(space)")
    out.line()
    out.comment(
      "The top function. Each call takes a sample and gives a result; the result of a sample")
    out.comment(
      lookAhead == 0
        ? "comes from the very call that takes it."
        : "comes \(lookAhead) \(lookAhead == 1 ? "call" : "calls") after the one that takes it.")
    out.line(signature + ";")
    out.line()
    out.line("#ifndef __SYNTHESIS__")
    out.comment("Clears all delay lines, as the reset does in hardware.")
    out.line("void \(name)_restart();")
    out.line("#endif")
    out.line()
    out.line("#endif")
    let opening = SourceFile.opening(
      "\(name).h", "types and top function of \(name)", header: options.header)
    let text = out.finish().replacing("}\n;\n", with: "};\n")
    return SourceFile(path: "src/\(name).h", text: opening + text)
  }

  var signature: String {
    "void \(name)(hls::stream<\(space)::input_t>& in, hls::stream<\(space)::output_t>& out)"
  }

  private var sizes: [(String, Int, String)] {
    var sizes = [
      ("signal_channels", architecture.inputChannels, "channels of the input"),
      ("result_channels", architecture.outputChannels, "channels of the output"),
      ("look_ahead", lookAhead, "samples of the future that a result needs"),
    ]
    if !hasPlainFeatures {
      sizes.append(
        ("feature_channels", architecture.features.count, "inputs of the first layer"))
    }
    sizes += sizesOfFeatures
    for plan in layers {
      if !plan.isOutput {
        sizes.append(
          (
            "\(plan.name)_channels", plan.layer.shape.outputChannels,
            "outputs of layer \(plan.index)"
          ))
      }
      if plan.fir.depth > 0 {
        sizes.append((plan.samples, plan.fir.depth, "delay lines of layer \(plan.index)"))
      }
    }
    if let direct {
      sizes.append((direct.samples, direct.depth, "delay lines of the direct path"))
    }
    return sizes
  }

  /// The constant for the channels that go into a layer.
  func inputChannels(of plan: LayerPlan) -> String {
    if plan.index > 0 { return "\(layers[plan.index - 1].name)_channels" }
    return hasPlainFeatures ? "signal_channels" : "feature_channels"
  }

  func outputChannels(of plan: LayerPlan) -> String {
    plan.isOutput ? "result_channels" : "\(plan.name)_channels"
  }
}
