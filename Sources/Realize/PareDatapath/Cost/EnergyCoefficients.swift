/// What switching costs, in joules: the coefficients of an estimate of dynamic power.
///
/// About ±40 % in absolute terms; better for ranking designs of one family.
public struct EnergyCoefficients: Hashable, Sendable, Codable {
  /// A flip-flop and its share of the clock tree, each clock.
  public var clock: Double
  /// A toggle at the output of a lookup table.
  public var lut: Double
  /// A toggle of a routed net, whatever it drives.
  public var net: Double
  /// The same, more for each load.
  public var netLoad: Double
  /// A toggle of a carry cell of eight bits.
  public var carry: Double
  /// A DSP block, each clock, at rest.
  public var dspIdle: Double
  /// A DSP block whose outputs toggle ``dspActivity`` times a clock, more than at rest.
  public var dsp: Double
  /// The activity that ``dsp`` was measured at.
  public var dspActivity: Double

  public init(
    clock: Double, lut: Double, net: Double, netLoad: Double, carry: Double, dspIdle: Double,
    dsp: Double, dspActivity: Double
  ) {
    self.clock = clock
    self.lut = lut
    self.net = net
    self.netLoad = netLoad
    self.carry = carry
    self.dspIdle = dspIdle
    self.dsp = dsp
    self.dspActivity = dspActivity
  }

  /// UltraScale+ at 0.85 V.
  ///
  /// - Source: public power reports of Vivado after routing. Clock (range 20 to 42 fJ) and DSP (±30 %): an XCZU7EV at 317 MHz
  ///   with activities from simulation, 13 to 17 mW of clocks at 1,264 to 1,457 flip-flops, 6 to 7 mW for 8 DSP48E2. Tables
  ///   (60 to 200 fJ), nets and carries (±50 %): an Alveo U50 at 12.5 % activity, 1.235 W in 475,034 tables, 3.132 W in
  ///   1,062,891 nets, which is 130 fJ at two loads; how that splits into base and loads is assumed.
  public static let ultraScalePlus = EnergyCoefficients(
    clock: 36e-15, lut: 115e-15, net: 60e-15, netLoad: 35e-15, carry: 70e-15, dspIdle: 0.5e-12,
    dsp: 2.1e-12, dspActivity: 0.38)
}
