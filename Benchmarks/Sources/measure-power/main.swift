// What the quick estimate of power, from the datapath, is worth beside the same power model on the toggles of a netlist.
//
//   measure-power [--quick] [FOLDER]
//
// 50 designs for UltraScale+ and 16 for ECP5 (6 and 2 with --quick), seeded networks and filter banks, each compiled at effort fast and
// fed with an OFDM signal: dynamic milliwatts at 200 MHz (of ECP5: numbers that rank) by the datapath, by the netlist's settled values
// and by those with glitches, and the ratios of the quick figure to both. Every netlist is compared with the datapath on the same
// samples. Then, for each family: rank correlations, mean ratio and worst distance from it, ratios of the parts, times. What netlists
// show is kept in FOLDER, and a second run with the same folder does only what is missing.
import BenchmarkDesigns
import PareDatapath
import PareNumerics
import PareQoR
import PareText
import PareTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Those of two lists, in a row, and how they differ.
func summary(
  _ name: String, _ rows: [Measurement], _ a: (Measurement) -> Double, _ b: (Measurement) -> Double
) {
  let first = rows.map(a)
  let second = rows.map(b)
  let ratios = zip(first, second).map { $0 / $1 }
  let mean = ratios.reduce(0, +) / Double(ratios.count)
  let worst = ratios.map { max($0 / mean, mean / $0) }.max() ?? 1
  let correlation = RankCorrelation.spearman(first, second).map { $0.fixed(4) } ?? "-"
  print(
    "  \(name): rank correlation \(correlation), mean ratio \(mean.fixed(3)), worst \(worst.fixed(2)) times off it, "
      + "\((ratios.min() ?? 0).fixed(2)) to \((ratios.max() ?? 0).fixed(2))")
}

let arguments = CommandLine.arguments.dropFirst()
let isQuick = arguments.contains("--quick")
let path = arguments.first { !$0.hasPrefix("--") }
let folder = Folder(
  path ?? FileManager.default.temporaryDirectory.path + "/measure-power-\(UUID().uuidString)")
let limits: [LogicFamily: Int] =
  isQuick ? [.ultraScalePlus: 6, .ecp5: 2] : [.ultraScalePlus: 50, .ecp5: 16]
let synthesizer = try await YosysSynthesizer()
let stimulus = try Stimulus()
var rows: [LogicFamily: [Measurement]] = [:]
print("design  family  LUT  FF  quick mW  netlist mW (ratio)  with glitches mW (ratio)")
for (index, design) in try Design.random(count: isQuick ? 8 : 67).enumerated() {
  guard rows[design.family, default: []].count < limits[design.family, default: 0] else { continue }
  let place = folder.folder("design\(index)")
  let row = try await measure(design, index: index, on: stimulus, with: synthesizer, in: place)
  rows[design.family, default: []].append(row)
  let (quick, settled, glitches) = (
    row.power(row.quick), row.power(row.netlist.settled), row.power(row.netlist.unitDelay)
  )
  print(
    "\(row.name)  \(row.family.rawValue)  \(row.netlist.luts)  \(row.netlist.flipFlops)  \((1e3 * quick).fixed(2))  "
      + "\((1e3 * settled).fixed(2)) (\((quick / settled).fixed(3)))  "
      + "\((1e3 * glitches).fixed(2)) (\((quick / glitches).fixed(3)))")
}
for family in LogicFamily.allCases {
  guard let rows = rows[family] else { continue }
  print("\(family.rawValue), \(rows.count) designs")
  summary(
    "datapath to netlist, settled", rows, { $0.power($0.quick) }, { $0.power($0.netlist.settled) })
  summary(
    "datapath to netlist, with glitches", rows, { $0.power($0.quick) },
    { $0.power($0.netlist.unitDelay) })
  summary(
    "settled to with glitches", rows, { $0.power($0.netlist.settled) },
    { $0.power($0.netlist.unitDelay) })
  for part in PowerEstimate.Part.allCases {
    let some = rows.filter {
      $0.power($0.quick, part: part) > 0 && $0.power($0.netlist.settled, part: part) > 0
    }
    if some.isEmpty { continue }
    summary(
      "\(part.rawValue) (\(some.count) designs), datapath to settled", some,
      { $0.power($0.quick, part: part) }, { $0.power($0.netlist.settled, part: part) })
  }
  let compile = rows.map(\.compileMS).sorted()
  let quick = rows.map(\.quickUS).sorted()
  print(
    "  compiling \(compile[compile.count / 2].fixed(1)) ms (median), \(compile.last!.fixed(1)) ms at most; profile "
      + "\(quick[quick.count / 2].fixed(0)) us, \(quick.last!.fixed(0)) us at most")
}
if path == nil { try folder.remove() }
