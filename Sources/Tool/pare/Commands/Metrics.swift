import ArgumentParser
import PareSignal
import PareText

/// `pare metrics`: how far an output is from a reference.
struct Metrics: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare an output waveform with a reference: NMSE, EVM, ACLR, ACPR.")

  @Option(help: "CSV of the output, columns I and Q.")
  var output: String

  @Option(help: "CSV of the reference, columns I and Q, as long as the output.")
  var reference: String

  @Option(help: "Sample rate in Hz.")
  var sampleRate: Double

  @Option(help: "Bandwidth of the main channel in Hz.")
  var bandwidth: Double

  @Option(help: "Carriers in the main channel.")
  var subChannels = 1

  @Option(help: "Length of a spectral window in samples.")
  var segmentLength = 4096

  @Option(help: "Definitions to follow: spectral or legacy.")
  var profile = MetricProfile.spectral

  @OptionGroup var common: CommonOptions

  func run() async throws {
    let plan = try BandPlan(
      sampleRate: sampleRate, bandwidth: bandwidth, subChannelCount: subChannels,
      segmentLength: segmentLength)
    let report = try MetricsReport(
      of: IQSignal(contentsOfCSV: output), against: IQSignal(contentsOfCSV: reference), plan: plan,
      profile: profile)
    Console.result(common.json ? JSONText.encode(report) : Self.table(report))
  }

  private static func table(_ report: MetricsReport) -> String {
    var table = TextTable([("metric (\(report.profile.rawValue))", .left), ("value", .right)])
    table.add(["NMSE, dB", report.nmse.fixed(4)])
    table.add(["EVM, dB", report.evm.fixed(4)])
    table.add(["ACLR left, dBc", report.aclrLeft.fixed(4)])
    table.add(["ACLR right, dBc", report.aclrRight.fixed(4)])
    if let left = report.acprLeft, let right = report.acprRight {
      table.add(["ACPR left, dBc", left.fixed(4)])
      table.add(["ACPR right, dBc", right.fixed(4)])
    }
    return table.text
  }
}
