#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What `spec.json` of a data-set folder says; the keys are OpenDPD's, the last three our own.
struct DatasetSpec: Codable {
  var description: String?
  var format: String?
  var csvFilename: String?
  var splitRatios: [String: Double]?
  var splitIndices: [String: Int]?
  var sampleRate: Double
  var bandwidth: Double
  var subChannelBandwidth: Double?
  var subChannelCount: Int
  var segmentLength: Int
  var segmentsAreIndependent: Bool?
  var name: String?
  var schemaVersion: Int?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case description
    case format = "dataset_format"
    case csvFilename = "csv_filename"
    case splitRatios = "split_ratios"
    case splitIndices = "split_indices"
    case sampleRate = "input_signal_fs"
    case bandwidth = "bw_main_ch"
    case subChannelBandwidth = "bw_sub_ch"
    case subChannelCount = "n_sub_ch"
    case segmentLength = "nperseg"
    case segmentsAreIndependent = "segments_are_independent"
    case name
    case schemaVersion
  }

  static let fileName = "spec.json"
  static let schemaVersion = 1

  /// - Throws: ``SignalError`` that names the file and the key.
  static func read(path: String) throws -> DatasetSpec {
    let bytes = try ByteStream.contents(of: path, limit: 1 << 20)
    do {
      let spec = try JSONDecoder().decode(DatasetSpec.self, from: Data(bytes))
      try spec.check(path: path)
      return spec
    } catch let error as DecodingError {
      throw badSpec(path: path, error)
    }
  }

  /// The sorted, indented text that ``read(path:)`` takes back.
  func text() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }

  private func check(path: String) throws(SignalError) {
    func bad(_ key: CodingKeys, _ reason: String) -> SignalError {
      SignalError(.badSpec(path: path, key: key.rawValue, reason: reason))
    }
    guard sampleRate > 0 else { throw bad(.sampleRate, "is \(sampleRate), not positive") }
    guard bandwidth > 0 else { throw bad(.bandwidth, "is \(bandwidth), not positive") }
    guard bandwidth <= sampleRate else {
      throw bad(.bandwidth, "is \(bandwidth), more than the sample rate \(sampleRate)")
    }
    guard subChannelCount >= 1 else {
      throw bad(.subChannelCount, "is \(subChannelCount), not positive")
    }
    guard segmentLength >= 2 else { throw bad(.segmentLength, "is \(segmentLength), below 2") }
    if let width = subChannelBandwidth {
      guard width > 0, width * Double(subChannelCount) <= bandwidth * (1 + 1e-9) else {
        throw bad(
          .subChannelBandwidth, "is \(width): \(subChannelCount) of these do not fit \(bandwidth)")
      }
    }
    if let format, format != "split_csv", format != "single_csv" {
      throw bad(.format, "is '\(format)', neither 'split_csv' nor 'single_csv'")
    }
    if let file = csvFilename, file.contains("/") || file == ".." || file.isEmpty {
      throw bad(.csvFilename, "is '\(file)', not the name of a file in this folder")
    }
    if let version = schemaVersion, version > Self.schemaVersion {
      throw bad(.schemaVersion, "is \(version); this version reads up to \(Self.schemaVersion)")
    }
  }

  /// The data sets that are known to be rows of unrelated segments, recognized by their rates, because their
  /// `spec.json` does not say so.
  ///
  /// Any other data set tells with the key `segments_are_independent`, which also overrides this list.
  private static let knownSegmented: [(sampleRate: Double, bandwidth: Double, length: Int)] = [
    (800e6, 200e6, 2560),  // DPA_200MHz
    (640e6, 160e6, 16384),  // DPA_160MHz
  ]

  var hasIndependentSegments: Bool {
    segmentsAreIndependent
      ?? Self.knownSegmented.contains {
        $0.sampleRate == sampleRate && $0.bandwidth == bandwidth && $0.length == segmentLength
      }
  }
}

/// A decoding error as a fault of one key.
private func badSpec(path: String, _ error: DecodingError) -> SignalError {
  func fault(_ keys: [any CodingKey], _ reason: String) -> SignalError {
    SignalError(
      .badSpec(path: path, key: keys.map(\.stringValue).joined(separator: "."), reason: reason))
  }
  switch error {
  case .keyNotFound(let key, let context): return fault(context.codingPath + [key], "is missing")
  case .typeMismatch(let type, let context):
    return fault(context.codingPath, "is not \(plainName(type))")
  case .valueNotFound(let type, let context):
    return fault(context.codingPath, "is null, not \(plainName(type))")
  case .dataCorrupted(let context):
    return context.codingPath.isEmpty
      ? fault([], "not valid JSON") : fault(context.codingPath, "has an unusable value")
  @unknown default: return fault([], "cannot be read")
  }
}

private func plainName(_ type: any Any.Type) -> String {
  switch type {
  case is Double.Type: "a number"
  case is Int.Type: "a whole number"
  case is Bool.Type: "true or false"
  case is String.Type: "a text"
  default: "an object of numbers"
  }
}
