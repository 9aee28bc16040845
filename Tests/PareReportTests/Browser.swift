import Foundation
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#endif

/// Chromium without a window, for pages on disk.
struct Browser {
  let program: URL

  /// The one that `PARE_CHROMIUM` names, else the first of the usual names on PATH.
  static let installed: Browser? = {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["PARE_CHROMIUM"], !named.isEmpty {
      return Browser(program: URL(filePath: named))
    }
    let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    let candidates =
      names.flatMap { name in folders.map { "\($0)/\(name)" } }
      + ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"]
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
      .map { Browser(program: URL(filePath: $0)) }
  }()

  /// Whether its absence is a failure and not a reason to leave tests out.
  static let isRequired = ProcessInfo.processInfo.environment["PARE_REQUIRE_BROWSER"] == "1"

  /// What the page looked like when its scripts had run.
  struct Outcome {
    var document: String
    /// Lines that the page wrote to the console, errors of the browser about it included.
    var console: [String]
  }

  /// Opens a page and gives its document back.
  func open(
    _ page: URL, fragment: String = "", width: Int = 1400, isDark: Bool = false
  ) throws -> Outcome {
    let folder = try Self.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appending(path: "stdout")
    let errors = folder.appending(path: "stderr")
    for file in [output, errors] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = program
    process.arguments =
      [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--disable-extensions", "--disable-component-update",
        "--disable-background-networking", "--enable-logging=stderr", "--v=0",
        "--user-data-dir=\(folder.appending(path: "profile").path)",
        "--window-size=\(width),1000", "--virtual-time-budget=5000", "--dump-dom",
      ] + (isDark ? ["--blink-settings=preferredColorScheme=0"] : []) + [
        page.absoluteString + (fragment.isEmpty ? "" : "#" + fragment)
      ]
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let deadline = Date(timeIntervalSinceNow: 120)
    while process.isRunning {
      guard Date() < deadline else {
        process.terminate()
        throw Hung()
      }
      Thread.sleep(forTimeInterval: 0.02)
    }
    let log = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
    return Outcome(
      document: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      console: log.split(separator: "\n").map(String.init).filter { $0.contains("CONSOLE") })
  }

  struct Hung: Error, CustomStringConvertible {
    var description: String { "the browser did not end within two minutes" }
  }

  static func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "pare-browser-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}
