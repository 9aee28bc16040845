#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file read from front to back in pieces, so that its size never decides how much memory is used.
struct ByteStream: ~Copyable {
  let path: String
  /// Size in bytes when the file was opened; 0 for what has no size, as a pipe.
  let size: Int
  private let descriptor: Int32

  /// - Throws: ``SignalError`` when there is no such file, or it is a folder, or may not be read.
  init(path: String) throws(SignalError) {
    self.path = path
    let descriptor = unsafe open(path, O_RDONLY)
    guard descriptor >= 0 else {
      throw SignalError(
        errno == ENOENT
          ? .fileNotFound(path: path) : .unreadable(path: path, reason: lastSystemError()))
    }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let reason = lastSystemError()
      close(descriptor)
      throw SignalError(.unreadable(path: path, reason: reason))
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      close(descriptor)
      throw SignalError(.unreadable(path: path, reason: "it is a folder"))
    }
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Fills the buffer from `offset` on, and returns how many bytes came; 0 at the end of the file.
  func read(into buffer: inout [UInt8], from offset: Int) throws(SignalError) -> Int {
    let wanted = buffer.count - offset
    precondition(wanted > 0, "no room to read into")
    while true {
      let got = unsafe buffer.withUnsafeMutableBytes { bytes in
        #if canImport(Glibc)
          unsafe Glibc.read(descriptor, bytes.baseAddress! + offset, wanted)
        #elseif canImport(Musl)
          unsafe Musl.read(descriptor, bytes.baseAddress! + offset, wanted)
        #else
          unsafe Darwin.read(descriptor, bytes.baseAddress! + offset, wanted)
        #endif
      }
      if got >= 0 { return got }
      guard errno == EINTR else {
        throw SignalError(.unreadable(path: path, reason: lastSystemError()))
      }
    }
  }

  /// The whole file, for kinds that are small or binary.
  ///
  /// - Parameter limit: a larger file is an error, so that a wrong path cannot fill the memory.
  static func contents(of path: String, limit: Int) throws -> [UInt8] {
    try ByteStream(path: path).contents(limit: limit)
  }

  /// The next bytes of the file: as many as wanted, fewer only where the file ends.
  func next(_ wanted: Int) throws(SignalError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: wanted)
    var count = 0
    while count < wanted {
      let got = try read(into: &bytes, from: count)
      if got == 0 { break }
      count += got
    }
    bytes.removeLast(wanted - count)
    return bytes
  }

  /// The whole file, of which the first bytes were read before.
  func contents(after head: [UInt8] = [], limit: Int) throws -> [UInt8] {
    guard size <= limit else {
      throw SignalError(
        .unreadable(path: path, reason: "\(size) bytes are more than the \(limit) expected"))
    }
    var bytes = head
    var count = head.count
    bytes += [UInt8](repeating: 0, count: max(size + 1 - count, 1 << 16))
    while true {
      try Task.checkCancellation()
      let got = try read(into: &bytes, from: count)
      if got == 0 { break }
      count += got
      guard count <= limit else {
        throw SignalError(.unreadable(path: path, reason: "more than \(limit) bytes"))
      }
      if count == bytes.count { bytes += [UInt8](repeating: 0, count: bytes.count) }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }
}

/// What the system says about the last call that failed.
func lastSystemError() -> String {
  unsafe String(cString: strerror(errno))
}
