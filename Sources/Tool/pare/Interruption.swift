import ArgumentParser
import Dispatch
import PareNetwork

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Turns Ctrl-C and `kill` into cancellation, so that work stops between steps and leaves nothing half-written.
enum Interruption {
  /// Parses the command line and runs its verb.
  static func run() async -> Ending {
    let work = Task { () -> Ending in
      do {
        try KernelChoice.validate()
        var command = try Pare.parseAsRoot()
        if var asynchronous = command as? any AsyncParsableCommand {
          try await asynchronous.run()
        } else {
          try command.run()
        }
        return .success
      } catch {
        return Task.isCancelled ? Ending(CancellationError()) : Ending(error)
      }
    }
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler {
        // The second signal does not wait for the current step.
        if work.isCancelled { exit(130) }
        work.cancel()
      }
      source.resume()
      return source
    }
    let ending = await work.value
    for source in sources { source.cancel() }
    return ending
  }
}
