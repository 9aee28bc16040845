import PareNetwork
import Testing

@Suite struct `Architectures` {
  @Test func `the branch is the last layer and lengthens past and future`() throws {
    let architecture = try Architecture(
      hiddenChannels: [4, 6], kernelSize: 5, dilations: [1, 2, 3], activation: .tanh, lookAhead: 3,
      branch: LinearBranch(kernelSize: 31, lookAhead: 10))
    #expect(architecture.layerCount == 4 && architecture.branchLayer == 3)
    #expect(architecture.layerShapes.map(\.memory) == [4, 8, 12, 30])
    #expect(architecture.stackPastSamples == 21)
    #expect(architecture.pastSamples == 21 && architecture.futureSamples == 10)
    #expect(architecture.receptiveField == 32)
    #expect(architecture.weightCount == 2 * 4 * 5 + 4 * 6 * 5 + 6 * 2 * 5 + 4 * 31)
    #expect(architecture.name == "k5-c4x6-n3-tanh-d1x2x3-fir31")
    #expect(!architecture.hasBiases(inLayer: 3) && architecture.hasBiases(inLayer: 2))
  }

  @Test func `features replace the channels of the first convolution`() throws {
    let architecture = try Architecture(
      features: Feature.memoryPolynomial(order: 5), hiddenChannels: [], kernelSize: 4)
    #expect(architecture.layerShapes.map(\.inputChannels) == [6])
    #expect(architecture.name == "k4-c0-n1-relu-f6")
    #expect(
      architecture.features.map(\.description)
        == ["i", "q", "i|x|^2", "q|x|^2", "i|x|^4", "q|x|^4"])
  }

  @Test(arguments: ["relu", "leaky:3", "hardtanh", "tanh"])
  func `an activation prints what it reads`(text: String) throws {
    #expect(try Activation(parsing: text).rawValue == text)
  }

  @Test(arguments: ["leaky:0", "leaky:9", "tanhh", "relu:1", ""])
  func `other activations are refused`(text: String) {
    #expect(throws: NetworkError.self) { try Activation(parsing: text) }
  }

  @Test(arguments: [
    "pot:4", "apot:2:4", "pot:4,apot:2:4", "digits:2/channel", "none,fixed:8/channel",
  ])
  func `a scheme prints what it reads`(text: String) throws {
    #expect(try QuantizationScheme(parsing: text).description == text)
  }

  @Test(arguments: ["", "pot,", "pot/rows", "pot/layer/channel", "/channel"])
  func `other schemes are refused`(text: String) {
    #expect(throws: NetworkError.self) { try QuantizationScheme(parsing: text) }
  }

  @Test func `contradictions are refused`() {
    func refused(_ make: () throws -> Architecture) -> Bool {
      do {
        _ = try make()
        return false
      } catch { return true }
    }
    let branch = LinearBranch(kernelSize: 3, lookAhead: 3)
    #expect(refused { try Architecture(hiddenChannels: [4], kernelSize: 3, branch: branch) })
    #expect(refused { try Architecture(hiddenChannels: [4], kernelSize: 3, dilations: [1]) })
    #expect(refused { try Architecture(hiddenChannels: [4], kernelSize: 3, lookAhead: 5) })
    #expect(
      refused { try Architecture(features: [.signal(2)], hiddenChannels: [4], kernelSize: 3) })
    #expect(
      refused { try Architecture(features: [.power, .power], hiddenChannels: [4], kernelSize: 3) })
    #expect(
      refused {
        try Architecture(
          hiddenChannels: [4], outputChannels: 1, kernelSize: 3, hasSkip: false,
          branch: LinearBranch(kernelSize: 3, structure: .complex))
      })
  }

  @Test func `a complex branch ties four real taps into two numbers`() throws {
    let architecture = try Architecture(
      hiddenChannels: [], kernelSize: 1,
      branch: LinearBranch(kernelSize: 2, structure: .complex))
    #expect(architecture.ties.count == 4)
    let stack: [Float] = [1, 0, 0, 1]
    // [out][in][tap]: a, -b over b, a.
    #expect(architecture.brokenTie(in: [stack, [1, 2, -3, -4, 3, 4, 1, 2]]) == nil)
    let broken = architecture.brokenTie(in: [stack, [1, 2, -3, -4, 3, 4, 1, 5]])
    #expect(broken?.leader == 1 && broken?.follower == 7)
  }
}
