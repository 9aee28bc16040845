#include "pare_kernels.h"
