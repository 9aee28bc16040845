/// The kinds of files from which a capture can be read.
public enum CaptureFormat: String, Hashable, Sendable, Codable, CaseIterable {
  /// Text with columns `I` and `Q`.
  case csv
  /// A NumPy array: complex, or real of shape [N, 2].
  case npy
  /// A SigMF recording, named by its `.sigmf-meta` or `.sigmf-data` file or their common stem.
  case sigmf
  /// Interleaved 16-bit integers, I first, little-endian; 32768 is full scale.
  case int16
  /// Interleaved single-precision numbers, I first, little-endian.
  case float32

  /// Judges by the extension of the file name.
  public init?(path: String) {
    let name = path.lastComponent.lowercased()
    guard let dot = name.lastIndex(of: ".") else { return nil }
    switch name[name.index(after: dot)...] {
    case "csv", "txt": self = .csv
    case "npy": self = .npy
    case "sigmf", "sigmf-meta", "sigmf-data": self = .sigmf
    case "i16", "iq16", "sc16", "cs16", "bin": self = .int16
    case "cf32", "fc32", "cfile": self = .float32
    default: return nil
    }
  }
}

/// Samples read from a capture, with the sample rate if the file tells it.
public struct Capture: Hashable, Sendable {
  public let signal: IQSignal
  /// In Hz.
  public let sampleRate: Double?

  /// Captures larger than this are refused, so that a wrong path cannot fill the memory.
  static let largestFile = 1 << 33

  /// - Parameter format: judged by the file name when absent.
  /// - Throws: ``SignalError`` with file and reason; `CancellationError` when the task is cancelled.
  public init(contentsOf path: String, format: CaptureFormat? = nil) throws {
    guard let format = format ?? CaptureFormat(path: path) else {
      throw SignalError(.unknownFormat(path: path))
    }
    switch format {
    case .csv: self.init(signal: try IQSignal(contentsOfCSV: path))
    case .npy: self.init(signal: try NumpyFile.signal(path: path))
    case .sigmf: self = try SigMFRecording.capture(path: path)
    case .int16: self.init(signal: try Self.raw(path, SampleType(.signed, bytes: 2)))
    case .float32: self.init(signal: try Self.raw(path, SampleType(.float, bytes: 4)))
    }
  }

  init(signal: IQSignal, sampleRate: Double? = nil) {
    self.signal = signal
    self.sampleRate = sampleRate
  }

  private static func raw(_ path: String, _ type: SampleType) throws -> IQSignal {
    let bytes = try ByteStream.contents(of: path, limit: largestFile)
    return try type.signal(from: bytes, offset: 0, path: path)
  }
}
