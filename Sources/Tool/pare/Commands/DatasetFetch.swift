import ArgumentParser
import PareExplore
import PareSignal
import PareText
import PareTools

/// `pare dataset list`: what can be fetched, and what is in the cache.
struct DatasetList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the data sets that can be fetched.")

  @OptionGroup var common: CommonOptions

  private struct Row: Encodable {
    var entry: DatasetCatalog.Entry
    var folder: String?
  }

  func run() async throws {
    let rows = try DatasetCatalog.entries.map { entry in
      let folder = try DatasetSource.folder(of: entry)
      return Row(entry: entry, folder: folder.exists ? folder.path : nil)
    }
    if common.json {
      Console.result(JSONText.encode(rows))
      return
    }
    var table = TextTable([
      ("name", .left), ("MS/s", .right), ("MHz", .right), ("samples", .right), ("cached", .left),
      ("about", .left),
    ])
    for row in rows {
      table.add([
        row.entry.name, (row.entry.sampleRate / 1e6).fixed(2), (row.entry.bandwidth / 1e6).fixed(0),
        row.entry.sampleCount.grouped, row.folder == nil ? "no" : "yes", row.entry.about,
      ])
    }
    Console.result(table.text)
  }
}

/// `pare dataset fetch`: into the cache of the user.
struct DatasetFetch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Fetch data sets into the user's cache folder.")

  @Argument(help: "Names from 'pare dataset list'.")
  var names: [String]

  @OptionGroup var common: CommonOptions

  func run() async throws {
    let entries = try names.map { try DatasetCatalog.entry(named: $0) }
    var folders: [String: String] = [:]
    for entry in entries {
      let folder = try await DatasetSource.fetch(entry, onProgress: common.toolProgress)
      folders[entry.name] = folder.path
      if !common.json { Console.result("\(entry.name)  \(folder.path)") }
    }
    if common.json { Console.result(JSONText.encode(folders)) }
  }
}
