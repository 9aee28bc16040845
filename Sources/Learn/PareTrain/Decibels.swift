#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `10 log10(ratio)` for people to read; choices between networks compare ratios, whose bits no library touches.
func decibels(_ ratio: Double) -> Double { 10 * log10(ratio) }
