import PareTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a stage leaves in its folder.
struct StageFile<Result: Codable>: Codable {
  let schemaVersion: Int
  /// Hash of all that went in.
  let key: String
  let folder: String
  let result: Result
}

/// A value as text, the same for equal values.
func canonical(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// The stage's result from a file in its folder when it was made from the same inputs at the same place, else made now.
func resumed<Result: Codable & Sendable>(
  _ key: String, in place: Folder, as name: String = "result.json",
  make: () async throws -> Result
) async throws -> Result {
  if place.has(name) {
    // A file of another form, or of a folder that was moved (results hold paths), is as good as none.
    if let file = try? JSONDecoder().decode(StageFile<Result>.self, from: try place.read(name)),
      file.schemaVersion == 1, file.key == key, file.folder == place.path
    {
      return file.result
    }
  }
  let result = try await make()
  let file = StageFile(schemaVersion: 1, key: key, folder: place.path, result: result)
  try place.write(try canonical(file), to: name)
  return result
}
