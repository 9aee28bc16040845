import Foundation
public import PareNetwork

/// The network by its definition in double precision, one output at a time: an oracle that shares no code with a model.
///
/// - Parameter inspect: sees every value that an activation makes.
public func directOutput(
  of network: QuantizedNetwork, _ input: [[Float]],
  inspect: (_ layer: Int, _ value: Double) -> Void = { _, _ in }
) -> [[Double]] {
  let shape = network.architecture
  let signal = input.map { $0.map(Double.init) }
  func at(_ channel: [Double], _ time: Int) -> Double {
    channel.indices.contains(time) ? channel[time] : 0
  }
  let length = input[0].count + shape.lookAhead
  var stack: [[Double]] = shape.features.map { feature in
    (0..<length).map { time in
      let carrier = feature.channel.map { at(signal[$0], time - feature.carrierLag) } ?? 1
      let then = time - feature.envelopeLag
      func x(_ time: Int) -> (re: Double, im: Double) { (at(signal[0], time), at(signal[1], time)) }
      func magnitude(_ x: (re: Double, im: Double)) -> Double { hypot(x.re, x.im) }
      switch feature.envelope {
      case .power(0): return carrier
      case .power(let power): return carrier * pow(magnitude(x(then)), Double(power))
      case .correlation(let lag, let part, let power):
        // By length and angle, as nothing that it is compared with does it.
        let (now, past) = (x(then), x(then - lag))
        let angle = atan2(now.im, now.re) - atan2(past.im, past.re)
        let length = magnitude(now) * magnitude(past)
        return carrier * length * (part == .real ? cos(angle) : sin(angle))
          * pow(magnitude(now), Double(power))
      }
    }
  }
  for index in 0..<shape.convolutions {
    let layer = network.layers[index]
    let source = stack
    stack = (0..<layer.shape.outputChannels).map { out in
      (0..<length).map { time in
        let sum = Double(layer.biases[out]) + filtered(layer, out) { at(source[$0], time - $1) }
        if index == shape.convolutions - 1 { return sum }
        let value = active(sum, shape.activation)
        inspect(index, value)
        return value
      }
    }
  }
  return (0..<shape.outputChannels).map { out in
    (0..<input[0].count).map { time in
      var sum = stack[out][time + shape.lookAhead]
      if let branch = shape.branch, let layer = network.layers.last {
        sum += filtered(layer, out) { at(signal[$0], time + branch.lookAhead - $1) }
      }
      return sum + (shape.hasSkip ? signal[out][time] : 0)
    }
  }
}

private func filtered(
  _ layer: QuantizedLayer, _ output: Int, _ sample: (_ channel: Int, _ delay: Int) -> Double
) -> Double {
  var sum = 0.0
  for channel in 0..<layer.shape.inputChannels {
    for tap in 0..<layer.shape.kernelSize {
      let weight = layer.weights[layer.shape.index(output: output, input: channel, tap: tap)]
      sum += Double(weight) * sample(channel, tap * layer.shape.dilation)
    }
  }
  return sum
}

private func active(_ sum: Double, _ activation: Activation) -> Double {
  switch activation {
  case .relu: max(0, sum)
  case .leakyReLU(let shift): sum < 0 ? sum / Double(1 << shift) : sum
  case .hardTanh: min(max(sum, -1), 1)
  case .tanh: tanh(sum)
  }
}
