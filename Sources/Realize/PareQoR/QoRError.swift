public import PareText

/// A request or a file that the results of an implementation cannot be made from.
public struct QoRError: PareError, Hashable {
  public enum Code: Hashable, Sendable {
    /// No device of that name.
    case unknownDevice(String, known: [String])
    /// A device that code can be made for, and nothing else.
    case compileOnly(device: String)
    /// A `qor.json` that cannot be read as one.
    case recordUnreadable(path: String, reason: String)
    /// A `qor.json` of another form than this version writes.
    case unknownSchema(path: String, version: Int)
    /// A file of power models that cannot be read as one.
    case powerModelUnreadable(path: String, reason: String)
    /// A report, its profile or a list of them that energies cannot be fitted to.
    case powerReportUnfit(path: String, reason: String)
    /// A file that tells no switching.
    case profileUnreadable(path: String, reason: String)
    /// Two designs without a device that both have figures for.
    case noCommonDevice(wanted: String?, sides: [Devices])
  }

  /// The devices that a design has figures for.
  public struct Devices: Hashable, Sendable {
    public let design: String
    public let devices: [String]

    init(_ design: String, _ devices: [String]) {
      self.design = design
      self.devices = devices
    }

    var words: String {
      "\(design) has \(devices.isEmpty ? "none" : devices.joined(separator: ", "))"
    }
  }

  public let code: Code

  public init(_ code: Code) { self.code = code }

  public var message: String {
    switch code {
    case .unknownDevice(let name, _): "no device is called \(name)"
    case .compileOnly(let device): "\(device) is no part that a design can be synthesized for"
    case .recordUnreadable(let path, let reason): "\(path): \(reason)"
    case .unknownSchema(let path, let version):
      "\(path): schema version \(version) is not known, only \(QoRRecord.currentSchema)"
    case .powerModelUnreadable(let path, let reason), .powerReportUnfit(let path, let reason),
      .profileUnreadable(let path, let reason):
      "\(path): \(reason)"
    case .noCommonDevice(let wanted, let sides):
      (wanted.map { "not both designs have figures for \($0): " }
        ?? "the designs have no device in common: ")
        + sides.map(\.words).joined(separator: "; ")
    }
  }

  public var hint: String {
    switch code {
    case .unknownDevice(let name, let known):
      nearestWord(to: name, among: known).map { "did you mean \($0)?" }
        ?? "known: \(known.joined(separator: ", "))"
    case .compileOnly: "name a part, such as zcu104 or ecp5-85k"
    case .recordUnreadable: "make it again with 'pare implement'"
    case .powerModelUnreadable:
      "docs/guides/power.md describes the file; 'pare power calibrate' writes one"
    case .powerReportUnfit:
      "docs/guides/power.md, section Calibration, says what reports and profiles are needed"
    case .profileUnreadable:
      "'pare simulate DIR --netlist' counts what switches and writes DIR/netlist-check.json; --unit-delay counts glitches too"
    case .noCommonDevice:
      "implement both for one device: pare implement DIR --target NAME (compile again for another family)"
    case .unknownSchema: "make it again with 'pare implement' of this version"
    }
  }

  public var kind: FailureKind {
    switch code {
    case .unknownDevice, .compileOnly, .noCommonDevice: .usage
    case .recordUnreadable, .unknownSchema, .powerModelUnreadable, .powerReportUnfit,
      .profileUnreadable:
      .badData
    }
  }
}
