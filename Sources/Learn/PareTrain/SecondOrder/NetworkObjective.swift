public import PareNetwork

/// A sum of squares that a network is refined for, when that is more than the error of its own outputs.
public protocol NetworkObjective {
  /// The sum of squares; relative to what it would be with nothing done, so that prices of parameters mean something.
  func error(of network: Network) throws -> Double

  /// The same sum linearized around a network, in the order of the unknowns of ``NetworkTangent``.
  func linearized(around network: Network) throws -> LinearizedError

  /// What the best network is chosen by, on samples that ``error(of:)`` does not see; lower is better.
  func score(of network: Network) throws -> Double

  /// What white noise of variance 1 in one output of the network adds to the error: the price of rounding.
  var noiseError: Double { get }
}

extension Network {
  /// The unknowns' values.
  func values(of parameters: [FreeParameter]) -> [Double] {
    parameters.map { parameter in
      let (place, layer) = (parameter.place, layers[parameter.place.layer])
      return Double(place.isBias ? layer.biases[place.index] : layer.weights[place.index])
    }
  }

  /// The network with other values, rounded to float, of unknowns.
  func with(_ values: [Double], of parameters: [FreeParameter], mask: Mask? = nil) -> Network {
    precondition(values.count == parameters.count, "\(values.count) for \(parameters.count)")
    var layers = layers
    for (parameter, value) in zip(parameters, values) {
      for (place, isNegated) in [(parameter.place, false)] + parameter.followers {
        let value = isNegated ? -Float(value) : Float(value)
        if place.isBias {
          layers[place.layer].biases[place.index] = value
        } else {
          layers[place.layer].weights[place.index] = value
        }
      }
    }
    return Network(architecture: architecture, layers: layers, mask: mask ?? self.mask)
  }
}
