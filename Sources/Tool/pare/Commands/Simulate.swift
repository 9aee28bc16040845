import ArgumentParser
import PareExplore
import PareFixed
import PareRTL
import PareSignal
import PareText
import PareTools

/// `pare simulate`: the generated hardware against the integer model.
struct Simulate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Simulate a design folder and compare every output with the integer model.",
    discussion: """
      Feeds corner words, noise over the whole range and, for a network, the validation and test splits of the data set \
      that it was trained on. Ends with exit code 1 and the first bad sample when one bit differs. HLS C++ is built by the system's \
      compiler with a small header of fixed-point numbers, and once more with the vendor's where 'make tools' has brought it. \
      With --netlist the synthesized cells are simulated instead of the Verilog, in the netlist that 'pare implement' left or in one \
      made now, and their toggles are counted.
      """)

  @Argument(help: "A folder that 'pare compile' wrote.")
  var folder: String

  @Option(
    help:
      "Data set to feed instead of the one that the model names; 'none' for corner words and noise only."
  )
  var dataset: String?

  @Option(help: "CSV of a waveform to feed as well, columns I and Q.")
  var input: String?

  @Option(help: "With --input: CSV for what the Verilog made of it.")
  var output: String?

  @Option(help: "verilator or iverilog; ghdl for VHDL.")
  var simulator: SimulatorChoice?

  @Flag(help: "Simulate the synthesized netlist and count what switches in it.")
  var netlist = false

  @Option(help: "With --netlist: device to synthesize for; the first of the design unless given.")
  var target: String?

  @Option(help: "With --netlist: samples of each stimulus to feed at most.")
  var samples: Int?

  @Flag(help: "With --netlist: count glitches too, with one unit of delay for each cell.")
  var unitDelay = false

  @Option(help: "With --netlist: file for the switching activity of each net (SAIF).")
  var saif: String?

  @Option(help: "With --netlist: file for waves of the first clocks (VCD).")
  var vcd: String?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if !netlist, target != nil || samples != nil || unitDelay || saif != nil || vcd != nil {
      throw ValidationError("--target, --samples, --unit-delay, --saif and --vcd need --netlist")
    }
    if netlist, simulator != nil || output != nil {
      throw ValidationError("--simulator and --output are for sources, not for --netlist")
    }
    if let samples, samples < 1 {
      throw ValidationError("--samples is \(samples); give at least 1")
    }
    if netlist { return }
    guard (input == nil) == (output == nil) else {
      throw ValidationError("--input and --output belong together")
    }
  }

  func run() async throws {
    guard !HLSFolder.isOne(folder) else {
      if netlist {
        throw ValidationError("--netlist needs a design in Verilog, and \(folder) holds HLS C++")
      }
      return try await runHLS()
    }
    let design = try DesignFolder(opening: folder)
    if netlist { return try await runNetlist(design) }
    let language = design.manifest.language
    let choice = simulator ?? (language == .vhdl ? .ghdl : .verilator)
    guard choice.language == language else {
      throw ValidationError(
        "--simulator \(choice.rawValue) does not read \(language.rawValue); leave it out")
    }
    let tool = try await choice.find()
    var stimuli = [try design.cornerStimulus()]
    if let name = datasetName(design.source), name != "none" {
      let data = try await DatasetSource.load(name, onProgress: common.toolProgress)
      stimuli += try design.stimuli(from: data)
    }
    var model: ModelFile?
    if let input {
      guard case .model(let file) = design.source, design.manifest.inputs.count == 2 else {
        throw ValidationError("--input needs a network with inputs I and Q")
      }
      stimuli.append(try Self.stimulus(input, file))
      model = file
    }
    let simulation = try await design.simulate(stimuli, with: tool, onProgress: common.toolProgress)
    if let output, let model, let words = simulation.outputs.last {
      let values = model.fixed.real(words)
      try IQSignal(i: values[0], q: values[1]).write(toCSV: output)
    }
    Console.result(
      common.json ? JSONText.encode(simulation.summary) : Self.words(simulation.summary))
  }

  /// The C++ with each header of fixed-point numbers that there is.
  private func runHLS() async throws {
    guard simulator == nil else {
      throw ValidationError(
        "--simulator is for Verilog and VHDL; HLS C++ is built by the compiler in CXX")
    }
    let design = try HLSFolder(opening: folder)
    var tools = [try await CxxSimulator()]
    if let headers = try XilinxHeaders.find() {
      tools.append(try await CxxSimulator(headers: .xilinx(headers)))
    } else {
      Console.note(
        "note: the vendor's ap_types are not here ('make tools' brings them); only pare_ap is used")
    }
    var stimuli = [try design.cornerStimulus()]
    if let name = datasetName(.model(design.model)), name != "none" {
      let data = try await DatasetSource.load(name, onProgress: common.toolProgress)
      stimuli += try design.stimuli(from: data)
    }
    if let input {
      guard design.manifest.inputs.count == 2 else {
        throw ValidationError("--input needs a network with inputs I and Q")
      }
      stimuli.append(try Self.stimulus(input, design.model))
    }
    var summaries: [DesignSimulation.Summary] = []
    var last: DesignSimulation?
    for tool in tools {
      let simulation = try await design.simulate(
        stimuli, with: tool, onProgress: common.toolProgress)
      summaries.append(simulation.summary)
      last = simulation
    }
    if let output, let words = last?.outputs.last {
      let values = design.model.fixed.real(words)
      try IQSignal(i: values[0], q: values[1]).write(toCSV: output)
    }
    Console.result(
      common.json
        ? JSONText.encode(summaries) : summaries.map(Self.words).joined(separator: "\n"))
  }

  static func stimulus(_ file: String, _ model: ModelFile) throws -> Stimulus {
    let signal = try IQSignal(contentsOfCSV: file)
    return Stimulus(
      name: file, words: model.fixed.quantize(signal.channels), segments: [0..<signal.count])
  }

  func datasetName(_ source: DesignSource) -> String? {
    if let dataset { return dataset }
    guard case .model(let model) = source else { return nil }
    return model.task?.dataset
  }

  private static func words(_ summary: DesignSimulation.Summary) -> String {
    """
    equal: \(summary.samples.grouped) samples of \(summary.design), every output bit \
    (\(summary.simulator) \(summary.version), build \(summary.buildSeconds.fixed(1)) s, run \
    \(summary.runSeconds.fixed(1)) s)
    \(summary.stimuli.map { "  " + $0 }.joined(separator: "\n"))
    """
  }
}

/// The simulators that `pare simulate` can drive.
enum SimulatorChoice: String, CaseIterable, ExpressibleByArgument {
  case verilator
  case iverilog
  case ghdl

  var language: RTLLanguage {
    switch self {
    case .verilator, .iverilog: .verilog
    case .ghdl: .vhdl
    }
  }

  func find() async throws -> any Simulator {
    switch self {
    case .verilator: try await VerilatorSimulator()
    case .iverilog: try await IcarusSimulator()
    case .ghdl: try await GHDLSimulator()
    }
  }
}
