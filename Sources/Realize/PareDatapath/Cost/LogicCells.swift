import PareNumerics

/// Tables, carries and multipliers of each node, its registers apart.
struct LogicCells {
  private let pipeline: PipelinedDatapath
  private let spans: [WireSpan]
  private let usesMultipliers: Bool
  private let calibration: ResourceCalibration

  private var datapath: Datapath { pipeline.datapath }
  private var family: LogicFamily { pipeline.options.family }

  init(_ pipeline: PipelinedDatapath, _ spans: [WireSpan], usesMultipliers: Bool) {
    self.pipeline = pipeline
    self.spans = spans
    self.usesMultipliers = usesMultipliers
    calibration = ResourceCalibration(pipeline.options.family)
  }

  func cells(of index: Int) -> Cells {
    let node = datapath.nodes[index]
    let hasRegister = pipeline.placements[index].registers > 0
    switch node.op {
    case .input, .constant, .delay, .linear: return Cells()
    case .add(let operands): return sum(operands, width: node.range.signedBits)
    case .multiply(let a, let b): return product(a, b)
    case .relu(let wire):
      var cells = Cells()
      if datapath[wire].range.lower < 0 {
        cells.luts = hasRegister ? calibration.clear : spans[index].count
      }
      return cells
    case .clamp(let wire, let lower, let upper):
      return clamp(
        datapath[wire].range, lower: lower, upper: upper, width: node.range.signedBits,
        hasRegister: hasRegister)
    case .requantize(let wire, let rounding, let overflow):
      return requantize(
        node, datapath[wire], rounding, overflow, hasRegister: hasRegister)
    case .lookup(let wire, let shift, let table):
      let shape = LookupShape(datapath[wire].range, shift: shift, table: table)
      let indexBits = datapath[wire].range.signedBits - 1 - shift
      return lookup(shape, table[..<shape.count], indexBits: indexBits)
    }
  }

  // MARK: - Sums

  private func sum(_ operands: [Operand], width: Int) -> Cells {
    if operands.count == 1, !operands[0].isNegated { return Cells() }
    let shape = SumShape(operands, in: datapath, spans, width: width)
    var cells = Cells()
    cells.rows = 1
    cells.adderBits = shape.bits
    if shape.isRow, family.adderOperands >= 3 {
      cells.ternaryRows = 1
      // The row's cells are named in the Verilog, a table for every place.
      cells.luts = shape.bits
      cells.carryCells = calibration.carries(bits: shape.bits)
      return cells
    }
    // A sum of three operands that is no row is two of two; so is one that negates both.
    let isDouble = operands.count > 2 || operands.count > 1 && operands.allSatisfy(\.isNegated)
    if isDouble {
      cells.rows = 2
      cells.adderBits *= 2
    }
    let carries = calibration.carries(bits: shape.bits)
    cells.carryCells = carries
    switch family {
    case .ecp5:
      let hasConstant = operands.contains { isConstant($0.wire) }
      let isNegation = operands.count == 1
      cells.luts =
        2 * carries + (hasConstant ? 1 : 0) + (isNegation ? shape.bits - 1 : 0)
    case .ultraScalePlus, .series7, .generic: cells.luts = shape.propagateTables
    }
    if isDouble { cells.luts += shape.bits }
    return cells
  }

  private func isConstant(_ wire: Wire) -> Bool {
    if case .constant = datapath[wire].op { return true }
    return false
  }

  // MARK: - Products

  private func product(_ a: Wire, _ b: Wire) -> Cells {
    var cells = Cells()
    let bits = [datapath[a].range.signedBits, datapath[b].range.signedBits].sorted()
    if usesMultipliers {
      cells.multipliers = calibration.blocks(bits[1], bits[0])
    } else {
      cells.luts =
        (bits[0] * bits[1] * ResourceCalibration.productTablesPerHundredBits + 50) / 100
      cells.carryCells = calibration.carries(bits: bits[0] + bits[1])
    }
    return cells
  }

  // MARK: - Limits

  private func requantize(
    _ node: Node, _ source: Node, _ rounding: Rounding, _ overflow: Overflow, hasRegister: Bool
  ) -> Cells {
    var cells = Cells()
    let shift = source.format.fractionBits - node.format.fractionBits
    var range = source.range
    if shift > 0, rounding != .floor {
      // Half a place is added where only the source has bits: an inverter, and a chain above it.
      let bits = range.signedBits + 1 - (shift - 1)
      cells.rows = 1
      cells.adderBits = max(1, bits)
      cells.carryCells = calibration.carries(bits: cells.adderBits)
      cells.luts =
        family == .ecp5
        ? 2 * cells.carryCells : rounding == .convergent ? ResourceCalibration.tieTables : 1
    }
    range =
      shift > 0
      ? IntegerRange(
        Requantizer.shiftedRight(range.lower, by: shift, rounding),
        Requantizer.shiftedRight(range.upper, by: shift, rounding))
      : range.scaled(by: Int64(1) << Int64(-shift)) ?? range
    let format = node.format
    guard overflow == .saturate, !format.range.contains(range) else { return cells }
    let top = range.signedBits - 1
    let isTooLow = range.lower < format.minimumRaw
    if format.isSigned {
      // The highest bit is the sign whether the word fits or not.
      cells.luts += calibration.limits(
        bits: format.wordLength - 1, deciding: top - (format.wordLength - 1) + 1,
        isEquality: true)
    } else {
      let isCleared = isTooLow && hasRegister && top > 0
      if isCleared { cells.luts += calibration.clear }
      if range.upper > format.maximumRaw {
        let deciding = top - format.wordLength + (isTooLow && !isCleared ? 1 : 0)
        cells.luts += calibration.limits(
          bits: format.wordLength, deciding: deciding, isEquality: false)
      } else if isTooLow, !isCleared {
        cells.luts += node.range.signedBits - 1
      }
    }
    return cells
  }

  private func clamp(
    _ range: IntegerRange, lower: Int64, upper: Int64, width: Int, hasRegister: Bool
  ) -> Cells {
    var cells = Cells()
    let isTooHigh = range.upper > upper
    let isTooLow = range.lower < lower
    if !isTooHigh, !isTooLow { return cells }
    if hasRegister, upper == 0, isTooHigh, !isTooLow {
      cells.luts = calibration.clear
      return cells
    }
    if upper == 0, isTooHigh, !isTooLow {
      cells.luts = width
      return cells
    }
    var compared = 0
    var bounds = 0
    func compare(_ bound: Int64) {
      if bound.magnitude.nonzeroBitCount != 1 { compared += 1 }
      bounds += 1
    }
    if isTooHigh { compare(upper) }
    if isTooLow {
      if lower == 0, upper > 0, hasRegister {
        cells.luts += calibration.clear
      } else {
        compare(lower)
      }
    }
    if bounds > 0 {
      let comparison = calibration.comparison(bits: range.signedBits)
      cells.luts += width + compared * comparison.luts - (compared == 0 ? 1 : 0)
      cells.carryCells += compared * comparison.carries
      if compared == 0 {
        cells.luts +=
          calibration.limits(
            bits: width - 1, deciding: range.signedBits - width + 2, isEquality: true)
          - (width - 1)
        let comparison = calibration.powerComparison(bits: range.signedBits)
        if isTooHigh {
          cells.luts += comparison.luts
          cells.carryCells += comparison.carries
        }
      }
    }
    return cells
  }

  // MARK: - Tables

  private func lookup(
    _ shape: LookupShape, _ entries: ArraySlice<Int64>, indexBits: Int
  ) -> Cells {
    var cells = Cells()
    // The sign of entries of one sign is no bit of the table.
    let bits = shape.entryBits - (entries.contains { $0 < 0 } ? 0 : 1)
    // The address: one's complement of a negative argument, and the last place for one beyond the table.
    if shape.isSigned || shape.isLimited { cells.luts += shape.addressBits }
    if shape.isLimited {
      cells.luts += calibration.joined(indexBits - shape.addressBits)
    }
    cells.luts += calibration.stored(entries)
    // A table picks one bit of four.
    if shape.bankCount > 1 { cells.luts += bits * ((shape.bankCount + 1) / 3) }
    if shape.isSigned {
      // Inverters and a chain that adds 1, and a choice.
      cells.carryCells += calibration.carries(bits: shape.entryBits)
      cells.luts += 2 * bits + 1
      if family == .ecp5 { cells.luts += 2 * cells.carryCells }
    }
    return cells
  }
}
