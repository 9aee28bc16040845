/// Sizes of one convolution.
public struct LayerShape: Hashable, Sendable, Codable {
  public let outputChannels: Int
  public let inputChannels: Int
  public let kernelSize: Int
  /// Samples from one tap to the next.
  public let dilation: Int

  public init(outputChannels: Int, inputChannels: Int, kernelSize: Int, dilation: Int = 1) {
    self.outputChannels = outputChannels
    self.inputChannels = inputChannels
    self.kernelSize = kernelSize
    self.dilation = dilation
  }

  public var weightCount: Int { outputChannels * inputChannels * kernelSize }

  /// Delay of the oldest tap against the newest, in samples.
  public var memory: Int { (kernelSize - 1) * dilation }

  /// Position of a tap in a flat `[out][in][tap]` array; tap 0 meets the newest sample.
  public func index(output: Int, input: Int, tap: Int) -> Int {
    (output * inputChannels + input) * kernelSize + tap
  }
}
