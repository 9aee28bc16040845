import PareDatapath
import PareNumerics
import PareQoR
import PareRTL
import PareText
import PareTools

/// A source on its way to hardware: the graph, its pipeline, and what the clock makes of it.
struct CompiledDesign {
  let lowered: Datapath
  let pipeline: PipelinedDatapath
  let family: LogicFamily

  /// Solves the constant multiplications, unfolds, and pipelines.
  init(_ source: DesignSource, _ options: CompileOptions) throws {
    family = try options.family()
    lowered = try source.lowered()
    let solver = SolverOptions(family: family, effort: options.effort, seed: options.seed)
    let passes: PassPipeline =
      switch options.multipliers {
      case .shiftAdd: .solving(solver)
      case .dsp(let layers): .solving(solver, multiplying: layers)
      }
    let datapath = try lowered.optimized(by: passes).unfolded(by: options.samplesPerClock)
    pipeline = try datapath.pipelined(options.pipelineOptions(family))
  }
}

extension CompileOptions {
  func pipelineOptions(_ family: LogicFamily) -> PipelineOptions {
    PipelineOptions(family: family, clockHz: clockMHz.map { $0 * 1e6 })
  }
}

extension PipelinedDatapath {
  func source(
    in language: RTLLanguage, named name: String, header: String,
    vectors: TestVectors
  ) throws -> SourceBundle {
    switch language {
    case .verilog: try verilog(named: name, header: header, vectors: vectors)
    case .vhdl: try vhdl(named: name, header: header, vectors: vectors)
    }
  }
}

extension DesignFolder {
  /// Compiles a source into a folder.
  ///
  /// The folder appears whole or not at all. One that holds the same design already is left alone, with the results of
  /// later stages in it; one that holds another design is replaced; one that is no design folder is refused.
  ///
  /// - Throws: ``ExploreError``, `DatapathError`, `RTLError`, `QoRError`.
  public static func compile(
    _ source: DesignSource, options: CompileOptions, to path: String
  ) throws -> DesignFolder {
    guard !path.isEmpty else {
      throw ExploreError(
        .designFolder(path: path), "the path of the design folder is empty", hint: "name a folder",
        kind: .usage)
    }
    let device = try Device(named: options.targets[0])
    let design = try CompiledDesign(source, options)
    let pipeline = design.pipeline
    let lanes = SampleLanes(options.samplesPerClock)
    let corners = CornerStimulus(for: design.lowered)
    let vectors = lanes.vectors(corners.channels, segments: corners.segments, model: source)
    let header = header(source, options, digits: design.lowered.statistics.digitCount)
    let bundle = try pipeline.source(
      in: options.language, named: options.name, header: header, vectors: vectors)
    let sourceText = try source.json()
    let extras = try pipeline.projectFiles(
      named: options.name, bundle: bundle, part: device.part, clockMHz: options.constraintMHz,
      samplesPerClock: options.samplesPerClock, defines: pipeline.options.family.rowDefines,
      otherFiles: [
        .init("manifest.json", "what this folder holds, for programs"),
        .init(source.fileName, "the source; the hardware equals it bit for bit"),
        .init("datapath.txt", "the dataflow graph that the hardware was written from"),
      ])
    let manifest = manifest(
      source, sourceText: sourceText, options: options, design: design, bundle: bundle,
      project: extras.map(\.path), vectorCount: vectors.count)
    let files =
      [
        SourceFile(path: "manifest.json", text: JSONText.encode(manifest)),
        SourceFile(path: source.fileName, text: sourceText),
        SourceFile(path: "datapath.txt", text: pipeline.datapath.description),
      ] + bundle.design.map { SourceFile(path: "rtl/\($0.path)", text: $0.text) }
      + bundle.testbench.map { SourceFile(path: "tb/\($0.path)", text: $0.text) } + extras
    // A slash at the end, as a shell completes it, would put the neighbour folder inside.
    let folder = Folder(path).path
    try write(files, to: folder)
    return DesignFolder(
      path: path, manifest: manifest, source: source, datapath: pipeline.datapath)
  }

  private static func manifest(
    _ source: DesignSource, sourceText: String, options: CompileOptions, design: CompiledDesign,
    bundle: SourceBundle, project: [String], vectorCount: Int
  ) -> DesignManifest {
    let pipeline = design.pipeline
    let datapath = pipeline.datapath
    let testbench = bundle.testbench.map { "tb/\($0.path)" }
    let inputFormats = source.inputFormats.flatMap {
      Array(repeating: $0, count: options.samplesPerClock)
    }
    return DesignManifest(
      schemaVersion: DesignManifest.currentSchema, kind: source.kind, options: options,
      family: design.family, top: options.name, files: bundle.design.map { "rtl/\($0.path)" },
      testbench: .init(
        top: "tb_\(options.name)", files: testbench.filter { !$0.hasSuffix(".hex") },
        vectors: testbench.filter { $0.hasSuffix(".hex") }, sampleCount: vectorCount),
      project: project, clockMHz: options.constraintMHz,
      inputs: zip(datapath.inputs, inputFormats).map { .init(name: $0, format: $1) },
      outputs: datapath.outputs.map { .init(name: $0.name, format: datapath[$0.wire].format) },
      latencyClocks: pipeline.latency + datapath.lookAhead,
      lookAheadSamples: datapath.lookAhead * options.samplesPerClock,
      registerBits: pipeline.registerBits, statistics: datapath.statistics,
      timing: DesignManifest.Timing(pipeline, clockMHz: options.clockMHz),
      resources: pipeline.resources(),
      source: source.fileName, summary: source.summary, sourceHash: hash(sourceText))
  }

  private static func header(
    _ source: DesignSource, _ options: CompileOptions, digits: Int
  ) -> String {
    let rate = options.samplesPerClock == 1 ? "one sample" : "\(options.samplesPerClock) samples"
    return "generated by \(options.generator) from \(source.fileName)\n"
      + "\(source.summary), \(digits) signed digits, \(rate) per clock"
  }
}
