import PareText
import Yams

/// One value of an axis as it stands in a file.
struct YAMLAxisValue {
  let line: Int
  /// A list's words, or the one word.
  let words: [String]
  /// The mapping, when the value is one.
  let section: YAMLSection?

  /// The words with commas between them.
  var text: String { words.joined(separator: ",") }
}

/// An axis somewhere below a section.
struct YAMLAxisLeaf {
  /// Dotted.
  let name: String
  let line: Int
  let node: Node
}

/// How the values of an axis are written.
enum YAMLAxisForm {
  /// A word or a list of words; each is a value.
  case words
  /// The same with numbers, and `{from: A, to: B, step: C}` for several.
  case numbers
  /// A list is one value, a list of lists are several.
  case lists
  /// Words and mappings.
  case sections
}

extension YAMLSection {
  /// Reads an axis: a single value, a list of values, or a range.
  ///
  /// - Parameter parse: reads one value; an error of its own is blamed on the value's line.
  /// - Throws: ``ExploreError`` for a value that does not parse or stands twice, and for an empty list.
  mutating func axis<Value: Equatable>(
    _ key: String, or standard: [Value], _ form: YAMLAxisForm,
    _ parse: (YAMLAxisValue) throws -> Value
  ) throws(ExploreError) -> [Value] {
    known.append(key)
    guard let member = members.first(where: { $0.key == key }) else { return standard }
    var values: [Value] = []
    for item in try axisValues(of: member.node, key, line: member.line, form) {
      let value: Value
      do {
        value = try parse(item)
      } catch {
        // A fault within a section has its own line.
        if let error = error as? ExploreError, case .experiment = error.code { throw error }
        let known = error as? any PareError
        throw fault(
          item.line, "'\(name(of: key))': \(known?.message ?? "\(error)")", hint: known?.hint)
      }
      guard !values.contains(value) else {
        let words = item.section == nil ? item.text : "a value"
        throw fault(
          item.line, "'\(name(of: key))' has \(words) twice", hint: "list each value once")
      }
      values.append(value)
    }
    return values
  }

  /// The values of an axis, ranges spelled out.
  func axisValues(
    of node: Node, _ key: String, line: Int, _ form: YAMLAxisForm
  ) throws(ExploreError) -> [YAMLAxisValue] {
    guard let sequence = node.sequence else {
      return try values(of: node, key, line: line, form)
    }
    guard !sequence.isEmpty || form == .lists else {
      throw fault(
        line, "'\(name(of: key))' is an empty list",
        hint: "leave the key out, or give at least one value")
    }
    if form == .lists, !sequence.contains(where: { $0.sequence != nil }) {
      return try values(of: node, key, line: line, form)
    }
    var found: [YAMLAxisValue] = []
    for item in sequence {
      found += try values(of: item, key, line: item.mark?.line ?? line, form)
    }
    return found
  }

  /// What one entry stands for: several values when it is a range.
  private func values(
    of node: Node, _ key: String, line: Int, _ form: YAMLAxisForm
  ) throws(ExploreError) -> [YAMLAxisValue] {
    if let word = node.scalar?.string {
      return [YAMLAxisValue(line: line, words: [word], section: nil)]
    }
    if form == .lists, let items = node.sequence {
      let words = items.compactMap { $0.scalar?.string }
      if words.count == items.count {
        return [YAMLAxisValue(line: line, words: words, section: nil)]
      }
    }
    if node.mapping != nil {
      let section = try YAMLSection(node: node, file: file, path: name(of: key))
      switch form {
      case .numbers:
        return try section.range(line: line).map {
          YAMLAxisValue(line: line, words: [$0], section: nil)
        }
      case .sections: return [YAMLAxisValue(line: line, words: [], section: section)]
      case .words, .lists: break
      }
    }
    let expected =
      switch form {
      case .words: "a value or a list of values"
      case .numbers: "a number, a list of numbers, or {from: A, to: B, step: C}"
      case .lists: "a list of values, or a list of such lists"
      case .sections: "a word, a section, or a list of these"
      }
    throw fault(line, "'\(name(of: key))' is not \(expected)")
  }

  /// Every axis below this section with its dotted name, whatever the nesting; all of the section's keys then count as known.
  mutating func axisLeaves() throws(ExploreError) -> [YAMLAxisLeaf] {
    known += members.map(\.key)
    var found: [YAMLAxisLeaf] = []
    for member in members {
      if let inner = member.node.mapping, !inner.keys.contains(where: { $0.string == "from" }) {
        var inner = try YAMLSection(node: member.node, file: file, path: name(of: member.key))
        found += try inner.axisLeaves().map {
          YAMLAxisLeaf(name: "\(member.key).\($0.name)", line: $0.line, node: $0.node)
        }
      } else {
        found.append(YAMLAxisLeaf(name: member.key, line: member.line, node: member.node))
      }
    }
    return found
  }

  /// The values of such an axis, each as its text and as what `parse` makes of it; the latter must differ.
  func axisOfLeaf<Value: Equatable>(
    _ leaf: YAMLAxisLeaf, _ parse: (String) throws -> Value
  ) throws -> [(text: String, value: Value)] {
    var values: [(text: String, value: Value)] = []
    for item in try axisValues(of: leaf.node, leaf.name, line: leaf.line, .numbers) {
      let value: Value
      do {
        value = try parse(item.text)
      } catch {
        let known = error as? any PareError
        throw fault(item.line, known?.message ?? "\(error)", hint: known?.hint)
      }
      guard !values.contains(where: { $0.value == value }) else {
        throw fault(
          item.line, "'\(name(of: leaf.name))' has \(item.text) twice",
          hint: "list each value once")
      }
      values.append((item.text, value))
    }
    return values
  }

  /// More values than any axis has a use for.
  private static let longestRange = 10_000

  /// The numbers of `{from: A, to: B, step: C}`, both ends included when the steps meet the last.
  private func range(line: Int) throws(ExploreError) -> [String] {
    var section = self
    for key in ["from", "to", "step"] where !members.contains(where: { $0.key == key }) {
      try section.rejectKeysOfRange()
      throw fault(line, "'\(path)' has no '\(key)'", hint: "write {from: A, to: B, step: C}")
    }
    let limits = -1e9...1e9
    let from = try section.number("from", or: 0, in: limits)
    let to = try section.number("to", or: 0, in: limits)
    let step = try section.number("step", or: 0, in: limits)
    try section.rejectUnknownKeys()
    guard step > 0 else {
      throw fault(
        self.line(of: "step"), "'\(path)' never ends: its step is \(Self.word(step))",
        hint: "give a step above 0")
    }
    guard from <= to else {
      throw fault(
        line, "'\(path)' is empty: it goes from \(Self.word(from)) to \(Self.word(to))",
        hint: "give the lower end first")
    }
    // A last step that misses its end by a rounding error still counts.
    let count = ((to - from) / step + 1e-9).rounded(.down) + 1
    guard count <= Double(Self.longestRange) else {
      throw fault(
        line, "'\(path)' has more than \(Self.longestRange.grouped) values",
        hint: "give a larger step")
    }
    return (0..<Int(count)).map { Self.word(from + Double($0) * step) }
  }

  private mutating func rejectKeysOfRange() throws(ExploreError) {
    known += ["from", "to", "step"]
    try rejectUnknownKeys()
  }

  /// A number as one would write it: twelve decimals are beyond any knob and hide the error of a sum.
  static func word(_ value: Double) -> String {
    let rounded = (value * 1e12).rounded() / 1e12
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }
}
