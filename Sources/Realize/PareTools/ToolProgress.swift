/// A step of a long run, told as it begins or ends.
public struct ToolProgress: Sendable, Hashable {
  /// What is being done: "simulation", "synthesis for ecp5", "place and route".
  public let stage: String
  /// What happened: "seed 2 of 3: 171.4 MHz".
  public let detail: String

  public init(stage: String, detail: String) {
    self.stage = stage
    self.detail = detail
  }
}

/// Receives the steps of a long run, from any thread.
public typealias ToolProgressHandler = @Sendable (ToolProgress) -> Void
