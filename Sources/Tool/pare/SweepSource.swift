import ArgumentParser
import PareExplore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where a sweep's experiment comes from, and where it goes.
struct SweepSource {
  /// The experiment as YAML.
  let text: String
  /// The name to blame in an error.
  let file: String
  let folder: SweepFolder

  /// - Throws: `ValidationError` unless exactly one source is given.
  init(experiment: String?, preset: SpacePreset?, changes: PresetOptions, out: String?) throws {
    if out == "" { throw ValidationError("--out is empty; name a folder") }
    switch (experiment, preset) {
    case (nil, nil):
      throw ValidationError("nothing to sweep; give an experiment.yaml, a folder, or --preset")
    case (.some, .some):
      throw ValidationError("an experiment and --preset exclude each other")
    case (nil, let preset?):
      text = try changes.yaml(preset)
      file = "--preset \(preset.rawValue)"
      folder = SweepFolder(out ?? "runs/\(preset.rawValue)")
    case (let path?, nil):
      guard changes.isEmpty else {
        throw ValidationError(
          "--dataset, --task, --seed and --tries go with --preset; an experiment says them itself")
      }
      guard TextFile.isFolder(path) else {
        text = try TextFile.read(path)
        file = path
        folder = SweepFolder(out ?? "runs/\(Self.stem(of: path))")
        return
      }
      guard out == nil else {
        throw ValidationError("--out and the folder of a sweep exclude each other")
      }
      folder = SweepFolder(path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path)
      file = folder.experimentFile
      guard TextFile.exists(file) else {
        throw ExploreError(
          .file(path: path), "\(path) has no experiment.yaml, so it is not the folder of a sweep",
          hint: "give an experiment.yaml, and the folder as --out")
      }
      text = try TextFile.read(file)
    }
  }

  func experiment() throws -> SweepExperiment { try SweepExperiment(yaml: text, file: file) }

  /// `a/b/small.yaml` is `small`; `small/experiment.yaml` too, wherever it is called from.
  private static func stem(of path: String) -> String {
    let file = URL(filePath: path).standardizedFileURL
    let name = file.deletingPathExtension().lastPathComponent
    let folder = file.deletingLastPathComponent().lastPathComponent
    return name == "experiment" && folder != "/" ? folder : name
  }
}
