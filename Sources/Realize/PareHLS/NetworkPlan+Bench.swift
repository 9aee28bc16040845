import PareFixed
import PareNetwork
import PareNumerics
import PareText

extension NetworkPlan {
  /// The test bench: a `main` for this design, the common part, the vectors, and the header of our own.
  func benchFiles(_ stimulus: HLSStimulus) throws(HLSError) -> [SourceFile] {
    try check(stimulus)
    func fixed(_ path: String, _ bytes: [UInt8]) -> SourceFile {
      SourceFile(path: path, text: String(decoding: bytes, as: UTF8.self))
    }
    return [
      SourceFile(path: "tb/tb_\(name).cpp", text: bench()),
      fixed("tb/pare_bench.h", PackageResources.pare_bench_h),
      SourceFile(path: "tb/vectors.txt", text: vectors(stimulus)),
      fixed("pare_ap/ap_fixed.h", PackageResources.ap_fixed_h),
      fixed("pare_ap/ap_int.h", PackageResources.ap_int_h),
      fixed("pare_ap/hls_stream.h", PackageResources.hls_stream_h),
    ]
  }

  private func check(_ stimulus: HLSStimulus) throws(HLSError) {
    func demand(_ condition: Bool, _ reason: String) throws(HLSError) {
      if !condition {
        throw HLSError(.stimulus, reason, hint: "take the words from the model's input format")
      }
    }
    let inputs = architecture.inputChannels
    try demand(
      stimulus.channels.count == inputs,
      "\(stimulus.channels.count) channels of words for \(inputs) inputs")
    let count = stimulus.channels[0].count
    try demand(count > 0, "a test bench needs at least one sample")
    let range = network.inputFormat.range
    for (index, channel) in stimulus.channels.enumerated() {
      try demand(
        channel.count == count, "channel \(index) has \(channel.count) samples, the first \(count)")
      if let word = channel.first(where: { !range.contains($0) }) {
        try demand(false, "the word \(word) of channel \(index) is outside \(network.inputFormat)")
      }
    }
    var next = 0
    for segment in stimulus.segments {
      try demand(segment.lowerBound == next, "segment \(segment) does not begin at \(next)")
      next = segment.upperBound
    }
    try demand(next == count, "segments end at \(next), samples at \(count)")
  }

  private func vectors(_ stimulus: HLSStimulus) -> String {
    let results = network.run(stimulus.channels, segments: stimulus.segments)
    var text =
      "pare-vectors 1 inputs \(stimulus.channels.count) outputs \(results.count) segments "
      + "\(stimulus.segments.count)\n"
    for segment in stimulus.segments {
      text += "segment \(segment.count)\n"
      for sample in segment {
        let words = (stimulus.channels + results).map { "\($0[sample])" }
        text += words.joined(separator: " ") + "\n"
      }
    }
    return text
  }

  private func bench() -> String {
    var out = SourceWriter()
    out.comment("tb_\(name).cpp: checks \(name) against the integer model's results in vectors.txt")
    out.line("#include \"pare_bench.h\"")
    out.line("#include \"\(name).h\"")
    out.line()
    out.comment("One sample through the design, as words.")
    out.block("static void step_\(name)(const long long* inputs, long long* outputs)") { out in
      out.line("using namespace \(space);")
      out.line("static hls::stream<input_t> in;")
      out.line("static hls::stream<output_t> out;")
      out.line("input_t sample;")
      out.line(
        "for (int port = 0; port < signal_channels; ++port) sample.x[port].range() = inputs[port];")
      out.line("in.write(sample);")
      out.line("\(name)(in, out);")
      out.line("output_t result = out.read();")
      out.block("for (int port = 0; port < result_channels; ++port)") { out in
        let type = layers.last!.resultType
        out.line("ap_\(type.isSigned ? "" : "u")int<\(type.wordLength)> word;")
        out.line("word.range() = result.y[port].range();")
        out.line("outputs[port] = word.to_int64();")
      }
    }
    out.line()
    out.block("int main(int count, char** words)") { out in
      let names = (0..<architecture.outputChannels).map { "\"y\($0)\"" }
      out.line("static const char* const names[] = {\(names.joined(separator: ", "))};")
      out.line("pare_bench::design dut;")
      out.line("dut.inputs = \(space)::signal_channels;")
      out.line("dut.outputs = \(space)::result_channels;")
      out.line("dut.look_ahead = \(space)::look_ahead;")
      out.line("dut.output_names = names;")
      out.line("dut.restart = \(name)_restart;")
      out.line("dut.step = step_\(name);")
      out.line("return pare_bench::run(dut, count, words);")
    }
    return out.finish()
  }
}
