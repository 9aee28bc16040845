public import PareNumerics

/// Integer filters with many inputs and outputs: the hardware tower's own workload, with no network.
///
/// Output o is `bias + Σ coefficient * x[input][n - delay]`, in full precision or moved to a format. With all delays 0 it is
/// the product of a constant matrix and a vector.
public struct FilterBank: Hashable, Sendable {
  public struct Input: Hashable, Sendable {
    public let name: String
    public let format: WordFormat

    public init(name: String, format: WordFormat) {
      self.name = name
      self.format = format
    }
  }

  public struct Tap: Hashable, Sendable {
    /// Index of the input.
    public let input: Int
    /// Samples; 0 is the newest.
    public let delay: Int
    public let coefficient: Int64

    public init(input: Int, delay: Int, coefficient: Int64) {
      self.input = input
      self.delay = delay
      self.coefficient = coefficient
    }
  }

  public struct Output: Hashable, Sendable {
    public let name: String
    public let taps: [Tap]
    /// In units of the last place of the full-precision sum.
    public let bias: Int64
    /// Where the sum is moved to; full precision when nil.
    public let requantizer: Requantizer?

    public init(name: String, taps: [Tap], bias: Int64 = 0, requantizer: Requantizer? = nil) {
      self.name = name
      self.taps = taps
      self.bias = bias
      self.requantizer = requantizer
    }
  }

  /// A name for people; generated modules are called by it unless told otherwise. An identifier.
  public let name: String
  public let inputs: [Input]
  public let outputs: [Output]
  /// Binary places of the integer coefficients; 0 makes them whole numbers.
  public let coefficientFractionBits: Int
  /// What was read differently from how it was written, a sentence each; no part of the filters, and not encoded.
  public let notes: [String]
  /// Binary places of the input that has most.
  private let inputFractionBits: Int

  public static func == (a: FilterBank, b: FilterBank) -> Bool {
    a.name == b.name && a.inputs == b.inputs && a.outputs == b.outputs
      && a.coefficientFractionBits == b.coefficientFractionBits
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(inputs)
    hasher.combine(outputs)
    hasher.combine(coefficientFractionBits)
  }

  /// Taps of an output with the same input and delay are summed, with a note.
  ///
  /// - Throws: ``FilterBankError`` when names, taps or formats make no sense.
  public init(
    name: String = "filters", inputs: [Input], outputs: [Output],
    coefficientFractionBits: Int = 0
  ) throws(FilterBankError) {
    self.name = name
    self.inputs = inputs
    self.coefficientFractionBits = coefficientFractionBits
    inputFractionBits = inputs.map(\.format.fractionBits).max() ?? 0
    // Taps are checked as they are written, so that errors name them by their places.
    for (index, output) in outputs.enumerated() {
      for (place, tap) in output.taps.enumerated() {
        try tap.validate(
          in: inputs, alignedTo: inputFractionBits, path: "outputs[\(index)].taps[\(place)]")
      }
    }
    var notes: [String] = []
    var merged: [Output] = []
    for (index, output) in outputs.enumerated() {
      merged.append(try output.merged(path: "outputs[\(index)]", notes: &notes))
    }
    self.outputs = merged
    self.notes = notes
    try validate()
  }

  /// Filters from dense taps; inputs are named `x0`, `x1`, ..., outputs `y0`, `y1`, ....
  ///
  /// - Parameter taps: `[output][input][tap]`, tap 0 the newest sample.
  /// - Throws: ``FilterBankError``, also when the outputs have different numbers of inputs.
  public init(
    name: String = "filters", taps: [[[Int64]]], format: WordFormat, biases: [Int64]? = nil,
    requantizer: Requantizer? = nil
  ) throws(FilterBankError) {
    let inputCount = taps.first?.count ?? 0
    for (index, rows) in taps.enumerated() where rows.count != inputCount {
      throw FilterBankError(
        path: "taps[\(index)]", reason: "\(rows.count) inputs where output 0 has \(inputCount)")
    }
    if let biases, biases.count != taps.count {
      throw FilterBankError(
        path: "biases", reason: "\(biases.count) biases for \(taps.count) outputs")
    }
    let outputs = taps.enumerated().map { index, rows in
      Output(
        name: "y\(index)",
        taps: rows.enumerated().flatMap { input, row in
          row.enumerated().filter { $0.element != 0 }.map {
            Tap(input: input, delay: $0.offset, coefficient: $0.element)
          }
        }, bias: biases?[index] ?? 0, requantizer: requantizer)
    }
    try self.init(
      name: name, inputs: (0..<inputCount).map { Input(name: "x\($0)", format: format) },
      outputs: outputs)
  }

  /// Binary places of the full-precision sums: those of the coefficients and of the input that has most.
  public var fractionBits: Int {
    coefficientFractionBits + inputFractionBits
  }

  /// Places by which the products of an input are moved to the left, so that all have the same binary point.
  func alignment(of input: Int) -> Int {
    inputFractionBits - inputs[input].format.fractionBits
  }

  private func validate() throws(FilterBankError) {
    try demand(name.isIdentifier, "name", "'\(name)' is not an identifier")
    try demand(!inputs.isEmpty, "inputs", "there are no inputs")
    try demand(!outputs.isEmpty, "outputs", "there are no outputs")
    try demand(
      (-63...63).contains(coefficientFractionBits), "coefficientFractionBits",
      "\(coefficientFractionBits) is outside -63...63")
    var names: Set<String> = []
    let ports =
      inputs.enumerated().map { ("inputs[\($0)]", $1.name) }
      + outputs.enumerated().map { ("outputs[\($0)]", $1.name) }
    for (path, port) in ports {
      try demand(port.isIdentifier, "\(path).name", "'\(port)' is not an identifier")
      try demand(names.insert(port).inserted, "\(path).name", "two ports are named \(port)")
    }
  }
}
