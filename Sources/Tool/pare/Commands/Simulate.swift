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
      that it was trained on. Ends with exit code 1 and the first bad sample when one bit differs.
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

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (input == nil) == (output == nil) else {
      throw ValidationError("--input and --output belong together")
    }
  }

  func run() async throws {
    let design = try DesignFolder(opening: folder)
    let language = design.manifest.language
    let choice = simulator ?? (language == .vhdl ? .ghdl : .verilator)
    guard choice.language == language else {
      throw ValidationError(
        "--simulator \(choice.rawValue) does not read \(language.rawValue); leave it out")
    }
    let tool = try await choice.find()
    var stimuli = [try design.cornerStimulus()]
    if let name = datasetName(design), name != "none" {
      let data = try await DatasetSource.load(name, onProgress: common.toolProgress)
      stimuli += try design.stimuli(from: data)
    }
    var model: ModelFile?
    if let input {
      guard case .model(let file) = design.source, design.manifest.inputs.count == 2 else {
        throw ValidationError("--input needs a network with inputs I and Q")
      }
      let signal = try IQSignal(contentsOfCSV: input)
      stimuli.append(
        Stimulus(
          name: input, words: file.fixed.quantize(signal.channels), segments: [0..<signal.count]))
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

  private func datasetName(_ design: DesignFolder) -> String? {
    if let dataset { return dataset }
    guard case .model(let model) = design.source else { return nil }
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
