import ArgumentParser

/// `pare dataset`: everything about captures.
struct Dataset: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, fetch, import, make and inspect I/Q data sets.",
    subcommands: [
      DatasetList.self, DatasetFetch.self, DatasetImport.self, DatasetMake.self,
      DatasetInspect.self, DatasetCharacteristic.self,
    ])
}
