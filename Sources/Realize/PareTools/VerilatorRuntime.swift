#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Verilator's run-time library, compiled once for a version of Verilator and a compiler and kept in the cache.
///
/// Every build of a model compiles the same library, which takes several times as long as the model of a small design.
/// The first build of all leaves its objects here as an archive; the later ones link it.
struct VerilatorRuntime: Sendable {
  private static let archive = "runtime.a"
  private let folder: Folder
  private let runner = ProcessRunner()

  /// Nil when no cache folder can be named, or its path has a character that make would take apart.
  init?(verilator: Tool, compiler: Tool, flags: [String], cache: CacheFolder?) {
    guard let cache else { return nil }
    let program = compiler.path.lastComponent
    let key = [verilator.version, verilator.origin.rawValue, program, compiler.version] + flags
    folder = cache.folder.folder("verilator").folder(
      key.joined(separator: "_").map { $0 == "/" || $0 == " " ? "-" : String($0) }.joined())
    guard folder.path.allSatisfy({ !$0.isWhitespace && !"$#:'\"\\%".contains($0) }) else {
      return nil
    }
  }

  /// Settings for make, and options for Verilator, that link the archive; nil when it is not there yet.
  var use: (make: String, options: [String])? {
    guard folder.has(Self.archive) else { return nil }
    // At the end of the link, after the model that needs it.
    return ("VK_GLOBAL_OBJS=", ["-LDFLAGS", folder.file(Self.archive)])
  }

  /// Keeps the library that a build in this folder has compiled.
  ///
  /// - Parameter work: a folder whose `obj` holds a finished build; gets a log.
  func keep(from work: Folder) async throws {
    let objects = work.folder("obj").names.filter {
      $0.hasPrefix("verilated") && $0.hasSuffix(".o")
    }
    guard !objects.isEmpty, use == nil else { return }
    // A cache that cannot be written costs time and nothing else.
    guard (try? folder.create()) != nil, FileManager.default.isWritableFile(atPath: folder.path)
    else { return }
    // A name of its own first, so that no process links an archive that another is writing.
    let part = "\(UUID()).part"
    try await runner.runChecked(
      ToolCommand(
        ["ar", "rcs", folder.file(part)] + objects.map { "obj/\($0)" }, in: work.path,
        log: work.file("runtime.log"), timeLimit: .seconds(60)))
    do {
      try FileManager.default.moveItem(
        atPath: folder.file(part), toPath: folder.file(Self.archive))
    } catch {
      // Another process was quicker; its archive holds the same.
      try Folder(folder.file(part)).remove()
      guard folder.has(Self.archive) else {
        throw ToolError(
          .fileFailed(path: folder.file(Self.archive), reason: "cannot be put in place (\(error))"))
      }
    }
  }
}
