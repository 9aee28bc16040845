#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `10 log10(ratio)` for people to read; choices between networks compare ratios, whose bits no library touches.
///
/// A ratio below 1e-40 gives -400 dB, so that a network without any error can still be written as JSON.
func decibels(_ ratio: Double) -> Double { ratio < 1e-40 ? -400 : 10 * log10(ratio) }
