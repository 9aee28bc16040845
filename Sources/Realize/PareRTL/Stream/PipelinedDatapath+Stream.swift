public import PareDatapath
public import PareText

extension PipelinedDatapath {
  /// An AXI4-Stream around the module or entity `name`: `<name>_axis`, with back-pressure and packets.
  ///
  /// Each beat carries one sample of every input in `s_axis_tdata`, and one result of every output in `m_axis_tdata`:
  /// channels in slots of whole bytes, the first one lowest, the rest of a slot sign-extended (and not looked at on input).
  /// A beat is taken in every clock as long as `m_axis_tready` stays high. After the beat with `s_axis_tlast` the wrapper
  /// feeds ``flushCount`` zero samples, so that a packet of N samples gives N results, `m_axis_tlast` with the last; then it
  /// resets the core for one clock, and the next packet starts from the zero state.
  ///
  /// The testbench compares packets with the vectors of the core's own testbench, with stalls on neither side, on either
  /// and on both.
  ///
  /// - Parameter vectors: what the testbench feeds and expects, a packet per segment; no testbench when nil.
  /// - Returns: the wrapper without the core; the testbench and its vectors.
  /// - Throws: ``RTLError`` when the vectors do not fit, or a segment of them is empty.
  public func axiStream(
    named name: String, language: RTLLanguage, vectors: TestVectors? = nil
  ) throws(RTLError) -> SourceBundle {
    var files: [SourceFile] = []
    if let vectors {
      let lengths = vectors.segments.map(\.count)
      files =
        try StreamTestbench(self, name: name, language: language, lengths: lengths).files()
        + VectorFiles(self, vectors).files()
    }
    return streamBundle(named: name, language: language, testbench: files)
  }

  /// The same with a testbench for the vectors that a bundle of the core has, if it has some.
  func axiStream(
    named name: String, language: RTLLanguage, vectorsOf bundle: SourceBundle
  ) throws(RTLError) -> SourceBundle {
    var files: [SourceFile] = []
    if let segments = bundle.testbench.first(where: { $0.path == VectorFiles.segments }) {
      let lengths = segments.text.split(separator: "\n").map { line in
        guard let length = Int(line, radix: 16) else {
          preconditionFailure("'\(line)' in \(segments.path)")
        }
        return length
      }
      files = try StreamTestbench(self, name: name, language: language, lengths: lengths).files()
    }
    return streamBundle(named: name, language: language, testbench: files)
  }

  private func streamBundle(
    named name: String, language: RTLLanguage, testbench: [SourceFile]
  ) -> SourceBundle {
    let wrapper = StreamWrapper(self, name: name)
    let text =
      switch language {
      case .verilog: wrapper.verilog()
      case .vhdl: wrapper.vhdl()
      }
    return SourceBundle(
      top: "\(name)_axis",
      design: [SourceFile(path: "\(name)_axis\(language.fileExtension)", text: text)],
      testbench: testbench)
  }
}
