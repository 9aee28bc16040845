import CPareKernels
import PareText

/// The instruction set that the float kernels use.
///
/// The fastest that the processor has, unless the environment's `PARE_KERNELS` names another: `portable`, `avx2` or
/// `avx512`. Results have the same bits with each; the choice is for comparing them.
public enum KernelChoice {
  /// The name of the set in use.
  public static var name: String { unsafe String(cString: pare_variant_name(pare_best_variant())) }

  /// - Throws: ``NetworkError`` when `PARE_KERNELS` names a set that is unknown or that this processor lacks.
  public static func validate() throws(NetworkError) {
    guard let wanted = unsafe pare_wanted_variant() else { return }
    let text = unsafe String(cString: wanted)
    guard text == name else {
      throw NetworkError(
        .kernels, "PARE_KERNELS is '\(text)', which is unknown or needs another processor",
        hint: "unset it, or give one of: \(available.joined(separator: ", "))")
    }
  }

  /// Names of the sets that this processor can run, slowest first.
  static var available: [String] {
    (0..<UInt32(PARE_VARIANT_COUNT)).map { pare_variant($0) }
      .filter { pare_variant_is_available($0) }
      .map { unsafe String(cString: pare_variant_name($0)) }
  }
}
