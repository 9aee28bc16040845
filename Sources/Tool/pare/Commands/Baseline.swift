import ArgumentParser
import PareExplore
import PareNumerics
import PareSignal
import PareText
import PareTrain

/// `pare baseline`: memory polynomials fitted by least squares, to compare networks with.
struct Baseline: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Fit (generalized) memory polynomials, the classic models of amplifiers and predistorters.",
    discussion: """
      Terms are chosen one by one: each is the one that lowers the error of the training split most, given those before it, \
      and all coefficients are then fitted again (orthogonal matching pursuit). The figures are those of 'pare train': pooled \
      NMSE, the same samples, the same gain.
      """)

  @Argument(help: "A name from 'pare dataset list', or a folder.")
  var dataset = "opendpd/APA_200MHz"

  @Option(help: "inverse (a predistorter) or forward (a model of the amplifier).")
  var task = LearningTask.inverse

  @Option(help: "gmp (lagging and leading envelopes) or mp (aligned terms only).")
  var kind = Kind.gmp

  @Option(help: "Numbers of complex coefficients to report, such as 10,20,30.")
  var coefficients = "6,10,20,30,60"

  @Option(help: "Powers of the envelope, such as 1,2,3,4.")
  var orders = "1,2,3,4"

  @Option(help: "Delays of the samples, from:to; negative ones lie ahead.")
  var delays = "-10:20"

  @Option(help: "Lags of the envelope behind the sample, from:to; negative ones lead. For gmp.")
  var lags = "-2:2"

  @Option(
    help:
      "Regularization towards y = x, a share of every column's energy; 1e-3 for a model that will meet other signals."
  )
  var ridge = PolynomialFit.defaultRidge

  @Option(help: "File for the longest of the polynomials.")
  var out: String?

  @OptionGroup var common: CommonOptions

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case gmp, mp
  }

  func run() async throws {
    let counts = try list(coefficients, "--coefficients")
    guard counts.allSatisfy({ (1...5_000).contains($0) }) else {
      throw ValidationError("--coefficients are \(coefficients); give numbers from 1 to 5000")
    }
    let dictionary = try dictionary()
    if let out { try TextFile.requireFileName(out) }
    let dataset = try await DatasetSource.load(dataset, onProgress: common.toolProgress)
    let splits = dataset.sampleSplits(for: task)
    common.progress.event(
      "\(dataset.name), \(task.rawValue), \(dictionary.termCount) terms to choose from")
    let fit = try PolynomialFit(dictionary, on: splits, ridge: ridge)
    let path = try fit.path(upTo: counts.max()!)
    if counts.contains(where: { $0 > path.count }) {
      common.progress.event("note: no term lowers the error beyond \(path.count) coefficients")
    }
    var reached: [Int] = []
    for count in counts.map({ min($0, path.count) }) where !reached.contains(count) {
      reached.append(count)
    }
    let scores = reached.map {
      ModelScore(name: "\(kind.rawValue.uppercased()), \($0) terms", path[$0 - 1])
    }
    if let out, let longest = reached.max() {
      let gain = dataset.leastSquaresGain
      let document = PolynomialDocument(
        path[longest - 1], dataset: self.dataset, datasetHash: StableHash.hex(dataset.stableHash),
        task: task.rawValue, gainRe: gain.re, gainIm: gain.im, sampleRate: dataset.sampleRate,
        peakInput: fit.peakInput)
      try TextFile.write(document.text, to: out)
      common.progress.event("wrote \(out), \(longest) terms")
    }
    Console.result(common.json ? JSONText.encode(scores) : ModelScore.table(scores).text)
  }

  private func dictionary() throws -> PolynomialDictionary {
    let orders = try list(orders, "--orders")
    let delays = try range(delays, "--delays")
    do {
      switch kind {
      case .mp: return try .memoryPolynomial(orders: orders, delays: delays)
      case .gmp:
        return try PolynomialDictionary(
          orders: orders, delays: delays, lags: range(lags, "--lags"))
      }
    } catch let error as TrainingError {
      throw ExploreError(.option("dictionary"), error.message, hint: error.hint, kind: .usage)
    }
  }

  private func list(_ text: String, _ option: String) throws -> [Int] {
    let values = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard values.allSatisfy({ $0 != nil }) else {
      throw ValidationError("\(option) is '\(text)'; give a list of numbers such as 1,2,3")
    }
    return values.compactMap { $0 }
  }

  private func range(_ text: String, _ option: String) throws -> ClosedRange<Int> {
    let ends = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count == 2, let from = ends[0], let to = ends[1], from <= to else {
      throw ValidationError("\(option) is '\(text)'; give FROM:TO, such as -10:20")
    }
    return from...to
  }
}
