// ap_int.h: integers of any width; see ap_fixed.h.
#ifndef PARE_AP_INT_H
#define PARE_AP_INT_H

#include "ap_fixed.h"

template <int W>
using ap_int = pare_ap::fixed<W, W, true, AP_TRN, AP_WRAP>;

template <int W>
using ap_uint = pare_ap::fixed<W, W, false, AP_TRN, AP_WRAP>;

#endif
