#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// JSON as Pare writes and reads it: sorted keys, two spaces, arrays of plain values on one line, faults named by path.
public enum JSONText {
  /// The text of a value; equal values give equal bytes.
  public static func encode(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    do {
      let text = String(decoding: try encoder.encode(value), as: UTF8.self)
      return joiningPlainArrays(text) + "\n"
    } catch {
      preconditionFailure("a value of type \(type(of: value)) cannot be written as JSON: \(error)")
    }
  }

  /// Reads a value.
  ///
  /// - Parameter file: the name to blame in an error.
  /// - Throws: ``JSONTextError``, or the error that the type itself throws for a value that it refuses.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from text: String, file: String
  ) throws -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw JSONTextError(file: file, error)
    }
  }

  /// Puts every array without nested brackets on one line.
  static func joiningPlainArrays(_ text: String) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count)
    var arrayStart: Int?
    var inString = false
    var escaped = false
    for byte in text.utf8 {
      result.append(byte)
      if inString {
        if escaped {
          escaped = false
        } else if byte == UInt8(ascii: "\\") {
          escaped = true
        } else if byte == UInt8(ascii: "\"") {
          inString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): inString = true
      case UInt8(ascii: "["): arrayStart = result.count - 1
      case UInt8(ascii: "{"): arrayStart = nil
      case UInt8(ascii: "]"):
        if let start = arrayStart { joinLines(&result, from: start) }
        arrayStart = nil
      default: break
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func joinLines(_ bytes: inout [UInt8], from start: Int) {
    let inner = String(decoding: bytes[(start + 1)..<(bytes.count - 1)], as: UTF8.self)
    let pieces = inner.split(separator: "\n").map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }
    bytes.replaceSubrange(start..., with: Array("[\(pieces.joined(separator: " "))]".utf8))
  }
}

/// A JSON text that does not have the expected contents.
public struct JSONTextError: PareError {
  public let file: String
  public let message: String
  public var hint: String
  public var kind: FailureKind { .badData }

  public init(file: String, _ error: DecodingError) {
    self.file = file
    func path(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
      var text = ""
      for key in context.codingPath + (last.map { [$0] } ?? []) {
        if let index = key.intValue {
          text += "[\(index)]"
        } else {
          text += (text.isEmpty ? "" : ".") + key.stringValue
        }
      }
      return text.isEmpty ? "the top level" : text
    }
    hint = "the file may be cut short, edited, or of another kind"
    switch error {
    case .keyNotFound(let key, let context):
      message = "\(file): '\(path(context, key))' is missing"
    case .valueNotFound(_, let context):
      message = "\(file): '\(path(context))' has no value"
    case .typeMismatch(let type, let context):
      message = "\(file): '\(path(context))' is not a \(Self.words(for: type))"
    case .dataCorrupted(let context):
      message = "\(file): \(path(context)): \(context.debugDescription)"
    @unknown default:
      message = "\(file): \(error)"
    }
  }

  private static func words(for type: Any.Type) -> String {
    switch type {
    case is any BinaryInteger.Type: "whole number"
    case is any BinaryFloatingPoint.Type: "number"
    case is String.Type: "text"
    case is Bool.Type: "true or false"
    default:
      "\(type)".hasPrefix("Array")
        ? "list" : "\(type)".hasPrefix("Dictionary") ? "object" : "\(type)"
    }
  }
}
