import PareNumerics
import PareText

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

extension FilterBank {
  /// Reads a `taps.json`.
  ///
  /// - Parameter file: its name, for errors.
  /// - Throws: ``FilterBankError`` naming the value at fault.
  public init(json data: Data, file: String) throws(FilterBankError) {
    do {
      self = try JSONDecoder().decode(FilterBank.self, from: data)
    } catch let error as FilterBankError {
      throw FilterBankError(file: file, path: error.path, reason: error.reason)
    } catch let error as DecodingError {
      let (path, reason) = error.place
      throw FilterBankError(file: file, path: path, reason: reason)
    } catch {
      throw FilterBankError(file: file, path: "", reason: "\(error)")
    }
  }

  /// The `taps.json` that reads back to the same filters; keys are sorted.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    return try encoder.encode(self)
  }
}

extension FilterBank: Codable {
  private static let schemaVersion = 1

  private enum Key: String, CodingKey, CaseIterable {
    case schemaVersion, name, inputs, outputs, coefficientFractionBits
  }

  public init(from decoder: any Decoder) throws {
    try decoder.rejectKeys(except: Key.allCases.map(\.rawValue))
    let values = try decoder.container(keyedBy: Key.self)
    let version = try values.decodeInteger(Int.self, forKey: .schemaVersion) ?? 1
    guard version == Self.schemaVersion else {
      throw FilterBankError(
        path: "schemaVersion", reason: "version \(version) where this program reads 1")
    }
    try self.init(
      name: values.decodeIfPresent(String.self, forKey: .name) ?? "filters",
      inputs: values.decode([Input].self, forKey: .inputs),
      outputs: values.decode([Output].self, forKey: .outputs),
      coefficientFractionBits: values.decodeInteger(Int.self, forKey: .coefficientFractionBits)
        ?? 0)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(Self.schemaVersion, forKey: .schemaVersion)
    try values.encode(name, forKey: .name)
    try values.encode(inputs, forKey: .inputs)
    try values.encode(outputs, forKey: .outputs)
    try values.encode(coefficientFractionBits, forKey: .coefficientFractionBits)
  }
}

extension FilterBank.Input: Codable {
  private enum Key: String, CodingKey, CaseIterable { case name, format }

  public init(from decoder: any Decoder) throws {
    try decoder.rejectKeys(except: Key.allCases.map(\.rawValue))
    let values = try decoder.container(keyedBy: Key.self)
    try self.init(
      name: values.decode(String.self, forKey: .name),
      format: values.decodeFormat(forKey: .format))
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(name, forKey: .name)
    try values.encode(format.description, forKey: .format)
  }
}

extension FilterBank.Tap: Codable {
  public init(from decoder: any Decoder) throws {
    var values = try decoder.unkeyedContainer()
    func wrongLength(_ count: String) -> FilterBankError {
      FilterBankError(
        path: decoder.codingPath.text,
        reason: "a tap is [input, delay, coefficient], not \(count) numbers")
    }
    if let count = values.count, count != 3 { throw wrongLength("\(count)") }
    // Read as floating point, in which every number allowed here is exact, so that 1.5 is refused by name.
    let numbers = try (0..<3).map { _ in
      let number = try values.decode(Double.self)
      guard let integer = Int64(exactly: number) else {
        throw FilterBankError(
          path: decoder.codingPath.text, reason: "\(number) is not an integer of 64 bits")
      }
      return integer
    }
    self.init(input: Int(numbers[0]), delay: Int(numbers[1]), coefficient: numbers[2])
    guard values.isAtEnd else { throw wrongLength("more") }
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.unkeyedContainer()
    try values.encode(input)
    try values.encode(delay)
    try values.encode(coefficient)
  }
}

extension FilterBank.Output: Codable {
  private enum Key: String, CodingKey, CaseIterable {
    case name, taps, bias, format, rounding, overflow
  }

  public init(from decoder: any Decoder) throws {
    try decoder.rejectKeys(except: Key.allCases.map(\.rawValue))
    let values = try decoder.container(keyedBy: Key.self)
    let rounding = try values.decodeIfPresent(Rounding.self, forKey: .rounding)
    let overflow = try values.decodeIfPresent(Overflow.self, forKey: .overflow)
    var requantizer: Requantizer?
    if values.contains(.format) {
      requantizer = Requantizer(
        to: try values.decodeFormat(forKey: .format), rounding: rounding ?? .nearest,
        overflow: overflow ?? .saturate)
    } else if rounding != nil || overflow != nil {
      throw FilterBankError(
        path: decoder.codingPath.text, reason: "rounding and overflow need a format to move to")
    }
    try self.init(
      name: values.decode(String.self, forKey: .name),
      taps: values.decode([FilterBank.Tap].self, forKey: .taps),
      bias: values.decodeInteger(Int64.self, forKey: .bias) ?? 0, requantizer: requantizer)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(name, forKey: .name)
    try values.encode(taps, forKey: .taps)
    try values.encode(bias, forKey: .bias)
    try values.encodeIfPresent(requantizer?.format.description, forKey: .format)
    try values.encodeIfPresent(requantizer?.rounding, forKey: .rounding)
    try values.encodeIfPresent(requantizer?.overflow, forKey: .overflow)
  }
}

private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  fileprivate func rejectKeys(except known: [String]) throws {
    let present = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()
    guard let unknown = present.first(where: { !known.contains($0) }) else { return }
    let guess = nearestWord(to: unknown, among: known).map { "; did you mean '\($0)'?" } ?? ""
    throw FilterBankError(path: codingPath.text, reason: "unknown key '\(unknown)'\(guess)")
  }
}

extension KeyedDecodingContainer {
  /// The integer, or nil when there is none; the decoder itself does not say where one is that does not fit.
  fileprivate func decodeInteger<Integer: FixedWidthInteger & Decodable>(
    _ type: Integer.Type, forKey key: Key
  ) throws -> Integer? {
    do {
      return try decodeIfPresent(type, forKey: key)
    } catch {
      guard let number = try? decode(Double.self, forKey: key) else { throw error }
      throw FilterBankError(
        path: (codingPath + [key]).text,
        reason: "\(number) is not an integer of \(Integer.bitWidth) bits")
    }
  }

  fileprivate func decodeFormat(forKey key: Key) throws -> WordFormat {
    do {
      return try WordFormat(parsing: try decode(String.self, forKey: key))
    } catch let error as WordFormatError {
      throw FilterBankError(path: (codingPath + [key]).text, reason: error.message)
    }
  }
}

extension [any CodingKey] {
  /// `outputs[1].taps[3]`.
  fileprivate var text: String {
    reduce("") { text, key in
      if let index = key.intValue { return "\(text)[\(index)]" }
      return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
    }
  }
}

extension DecodingError {
  fileprivate var place: (path: String, reason: String) {
    switch self {
    case .keyNotFound(let key, let context):
      (context.codingPath.text, "the key '\(key.stringValue)' is missing")
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      (context.codingPath.text, "expected \(type)")
    case .dataCorrupted(let context):
      (
        context.codingPath.text,
        context.debugDescription + (context.underlyingError.map { " \($0)" } ?? "")
      )
    @unknown default: ("", "\(self)")
    }
  }
}
