import PareNumerics
import PareText

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A finished stage of a run: its value, how long it took, and whether it was found rather than made.
public struct Stage<Value: Codable & Sendable>: Sendable {
  public let value: Value
  /// Wall-clock seconds of the run that made it.
  public let seconds: Double
  public let wasKept: Bool
}

/// The folder of one run: a file per finished stage, so that a killed run goes on where it stopped.
///
/// A stage is kept when its key is equal; the key is a hash of everything that the stage depends on. Files appear by renaming,
/// so a stage is either whole or absent.
public struct RunFolder: Sendable {
  public let path: String

  private struct Record<Value: Codable>: Codable {
    var schemaVersion = 1
    var key: String
    var seconds: Double
    var value: Value
  }

  public init(_ path: String) { self.path = path }

  /// Loads a stage, or makes and stores it.
  ///
  /// - Parameters:
  ///   - name: file name without suffix; may contain folders.
  ///   - key: texts that together decide the result.
  ///   - onDamage: told when a stored file cannot be read; the stage is then made again.
  public func stage<Value: Codable & Sendable>(
    _ name: String, key: [String], onDamage: (String) -> Void = { _ in },
    make: () async throws -> Value
  ) async throws -> Stage<Value> {
    let file = "\(path)/\(name).json"
    let key = Self.hash(key)
    if TextFile.exists(file) {
      do {
        let record = try JSONText.decode(
          Record<Value>.self, from: TextFile.read(file), file: file)
        if record.key == key {
          return Stage(value: record.value, seconds: record.seconds, wasKept: true)
        }
      } catch {
        onDamage("\(file) is damaged; the stage is done again")
      }
    }
    try Task.checkCancellation()
    let clock = ContinuousClock()
    let start = clock.now
    let value = try await make()
    let seconds = start.duration(to: clock.now).inSeconds
    try TextFile.write(
      JSONText.encode(Record(key: key, seconds: seconds, value: value)), to: file)
    return Stage(value: value, seconds: seconds, wasKept: false)
  }

  /// Removes what a run left here; refuses a folder that is not one of ours.
  ///
  /// - Throws: ``ExploreError`` when the folder holds other things, or cannot be removed.
  public func clear() throws {
    guard TextFile.exists(path) else { return }
    guard TextFile.exists("\(path)/.lock") else {
      throw ExploreError(
        .file(path: path), "\(path) is not the folder of a run",
        hint: "remove it yourself, or choose another with --out", kind: .failed)
    }
    let held = try holdFolder()
    defer { close(held) }
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw ExploreError(
        .file(path: path), "\(path): cannot be removed (\(error))",
        hint: "check its permissions", kind: .failed)
    }
  }

  private static func hash(_ texts: [String]) -> String {
    var hash = StableHash()
    for text in texts { hash.combine(text) }
    return hash.hex
  }

  /// Does work while no other process may work in this folder; the system lets go when the process ends, however it ends.
  ///
  /// - Throws: ``ExploreError`` when another process holds the folder.
  @discardableResult
  public func locked<Result>(_ work: () async throws -> Result) async throws -> Result {
    let descriptor = try holdFolder()
    defer { close(descriptor) }
    return try await work()
  }

  private func holdFolder() throws -> Int32 {
    try TextFile.makeFolder(path)
    let descriptor = unsafe open("\(path)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw ExploreError(
        .file(path: path), "\(path)/.lock: \(unsafe String(cString: strerror(errno)))",
        hint: "check the permissions of the folder", kind: .failed)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw ExploreError(
        .file(path: path), "\(path): another pare works in this folder",
        hint: "wait for it, or choose another folder with --out", kind: .failed)
    }
    return descriptor
  }
}

extension Duration {
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
