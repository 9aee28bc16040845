// ap_fixed.h: fixed-point numbers with the names and the arithmetic of the HLS tools' own header, as far as the designs
// of pare use them. Only to compile and run a design where no HLS tool is installed; in a tool its own header is taken.
//
// Sums, differences and products are exact and of a wider type. Assignment rounds first (AP_TRN, AP_RND or AP_RND_CONV)
// and then limits (AP_WRAP or AP_SAT). A shift keeps the type and drops what leaves it.
#ifndef PARE_AP_FIXED_H
#define PARE_AP_FIXED_H

#include <type_traits>

enum ap_q_mode { AP_RND, AP_RND_CONV, AP_TRN };
enum ap_o_mode { AP_SAT, AP_WRAP };

namespace pare_ap {

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 wide_bits;

constexpr int longest_word = 128;

/// The integer that holds a word: 64 bits where they do.
template <bool is_long>
struct storage {
  typedef long long type;
};
template <>
struct storage<true> {
  typedef wide type;
};

constexpr int larger(int a, int b) { return a > b ? a : b; }

/// `value / 2^shift` rounded down; for a shift to the left the bits that leave are dropped.
inline wide moved(wide value, int shift) {
  if (shift >= longest_word) return value < 0 ? -1 : 0;
  if (shift >= 0) return value >> shift;
  if (-shift >= longest_word) return 0;
  return static_cast<wide>(static_cast<wide_bits>(value) << -shift);
}

/// `value / 2^shift` rounded to an integer.
inline wide rounded(wide value, int shift, ap_q_mode rounding) {
  const wide below = moved(value, shift);
  if (shift <= 0 || rounding == AP_TRN || shift >= longest_word) return below;
  const wide_bits one = 1;
  const wide_bits rest = static_cast<wide_bits>(value) & ((one << shift) - 1);
  const wide_bits half = one << (shift - 1);
  const bool tie_goes_up = rounding == AP_RND || (below & 1) != 0;
  return rest > half || (rest == half && tie_goes_up) ? below + 1 : below;
}

/// The low bits of a word, as a signed or an unsigned number.
inline wide wrapped(wide value, int bits, bool is_signed) {
  const int unused = longest_word - bits;
  const wide_bits raised = static_cast<wide_bits>(value) << unused;
  return is_signed ? static_cast<wide>(raised) >> unused : static_cast<wide>(raised >> unused);
}

template <class Number>
class bits_of;

/// A word of `W` bits that stands for `raw * 2^-(W - I)`.
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O>
class fixed {
 public:
  static_assert(W >= 1 && W + (S ? 0 : 1) <= longest_word, "a word has 1 to 128 bits");
  static constexpr int width = W;
  static constexpr int fraction = W - I;
  static constexpr bool is_signed = S;
  typedef typename storage<(W + (S ? 0 : 1) > 64)>::type word;

  fixed() : raw_(0) {}

  template <class Integer, class = typename std::enable_if<std::is_integral<Integer>::value>::type>
  fixed(Integer value) : raw_(converted(value, 0)) {}

  template <int W2, int I2, bool S2, ap_q_mode Q2, ap_o_mode O2>
  fixed(const fixed<W2, I2, S2, Q2, O2>& other) : raw_(converted(other.raw(), W2 - I2)) {}

  /// The value whose word is `raw`.
  static fixed of_word(wide raw) {
    fixed result;
    result.raw_ = static_cast<word>(wrapped(raw, W, S));
    return result;
  }

  word raw() const { return raw_; }
  long long to_int64() const { return static_cast<long long>(moved(raw_, fraction)); }
  int to_int() const { return static_cast<int>(to_int64()); }
  double to_double() const {
    double unit = 1;
    for (int place = 0; place < fraction; ++place) unit /= 2;
    for (int place = fraction; place < 0; ++place) unit *= 2;
    return static_cast<double>(raw_) * unit;
  }

  /// The bits of the word, to be read and written without a change.
  bits_of<fixed> range() { return bits_of<fixed>(*this); }

  template <class Other>
  fixed& operator+=(const Other& other) {
    return *this = fixed(*this + other);
  }
  template <class Other>
  fixed& operator-=(const Other& other) {
    return *this = fixed(*this - other);
  }

  fixed operator>>(int places) const { return of_word(moved(raw_, places)); }
  fixed operator<<(int places) const { return of_word(moved(raw_, -places)); }
  fixed operator~() const { return of_word(~static_cast<wide>(raw_)); }

  fixed<W + 1, I + 1, true, AP_TRN, AP_WRAP> operator-() const {
    return fixed<W + 1, I + 1, true, AP_TRN, AP_WRAP>::of_word(-static_cast<wide>(raw_));
  }

 private:
  static word converted(wide value, int fraction_bits) {
    const wide one = 1;
    const int bits = S ? W - 1 : W;
    const wide highest = bits == longest_word - 1 ? ~(one << bits) : (one << bits) - 1;
    const wide lowest = S ? -highest - 1 : 0;
    const int shift = fraction_bits - fraction;
    if (O == AP_SAT && shift < 0) {
      // What would leave the 128 bits of the arithmetic leaves the word as well.
      if (value > moved(highest, -shift)) return static_cast<word>(highest);
      if (value < moved(lowest, -shift)) return static_cast<word>(lowest);
    }
    const wide result = rounded(value, shift, Q);
    if (O == AP_WRAP) return static_cast<word>(wrapped(result, W, S));
    return static_cast<word>(result > highest ? highest : result < lowest ? lowest : result);
  }

  word raw_;
};

/// What `range()` gives.
template <class Number>
class bits_of {
 public:
  explicit bits_of(Number& number) : number_(number) {}

  bits_of& operator=(long long word) {
    number_ = Number::of_word(word);
    return *this;
  }
  bits_of& operator=(const bits_of& other) {
    number_ = other.number_;
    return *this;
  }
  template <class Other>
  bits_of& operator=(const bits_of<Other>& other) {
    number_ = Number::of_word(other.word());
    return *this;
  }
  wide word() const { return number_.raw(); }

 private:
  Number& number_;
};

/// The types of exact results.
template <int W1, int I1, bool S1, int W2, int I2, bool S2>
struct exact {
  static constexpr bool is_signed = S1 || S2;
  static constexpr int fraction = larger(W1 - I1, W2 - I2);
  // An unsigned operand of a signed result needs one bit more.
  static constexpr int integer =
      larger(I1 + (is_signed && !S1 ? 1 : 0), I2 + (is_signed && !S2 ? 1 : 0)) + 1;
  typedef fixed<integer + fraction, integer, is_signed, AP_TRN, AP_WRAP> sum;
  typedef fixed<integer + fraction, integer, true, AP_TRN, AP_WRAP> difference;
  typedef fixed<W1 + W2, I1 + I2, is_signed, AP_TRN, AP_WRAP> product;
};

#define PARE_AP_OPERANDS                                                                       \
  template <int W1, int I1, bool S1, ap_q_mode Q1, ap_o_mode O1, int W2, int I2, bool S2,      \
            ap_q_mode Q2, ap_o_mode O2>
#define PARE_AP_PAIR const fixed<W1, I1, S1, Q1, O1>&a, const fixed<W2, I2, S2, Q2, O2>&b

PARE_AP_OPERANDS typename exact<W1, I1, S1, W2, I2, S2>::sum operator+(PARE_AP_PAIR) {
  typedef typename exact<W1, I1, S1, W2, I2, S2>::sum result;
  return result::of_word(moved(a.raw(), W1 - I1 - result::fraction) +
                         moved(b.raw(), W2 - I2 - result::fraction));
}
PARE_AP_OPERANDS typename exact<W1, I1, S1, W2, I2, S2>::difference operator-(PARE_AP_PAIR) {
  typedef typename exact<W1, I1, S1, W2, I2, S2>::difference result;
  return result::of_word(moved(a.raw(), W1 - I1 - result::fraction) -
                         moved(b.raw(), W2 - I2 - result::fraction));
}
PARE_AP_OPERANDS typename exact<W1, I1, S1, W2, I2, S2>::product operator*(PARE_AP_PAIR) {
  typedef typename exact<W1, I1, S1, W2, I2, S2>::product result;
  return result::of_word(static_cast<wide>(a.raw()) * static_cast<wide>(b.raw()));
}
PARE_AP_OPERANDS bool operator<(PARE_AP_PAIR) { return (a - b).raw() < 0; }
PARE_AP_OPERANDS bool operator>(PARE_AP_PAIR) { return (a - b).raw() > 0; }
PARE_AP_OPERANDS bool operator==(PARE_AP_PAIR) { return (a - b).raw() == 0; }
PARE_AP_OPERANDS bool operator!=(PARE_AP_PAIR) { return (a - b).raw() != 0; }

#define PARE_AP_WITH_INTEGER(OPERATOR)                                                         \
  template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O>                                    \
  bool operator OPERATOR(const fixed<W, I, S, Q, O>& a, int b) {                               \
    return a OPERATOR fixed<32, 32, true, AP_TRN, AP_WRAP>(b);                                 \
  }
PARE_AP_WITH_INTEGER(<)
PARE_AP_WITH_INTEGER(>)
PARE_AP_WITH_INTEGER(==)
PARE_AP_WITH_INTEGER(!=)

#undef PARE_AP_OPERANDS
#undef PARE_AP_PAIR
#undef PARE_AP_WITH_INTEGER

}  // namespace pare_ap

template <int W, int I, ap_q_mode Q = AP_TRN, ap_o_mode O = AP_WRAP>
using ap_fixed = pare_ap::fixed<W, I, true, Q, O>;

template <int W, int I, ap_q_mode Q = AP_TRN, ap_o_mode O = AP_WRAP>
using ap_ufixed = pare_ap::fixed<W, I, false, Q, O>;

#endif
