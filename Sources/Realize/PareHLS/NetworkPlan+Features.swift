import PareFixed
import PareNetwork
import PareNumerics
import PareText

/// One envelope of the generated code.
struct EnvelopePlan {
  let envelope: Feature.Envelope
  let type: NumberType
  /// Samples of the past that features read.
  let pastSamples: Int

  /// All that the features of a network need, in the order in which they are computed.
  static func all(of network: FixedNetwork) -> [EnvelopePlan] {
    let features = network.architecture.features
    return zip(features.envelopes, network.features.envelopes).map { envelope, requantizer in
      EnvelopePlan(
        envelope: envelope,
        type: NumberType(
          "\(name(envelope))_t", requantizer, comment: envelope.description),
        pastSamples: features.filter { $0.envelope == envelope }.map(\.envelopeLag).max() ?? 0)
    }
  }

  private static func name(_ envelope: Feature.Envelope) -> String {
    switch envelope {
    case .power(let power): "envelope\(power)"
    case .correlation: "correlation_\(envelope.label)"
    }
  }

  var name: String { Self.name(envelope) }
  var past: String { "\(name)_past" }
  var samples: String { "\(name)_samples" }

  /// The value some samples ago.
  func value(lag: Int) -> String { lag == 0 ? name : "\(past)[0][\(lag)]" }
}

extension NetworkPlan {
  var magnitude: OddTable? { network.features.magnitude }

  func plan(of envelope: Feature.Envelope) -> EnvelopePlan {
    envelopes.first { $0.envelope == envelope }!
  }

  /// Samples of the signal's past that envelopes and carriers read.
  private var signalPast: Int {
    max(
      architecture.features.map(\.carrierLag).max() ?? 0,
      envelopes.map(\.envelope.pastSamples).max() ?? 0)
  }

  /// Constants for the lengths of the features' delay lines.
  var sizesOfFeatures: [(String, Int, String)] {
    var sizes: [(String, Int, String)] = []
    if signalPast > 0 {
      sizes.append(("signal_samples", signalPast + 1, "delay lines of the signal"))
    }
    for plan in envelopes where plan.pastSamples > 0 {
      sizes.append((plan.samples, plan.pastSamples + 1, "delay line of \(plan.type.comment)"))
    }
    return sizes
  }

  /// Delay lines of the features: array, channels, samples, type.
  var pastsOfFeatures: [(String, String, String, String)] {
    (signalPast > 0 ? [("signal_past", "signal_channels", "signal_samples", "signal_t")] : [])
      + envelopes.filter { $0.pastSamples > 0 }.map { ($0.past, "1", $0.samples, $0.type.name) }
  }

  func write(features out: inout SourceWriter) {
    guard !hasPlainFeatures else { return }
    if let magnitude { write(magnitude, &out) }
    out.comment(
      "Inputs of the first layer: \(architecture.features.map(\.description).joined(separator: ", "))."
    )
    for (past, channels, samples, type) in pastsOfFeatures {
      out.line("static \(type) \(past)[\(channels)][\(samples)];")
    }
    if !pastsOfFeatures.isEmpty { out.line() }
    out.function(
      "static void features",
      ["const signal_t (&in)[signal_channels]", "feature_t (&out)[feature_channels]"]
    ) { out in
      for (past, _, _, _) in pastsOfFeatures { write(partition: past, &out) }
      if signalPast > 0 { out.line("shift_in(signal_past, in);") }
      for plan in envelopes { write(plan, &out) }
      var types = productTypes[...]
      for (index, feature) in architecture.features.enumerated() {
        let carrier = feature.channel.map { signal($0, lag: feature.carrierLag) }
        let envelope =
          feature.hasEnvelope
          ? plan(of: feature.envelope).value(lag: feature.envelopeLag) : nil
        let value =
          if let carrier, let envelope {
            "\(types.removeFirst().name)(\(carrier) * \(envelope))"
          } else {
            (carrier ?? envelope)!
          }
        out.line("out[\(index)] = \(value);", comment: feature.description)
      }
    }
    out.line()
  }

  private func write(_ plan: EnvelopePlan, _ out: inout SourceWriter) {
    let value =
      switch plan.envelope.origin {
      case .squares: "in[0] * in[0] + in[1] * in[1]"
      case .root: "magnitude(\(self.plan(of: .power(2)).name))"
      case .correlation(let lag, .real):
        "in[0] * \(signal(0, lag: lag)) + in[1] * \(signal(1, lag: lag))"
      case .correlation(let lag, .imaginary):
        "in[1] * \(signal(0, lag: lag)) - in[0] * \(signal(1, lag: lag))"
      case .product(let a, let b): "\(self.plan(of: a).name) * \(self.plan(of: b).name)"
      }
    out.line("const \(plan.type.name) \(plan.name) = \(value);", comment: plan.type.comment)
    guard plan.pastSamples > 0 else { return }
    out.line("const \(plan.type.name) newest_\(plan.name)[1] = {\(plan.name)};")
    out.line("shift_in(\(plan.past), newest_\(plan.name));")
  }

  private func signal(_ channel: Int, lag: Int) -> String {
    lag == 0 ? "in[\(channel)]" : "signal_past[\(channel)][\(lag)]"
  }

  /// The function from `|x|^2` to `|x|`.
  private func write(_ table: OddTable, _ out: inout SourceWriter) {
    let square = plan(of: .power(2)).type
    let root = plan(of: .power(1)).type.name
    let word = "\(square.isSigned ? "ap_int" : "ap_uint")<\(square.wordLength)>"
    // Only a word that wraps can be negative.
    let mayBeNegative = square.isSigned && square.overflow == .wrap
    out.comment("|x|, looked up for |x|^2.")
    out.block("static inline \(root) magnitude(\(square.name) square)") { out in
      out.line("\(word) word;")
      out.line("word.range() = square.range();")
      if mayBeNegative {
        out.line("const bool is_negative = square < 0;", comment: "it wrapped")
        out.line("if (is_negative) word = ~word;")
      }
      out.line("const \(word) step = word >> \(table.shift);")
      out.line("const \(root) value = number<\(root)>(magnitude_table[step.to_int()]);")
      if mayBeNegative { out.line("if (is_negative) return \(root)(-value);") }
      out.line("return value;")
    }
    out.line()
  }
}
