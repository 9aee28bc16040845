import PareNetwork

/// What the Jacobian of one output needs, worked out once for an architecture, a mask and the free parameters.
///
/// With `a_l` the sums of layer l before its activation and `h_l` its outputs, the sensitivities
///
///     D_l[c][j][n] = d out[n] / d a_l,c[n - j]
///
/// follow from those of the layer behind, `D_l[c][j' = j + k*dilation] += w_{l+1}[c'][c][k] * D_{l+1}[c'][j]`, times the
/// slope of `a_l,c[n - j']`; and a weight's column is `sum over j of D_l[c][j][n] * h_{l-1,i}[n - j - k*dilation]`. A
/// weight touches one channel only, so no column passes through a whole layer.
struct JacobianPlan {
  /// Sensitivities of one channel of a layer: as many rows as lags, from `firstRow` of the layer on.
  struct Channel {
    var lags: [Int] = []
    var firstRow = 0
  }

  /// One row of sensitivities: what it sums up, and whose slope multiplies the sum.
  struct Row {
    let channel: Int
    let lag: Int
    /// Rows of the layer behind, and the weight of that layer which leads there.
    let sources: [(row: Int, weight: Int)]
  }

  struct Column {
    /// The unknown and its sign here.
    let parameter: Int
    let isNegated: Bool
    /// The place in the network.
    let place: FreeParameter.Place
    /// Output channel of the layer; 0 for the branch, whose only row is the constant 1.
    let channel: Int
    /// Input channel; nil for a bias.
    let input: Int?
    /// Samples from the newest input of the layer to this tap's.
    let delay: Int
  }

  let channels: [[Channel]]
  /// Empty for the last layer of the stack, whose only row is the constant 1.
  let rows: [[Row]]
  let columns: [Column]

  init(output: Int, network: Network, parameters: [FreeParameter]) {
    let architecture = network.architecture
    let shapes = architecture.layerShapes
    let last = architecture.convolutions - 1
    var channels = shapes.prefix(last + 1).map {
      Array(repeating: Channel(), count: $0.outputChannels)
    }
    var rows = Array(repeating: [Row](), count: last + 1)
    channels[last][output].lags = [0]
    for layer in stride(from: last - 1, through: 0, by: -1) {
      let behind = shapes[layer + 1]
      for channel in channels[layer].indices {
        var sources: [Int: [(row: Int, weight: Int)]] = [:]
        for (next, sensitivity) in channels[layer + 1].enumerated() {
          for tap in 0..<behind.kernelSize {
            let weight = behind.index(output: next, input: channel, tap: tap)
            guard network.mask.layers[layer + 1][weight] else { continue }
            for (position, lag) in sensitivity.lags.enumerated() {
              sources[lag + tap * behind.dilation, default: []].append(
                (row: sensitivity.firstRow + position, weight: weight))
            }
          }
        }
        channels[layer][channel].firstRow = rows[layer].count
        channels[layer][channel].lags = sources.keys.sorted()
        for lag in channels[layer][channel].lags {
          rows[layer].append(Row(channel: channel, lag: lag, sources: sources[lag]!))
        }
      }
    }
    self.channels = channels
    self.rows = rows
    columns = Self.columns(output, architecture, parameters, channels)
  }

  private static func columns(
    _ output: Int, _ architecture: Architecture, _ parameters: [FreeParameter],
    _ channels: [[Channel]]
  ) -> [Column] {
    let shapes = architecture.layerShapes
    var columns: [Column] = []
    for (number, parameter) in parameters.enumerated() {
      for (place, isNegated) in [(parameter.place, false)] + parameter.followers {
        let shape = shapes[place.layer]
        let row = shape.inputChannels * shape.kernelSize
        let channel = place.isBias ? place.index : place.index / row
        let isBranch = place.layer == architecture.branchLayer
        let isHeard = isBranch ? channel == output : !channels[place.layer][channel].lags.isEmpty
        guard isHeard else { continue }
        columns.append(
          Column(
            parameter: number, isNegated: isNegated, place: place,
            channel: isBranch ? 0 : channel,
            input: place.isBias ? nil : place.index / shape.kernelSize % shape.inputChannels,
            delay: place.isBias ? 0 : place.index % shape.kernelSize * shape.dilation))
      }
    }
    return columns
  }
}
