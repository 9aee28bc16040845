public import PareDatapath
import PareText
import PareTools

/// Which toggles of a file are meant, where it has two counts.
public enum CountedToggles: String, Hashable, Sendable, Codable, CaseIterable {
  /// From one settled state to the next.
  case settled
  /// With glitches, one unit of delay for each cell.
  case unitDelay
}

extension SwitchingProfile {
  /// The name of the file that a netlist's check leaves in a design folder.
  public static let fileInDesign = "netlist-check.json"

  /// Reads a profile: bare, or one of the two of a `netlist-check.json`. A folder stands for the one in it.
  ///
  /// - Parameter toggles: which of the two; nil for the one with glitches where it is there. A bare profile has one and is taken as
  ///   it is.
  /// - Throws: ``QoRError`` with code `profileUnreadable` for a file that is something else, or has no such count, or one that is
  ///   below zero.
  public init(contentsOf path: String, toggles: CountedToggles? = .settled) throws {
    let place = Folder(path)
    let path = place.isFolder ? "\(path)/\(Self.fileInDesign)" : path
    func fault(_ reason: String) -> QoRError {
      QoRError(.profileUnreadable(path: path, reason: reason))
    }
    let file = place.isFolder ? Folder(place.file(Self.fileInDesign)) : place
    guard file.exists else { throw fault("there is no such file") }
    do {
      let data = try file.parent.read(file.name)
      let found = try JSONText.decode(
        Counts.self, from: String(decoding: data, as: UTF8.self), file: path
      )
      guard let profile = found.profile(toggles) else {
        throw fault("it has no toggles of '\(toggles?.rawValue ?? "any")'")
      }
      self = profile
    } catch let error as QoRError {
      throw error
    } catch let error as any PareError {
      throw fault(error.message.replacing("\(path): ", with: ""))
    }
    guard clocks > 0 else { throw fault("its toggles are of \(clocks) clocks") }
    for term in PowerModel.Term.allCases {
      let amount = term.amount(in: self)
      guard amount >= 0, amount.isFinite else { throw fault("an amount of \(amount)") }
    }
  }

  private enum Counts: Decodable {
    case bare(SwitchingProfile)
    case check(settled: SwitchingProfile, unitDelay: SwitchingProfile?)

    private enum Key: String, CodingKey { case settled, unitDelay }

    init(from decoder: any Decoder) throws {
      let file = try decoder.container(keyedBy: Key.self)
      if file.contains(.settled) {
        self = .check(
          settled: try file.decode(SwitchingProfile.self, forKey: .settled),
          unitDelay: try file.decodeIfPresent(SwitchingProfile.self, forKey: .unitDelay))
      } else {
        self = .bare(try SwitchingProfile(from: decoder))
      }
    }

    func profile(_ toggles: CountedToggles?) -> SwitchingProfile? {
      switch self {
      case .bare(let profile): profile
      case .check(let settled, let unitDelay):
        switch toggles {
        case .settled: settled
        case .unitDelay: unitDelay
        case nil: unitDelay ?? settled
        }
      }
    }
  }
}
