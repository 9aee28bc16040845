import PareText
import Testing

@testable import PareTools

@Suite struct ProcessRunnerTests {
  private func shell(
    _ script: String, in folder: Folder, limit: Duration? = nil, environment: [String: String] = [:]
  ) -> ToolCommand {
    ToolCommand(
      ["/bin/sh", "-c", script], environment: environment, in: folder.path,
      log: folder.file("log"), timeLimit: limit)
  }

  @Test func `both streams go to the log in order and the status comes back`() async throws {
    try await withScratch { folder in
      let exit = try await ProcessRunner().run(
        shell(
          "echo one; echo two >&2; echo $WORD; exit 3", in: folder, environment: ["WORD": "x y"]))
      #expect(exit.status == 3)
      #expect(!exit.isSuccess)
      #expect(String(decoding: try folder.read("log"), as: UTF8.self) == "one\ntwo\nx y\n")
    }
  }

  @Test func `a program runs in its working folder with scratch space there`() async throws {
    try await withScratch { folder in
      try await ProcessRunner().runChecked(shell("pwd -P; echo $TMPDIR", in: folder))
      let lines = String(decoding: try folder.read("log"), as: UTF8.self)
        .split(separator: "\n").map(String.init)
      #expect(lines.count == 2)
      #expect(lines[0].hasSuffix(folder.path))
      #expect(lines[1] == folder.path)
    }
  }

  @Test func `a failure carries the command and the last twenty lines and the log`() async throws {
    try await withScratch { folder in
      let command = shell(
        "i=0; while [ $i -lt 50 ]; do echo line $i; i=$((i+1)); done; exit 7", in: folder)
      let error = try await #require(throws: ToolError.self) {
        try await ProcessRunner().runChecked(command)
      }
      guard case .toolFailed(let failure) = error.code else {
        Issue.record("unexpected \(error)")
        return
      }
      #expect(failure.status == 7)
      #expect(failure.lastLines == (30..<50).map { "line \($0)" })
      #expect(failure.log == folder.file("log"))
      #expect(error.message.contains("sh failed with status 7"))
      #expect(error.message.contains("| line 49"))
      #expect(!error.message.contains("line 29\n"))
      #expect(error.hint.contains(folder.file("log")))
      #expect(error.kind == .failed)
    }
  }

  @Test func `a program that cannot be started is an error of ours`() async throws {
    try await withScratch { folder in
      let command = ToolCommand(
        [folder.file("nothing-here")], in: folder.path, log: folder.file("log"), timeLimit: nil)
      let error = try await #require(throws: ToolError.self) {
        try await ProcessRunner().run(command)
      }
      guard case .notStarted = error.code else {
        Issue.record("unexpected \(error)")
        return
      }
      #expect(error.message.contains("nothing-here"))
    }
  }

  @Test func `signals are negative statuses`() async throws {
    try await withScratch { folder in
      let exit = try await ProcessRunner().run(shell("kill -9 $$", in: folder))
      #expect(exit.status == -9)
    }
  }

  /// A grandchild that ignores the polite signal, under a child that obeys it.
  private static let family = """
    /bin/sh -c 'trap "" TERM; echo $$ > grandchild; while :; do sleep 0.05; done' &
    while :; do sleep 0.05; done
    """

  @Test func `the time limit ends grandchildren that ignore the polite signal`() async throws {
    try await withScratch { folder in
      let error = try await #require(throws: ToolError.self) {
        try await ProcessRunner(grace: .milliseconds(200)).run(
          shell(Self.family, in: folder, limit: .milliseconds(700)))
      }
      guard case .timedOut = error.code else {
        Issue.record("unexpected \(error)")
        return
      }
      #expect(error.message.contains("was ended after"))
      try await expectDead(folder)
    }
  }

  @Test func `cancelling the task ends grandchildren too`() async throws {
    try await withScratch { folder in
      let task = Task {
        try await ProcessRunner(grace: .milliseconds(200)).run(shell(Self.family, in: folder))
      }
      while !folder.has("grandchild") { try await Task.sleep(for: .milliseconds(20)) }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      try await expectDead(folder)
    }
  }

  private func expectDead(_ folder: Folder) async throws {
    let text = String(decoding: try folder.read("grandchild"), as: UTF8.self)
    let grandchild = try #require(Int32(text.split(separator: "\n").first ?? ""))
    // A killed orphan is a zombie until its new parent takes note of it.
    for _ in 0..<100 where isAlive(grandchild) && !isZombie(grandchild) {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(!isAlive(grandchild) || isZombie(grandchild))
  }

  private func isZombie(_ process: Int32) -> Bool {
    guard let data = try? Folder("/proc/\(process)").read("stat") else { return false }
    return String(decoding: data, as: UTF8.self).contains(") Z ")
  }

  @Test(arguments: [
    (["a", "b-c", "x/y.v"], "a b-c x/y.v"), (["a", "b c", ""], "a 'b c' ''"),
    (["a", "it's"], "a 'it'\\''s'"),
  ])
  func `a command line can be pasted into a shell`(words: [String], line: String) {
    #expect(ToolCommand(words, in: "/", log: "/dev/null", timeLimit: nil).line == line)
  }
}
