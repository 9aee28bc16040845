import PareExplore
import PareNumerics
import Testing

@Suite struct ParetoFrontTests {
  static let choices: [[Objective]] = [
    [Objective(.nmse)], .paper, [Objective(.nnz), Objective(.nmse)],
    [Objective(.nmse), Objective(.nnz, isMaximized: true)],
    [Objective(.nmse), Objective(.lut), Objective(.latency)],
    [Objective(.nmse), Objective(.nnz), Objective(.power), Objective(.latency, isMaximized: true)],
  ]

  @Test(arguments: choices, UInt64(0)..<8)
  func `is what the definition says, ties included, in any order`(
    objectives: [Objective], seed: UInt64
  ) {
    let candidates = paretoSamples(seed: seed, count: 150, lacking: seed % 2 == 1)
    let comparable = candidates.filter { candidate in
      objectives.allSatisfy { candidate.metrics[$0.metric] != nil }
    }
    let expected = Set(
      comparable.filter { one in
        !comparable.contains { Objective.dominates($0, one, objectives) }
      }.map(\.key))
    let front = ParetoFront(of: candidates, objectives: objectives)
    #expect(Set(front.members.map(\.key)) == expected)
    #expect(front.members.count == expected.count)
    #expect(front.incomparableCount == candidates.count - comparable.count)
    var random = RandomStream(seed: seed)
    #expect(ParetoFront(of: candidates.shuffled(using: &random), objectives: objectives) == front)
    #expect(ParetoFront(of: front.members, objectives: objectives).members == front.members)
  }

  @Test func `infinite figures are not compared`() {
    let front = ParetoFront(
      of: [
        candidate("a", nmse: -.infinity, nnz: 1), candidate("b", nmse: -20, nnz: 5),
        candidate("c", nmse: .nan, nnz: 1),
      ], objectives: .paper)
    #expect(front.members.map(\.key) == ["b"])
    #expect(front.incomparableCount == 2)
  }

  @Test func `an empty set has an empty front`() {
    let front = ParetoFront(of: [], objectives: .paper)
    #expect(front.members.isEmpty)
    #expect(front.defaultReference == nil)
    #expect(front.hypervolume(reference: [0, 0]) == 0)
  }

  @Test func `a staircase has the area that it has on paper`() {
    let front = ParetoFront(
      of: [
        candidate("a", nmse: -30, nnz: 10), candidate("b", nmse: -20, nnz: 4),
        candidate("c", nmse: -20, nnz: 4), candidate("d", nmse: -10, nnz: 1),
      ], objectives: .paper)
    // To (0, 12): 30 * 2 + 20 * 6 + 10 * 3.
    #expect(front.hypervolume(reference: [0, 12]) == 210)
    // b and c are one point: neither adds anything alone.
    #expect(front.contributions(reference: [0, 12]) == [20, 0, 0, 30])
    // Not inside: d has no part of it.
    #expect(front.hypervolume(reference: [-10, 12]) == 100)
    #expect(front.defaultReference == [-8, 10.9])
  }

  @Test(arguments: choices.filter { $0.count > 1 }, UInt64(0)..<6)
  func `hypervolume is the volume of the union of boxes`(objectives: [Objective], seed: UInt64)
    throws
  {
    let front = ParetoFront(of: paretoSamples(seed: seed, count: 30), objectives: objectives)
    let few = ParetoFront(of: Array(front.members.prefix(9)), objectives: objectives)
    let reference = try #require(few.defaultReference)
    let boxes = few.members.map { member in
      zip(objectives, reference).map { objective, limit in
        let (value, sign) = (member.metrics[objective.metric]!, objective.isMaximized ? -1.0 : 1.0)
        return (sign * value, sign * limit)
      }
    }
    // Inclusion and exclusion over all subsets of at most nine boxes.
    func united(_ boxes: [[(Double, Double)]]) -> Double {
      (1..<(1 << boxes.count)).reduce(0.0) { sum, subset in
        let chosen = boxes.indices.filter { subset >> $0 & 1 == 1 }
        let volume = objectives.indices.reduce(1.0) { product, axis in
          product * (boxes[0][axis].1 - chosen.map { boxes[$0][axis].0 }.max()!)
        }
        return sum + (chosen.count % 2 == 1 ? volume : -volume)
      }
    }
    let whole = united(boxes)
    // Sums of up to 511 terms of the size of the whole box.
    let slack = 1e-9 * max(1, boxes.map { $0.reduce(1) { $0 * ($1.1 - $1.0) } }.max()!)
    #expect(abs(few.hypervolume(reference: reference) - whole) <= slack)
    for (index, contribution) in few.contributions(reference: reference).enumerated() {
      var others = boxes
      others.remove(at: index)
      let rest = others.isEmpty ? 0 : united(others)
      #expect(abs(contribution - (whole - rest)) <= slack)
    }
  }

  @Test(arguments: choices.filter { $0.count > 1 }, UInt64(0)..<4)
  func `hypervolume grows with members, and contributions do not exceed it`(
    objectives: [Objective], seed: UInt64
  ) throws {
    let candidates = paretoSamples(seed: seed, count: 60)
    let reference = try #require(
      ParetoFront(of: candidates, objectives: objectives).defaultReference)
    var last = 0.0
    for count in stride(from: 10, through: 60, by: 10) {
      let front = ParetoFront(of: Array(candidates.prefix(count)), objectives: objectives)
      let volume = front.hypervolume(reference: reference)
      // Rounding of sums of a few dozen products.
      #expect(volume >= last * (1 - 1e-12))
      let sum = front.contributions(reference: reference).reduce(0, +)
      #expect(sum <= volume * (1 + 1e-12))
      last = volume
    }
  }

  @Test(arguments: [[Objective].paper, choices[4]], UInt64(0)..<5)
  func `the top loses the least in every step`(objectives: [Objective], seed: UInt64) throws {
    let front = ParetoFront(of: paretoSamples(seed: seed, count: 80), objectives: objectives)
    let reference = try #require(front.defaultReference)
    var left = front.members
    while !left.isEmpty {
      let rest = front.top(left.count - 1, reference: reference)
      #expect(rest.count == left.count - 1)
      #expect(Set(rest).isSubset(of: Set(left)))
      func volume(_ members: [CandidateSummary]) -> Double {
        ParetoFront(of: members, objectives: objectives).hypervolume(reference: reference)
      }
      let possible = left.indices.map { index in
        volume(left.enumerated().filter { $0.offset != index }.map(\.element))
      }
      // Volumes here, contributions there: equal but for rounding.
      #expect(volume(rest) >= possible.max()! * (1 - 1e-12))
      left = rest
    }
  }

  @Test func `of two that are close one stays`() {
    let front = ParetoFront(
      of: [
        candidate("a", nmse: -30, nnz: 100), candidate("b", nmse: -29, nnz: 99),
        candidate("c", nmse: -20, nnz: 50), candidate("d", nmse: -10, nnz: 45),
      ], objectives: .paper)
    let top = front.top(3, reference: [0, 110]).map(\.key)
    #expect(top.contains("a") != top.contains("b"))
  }
}
