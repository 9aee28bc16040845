import Foundation
import PareSignal
import Testing

struct CaptureTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Three samples that are exact in every format.
  static let wanted = IQSignal(i: [0.5, -1, 0.25], q: [-0.5, 0.125, 0])
  static var interleaved: [Double] { zip(wanted.i, wanted.q).flatMap { [$0, $1] } }

  private static func bytes<T>(_ values: [T]) -> Data {
    var data = Data()
    for value in values { unsafe withUnsafeBytes(of: value) { unsafe data.append(contentsOf: $0) } }
    return data
  }

  static var float32: Data { bytes(interleaved.map { Float($0).bitPattern.littleEndian }) }
  static var float32Big: Data { bytes(interleaved.map { Float($0).bitPattern.bigEndian }) }
  static var float64: Data { bytes(interleaved.map { $0.bitPattern.littleEndian }) }
  static var int16: Data { bytes(interleaved.map { Int16($0 * 32768).littleEndian }) }
  static var int16Big: Data { bytes(interleaved.map { Int16($0 * 32768).bigEndian }) }
  static var int8: Data { bytes(interleaved.map { Int8($0 * 128) }) }
  static var uint8: Data { bytes(interleaved.map { UInt8($0 * 128 + 128) }) }

  /// A `.npy` file as NumPy writes it.
  static func npy(
    _ descr: String, shape: String, order: String = "False", version: UInt8 = 1, _ data: Data
  ) -> Data {
    var header = "{'descr': '\(descr)', 'fortran_order': \(order), 'shape': \(shape), }"
    let prefix = version == 1 ? 10 : 12
    while (prefix + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    let length = header.utf8.count
    var file = Data([0x93]) + Data("NUMPY".utf8) + Data([version, 0])
    for byte in 0..<(version == 1 ? 2 : 4) { file.append(UInt8(length >> (8 * byte) & 0xFF)) }
    return file + Data(header.utf8) + data
  }

  @Test
  func `numpy arrays`() throws {
    let files = [
      Self.npy("<c8", shape: "(3,)", Self.float32), Self.npy("<c16", shape: "(3,)", Self.float64),
      Self.npy(">c8", shape: "(3,)", Self.float32Big),
      Self.npy("<f4", shape: "(3, 2)", Self.float32),
      Self.npy("<f8", shape: "(3, 2)", Self.float64), Self.npy("<i2", shape: "(3, 2)", Self.int16),
      Self.npy("<c8", shape: "(1, 3)", order: "True", version: 2, Self.float32),
    ]
    for (index, file) in files.enumerated() {
      let path = try scratch.write(file, to: "\(index).npy")
      #expect(try Capture(contentsOf: path).signal == Self.wanted)
    }
  }

  @Test
  func `bad numpy files are named`() throws {
    let files = [
      (Data("I,Q\n1,2\n3,4\n".utf8), "not a .npy file"),
      (Self.npy("<f4", shape: "(2, 3)", Self.float32), "shape [N, 2]"),
      (Self.npy("<f4", shape: "(3, 2)", order: "True", Self.float32), "C order"),
      (Self.npy("<c8", shape: "(4,)", Self.float32), "ends after 3 of 4"),
      (Self.npy("<U8", shape: "(3,)", Self.float32), "element type '<U8'"),
      (Self.npy("<c8", shape: "(99999999, 99999999)", Self.float32), "lacks"),
      (Self.npy("<c8", shape: "(0,)", Data()), "no samples"),
      (Self.npy("<c8", shape: "(3,)", Self.float32).prefix(40), "cut off"),
    ]
    for (index, (file, reason)) in files.enumerated() {
      let path = try scratch.write(file, to: "\(index).npy")
      let error = try #require(throws: SignalError.self) { try Capture(contentsOf: path) }
      #expect(error.message.contains(path) && error.message.contains(reason), "\(error)")
    }
  }

  /// A file with a hole is larger than any that would be read whole, so its size would be the error of a reader that
  /// looks at the header last.
  @Test
  func `huge files that are no numpy arrays fail by their first bytes`() throws {
    let arrays = [
      (Data([0x94]), "not a .npy file"), (Data(), "not a .npy file"),
      (Self.npy("<c8", shape: "(3,)", version: 4, Data()), "version 4"),
      (Self.npy("<U8", shape: "(3,)", Data()), "element type '<U8'"),
      (Data([0x93]) + Data("NUMPY".utf8) + Data([2, 0, 1, 0, 1, 0]), "header of 65537 bytes"),
      (Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, 9, 0]), "header lacks"),
      (Self.npy("<c8", shape: "(3,)", Data()), "bytes are more than"),
    ]
    for (index, (head, reason)) in arrays.enumerated() {
      let path = try scratch.write(head, to: "huge\(index).npy")
      let file = try #require(FileHandle(forWritingAtPath: path))
      try file.truncate(atOffset: 1 << 34)
      try file.close()
      let error = try #require(throws: SignalError.self) { try Capture(contentsOf: path) }
      #expect(error.message.contains(path) && error.message.contains(reason), "\(error)")
    }
  }

  @Test
  func `SigMF recordings of every type tell their sample rate`() throws {
    let types = [
      ("cf32_le", Self.float32), ("cf32_be", Self.float32Big), ("cf64_le", Self.float64),
      ("ci16_le", Self.int16), ("ci16_be", Self.int16Big), ("ci8", Self.int8), ("cu8", Self.uint8),
    ]
    for (name, data) in types {
      try scratch.write(
        #"{"global": {"core:datatype": "\#(name)", "core:sample_rate": 983.04e6, "core:version": "1.0.0"}, "captures": [{"core:sample_start": 0}], "annotations": []}"#,
        to: "\(name).sigmf-meta")
      try scratch.write(data, to: "\(name).sigmf-data")
      for suffix in [".sigmf-meta", ".sigmf-data", ".sigmf"] {
        let capture = try Capture(contentsOf: scratch.file(name + suffix))
        #expect(capture.signal == Self.wanted)
        #expect(capture.sampleRate == 983.04e6)
      }
    }
  }

  @Test(arguments: [
    (#"{"global": {"core:datatype": "rf32_le"}}"#, "rf32_le"),
    (#"{"global": {"core:datatype": "cf32_le", "core:num_channels": 2}}"#, "core:num_channels"),
    (#"{"global": {"core:datatype": "cf32_le", "core:sample_rate": 0}}"#, "core:sample_rate"),
    (#"{"global": {}}"#, "core:datatype"), ("hello", "SigMF"),
  ])
  func `bad SigMF descriptions are named`(meta: String, reason: String) throws {
    let path = try scratch.write(meta, to: "x.sigmf-meta")
    try scratch.write(Self.float32, to: "x.sigmf-data")
    let error = try #require(throws: SignalError.self) { try Capture(contentsOf: path) }
    #expect(error.message.contains(path) && error.message.contains(reason))
  }

  @Test
  func `interleaved samples`() throws {
    for name in ["x.i16", "x.iq16", "x.bin"] {
      #expect(try Capture(contentsOf: scratch.write(Self.int16, to: name)).signal == Self.wanted)
    }
    #expect(
      try Capture(contentsOf: scratch.write(Self.float32, to: "x.cf32")).signal == Self.wanted)
    #expect(
      try Capture(contentsOf: scratch.write(Self.float32, to: "x.dat"), format: .float32).signal
        == Self.wanted)
  }

  @Test
  func `torn, empty and unknown captures are named`() throws {
    let torn = try scratch.write(Self.int16.dropLast(), to: "torn.i16")
    let empty = try scratch.write(Data(), to: "empty.i16")
    let unknown = try scratch.write(Self.int16, to: "x.dat")
    let nan = try scratch.write(
      Self.bytes([Float(1).bitPattern, Float.nan.bitPattern]), to: "nan.cf32")
    for (path, reason) in [
      (torn, "no multiple of 4"), (empty, "no samples"), (unknown, "unknown kind"),
      (nan, "sample 0 is not finite"), (scratch.file("none.npy"), "no such file"),
    ] {
      let error = try #require(throws: SignalError.self) { try Capture(contentsOf: path) }
      #expect(error.message.contains(path) && error.message.contains(reason))
    }
  }
}
