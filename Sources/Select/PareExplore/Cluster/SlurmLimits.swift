/// What the cluster allows, as far as `scontrol show config` tells.
struct SlurmLimits: Hashable, Sendable {
  /// Task numbers of an array are below it.
  var maxArraySize: Int
  /// Jobs, of all users, that the controller keeps; every task of an array counts.
  var maxJobCount: Int

  /// Slurm's own defaults, for clusters that do not tell.
  static let defaults = SlurmLimits(maxArraySize: 1001, maxJobCount: 10_000)

  /// Tasks of one run in the queue at a time: leaves the controller half of its jobs for others.
  var maxQueued: Int { max(1, maxJobCount / 2) }

  init(maxArraySize: Int, maxJobCount: Int) {
    self.maxArraySize = maxArraySize
    self.maxJobCount = maxJobCount
  }

  /// Reads the lines `MaxArraySize = 1001` and `MaxJobCount = 10000` among others.
  init(parsing text: String) {
    self = .defaults
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1).map {
        $0.split(separator: " ").joined(separator: " ")
      }
      guard parts.count == 2, let value = Int(parts[1]) else { continue }
      switch parts[0] {
      case "MaxArraySize": maxArraySize = value
      case "MaxJobCount": maxJobCount = value
      default: break
      }
    }
  }
}
