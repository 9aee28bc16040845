public import PareDatapath
import PareNumerics
import PareRTL
public import PareText
import PareTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A compiled design on disk: its source, its datapath, its Verilog and a manifest.
///
///     manifest.json   model.json or taps.json   datapath.txt   rtl/   tb/   then sim/ and synth/
public struct DesignFolder: Sendable {
  public let path: String
  public let manifest: DesignManifest
  public let source: DesignSource
  /// The datapath after all passes, as in `datapath.txt`.
  public let datapath: Datapath

  /// What to compile for.
  public struct Options: Sendable, Hashable {
    public var name = "dpd"
    public var targets = ["zcu104", "ecp5"]
    public var clockMHz = 150.0
    public var generator: String

    public init(generator: String) { self.generator = generator }
  }

  /// Compiles a source into a folder.
  ///
  /// The folder appears whole or not at all. One that holds the same design already is left alone, with the results of
  /// later stages in it; one that holds another design is replaced; one that is no design folder is refused.
  ///
  /// - Throws: ``ExploreError``, `DatapathError`, `RTLError`.
  public static func compile(
    _ source: DesignSource, options: Options, to path: String
  ) throws -> DesignFolder {
    guard !path.isEmpty else {
      throw ExploreError(
        .designFolder(path: path), "the path of the design folder is empty", hint: "name a folder",
        kind: .usage)
    }
    let lowered = try source.lowered()
    let datapath = try lowered.optimized(by: .standard)
    let pipeline = try datapath.pipelined()
    let corners = CornerStimulus(for: datapath)
    let bundle = try pipeline.verilog(
      named: options.name, header: header(source, options, digits: lowered.statistics.digitCount),
      vectors: TestVectors(
        inputs: corners.channels, outputs: source.run(corners.channels, segments: corners.segments),
        segments: corners.segments))
    let sourceText = try source.json()
    let manifest = manifest(
      source, sourceText: sourceText, options: options, pipeline: pipeline, bundle: bundle,
      vectorCount: corners.channels[0].count)
    let files =
      [
        SourceFile(path: "manifest.json", text: JSONText.encode(manifest)),
        SourceFile(path: source.fileName, text: sourceText),
        SourceFile(path: "datapath.txt", text: datapath.description),
      ] + bundle.design.map { SourceFile(path: "rtl/\($0.path)", text: $0.text) }
      + bundle.testbench.map { SourceFile(path: "tb/\($0.path)", text: $0.text) }
    // A slash at the end, as a shell completes it, would put the neighbour folder inside.
    let folder = Folder(path).path
    try write(files, to: folder)
    return DesignFolder(path: path, manifest: manifest, source: source, datapath: datapath)
  }

  private static func manifest(
    _ source: DesignSource, sourceText: String, options: Options, pipeline: PipelinedDatapath,
    bundle: SourceBundle, vectorCount: Int
  ) -> DesignManifest {
    let datapath = pipeline.datapath
    let testbench = bundle.testbench.map { "tb/\($0.path)" }
    return DesignManifest(
      schemaVersion: DesignManifest.currentSchema, kind: source.kind, generator: options.generator,
      top: options.name, language: "verilog", files: bundle.design.map { "rtl/\($0.path)" },
      testbench: .init(
        top: "tb_\(options.name)", files: testbench.filter { $0.hasSuffix(".v") },
        vectors: testbench.filter { !$0.hasSuffix(".v") }, sampleCount: vectorCount),
      targets: options.targets, clockMHz: options.clockMHz,
      inputs: zip(datapath.inputs, source.inputFormats).map { .init(name: $0, format: $1) },
      outputs: datapath.outputs.map { .init(name: $0.name, format: datapath[$0.wire].format) },
      latencyClocks: pipeline.latency + datapath.lookAhead,
      lookAheadSamples: datapath.lookAhead, registerBits: pipeline.registerBits,
      statistics: datapath.statistics, source: source.fileName, summary: source.summary,
      sourceHash: hash(sourceText))
  }

  private static func hash(_ text: String) -> String {
    var hash = StableHash()
    hash.combine(text)
    return hash.hex
  }

  private init(path: String, manifest: DesignManifest, source: DesignSource, datapath: Datapath) {
    self.path = path
    self.manifest = manifest
    self.source = source
    self.datapath = datapath
  }

  /// Opens a folder that `compile` made.
  ///
  /// - Throws: ``ExploreError`` when a file is missing, or the error of the file that is damaged.
  public init(opening path: String) throws {
    let manifestPath = "\(path)/manifest.json"
    guard TextFile.exists(manifestPath) else {
      throw ExploreError(
        .designFolder(path: path), "\(path): not a design folder (it has no manifest.json)",
        hint: "make one with: pare compile model.json --out \(path)")
    }
    manifest = try JSONText.decode(
      DesignManifest.self, from: TextFile.read(manifestPath), file: manifestPath)
    guard manifest.schemaVersion == DesignManifest.currentSchema else {
      throw ExploreError(
        .designFolder(path: path),
        "\(manifestPath): schema version \(manifest.schemaVersion), and this program reads "
          + "\(DesignManifest.currentSchema)", hint: "compile the model again")
    }
    self.path = path
    let sourcePath = "\(path)/\(manifest.source)"
    source = try DesignSource(contentsOf: sourcePath)
    guard try Self.hash(TextFile.read(sourcePath)) == manifest.sourceHash else {
      throw ExploreError(
        .designFolder(path: path),
        "\(sourcePath) was changed after the design was compiled from it",
        hint: "compile it again: pare compile \(sourcePath) --out ANOTHER_FOLDER")
    }
    let text = try TextFile.read("\(path)/datapath.txt")
    do {
      datapath = try Datapath(parsing: text)
    } catch {
      throw ExploreError(
        .file(path: "\(path)/datapath.txt"), "\(path)/datapath.txt: \(error.message)",
        hint: error.hint)
    }
    try datapath.verify()
    try checkAgreement(manifestPath)
  }

  /// The files of a folder are read one by one; edited ones must not contradict each other.
  private func checkAgreement(_ manifestPath: String) throws(ExploreError) {
    func fault(_ reason: String) -> ExploreError {
      ExploreError(
        .designFolder(path: path), "\(manifestPath): \(reason)", hint: "compile the source again")
    }
    guard manifest.clockMHz > 0 else { throw fault("a clock of \(manifest.clockMHz) MHz") }
    guard !manifest.files.isEmpty, Set(manifest.files).count == manifest.files.count else {
      throw fault("the list of Verilog files is empty or names one twice")
    }
    var formats = Array(repeating: WordFormat?.none, count: datapath.inputs.count)
    for node in datapath.nodes {
      if case .input(let channel) = node.op { formats[channel] = node.format }
    }
    guard formats == source.inputFormats.map(Optional.some) else {
      throw fault("\(manifest.source) and datapath.txt have different inputs")
    }
  }

  /// The Verilog as it stands in the folder now, edits included.
  public func rtl() throws -> SourceBundle {
    SourceBundle(
      top: manifest.top,
      design: try manifest.files.map {
        SourceFile(
          path: String($0.split(separator: "/").last ?? ""),
          text: try TextFile.read("\(path)/\($0)"))
      })
  }

  private static func header(
    _ source: DesignSource, _ options: Options, digits: Int
  ) -> String {
    "generated by \(options.generator) from \(source.fileName)\n"
      + "\(source.summary), \(digits) signed digits, one sample per clock"
  }

  /// Writes the files beside the folder, then lets them take its place.
  private static func write(_ files: [SourceFile], to path: String) throws {
    if TextFile.exists("\(path)/manifest.json") {
      if files.allSatisfy({ (try? TextFile.read("\(path)/\($0.path)")) == $0.text }) { return }
    } else if TextFile.exists(path) {
      let contents = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? ["?"]
      guard contents.isEmpty else {
        throw ExploreError(
          .designFolder(path: path), "\(path) exists and is not a design folder",
          hint: "choose another --out, or remove it first", kind: .failed)
      }
    }
    let partial = "\(path).part"
    do {
      if TextFile.exists(partial) { try FileManager.default.removeItem(atPath: partial) }
      for file in files { try TextFile.write(file.text, to: "\(partial)/\(file.path)") }
      if TextFile.exists(path) { try FileManager.default.removeItem(atPath: path) }
      try FileManager.default.moveItem(atPath: partial, toPath: path)
    } catch {
      // Nothing half-written stays behind; that it cannot be removed would say no more than the fault itself.
      try? FileManager.default.removeItem(atPath: partial)
      if let error = error as? ExploreError { throw error }
      throw ExploreError(
        .designFolder(path: path), "\(path): cannot be written (\(WholeFile.reason(of: error)))",
        hint: "check the free space and the permissions", kind: .failed)
    }
  }
}
