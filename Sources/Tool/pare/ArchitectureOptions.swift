import ArgumentParser
import PareExplore
import PareNetwork

/// The shape of a network as flags; what is not given stays as it was.
struct ArchitectureOptions: ParsableArguments {
  @Option(name: .customLong("kernel"), help: "Taps of every convolution.")
  var kernelSize: Int?

  @Option(help: "Channels of every hidden convolution; a list such as 8,4 for each.")
  var channels: String?

  @Option(help: "Convolutions in all, the output layer included.")
  var convolutions: Int?

  @Option(help: "One of \(Activation.spellings).")
  var activation: String?

  @Option(help: "Samples of the future that an output sees.")
  var lookAhead: Int?

  @Flag(inversion: .prefixedNo, help: "Add the input to the output.")
  var skip: Bool?

  @Flag(inversion: .prefixedNo, help: "Give the convolutions biases.")
  var biases: Bool?

  @Option(help: "Input channels of the first convolution, such as 'i,q,|x|^2'.")
  var features: String?

  @Option(help: "Samples from one tap to the next; a list such as 1,2 for each convolution.")
  var dilation: String?

  @Option(
    name: .customLong("fir"),
    help: "Taps of a linear branch from the signal to the output; 0 for none.")
  var branchKernelSize: Int?

  @Option(
    name: .customLong("fir-look-ahead"), help: "Samples of the future that the branch sees.")
  var branchLookAhead: Int?

  @Option(
    name: .customLong("fir-structure"), help: "real (2x2 taps) or complex ([[a, -b], [b, a]]).")
  var branchStructure: LinearBranch.Structure?

  func architecture(from base: Architecture) throws -> Architecture {
    let hidden = try hiddenChannels(from: base)
    let dilations = try dilation.map { try Self.integers($0, "--dilation") } ?? base.dilations
    return try Architecture(
      inputChannels: base.inputChannels,
      features: try features.map { text in
        try text.split(separator: ",", omittingEmptySubsequences: false).map {
          try Feature(parsing: String($0.drop { $0 == " " }))
        }
      } ?? base.features,
      hiddenChannels: hidden, outputChannels: base.outputChannels,
      kernelSize: kernelSize ?? base.kernelSize,
      dilations: Set(dilations).count == 1
        ? Experiment.spread([dilations[0]], over: hidden.count + 1) : dilations,
      activation: try activation.map { try Activation(parsing: $0) } ?? base.activation,
      lookAhead: lookAhead ?? base.lookAhead, hasSkip: skip ?? base.hasSkip,
      hasBiases: biases ?? base.hasBiases, branch: try branch(from: base.branch))
  }

  private func hiddenChannels(from base: Architecture) throws -> [Int] {
    if let convolutions, !(1...64).contains(convolutions) {
      throw ValidationError("--convolutions is \(convolutions); give 1 to 64")
    }
    var hidden = base.hiddenChannels
    if let channels {
      let given = try Self.integers(channels, "--channels")
      let layers = (convolutions ?? base.convolutions) - 1
      hidden = given.count == 1 ? Array(repeating: given[0], count: layers) : given
    } else if let convolutions {
      hidden = Array(repeating: hidden.first ?? 8, count: convolutions - 1)
    }
    if let convolutions, hidden.count != convolutions - 1 {
      throw ValidationError(
        "--convolutions \(convolutions) needs \(convolutions - 1) hidden widths, and --channels lists \(hidden.count)"
      )
    }
    return hidden
  }

  private func branch(from base: LinearBranch?) throws -> LinearBranch? {
    if branchKernelSize == 0 {
      guard branchLookAhead == nil, branchStructure == nil else {
        throw ValidationError("--fir 0 is no branch; leave out --fir-look-ahead, --fir-structure")
      }
      return nil
    }
    guard let kernelSize = branchKernelSize ?? base?.kernelSize else {
      guard branchLookAhead == nil, branchStructure == nil else {
        throw ValidationError("--fir-look-ahead and --fir-structure need --fir TAPS")
      }
      return nil
    }
    return LinearBranch(
      kernelSize: kernelSize, lookAhead: branchLookAhead ?? base?.lookAhead ?? (kernelSize - 1) / 3,
      structure: branchStructure ?? base?.structure ?? .real)
  }

  private static func integers(_ text: String, _ option: String) throws -> [Int] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map {
      guard let value = Int($0) else {
        throw ValidationError("\(option) is '\(text)'; give a number, or a list such as 8,4")
      }
      return value
    }
  }
}
