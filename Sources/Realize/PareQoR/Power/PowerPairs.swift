public import PareDatapath
import PareText
import PareTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A power report with the profile of the design that it is about.
public struct PowerPair: Hashable, Sendable {
  /// Path of a `report_power` of Vivado.
  public let report: String
  /// Path of a ``SwitchingProfile``, bare or under the key `settled`.
  public let profile: String
  public let clockHz: Double

  public init(report: String, profile: String, clockHz: Double) {
    self.report = report
    self.profile = profile
    self.clockHz = clockHz
  }

  /// The pairs that a file lists; its paths are relative to it.
  ///
  /// - Throws: ``QoRError`` with code `powerReportUnfit` that names the file and the pair, or ``ToolError`` when the file
  ///   cannot be read.
  public static func list(contentsOf path: String) throws -> [PowerPair] {
    let file = Folder(path)
    let data = try file.parent.read(file.path.split(separator: "/").last.map(String.init) ?? "")
    let list: List
    do {
      list = try JSONText.decode(List.self, from: String(decoding: data, as: UTF8.self), file: path)
    } catch let error as UnknownKey {
      throw QoRError.unfit(path, error.words)
    }
    guard list.schemaVersion == 1 else {
      throw QoRError.unfit(path, "schema version \(list.schemaVersion) is not known, only 1")
    }
    func absolute(_ name: String) -> String { name.hasPrefix("/") ? name : file.parent.file(name) }
    return try list.pairs.enumerated().map { index, pair in
      guard pair.clockMHz > 0, pair.clockMHz.isFinite else {
        throw QoRError.unfit("\(path), pair \(index + 1)", "a clock of \(pair.clockMHz) MHz")
      }
      return PowerPair(
        report: absolute(pair.report), profile: absolute(pair.profile),
        clockHz: pair.clockMHz * 1e6)
    }
  }

  /// Reads both files.
  ///
  /// - Parameters:
  ///   - name: of the sample, and what to blame in an error.
  public func sample(name: String) throws -> PowerSample {
    let parsed: VendorReport
    do {
      parsed = try VendorReport(contentsOf: report)
    } catch let error as any PareError {
      throw QoRError.unfit("\(name), its report", error.message)
    }
    guard case .power(let power) = parsed else {
      throw QoRError.unfit(
        "\(name), its report", "\(report) is a \(parsed.kind.title), which has no power")
    }
    let counted: SwitchingProfile
    do {
      let file = Folder(profile)
      let data = try file.parent.read(file.path.split(separator: "/").last.map(String.init) ?? "")
      counted = try JSONText.decode(
        ProfileFile.self, from: String(decoding: data, as: UTF8.self), file: profile
      ).profile
    } catch let error as any PareError {
      throw QoRError.unfit("\(name), its profile", error.message)
    }
    return try PowerSample(name: name, profile: counted, clockHz: clockHz, report: power)
  }

  // MARK: Forms of the files

  private struct UnknownKey: Error {
    let words: String
  }

  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private static func refuseUnknown(
    _ decoder: any Decoder, known: [String], at place: String
  ) throws {
    let keys = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()
    guard let unknown = keys.first(where: { !known.contains($0) }) else { return }
    throw UnknownKey(
      words: "\(place): unknown key '\(unknown)'; known: \(known.joined(separator: ", "))")
  }

  private struct List: Decodable {
    struct Pair: Decodable {
      let report: String
      let profile: String
      let clockMHz: Double

      private enum Key: String, CodingKey, CaseIterable { case report, profile, clockMHz }

      init(from decoder: any Decoder) throws {
        let number = (decoder.codingPath.last?.intValue ?? 0) + 1
        try PowerPair.refuseUnknown(
          decoder, known: Key.allCases.map(\.rawValue), at: "pair \(number)")
        let pair = try decoder.container(keyedBy: Key.self)
        report = try pair.decode(String.self, forKey: .report)
        profile = try pair.decode(String.self, forKey: .profile)
        clockMHz = try pair.decode(Double.self, forKey: .clockMHz)
      }
    }

    let schemaVersion: Int
    let pairs: [Pair]

    private enum Key: String, CodingKey, CaseIterable { case schemaVersion, pairs }

    init(from decoder: any Decoder) throws {
      try PowerPair.refuseUnknown(decoder, known: Key.allCases.map(\.rawValue), at: "top level")
      let list = try decoder.container(keyedBy: Key.self)
      schemaVersion = try list.decode(Int.self, forKey: .schemaVersion)
      pairs = try list.decode([Pair].self, forKey: .pairs)
    }
  }

  private struct ProfileFile: Decodable {
    let profile: SwitchingProfile

    private enum Key: String, CodingKey { case settled }

    init(from decoder: any Decoder) throws {
      let file = try decoder.container(keyedBy: Key.self)
      profile =
        file.contains(.settled)
        ? try file.decode(SwitchingProfile.self, forKey: .settled)
        : try SwitchingProfile(from: decoder)
    }
  }
}
