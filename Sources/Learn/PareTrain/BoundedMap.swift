/// Does the same work for every item, at most `jobs` at a time; results come in the order of the items.
///
/// The first failure cancels what is under way and is thrown.
///
/// - Precondition: `jobs` is positive.
@concurrent public func boundedMap<Item: Sendable, Value: Sendable>(
  _ items: [Item], jobs: Int, work: @escaping @Sendable (Item) async throws -> Value
) async throws -> [Value] {
  precondition(jobs >= 1, "\(jobs) jobs")
  var values = [Value?](repeating: nil, count: items.count)
  try await withThrowingTaskGroup(of: (Int, Value).self) { group in
    for (index, item) in items.enumerated() {
      if index >= jobs, let (done, value) = try await group.next() { values[done] = value }
      group.addTask { (index, try await work(item)) }
    }
    for try await (done, value) in group { values[done] = value }
  }
  return values.map { $0! }
}
