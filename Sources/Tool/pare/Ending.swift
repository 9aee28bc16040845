import ArgumentParser
import PareText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How a run of the program ended: what is left to say, and the exit code.
struct Ending {
  private let code: Int32
  private let words: String
  private let isHelp: Bool

  static let success = Ending(code: 0, words: "", isHelp: false)

  private init(code: Int32, words: String, isHelp: Bool) {
    self.code = code
    self.words = words
    self.isHelp = isHelp
  }

  init(_ error: any Error) {
    switch error {
    case let error as any PareError:
      self.init(code: error.kind.rawValue, words: error.description, isHelp: false)
    case is CancellationError:
      self.init(
        code: FailureKind.interrupted.rawValue,
        words: "error: interrupted\nhint:  nothing is half-written; run the same command again",
        isHelp: false)
    default:
      let code = Pare.exitCode(for: error)
      if code == .success {
        self.init(code: 0, words: Pare.fullMessage(for: error), isHelp: true)
      } else if code == .validationFailure {
        self.init(code: FailureKind.usage.rawValue, words: Self.usage(error), isHelp: false)
      } else {
        self.init(
          code: FailureKind.failed.rawValue, words: "error: \(Pare.message(for: error))",
          isHelp: false)
      }
    }
  }

  /// A mistyped command in two lines; the verb's own help has the rest.
  private static func usage(_ error: any Error) -> String {
    var message = Pare.message(for: error)
    if let first = message.first { message = first.lowercased() + message.dropFirst() }
    let usage = Pare.fullMessage(for: error).split(separator: "\n")
      .first { $0.hasPrefix("Usage: ") }
      .map { $0.dropFirst("Usage: ".count) }
    // A value that is refused once the verb is running no longer knows its verb.
    guard let usage, usage != "pare <subcommand>" else {
      return "error: \(message)\nhint:  pare VERB --help lists the options of a verb"
    }
    return "error: \(message)\nhint:  usage: \(usage)"
  }

  /// Prints and leaves the process.
  func report() -> Never {
    if !words.isEmpty {
      if isHelp { print(words) } else { Console.note(words) }
    }
    exit(code)
  }
}
