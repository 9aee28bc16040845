#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

func tanhOf(_ x: Double) -> Double { tanh(x) }
func cosineOf(_ x: Double) -> Double { cos(x) }
