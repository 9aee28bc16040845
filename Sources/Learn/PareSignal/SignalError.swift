public import PareText

/// What is wrong with a signal, a file of samples, or a data set; names the file, the line and the reason.
public struct SignalError: PareError, Hashable {
  public enum Code: Hashable, Sendable {
    case fileNotFound(path: String)
    case unreadable(path: String, reason: String)
    case unwritable(path: String, reason: String)
    case alreadyExists(path: String)
    case missingColumn(path: String, column: String, found: [String])
    case repeatedColumn(path: String, column: String)
    case lineTooLong(path: String, line: Int, limit: Int)
    case fieldCount(path: String, line: Int, expected: Int, found: Int)
    case notANumber(path: String, line: Int, column: String, text: String)
    case notFinite(path: String, line: Int, column: String, text: String)
    case noSamples(path: String)
    case unequalLengths(first: String, firstCount: Int, second: String, secondCount: Int)
    case badSplit(path: String, reason: String)
    case badSpec(path: String, key: String, reason: String)
    case notADataset(path: String)
    case badCapture(path: String, reason: String)
    case badDataset(name: String, reason: String)
    case badPlan(reason: String)
    case tooShort(what: String, count: Int, needed: Int)
    case silent(what: String)
    case uncorrelated(correlation: Double, conjugateCorrelation: Double)
    case unknownFormat(path: String)
    case unknownDataset(name: String)
    case badModelOutput(model: String, reason: String)
  }

  public let code: Code

  public init(_ code: Code) { self.code = code }

  public var message: String {
    switch code {
    case .fileNotFound(let path): "\(path): no such file"
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
    case .alreadyExists(let path): "\(path): exists already"
    case .missingColumn(let path, let column, let found):
      "\(path), line 1: no column '\(column)' (found \(list(found)))"
    case .repeatedColumn(let path, let column):
      "\(path), line 1: column '\(column)' appears twice"
    case .lineTooLong(let path, let line, let limit):
      "\(path), line \(line): no end of line within \(limit) bytes"
    case .fieldCount(let path, let line, let expected, let found):
      "\(path), line \(line): \(found) fields, the header has \(expected)"
    case .notANumber(let path, let line, let column, let text):
      "\(path), line \(line), column \(column): '\(text)' is not a number"
    case .notFinite(let path, let line, let column, let text):
      "\(path), line \(line), column \(column): '\(text)' is not a finite sample"
    case .noSamples(let path): "\(path): holds no samples"
    case .unequalLengths(let first, let firstCount, let second, let secondCount):
      "\(first) has \(firstCount) samples, \(second) has \(secondCount)"
    case .badSplit(let path, let reason): "\(path): wrong split: \(reason)"
    case .badSpec(let path, let key, let reason):
      key.isEmpty ? "\(path): \(reason)" : "\(path): key '\(key)' \(reason)"
    case .notADataset(let path): "\(path): not a data set folder (no spec.json)"
    case .badCapture(let path, let reason): "\(path): \(reason)"
    case .badDataset(let name, let reason): "data set '\(name)': \(reason)"
    case .badPlan(let reason): reason
    case .tooShort(let what, let count, let needed):
      "\(what) has \(count) samples, \(needed) are needed"
    case .silent(let what): "\(what) is zero throughout"
    case .uncorrelated(let correlation, _):
      "input and output hardly correlate (\(correlation.fixed(3)) after alignment)"
    case .unknownFormat(let path): "\(path): unknown kind of capture"
    case .unknownDataset(let name): "no data set is called '\(name)'"
    case .badModelOutput(let model, let reason): "\(model): \(reason)"
    }
  }

  public var hint: String {
    switch code {
    case .fileNotFound, .unreadable: "check the path and its permissions"
    case .unwritable: "check the folder, its permissions and the free space"
    case .alreadyExists: "choose another name, or ask to replace it"
    case .missingColumn, .repeatedColumn:
      "the first line must name the columns: I,Q, or I_in,Q_in,I_out,Q_out for a single-file data set"
    case .lineTooLong: "is this really a text file of comma-separated samples?"
    case .fieldCount, .notANumber, .notFinite:
      "every line needs one finite decimal number per column"
    case .noSamples: "export the capture again"
    case .unequalLengths: "input and output must be sampled together, one line per sample"
    case .badSplit: "train, val and test must each get samples; the ratios must sum to 1"
    case .badSpec: "docs/guides/datasets.md lists the keys of spec.json"
    case .notADataset: "give a folder with spec.json, or make one: pare dataset import"
    case .badCapture: "docs/guides/datasets.md lists the accepted captures"
    case .badDataset: "docs/guides/datasets.md says what a data set must hold"
    case .badPlan: "check sample rate, bandwidth, number of sub-channels and segment length"
    case .tooShort: "use a longer capture, or a smaller segment length"
    case .silent: "check that the right columns or files were exported"
    case .uncorrelated(let direct, let conjugate):
      conjugate > 2 * direct
        ? "one of the two is conjugated (correlation \(conjugate.fixed(3))): swap I and Q of one capture"
        : "check that both captures show the same stimulus at the same sample rate"
    case .unknownFormat: "name the format: csv, npy, sigmf, int16 or float32"
    case .unknownDataset: "pare dataset list shows the names"
    case .badModelOutput:
      "a model gives I and Q, as many samples as it takes, and no steeper than its training data"
    }
  }

  public var kind: FailureKind {
    switch code {
    case .unwritable: .failed
    default: .badData
    }
  }

  private func list(_ names: [String]) -> String {
    names.isEmpty ? "nothing" : names.map { "'\($0)'" }.joined(separator: ", ")
  }
}
