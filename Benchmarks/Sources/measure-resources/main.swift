// What the model of cells says of random designs, and what Yosys makes of them.
//
//   measure-resources [--quick] [FOLDER]
//
// A line for each of 50 designs (8 with --quick): tables, flip-flops and carry cells, model / synthesis and the error in
// percent, then the microseconds that the model takes of a compiled pipeline and the milliseconds of compiling it. The last
// lines give the mean and the worst absolute error by family. Netlists go to FOLDER, or to a temporary one that is removed.
import BenchmarkDesigns
import PareDatapath
import PareRTL
import PareText
import PareTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A figure of the model beside that of synthesis.
struct Comparison {
  let model: Int
  let synthesis: Int

  /// Percent of the synthesis; a cell or two of a small design are not counted as more than they are of 20.
  var error: Double { 100 * Double(model - synthesis) / Double(max(synthesis, 20)) }
  var text: String { "\(model)/\(synthesis) \(error.fixed(1))" }
}

/// The shortest of several runs, in microseconds.
func microseconds(of work: () -> Void) -> Double {
  let clock = ContinuousClock()
  return (0..<20).map { _ in clock.measure(work) / .microseconds(1) }.min() ?? 0
}

let arguments = CommandLine.arguments.dropFirst()
let isQuick = arguments.contains("--quick")
let path = arguments.first { !$0.hasPrefix("--") }
let folder = Folder(
  path ?? FileManager.default.temporaryDirectory.path + "/measure-resources-\(UUID().uuidString)")
let synthesizer = try await YosysSynthesizer()
let kinds = ["LUT", "FF", "CARRY"]
var errors: [LogicFamily: [[Double]]] = [:]
var times: [Double] = []
print("design family LUT FF CARRY (model/synthesis percent) model-us compile-ms")
for (index, design) in try Design.random(count: isQuick ? 8 : 50).enumerated() {
  let clock = ContinuousClock()
  let start = clock.now
  let pipeline = try design.pipeline()
  let compiled = start.duration(to: clock.now) / .milliseconds(1)
  let cells = pipeline.resources().cells
  let time = microseconds { _ = pipeline.resources() }
  let target = SynthesisTarget(design.family == .ecp5 ? .ecp5 : .xcup)
  let counts = try await synthesizer.synthesize(
    pipeline.verilog(named: "design\(index)"), for: target, in: folder.folder("design\(index)"),
    onProgress: nil
  ).counts
  let comparisons = [
    Comparison(model: cells.luts, synthesis: counts.lut),
    Comparison(model: cells.flipFlops, synthesis: counts.ff),
    Comparison(model: cells.carryCells, synthesis: counts.carry8 ?? counts.carry),
  ]
  errors[design.family, default: []].append(comparisons.map { abs($0.error) })
  times.append(time)
  print(
    "\(design.name) \(design.family.rawValue) "
      + comparisons.map(\.text).joined(separator: "  ")
      + "  \(time.fixed(0)) us  \(compiled.fixed(1)) ms")
}
for family in LogicFamily.allCases {
  guard let rows = errors[family] else { continue }
  for (place, kind) in kinds.enumerated() {
    let column = rows.map { $0[place] }
    let mean = column.reduce(0, +) / Double(column.count)
    print(
      "\(family.rawValue) \(kind): mean \(mean.fixed(1)) %, worst \((column.max() ?? 0).fixed(1)) %"
        + " of \(column.count) designs")
  }
}
let sorted = times.sorted()
print("model: median \(sorted[sorted.count / 2].fixed(0)) us, worst \(sorted.last!.fixed(0)) us")
if path == nil { try folder.remove() }
