// What memory polynomials reach on measured data, as reported in docs/measurements.md.
//
//   measure-baselines FOLDER [TERMS [RIDGE]]
//
// FOLDER is a data set with spec.json. Both tasks, several dictionaries, terms chosen greedily; every line is one model.
import PareSignal
import PareText
import PareTrain

let arguments = CommandLine.arguments.dropFirst().map { $0 }
guard let folder = arguments.first, arguments.count <= 3,
  let limit = arguments.count > 1 ? Int(arguments[1]) : 60, limit >= 1,
  let ridge = arguments.count > 2 ? Double(arguments[2]) : PolynomialFit.defaultRidge
else { fatalError("measure-baselines FOLDER [TERMS [RIDGE]]") }

let dataset = try IQDataset(contentsOf: folder)
let dictionaries: [(String, PolynomialDictionary)] = [
  ("GMP standard", .standard),
  ("GMP even orders", try PolynomialDictionary(orders: [2, 4], delays: -10...20, lags: -2...2)),
  ("GMP wide", try PolynomialDictionary(orders: 1...6, delays: -10...20, lags: -5...5)),
  ("MP orders 1-4", try .memoryPolynomial(orders: 1...4, delays: -10...20)),
  ("MP orders 1-6", try .memoryPolynomial(orders: 1...6, delays: -10...20)),
]
let clock = ContinuousClock()
for task in LearningTask.allCases {
  let splits = dataset.sampleSplits(for: task)
  var scores: [ModelScore] = []
  for (name, dictionary) in dictionaries {
    let start = clock.now
    let fit = try PolynomialFit(dictionary, on: splits, ridge: ridge)
    let summed = clock.now
    let path = try fit.path(upTo: limit)
    let chosen = clock.now
    for size in [6, 10, 20, 30, 40, 60, limit] where size <= path.count {
      guard scores.last?.name != "\(name), \(size) terms" else { continue }
      scores.append(ModelScore(name: "\(name), \(size) terms", path[size - 1]))
    }
    scores.append(ModelScore(name: "\(name), all", try fit.model(of: dictionary.terms)))
    let done = clock.now
    let seconds = [summed - start, chosen - summed, done - chosen].map {
      ($0 / .seconds(1)).fixed(2)
    }
    print(
      "\(task.rawValue) \(name): \(dictionary.termCount) terms; equations \(seconds[0]) s, "
        + "path \(seconds[1]) s, all terms \(seconds[2]) s")
  }
  print("\(dataset.name), \(task.rawValue), ridge \(ridge)")
  print(ModelScore.table(scores).text)
}
