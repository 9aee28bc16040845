import PareText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The two streams: results to standard output, everything else to standard error.
enum Console {
  /// One or more lines to standard error.
  static func note(_ words: String) {
    write(words + "\n", to: STDERR_FILENO)
  }

  /// The result of a command.
  static func result(_ text: String) {
    write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
  }

  static let errorStreamIsTerminal = isatty(STDERR_FILENO) == 1

  static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = unsafe bytes.withUnsafeBytes { buffer in
        #if canImport(Glibc)
          unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        #else
          unsafe Darwin.write(descriptor, buffer.baseAddress, buffer.count)
        #endif
      }
      if written >= 0 {
        bytes = bytes.dropFirst(written)
      } else if errno != EINTR {
        // A closed pipe (`pare ... | head`) ends the output, not the work; a full disk must not look like success.
        guard errno != EPIPE, descriptor == STDOUT_FILENO else { return }
        let reason = unsafe String(cString: strerror(errno))
        note("error: the result cannot be written: \(reason)\nhint:  look at where it is sent to")
        exit(1)
      }
    }
  }
}

/// Progress on standard error: one line that is redrawn on a terminal, one line per event elsewhere.
struct ProgressPrinter: Sendable {
  let isQuiet: Bool
  let isVerbose: Bool

  /// A step that has ended, or something worth keeping on the screen.
  func event(_ words: String) {
    guard !isQuiet else { return }
    Console.write(
      (Console.errorStreamIsTerminal ? "\r\u{1B}[K" : "") + words + "\n", to: STDERR_FILENO)
  }

  /// A step under way: redrawn on a terminal; elsewhere, and when asked to be verbose, a line of its own or nothing.
  func update(_ words: String) {
    guard !isQuiet else { return }
    if isVerbose {
      event(words)
    } else if Console.errorStreamIsTerminal {
      Console.write("\r\u{1B}[K\(words.prefix(100))", to: STDERR_FILENO)
    }
  }
}
