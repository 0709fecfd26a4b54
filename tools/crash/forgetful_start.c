/* Makes covend-forgetful of covend: the disk forgets before main() begins. The seed is in the
 * environment, COVEN_FORGETFUL_SEED; without it nothing is early. With COVEN_FORGETFUL_LIES it does
 * not even keep what was synced. */

#include <stdlib.h>

#include "forgetful.h"

static __attribute__((constructor)) void begin(void)
{
    const char *seed = getenv("COVEN_FORGETFUL_SEED");
    forgetful_install(seed ? strtoull(seed, NULL, 10) : 0, getenv("COVEN_FORGETFUL_LIES"));
}
