import PareFixed
import PareNetwork
import PareText

extension NetworkPlan {
  // MARK: - Streams

  /// Taking a sample from the stream, a copy for each path, and giving a result to the other one.
  func write(streams out: inout SourceWriter) {
    out.function("static void read_sample", ["hls::stream<input_t>& in"] + reads) { out in
      out.line("const input_t sample = in.read();")
      out.block("for (int channel = 0; channel < signal_channels; ++channel)") { out in
        if isWhole { out.pragma("UNROLL") }
        out.line("signal[channel] = sample.x[channel];")
        if direct != nil { out.line("direct_signal[channel] = sample.x[channel];") }
      }
    }
    out.line()
    out.function(
      "static void write_result",
      ["const result_t (&result)[result_channels]", "hls::stream<output_t>& out"]
    ) { out in
      out.line("output_t sample;")
      out.block("for (int channel = 0; channel < result_channels; ++channel)") { out in
        if isWhole { out.pragma("UNROLL") }
        out.line("sample.y[channel] = result[channel];")
      }
      out.line("out.write(sample);")
    }
    out.line()
  }

  private var reads: [String] {
    ["signal_t (&signal)[signal_channels]"]
      + (direct == nil ? [] : ["signal_t (&direct_signal)[signal_channels]"])
  }

  // MARK: - Top

  func write(top out: inout SourceWriter) {
    out.block(signature) { out in
      switch directives.interface {
      case nil: break
      case .axiStream:
        out.pragma("INTERFACE mode=axis port=in")
        out.pragma("INTERFACE mode=axis port=out")
        out.pragma("INTERFACE mode=ap_ctrl_none port=return")
      case .fifo:
        out.pragma("INTERFACE mode=ap_fifo port=in")
        out.pragma("INTERFACE mode=ap_fifo port=out")
      }
      if let interval = directives.pipelineInterval { out.pragma("PIPELINE II=\(interval)") }
      if directives.isDataflow { out.pragma("DATAFLOW") }
      out.line("using namespace \(space);")
      func array(_ type: String, _ name: String, _ size: String, _ out: inout SourceWriter) {
        out.line("\(type) \(name)[\(size)];")
        // Arrays between functions that are whole become wires or FIFOs, not memories.
        if directives.partition != .none {
          out.pragma("ARRAY_PARTITION variable=\(name) type=complete dim=0")
        }
      }
      array("signal_t", "signal", "signal_channels", &out)
      if direct != nil { array("signal_t", "direct_signal", "signal_channels", &out) }
      out.line("read_sample(in, signal\(direct == nil ? "" : ", direct_signal"));")
      var source = "signal"
      if !hasPlainFeatures {
        array("feature_t", "inputs", "feature_channels", &out)
        out.line("features(signal, inputs);")
        source = "inputs"
      }
      if let direct {
        array(direct.sumType.name, "more", "result_channels", &out)
        if directives.isDataflow {
          // The direct path is ahead of the layers by as many samples as there are functions beside it.
          out.pragma("STREAM variable=more type=fifo depth=\(layers.count + 2)")
        }
        out.line("direct(direct_signal, more);")
      }
      for plan in layers {
        let result = plan.isOutput ? "result" : "hidden\(plan.index)"
        array(plan.resultType.name, result, outputChannels(of: plan), &out)
        out.line(
          "\(plan.name)(\(source), \(plan.isOutput && direct != nil ? "more, " : "")\(result));")
        source = result
      }
      out.line("write_result(result, out);")
    }
  }

  func write(restart out: inout SourceWriter) {
    out.line()
    out.line("#ifndef __SYNTHESIS__")
    out.block("void \(name)_restart()") { out in
      out.line("using namespace \(space);")
      let lines =
        pastsOfFeatures
        + layers.filter { $0.fir.depth > 0 }.map {
          ($0.past, inputChannels(of: $0), $0.samples, $0.inputType.name)
        }
        + (direct.map { $0.depth > 0 ? [($0.past, "signal_channels", $0.samples, "signal_t")] : [] }
          ?? [])
      for (past, channels, samples, type) in lines {
        out.line("for (int channel = 0; channel < \(channels); ++channel)")
        out.indented { out in
          out.line("for (int sample = 0; sample < \(samples); ++sample)")
          out.indented { $0.line("\(past)[channel][sample] = \(type)(0);") }
        }
      }
    }
    out.line("#endif")
  }
}
