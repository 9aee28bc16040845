/// Floats at a fixed address, zero at first, for kernels that read and write by pointer.
@safe final class FloatBuffer {
  /// Starts on a cache line.
  let base: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    unsafe base = memory.initializeMemory(as: Float.self, repeating: 0, count: max(count, 1))
  }

  deinit { unsafe UnsafeMutableRawPointer(base).deallocate() }

  subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count, "index \(index) of \(count)")
      return unsafe base[index]
    }
    set {
      precondition(index >= 0 && index < count, "index \(index) of \(count)")
      unsafe base[index] = newValue
    }
  }

  func zero() { unsafe base.update(repeating: 0, count: count) }

  var values: [Float] {
    get { unsafe Array(UnsafeBufferPointer(start: base, count: count)) }
    set {
      precondition(newValue.count == count, "\(newValue.count) values for \(count)")
      for index in newValue.indices { unsafe base[index] = newValue[index] }
    }
  }
}
