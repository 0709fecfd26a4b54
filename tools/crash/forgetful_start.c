/* Turns covend into covend-forgetful: installs the disk before main(). COVEN_FORGETFUL_SEED is the
 * seed; without it nothing is early. With COVEN_FORGETFUL_LIES the disk loses even what was synced.
 */

#include <stdlib.h>

#include "forgetful.h"

static __attribute__((constructor)) void begin(void)
{
    const char *seed = getenv("COVEN_FORGETFUL_SEED");
    forgetful_install(seed ? strtoull(seed, NULL, 10) : 0, getenv("COVEN_FORGETFUL_LIES"));
}
