import ArgumentParser
import PareExplore
import PareSignal
import PareText

/// `pare dataset characteristic`: AM/AM and AM/PM of the measured amplifier.
struct DatasetCharacteristic: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "characteristic",
    abstract:
      "Print gain and phase shift of the amplifier against the input's magnitude (AM/AM, AM/PM).")

  @Argument(help: "A name from 'pare dataset list', or a folder.")
  var dataset = "opendpd/APA_200MHz"

  @Option(help: "train, val or test.")
  var split = Split.test

  @Option(help: "leastSquares, peak or none: the gain that counts as 0 dB and 0 degrees.")
  var gain = GainConvention.leastSquares

  @Option(help: "Range of input magnitudes below the peak, in dB.")
  var range = 40.0

  @Option(help: "Number of bins over the range.")
  var bins = 40

  @OptionGroup var common: CommonOptions

  func run() async throws {
    let data = try await DatasetSource.load(dataset, onProgress: common.toolProgress)
    let pair = data[split]
    let curve = try AmplitudeCharacteristic(
      from: pair.input, to: pair.output, convention: gain,
      axis: .decibels(range: range, bins: bins))
    if common.json {
      Console.result(JSONText.encode(curve))
      return
    }
    var table = TextTable([
      ("input", .right), ("samples", .right), ("gain dB", .right), ("deviation", .right),
      ("phase deg", .right), ("deviation", .right),
    ])
    for bin in curve.bins {
      table.add([
        bin.input.fixed(4), "\(bin.count)", bin.gain.fixed(3), bin.gainDeviation.fixed(3),
        bin.phase.fixed(2), bin.phaseDeviation.fixed(2),
      ])
    }
    Console.result(
      table.text
        + "\n\ngain and phase against the \(gain.rawValue) gain of the \(split.rawValue) split, "
        + "\(curve.reference.decibels.fixed(3)) dB, \(curve.reference.degrees.fixed(2)) deg")
  }
}
