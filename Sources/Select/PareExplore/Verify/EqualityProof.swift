import PareDatapath
import PareRTL
import PareText
import PareTools

/// Proves that Verilog computes a graph as it was before a solver touched it.
///
/// Two proofs meet at the registers. SAT shows that every register of the Verilog as it stands loads what the op of its
/// node says, for all values that its operands can have, whether a sample is accepted or not. Integer algebra shows that the
/// ops between two streams multiply out to the `linear` node that was asked for. Neither uses the solver or the text
/// generator.
struct EqualityProof {
  /// The graph before the solver, its sums whole.
  let reference: Datapath
  let pipeline: PipelinedDatapath

  /// What has to hold together for one sum, limit or table.
  struct Block {
    let name: String
    /// Numbers of the checks of the registers.
    var checks: [Int]
    /// Why the algebra fails; nil when it holds.
    let fault: String?
  }

  /// The blocks: one for each node of the reference that some output depends on, then the flags and the ports.
  func blocks(_ next: NextStateReference) -> [Block] {
    let graph = pipeline.datapath
    var streams = StreamForms()
    let wanted = streams.forms(of: reference)
    let made = streams.forms(of: graph)
    var places: [StreamForms.Form: Int] = [:]
    for (index, form) in made.enumerated() {
      if case .delay = graph.nodes[index].op { continue }
      if places[form] == nil { places[form] = index }
    }
    var byNode = Array(repeating: [Int](), count: graph.nodes.count)
    for (number, check) in next.checks.enumerated() {
      if let node = check.node { byNode[node].append(number) }
    }
    var blocks: [Block] = []
    let live = reference.readNodes
    for (index, node) in reference.nodes.enumerated() where live[index] {
      switch node.op {
      case .constant, .delay: continue
      case .input, .linear, .add, .multiply, .relu, .clamp, .requantize, .lookup: break
      }
      let name = node.label.isEmpty ? "n\(index)" : node.label
      if let place = places[wanted[index]] {
        let cone = graph.cone(of: place)
        blocks.append(
          Block(name: name, checks: Set(cone.flatMap { byNode[$0] }).sorted(), fault: nil))
      } else if !reference.isReadBySumsAlone(index) {
        blocks.append(
          Block(name: name, checks: [], fault: "no signal of the design is the sum of this block"))
      }
    }
    for (before, after) in zip(reference.outputs, graph.outputs) {
      let isSame = wanted[Int(before.wire.index)] == made[Int(after.wire.index)]
      let number = next.checks.firstIndex { !$0.isRegister && $0.name == after.name }
      blocks.append(
        Block(
          name: "output \(before.name)", checks: number.map { [$0] } ?? [],
          fault: isSame ? nil : "the graph of the design gives another stream"))
    }
    let flags = next.checks.indices.filter {
      next.checks[$0].isRegister && next.checks[$0].node == nil
    }
    blocks.append(Block(name: "handshake", checks: flags, fault: nil))
    let seen = Set(blocks.flatMap(\.checks))
    let rest = next.checks.indices.filter { !seen.contains($0) }
    if !rest.isEmpty { blocks.append(Block(name: "other registers", checks: rest, fault: nil)) }
    return blocks
  }

  /// Proves all blocks of a design.
  ///
  /// - Parameter bundle: the Verilog to be judged, as it stands.
  func run(
    _ bundle: SourceBundle, with prover: YosysProver, secondsPerGoal: Int, in folder: Folder,
    onProgress: ToolProgressHandler?
  ) async throws -> [Verification.Block] {
    let next = try NextStateReference(pipeline)
    onProgress?(
      ToolProgress(
        stage: "proof",
        detail: "\(next.checks.count) registers and ports, yosys \(prover.tool.version)"))
    let cut = try await prover.cut(bundle, in: folder)
    let module = cut.module(with: next)
    let miter = next.miter(of: bundle.top, cut: module, named: "pare_miter")
    let missing = Set(miter.missing)
    let goals = next.checks.indices.filter { !missing.contains(next.checks[$0]) }
    let verdicts = try await prover.prove(
      miter.text, top: "pare_miter", goals: goals.map { "bad_\($0)" },
      secondsPerGoal: secondsPerGoal, in: folder)
    let byCheck = Dictionary(uniqueKeysWithValues: zip(goals, verdicts))
    return blocks(next).map { block in
      verdict(of: block, next, byCheck)
    }
  }

  private func verdict(
    of block: Block, _ next: NextStateReference, _ verdicts: [Int: YosysProver.Verdict]
  ) -> Verification.Block {
    var result: Verification.Result = block.fault == nil ? .proven : .refuted
    var faulty = block.fault
    var example: [String: String]?
    for number in block.checks {
      let check = next.checks[number]
      guard let verdict = verdicts[number] else {
        result = .refuted
        faulty = faulty ?? "\(check.name) is not in the Verilog"
        continue
      }
      switch verdict.outcome {
      case .proven: continue
      case .undecided:
        if result == .proven {
          result = .undecided
          faulty = faulty ?? check.name
        }
      case .refuted:
        result = .refuted
        if example == nil {
          faulty = check.name
          example = verdict.counterexample.filter { check.support.contains($0.key) }
        }
      }
    }
    return Verification.Block(
      name: block.name, method: result == .undecided ? .none : .composed, result: result,
      signals: block.checks.count, faultySignal: faulty, counterexample: example)
  }
}

extension YosysProver.Cut {
  /// The ports of the cut, with every bit of a register's input traced to the register that names it.
  fileprivate func module(with next: NextStateReference) -> CutModule {
    var anchors: [String: CutModule.Bit] = [:]
    for variable in next.variables where !variable.isPort {
      for (index, bit) in (nets[variable.name] ?? []).enumerated() {
        anchors[bit] = .register(variable.name, index)
      }
    }
    var states: [String: [CutModule.Bit]] = [:]
    var nextOutputs: Set<String> = []
    var inputs: [String: Int] = [:]
    for (name, port) in ports {
      if port.isInput, name.hasSuffix(".q") {
        let base = String(name.dropLast(2))
        states[base] = (nets[base] ?? port.bits).map { bit in
          switch bit {
          case "0": .constant(false)
          case "1": .constant(true)
          default: anchors[bit] ?? .unknown
          }
        }
      } else if port.isInput {
        inputs[name] = port.bits.count
      } else if name.hasSuffix(".d") {
        nextOutputs.insert(String(name.dropLast(2)))
      }
    }
    return CutModule(stateInputs: states, nextOutputs: nextOutputs, inputs: inputs)
  }
}

extension Datapath {
  /// Whether some output depends on a node.
  fileprivate var readNodes: [Bool] {
    var isRead = Array(repeating: false, count: nodes.count)
    for output in outputs { isRead[Int(output.wire.index)] = true }
    for (index, node) in nodes.enumerated().reversed() where isRead[index] {
      for operand in node.op.operands { isRead[Int(operand.index)] = true }
    }
    return isRead
  }

  /// Whether a node is a sum that only other sums read: it may have been multiplied out into them.
  fileprivate func isReadBySumsAlone(_ index: Int) -> Bool {
    guard nodes[index].op.isSum else { return false }
    let wire = Wire(index)
    if outputs.contains(where: { $0.wire == wire }) { return false }
    return nodes.allSatisfy { !$0.op.operands.contains(wire) || $0.op.isSum }
  }

  /// The node, the sums that it is made of, and the streams that those read.
  fileprivate func cone(of root: Int) -> [Int] {
    var seen: Set<Int> = [root]
    var open = nodes[root].op.operands.map { Int($0.index) }
    while let index = open.popLast() {
      guard seen.insert(index).inserted else { continue }
      if nodes[index].op.isSum { open += nodes[index].op.operands.map { Int($0.index) } }
    }
    return seen.sorted()
  }
}

extension Op {
  fileprivate var isSum: Bool {
    switch self {
    case .delay, .linear, .add, .constant: true
    case .input, .multiply, .relu, .clamp, .requantize, .lookup: false
    }
  }
}
