import PareText

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// JSON inside a ledger: one line, sorted keys; the words inf, -inf and nan stand for what JSON has no number for.
enum LedgerJSON {
  static func encode(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      preconditionFailure("a value of type \(type(of: value)) cannot be written as JSON: \(error)")
    }
  }

  /// - Parameter place: file, table and key to blame in an error.
  static func decode<Value: Decodable>(
    _ type: Value.Type, from text: String, place: String
  ) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return try decoder.decode(type, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw JSONTextError(file: place, error)
    }
  }
}
