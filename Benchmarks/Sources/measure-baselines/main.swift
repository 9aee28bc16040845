// What memory polynomials reach on measured data, as reported in docs/guides/baselines.md.
//
//   measure-baselines FOLDER [TERMS [RIDGE]]
//
// FOLDER is a data set with spec.json. For both tasks: terms chosen greedily from several dictionaries, one line per model.
// Then the amplifier's AM/AM and AM/PM, and predistorters of the inverse task scored through the best forward model.
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

func report(_ task: LearningTask) throws -> (fit: PolynomialFit, path: [FittedPolynomial]) {
  let clock = ContinuousClock()
  let splits = dataset.sampleSplits(for: task)
  var scores: [ModelScore] = []
  var standard: (PolynomialFit, [FittedPolynomial])?
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
    do {
      scores.append(ModelScore(name: "\(name), all", try fit.model(of: dictionary.terms)))
    } catch let error as TrainingError {
      print("\(name), all terms: \(error.message)")
    }
    let seconds = [summed - start, chosen - summed, clock.now - chosen].map {
      ($0 / .seconds(1)).fixed(2)
    }
    print(
      "\(task.rawValue) \(name): \(dictionary.termCount) terms; equations \(seconds[0]) s, "
        + "path \(seconds[1]) s, all terms \(seconds[2]) s")
    standard = standard ?? (fit, path)
  }
  print("\n\(dataset.name), \(task.rawValue), ridge \(ridge)\n\n\(ModelScore.table(scores).text)\n")
  return standard!
}

let inverse = try report(.inverse)
let forward = try report(.forward)

let curve = try AmplitudeCharacteristic(
  from: dataset.test.input, to: dataset.test.output, convention: .leastSquares,
  axis: .linear(bins: 10))
print("AM/AM and AM/PM of the test split, least-squares gain")
for bin in curve.bins {
  print(
    "  \(bin.lower.fixed(3))...\(bin.upper.fixed(3)): \(bin.gain.fixed(2)) dB "
      + "(+\(bin.gainDeviation.fixed(2))), \(bin.phase.fixed(2)) degrees "
      + "(\(bin.phaseDeviation.fixed(2))), \(bin.count) samples")
}

// Amplifier models with different ridges, and what they make of the same predistorters. The model goes through its file, as
// a program would use it.
func amplifiers(of dataset: IQDataset) throws -> [AmplifierModel] {
  let splits = dataset.sampleSplits(for: .forward)
  var models: [AmplifierModel] = []
  for (name, dictionary) in [dictionaries[0], dictionaries[4]] {
    for ridge in [1e-10, 1e-4, 1e-3, 1e-2] {
      let fit = try PolynomialFit(dictionary, on: splits, ridge: ridge)
      let document = PolynomialDocument(
        PolynomialFit.best(of: try fit.path(upTo: limit))!, dataset: dataset.name,
        datasetHash: "", task: LearningTask.forward.rawValue,
        gainRe: dataset.leastSquaresGain.re, gainIm: dataset.leastSquaresGain.im,
        sampleRate: dataset.sampleRate, peakInput: fit.peakInput)
      let polynomial = try PolynomialDocument(text: document.text, file: "pa.json").fitted.model
      let memory = dictionary.past + dictionary.lookAhead
      models.append(
        try AmplifierModel(
          named: "\(name), \(polynomial.terms.count) terms, ridge \(ridge)", of: dataset,
          margin: memory
        ) { polynomial($0) })
    }
  }
  return models
}

func scores(
  of predistorters: [(String, PolynomialModel?)], through models: [AmplifierModel],
  on dataset: IQDataset
) throws {
  print("\n\(dataset.name): predistorters through amplifier models, least-squares gain")
  for model in models {
    print("\(model.name): \(model.fidelity)")
    for (name, predistorter) in predistorters {
      let score = try dataset.score(through: model, margin: 70) { predistorter?($0) ?? $0 }
      let metrics = score.metrics
      print(
        "  \(name): NMSE \(metrics.nmse.fixed(2)), EVM \(metrics.evm.fixed(2)), "
          + "ACLR \(metrics.aclrLeft.fixed(2)) / \(metrics.aclrRight.fixed(2)), "
          + "ACPR \(metrics.acprLeft?.fixed(2) ?? "-") / \(metrics.acprRight?.fixed(2) ?? "-"), "
          + "\(score.samplesBeyondTraining) samples beyond training")
    }
  }
}

let sizes = [10, 20, 30, 60].filter { $0 <= inverse.path.count }
let smooth = try PolynomialFit(
  .standard, on: dataset.sampleSplits(for: .inverse), ridge: PolynomialFit.robustRidge
).path(upTo: limit)
try scores(
  of: [("none", nil)] + sizes.map { ("\($0) terms", inverse.path[$0 - 1].model) }
    + sizes.filter { $0 <= smooth.count }.map {
      ("\($0) terms, ridge \(PolynomialFit.robustRidge)", smooth[$0 - 1].model)
    },
  through: try amplifiers(of: dataset), on: dataset)

// The same where the truth is known: a published amplifier, its output 45 dB above added noise.
for amplifier in PublishedAmplifiers.all {
  let synthetic = try IQDataset.synthesized(
    by: amplifier, seed: 7, peak: 0.8 * amplifier.nominalPeak, signalToNoise: 45)
  let gain = synthetic.leastSquaresGain
  let delay = amplifier.groupDelay
  let truth = try AmplifierModel(named: "the amplifier itself", of: synthetic) { channels in
    let zeros = [Float](repeating: 0, count: delay)
    let output = amplifier.amplify(IQSignal(channels: channels.map { $0 + zeros }))
    return output[delay..<output.count].scaled(by: gain.reciprocal).channels
  }
  let path = try PolynomialFit(.standard, on: synthetic.sampleSplits(for: .inverse)).path(upTo: 30)
  try scores(
    of: [("none", nil)]
      + [10, 30].filter { $0 <= path.count }.map { ("\($0) terms", path[$0 - 1].model) },
    through: [truth] + amplifiers(of: synthetic), on: synthetic)
}
