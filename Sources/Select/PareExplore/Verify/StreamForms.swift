import PareDatapath
import PareNumerics

/// Graphs written as sums over streams that are no sums themselves, in numbers that two graphs share.
///
/// Inputs, limits, roundings, tables and products of signals are atoms; two atoms are one when they do the same to equal
/// sums. What is left of a graph is integer algebra: sums, shifts and delays are multiplied out exactly, in 64 bits,
/// beyond which no proven range goes. Equal forms are equal streams.
struct StreamForms {
  struct Tap: Hashable, Comparable {
    let atom: Int
    let delay: Int

    static func < (a: Tap, b: Tap) -> Bool { (a.atom, a.delay) < (b.atom, b.delay) }
  }

  /// `bias + Σ coefficient * atom[n - delay]`.
  struct Form: Hashable {
    var taps: [Tap: Int64] = [:]
    var bias: Int64 = 0

    mutating func add(_ other: Form, times factor: Int64, delay: Int) {
      for (tap, coefficient) in other.taps {
        let moved = Tap(atom: tap.atom, delay: tap.delay + delay)
        let sum = taps[moved, default: 0] &+ factor &* coefficient
        taps[moved] = sum == 0 ? nil : sum
      }
      bias &+= factor &* other.bias
    }
  }

  private enum Atom: Hashable {
    case input(Int)
    case relu(Form)
    case clamp(Form, Int64, Int64)
    case requantize(Form, shift: Int, Requantizer)
    case lookup(Form, shift: Int, [Int64])
    case product(Form, Form)
    /// A sum with a constant, to be read with a delay: before the first sample that is 0 and not the constant.
    case stream(Form)
  }

  private var numbers: [Atom: Int] = [:]

  /// The form of every node.
  mutating func forms(of datapath: Datapath) -> [Form] {
    var forms: [Form] = []
    forms.reserveCapacity(datapath.nodes.count)
    for node in datapath.nodes {
      func form(_ wire: Wire) -> Form { forms[Int(wire.index)] }
      var sum = Form()
      switch node.op {
      case .constant(let value): sum.bias = value
      case .delay(let wire, let samples): add(form(wire), times: 1, delay: samples, to: &sum)
      case .linear(let terms, let bias):
        sum.bias = bias
        for term in terms {
          add(form(term.wire), times: term.coefficient, delay: term.delay, to: &sum)
        }
      case .add(let operands):
        for operand in operands {
          let factor = (Int64(1) << Int64(operand.shift)) &* (operand.isNegated ? -1 : 1)
          add(form(operand.wire), times: factor, delay: 0, to: &sum)
        }
      case .input(let channel): sum.taps[tap(.input(channel))] = 1
      case .relu(let wire): sum.taps[tap(.relu(form(wire)))] = 1
      case .clamp(let wire, let lower, let upper):
        sum.taps[tap(.clamp(form(wire), lower, upper))] = 1
      case .requantize(let wire, let rounding, let overflow):
        let shift = datapath[wire].format.fractionBits - node.format.fractionBits
        let requantizer = Requantizer(to: node.format, rounding: rounding, overflow: overflow)
        sum.taps[tap(.requantize(form(wire), shift: shift, requantizer))] = 1
      case .lookup(let wire, let shift, let table):
        sum.taps[tap(.lookup(form(wire), shift: shift, table))] = 1
      case .multiply(let a, let b):
        sum.taps[tap(.product(form(a), form(b)))] = 1
      }
      forms.append(sum)
    }
    return forms
  }

  private mutating func tap(_ atom: Atom) -> Tap {
    let number = numbers[atom] ?? numbers.count
    numbers[atom] = number
    return Tap(atom: number, delay: 0)
  }

  private mutating func add(_ form: Form, times factor: Int64, delay: Int, to sum: inout Form) {
    if delay > 0, form.bias != 0 {
      let atom = tap(.stream(form))
      sum.add(Form(taps: [atom: 1]), times: factor, delay: delay)
    } else {
      sum.add(form, times: factor, delay: delay)
    }
  }
}
