import PareNetwork
import PareNumerics
import Testing

@testable import PareTrain

@Suite struct `Tangents of networks` {
  /// Over a whole signal, more than one block of it.
  static func channels(_ architecture: Architecture, count: Int = 700) -> [[Float]] {
    var random = RandomStream(seed: 7).fork("channels")
    return (0..<architecture.inputChannels).map { _ in
      (0..<count).map { _ in Float(0.3 * random.normal()) }
    }
  }

  /// Smooth architectures: a difference of floats tells nothing at the corner of a rectifier.
  @Test(arguments: `Gradients`.architectures.filter { $0.activation == .tanh })
  func `equal central differences of the network itself`(architecture: Architecture) throws {
    let network = `Gradients`.network(architecture)
    let channels = Self.channels(architecture)
    let tangent = try NetworkTangent(of: network, at: channels)
    #expect(tangent.output == network(channels))
    let parameters = FreeParameters(allOf: network).list(for: network)
    #expect(tangent.slopes.count == parameters.count)
    let known = architecture.pastSamples..<channels[0].count - architecture.futureSamples
    let values = network.values(of: parameters)
    let h = 1.0 / 128
    for n in parameters.indices {
      var (above, below) = (values, values)
      above[n] += h
      below[n] -= h
      let upper = network.with(above, of: parameters)(channels)
      let lower = network.with(below, of: parameters)(channels)
      for output in upper.indices {
        let largest = tangent.slopes[n][output].reduce(1) { max($0, abs($1)) }
        for time in known {
          let slope = (upper[output][time] - lower[output][time]) / Float(2 * h)
          // Rounding of 1e-7 over h, and h^2 times a third derivative.
          #expect(abs(slope - tangent.slopes[n][output][time]) < 1e-3 * largest)
        }
        for time in channels[0].indices where !known.contains(time) {
          #expect(tangent.slopes[n][output][time] == 0)
        }
      }
    }
  }
}
