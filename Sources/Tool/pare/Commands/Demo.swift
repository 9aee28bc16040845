import ArgumentParser
import PareExplore
import PareText

/// `pare demo`: the journey from measured data to placed-and-routed gates.
struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Go from measured data to verified, placed-and-routed gates, in minutes.",
    discussion: """
      Trains a handful of sparse, quantized networks on a measured power amplifier, takes the best quantized one within a \
      budget of weights, compiles it to Verilog, compares that with the integer model bit for bit, and implements it for \
      ZCU104 (synthesis) and ECP5 (place and route). Stopped at any point, it goes on where it was.
      """)

  @Flag(help: "One network and one seed only.")
  var quick = false

  @Option(name: .customLong("nnz"), help: "Most non-zero weights of the design that is built.")
  var largestNonZeroCount: Int?

  @Option(help: "Where results go; finished steps found there are kept.")
  var out: String?

  @Flag(help: "Forget finished steps.")
  var fresh = false

  @OptionGroup var jobs: JobsOption
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let largestNonZeroCount, largestNonZeroCount < 2 {
      throw ValidationError("--nnz is \(largestNonZeroCount); give 2 or more, one weight per layer")
    }
  }

  func run() async throws {
    let generator = "pare \(Pare.version)"
    var plan =
      quick ? PareExplore.Demo.Plan.quick(generator: generator) : .init(generator: generator)
    if let largestNonZeroCount { plan.largestNonZeroCount = largestNonZeroCount }
    let folder = out ?? (quick ? "runs/demo-quick" : "runs/demo")
    if fresh { try RunFolder(folder).clear() }
    let progress = common.progress
    let report = try await PareExplore.Demo(plan, in: folder, jobs: jobs.count) { event in
      switch event {
      case .note(let words): progress.event(words)
      case .progress(let words): progress.update(words)
      }
    }.run()
    Console.result(common.json ? JSONText.encode(report) : report.text)
  }
}
