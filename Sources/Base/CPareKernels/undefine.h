#undef NAME
#undef PARE_TARGET
#undef W
#undef MANY_REGISTERS
#undef V
#undef VI
#undef KEEP
