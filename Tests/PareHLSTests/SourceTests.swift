import Foundation
import PareFixed
import PareHLS
import PareNetwork
import PareNumerics
import PareText
import RandomNetworks
import Testing

/// The text of the generated code.
@Suite struct SourceTests {
  private static func network(
    _ quantizer: Quantizer, seed: UInt64 = 3, activation: Activation = .relu
  ) throws -> FixedNetwork {
    let quantized = try sampleNetwork(
      seed: seed, hidden: [2], kernelSize: 3, activation: activation, quantizer: quantizer)
    return try quantized.fixed(to: .uniform(for: quantized.architecture))
  }

  private static let stimulus = HLSStimulus(channels: [[0, 1], [2, 3]], segments: [0..<2])

  private static func source(_ network: FixedNetwork, _ options: HLSOptions) throws -> String {
    try network.hls(named: "dpd", options: options, stimulus: stimulus)
      .design.map(\.text).joined()
  }

  @Test(arguments: HLSForm.allCases)
  func `a small network is written as the golden file shows`(form: HLSForm) throws {
    let network = try Self.network(.apot(terms: 2, bits: 4))
    var options = HLSOptions()
    options.form = form
    options.directives = try DirectivePreset.throughput.directives(for: network, form: form)
    options.header = "generated for a test"
    let bundle = try network.hls(named: "dpd", options: options, stimulus: Self.stimulus)
    let files = bundle.design + bundle.testbench.filter { !$0.path.contains("pare_") }
    let text = files.map { "==== \($0.path)\n\($0.text)" }.joined()
    try expectGolden(text, "dpd_\(form.rawValue).txt")
  }

  @Test func `weights that are zero are not in the code`() throws {
    let network = try Self.network(.pot(bits: 4))
    let text = try Self.source(network, HLSOptions())
    let products = text.split(separator: "\n").filter { $0.contains("* in[") }
    #expect(products.count == network.nonZeroCount)
    #expect(network.nonZeroCount < network.layers.reduce(0) { $0 + $1.taps.count })
  }

  @Test(
    arguments: zip(
      ["pot", "apot", "fixed:7", "none"], [FIRKernel.pot, .apot, .multiply, .multiply]))
  func `the version of a filter follows from its weights`(
    quantizer: String, kernel: FIRKernel
  ) throws {
    let text = try Self.source(try Self.network(Quantizer(parsing: quantizer)), HLSOptions())
    let words = [
      "regular multiplication", "PoT: a shift and a sign", "APoT: two shifts and an add",
    ]
    let wanted = words[FIRKernel.allCases.firstIndex(of: kernel)!]
    for other in words { #expect(text.contains("// \(other);") == (other == wanted)) }
    #expect(text.contains(" * weight") == (kernel == .multiply))
  }

  @Test func `versions can be chosen for each layer`() throws {
    var options = HLSOptions()
    options.kernels = [.multiply, .apot]
    let text = try Self.source(try Self.network(.pot(bits: 4)), options)
    #expect(text.contains("multiply0(") && !text.contains("multiply1("))
    #expect(text.contains("// APoT: two shifts and an add; no activation."))
  }

  @Test func `every type has its rounding and overflow written out`() throws {
    let network = try Self.network(.none, activation: .tanh)
    for form in HLSForm.allCases {
      var options = HLSOptions()
      options.form = form
      let types = try Self.source(network, options).split(separator: "\n")
        .filter { $0.contains("fixed<") }
      #expect(!types.isEmpty)
      for type in types {
        #expect(type.firstMatch(of: #/AP_(TRN|RND|RND_CONV), AP_(WRAP|SAT)>/#) != nil, "\(type)")
      }
    }
  }

  @Test func `the baseline has no pragma, and the others have theirs`() throws {
    let network = try Self.network(.none)
    for form in HLSForm.allCases {
      var options = HLSOptions()
      options.form = form
      #expect(!(try Self.source(network, options)).contains("#pragma"))
      options.directives = try DirectivePreset.throughput.directives(for: network, form: form)
      let fast = try Self.source(network, options)
      for words in [
        "PIPELINE II=1", "ARRAY_PARTITION variable=layer0_past type=complete dim=0",
        "BIND_OP variable=product op=mul impl=dsp", "INTERFACE mode=axis port=in",
      ] { #expect(fast.contains("#pragma HLS \(words)"), "\(words)") }
      options.directives = Directives(
        loopInterval: 2, unroll: .factor(3), partition: .cyclic(2),
        multipliers: .init(.fabric, latency: 3), interface: .fifo, isDataflow: true, reuseFactor: 4)
      let other = try Self.source(network, options)
      for words in [
        "DATAFLOW", "PIPELINE II=2", "ARRAY_PARTITION variable=layer0_past type=cyclic factor=2",
        "BIND_OP variable=product op=mul impl=fabric latency=3", "INTERFACE mode=ap_fifo port=out",
        "ALLOCATION operation instances=mul limit=",
      ] { #expect(other.contains("#pragma HLS \(words)"), "\(words)") }
      #expect(other.contains("UNROLL factor=3") == (form == .loops))
    }
  }

  @Test func `multipliers and intervals follow the reuse factor`() throws {
    let network = try Self.network(.none)
    func estimate(_ preset: DirectivePreset, _ form: HLSForm, _ factor: Int?) throws -> HLSEstimate
    {
      var options = HLSOptions()
      options.form = form
      options.directives = try preset.directives(for: network, form: form, reuseFactor: factor)
      return try HLSEstimate(network, options: options)
    }
    let counts = network.layers.map { $0.taps.count { $0 != 0 } }
    let fast = try estimate(.throughput, .unrolled, nil)
    #expect(fast.initiationInterval == 1 && fast.multipliers == counts.reduce(0, +))
    let shared = try estimate(.throughput, .unrolled, 4)
    #expect(shared.initiationInterval == 4)
    #expect(shared.multipliers == counts.map { ($0 + 3) / 4 }.reduce(0, +))
    let small = try estimate(.area, .unrolled, nil)
    #expect(small.initiationInterval == counts.max()! && small.multipliers == counts.count)
    let loops = try estimate(.area, .loops, nil)
    #expect(loops.multipliers == counts.count && loops.initiationInterval > counts.max()!)
    #expect(fast.provenance == HLSEstimate.ownEstimate)
    // 16-bit words and weights fit one block each.
    #expect(fast.dsp == fast.multipliers)
  }

  @Test func `multipliers of features are counted once for all that share them`() throws {
    let architecture = try Architecture(
      features: [
        "i|x|^3", "q|x[-2]|^3", "i[-1]|x|^4", "q re(x x[-1]*)|x|^2", "im(x x[-2]*)", "|x|^1",
      ].map { try Feature(parsing: $0) }, hiddenChannels: [], kernelSize: 1, hasSkip: false)
    let network = try sampleNetwork(seed: 1, architecture, .pot()).fixed(
      to: .uniform(for: architecture))
    let estimate = try HLSEstimate(network, options: HLSOptions())
    // |x|^2, |x|^4, |x|^3; two correlations, one of them times |x|^2; four carriers.
    #expect(estimate.multipliers == 2 + 1 + 1 + 4 + 1 + 4)
  }

  @Test func `scripts name top, part, clock, files and the longest segment`() throws {
    let network = try Self.network(.apot(terms: 2, bits: 4))
    var options = HLSOptions()
    options.clockMHz = 300
    let bundle = try network.hls(
      named: "filter", options: options,
      stimulus: HLSStimulus(
        channels: words(network.inputFormat, seed: 1, count: 9), segments: [0..<2, 2..<8, 8..<9]))
    func text(_ path: String) -> String { bundle.files.first { $0.path == path }!.text }
    for (file, words) in [
      (
        "run_hls.tcl",
        [
          "set_top filter", "set_part {xczu7ev-ffvc1156-2-e}", "-period 3.333",
          "open_solution -reset solution1", "open_project -reset project",
          "add_files src/filter.cpp", "tb/tb_filter.cpp", "actual.txt 1}",
          "config_rtl -reset state",
        ]
      ),
      (
        "hls_config.cfg",
        [
          "syn.top=filter", "part=xczu7ev-ffvc1156-2-e", "clock=3.333ns", "syn.file=src/filter.cpp",
          "tb.file=tb/tb_filter.cpp", "cosim.argv=vectors.txt actual.txt 1", "syn.rtl.reset=state",
        ]
      ),
    ] {
      for word in words { #expect(text(file).contains(word), "\(file): \(word)") }
    }
    for file in bundle.files { #expect(file.text.utf8.allSatisfy { $0 < 128 }, "\(file.path)") }
  }

  // MARK: - Bad input

  @Test(arguments: ["", "1st", "a b", "class", "wire", "a__b", "hls", "ap_fixed", "dpd-1"])
  func `names that C++ or the tools use are refused`(name: String) throws {
    let network = try Self.network(.pot(bits: 4))
    let error = #expect(throws: HLSError.self) {
      try network.hls(named: name, stimulus: Self.stimulus)
    }
    #expect(error?.code == .badName(name))
  }

  @Test func `a version that the weights do not allow is refused`() throws {
    let network = try Self.network(.none)
    for kernel in [FIRKernel.pot, .apot] {
      var options = HLSOptions()
      options.kernels = [kernel]
      let error = #expect(throws: HLSError.self) { try Self.source(network, options) }
      #expect(error?.code == .kernel(layer: 0))
    }
    var options = HLSOptions()
    options.kernels = [.multiply, nil, nil]
    let error = #expect(throws: HLSError.self) { try Self.source(network, options) }
    #expect(error?.code == .kernelCount(expected: 2, got: 3))
  }

  @Test func `directives, clocks, parts and stimuli that make no sense are refused`() throws {
    let network = try Self.network(.pot(bits: 4))
    func refused(_ change: (inout HLSOptions) -> Void) throws {
      var options = HLSOptions()
      change(&options)
      #expect(throws: HLSError.self) { try Self.source(network, options) }
    }
    try refused { $0.directives.pipelineInterval = 0 }
    try refused { $0.directives.unroll = .factor(-1) }
    try refused { $0.directives.partition = .block(0) }
    try refused { $0.directives.reuseFactor = 0 }
    try refused { $0.directives.multipliers = .init(.dsp, latency: -1) }
    try refused { $0.directives = Directives(pipelineInterval: 1, isDataflow: true) }
    try refused { $0.clockMHz = 0 }
    try refused { $0.clockMHz = .nan }
    try refused { $0.part = "xc7} ; exit" }
    for stimulus in [
      HLSStimulus(channels: [[0]], segments: [0..<1]),
      HLSStimulus(channels: [[0], []], segments: [0..<1]),
      HLSStimulus(channels: [[], []], segments: []),
      HLSStimulus(channels: [[0], [1 << 20]], segments: [0..<1]),
      HLSStimulus(channels: [[0, 0], [0, 0]], segments: [0..<1]),
      HLSStimulus(channels: [[0, 0], [0, 0]], segments: [1..<2]),
    ] {
      let error = #expect(throws: HLSError.self) {
        try network.hls(named: "dpd", stimulus: stimulus)
      }
      #expect(error?.code == .stimulus)
    }
    #expect(throws: HLSError.self) {
      try DirectivePreset.baseline.directives(for: network, form: .loops, reuseFactor: 2)
    }
    #expect(throws: HLSError.self) {
      try DirectivePreset.area.directives(for: network, form: .loops, reuseFactor: 0)
    }
  }
}

/// Compares with a file in `Golden/`; `PARE_UPDATE_GOLDEN=1` writes it.
private func expectGolden(_ text: String, _ name: String) throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
  if ProcessInfo.processInfo.environment["PARE_UPDATE_GOLDEN"] == "1" {
    try Data(text.utf8).write(to: file)
  }
  let golden = try #require(
    try? Data(contentsOf: file), "no golden file \(name); run with PARE_UPDATE_GOLDEN=1")
  #expect(text == String(decoding: golden, as: UTF8.self))
}
