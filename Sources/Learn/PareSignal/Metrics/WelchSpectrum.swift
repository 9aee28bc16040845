/// The power spectral density of a complex signal, averaged over Hann windows.
///
/// - Source: Welch, The Use of Fast Fourier Transform for the Estimation of Power Spectra, 1967.
public struct WelchSpectrum: Hashable, Sendable {
  /// Power per Hz from the lowest frequency up: entry `k` is at `(k - windowLength / 2) * binWidth`, integer division.
  public let density: [Double]
  /// Distance of two entries in Hz.
  public let binWidth: Double
  /// How many windows were averaged.
  public let windowCount: Int

  /// - Parameters:
  ///   - segments: stretches that no window may leave; the whole signal when absent.
  ///   - overlaps: half-overlapping windows, or windows end to end.
  ///   - removesMean: subtracts the mean of each window before weighting.
  /// - Throws: ``SignalError`` with code `.tooShort` when no segment holds a window.
  public init(
    of signal: IQSignal, sampleRate: Double, windowLength: Int, segments: [Range<Int>]? = nil,
    overlaps: Bool = true, removesMean: Bool = false
  ) throws(SignalError) {
    precondition(windowLength >= 2, "window of \(windowLength)")
    let longest = (segments ?? [0..<signal.count]).map(\.count).max() ?? 0
    guard longest >= windowLength else {
      throw SignalError(
        .tooShort(what: "the signal to measure", count: longest, needed: windowLength))
    }
    let window = Self.hann(windowLength)
    let transform = FourierTransform(count: windowLength)
    let hop = overlaps ? windowLength - windowLength / 2 : windowLength
    var sum = [Double](repeating: 0, count: windowLength)
    var windows = 0
    for segment in segments ?? [0..<signal.count] where segment.count >= windowLength {
      for start in stride(
        from: segment.lowerBound, through: segment.upperBound - windowLength, by: hop)
      {
        var re = Array(signal.i[start..<start + windowLength])
        var im = Array(signal.q[start..<start + windowLength])
        if removesMean {
          let (meanI, meanQ) = (mean(re), mean(im))
          for n in 0..<windowLength {
            re[n] -= meanI
            im[n] -= meanQ
          }
        }
        for n in 0..<windowLength {
          re[n] *= window[n]
          im[n] *= window[n]
        }
        transform.forward(&re, &im)
        for k in 0..<windowLength { sum[k] += re[k] * re[k] + im[k] * im[k] }
        windows += 1
      }
    }
    let windowEnergy = window.reduce(0) { $0 + $1 * $1 }
    let scale = 1 / (windowEnergy * sampleRate * Double(windows))
    let half = windowLength / 2
    density = (0..<windowLength).map { sum[($0 + windowLength - half) % windowLength] * scale }
    binWidth = sampleRate / Double(windowLength)
    windowCount = windows
  }

  /// Frequency of an entry of ``density`` in Hz.
  public func frequency(_ index: Int) -> Double {
    Double(index - density.count / 2) * binWidth
  }

  /// Power in the half-open band `[lower, upper)`, or nil when the band leaves the spectrum.
  ///
  /// An edge within a billionth of a bin counts as that bin.
  public func power(from lower: Double, to upper: Double) -> Double? {
    let first = index(notBelow: lower)
    let end = index(notBelow: upper)
    guard first >= 0, end <= density.count, first <= end else { return nil }
    return density[first..<end].reduce(0, +) * binWidth
  }

  private func index(notBelow frequency: Double) -> Int {
    let place = (frequency / binWidth - 1e-9).rounded(.up)
    return Int(max(min(place, 1e15), -1e15)) + density.count / 2
  }

  /// The periodic Hann window.
  static func hann(_ length: Int) -> [Double] {
    (0..<length).map { 0.5 - 0.5 * rootOfUnity($0, of: length).re }
  }
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
