/// A parameter and the value that it is tried with.
struct ParameterChange: Hashable {
  /// What of a layer a change is about.
  enum Place: Hashable {
    /// Position in the layer's flat `[out][in][tap]` array.
    case weight(Int)
    /// Output channel.
    case bias(Int)
  }

  let layer: Int
  let place: Place
  let value: Float

  static func weight(_ layer: Int, _ index: Int, _ value: Float) -> ParameterChange {
    ParameterChange(layer: layer, place: .weight(index), value: value)
  }

  static func bias(_ layer: Int, _ channel: Int, _ value: Float) -> ParameterChange {
    ParameterChange(layer: layer, place: .bias(channel), value: value)
  }
}
