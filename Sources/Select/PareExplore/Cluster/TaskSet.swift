/// Task numbers of a Slurm job array, as in `0-3,7,9-12`.
struct TaskSet: Hashable, Sendable, CustomStringConvertible {
  /// Rising, each once.
  let numbers: [Int]
  /// False when Slurm cut the list short, as in `[1,5,9,...]`: others may belong to it.
  let isWhole: Bool

  init(_ numbers: some Sequence<Int>) {
    self.numbers = Set(numbers).sorted()
    isWhole = true
  }

  /// Reads `7`, `0-3,7`, `0-10:2`, with or without brackets and a limit of tasks that run at once (`[0-7%2]`).
  ///
  /// Nil for anything else.
  init?(parsing text: Substring) {
    var inner = text
    if inner.hasPrefix("[") {
      guard inner.hasSuffix("]") else { return nil }
      inner = inner.dropFirst().dropLast()
    }
    if let limit = inner.lastIndex(of: "%") { inner = inner[..<limit] }
    var numbers: Set<Int> = []
    var isWhole = true
    for part in inner.split(separator: ",", omittingEmptySubsequences: false) {
      if part.hasSuffix("...") {
        isWhole = false
        continue
      }
      guard let range = Self.range(part) else { return nil }
      numbers.formUnion(range)
    }
    self.numbers = numbers.sorted()
    self.isWhole = isWhole
  }

  private static func range(_ part: Substring) -> StrideThrough<Int>? {
    let pieces = part.split(separator: ":", omittingEmptySubsequences: false)
    let ends = pieces[0].split(separator: "-", omittingEmptySubsequences: false)
    guard pieces.count <= 2, ends.count <= 2, let first = Int(ends[0]), first >= 0,
      let last = Int(ends[ends.count - 1]), last >= first, last < 1 << 22
    else { return nil }
    guard pieces.count == 2 else { return stride(from: first, through: last, by: 1) }
    guard let step = Int(pieces[1]), step > 0 else { return nil }
    return stride(from: first, through: last, by: step)
  }

  /// What `sbatch --array` takes.
  var description: String {
    var parts: [String] = []
    var first: Int?
    for (index, number) in numbers.enumerated() {
      let start = first ?? number
      if index + 1 < numbers.count, numbers[index + 1] == number + 1 {
        first = start
        continue
      }
      parts.append(start == number ? "\(number)" : "\(start)-\(number)")
      first = nil
    }
    return parts.joined(separator: ",")
  }
}
