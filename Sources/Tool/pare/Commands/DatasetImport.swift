import ArgumentParser
import PareExplore
import PareSignal
import PareText

/// `pare dataset import`: a raw pair of captures becomes an aligned data set.
struct DatasetImport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Align a raw pair of captures (delay to a fraction of a sample, gain) and split it.",
    discussion: """
      Reads CSV, .npy, SigMF and interleaved 16-bit integers. The result is a folder in the OpenDPD layout.
      """)

  @Argument(help: "What went into the amplifier.")
  var input: String

  @Argument(help: "What came out.")
  var output: String

  @Option(help: "Sample rate in Hz; may be left out for SigMF.")
  var sampleRate: Double?

  @Option(help: "Bandwidth of the main channel in Hz.")
  var bandwidth: Double

  @Option(help: "Carriers in the main channel.")
  var subChannels = 1

  @Option(help: "Length of a spectral window in samples.")
  var segmentLength: Int?

  @Option(help: "\(formatNames); by the file's suffix unless given.")
  var inputFormat: CaptureFormat?

  @Option(help: "As --input-format, for the output.")
  var outputFormat: CaptureFormat?

  @Option(
    parsing: .unconditional,
    help: "Delay of the output in samples, negative when it leads; estimated unless given.")
  var delay: Double?

  @Option(help: "The folder to write.")
  var out: String

  @Option(help: "Name of the data set; the folder's unless given.")
  var name: String?

  @Flag(help: "Replace the folder if it is there.")
  var force = false

  @OptionGroup var common: CommonOptions

  private static let formatNames = CaptureFormat.allCases.map(\.rawValue).joined(separator: ", ")

  private struct Summary: Encodable {
    var folder: String
    var alignment: Alignment
    var dataset: DatasetSummary
  }

  func run() async throws {
    let importer = CaptureImporter(
      bandwidth: bandwidth, subChannelCount: subChannels, sampleRate: sampleRate,
      segmentLength: segmentLength, inputFormat: inputFormat, outputFormat: outputFormat,
      delay: delay)
    let folderName = out.split(separator: "/").last.map(String.init) ?? out
    let (dataset, alignment) = try importer.dataset(
      named: name ?? folderName, input: input, output: output)
    try dataset.write(to: out, replacing: force)
    let summary = Summary(folder: out, alignment: alignment, dataset: try dataset.summary())
    guard !common.json else {
      Console.result(JSONText.encode(summary))
      return
    }
    Console.result(
      """
      delay \(alignment.delay.fixed(4)) samples, correlation \(alignment.correlation.fixed(5)), \
      \(alignment.count.grouped) samples in common -> \(out)

      \(summary.dataset.text)
      """)
  }
}
