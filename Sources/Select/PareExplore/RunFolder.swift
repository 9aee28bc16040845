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
    if let record: Record<Value> = load(name, key, onDamage) {
      return Stage(value: record.value, seconds: record.seconds, wasKept: true)
    }
    try Task.checkCancellation()
    let clock = ContinuousClock()
    let start = clock.now
    let value = try await make()
    let seconds = start.duration(to: clock.now).inSeconds
    try store(name, key: key, value, seconds: seconds)
    return Stage(value: value, seconds: seconds, wasKept: false)
  }

  /// What a stage left behind; nil when there is nothing, or its key differs.
  public func kept<Value: Codable & Sendable>(
    _ name: String, key: [String], onDamage: (String) -> Void = { _ in }
  ) -> Value? {
    let record: Record<Value>? = load(name, key, onDamage)
    return record?.value
  }

  public func store<Value: Codable & Sendable>(
    _ name: String, key: [String], _ value: Value, seconds: Double = 0
  ) throws {
    try TextFile.write(
      JSONText.encode(Record(key: Self.hash(key), seconds: seconds, value: value)),
      to: file(name))
  }

  /// Removes a stage, if it is there.
  public func remove(_ name: String) throws {
    guard TextFile.exists(file(name)) else { return }
    do {
      try FileManager.default.removeItem(atPath: file(name))
    } catch {
      throw ExploreError(
        .file(path: file(name)), "\(file(name)): cannot be removed (\(error))",
        hint: "check its permissions", kind: .failed)
    }
  }

  private func file(_ name: String) -> String { "\(path)/\(name).json" }

  private func load<Value: Codable & Sendable>(
    _ name: String, _ key: [String], _ onDamage: (String) -> Void
  ) -> Record<Value>? {
    guard TextFile.exists(file(name)) else { return nil }
    do {
      let record = try JSONText.decode(
        Record<Value>.self, from: TextFile.read(file(name)), file: file(name))
      return record.key == Self.hash(key) ? record : nil
    } catch {
      onDamage("\(file(name)) is damaged; the stage is done again")
      return nil
    }
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
