#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads a SigMF recording: a JSON description beside a file of raw samples.
///
/// - Source: Signal Metadata Format Specification 1.2, https://sigmf.org.
enum SigMFRecording {
  private struct Description: Decodable {
    struct Global: Decodable {
      let datatype: String
      let sampleRate: Double?
      let channels: Int?

      enum CodingKeys: String, CodingKey {
        case datatype = "core:datatype"
        case sampleRate = "core:sample_rate"
        case channels = "core:num_channels"
      }
    }

    struct Segment: Decodable {
      let headerBytes: Int?

      enum CodingKeys: String, CodingKey { case headerBytes = "core:header_bytes" }
    }

    let global: Global
    let captures: [Segment]?
  }

  static func capture(path: String) throws -> Capture {
    var stem = path
    for suffix in [".sigmf-meta", ".sigmf-data", ".sigmf"] where stem.hasSuffix(suffix) {
      stem.removeLast(suffix.count)
      break
    }
    let metaPath = stem + ".sigmf-meta"
    func bad(_ reason: String) -> SignalError {
      SignalError(.badCapture(path: metaPath, reason: reason))
    }
    let meta = try ByteStream.contents(of: metaPath, limit: 1 << 26)
    let description: Description
    do {
      description = try JSONDecoder().decode(Description.self, from: Data(meta))
    } catch {
      throw bad("not a SigMF description with a global object and core:datatype")
    }
    let global = description.global
    guard (global.channels ?? 1) == 1 else {
      throw bad("core:num_channels is \(global.channels ?? 1); only one channel can be read")
    }
    if let rate = global.sampleRate, !(rate > 0 && rate.isFinite) {
      throw bad("core:sample_rate is \(rate), not positive")
    }
    guard (description.captures ?? []).allSatisfy({ ($0.headerBytes ?? 0) == 0 }) else {
      throw bad("core:header_bytes is not supported")
    }
    guard let type = sampleType(global.datatype) else {
      throw bad("core:datatype '\(global.datatype)' is not a supported complex type")
    }
    let dataPath = stem + ".sigmf-data"
    let bytes = try ByteStream.contents(of: dataPath, limit: Capture.largestFile)
    let signal = try type.signal(from: bytes, offset: 0, path: dataPath)
    return Capture(signal: signal, sampleRate: global.sampleRate)
  }

  /// `cf32_le` and relatives; single bytes carry no order.
  private static func sampleType(_ name: String) -> SampleType? {
    switch name {
    case "ci8": return SampleType(.signed, bytes: 1)
    case "cu8": return SampleType(.unsigned, bytes: 1)
    default: break
    }
    let isBigEndian = name.hasSuffix("_be")
    guard isBigEndian || name.hasSuffix("_le") else { return nil }
    return switch name.dropLast(3) {
    case "cf32": SampleType(.float, bytes: 4, isBigEndian: isBigEndian)
    case "cf64": SampleType(.float, bytes: 8, isBigEndian: isBigEndian)
    case "ci16": SampleType(.signed, bytes: 2, isBigEndian: isBigEndian)
    case "ci32": SampleType(.signed, bytes: 4, isBigEndian: isBigEndian)
    case "cu16": SampleType(.unsigned, bytes: 2, isBigEndian: isBigEndian)
    case "cu32": SampleType(.unsigned, bytes: 4, isBigEndian: isBigEndian)
    default: nil
    }
  }
}
