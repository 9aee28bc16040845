// Words on the command line that stand for values of the modules.

public import ArgumentParser
public import PareDPD
public import PareDatapath
public import PareExplore
public import PareFixed
public import PareHLS
public import PareNetwork
public import PareNumerics
public import PareQoR
public import PareSignal
public import PareTools

extension RoutingOptions.BitstreamChoice: ExpressibleByArgument {}
extension LearningTask: ExpressibleByArgument {}
extension LinearBranch.Structure: ExpressibleByArgument {}
extension RecipePreset: ExpressibleByArgument {}
extension CaptureFormat: ExpressibleByArgument {}
extension MetricProfile: ExpressibleByArgument {}
extension GainConvention: ExpressibleByArgument {}
extension Split: ExpressibleByArgument {}
extension BenchmarkSplit: ExpressibleByArgument {}
extension FittedAmplifier: ExpressibleByArgument {}
extension PredistorterStudy.Aim: ExpressibleByArgument {}
extension SpacePreset: ExpressibleByArgument {}
extension Ledger.ExportFormat: ExpressibleByArgument {}
extension Preference: ExpressibleByArgument {}
extension Effort: ExpressibleByArgument {}
extension Rounding: ExpressibleByArgument {}
extension Overflow: ExpressibleByArgument {}
extension LossMetric: ExpressibleByArgument {}
extension HLSForm: ExpressibleByArgument {}
extension DirectivePreset: ExpressibleByArgument {}
extension QoRPlan.Designs: ExpressibleByArgument {}
extension CountedToggles: ExpressibleByArgument {}
extension LogicFamily: ExpressibleByArgument {}

extension QoRStage: ExpressibleByArgument {
  /// Those whose figures a ledger can have.
  public static var allValueStrings: [String] {
    [QoRStage.costModel, .synthesis, .placeAndRoute].map(\.rawValue)
  }

  public init?(argument: String) {
    guard Self.allValueStrings.contains(argument) else { return nil }
    self.init(rawValue: argument)
  }
}
