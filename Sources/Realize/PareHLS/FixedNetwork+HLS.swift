public import PareFixed
public import PareText

extension FixedNetwork {
  /// The network as HLS C++: a top function between two streams, a function per layer, a self-checking test bench with its
  /// vectors, and scripts for the vendor's tool.
  ///
  ///     let bundle = try fixed.hls(named: "dpd", options: options, stimulus: stimulus)
  ///
  /// All arithmetic is in `ap_fixed` types whose rounding and overflow are written out, and equals ``run(_:segments:)`` bit
  /// for bit. Weights that are zero are not in the code.
  ///
  /// - Parameters:
  ///   - name: of the top function; files are named after it.
  ///   - stimulus: what the test bench feeds; it expects what the integer model makes of it.
  /// - Throws: ``HLSError``.
  public func hls(
    named name: String, options: HLSOptions = HLSOptions(), stimulus: HLSStimulus
  ) throws -> SourceBundle {
    let plan = try NetworkPlan(self, named: name, options: options)
    return SourceBundle(
      top: name,
      design: [plan.headerFile()] + [plan.tablesFile()].compactMap { $0 } + [plan.sourceFile()],
      testbench: try plan.benchFiles(stimulus)
        + plan.projectFiles(segments: stimulus.segments))
  }
}
