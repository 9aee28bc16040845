import Foundation

func scratchPath() -> String { NSTemporaryDirectory() + "/pare-tests-\(UUID().uuidString)" }

func modificationTime(_ path: String) throws -> Date? {
  try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
}
