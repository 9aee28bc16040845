import PareNetwork
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

/// Where and with what a sweep was last run: `environment.json` of a run folder.
public struct RunEnvironment: Hashable, Sendable, Codable {
  public var schemaVersion = 1
  /// Program and version.
  public var generator: String
  public var host: String
  public var cores: Int
  /// Instruction set of the float kernels; results do not depend on it.
  public var kernels: String
  public var dataset: String
  public var datasetHash: String

  public init(generator: String, dataset: String, datasetHash: String) {
    self.generator = generator
    self.dataset = dataset
    self.datasetHash = datasetHash
    host = Self.hostName
    cores = ProcessInfo.processInfo.activeProcessorCount
    kernels = KernelChoice.name
  }

  public var json: String { JSONText.encode(self) }

  /// What the system calls this machine.
  public static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
