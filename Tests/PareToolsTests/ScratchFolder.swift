import Foundation

@testable import PareTools

func scratchFolder() -> Folder {
  Folder(NSTemporaryDirectory() + "/pare-tests-\(UUID().uuidString)")
}

/// Whether a process exists; signal 0 asks and sends nothing.
func isAlive(_ process: Int32) -> Bool { kill(process, 0) == 0 }
