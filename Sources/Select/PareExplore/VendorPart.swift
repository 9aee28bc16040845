import PareDatapath
public import PareQoR
import PareText
import PareTools

/// A part that a vendor's tool is asked to implement a design on.
public struct VendorPart: Sendable, Hashable {
  /// The name that folders and records bear.
  public let name: String
  /// The maker's name.
  public let part: String
  /// Nil for a part that the table of devices does not have.
  public let device: Device?

  /// A device of the table by its name or its part's, or any part of AMD's.
  ///
  /// - Throws: `QoRError` for a name that is neither, ``ExploreError`` for a device of another maker.
  public init(named name: String) throws {
    do {
      let device = try Device(named: name)
      guard device.family == .xcup || device.family == .xc7 else {
        throw ExploreError(
          .option("target"), "\(device.name) is no part of AMD's",
          hint: "name one such as zcu104, or leave --toolchain out", kind: .usage)
      }
      self.init(name: device.name, part: device.part, device: device)
    } catch let error as QoRError {
      let word = name.lowercased()
      // All AMD parts begin so; the rest of the name is for the tool to judge. It becomes a part of a folder's name.
      guard ["xc", "xq", "xa"].contains(where: word.hasPrefix), word.count > 5,
        word.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
      else { throw error }
      self.init(name: word, part: word, device: nil)
    }
  }

  private init(name: String, part: String, device: Device?) {
    self.name = name
    self.part = part
    self.device = device
  }
}
