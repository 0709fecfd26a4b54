/* coven-crash: do covend's rooms survive crashes, restarts and lost links? */
#include "options.h"
#include "outage.h"
#include "people.h"
#include "run.h"
#include "rush.h"

int main(int argc, char **argv)
{
    struct options options;
    enum arguments_result result = options_read(&options, argc, argv);
    if (result != ARGUMENTS_RUN)
        return result == ARGUMENTS_DONE ? 0 : 2;
    if (options.mode == MODE_PEOPLE)
        return people_run(&options);
    if (!options.clients)
        return run_all(&options);
    return options.rush ? rush_run(&options) : outage_run(&options);
}
