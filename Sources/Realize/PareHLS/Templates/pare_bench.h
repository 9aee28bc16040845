// pare_bench.h: feeds the segments of a vector file to a design and compares every result.
//
// The file begins with `pare-vectors 1 inputs N outputs N segments N`. Each segment is a line `segment SAMPLES` and a
// line per sample: the words of all inputs, then those that the outputs must have, in decimal.
//
// Prints MISMATCH for the first wrong word, and last either PASS or FAIL. What the design gave goes to a file of its own,
// a line per sample.
#ifndef PARE_BENCH_H
#define PARE_BENCH_H

#include <cstdio>
#include <cstdlib>
#include <vector>

namespace pare_bench {

/// What the bench knows of a design.
struct design {
  int inputs;
  int outputs;
  /// Results that come before the one of the first sample.
  int look_ahead;
  const char* const* output_names;
  /// Clears all delay lines.
  void (*restart)();
  /// One sample through the design, in words.
  void (*step)(const long long* inputs, long long* outputs);
};

constexpr int passed = 0;
constexpr int failed = 1;
constexpr int unreadable = 2;
constexpr int all_segments = -1;

inline int fault(const char* path, const char* reason) {
  std::printf("ERROR %s: %s\n", path, reason);
  return unreadable;
}

/// Checks one segment, or all of them.
///
/// Returns the exit status of the test bench.
inline int check(const design& dut, const char* vectors, const char* results, int only_segment) {
  std::FILE* file = std::fopen(vectors, "r");
  if (!file) return fault(vectors, "cannot be opened");
  int inputs = 0, outputs = 0, segments = 0;
  if (std::fscanf(file, "pare-vectors 1 inputs %d outputs %d segments %d", &inputs, &outputs,
                  &segments) != 3)
    return fault(vectors, "does not begin as a vector file");
  if (inputs != dut.inputs || outputs != dut.outputs)
    return fault(vectors, "is for a design with other ports");
  std::FILE* actual = std::fopen(results, "w");
  if (!actual) return fault(results, "cannot be written");

  long compared = 0, mismatches = 0;
  for (int segment = 0; segment < segments; ++segment) {
    long samples = 0;
    if (std::fscanf(file, " segment %ld", &samples) != 1)
      return fault(vectors, "has fewer segments than it says");
    const bool is_wanted = only_segment == all_segments || only_segment == segment;
    std::vector<std::vector<long long> > expected(samples, std::vector<long long>(outputs));
    std::vector<long long> words(inputs), got(outputs);
    if (is_wanted) dut.restart();
    for (long time = 0; time < samples + dut.look_ahead; ++time) {
      for (int port = 0; port < inputs; ++port) {
        words[port] = 0;
        if (time < samples && std::fscanf(file, "%lld", &words[port]) != 1)
          return fault(vectors, "ends early");
      }
      for (int port = 0; time < samples && port < outputs; ++port)
        if (std::fscanf(file, "%lld", &expected[time][port]) != 1)
          return fault(vectors, "ends early");
      if (!is_wanted) continue;
      dut.step(words.data(), got.data());
      // The result of a sample appears when the last one of its look-ahead has come in.
      const long sample = time - dut.look_ahead;
      if (sample < 0) continue;
      ++compared;
      for (int port = 0; port < outputs; ++port) {
        std::fprintf(actual, port + 1 == outputs ? "%lld\n" : "%lld ", got[port]);
        if (got[port] == expected[sample][port]) continue;
        if (mismatches++ == 0)
          std::printf("MISMATCH segment %d sample %ld port %s expected %lld got %lld\n", segment,
                      sample, dut.output_names[port], expected[sample][port], got[port]);
      }
    }
  }
  std::fclose(file);
  if (std::fclose(actual) != 0) return fault(results, "cannot be written");
  if (compared == 0) return fault(vectors, "has no sample to compare");
  if (mismatches > 0) {
    std::printf("FAIL mismatches %ld\n", mismatches);
    return failed;
  }
  std::printf("PASS samples %ld\n", compared);
  return passed;
}

/// `tb [VECTORS [RESULTS [SEGMENT]]]`.
inline int run(const design& dut, int count, char** words) {
  return check(dut, count > 1 ? words[1] : "vectors.txt", count > 2 ? words[2] : "actual.txt",
               count > 3 ? std::atoi(words[3]) : all_segments);
}

}  // namespace pare_bench

#endif
