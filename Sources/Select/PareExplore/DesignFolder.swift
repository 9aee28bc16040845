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

/// A compiled design on disk: its source, its datapath, its hardware and a manifest.
///
///     manifest.json   model.json or taps.json   datapath.txt   rtl/   tb/   README.txt   then sim/ and synth/
public struct DesignFolder: Sendable {
  public let path: String
  public let manifest: DesignManifest
  public let source: DesignSource
  /// The datapath after all passes, as in `datapath.txt`.
  public let datapath: Datapath

  static func hash(_ text: String) -> String {
    var hash = StableHash()
    hash.combine(text)
    return hash.hex
  }

  init(path: String, manifest: DesignManifest, source: DesignSource, datapath: Datapath) {
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
    guard !HLSFolder.isOne(path) else {
      throw ExploreError(
        .designFolder(path: path),
        "\(path) holds HLS C++, which only a vendor's tool makes hardware of",
        hint:
          "check it with: pare simulate \(path); then pare implement \(path) --toolchain vitis, or compile with --language verilog",
        kind: .usage)
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
      throw fault("the list of source files is empty or names one twice")
    }
    var formats = Array(repeating: WordFormat?.none, count: datapath.inputs.count)
    for node in datapath.nodes {
      if case .input(let channel) = node.op { formats[channel] = node.format }
    }
    let wanted = source.inputFormats.flatMap {
      Array(repeating: WordFormat?.some($0), count: manifest.options.samplesPerClock)
    }
    guard formats == wanted else {
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

  /// Writes the files beside the folder, then lets them take its place.
  static func write(_ files: [SourceFile], to path: String) throws {
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
