public import PareNetwork
public import PareNumerics

/// Normalized mean square error of a network: `10 log10(sum |output - target|² / sum |target|²)`, summed over all output
/// channels and all outputs that depend on true samples only (the padded edges of segments do not count).
///
/// - Units: dB; lower is better, 0 dB is no better than silence.
/// - Throws: ``TrainingError`` with code `.data` as ``nmse(ofOutput:on:for:)``.
public func nmse(of network: Network, on set: SampleSet) throws(TrainingError) -> Double {
  try requireChannels(network.architecture, set)
  return try nmse(
    ofOutput: network(set.input, segments: set.segments), on: set, for: network.architecture)
}

/// The same for a quantized network.
public func nmse(of network: QuantizedNetwork, on set: SampleSet) throws(TrainingError) -> Double {
  try nmse(of: network.network, on: set)
}

/// The same for outputs that come from elsewhere: the integer model, a simulation, a file.
///
/// - Parameter output: `[channel][time]`, as long as the set.
/// - Throws: ``TrainingError`` with code `.data` when the sizes differ, no segment is as long as the receptive field, or
///   the target is zero.
public func nmse(
  ofOutput output: [[Float]], on set: SampleSet, for architecture: Architecture
) throws(TrainingError) -> Double {
  guard output.count == set.target.count, output.allSatisfy({ $0.count == set.count }) else {
    throw TrainingError(
      .data,
      "\(output.count) outputs of \(output.first?.count ?? 0) samples for "
        + "\(set.target.count) targets of \(set.count)",
      hint: "compare signals of equal size")
  }
  var error = 0.0
  var power = 0.0
  for segment in set.segments {
    for time in outputsWithTrueContext(of: segment, for: architecture) {
      for (output, target) in zip(output, set.target) {
        let difference = Double(output[time]) - Double(target[time])
        error += difference * difference
        power += Double(target[time]) * Double(target[time])
      }
    }
  }
  guard power > 0 else {
    throw TrainingError(
      .data, "no target sample with a full receptive field before it differs from zero",
      hint: "give longer segments, or check the data set's columns")
  }
  return decibels(error / power)
}

private func requireChannels(
  _ architecture: Architecture, _ set: SampleSet
) throws(TrainingError) {
  guard
    set.input.count == architecture.inputChannels
      && set.target.count == architecture.outputChannels
  else {
    throw TrainingError(
      .data,
      "the set has \(set.input.count) inputs and \(set.target.count) targets, "
        + "the network \(architecture.inputChannels) and \(architecture.outputChannels)",
      hint: "match the channel counts")
  }
}
