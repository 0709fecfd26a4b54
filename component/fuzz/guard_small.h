/* The limits of link/guard.h, for input of some hundred bytes. */
#ifndef FUZZ_GUARD_SMALL_H
#define FUZZ_GUARD_SMALL_H

#define GUARD_MAX_ELEMENTS         20
#define GUARD_MAX_LEVELS           5
#define GUARD_MAX_ATTRIBUTES       8
#define GUARD_MAX_ATTRIBUTES_TOTAL 24
#define GUARD_MAX_BYTES            512

#define GUARD_PARSER_BYTES         256
#define GUARD_MAX_TAG              96
#define GUARD_HOLD_BYTES           512
#define GUARD_MAX_TOKEN            1024
#define GUARD_MAX_HEADER           256

#endif
