import PareText
import PareTools
import Testing

@testable import PareExplore

@Suite struct TaskSetTests {
  @Test(arguments: [
    ("7", [7]), ("0-3,7", [0, 1, 2, 3, 7]), ("[0-4%2]", [0, 1, 2, 3, 4]), ("[1,3-4%1]", [1, 3, 4]),
    ("0-10:5", [0, 5, 10]), ("5,1,5", [1, 5]),
  ])
  func `reads what squeue prints`(text: String, numbers: [Int]) throws {
    let set = try #require(TaskSet(parsing: text[...]))
    #expect(set.numbers == numbers)
    #expect(set.isWhole)
  }

  @Test(arguments: ["", "N/A", "3-1", "1-2-3", "[1", "-1", "1:0", "0-4:x", "1,,2", "1-99999999"])
  func `refuses anything else`(text: String) {
    #expect(TaskSet(parsing: text[...]) == nil)
  }

  @Test func `a list that was cut short says so`() throws {
    let set = try #require(TaskSet(parsing: "[1,5,9,...]"))
    #expect(set.numbers == [1, 5, 9])
    #expect(!set.isWhole)
  }

  @Test(arguments: [[], [0], [0, 1], [3, 4, 5, 9], [1, 3, 5], Array(0..<1000)])
  func `what it prints it reads`(numbers: [Int]) throws {
    let set = TaskSet(numbers.reversed())
    #expect(numbers.isEmpty || TaskSet(parsing: set.description[...]) == set)
    #expect(set.numbers == numbers)
  }
}

@Suite struct SlurmQueueTests {
  /// As Slurm 22.05.8 printed it, with a job of another kind and one of another run.
  static let text = """
    1_[2-4]|PD|pare-abc-0|Resources
    2_[1,3-4%1]|PD|pare-abc-1000|Priority
    5_[0-4]|PD|t.sh|JobHeldUser
    6_3|R|pare-abd-0|None
    1_0|R|pare-abc-0|None
    1_1|CG|pare-abc-0|None
    2_0|F|pare-abc-1000|NonZeroExitCode
    17|R|pare-abc-0|None
    slurm_load_jobs: warning of some kind
    """

  @Test func `tells running shards from waiting ones, by the offset in the job's name`() {
    let queue = SlurmQueue(parsing: Self.text, jobNamePrefix: "pare-abc-")
    let shards = queue.shards { _ in [] }
    #expect(shards.running == [0, 1])
    #expect(shards.pending == [2, 3, 4, 1001, 1003, 1004])
    #expect(queue.jobs == ["1", "2"])
    #expect(queue.reasons == ["Resources", "Priority"])
  }

  @Test func `a list that was cut short stands for all of its array`() {
    let queue = SlurmQueue(
      parsing: "9_[0,2,...]|PD|pare-abc-10|Priority", jobNamePrefix: "pare-abc-")
    #expect(queue.shards { $0 == "9" ? [10, 12, 14, 16] : [] }.pending == [10, 12, 14, 16])
  }

  @Test func `limits are read among the other lines, else are those of Slurm itself`() {
    let text = """
      Configuration data as of 2026-01-01T00:00:00
      MaxArraySize            = 5
      MaxJobCount             = 800
      MaxStepCount            = 40000
      """
    let limits = SlurmLimits(parsing: text)
    #expect(limits == SlurmLimits(maxArraySize: 5, maxJobCount: 800))
    #expect(limits.maxQueued == 400)
    #expect(SlurmLimits(parsing: "nothing of use") == .defaults)
  }
}

@Suite struct SubmissionTests {
  @Test(arguments: [1, 2, 5, 1001])
  func `arrays hold each shard once and stay below the limit`(maxArraySize: Int) {
    let shards = [0, 1, 2, 4, 5, 9, 10, 1000, 1001, 1002, 5003]
    let arrays = Submission.arrays(of: shards.shuffled(), maxArraySize: maxArraySize, limit: 99)
    #expect(arrays.flatMap { array in array.tasks.numbers.map { array.offset + $0 } } == shards)
    for array in arrays {
      #expect(array.tasks.numbers.allSatisfy { (0..<maxArraySize).contains($0) })
      #expect(array.offset % maxArraySize == 0)
    }
  }

  @Test func `no more than asked for, the lowest first`() {
    let arrays = Submission.arrays(of: [8, 1, 7, 3], maxArraySize: 5, limit: 3)
    #expect(arrays.map { "\($0.offset): \($0.tasks)" } == ["0: 1,3", "5: 2"])
    #expect(Submission.arrays(of: [1], maxArraySize: 5, limit: 0).isEmpty)
  }

  @Test func `options of the user reach sbatch, before the script`() {
    let submission = Submission(
      offset: 10, tasks: TaskSet([0, 1, 3]), jobNamePrefix: "pare-abc-", script: "/r/task.sh",
      log: "/r/log", workingFolder: "/here", options: ["--partition=long", "-t10"])
    #expect(submission.shards == [10, 11, 13])
    #expect(submission.arguments.contains("--array=0-1,3"))
    #expect(submission.arguments.contains("--job-name=pare-abc-10"))
    #expect(submission.arguments.suffix(4) == ["--partition=long", "-t10", "/r/task.sh", "10"])
  }

  @Test(arguments: ["long", "--array=0-3", "-a0-3", "-Jx", "--job-name", "--wrap=ls", "--x\n--y"])
  func `refuses what is no option, and what the sweep sets itself`(option: String) throws {
    let error = #expect(throws: ExploreError.self) { try Submission.validate([option]) }
    #expect(error?.kind == .usage)
    #expect(error?.message.contains("--slurm-option") == true)
  }

  @Test func `takes options that do not concern the sweep`() throws {
    try Submission.validate(["--account=x", "--time=1:00:00", "-pdebug", "--mem=2G", "--nice"])
  }
}

@Suite struct ShardGroupingTests {
  @Test(arguments: [1.0, 10, 25, 1000])
  func `every parent is in one shard, and none is longer than asked but a single dear one`(
    target: Double
  ) {
    let costs = [40.0, 30, 12, 11, 10, 9, 5, 5, 5, 1, 1, 1, 1, 0.5]
    let ranges = ShardGrouping.ranges(of: costs, target: target)
    #expect(ranges.flatMap(Array.init) == Array(costs.indices))
    for range in ranges {
      #expect(!range.isEmpty)
      #expect(range.count == 1 || costs[range].reduce(0, +) <= target)
    }
  }

  @Test func `small sweeps get short tasks, large ones none longer than half an hour`() {
    #expect(ShardGrouping.target(total: 600, minutes: nil) == 60)
    #expect(ShardGrouping.target(total: 100_000, minutes: nil) == 500)
    #expect(ShardGrouping.target(total: 1e9, minutes: nil) == 1800)
    #expect(ShardGrouping.target(total: 1e9, minutes: 2) == 120)
    #expect(ShardGrouping.ranges(of: [], target: 1).isEmpty)
  }
}

@Suite struct ShardAttemptsTests {
  @Test func `three tries without progress end it, any progress begins the count anew`() {
    var attempts = ShardAttempts()
    for mark in ["a", "b", "b", "b"] {
      #expect(!attempts.isGivenUp(4))
      attempts.begin(4, mark: "a")
      #expect(attempts.isOut(4))
      attempts.end(4, mark: mark == "b" ? "b" : "a")
      #expect(!attempts.isOut(4))
    }
    #expect(!attempts.isGivenUp(4))
    for _ in 0..<ShardAttempts.limit {
      attempts.begin(5, mark: nil)
      attempts.end(5, mark: nil)
    }
    #expect(attempts.isGivenUp(5))
    #expect(!attempts.isGivenUp(4))
  }
}

@Suite struct SlurmTests {
  @Test func `without sbatch there is an error of a missing tool that says where was looked`()
    throws
  {
    let error = #expect(throws: ToolError.self) { try Slurm(variables: ["PATH": "/nowhere"]) }
    #expect(error?.kind == .toolMissing)
    #expect(error?.description.contains("sbatch not found (looked in PATH)") == true)
    #expect(error?.hint.contains("--executor local") == true)
  }

  @Test func `a refused submission shows the command and what sbatch said`() async throws {
    try await withTemporaryFolder { folder in
      let cluster = try StandInSlurm(in: folder + "/slurm")
      try cluster.folder.write(
        "sbatch: error: invalid partition specified: long\n"
          + "sbatch: error: Batch job submission failed: Invalid partition name specified\n",
        to: "refusal")
      let submission = Submission(
        offset: 0, tasks: TaskSet([0]), jobNamePrefix: "pare-abc-", script: "/r/task.sh",
        log: "/r/log", workingFolder: "/", options: ["--partition=long"])
      let error = await #expect(throws: ToolError.self) {
        try await cluster.slurm().submit(submission, log: folder + "/log")
      }
      #expect(error?.message.contains("--partition=long") == true)
      #expect(error?.message.contains("Invalid partition name specified") == true)
      #expect(error?.hint.contains(folder + "/log") == true)
      #expect(error?.isJobLimit == false)
      #expect(error?.isArrayLimit == false)
    }
  }

  @Test func `a cluster that does not tell its limits has those of Slurm itself`() async throws {
    try await withTemporaryFolder { folder in
      let cluster = try StandInSlurm(in: folder + "/slurm", maxArraySize: 7)
      let log = folder + "/log"
      #expect(try await cluster.slurm().limits(log: log).maxArraySize == 7)
      try cluster.script("scontrol", "exit 1")
      #expect(try await cluster.slurm().limits(log: log) == .defaults)
    }
  }
}
