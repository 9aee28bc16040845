// hls_stream.h: a queue between functions; see ap_fixed.h.
#ifndef PARE_HLS_STREAM_H
#define PARE_HLS_STREAM_H

#include <cstdio>
#include <cstdlib>
#include <deque>

namespace hls {

template <class Item>
class stream {
 public:
  stream() {}
  explicit stream(const char*) {}
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;

  bool empty() const { return items_.empty(); }
  void write(const Item& item) { items_.push_back(item); }

  /// The oldest item. Hardware would wait for ever where there is none.
  Item read() {
    if (items_.empty()) {
      std::fprintf(stderr, "ERROR a stream was read that holds nothing\n");
      std::abort();
    }
    const Item item = items_.front();
    items_.pop_front();
    return item;
  }

 private:
  std::deque<Item> items_;
};

}  // namespace hls

#endif
