extension Architecture {
  func validate() throws(NetworkError) {
    var sizes = [
      ("input channels", inputChannels), ("output channels", outputChannels),
      ("kernel size", kernelSize),
    ]
    sizes += hiddenChannels.map { ("hidden channels", $0) } + dilations.map { ("dilation", $0) }
    if let branch { sizes.append(("branch's kernel size", branch.kernelSize)) }
    for (name, size) in sizes where !(1...4096).contains(size) {
      throw fault("\(name) is \(size)", "give a size from 1 to 4096")
    }
    guard dilations.count == convolutions else {
      throw fault(
        "\(dilations.count) dilations for \(convolutions) convolutions", "give one for each")
    }
    guard (0...convolutionMemory).contains(lookAhead) else {
      throw fault(
        "look-ahead \(lookAhead) is outside the receptive field", "give 0 to \(convolutionMemory)")
    }
    guard !hasSkip || inputChannels == outputChannels else {
      throw fault(
        "a skip cannot join \(inputChannels) inputs to \(outputChannels) outputs",
        "make the counts equal or turn the skip off")
    }
    try validateFeatures()
    try validateBranch()
  }

  private func validateFeatures() throws(NetworkError) {
    guard !features.isEmpty else {
      throw fault("the first convolution has no features", "list some, such as i, q")
    }
    guard Set(features).count == features.count else {
      throw fault(
        "a feature stands twice in \(features.map(\.description).joined(separator: ", "))",
        "list each once")
    }
    for feature in features {
      guard (feature.channel ?? 0) < inputChannels else {
        throw fault(
          "the feature \(feature) needs a channel that \(inputChannels) inputs do not have",
          "use the channels 0 to \(inputChannels - 1)")
      }
      guard !feature.hasEnvelope || inputChannels >= 2 else {
        throw fault("the feature \(feature) needs I and Q", "give two input channels")
      }
    }
  }

  private func validateBranch() throws(NetworkError) {
    guard let branch else { return }
    guard (0..<branch.kernelSize).contains(branch.lookAhead) else {
      throw fault(
        "the branch's look-ahead \(branch.lookAhead) is outside its \(branch.kernelSize) taps",
        "give 0 to \(branch.kernelSize - 1)")
    }
    guard branch.structure == .real || (inputChannels == 2 && outputChannels == 2) else {
      throw fault(
        "a complex branch joins \(inputChannels) inputs to \(outputChannels) outputs",
        "it needs two and two; or make its structure real")
    }
  }

  private func fault(_ message: String, _ hint: String) -> NetworkError {
    NetworkError(.architecture, message, hint: hint)
  }
}
