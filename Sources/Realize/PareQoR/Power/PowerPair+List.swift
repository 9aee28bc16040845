import PareText
import PareTools

extension PowerPair {
  /// The schema of a list that this version reads.
  public static let currentSchema = 1

  /// The pairs that a file lists, `calibration.json`; its paths are relative to it.
  ///
  ///     {"schemaVersion": 1, "pairs": [
  ///       {"report": "k5/power.rpt", "profile": "k5/netlist-check.json", "clockMHz": 250, "toggles": "settled"}]}
  ///
  /// `clockMHz` and `toggles` may be left out.
  ///
  /// - Throws: ``QoRError`` with code `powerReportUnfit` that names the file and the pair.
  public static func list(contentsOf path: String) throws -> [PowerPair] {
    let file = Folder(path)
    let list: List
    do {
      let data = try file.parent.read(file.name)
      list = try JSONText.decode(List.self, from: String(decoding: data, as: UTF8.self), file: path)
    } catch let error as any PareError {
      throw QoRError.unfit(path, error.message.replacing("\(path): ", with: ""))
    } catch let error as UnknownKey {
      throw QoRError.unfit(path, error.words)
    }
    guard list.schemaVersion == currentSchema else {
      throw QoRError.unfit(
        path, "schema version \(list.schemaVersion) is not known, only \(currentSchema)")
    }
    func absolute(_ name: String) -> String { name.hasPrefix("/") ? name : file.parent.file(name) }
    return try list.pairs.enumerated().map { index, pair in
      if let clock = pair.clockMHz, !(clock > 0 && clock.isFinite) {
        throw QoRError.unfit("\(path), pair \(index + 1)", "a clock of \(clock) MHz")
      }
      return PowerPair(
        report: absolute(pair.report), profile: absolute(pair.profile),
        clockHz: pair.clockMHz.map { $0 * 1e6 }, toggles: pair.toggles)
    }
  }

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
      let clockMHz: Double?
      let toggles: CountedToggles

      private enum Key: String, CodingKey, CaseIterable { case report, profile, clockMHz, toggles }

      init(from decoder: any Decoder) throws {
        let number = (decoder.codingPath.last?.intValue ?? 0) + 1
        try PowerPair.refuseUnknown(
          decoder, known: Key.allCases.map(\.rawValue), at: "pair \(number)")
        let pair = try decoder.container(keyedBy: Key.self)
        report = try pair.decode(String.self, forKey: .report)
        profile = try pair.decode(String.self, forKey: .profile)
        clockMHz = try pair.decodeIfPresent(Double.self, forKey: .clockMHz)
        toggles = try pair.decodeIfPresent(CountedToggles.self, forKey: .toggles) ?? .settled
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
}
