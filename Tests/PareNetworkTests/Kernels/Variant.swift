import CPareKernels
import Testing

/// An instruction set as a test argument; its description says when this processor lacks it.
struct Variant: Sendable, CustomTestStringConvertible {
  let value: pare_variant

  static let all = (0..<UInt32(PARE_VARIANT_COUNT)).map { Variant(value: pare_variant($0)) }

  var name: String { unsafe String(cString: pare_variant_name(value)) }
  var isAvailable: Bool { pare_variant_is_available(value) }
  var testDescription: String { isAvailable ? name : "\(name) (not on this processor)" }

  /// Ends a test that this processor cannot run, so that the report counts it as cancelled, not as passed.
  func require() throws {
    if !isAvailable { try Test.cancel("\(name) is not on this processor") }
  }
}

/// Bits, so that -0 differs from 0 and NaN equals itself.
func bits(_ values: some Sequence<Float>) -> [UInt32] { values.map(\.bitPattern) }
