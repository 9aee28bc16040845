public import PareText

/// What is wrong with the assets, the waveform or the request of a predistorter's design.
public struct PredistortionError: PareError, Hashable {
  public enum Code: Hashable, Sendable {
    case unreadable(path: String, reason: String)
    case badArchive(path: String, reason: String)
    case missingArray(path: String, name: String, found: [String])
    case badShape(path: String, name: String, shape: [Int], expected: String)
    case badCalibration(path: String, reason: String)
    case wrongLength(what: String, count: Int, expected: Int)
    case notFinite(what: String, sample: Int)
    case diverged(iteration: Int, errorDB: Double, bestDB: Double, reason: String)
    case badDataset(name: String, reason: String, hint: String)
    case badRequest(reason: String)
    case badModel(path: String, reason: String)
    case singular(what: String, column: Int)
  }

  public let code: Code

  public init(_ code: Code) { self.code = code }

  public var message: String {
    switch code {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .badArchive(let path, let reason): "\(path): not a usable .npz archive: \(reason)"
    case .missingArray(let path, let name, let found):
      "\(path): no array '\(name)' (found \(found.joined(separator: ", ")))"
    case .badShape(let path, let name, let shape, let expected):
      "\(path): array '\(name)' has shape \(shape), not \(expected)"
    case .badCalibration(let path, let reason): "\(path): \(reason)"
    case .wrongLength(let what, let count, let expected):
      "\(what) has \(count) samples, not \(expected)"
    case .notFinite(let what, let sample): "\(what): sample \(sample) is not finite"
    case .diverged(let iteration, let error, let best, let reason):
      "the drive diverged at iteration \(iteration): error \(error.fixed(1)) dB after \(best.fixed(1)) dB; \(reason)"
    case .badDataset(let name, let reason, _): "data set '\(name)': \(reason)"
    case .badRequest(let reason): reason
    case .badModel(let path, let reason): "\(path): no model of an amplifier: \(reason)"
    case .singular(let what, let column): "\(what) is singular at column \(column)"
    }
  }

  public var hint: String {
    switch code {
    case .unreadable: "check the path and its permissions"
    case .badArchive, .missingArray, .badShape, .badCalibration:
      "fetch the benchmark's assets again; docs/guides/predistortion.md says from where"
    case .wrongLength: "predistort the whole split, sample by sample"
    case .notFinite: "lower the drive, or regularize the predistorter"
    case .diverged: "lower the step or the target power, or measure the response at a smaller drive"
    case .badDataset(_, _, let hint): hint
    case .badModel: "write it again with 'pare dpd amplifier'"
    case .badRequest: "docs/guides/predistortion.md describes the choices"
    case .singular: "add a ridge, or remove features that are equal"
    }
  }

  public var kind: FailureKind {
    switch code {
    case .diverged, .singular: .failed
    default: .badData
    }
  }
}
