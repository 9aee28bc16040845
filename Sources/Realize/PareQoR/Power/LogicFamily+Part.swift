public import PareDatapath

extension LogicFamily {
  /// The family of AMD's part, as far as energies are concerned; nil for other parts and for UltraScale without a plus, whose
  /// transistors and voltage are others.
  ///
  /// - Source: AMD DS890, UltraScale architecture overview, and DS180, 7 Series overview, ordering information.
  public init?(part: String) {
    let name = part.lowercased()
    guard ["xc", "xq", "xa"].contains(where: name.hasPrefix) else { return nil }
    let rest = name.dropFirst(2)
    if rest.hasPrefix("7") {
      self = .series7
      return
    }
    // Zynq UltraScale+, Alveo and Kria; of the others those with a P behind the number.
    if rest.hasPrefix("zu") {
      self = .ultraScalePlus
      return
    }
    if ["u", "k"].contains(where: { rest.hasPrefix($0) && rest.dropFirst().first?.isNumber == true }
    ) {
      self = .ultraScalePlus
      return
    }
    if ["au", "ku", "vu"].contains(where: rest.hasPrefix),
      rest.dropFirst(2).drop(while: \.isNumber).first == "p"
    {
      self = .ultraScalePlus
      return
    }
    return nil
  }
}

extension PowerCalibration {
  /// The family that the reports are of.
  ///
  /// - Throws: ``QoRError`` with code `powerReportUnfit` for a part of no family that is known, and for two families.
  public static func family(of samples: [PowerSample]) throws -> LogicFamily {
    var found: (family: LogicFamily, name: String)?
    for sample in samples {
      let part = sample.part ?? "no part"
      guard let family = LogicFamily(part: part) else {
        throw QoRError.unfit(sample.name, "of \(part), whose family is not known; name the family")
      }
      if let found, found.family != family {
        throw QoRError.unfit(
          sample.name,
          "of \(part), which is \(family.rawValue), and \(found.name) is of \(found.family.rawValue)"
        )
      }
      found = (family, sample.name)
    }
    guard let found else { throw QoRError.unfit("calibration", "no reports") }
    return found.family
  }
}
