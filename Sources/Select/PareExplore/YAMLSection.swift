import PareText
import Yams

/// One mapping of a YAML file, read key by key, with every fault named by line.
///
/// A key that nobody asked for is an error, so that a misspelt knob can never be ignored.
struct YAMLSection {
  let file: String
  let path: String
  /// Where the section's first key stands.
  let line: Int
  let members: [(key: String, line: Int, node: Node)]
  /// Keys that were asked for.
  var known: [String] = []

  /// Reads the top level of a file's text.
  init(text: String, file: String) throws(ExploreError) {
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw Self.syntaxFault(error, file: file)
    } catch {
      throw ExploreError(.experiment(line: nil), "\(file): \(error)", hint: "check the YAML syntax")
    }
    guard let root else {
      throw ExploreError(
        .experiment(line: 1), "\(file): the file is empty",
        hint: "pare init writes an example with every knob")
    }
    try self.init(node: root, file: file, path: "")
  }

  init(node: Node, file: String, path: String) throws(ExploreError) {
    let line = node.mark?.line ?? 1
    guard case .mapping(let mapping) = node else {
      throw ExploreError(
        .experiment(line: line), "\(file):\(line): '\(path)' is not a list of 'key: value' lines",
        hint: "pare init writes an example with every knob")
    }
    self.file = file
    self.path = path
    self.line = line
    var members: [(key: String, line: Int, node: Node)] = []
    for (key, value) in mapping {
      let name = key.string ?? "?"
      let line = key.mark?.line ?? line
      if let first = members.first(where: { $0.key == name }) {
        throw ExploreError(
          .experiment(line: line),
          "\(file):\(line): '\(name)' stands twice (also in line \(first.line))",
          hint: "keep one of them")
      }
      members.append((name, line, value))
    }
    self.members = members
  }

  private static func syntaxFault(_ error: YamlError, file: String) -> ExploreError {
    let (problem, line): (String, Int?) =
      switch error {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        (problem, mark.line)
      case .duplicatedKeysInMapping(_, let context): ("a key stands twice", context.mark.line)
      default: ("\(error)", nil)
      }
    let place = line.map { ":\($0)" } ?? ""
    return ExploreError(
      .experiment(line: line), "\(file)\(place): not valid YAML: \(problem)",
      hint: "look at the indentation of that line, and quote texts that hold | : # & or *")
  }

  /// Where a key stands; the section's own line when it does not.
  func line(of key: String) -> Int { members.first { $0.key == key }?.line ?? line }

  func has(_ key: String) -> Bool { members.contains { $0.key == key } }

  /// Whether a key has a single word for its value.
  func isWord(_ key: String) -> Bool {
    members.first { $0.key == key }?.node.scalar != nil
  }

  // MARK: - Values

  mutating func value<Value>(
    _ key: String, or standard: Value, _ kind: String, _ parse: (Node) -> Value?
  ) throws(ExploreError) -> Value {
    known.append(key)
    guard let member = members.first(where: { $0.key == key }) else { return standard }
    guard let value = parse(member.node) else {
      throw fault(member.line, "'\(name(of: key))' is not \(kind)")
    }
    return value
  }

  mutating func text(_ key: String, or standard: String) throws(ExploreError) -> String {
    try value(key, or: standard, "a text") { $0.scalar?.string }
  }

  mutating func integer(
    _ key: String, or standard: Int, in range: ClosedRange<Int>
  ) throws(ExploreError) -> Int {
    try value(key, or: standard, "a whole number from \(range.lowerBound) to \(range.upperBound)") {
      $0.int.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  mutating func number(
    _ key: String, or standard: Double, in range: ClosedRange<Double>
  ) throws(ExploreError) -> Double {
    try value(key, or: standard, "a number from \(range.lowerBound) to \(range.upperBound)") {
      ($0.float ?? $0.int.map(Double.init)).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  mutating func numbers(
    _ key: String, or standard: [Double], in range: ClosedRange<Double>
  ) throws(ExploreError) -> [Double] {
    try value(
      key, or: standard, "a list of numbers from \(range.lowerBound) to \(range.upperBound)"
    ) { node in
      let items = node.sequence.map { Array($0) } ?? [node]
      let valid = items.compactMap { $0.float ?? $0.int.map(Double.init) }
        .filter { range.contains($0) }
      return valid.count == items.count ? valid : nil
    }
  }

  mutating func flag(_ key: String, or standard: Bool) throws(ExploreError) -> Bool {
    try value(key, or: standard, "true or false") { $0.bool }
  }

  mutating func integers(
    _ key: String, or standard: [Int], in range: ClosedRange<Int>
  ) throws(ExploreError) -> [Int] {
    try value(
      key, or: standard, "a list of whole numbers from \(range.lowerBound) to \(range.upperBound)"
    ) {
      node in
      let items = node.sequence.map { $0.map(\.int) } ?? [node.int]
      let valid = items.compactMap { $0 }.filter { range.contains($0) }
      return valid.count == items.count ? valid : nil
    }
  }

  /// A value that a parser with an error of its own reads.
  mutating func parsed<Value>(
    _ key: String, or standard: Value, _ parse: (String) throws -> Value
  ) throws(ExploreError) -> Value {
    known.append(key)
    guard let member = members.first(where: { $0.key == key }) else { return standard }
    // A list of words reads as the words with commas between them.
    let words =
      member.node.sequence.map { $0.map { $0.scalar?.string } } ?? [member.node.scalar?.string]
    guard !words.isEmpty, words.allSatisfy({ $0 != nil }) else {
      throw fault(member.line, "'\(name(of: key))' is not a word or a list of words")
    }
    do {
      return try parse(words.compactMap { $0 }.joined(separator: ","))
    } catch {
      let known = error as? any PareError
      throw fault(
        member.line, "'\(name(of: key))': \(known?.message ?? "\(error)")", hint: known?.hint)
    }
  }

  /// A list, or a single text, each read by a parser with an error of its own.
  mutating func parsedList<Value>(
    _ key: String, or standard: [Value], _ parse: (String) throws -> Value
  ) throws(ExploreError) -> [Value] {
    known.append(key)
    guard let member = members.first(where: { $0.key == key }) else { return standard }
    let items = member.node.sequence.map { Array($0) } ?? [member.node]
    var values: [Value] = []
    for item in items {
      let line = item.mark?.line ?? member.line
      guard let text = item.scalar?.string else {
        throw fault(line, "'\(name(of: key))' is not a list of words")
      }
      for word in text.split(separator: ",", omittingEmptySubsequences: false) {
        do {
          values.append(try parse(String(word.drop { $0 == " " })))
        } catch {
          let known = error as? any PareError
          throw fault(
            line, "'\(name(of: key))': \(known?.message ?? "\(error)")", hint: known?.hint)
        }
      }
    }
    return values
  }

  /// A nested mapping; nil when the key is absent.
  mutating func section(_ key: String) throws(ExploreError) -> YAMLSection? {
    known.append(key)
    guard let member = members.first(where: { $0.key == key }) else { return nil }
    return try YAMLSection(node: member.node, file: file, path: name(of: key))
  }

  /// Every single value below this section, with its dotted name; all of the section's keys then count as known.
  mutating func leaves() throws(ExploreError) -> [(name: String, line: Int, text: String)] {
    known += members.map(\.key)
    var found: [(name: String, line: Int, text: String)] = []
    for member in members {
      if let text = member.node.scalar?.string {
        found.append((member.key, member.line, text))
      } else {
        var inner = try YAMLSection(node: member.node, file: file, path: name(of: member.key))
        found += try inner.leaves().map { ("\(member.key).\($0.name)", $0.line, $0.text) }
      }
    }
    return found
  }

  /// Call last: a key that was never asked for is misspelt or unknown.
  func rejectUnknownKeys() throws(ExploreError) {
    for member in members where !known.contains(member.key) {
      let near = nearestWord(to: member.key, among: known)
      throw fault(
        member.line, "unknown key '\(name(of: member.key))'",
        hint: near.map { "did you mean '\($0)'?" } ?? "known here: \(known.joined(separator: ", "))"
      )
    }
  }

  func fault(_ line: Int, _ words: String, hint: String? = nil) -> ExploreError {
    ExploreError(
      .experiment(line: line), "\(file):\(line): \(words)",
      hint: hint ?? "pare init writes an example with every knob")
  }

  func name(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
