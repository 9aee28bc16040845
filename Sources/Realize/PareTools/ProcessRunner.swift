import Subprocess

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(System)
  import System
#else
  import SystemPackage
#endif
#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Runs external programs: output into a log file, a time limit, and no process left behind.
///
/// Every program gets a session of its own. When the limit is reached or the Swift task is cancelled, the whole
/// process group is asked to end, and killed if it has not ended after `grace`: compilers started by `make` started
/// by Verilator end too. A Ctrl-C of the terminal does not reach the session; the command line turns it into a
/// cancellation.
public struct ProcessRunner: Sendable {
  /// Time between asking a process group to end and killing it.
  public let grace: Duration

  public init(grace: Duration = .seconds(2)) {
    self.grace = grace
  }

  /// Runs a program to its end, whatever its status is.
  ///
  /// - Throws: ``ToolError`` with code `notStarted`, `timedOut` or `fileFailed`; `CancellationError` when the task
  ///   was cancelled.
  public func run(_ command: ToolCommand) async throws -> ToolExit {
    try Task.checkCancellation()
    let start = ContinuousClock.now
    let ending = try await withThrowingTaskGroup(of: Ending.self) { group in
      group.addTask { try await self.spawn(command) }
      if let limit = command.timeLimit {
        group.addTask {
          try await Task.sleep(for: limit)
          return .timedOut
        }
      }
      guard let first = try await group.next() else { preconditionFailure("no task in the group") }
      group.cancelAll()
      if case .timedOut = first {
        // The tool may have ended in the same moment; waiting for it also means its children are gone.
        _ = try? await group.next()
      }
      return first
    }
    try Task.checkCancellation()
    switch ending {
    case .exited(let status):
      return ToolExit(
        status: status, seconds: (ContinuousClock.now - start).inSeconds, log: command.log)
    case .timedOut:
      throw ToolError(
        .timedOut(
          command.failure(status: -Int(SIGTERM)),
          limitSeconds: command.timeLimit?.inSeconds ?? 0))
    }
  }

  /// Runs a program that has to succeed.
  ///
  /// - Throws: as ``run(_:)``, and ``ToolError`` with code `toolFailed` when the status is not zero.
  @discardableResult
  public func runChecked(_ command: ToolCommand) async throws -> ToolExit {
    let exit = try await run(command)
    guard exit.isSuccess else {
      throw ToolError(.toolFailed(command.failure(status: exit.status)))
    }
    return exit
  }

  private enum Ending: Sendable {
    case exited(Int)
    case timedOut
  }

  private func spawn(_ command: ToolCommand) async throws -> Ending {
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(
        FilePath(command.log), .writeOnly, options: [.create, .truncate, .append],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    } catch {
      throw ToolError(.fileFailed(path: command.log, reason: "cannot be written (\(error))"))
    }
    defer { try? descriptor.close() }

    var options = PlatformOptions()
    options.createSession = true
    options.teardownSequence = [
      .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: grace)
    ]
    // Scratch files of a tool that is killed stay in a folder that its caller owns and removes.
    var settings = command.environment
    settings["TMPDIR"] = settings["TMPDIR"] ?? command.workingFolder
    let updates = Dictionary(
      uniqueKeysWithValues: settings.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
    let program = command.words[0]
    let configuration = Configuration(
      executable: program.contains("/") ? .path(FilePath(program)) : .name(program),
      arguments: Arguments(Array(command.words.dropFirst())),
      environment: .inherit.updating(updates.mapValues { Optional($0) }),
      workingDirectory: FilePath(command.workingFolder), platformOptions: options)

    let status: TerminationStatus
    let group: pid_t
    do {
      let result = try await Subprocess.run(
        configuration, input: .none,
        output: .fileDescriptor(descriptor, closeAfterSpawningProcess: false),
        error: .fileDescriptor(descriptor, closeAfterSpawningProcess: false))
      status = result.terminationStatus
      group = result.processIdentifier.value
    } catch let error as SubprocessError {
      throw ToolError(.notStarted(commandLine: command.line, reason: "\(error)"))
    }
    if Task.isCancelled {
      // The leader is gone; members of its group that ignored the polite signal are not yet.
      kill(-group, SIGKILL)
    }
    switch status {
    case .exited(let code): return .exited(Int(code))
    case .signaled(let signal): return .exited(-Int(signal))
    }
  }
}

extension ToolCommand {
  /// The failure of this command, with the end of its log.
  func failure(status: Int) -> ToolFailure {
    ToolFailure(
      commandLine: line, workingFolder: workingFolder, status: status,
      lastLines: lastLines(of: log, count: 20), log: log)
  }
}

extension Duration {
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
