import FoundationEssentials
import PareDatapath
import PareNumerics
import PareQoR
import PareText
import PareTools

/// Simulates and implements designs; what was done with the same text and the same tools is not done again.
struct Workbench {
  let simulator: VerilatorSimulator
  let toolchain: Toolchain
  let folder: Folder

  /// - Parameter limit: of a run of synthesis or routing.
  init(_ folder: Folder, limit: Duration) async throws {
    simulator = try await VerilatorSimulator()
    toolchain = Toolchain(
      synthesizer: try await YosysSynthesizer(timeLimit: limit),
      router: try await NextpnrECP5(timeLimit: limit))
    self.folder = folder
  }

  /// A design differs from the integer model.
  struct Difference: Error, CustomStringConvertible {
    let description: String
  }

  /// Simulates the design with its testbench.
  ///
  /// - Returns: samples that were compared.
  /// - Throws: ``Difference`` when one is not equal.
  @discardableResult
  func check(_ bundle: SourceBundle, testbench: String? = nil, in place: Folder) async throws -> Int
  {
    struct Record: Codable {
      let key: String
      let samples: Int
    }
    var hash = StableHash()
    for file in bundle.files {
      hash.combine(file.path)
      hash.combine(file.text)
    }
    hash.combine(simulator.tool.version)
    let name = "simulated.json"
    if place.has(name),
      let record = try? JSONDecoder().decode(Record.self, from: try place.read(name)),
      record.key == hash.hex
    {
      return record.samples
    }
    let run = try await simulator.simulate(
      bundle, testbench: testbench, in: place.folder("simulation"), onProgress: nil)
    guard run.passed, let samples = run.report.samples else {
      throw Difference(
        description: "\(place.path) differs from the integer model: \(run.report)")
    }
    // Objects and vectors of nearly two hundred designs are much.
    try place.folder("simulation").remove()
    try place.write(
      try JSONEncoder().encode(Record(key: hash.hex, samples: samples)), to: name)
    return samples
  }

  /// Synthesis for xcup.
  func tables(_ bundle: SourceBundle, in place: Folder) async throws -> QoRRecord {
    let design = SourceBundle(top: bundle.top, design: bundle.design)
    return try await toolchain.implement(design, on: [.zcu104], in: place).records[0]
  }

  /// Place and route on an ECP5, three seeds one after the other.
  func routed(_ bundle: SourceBundle, in place: Folder) async throws -> QoRRecord {
    let design = SourceBundle(top: bundle.top, design: bundle.design)
    let options = RoutingOptions(frequencyMHz: 300, jobs: 1, harness: .always)
    let device = Device.ecp5(.k85)
    let qor = try await toolchain.implement(design, on: [device], in: place, options: options)
    guard let record = qor.record(.placeAndRoute, on: device) else {
      throw Difference(description: "\(place.path) does not fit \(device.name)")
    }
    return record
  }
}
