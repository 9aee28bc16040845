#ifndef PARE_KERNELS_H
#define PARE_KERNELS_H
#endif
