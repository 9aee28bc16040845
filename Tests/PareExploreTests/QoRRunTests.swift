import Foundation
import PareDatapath
import PareQoR
import PareText
import PareTools
import PareTrain
import Synchronization
import Testing

@testable import PareExplore

/// Stands for the tools: counts what it is asked for, fails or stops where it is told to.
private final class StandInTools: Sendable {
  struct Call: Hashable {
    var design: String
    var devices: [String]
    var isRouted: Bool
  }

  enum Fate { case works, fails, isInterrupted, doesNotFit }

  private let log = Mutex<[Call]>([])
  var calls: [Call] { log.withLock { $0 } }
  private let fate: @Sendable (Call, Int) -> Fate

  /// - Parameter fate: of a call and its number from 0.
  init(_ fate: @escaping @Sendable (Call, Int) -> Fate = { _, _ in .works }) { self.fate = fate }

  var tools: QoRTools { tools("yosys 0.70") }

  func tools(_ synthesizer: String) -> QoRTools {
    QoRTools(
      synthesisTools: [synthesizer], routingTools: [synthesizer, "nextpnr-ecp5 0.11"]
    ) { folder, devices, reach in
      let design = folder.path.split(separator: "/").last.map(String.init) ?? ""
      let call = Call(
        design: design, devices: devices.map(\.name), isRouted: reach == .placeAndRoute)
      let number = self.log.withLock {
        $0.append(call)
        return $0.count - 1
      }
      // The folder is a whole design, as the real tools need it.
      let lut = Double(try folder.rtl().design[0].text.utf8.count)
      let fate = self.fate(call, number)
      switch fate {
      case .works, .doesNotFit: break
      case .fails: throw ToolError(.reportUnreadable(path: "log", reason: "made to fail"))
      case .isInterrupted: throw CancellationError()
      }
      return QoR(
        devices.flatMap { device in
          var records = [
            ImplementationSamples.record(design, lut: lut, power: lut / 1e5, device: device.name)
          ]
          if reach == .placeAndRoute, fate == .works {
            records.append(
              ImplementationSamples.record(
                design, lut: lut - 1, stage: .placeAndRoute, device: device.name))
          }
          return records
        })
    }
  }
}

/// Implements the three networks of a stored ledger, one of which a fourth candidate has too.
@Suite struct QoRRunTests {
  private func ledger(_ folder: String) throws -> Ledger {
    let path = "\(folder)/ledger.sqlite"
    try FileManager.default.copyItem(
      at: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/ledger-1.sqlite"), to: URL(filePath: path))
    let ledger = try Ledger(at: path)
    let first = try ledger.candidates()[0]
    let twin = Candidate(
      key: "ffffffffffffffff", point: first.point, dataset: first.dataset,
      datasetHash: first.datasetHash, task: first.task, recipeHash: first.recipeHash,
      seeds: first.seeds, bestSeed: first.bestSeed, metrics: first.metrics,
      generator: first.generator, host: first.host, finishedAt: first.finishedAt, seconds: 1)
    try ledger.finish(
      twin, recipe: try ledger.recipe(first.recipeHash)!, model: try ledger.model(of: first.key))
    return ledger
  }

  private func run(
    _ ledger: Ledger, _ folder: String, _ tools: QoRTools, top: Int = 0,
    devices: [String] = ["zcu104"], jobs: Int = 2, retryFailed: Bool = false,
    onEvent: @escaping @Sendable (QoRRun.Event) -> Void = { _ in }
  ) async throws -> QoRRun.Summary {
    var plan = QoRPlan()
    plan.designs = .all
    // Solving takes most of the time, and is not what is tested.
    plan.effort = .none
    plan.devices = devices
    plan.top = top
    let (synthesized, routed) = try plan.members(of: ledger.summaries(), Selection.Settings())
    return try await QoRRun(
      plan, into: ledger, folder: "\(folder)/qor", with: tools, generator: "pare test"
    ).run(synthesized, routing: routed, jobs: jobs, retryFailed: retryFailed, onEvent: onEvent)
  }

  @Test func `equal hardware is implemented once, and belongs to all candidates`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try ledger(folder)
      let tools = StandInTools()
      let summary = try await run(ledger, folder, tools.tools)
      #expect(summary.candidates == 4)
      #expect(summary.designs == 3)
      #expect(summary.finished == 3 && summary.skipped == 0 && summary.failures.isEmpty)
      #expect(Set(tools.calls.map(\.design)).count == 3)
      let figures = try ledger.figures(at: .synthesis)
      #expect(figures.group.candidates == 4)
      let keys = try ledger.candidates().map(\.key)
      #expect(figures.figures[keys[0]]?[.lut] == figures.figures["ffffffffffffffff"]?[.lut])
      #expect(Set(keys.compactMap { figures.figures[$0]?[.lut]?.value }).count == 3)
      // All is there: no tool runs.
      let again = try await run(ledger, folder, tools.tools)
      #expect(again.skipped == 3 && again.finished == 0)
      #expect(tools.calls.count == 3)
      // Another version of a tool is another result.
      let newer = try await run(ledger, folder, tools.tools("yosys 0.71"))
      #expect(newer.finished == 3)
      #expect(try ledger.figureGroups().count == 2)
    }
  }

  @Test func `a row that is there serves a candidate that came later`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try ledger(folder)
      let tools = StandInTools()
      let summaries = try ledger.summaries()
      var plan = QoRPlan()
      plan.effort = .none
      let qor = QoRRun(
        plan, into: ledger, folder: "\(folder)/qor", with: tools.tools,
        generator: "pare test")
      _ = try await qor.run([summaries[0]], routing: [], jobs: 1)
      #expect(try ledger.figures(at: .synthesis).group.candidates == 1)
      let later = try await qor.run([summaries[3]], routing: [], jobs: 1)
      #expect(later.skipped == 1 && later.finished == 0)
      #expect(try ledger.figures(at: .synthesis).group.candidates == 2)
      #expect(tools.calls.count == 1)
    }
  }

  @Test func `a design that fails does not stop the others, and is tried again when asked`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let ledger = try ledger(folder)
      let broken = StandInTools { _, number in number == 1 ? .fails : .works }
      let summary = try await run(ledger, folder, broken.tools, jobs: 1)
      #expect(summary.finished == 2)
      #expect(summary.failures.map(\.isOld) == [false])
      #expect(summary.failures[0].reason.contains("made to fail"))
      #expect(summary.failures[0].stage == .synthesis)
      let fine = StandInTools()
      let again = try await run(ledger, folder, fine.tools)
      #expect(again.skipped == 2 && again.failures.map(\.isOld) == [true])
      #expect(fine.calls.isEmpty)
      let retried = try await run(ledger, folder, fine.tools, retryFailed: true)
      #expect(retried.finished == 1 && retried.skipped == 2 && retried.failures.isEmpty)
      #expect(fine.calls.count == 1)
    }
  }

  @Test func `a run that was interrupted goes on with what is missing`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try ledger(folder)
      let stopped = StandInTools { _, number in number == 2 ? .isInterrupted : .works }
      await #expect(throws: CancellationError.self) {
        try await run(ledger, folder, stopped.tools, jobs: 1)
      }
      #expect(try ledger.implementations().count == 2)
      #expect(try ledger.implementations().allSatisfy { $0.failure == nil })
      let rest = StandInTools()
      let summary = try await run(ledger, folder, rest.tools)
      #expect(summary.skipped == 2 && summary.finished == 1)
      let missing = stopped.calls[2]
      #expect(rest.calls == [missing])

      // The ledger is that of an undisturbed run, but for times.
      try await withTemporaryFolder { other in
        let whole = try self.ledger(other)
        _ = try await run(whole, other, StandInTools().tools)
        #expect(try whole.exportFigures(as: .csv) == ledger.exportFigures(as: .csv))
        #expect(try whole.implementers() == ledger.implementers())
      }
    }
  }

  @Test func `the best are routed, netlists come first`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try ledger(folder)
      let tools = StandInTools { call, _ in
        call.isRouted && call.devices == ["ecp5-25k"] ? .doesNotFit : .works
      }
      let places = Mutex<[String]>([])
      let summary = try await run(
        ledger, folder, tools.tools, top: 1, devices: ["ecp5-25k", "zcu104", "ecp5"], jobs: 1
      ) { event in
        if case .stage(let row, _, let count, let of, _) = event {
          places.withLock { $0.append("\(row.stage.rawValue) \(row.device) \(count)/\(of)") }
        }
      }
      // Three designs on three devices, and one on two.
      #expect(summary.finished == 10)
      #expect(summary.failures.map(\.device) == ["ecp5-25k"])
      #expect(
        summary.failures[0].reason.contains("does not fit")
          || summary.failures[0].reason.contains("no record"))
      let lines = places.withLock { $0 }
      #expect(lines.count == 11)
      #expect(lines.prefix(9).allSatisfy { $0.hasPrefix("synthesis") })
      #expect(lines.last?.hasSuffix(" 11/11") == true)
      #expect(tools.calls.filter(\.isRouted).map(\.devices) == [["ecp5-25k"], ["ecp5-85k"]])
      let best = try ledger.summaries().min { $0.metrics[.nmse]! < $1.metrics[.nmse]! }!
      let routed = try ledger.figures(at: .placeAndRoute, on: "ecp5-85k")
      #expect(routed.figures.keys.contains(best.key))
    }
  }

  @Test func `what cannot be is said before any work`() throws {
    var plan = QoRPlan()
    plan.devices = ["generic"]
    #expect(throws: QoRError.self) { try plan.deviceList() }
    plan.devices = ["zcu104"]
    plan.top = 1
    let error = #expect(throws: ExploreError.self) { try plan.deviceList() }
    #expect(error?.hint.contains("ecp5") == true)
    plan.devices = ["zcu104", "ecp5", "zcu104"]
    #expect(try plan.deviceList().map(\.name) == ["zcu104", "ecp5-85k"])
  }

  @Test func `the section qor of an experiment says all of it`() throws {
    let text = """
      space: {preset: quick}
      qor:
        designs: fronts
        devices: [zcu104, ecp5]
        top: 3
        order: nnz
        clock: 250
        effort: high
        samplesPerClock: 2
        seeds: [4, 5]
      """
    let plan = try #require(try SweepExperiment(yaml: text, file: "e.yaml").qor)
    var wanted = QoRPlan()
    wanted.designs = .fronts
    wanted.devices = ["zcu104", "ecp5-85k"]
    wanted.top = 3
    wanted.order = Objective(.nnz)
    wanted.clockMHz = 250
    wanted.effort = .high
    wanted.samplesPerClock = 2
    wanted.seeds = [4, 5]
    #expect(plan == wanted)
    #expect(try SweepExperiment(yaml: "space: {preset: quick}\n", file: "e.yaml").qor == nil)
    for (line, fault) in [
      ("devices: [zcu105]", "zcu105"), ("top: 2", "ECP5"), ("order: fmax", "fmax"),
      ("desings: all", "desings"), ("seeds: [1, 1]", "seeds"), ("samplesPerClock: 3", "3"),
      ("designs: best", "designs"),
    ] {
      let error = #expect(throws: ExploreError.self) {
        try SweepExperiment(yaml: "space: {preset: quick}\nqor:\n  \(line)\n", file: "e.yaml")
      }
      #expect(error?.message.contains("e.yaml:") == true, "\(line)")
      #expect(error.map { "\($0.message) \($0.hint)".contains(fault) } == true, "\(line)")
    }
  }
}
