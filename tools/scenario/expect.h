/* The steps that expect something. False, and the failure explained: it did not come. */
#ifndef SCENARIO_EXPECT_H
#define SCENARIO_EXPECT_H

#include "play.h"

bool expect_one(struct play *play, const struct script_step *step);
bool expect_in_any_order(struct play *play, const struct script_step *step);
bool expect_nothing(struct play *play, const struct script_step *step);

#endif
