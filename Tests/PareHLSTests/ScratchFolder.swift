import Foundation
import PareTools

/// A folder of its own for a test, removed by hand at its end.
struct ScratchFolder {
  let folder: Folder

  init() throws {
    folder = Folder(FileManager.default.temporaryDirectory.path).folder("pare-hls-\(UUID())")
    try folder.create()
  }

  func remove() { try? folder.remove() }
}
