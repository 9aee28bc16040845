public import PareDatapath
import PareNumerics
import PareTools

/// The energies of a family fitted to reports of designs whose switching is known, and how well they tell the power of a design
/// that they were not fitted to.
///
/// For the held-out figures each report in turn is left out, the energies are fitted to the others, and the report is predicted.
///
///     let calibration = try PowerCalibration(samples, for: .ultraScalePlus)
///     calibration.meanHeldOutError        // 0.08 of the reported power
///     calibration.file.json               // for `pare implement --power-model`
public struct PowerCalibration: Hashable, Sendable {
  /// A report and what the energies make of it. Dynamic watts.
  public struct Row: Hashable, Sendable, Codable {
    public let name: String
    public let reportedW: Double
    /// By energies that the report had a share in.
    public let fittedW: Double
    /// By energies of the other reports.
    public let heldOutW: Double

    /// Of the held-out prediction, relative to the report.
    public var heldOutError: Double { abs(heldOutW - reportedW) / reportedW }
  }

  /// Why a term has the energy that it had before.
  public enum Reason: Hashable, Sendable {
    /// No report tells a power that it has a part in, other than as a bound.
    case unseen
    /// Fewer reports than terms and one, which would leave nothing to check the fit.
    case tooFew(equations: Int, terms: Int)
    /// In all reports it is a nearly fixed combination of other terms.
    case inProportion

    public var words: String {
      switch self {
      case .unseen: "no report tells of it"
      case .tooFew(let equations, let terms):
        "\(equations) reported \(equations == 1 ? "power" : "powers") for \(terms) \(terms == 1 ? "energy" : "energies")"
      case .inProportion: "in the reports it goes with other amounts"
      }
    }
  }

  /// Fewer could not be fitted and checked.
  public static let fewestSamples = 3

  public let model: PowerModel
  /// The model that it began with.
  public let prior: PowerModel
  public let rows: [Row]
  /// Terms whose energies are those of the prior model.
  public let kept: [PowerModel.Term: Reason]

  /// Of the held-out predictions, relative to the reports.
  public var meanHeldOutError: Double {
    rows.reduce(0) { $0 + $1.heldOutError } / Double(rows.count)
  }

  public var worstHeldOutError: Double { rows.map(\.heldOutError).max() ?? 0 }

  /// Spearman's, of held-out predictions and reports; nil where all reports or all predictions are equal.
  public var rankCorrelation: Double? {
    RankCorrelation.spearman(rows.map(\.heldOutW), rows.map(\.reportedW))
  }

  /// The model as a file of models.
  public var file: PowerModelFile { PowerModelFile(version: model.version, models: [model]) }

  /// - Parameter family: of all samples; its standard model has the energies of terms that cannot be fitted.
  /// - Throws: ``QoRError`` with code `powerReportUnfit` when there are too few samples, one is there twice, toggles were not all
  ///   counted in the same way, there is no standard model, or a report cannot be predicted from the others.
  public init(_ samples: [PowerSample], for family: LogicFamily) throws {
    guard let prior = PowerModel.standard(for: family) else {
      throw QoRError.unfit(family.rawValue, "no power model of the family to start from")
    }
    try self.init(samples, prior: prior)
  }

  init(_ samples: [PowerSample], prior: PowerModel) throws {
    try Self.check(samples)
    self.prior = prior
    let fit = PowerFit(samples, terms: Set(PowerModel.Term.allCases), prior: prior, spare: 1)
    guard !fit.energies.isEmpty else {
      throw QoRError.unfit(
        "\(samples.count) reports", "too few or too much alike to fit any energy")
    }
    let terms = Set(fit.energies.keys)
    let folds = samples.indices.map { left in
      PowerFit(
        samples.enumerated().filter { $0.offset != left }.map(\.element), terms: terms,
        prior: prior, spare: 0)
    }
    rows = try zip(samples, folds).map { sample, fold in
      let heldOut = fold.watts(of: sample, prior: prior)
      guard heldOut > 0 else {
        throw QoRError.unfit(sample.name, "the other reports give no energy to anything in it")
      }
      return Row(
        name: sample.name, reportedW: sample.dynamicW, fittedW: fit.watts(of: sample, prior: prior),
        heldOutW: heldOut)
    }
    kept = fit.kept
    let ratios = rows.map { $0.reportedW / $0.heldOutW }
    let below = min(1, ratios.min() ?? 1)
    let above = max(1, ratios.max() ?? 1)
    let source = Self.source(samples)
    var energies: [PowerModel.Term: PowerModel.Coefficient] = [:]
    for (term, old) in prior.energies {
      guard let typical = fit.energies[term] else {
        energies[term] = .init(
          old.value, unit: old.unit,
          source: "\(old.source) (kept: \(fit.kept[term]?.words ?? "not fitted"))")
        continue
      }
      let all = [typical] + folds.map { $0.energies[term] ?? old.value.typical }
      energies[term] = .init(
        Bounded(
          low: (all.min() ?? typical) * below, typical: typical,
          high: (all.max() ?? typical) * above),
        unit: old.unit, source: source)
    }
    let lent = prior.isRankingOnly ? PowerModel.Term.allCases.filter { fit.kept[$0] != nil } : []
    model = PowerModel(
      family: prior.family, version: Self.version(samples, prior: prior), energies: energies,
      staticW: prior.staticW, isRankingOnly: !lent.isEmpty,
      caveat: lent.isEmpty
        ? nil
        : "not fitted: \(lent.map(\.rawValue).joined(separator: ", ")); \(prior.caveat ?? "")")
  }

  private static func check(_ samples: [PowerSample]) throws {
    guard samples.count >= fewestSamples else {
      throw QoRError.unfit(
        samples.map(\.name).joined(separator: ", "),
        "\(samples.count) of at least \(fewestSamples) reports")
    }
    for (place, sample) in samples.enumerated() {
      if samples[..<place].contains(where: { $0.name == sample.name }) {
        throw QoRError.unfit(sample.name, "given twice, so that it would be held out from itself")
      }
      if sample.profile.origin != samples[0].profile.origin {
        throw QoRError.unfit(
          sample.name,
          "toggles counted as '\(sample.profile.origin.rawValue)', those of \(samples[0].name) as '\(samples[0].profile.origin.rawValue)'"
        )
      }
    }
  }

  private static func source(_ samples: [PowerSample]) -> String {
    "fitted to \(samples.count) reports (toggles of \(samples[0].profile.origin.rawValue)): "
      + samples.map(\.name).joined(separator: ", ")
  }

  /// Names the data, so that figures of two calibrations are told apart.
  private static func version(_ samples: [PowerSample], prior: PowerModel) -> String {
    var hash = StableHash()
    hash.combine(prior.version)
    for sample in samples {
      hash.combine(sample.name)
      hash.combine(sample.clockHz.bitPattern)
      hash.combine(sample.dynamicW.bitPattern)
      for part in PowerEstimate.Part.allCases {
        guard let power = sample.parts[part] else { continue }
        hash.combine("\(part.rawValue) \(power.isUpperBound)")
        hash.combine(power.value.bitPattern)
      }
      for term in PowerModel.Term.allCases {
        hash.combine(term.amount(in: sample.profile).bitPattern)
      }
    }
    let digits = String(hash.value, radix: 16)
    return "calibrated-\(String(repeating: "0", count: 16 - digits.count))\(digits)"
  }
}
