#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Brings a folder out of a pinned, hash-checked Python wheel into the cache; nothing of the wheel is run.
///
///     let cache = try CacheFolder()
///     let folder = try await WheelFetcher().fetch(
///       requirement: "opendpd==2.4.2", sha256: "…", folder: "datasets/APA_200MHz",
///       to: cache.dataset(group: "opendpd", name: "APA_200MHz"))
public struct WheelFetcher: Sendable {
  private let locator: ToolLocator
  private let isOffline: Bool
  private let runner = ProcessRunner()

  /// - Parameter variables: the environment to read `PARE_OFFLINE` from; that of the process unless given.
  public init(_ locator: ToolLocator = ToolLocator(), variables given: [String: String]? = nil) {
    self.locator = locator
    let variables = given ?? ProcessInfo.processInfo.environment
    isOffline = !["", "0"].contains(variables["PARE_OFFLINE"] ?? "")
  }

  /// Fetches unless it is there; two processes may do so at the same time.
  ///
  /// - Parameters:
  ///   - requirement: package and exact version, `name==1.2.3`.
  ///   - sha256: hash of the wheel, 64 hexadecimal digits.
  ///   - folder: path inside the wheel; everything below it is taken.
  ///   - destination: appears complete or not at all.
  /// - Returns: `destination`.
  /// - Throws: ``ToolError``: `offline` when it is not there and `PARE_OFFLINE` is set, `toolMissing` without Python,
  ///   `toolFailed` when the download fails or the hash differs, `designRejected` for a folder that the wheel lacks.
  @discardableResult
  public func fetch(
    requirement: String, sha256: String, folder: String, to destination: Folder,
    onProgress: ToolProgressHandler? = nil
  ) async throws -> Folder {
    precondition(requirement.contains("=="), "\(requirement) is not pinned to one version")
    precondition(
      sha256.count == 64 && sha256.allSatisfy(\.isHexDigit), "\(sha256) is not a SHA-256 hash")
    let origin = "\(requirement) sha256:\(sha256) \(folder)\n"
    if isThere(destination, from: origin) { return destination }
    guard !isOffline else {
      throw ToolError(.offline(what: "\(folder) of \(requirement) (for \(destination.path))"))
    }
    let python = try await locator.find(.python3)
    onProgress?(ToolProgress(stage: "download", detail: "\(requirement), \(folder)"))
    try destination.parent.create()
    let work = destination.parent.folder(".part-\(UUID())")
    try work.create()
    do {
      try work.write("\(requirement) --hash=sha256:\(sha256)\n", to: "requirements.txt")
      try await runner.runChecked(
        python.run(
          [
            "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input",
            "--no-deps", "--require-hashes", "--only-binary", ":all:", "--ignore-requires-python",
            "--dest", "wheel", "-r", "requirements.txt",
          ], in: work, log: "pip.log", timeLimit: .seconds(1800)))
      try await runner.runChecked(
        python.run(
          ["-c", Self.extraction, "wheel", folder, "contents"], in: work, log: "extract.log",
          timeLimit: .seconds(600)))
      try work.folder("contents").write(origin, to: Self.record)
      try take(work.folder("contents"), as: destination, from: origin)
    } catch let error as ToolError {
      // The folder goes; what it told is in the error.
      try work.remove()
      throw ToolError(error.code, hint: Self.hint(for: error))
    } catch {
      try work.remove()
      throw error
    }
    try work.remove()
    return destination
  }

  /// Name of the file that tells where a cached folder came from.
  private static let record = ".fetched-from"

  /// Takes the members below a folder out of the only wheel in a folder; a name that leaves the target is refused.
  private static let extraction = """
    import pathlib, shutil, sys, zipfile
    source, inside, target = sys.argv[1:]
    wheel, = pathlib.Path(source).glob('*.whl')
    prefix, taken = inside.rstrip('/') + '/', 0
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            if member.is_dir() or not member.filename.startswith(prefix):
                continue
            parts = member.filename[len(prefix):].split('/')
            if not all(parts) or '..' in parts or '.' in parts:
                sys.exit('unsafe name in the wheel: ' + member.filename)
            path = pathlib.Path(target, *parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as data, open(path, 'wb') as out:
                shutil.copyfileobj(data, out)
            taken += 1
    if taken == 0:
        sys.exit('the wheel ' + wheel.name + ' has nothing below ' + prefix)
    """

  private func isThere(_ destination: Folder, from origin: String) -> Bool {
    guard let record = try? destination.read(Self.record) else { return false }
    return String(decoding: record, as: UTF8.self) == origin
  }

  /// Gives the fetched folder its name; when another process was quicker, its result serves.
  private func take(_ contents: Folder, as destination: Folder, from origin: String) throws {
    let files = FileManager.default
    if isThere(destination, from: origin) { return }
    // Another version, or something half-made by hand: out of the way first.
    if destination.exists {
      let old = contents.parent.folder("old")
      try? files.moveItem(atPath: destination.path, toPath: old.path)
    }
    do {
      try files.moveItem(atPath: contents.path, toPath: destination.path)
    } catch {
      guard isThere(destination, from: origin) else {
        throw ToolError(
          .fileFailed(path: destination.path, reason: "cannot be put in place (\(error))"))
      }
    }
  }

  private static func hint(for error: ToolError) -> String {
    switch error.code {
    case .toolFailed(let failure) where failure.log.hasSuffix("pip.log"):
      "check the network and the package index that pip is set up with"
    case .toolFailed: "the wheel is not as expected; update the pinned version"
    default: error.hint
    }
  }
}
